/* A piece of text that somebody else owns: a pointer and a length in bytes, not NUL-terminated. */
#ifndef BASE_SPAN_H
#define BASE_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct Span {
    const char *ptr;
    size_t len;
} Span;

/* The span of a string literal. */
#define SPAN(literal) ((Span){(literal), sizeof(literal) - 1})

/*
 * A copy of a span that was put together a moment ago. Copied as a whole, its two halves are read back as one, for which the processor
 * must wait until both have left it: in the few places where each row comes by, that is felt.
 */
#define SPAN_FRESH(s) ((Span){(s).ptr, (s).len})

/* For printf's "%.*s". */
#define SPAN_ARG(s) (int)(s).len, (s).ptr

static inline Span span_of(const char *text)
{
    return (Span){text, text ? strlen(text) : 0};
}

static inline bool span_eq(Span a, Span b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

static inline bool span_starts(Span s, Span prefix)
{
    return s.len >= prefix.len && (prefix.len == 0 || memcmp(s.ptr, prefix.ptr, prefix.len) == 0);
}

static inline bool span_ends(Span s, Span suffix)
{
    return s.len >= suffix.len && (suffix.len == 0 || memcmp(s.ptr + s.len - suffix.len, suffix.ptr, suffix.len) == 0);
}

/* What is left of `s` behind its first `n` bytes; empty where there are fewer. */
static inline Span span_from(Span s, size_t n)
{
    if (n > s.len)
        n = s.len;
    return (Span){n ? s.ptr + n : s.ptr, s.len - n}; /* an empty span may have no pointer to add to */
}

/* The first `n` bytes of `s`, or all of it. */
static inline Span span_to(Span s, size_t n)
{
    return (Span){s.ptr, n < s.len ? n : s.len};
}

/* Cuts `prefix` off the front of `*s`; false (and nothing cut) when it is not there. */
static inline bool span_take(Span *s, Span prefix)
{
    if (!span_starts(*s, prefix))
        return false;
    *s = span_from(*s, prefix.len);
    return true;
}

/* Offset of the first `what` in `s`, or -1. */
ptrdiff_t span_find(Span s, Span what);

/* Offset of the last `what` in `s`, or -1. */
ptrdiff_t span_find_last(Span s, Span what);

/* Offset of the first byte `c`, or -1. */
static inline ptrdiff_t span_find_byte(Span s, char c)
{
    const char *hit = s.len ? memchr(s.ptr, c, s.len) : NULL;
    return hit ? hit - s.ptr : -1;
}

/* Without spaces and tabs at the front, at the end, or at both. */
Span span_trim_left(Span s);
Span span_trim_right(Span s);
Span span_trim(Span s);

/* An unsigned decimal number that fills `s` wholly; false when it does not, or on overflow. */
bool span_to_uint(Span s, uint64_t *value);

/* memcmp order, shorter first among equals. */
int span_compare(Span a, Span b);

#endif
