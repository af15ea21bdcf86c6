#include "ui/log_lines.h"

#include <stdlib.h>

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

/* A line begins behind each newline, and at each multiple of LOG_BLOCK that has none in the block before it. */

static Span text_of_line(LogLines *l, uint64_t begin, const char **newline)
{
    Span text = {0};
    if (begin >= l->window_at && begin < l->window_at + l->window_len)
        text = bytes_between(l, begin, lower(begin + LOG_LINE_MAX, l->window_at + l->window_len), false);
    *newline = text.len ? memchr(text.ptr, '\n', text.len) : NULL;
    if (*newline)
        return text;
    text = bytes_between(l, begin, begin + LOG_LINE_MAX, false);
    *newline = text.len ? memchr(text.ptr, '\n', text.len) : NULL;
    return text;
}

bool log_raw_line_at(LogLines *l, uint64_t begin, LogLine *line)
{
    const char *newline;
    Span text = text_of_line(l, begin, &newline);
    if (!text.len)
        return false;
    size_t len = newline ? (size_t)(newline - text.ptr) : text.len, taken = len + (newline != NULL);
    uint64_t cut = (begin + LOG_BLOCK - 1) / LOG_BLOCK * LOG_BLOCK; /* the first block that lies in the line wholly, and its end */
    bool ended = newline != NULL;
    if (len >= cut + LOG_BLOCK - begin) {
        len = taken = (size_t)(cut + LOG_BLOCK - begin);
        ended = true;
    }
    if (len < taken && len && text.ptr[len - 1] == '\r')
        len--;
    *line = (LogLine){begin, begin + taken, begin + taken, ended, span_to(text, len)};
    return true;
}

static uint64_t behind_newline(Span text, uint64_t at)
{
    size_t len = text.len;
    while (len && text.ptr[len - 1] != '\n')
        len--;
    return len ? at + len : UINT64_MAX;
}

uint64_t log_raw_line_begin(LogLines *l, uint64_t offset)
{
    uint64_t first = l->extent.first, begin;
    if (offset >= l->extent.end)
        offset = l->extent.end ? l->extent.end - 1 : 0;
    if (offset <= first)
        return first;
    uint64_t block = offset / LOG_BLOCK * LOG_BLOCK;
    Span text = bytes_between(l, block, offset, true);
    begin = behind_newline(text, block > first ? block : first);
    if (begin != UINT64_MAX || block <= first)
        return begin != UINT64_MAX ? begin : first;
    uint64_t before = block - LOG_BLOCK;
    text = bytes_between(l, before, block, true);
    begin = behind_newline(text, before > first ? before : first);
    return begin != UINT64_MAX ? begin : before < first ? first : block;
}

/* How many of the lines that are shown begin before `offset`. */
static size_t shown_before(const LogShown *shown, uint64_t offset)
{
    size_t low = 0, high = shown->begins.len;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (shown->begins.items[middle] < offset)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
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
