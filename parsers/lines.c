#include "parsers/lines.h"

#include "parsers/scan.h"

enum { ESC = 0x1b };

static Span without_return(Span text)
{
    return (Span){text.ptr, text.len - (text.len && text.ptr[text.len - 1] == '\r')};
}

static void keep_partial(LineSplitter *s, const char *bytes, size_t len, bool plain)
{
    s->partial_plain = plain && (s->partial_plain || !s->partial_size);
    size_t room = LINE_BYTES_MAX - s->partial.len;
    buffer_append(&s->partial, bytes, len < room ? len : room);
    s->partial_size += len;
}

/* Hands over `text`, the front of a line of `size` bytes. */
static void hand_over_cut(LineSplitter *s, Span text, Line *line, uint64_t size, LineHandler handler, void *ctx)
{
    line->cut = size > LINE_BYTES_MAX;
    line->text = without_return(span_to(text, LINE_BYTES_MAX));
    line->number = ++s->count;
    handler(ctx, line);
    line->cut = false;
}

static void hand_over_partial(LineSplitter *s, bool terminated, LineHandler handler, void *ctx)
{
    uint64_t size = s->partial_size;
    Line line = {.offset = s->offset - size, .terminated = terminated, .plain = s->partial_plain, .bracketed = true};
    s->partial_size = 0;
    hand_over_cut(s, buffer_span(&s->partial), &line, size, handler, ctx);
    buffer_clear(&s->partial);
}

/* Ends the line whose front came before; returns how many of the bytes it takes, all of them where it does not end in them. */
static size_t complete_partial(LineSplitter *s, const char *bytes, size_t len, LineHandler handler, void *ctx)
{
    const char *newline = memchr(bytes, '\n', len);
    size_t size = newline ? (size_t)(newline - bytes) : len;
    keep_partial(s, bytes, size, !memchr(bytes, ESC, size));
    s->offset += size;
    if (!newline)
        return size;
    hand_over_partial(s, true, handler, ctx);
    s->offset++;
    return size + 1;
}

/* The marks of what is less than a block. */
static ScanMarks marks_of_rest(const char *at, const char *end)
{
    char rest[SCAN_BLOCK] = {0};
    memcpy(rest, at, (size_t)(end - at));
    return scan_block(rest);
}

/* Hands over the line from `start` to `end`, which ends with a new line. */
static inline void hand_over(LineSplitter *s, const char *start, const char *end, Line *line, LineHandler handler, void *ctx)
{
    Span text = {start, (size_t)(end - start)};
    line->offset = s->offset;
    s->offset += text.len + 1;
    if (text.len > LINE_BYTES_MAX) {
        hand_over_cut(s, text, line, text.len, handler, ctx);
        return;
    }
    line->text = without_return(text);
    line->number = ++s->count;
    handler(ctx, line);
}

/* All that matters of a block is found at once, and lines are cut by its marks: that costs less than a search for each line. */
size_t lines_feed(LineSplitter *s, const char *bytes, size_t len, LineHandler handler, void *ctx)
{
    const char *end = bytes + len, *start = bytes;
    Line line = {.terminated = true, .plain = true};
    s->paused = false;
    if (s->partial_size)
        start += complete_partial(s, bytes, len, handler, ctx);
    if (s->paused)
        return (size_t)(start - bytes);
    for (const char *at = start; at < end; at += SCAN_BLOCK) {
        ScanMarks marks = end - at < SCAN_BLOCK ? marks_of_rest(at, end) : scan_block(at);
        uint64_t inner = marks.brackets & (start == at ? ~UINT64_C(1) : UINT64_MAX); /* those that are no first byte of a line */
        line.plain &= !marks.escape;
        for (uint64_t newlines = marks.newlines; newlines; newlines &= newlines - 1) {
            uint64_t bit = newlines & -newlines;
            const char *newline = at + __builtin_ctzll(newlines);
            line.bracketed |= (inner & (bit - 1)) != 0;
            hand_over(s, start, newline, &line, handler, ctx);
            start = newline + 1;
            if (s->paused)
                return (size_t)(start - bytes);
            inner &= -(bit << 2); /* what stands behind the first byte of the next line */
            line.bracketed = false;
            line.plain = !marks.escape;
        }
        line.bracketed |= inner != 0;
    }
    if (start < end) {
        keep_partial(s, start, (size_t)(end - start), line.plain);
        s->offset += (size_t)(end - start);
    }
    return len;
}

void lines_skip(LineSplitter *s, size_t len, size_t count)
{
    s->count += count;
    s->offset += len;
}

void lines_finish(LineSplitter *s, LineHandler handler, void *ctx)
{
    if (s->partial_size)
        hand_over_partial(s, false, handler, ctx);
}

void lines_free(LineSplitter *s)
{
    buffer_free(&s->partial);
}
