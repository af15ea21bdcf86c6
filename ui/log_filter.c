#include "ui/log_filter.h"

#include "base/clock.h"

enum { LINES_AT_ONCE = 64 };

bool log_filter_is_on(const LogFilter *f)
{
    return f->pattern && !f->off;
}

static void restart(LogFilter *f)
{
    f->shown.begins.len = 0;
    f->at = 0;
    f->open = f->done = false;
}

void log_filter_set(LogFilter *f, Pattern *pattern, bool negated)
{
    pattern_free(f->pattern);
    f->pattern = pattern;
    f->negated = negated;
    f->off = false;
    restart(f);
}

void log_filter_hold(LogFilter *f, const LogLines *lines)
{
    size_t gone = 0, count = f->shown.begins.len;
    if (f->at > lines->extent.end) /* another log */
        restart(f);
    while (gone < count && f->shown.begins.items[gone] < lines->extent.first)
        gone++;
    if (!gone)
        return;
    memmove(f->shown.begins.items, f->shown.begins.items + gone, (count - gone) * sizeof *f->shown.begins.items);
    f->shown.begins.len -= gone;
}

/* Looks at the line at `at`; false when there is none. One that has no end yet is looked at again. */
static bool look(LogFilter *f, LogLines *lines)
{
    LogLine line;
    if (f->open)
        f->shown.begins.len--;
    f->open = false;
    if (f->at < lines->extent.first)
        f->at = lines->extent.first;
    if (f->shown.begins.len >= LOG_FILTER_LINES_MAX || !log_raw_line_at(lines, f->at, &line))
        return false;
    bool shows = pattern_matches(f->pattern, line.text) != f->negated, ends = line.end < lines->extent.end || line.ended;
    if (shows)
        vec_push(&f->shown.begins, line.begin);
    f->open = shows && !ends;
    if (ends)
        f->at = line.end;
    return ends;
}

bool log_filter_slice(LogFilter *f, LogLines *lines, int64_t until_ns)
{
    f->done = false;
    do
        for (int i = 0; !f->done && i < LINES_AT_ONCE; i++)
            f->done = !look(f, lines);
    while (!f->done && clock_ns() < until_ns);
    return !f->done;
}

int log_filter_percent(const LogFilter *f, const LogLines *lines)
{
    uint64_t first = lines->extent.first, total = lines->extent.end - first, done = f->at > first ? f->at - first : 0;
    return total ? (int)((double)done * 100.0 / (double)total) : 100;
}

void log_filter_free(LogFilter *f)
{
    pattern_free(f->pattern);
    vec_free(&f->shown.begins);
}
