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

/* buffer_reserve() where there is too little room. */
void buffer_grow(Buffer *b, size_t extra);

/* Makes room for `extra` more bytes, so that appending them moves nothing. */
static inline void buffer_reserve(Buffer *b, size_t extra)
{
    if (extra > b->cap - b->len)
        buffer_grow(b, extra);
}

/* Room for `extra` more bytes to put something there (base/put.h), and then up to where it ended. */
static inline char *buffer_room(Buffer *b, size_t extra)
{
    buffer_reserve(b, extra);
    return b->data + b->len;
}

static inline void buffer_filled(Buffer *b, const char *end)
{
    b->len = (size_t)(end - b->data);
}

/* Appends bytes; `text` must not point into the buffer itself. */
static inline void buffer_append(Buffer *b, const char *text, size_t len)
{
    if (!len)
        return;
    buffer_reserve(b, len);
    memcpy(b->data + b->len, text, len);
    b->len += len;
}

static inline void buffer_append_span(Buffer *b, Span s)
{
    buffer_append(b, s.ptr, s.len);
}

static inline void buffer_append_byte(Buffer *b, char c)
{
    buffer_append(b, &c, 1);
}

/* Appends `count` times the byte `c`. */
void buffer_append_repeated(Buffer *b, char c, size_t count);

/* Appends a whole number. */
void buffer_append_int(Buffer *b, int64_t value);

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
