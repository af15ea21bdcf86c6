#include "model/totals.h"

#include <string.h>

#include "base/attributes.h"
#include "base/saturate.h"

/* Tallies. */

/* Index of the first value that is not below `value`. */
static inline size_t place_of(const Tally *t, Mib value)
{
    const struct TallyValue *from = t->values.items;
    size_t count = t->values.len;
    for (size_t half; count > 1; count -= half) {
        half = count / 2;
        from += half & (0 - (size_t)(from[half - 1].value < value)); /* no branch, which would be guessed wrong half of the time */
    }
    return (size_t)(from - t->values.items) + (count && from->value < value);
}

/* Of each two neighbours the one that came more often stands for both. */
static void halve(Tally *t)
{
    size_t kept = 0;
    for (size_t i = 0; i < t->values.len; i += 2) {
        struct TallyValue one = t->values.items[i];
        if (i + 1 < t->values.len) {
            struct TallyValue two = t->values.items[i + 1];
            one = (struct TallyValue){two.count > one.count ? two.value : one.value, one.count + two.count};
        }
        t->values.items[kept++] = one;
    }
    t->values.len = kept;
}

/* Most lines have few values, and there may be a great many lines: room grows by half. */
static void make_room(Tally *t)
{
    if (t->values.len < t->values.cap)
        return;
    t->values.cap += t->values.cap / 2 + 2;
    t->values.items = alloc_resize(t->values.items, t->values.cap, sizeof *t->values.items);
}

static NEVER_INLINE void insert(Tally *t, size_t at, Mib value, uint64_t count)
{
    if (t->values.len == TALLY_VALUES_MAX) {
        halve(t);
        at = place_of(t, value);
    }
    make_room(t);
    memmove(&t->values.items[at + 1], &t->values.items[at], (t->values.len - at) * sizeof *t->values.items);
    t->values.items[at] = (struct TallyValue){value, count};
    t->values.len++;
}

void tally_add(Tally *t, Mib value, uint64_t count)
{
    size_t at = place_of(t, value);
    t->count += count;
    if (at < t->values.len && t->values.items[at].value == value)
        t->values.items[at].count += count;
    else
        insert(t, at, value, count);
}

Mib tally_median(const Tally *t)
{
    uint64_t before = 0;
    for (size_t i = 0; i < t->values.len; i++) {
        before += t->values.items[i].count;
        if (before > (t->count - 1) / 2)
            return t->values.items[i].value;
    }
    return MIB_NONE;
}

void tally_free(Tally *t)
{
    vec_free(&t->values);
    t->count = 0;
}

/* Lines. */

void line_totals_add(LineTotals *t, const LineReading *row, bool keeps_latest)
{
    t->calls++;
    t->entries += row->entry;
    if (row->memory > t->peak)
        t->peak = row->memory;
    if (row->decimals > t->decimals)
        t->decimals = (uint8_t)row->decimals;
    if (row->entry || row->suspect || row->increment == MIB_NONE)
        return;
    if (row->increment > t->largest)
        t->largest = row->increment;
    t->sum = saturate_add(t->sum, row->increment);
    if (row->occurrences < 0)
        t->occurrences = -1;
    else if (t->occurrences >= 0)
        t->occurrences = saturate_add(t->occurrences, row->occurrences);
    tally_add(&t->increments, row->increment, 1);
    if (keeps_latest)
        latest_push(&t->latest, row->increment);
}

LineTotals line_totals_copy(const LineTotals *totals)
{
    LineTotals copy = *totals;
    if (totals->latest) {
        copy.latest = alloc_bytes(sizeof *copy.latest);
        *copy.latest = *totals->latest;
    }
    copy.increments = (Tally){.count = totals->increments.count};
    vec_reserve(&copy.increments.values, totals->increments.values.len + 1);
    for (size_t i = 0; i < totals->increments.values.len; i++)
        copy.increments.values.items[i] = totals->increments.values.items[i];
    copy.increments.values.len = totals->increments.values.len;
    return copy;
}

void line_totals_free(LineTotals *t)
{
    tally_free(&t->increments);
    free(t->latest);
    t->latest = NULL;
}
