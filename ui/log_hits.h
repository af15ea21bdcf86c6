/*
 * How many lines of a raw log a pattern finds, and the how many-th of them one is: counted a slice at a time while keys are
 * answered, and on when the log grows. Private to ui/.
 */
#ifndef UI_LOG_HITS_H
#define UI_LOG_HITS_H

#include "base/vec.h"
#include "ui/log_lines.h"
#include "ui/pattern.h"

/* Lines that follow one another: where the first one begins, and the hits before it. */
typedef struct HitBlock {
    uint64_t begin, before;
} HitBlock;

/* Zero-initialise; end with log_hits_free(). */
typedef struct LogHits {
    VEC(HitBlock) blocks; /* ascending */
    uint64_t at;          /* lines before it are counted ... */
    uint64_t total;       /* ... and this many of them, and of those that are gone, are hits */
    bool open;            /* the line at `at` has no end yet, and is one for now */
    bool done;            /* nothing more was there at the last look */
    struct {              /* what was asked last */
        uint64_t line, position;
        bool known;
    } asked;
} LogHits;

/* Begins anew: another pattern, another log, other lines that are shown. */
void log_hits_restart(LogHits *hits);

/* Forgets lines that are gone. */
void log_hits_hold(LogHits *hits, LogLines *lines, const Pattern *pattern);

/*
 * Counts in the lines that are shown before `limit` until the time `until_ns` (CLOCK_MONOTONIC) has come; false when there are no
 * more.
 */
bool log_hits_slice(LogHits *hits, LogLines *lines, const Pattern *pattern, uint64_t limit, int64_t until_ns);

/* How many were counted. */
uint64_t log_hits_count(const LogHits *hits);

/* Which of them the line that begins at `begin` is, from 1; 0 when it is none, or not counted yet. */
uint64_t log_hits_position(LogHits *hits, LogLines *lines, const Pattern *pattern, uint64_t begin);

void log_hits_free(LogHits *hits);

#endif
