/* What stands above and below the tables of a printed report: counts, what needs attention, and how to read it. */
#ifndef SRC_EXPORT_SUMMARY_H
#define SRC_EXPORT_SUMMARY_H

#include "base/buffer.h"
#include "model/table.h"

enum { SUMMARY_OUTCOMES = 4, SUMMARY_FLAGS = 7 };

typedef struct Summary {
    const Model *model;
    const Selection *selection;
    size_t invocations;
    size_t outcomes[SUMMARY_OUTCOMES]; /* by Outcome */
    size_t silent_failures;            /* invocations that failed and have no report */
    size_t profiler_failures;          /* those that memory_profiler's own error ended */
    size_t reports;
    size_t flags[SUMMARY_FLAGS]; /* reports that have the flag of this bit */
    size_t ambiguous;
    size_t summarised;
    size_t left_out;           /* reports that the selection leaves out */
    size_t duplicates;         /* reports that are there twice, mostly in another input, and count there */
    size_t processes;          /* worker processes in which something of this ran */
    int64_t first_ns, last_ns; /* MOMENT_UNKNOWN when there was no time */
} Summary;

/* Counts what the selection leaves of the model (NULL leaves all); valid until either changes. */
Summary summary_of(const Model *model, const Selection *selection);

/* "7 invocations (6 succeeded, 1 failed), 6 reports, 1 worker process; 2021-03-22 19:20:10 to 19:20:14 UTC", appended to `out`. */
void summary_append_counts(Buffer *out, const Summary *summary);

/* Takes one sentence or a few, valid during the call; log text in it is raw. */
typedef struct SentenceSink {
    void *ctx;
    void (*sentence)(void *ctx, Span words);
} SentenceSink;

/* What a reader must know beside the numbers: failures without a report, reports that are cut, contended or guessed. */
void summary_attention(const Summary *summary, SentenceSink sink);

/* What the words of the tables mean. */
void summary_legend(const Summary *summary, SentenceSink sink);

/* For TABLE_LINES: whether the row's largest increment is one that is ranked and above zero. */
bool summary_is_increment(const Table *table, RowKey row);

#endif
