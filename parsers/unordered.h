/*
 * Hosts before 4.36 may print the records of one invocation in any order, and may drop some (azure-functions-host: each log record
 * of a worker is handed to the thread pool by itself). Records are therefore held until so many others have come that all which
 * belongs together is likely to be here; then all their rows are given to reports at once, by what fits best as a whole, and the
 * records go on in the order of the input, rows with the report that they belong to.
 */
#ifndef PARSERS_UNORDERED_H
#define PARSERS_UNORDERED_H

#include "parsers/knowledge.h"
#include "parsers/open_report.h"

typedef struct Unordered Unordered;

typedef struct UnorderedSink {
    void *ctx;
    /* What is not a piece of a report, in its turn. */
    void (*record)(void *ctx, const Record *record);
    /* A report begins, with its Filename or, where that is lost, with a row. The sink owns it; see unordered_forget(). */
    OpenReport *(*begin)(void *ctx, const Record *first);
    /* A piece belongs to a report that was begun. The Filename comes, too, not always as the first. */
    void (*piece)(void *ctx, OpenReport *report, const Record *piece);
    /* All of a report's pieces seem to be here, though more may come. */
    void (*whole)(void *ctx, OpenReport *report);
    /* Whether invocations of the Azure function are known to print reports of that report's file; nothing else of it is set. */
    bool (*prints)(void *ctx, Span function, const ParsedReport *report);
} UnorderedSink;

/* `knowledge` outlives it; end it with unordered_free(). */
Unordered *unordered_new(const Knowledge *knowledge, UnorderedSink sink);

/* The next record. `ordinal` and `time_ns` of a profiler record are set. */
void unordered_record(Unordered *unordered, const Record *record);

/* Hands over all that is held. */
void unordered_settle(Unordered *unordered);

/* The report takes no more pieces. */
void unordered_forget(Unordered *unordered, const OpenReport *report);

void unordered_free(Unordered *unordered);

#endif
