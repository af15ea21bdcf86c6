#include "ui/log_time.h"

enum {
    PROBE = 256 << 10,        /* bytes that are looked through for a line with a time */
    SAMPLES = 32,             /* that tell the order */
    FINE = 32 << 10,          /* so little is looked through line by line */
    UNTIDY_MAX = SAMPLES / 8, /* samples out of order that may be chance */
};

static int64_t time_of(LogLines *l, Span text)
{
    const UiLogText *log = l->host->log;
    return log->time ? log->time(log->ctx, l->source, text).ns : MOMENT_UNKNOWN;
}

/* The first line with a time from `begin` on, that begins before `end`. */
static bool find_timed(LogLines *l, uint64_t begin, uint64_t end, LogLine *line, int64_t *ns)
{
    for (uint64_t at = begin, limit = begin + PROBE; at < end && at < limit && log_raw_line_at(l, at, line); at = line->end) {
        *ns = time_of(l, line->text);
        if (*ns != MOMENT_UNKNOWN)
            return true;
    }
    return false;
}

int64_t log_time_at(LogLines *l, uint64_t begin)
{
    LogLine line;
    int64_t ns;
    return find_timed(l, begin, l->extent.end, &line, &ns) ? ns : MOMENT_UNKNOWN;
}

/* The last line with a time before `end`; false where none near it has. */
static bool find_timed_before(LogLines *l, uint64_t end, LogLine *line, int64_t *ns)
{
    for (uint64_t at = end; at > l->extent.first && end - at < PROBE;) {
        at = log_raw_line_begin(l, at - 1);
        if (!log_raw_line_at(l, at, line))
            return false;
        *ns = time_of(l, line->text);
        if (*ns != MOMENT_UNKNOWN)
            return true;
    }
    return false;
}

static int64_t last_time(LogLines *l)
{
    LogLine line;
    int64_t ns;
    return find_timed_before(l, l->extent.end, &line, &ns) ? ns : MOMENT_UNKNOWN;
}

LogTimes log_times_see(LogLines *l)
{
    LogTimes times = {LOG_TIMELESS, INT64_MAX, INT64_MIN};
    uint64_t first = l->extent.first, size = l->extent.end - first;
    int64_t before = MOMENT_UNKNOWN;
    unsigned rises = 0, falls = 0;
    for (unsigned i = 0; i <= SAMPLES; i++) {
        int64_t ns = i < SAMPLES ? log_time_at(l, log_raw_line_begin(l, first + size / SAMPLES * i)) : last_time(l);
        if (ns == MOMENT_UNKNOWN)
            continue;
        rises += before != MOMENT_UNKNOWN && ns > before;
        falls += before != MOMENT_UNKNOWN && ns < before;
        times.first = ns < times.first ? ns : times.first;
        times.last = ns > times.last ? ns : times.last;
        before = ns;
    }
    if (before != MOMENT_UNKNOWN)
        times.order = falls <= UNTIDY_MAX && falls <= rises ? LOG_ASCENDING : rises <= UNTIDY_MAX ? LOG_DESCENDING : LOG_UNORDERED;
    return times;
}

/* Whether a line with this time is behind those that are passed over. */
static bool is_behind(LogOrder order, int64_t ns, int64_t wanted)
{
    return order == LOG_DESCENDING ? ns < wanted : ns >= wanted;
}

/* The first line that is behind; the end of the log when none is. */
static uint64_t first_behind(LogLines *l, LogOrder order, int64_t wanted)
{
    uint64_t low = l->extent.first, high = l->extent.end, found = l->extent.end;
    LogLine line;
    int64_t ns;
    while (high - low > FINE) {
        uint64_t middle = log_raw_line_begin(l, low + (high - low) / 2);
        if (middle <= low)
            break;
        if (!find_timed(l, middle, high, &line, &ns)) {
            high = middle;
        } else if (is_behind(order, ns, wanted)) {
            high = middle;
            found = line.begin;
        } else {
            low = line.end;
        }
    }
    for (uint64_t at = low; at < high && find_timed(l, at, high, &line, &ns); at = line.end)
        if (is_behind(order, ns, wanted))
            return line.begin;
    return found;
}

bool log_time_find(LogLines *l, LogOrder order, int64_t ns, uint64_t *begin)
{
    uint64_t at = first_behind(l, order, ns);
    if (order == LOG_DESCENDING) { /* the earliest one that is not before it stands in front of that */
        LogLine line;
        bool found = find_timed_before(l, at, &line, &ns);
        *begin = found ? line.begin : l->extent.first;
        return found;
    }
    *begin = at < l->extent.end ? at : log_raw_line_begin(l, l->extent.end);
    return at < l->extent.end;
}
