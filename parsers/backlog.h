/*
 * What the host says while it is undecided whose the rows before it are. The end of an invocation closes reports and settles whose
 * they are; done at once, that would force decisions which the next rows make easy. Private to parsers/.
 */
#ifndef PARSERS_BACKLOG_H
#define PARSERS_BACKLOG_H

#include "base/vec.h"
#include "parsers/record_copy.h"

/* Zero-initialise; end with backlog_free(). */
typedef struct Backlog {
    VEC(RecordCopy) records; /* in the order of the input */
    size_t ends, begins;     /* of them, those that end an invocation, and begin one */
    uint64_t due;            /* the count of profiler records at which they must be read; of use while there are any */
} Backlog;

/* Adds a copy of the record, to be read at `due` at the latest. */
void backlog_add(Backlog *backlog, const Record *record, uint64_t due);

/* Hands over all records and forgets them. */
void backlog_release(Backlog *backlog, void (*take)(void *ctx, const Record *record), void *ctx);

void backlog_free(Backlog *backlog);

#endif
