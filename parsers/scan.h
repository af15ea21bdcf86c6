/*
 * Looking at many bytes at once, where memchr() would stop too often. Without SSE2 the same a byte at a time.
 */
#ifndef PARSERS_SCAN_H
#define PARSERS_SCAN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { SCAN_BLOCK = 64 };

/* Where two bytes stand in a block: bit i is byte i. */
typedef struct ScanMasks {
    uint64_t first, second;
} ScanMasks;

/* Finds `first` and `second` in the SCAN_BLOCK bytes at `p`. */
static inline ScanMasks scan_block(const char *p, char first, char second)
{
    ScanMasks masks = {0, 0};
#ifdef __SSE2__
    const __m128i a = _mm_set1_epi8(first), b = _mm_set1_epi8(second);
#pragma GCC unroll 4
    for (int i = 0; i < SCAN_BLOCK; i += 16) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(p + i));
        masks.first |= (uint64_t)(unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, a)) << i;
        masks.second |= (uint64_t)(unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, b)) << i;
    }
#else
    for (int i = 0; i < SCAN_BLOCK; i++) {
        masks.first |= (uint64_t)(p[i] == first) << i;
        masks.second |= (uint64_t)(p[i] == second) << i;
    }
#endif
    return masks;
}

/* How often `byte` stands from `p` to `end`. */
static inline size_t scan_count(const char *p, const char *end, char byte)
{
    size_t count = 0;
#ifdef __SSE2__
    const __m128i wanted = _mm_set1_epi8(byte), zero = _mm_setzero_si128();
    while (end - p >= 16) {
        __m128i counts = zero; /* a byte for each place, which goes up to 255 */
        for (int i = 0; i < 255 && end - p >= 16; i++, p += 16)
            counts = _mm_sub_epi8(counts, _mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)(const void *)p), wanted));
        __m128i sums = _mm_sad_epu8(counts, zero);
        count += (size_t)(_mm_cvtsi128_si32(sums) + _mm_extract_epi16(sums, 4));
    }
#endif
    for (; p < end; p++)
        count += *p == byte;
    return count;
}

/* The first byte from `p` on that is not `byte`, or `end`. */
static inline const char *scan_past(const char *p, const char *end, char byte)
{
#ifdef __SSE2__
    const __m128i wanted = _mm_set1_epi8(byte);
    for (; end - p >= 16; p += 16) {
        __m128i same = _mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)(const void *)p), wanted);
        unsigned others = (unsigned)_mm_movemask_epi8(same) ^ 0xffff;
        if (others)
            return p + __builtin_ctz(others);
    }
#endif
    while (p < end && *p == byte)
        p++;
    return p;
}

/* The first quote, backslash or line end from `p` on, or `end`. */
static inline const char *scan_json_string(const char *p, const char *end)
{
#ifdef __SSE2__
    const __m128i quote = _mm_set1_epi8('"'), slash = _mm_set1_epi8('\\'), newline = _mm_set1_epi8('\n');
    for (; end - p >= 16; p += 16) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)p);
        __m128i found =
            _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, slash)), _mm_cmpeq_epi8(bytes, newline));
        unsigned mask = (unsigned)_mm_movemask_epi8(found);
        if (mask)
            return p + __builtin_ctz(mask);
    }
#endif
    while (p < end && *p != '"' && *p != '\\' && *p != '\n')
        p++;
    return p;
}

#endif
