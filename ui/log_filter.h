/*
 * The lines of a raw log that a filter lets through: where they begin, found a slice at a time while keys are answered. Private to
 * ui/.
 */
#ifndef UI_LOG_FILTER_H
#define UI_LOG_FILTER_H

#include "base/vec.h"
#include "ui/log_lines.h"
#include "ui/pattern.h"

enum { LOG_FILTER_LINES_MAX = 8 << 20 }; /* that are remembered, 8 bytes each */

/* Zero-initialise; end with log_filter_free(). */
typedef struct LogFilter {
    Pattern *pattern; /* or NULL: there is no filter */
    bool negated;
    bool off; /* switched off for now */
    LogShown shown;
    uint64_t at; /* lines before it were looked at */
    bool open;   /* the last line that is shown has no end yet */
    bool done;   /* nothing more was there at the last look */
} LogFilter;

/* Takes over `pattern` (NULL: none) and begins anew. */
void log_filter_set(LogFilter *filter, Pattern *pattern, bool negated);

/* Whether it decides what is shown. */
bool log_filter_is_on(const LogFilter *filter);

/* Looks at lines until the time `until_ns` (CLOCK_MONOTONIC) has come; false when there are no more. */
bool log_filter_slice(LogFilter *filter, LogLines *lines, int64_t until_ns);

/* Forgets lines that are gone. */
void log_filter_hold(LogFilter *filter, const LogLines *lines);

/* How much of the log was looked at, 0 to 100. */
int log_filter_percent(const LogFilter *filter, const LogLines *lines);

void log_filter_free(LogFilter *filter);

#endif
