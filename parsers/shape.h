/*
 * The front that the lines of a log have in common: a prefix in which only digits differ from line to line. A line whose front has
 * the shape of the line before has the same prefix, and need not be taken apart again.
 */
#ifndef PARSERS_SHAPE_H
#define PARSERS_SHAPE_H

#include "base/span.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum {
    SHAPE_BLOCK = 16, /* compared at once; shorter fronts have no shape */
    SHAPE_MAX = 64,
};

/* Zero-initialised, or with a length of 0, no line has it. */
typedef struct Shape {
    char bytes[SHAPE_MAX]; /* each digit is a '0' */
    size_t len;
} Shape;

/* Learns the shape of `front`, which may be too short or too long to have one. */
void shape_learn(Shape *shape, Span front);

#ifdef __SSE2__
static inline bool shape_block_matches(const char *known, const char *text)
{
    const __m128i zero = _mm_set1_epi8('0'), nine = _mm_set1_epi8(9);
    __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)text);
    __m128i above = _mm_sub_epi8(bytes, zero);
    __m128i digits = _mm_cmpeq_epi8(_mm_min_epu8(above, nine), above);
    __m128i folded = _mm_or_si128(_mm_and_si128(digits, zero), _mm_andnot_si128(digits, bytes));
    return _mm_movemask_epi8(_mm_cmpeq_epi8(folded, _mm_loadu_si128((const __m128i *)(const void *)known))) == 0xffff;
}
#else
static inline bool shape_block_matches(const char *known, const char *text)
{
    for (int i = 0; i < SHAPE_BLOCK; i++)
        if ((text[i] >= '0' && text[i] <= '9' ? '0' : text[i]) != known[i])
            return false;
    return true;
}
#endif

/* Whether `text` begins with a front of that shape. */
static inline bool shape_matches(const Shape *shape, Span text)
{
    if (!shape->len || text.len < shape->len)
        return false;
    size_t last = shape->len - SHAPE_BLOCK;
    for (size_t at = 0; at < last; at += SHAPE_BLOCK)
        if (!shape_block_matches(shape->bytes + at, text.ptr + at))
            return false;
    return shape_block_matches(shape->bytes + last, text.ptr + last);
}

#endif
