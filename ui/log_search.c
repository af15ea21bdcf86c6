#include "ui/log_search.h"

#include "base/clock.h"

enum { BLOCK = 256 << 10, COUNT_AT_ONCE = 16 };

/* Searching. */

void log_search_begin(LogSearch *s, LogLines *lines, const Pattern *pattern, uint64_t from, bool forward, bool here)
{
    LogLine line;
    if (forward && !here)
        from = log_line_at(lines, from, &line) ? line.next : lines->extent.end; /* the line itself comes last */
    *s = (LogSearch){.pattern = pattern, .forward = forward, .from = from, .at = from};
}

static bool matches(const LogSearch *s, LogLines *lines, uint64_t begin, uint64_t *next)
{
    LogLine line;
    if (!log_line_at(lines, begin, &line)) {
        *next = UINT64_MAX; /* it is gone */
        return false;
    }
    *next = line.next;
    return pattern_matches(s->pattern, line.text);
}

size_t log_barren_bytes(LogLines *lines, const Pattern *pattern, uint64_t at, uint64_t limit)
{
    if (!pattern_is_plain(pattern) || limit < at + LOG_LINE_MAX)
        return 0;
    Span block = log_bytes(lines, at, limit - at < BLOCK ? (size_t)(limit - at) : BLOCK);
    while (block.len && block.ptr[block.len - 1] != '\n')
        block.len--;
    return block.len && !pattern_matches(pattern, block) ? block.len : 0;
}

static LogSlice step_forward(LogSearch *s, LogLines *lines)
{
    uint64_t next;
    if (!s->wrapped && s->at >= lines->extent.end) {
        s->wrapped = true;
        s->at = lines->extent.first;
        s->tried = 0;
    }
    if (s->wrapped && s->at >= s->from)
        return SLICE_NOTHING;
    size_t barren = s->at >= s->tried ? log_barren_bytes(lines, s->pattern, s->at, s->wrapped ? s->from : lines->extent.end) : 0;
    if (barren) {
        s->at += barren;
        return SLICE_GOES_ON;
    }
    s->tried = s->at >= s->tried ? s->at + BLOCK : s->tried;
    s->hit = s->at;
    if (matches(s, lines, s->at, &next))
        return SLICE_FOUND;
    s->at = next == UINT64_MAX ? (s->wrapped ? s->from : lines->extent.end) : next;
    return SLICE_GOES_ON;
}

static LogSlice step_backward(LogSearch *s, LogLines *lines)
{
    uint64_t next;
    if (!s->wrapped && s->at <= lines->extent.first) {
        s->wrapped = true;
        s->at = lines->extent.end;
    }
    if (s->wrapped && s->at <= s->from)
        return SLICE_NOTHING;
    s->hit = log_line_before(lines, s->at);
    if (matches(s, lines, s->hit, &next))
        return SLICE_FOUND;
    s->at = s->hit < s->at ? s->hit : lines->extent.first; /* the first that is shown is before no other */
    return SLICE_GOES_ON;
}

LogSlice log_search_slice(LogSearch *s, LogLines *lines, int64_t until_ns)
{
    LogSlice slice = SLICE_GOES_ON;
    if (!lines->extent.end)
        return SLICE_NOTHING;
    do
        slice = s->forward ? step_forward(s, lines) : step_backward(s, lines);
    while (slice == SLICE_GOES_ON && clock_ns() < until_ns);
    return slice;
}

int log_search_percent(const LogSearch *s, const LogLines *lines)
{
    uint64_t first = lines->extent.first, total = lines->extent.end - first, done;
    if (s->forward)
        done = s->wrapped ? lines->extent.end - s->from + s->at - first : s->at - s->from;
    else
        done = s->wrapped ? s->from - first + lines->extent.end - s->at : s->from - s->at;
    return total ? (int)((double)done * 100.0 / (double)total) : 100;
}

/* Counting. */

static uint64_t count_newlines(Span text)
{
    uint64_t count = 0;
    const char *at = text.ptr, *end = text.len ? text.ptr + text.len : NULL;
    while (at < end && (at = memchr(at, '\n', (size_t)(end - at)))) {
        count++;
        at++;
    }
    return count;
}

/* Counts one more step; false when the log does not reach that far. */
static bool count_step(LogIndex *index, LogLines *lines)
{
    if (!index->before.len)
        vec_push(&index->before, 0);
    uint64_t at = (uint64_t)(index->before.len - 1) * LOG_INDEX_STEP;
    if (at + LOG_INDEX_STEP > lines->extent.end)
        return false;
    Span text = log_bytes(lines, at, LOG_INDEX_STEP);
    if (text.len < LOG_INDEX_STEP)
        return false;
    uint64_t before = vec_last(&index->before) + count_newlines(text);
    vec_push(&index->before, before);
    return true;
}

uint64_t log_index_number(LogIndex *index, LogLines *lines, uint64_t begin)
{
    size_t step = (size_t)(begin / LOG_INDEX_STEP);
    if (lines->extent.first)
        return 0;
    for (int i = 0; index->before.len <= step && i < COUNT_AT_ONCE; i++)
        if (!count_step(index, lines))
            break;
    if (index->before.len <= step)
        return 0;
    uint64_t at = (uint64_t)step * LOG_INDEX_STEP;
    return index->before.items[step] + count_newlines(log_bytes(lines, at, (size_t)(begin - at))) + 1;
}

/* Where the line begins before which `count` lines end in the last step that was counted or behind it. */
static bool find_newline(LogLines *lines, uint64_t at, uint64_t count, uint64_t *begin)
{
    Span text = log_bytes(lines, at, LOG_INDEX_STEP);
    *begin = at;
    for (size_t i = 0; count && i < text.len; i++) {
        if (text.ptr[i] != '\n')
            continue;
        *begin = at + i + 1;
        count--;
    }
    return count == 0 && *begin < lines->extent.end;
}

int log_index_percent(const LogIndex *index, const LogLines *lines)
{
    double counted = (double)index->before.len * LOG_INDEX_STEP;
    return lines->extent.end && counted < (double)lines->extent.end ? (int)(counted * 100.0 / (double)lines->extent.end) : 100;
}

LogSlice log_index_find(LogIndex *index, LogLines *lines, uint64_t number, uint64_t *begin, int64_t until_ns)
{
    uint64_t wanted = number ? number - 1 : 0; /* lines before it */
    while (!index->before.len || vec_last(&index->before) < wanted) {
        if (!count_step(index, lines))
            break;
        if (clock_ns() >= until_ns)
            return SLICE_GOES_ON;
    }
    size_t step = index->before.len - 1;
    while (step > 0 && index->before.items[step] >= wanted)
        step--;
    uint64_t at = (uint64_t)step * LOG_INDEX_STEP;
    return find_newline(lines, at, wanted - index->before.items[step], begin) ? SLICE_FOUND : SLICE_NOTHING;
}
