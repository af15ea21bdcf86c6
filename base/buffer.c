#include "base/buffer.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/put.h"

void buffer_grow(Buffer *b, size_t extra)
{
    size_t cap = b->cap ? b->cap * 2 : 64;
    while (cap < b->len + extra)
        cap *= 2;
    b->data = alloc_resize(b->data, cap, 1);
    b->cap = cap;
}

void buffer_append_repeated(Buffer *b, char c, size_t count)
{
    if (!count)
        return;
    buffer_reserve(b, count);
    memset(b->data + b->len, c, count);
    b->len += count;
}

void buffer_append_int(Buffer *b, int64_t value)
{
    buffer_filled(b, put_int(buffer_room(b, PUT_NUMBER_MAX), value));
}

void buffer_printf(Buffer *b, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (len <= 0)
        return;
    buffer_reserve(b, (size_t)len + 1);
    va_start(args, format);
    vsnprintf(b->data + b->len, (size_t)len + 1, format, args);
    va_end(args);
    b->len += (size_t)len;
}

const char *buffer_text(Buffer *b)
{
    buffer_reserve(b, 1);
    b->data[b->len] = '\0';
    return b->data;
}

void buffer_free(Buffer *b)
{
    free(b->data);
    *b = (Buffer){0};
}
