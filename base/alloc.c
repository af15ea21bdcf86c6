#include "base/alloc.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void fail_by_default(size_t bytes)
{
    fprintf(stderr, "funcmem: out of memory (%zu bytes wanted)\n", bytes);
    abort();
}

static AllocFailure failure = fail_by_default;

void alloc_on_failure(AllocFailure handler)
{
    failure = handler ? handler : fail_by_default;
}

static void *checked(void *block, size_t bytes)
{
    if (!block) {
        failure(bytes);
        abort();
    }
    return block;
}

void *alloc_bytes(size_t bytes)
{
    return checked(malloc(bytes ? bytes : 1), bytes);
}

void *alloc_pages(size_t bytes)
{
    enum { PAGE_BYTES = 4096 };
    size_t whole = (bytes + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
    return checked(aligned_alloc(PAGE_BYTES, whole ? whole : PAGE_BYTES), bytes);
}

void *alloc_zeroed(size_t count, size_t size)
{
    return checked(calloc(count ? count : 1, size ? size : 1), count * size);
}

void *alloc_resize(void *block, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size) {
        failure(SIZE_MAX);
        abort();
    }
    size_t bytes = count * size;
    return checked(realloc(block, bytes ? bytes : 1), bytes);
}

char *alloc_text(const char *text, size_t len)
{
    char *copy = alloc_bytes(len + 1);
    if (len)
        memcpy(copy, text, len);
    copy[len] = '\0';
    return copy;
}
