#include "parsers/pieces.h"

enum { JOIN_BYTES = 4096 }; /* that are copied behind those of a piece that is gone: mostly its record ends among them */

/* Looks at what was kept and some bytes more; returns how many of those need not be looked at again. */
static size_t join(Buffer *kept, Span bytes, size_t (*look)(void *ctx, Span view), void *ctx)
{
    Span more = span_to(bytes, kept->len > JOIN_BYTES ? kept->len : JOIN_BYTES);
    buffer_append_span(kept, more);
    size_t left = look(ctx, buffer_span(kept));
    if (left <= more.len) { /* they begin in this piece */
        buffer_clear(kept);
        return more.len - left;
    }
    if (left < kept->len)
        memmove(kept->data, kept->data + kept->len - left, left);
    kept->len = left;
    return more.len;
}

void pieces_feed(Buffer *kept, Span bytes, size_t (*look)(void *ctx, Span view), void *ctx)
{
    while (kept->len && bytes.len)
        bytes = span_from(bytes, join(kept, bytes, look, ctx));
    if (bytes.len) {
        size_t left = look(ctx, bytes);
        buffer_append_span(kept, span_from(bytes, bytes.len - left));
    }
}
