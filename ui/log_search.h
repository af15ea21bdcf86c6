/* What takes long in a raw log: searching it, and counting its lines. Both go on in slices. Private to ui/. */
#ifndef UI_LOG_SEARCH_H
#define UI_LOG_SEARCH_H

#include "base/vec.h"
#include "ui/log_lines.h"
#include "ui/pattern.h"

typedef enum LogSlice { SLICE_GOES_ON, SLICE_FOUND, SLICE_NOTHING } LogSlice;

/*
 * Bytes from `at` on and before `limit`, whole lines, in which there is no hit; 0 where there is one, where that is not worth the
 * while, and for patterns that cannot tell lines from a block of them.
 */
size_t log_barren_bytes(LogLines *lines, const Pattern *pattern, uint64_t at, uint64_t limit);

/* A search through all lines, once around. */
typedef struct LogSearch {
    const Pattern *pattern;
    bool forward;
    uint64_t from;  /* the line at which it began */
    uint64_t at;    /* forward: the next line to look at; backward: the one behind it */
    uint64_t tried; /* up to here lines are looked at one by one, because there is a hit between them */
    bool wrapped;
    uint64_t hit; /* the line that was found */
} LogSearch;

/* Begins a search at the line `from`: with that one (`here`) or behind, or before it. `pattern` must outlive it. */
void log_search_begin(LogSearch *search, LogLines *lines, const Pattern *pattern, uint64_t from, bool forward, bool here);

/* Searches until something is found, all was seen, or the time `until_ns` (CLOCK_MONOTONIC) has come. */
LogSlice log_search_slice(LogSearch *search, LogLines *lines, int64_t until_ns);

/* How much of the log was seen, 0 to 100. */
int log_search_percent(const LogSearch *search, const LogLines *lines);

enum { LOG_INDEX_STEP = 256 << 10 };

/* How many lines end before each LOG_INDEX_STEP bytes, as far as they were counted. Zero-initialise; end with vec_free() of `before`. */
typedef struct LogIndex {
    VEC(uint64_t) before;
} LogIndex;

/* The number of the line that begins at `begin`, from 1; 0 when it is not known without counting for long. */
uint64_t log_index_number(LogIndex *index, LogLines *lines, uint64_t begin);

/* Counts on until line `number` is reached, whose beginning is then in `*begin`. SLICE_NOTHING: there are fewer lines. */
LogSlice log_index_find(LogIndex *index, LogLines *lines, uint64_t number, uint64_t *begin, int64_t until_ns);

/* How much of the log was counted, 0 to 100. */
int log_index_percent(const LogIndex *index, const LogLines *lines);

#endif
