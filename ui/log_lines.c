#include "ui/log_lines.h"

#include <stdlib.h>

#include "base/partition_point.h"

enum { WINDOW = 1 << 20 };

bool log_lines_refresh(LogLines *l, bool frozen)
{
    UiLogExtent extent;
    const UiHost *host = l->host;
    l->window_len = 0;
    if (!host->log || !host->log->extent(host->log->ctx, l->source, &extent)) {
        l->extent = (UiLogExtent){0};
        return false;
    }
    if (frozen && l->extent.end && l->extent.end < extent.end)
        extent.end = l->extent.end > extent.first ? l->extent.end : extent.first;
    l->extent = extent;
    return true;
}

static bool in_window(const LogLines *l, uint64_t from, uint64_t to)
{
    return from >= l->window_at && to <= l->window_at + l->window_len;
}

static uint64_t lower(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* The bytes between the two, read together with what lies in the direction in which more will be asked for. */
static Span bytes_between(LogLines *l, uint64_t from, uint64_t to, bool backward)
{
    from = from < l->extent.first ? l->extent.first : from;
    to = lower(to, l->extent.end);
    if (from >= to)
        return (Span){0};
    if (!in_window(l, from, to)) {
        uint64_t spare = WINDOW - (to - from), before = backward ? spare : LOG_LINE_MAX;
        l->window = l->window ? l->window : alloc_bytes(WINDOW);
        l->window_at = from - lower(lower(before, spare), from - l->extent.first);
        size_t len = (size_t)lower(WINDOW, l->extent.end - l->window_at);
        l->window_len = l->host->log->read(l->host->log->ctx, l->source, l->window_at, l->window, len);
    }
    if (from >= l->window_at + l->window_len)
        return (Span){0};
    return (Span){l->window + (from - l->window_at), (size_t)(lower(to, l->window_at + l->window_len) - from)};
}

Span log_bytes(LogLines *l, uint64_t from, size_t len)
{
    return bytes_between(l, from, from + lower(len, WINDOW / 2), false);
}

/*
 * A line begins behind each newline, at each row of a document that has no line ends between them, and at each multiple of
 * LOG_BLOCK where none of both lies in the block before it.
 */

enum { BEHIND = 3, AHEAD = 2 }; /* bytes before and from a row's bracket on that tell it */

static bool is_row(const char *p, size_t behind, size_t ahead, char opener)
{
    char closer = opener == '[' ? ']' : '}';
    if (ahead < AHEAD || p[0] != opener || p[1] != '"' || !behind)
        return false;
    if (opener == '[' && p[-1] == '[')
        return true;
    size_t blank = behind > 1 && p[-1] == ' ';
    return behind > blank + 1 && p[-1 - (ptrdiff_t)blank] == ',' && p[-2 - (ptrdiff_t)blank] == closer;
}

/* How many bytes of `text` stand before its first row; all without one. `behind` bytes in front of it can be looked at. */
static size_t bytes_before_row(Span text, size_t behind, char opener)
{
    const char *p = text.ptr, *end = text.len ? text.ptr + text.len : NULL;
    while (p < end && (p = memchr(p, opener, (size_t)(end - p)))) {
        size_t at = (size_t)(p - text.ptr);
        if (at && is_row(p, behind + at, text.len - at, opener))
            return at;
        p++;
    }
    return text.len;
}

/* Bytes with some before them that tell whether a row begins; `*behind` is how many those are. */
static Span bytes_of_line(LogLines *l, uint64_t begin, uint64_t end, size_t *behind)
{
    uint64_t from = begin - lower(BEHIND, begin - l->extent.first);
    Span text = bytes_between(l, from, end, false);
    *behind = (size_t)(begin - from);
    return text.len > *behind ? span_from(text, *behind) : (Span){0};
}

/* The bytes from `begin` on up to where the next line may begin, or as many as a line has at most. */
static Span text_of_line(LogLines *l, uint64_t begin, bool *newline, bool *ended)
{
    uint64_t there = l->window_at + l->window_len, ends[] = {lower(there, begin + LOG_LINE_MAX), begin + LOG_LINE_MAX};
    Span text = {0};
    size_t behind, len = 0;
    *newline = *ended = false;
    for (size_t i = begin >= l->window_at + BEHIND && begin < there ? 0 : 1; i < 2 && !*ended; i++) {
        text = bytes_of_line(l, begin, ends[i], &behind);
        len = l->extent.rows ? bytes_before_row(text, behind, l->extent.rows) : text.len;
        const char *end = len ? memchr(text.ptr, '\n', len) : NULL;
        *newline = end != NULL;
        *ended = end || len < text.len;
        len = end ? (size_t)(end - text.ptr) : len;
    }
    return span_to(text, len + *newline);
}

bool log_raw_line_at(LogLines *l, uint64_t begin, LogLine *line)
{
    bool newline, ended;
    Span text = text_of_line(l, begin, &newline, &ended);
    if (!text.len)
        return false;
    size_t taken = text.len, len = taken - newline;
    uint64_t cut = (begin + LOG_BLOCK - 1) / LOG_BLOCK * LOG_BLOCK; /* the first block that lies in the line wholly, and its end */
    bool too_long = len >= cut + LOG_BLOCK - begin;
    if (too_long) {
        len = taken = (size_t)(cut + LOG_BLOCK - begin);
        ended = true;
    }
    if (len < taken && len && text.ptr[len - 1] == '\r')
        len--;
    *line = (LogLine){begin, begin + taken, begin + taken, ended, too_long, span_to(text, len)};
    return true;
}

/* The last place behind `from` and up to `to` at which a line begins; UINT64_MAX without one. */
static uint64_t last_begin(LogLines *l, uint64_t from, uint64_t to)
{
    uint64_t first = l->extent.first, before = from - lower(BEHIND, from - first);
    Span text = bytes_between(l, before, to + AHEAD, true);
    size_t at = (size_t)(to - before), low = (size_t)(from - before);
    for (at = at < text.len ? at : text.len; at > low; at--)
        if (text.ptr[at - 1] == '\n' ||
            (l->extent.rows && at < text.len && is_row(text.ptr + at, at, text.len - at, l->extent.rows)))
            return before + at;
    return UINT64_MAX;
}

uint64_t log_raw_line_begin(LogLines *l, uint64_t offset)
{
    uint64_t first = l->extent.first, begin;
    if (offset >= l->extent.end)
        offset = l->extent.end ? l->extent.end - 1 : 0;
    if (offset <= first)
        return first;
    uint64_t block = offset / LOG_BLOCK * LOG_BLOCK;
    begin = last_begin(l, block > first ? block : first, offset);
    if (begin != UINT64_MAX || block <= first)
        return begin != UINT64_MAX ? begin : first;
    uint64_t before = block - LOG_BLOCK;
    begin = last_begin(l, before > first ? before : first, block);
    return begin != UINT64_MAX ? begin : before < first ? first : block;
}

/* How many of the lines that are shown begin before `offset`. */
static size_t shown_before(const LogShown *shown, uint64_t offset)
{
    size_t at;
    PARTITION_POINT(at, shown->begins.len, shown->begins.items[at] < offset);
    return at;
}

bool log_line_at(LogLines *l, uint64_t begin, LogLine *line)
{
    if (!l->shown)
        return log_raw_line_at(l, begin, line);
    size_t at = shown_before(l->shown, begin), count = l->shown->begins.len;
    if (at == count || l->shown->begins.items[at] >= l->extent.end || !log_raw_line_at(l, l->shown->begins.items[at], line))
        return false;
    line->next = at + 1 < count ? lower(l->shown->begins.items[at + 1], l->extent.end) : l->extent.end;
    return true;
}

uint64_t log_line_begin(LogLines *l, uint64_t offset)
{
    if (!l->shown)
        return log_raw_line_begin(l, offset);
    size_t before = shown_before(l->shown, offset < l->extent.end ? offset + 1 : l->extent.end);
    return before ? l->shown->begins.items[before - 1] : l->shown->begins.len ? l->shown->begins.items[0] : l->extent.first;
}

uint64_t log_line_before(LogLines *l, uint64_t begin)
{
    return begin > l->extent.first ? log_line_begin(l, begin - 1) : log_line_begin(l, l->extent.first);
}

uint64_t log_line_last(LogLines *l)
{
    return log_line_begin(l, l->extent.end);
}

void log_lines_free(LogLines *l)
{
    free(l->window);
    l->window = NULL;
    l->window_len = 0;
}
