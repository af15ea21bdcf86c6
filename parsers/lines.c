#include "parsers/lines.h"

static void hand_over(LineSplitter *s, Span text, uint64_t size, uint64_t offset, bool terminated, LineHandler handler, void *ctx)
{
    Line line = {.number = ++s->count, .offset = offset, .terminated = terminated, .cut = size > LINE_BYTES_MAX};
    if (text.len > LINE_BYTES_MAX)
        text.len = LINE_BYTES_MAX;
    if (text.len && text.ptr[text.len - 1] == '\r')
        text.len--;
    line.text = text;
    handler(ctx, &line);
}

static void keep_partial(LineSplitter *s, const char *bytes, size_t len)
{
    size_t room = LINE_BYTES_MAX - s->partial.len;
    buffer_append(&s->partial, bytes, len < room ? len : room);
    s->partial_size += len;
}

static void hand_over_partial(LineSplitter *s, bool terminated, LineHandler handler, void *ctx)
{
    uint64_t size = s->partial_size, offset = s->offset - size;
    s->partial_size = 0;
    hand_over(s, buffer_span(&s->partial), size, offset, terminated, handler, ctx);
    buffer_clear(&s->partial);
}

void lines_feed(LineSplitter *s, const char *bytes, size_t len, LineHandler handler, void *ctx)
{
    const char *at = bytes, *end = bytes + len;
    while (at < end) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        if (!newline) {
            keep_partial(s, at, (size_t)(end - at));
            s->offset += (size_t)(end - at);
            return;
        }
        size_t size = (size_t)(newline - at);
        if (s->partial_size) {
            keep_partial(s, at, size);
            s->offset += size;
            hand_over_partial(s, true, handler, ctx);
            s->offset++;
        } else {
            uint64_t offset = s->offset;
            s->offset += size + 1;
            hand_over(s, (Span){at, size}, size, offset, true, handler, ctx);
        }
        at = newline + 1;
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
