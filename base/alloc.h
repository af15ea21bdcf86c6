/*
 * Memory from the C heap, with one place that handles its end.
 *
 * None of these functions returns NULL: when the heap is exhausted they call the failure handler, which must not return.
 */
#ifndef BASE_ALLOC_H
#define BASE_ALLOC_H

#include <stddef.h>

/* Called with the number of bytes that could not be had. It must not return. */
typedef void (*AllocFailure)(size_t bytes);

/* Installs what happens when memory runs out; the default writes a line and aborts. The application's restores the terminal first. */
void alloc_on_failure(AllocFailure handler);

/* `bytes` uninitialised bytes; free() them. */
void *alloc_bytes(size_t bytes);

/* The same for what the system fills: it begins where a page does, because copies to there are faster. */
void *alloc_pages(size_t bytes);

/* `count` zeroed elements of `size` bytes; free() them. */
void *alloc_zeroed(size_t count, size_t size);

/* Resizes `block` (NULL allowed) to `count` elements of `size` bytes and returns it; the old pointer is no longer valid. */
void *alloc_resize(void *block, size_t count, size_t size);

/* A NUL-terminated copy of `len` bytes at `text`; free() it. */
char *alloc_text(const char *text, size_t len);

#endif
