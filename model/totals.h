/* What many measurements add up to, in bounded memory. */
#ifndef MODEL_TOTALS_H
#define MODEL_TOTALS_H

#include "base/mib.h"
#include "base/vec.h"

enum { LATEST_VALUES = 16, TALLY_VALUES_MAX = 512 };

/* The latest values of something, in a ring. */
typedef struct Latest {
    Mib values[LATEST_VALUES];
    uint8_t next; /* where the next one goes: when all places are taken, that of the oldest */
    uint8_t count;
} Latest;

/* Takes one more value in; the oldest goes when there are LATEST_VALUES. `*list` is NULL before the first; end with free(). */
static inline void latest_push(Latest **list, Mib value)
{
    if (!*list)
        *list = alloc_zeroed(1, sizeof **list);
    Latest *latest = *list;
    latest->values[latest->next] = value;
    latest->next = (uint8_t)((latest->next + 1) % LATEST_VALUES);
    latest->count = (uint8_t)(latest->count + (latest->count < LATEST_VALUES));
}

/* The value that stands at `index` when they are put in order, the oldest first. */
static inline Mib latest_value(const Latest *latest, size_t index)
{
    return latest->values[(LATEST_VALUES + (size_t)latest->next - latest->count + index) % LATEST_VALUES];
}

/*
 * How often each value came, ascending. Exact up to TALLY_VALUES_MAX different values; beyond that the rarer of two neighbours counts as
 * the other, so that a median is off by less than the step to a neighbour. Zero-initialise; end with tally_free().
 */
typedef struct Tally {
    VEC(struct TallyValue {
        Mib value;
        uint64_t count;
    }) values;
    uint64_t count; /* of all */
} Tally;

void tally_add(Tally *tally, Mib value, uint64_t count);

/* The middle value, the lower one of two; MIB_NONE of none. */
Mib tally_median(const Tally *tally);

void tally_free(Tally *tally);

/* One row of a report, as far as it is added up. */
typedef struct LineReading {
    Mib memory;
    Mib increment;       /* MIB_NONE when there is none */
    int64_t occurrences; /* below 0 when they were not printed */
    bool entry, suspect;
    unsigned decimals;
} LineReading;

/* What is known of a source line over several reports. Start with LINE_TOTALS_NONE; end with line_totals_free(). */
typedef struct LineTotals {
    uint32_t calls;
    uint32_t entries; /* how often it was the entry row */
    Mib largest, sum, peak;
    int64_t occurrences; /* below 0 when they were not printed */
    uint8_t decimals;
    Tally increments; /* of its rankable rows */
    Latest *latest;   /* the last of them; NULL while there is none */
} LineTotals;

#define LINE_TOTALS_NONE ((LineTotals){.largest = MIB_NONE, .peak = MIB_NONE})

/* `keeps_latest`: whether `latest` is wanted, which takes more room than all else. */
void line_totals_add(LineTotals *totals, const LineReading *row, bool keeps_latest);

/* A copy of its own. */
LineTotals line_totals_copy(const LineTotals *totals);

void line_totals_free(LineTotals *totals);

#endif
