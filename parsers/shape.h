/*
 * The front that the lines of a log have in common: a prefix in which only digits differ from line to line. A line whose front has
 * the shape of the line before has the same prefix, and need not be taken apart again.
 */
#ifndef PARSERS_SHAPE_H
#define PARSERS_SHAPE_H

#include "base/span.h"
#include "parsers/simd.h"

enum {
    SHAPE_BLOCK = 16, /* compared at once; shorter fronts have no shape */
    SHAPE_MAX = 128,
};

/* Zero-initialised, or with a length of 0, no line has it. */
typedef struct Shape {
    char bytes[SHAPE_MAX]; /* each digit is a '0' ... */
    char limit[SHAPE_MAX]; /* ... and may differ by so much in its bits */
    size_t len;
} Shape;

/* The shape of a front with that shape and the bytes of `text` behind it; there is none where it would be too long. */
void shape_extend(Shape *shape, Span text);

/* Learns the shape of `front`, which may be too short or too long to have one. */
void shape_learn(Shape *shape, Span front);

/* The digits are those bytes that differ from '0' by at most 9. */
#ifdef SIMD_SSE2
static inline bool shape_block_matches(const Shape *shape, size_t at, const char *text)
{
    __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(text + at));
    __m128i known = _mm_loadu_si128((const __m128i *)(const void *)(shape->bytes + at));
    __m128i limit = _mm_loadu_si128((const __m128i *)(const void *)(shape->limit + at));
    __m128i difference = _mm_xor_si128(bytes, known);
    return _mm_movemask_epi8(_mm_cmpeq_epi8(_mm_min_epu8(difference, limit), difference)) == 0xffff;
}
#else
static inline bool shape_block_matches(const Shape *shape, size_t at, const char *text)
{
    for (size_t i = at; i < at + SHAPE_BLOCK; i++)
        if ((unsigned char)(text[i] ^ shape->bytes[i]) > (unsigned char)shape->limit[i])
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
        if (!shape_block_matches(shape, at, text.ptr))
            return false;
    return shape_block_matches(shape, last, text.ptr);
}

#endif
