/* A growable run of bytes. Zero-initialise it; the owner ends it with buffer_free(). */
#ifndef BASE_BUFFER_H
#define BASE_BUFFER_H

#include <stdarg.h>
#include <stddef.h>

#include "base/span.h"

typedef struct Buffer {
    char *data;
    size_t len;
    size_t cap;
} Buffer;

/* Makes room for `extra` more bytes, so that appending them moves nothing. */
void buffer_reserve(Buffer *b, size_t extra);

/* Appends bytes; `text` must not point into the buffer itself. */
void buffer_append(Buffer *b, const char *text, size_t len);
void buffer_append_span(Buffer *b, Span s);
void buffer_append_byte(Buffer *b, char c);

/* Appends `count` times the byte `c`. */
void buffer_append_repeated(Buffer *b, char c, size_t count);

/* Appends formatted text. */
void buffer_printf(Buffer *b, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The content as NUL-terminated text, valid until the next append. The NUL is not counted in `len`. */
const char *buffer_text(Buffer *b);

/* Empties the buffer and keeps its memory. */
static inline void buffer_clear(Buffer *b)
{
    b->len = 0;
}

static inline Span buffer_span(const Buffer *b)
{
    return (Span){b->data, b->len};
}

void buffer_free(Buffer *b);

#endif
