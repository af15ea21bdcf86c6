/* Times in a raw log: found in the fronts of its lines, without reading all of it. Private to ui/. */
#ifndef UI_LOG_TIME_H
#define UI_LOG_TIME_H

#include "ui/log_lines.h"

typedef enum LogOrder {
    LOG_TIMELESS, /* no line has a time */
    LOG_ASCENDING,
    LOG_DESCENDING, /* the newest line is the first one */
    LOG_UNORDERED,
} LogOrder;

/* What the times of a log are like, nanoseconds since 1970. */
typedef struct LogTimes {
    LogOrder order;
    int64_t first, last; /* the earliest and the latest of those that were looked at */
} LogTimes;

/* Looks at lines all over the log. */
LogTimes log_times_see(LogLines *lines);

/* The time of the line at `begin`, or of the next one that has a time; MOMENT_UNKNOWN where none near it has. */
int64_t log_time_at(LogLines *lines, uint64_t begin);

/*
 * Where the line begins that is the first at or behind that time, as they stand in a log that is in order; false when all are
 * before it, with the last one in `*begin`.
 */
bool log_time_find(LogLines *lines, LogOrder order, int64_t ns, uint64_t *begin);

#endif
