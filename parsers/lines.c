#include "parsers/lines.h"

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
    Line line = {.offset = offset, .terminated = terminated, .plain = s->partial_plain};
    s->partial_size = 0;
    hand_over(s, buffer_span(&s->partial), line, size, handler, ctx);
    buffer_clear(&s->partial);
}

void lines_feed(LineSplitter *s, const char *bytes, size_t len, LineHandler handler, void *ctx)
{
    const char *at = bytes, *end = bytes + len;
    bool plain = !memchr(bytes, ESC, len);
    while (at < end) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        if (!newline) {
            keep_partial(s, at, (size_t)(end - at), plain);
            s->offset += (size_t)(end - at);
            return;
        }
        size_t size = (size_t)(newline - at);
        if (s->partial_size) {
            keep_partial(s, at, size, plain);
            s->offset += size;
            hand_over_partial(s, true, handler, ctx);
            s->offset++;
        } else {
            Line line = {.offset = s->offset, .terminated = true, .plain = plain};
            s->offset += size + 1;
            hand_over(s, (Span){at, size}, line, size, handler, ctx);
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
