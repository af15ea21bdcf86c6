#include "parsers/lines.h"

#include "parsers/scan.h"

enum { ESC = 0x1b };

static void hand_over(LineSplitter *s, Span text, Line line, uint64_t size, LineHandler handler, void *ctx)
{
    line.number = ++s->count;
    line.cut = size > LINE_BYTES_MAX;
    if (text.len > LINE_BYTES_MAX)
        text.len = LINE_BYTES_MAX;
    if (text.len && text.ptr[text.len - 1] == '\r')
        text.len--;
    line.text = text;
    handler(ctx, &line);
}

static void keep_partial(LineSplitter *s, const char *bytes, size_t len, bool plain)
{
    s->partial_plain = plain && (s->partial_plain || !s->partial_size);
    size_t room = LINE_BYTES_MAX - s->partial.len;
    buffer_append(&s->partial, bytes, len < room ? len : room);
    s->partial_size += len;
}

static void hand_over_partial(LineSplitter *s, bool terminated, LineHandler handler, void *ctx)
{
    uint64_t size = s->partial_size, offset = s->offset - size;
    Line line = {.offset = offset, .terminated = terminated, .plain = s->partial_plain, .bracketed = true};
    s->partial_size = 0;
    hand_over(s, buffer_span(&s->partial), line, size, handler, ctx);
    buffer_clear(&s->partial);
}

/* Ends the line whose front came before; returns how many of the bytes it takes, all of them where it does not end in them. */
static size_t complete_partial(LineSplitter *s, const char *bytes, size_t len, bool plain, LineHandler handler, void *ctx)
{
    const char *newline = memchr(bytes, '\n', len);
    size_t size = newline ? (size_t)(newline - bytes) : len;
    keep_partial(s, bytes, size, plain);
    s->offset += size;
    if (!newline)
        return size;
    hand_over_partial(s, true, handler, ctx);
    s->offset++;
    return size + 1;
}

/* The marks of the block at `at`, of which only the bytes before `end` count. */
static ScanMasks marks_of(const char *at, const char *end)
{
    char last[SCAN_BLOCK] = {0};
    if (end - at >= SCAN_BLOCK)
        return scan_block(at, '\n', '[');
    memcpy(last, at, (size_t)(end - at));
    return scan_block(last, '\n', '[');
}

/*
 * Both bytes that matter are found a block at a time. A line has few of them, so that walking from mark to mark costs less than a
 * search for each line.
 */
void lines_feed(LineSplitter *s, const char *bytes, size_t len, LineHandler handler, void *ctx)
{
    const char *at = bytes, *end = bytes + len, *start;
    bool plain = !memchr(bytes, ESC, len), bracketed = false;
    if (s->partial_size)
        at += complete_partial(s, bytes, len, plain, handler, ctx);
    for (start = at; at < end; at += SCAN_BLOCK) {
        ScanMasks masks = marks_of(at, end);
        for (uint64_t marks = masks.first | masks.second; marks; marks &= marks - 1) {
            const char *mark = at + __builtin_ctzll(marks);
            if (*mark == '[') {
                bracketed |= mark > start;
                continue;
            }
            size_t size = (size_t)(mark - start);
            Line line = {.offset = s->offset, .terminated = true, .plain = plain, .bracketed = bracketed};
            s->offset += size + 1;
            hand_over(s, (Span){start, size}, line, size, handler, ctx);
            start = mark + 1;
            bracketed = false;
        }
    }
    if (start < end) {
        keep_partial(s, start, (size_t)(end - start), plain);
        s->offset += (size_t)(end - start);
    }
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
