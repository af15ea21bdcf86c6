/*
 * Looking at many bytes at once, where memchr() would stop too often. Without SSE2 the same a byte at a time.
 */
#ifndef PARSERS_SCAN_H
#define PARSERS_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parsers/simd.h"

enum { SCAN_BLOCK = 64 };

/* Where what matters in a text stands in a block: bit i is byte i. */
typedef struct ScanMarks {
    uint64_t newlines; /* '\n' */
    uint64_t odd;      /* '[' and ESC */
} ScanMarks;

/* Looks at the SCAN_BLOCK bytes at `p`. */
static inline ScanMarks scan_block(const char *p)
{
    ScanMarks marks = {0, 0};
#ifdef SIMD_SSE2
    const __m128i newline = _mm_set1_epi8('\n'), escape = _mm_set1_epi8(0x1b), but_one_bit = _mm_set1_epi8(~('[' ^ 0x1b));
#pragma GCC unroll 4
    for (int i = 0; i < SCAN_BLOCK; i += 16) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(p + i));
        marks.newlines |= (uint64_t)(unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, newline)) << i;
        marks.odd |= (uint64_t)(unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_and_si128(bytes, but_one_bit), escape)) << i;
    }
#else
    for (int i = 0; i < SCAN_BLOCK; i++) {
        marks.newlines |= (uint64_t)(p[i] == '\n') << i;
        marks.odd |= (uint64_t)(p[i] == '[' || p[i] == 0x1b) << i;
    }
#endif
    return marks;
}

/* The same by instructions that not every processor has: they look at twice as much at once. SCAN_WIDE is what functions need that
 * do. */
#if defined SIMD_SSE2 && defined(__x86_64__) && defined(__GNUC__)

#define SCAN_WIDE __attribute__((target("avx2,bmi")))

static inline bool scan_can_be_wide(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi");
}

SCAN_WIDE static inline ScanMarks scan_block_wide(const char *p)
{
    const __m256i newline = _mm256_set1_epi8('\n'), escape = _mm256_set1_epi8(0x1b), but_one_bit = _mm256_set1_epi8(~('[' ^ 0x1b));
    ScanMarks marks = {0, 0};
#pragma GCC unroll 2
    for (int i = 0; i < SCAN_BLOCK; i += 32) {
        __m256i bytes = _mm256_loadu_si256((const __m256i *)(const void *)(p + i));
        __m256i odd = _mm256_cmpeq_epi8(_mm256_and_si256(bytes, but_one_bit), escape);
        marks.newlines |= (uint64_t)(unsigned)_mm256_movemask_epi8(_mm256_cmpeq_epi8(bytes, newline)) << i;
        marks.odd |= (uint64_t)(unsigned)_mm256_movemask_epi8(odd) << i;
    }
    return marks;
}

#else

#define SCAN_WIDE
#define scan_block_wide scan_block

static inline bool scan_can_be_wide(void)
{
    return false;
}

#endif

/* Where `a` or `b` stands in the SCAN_BLOCK bytes at `p`: bit i is byte i. */
static inline uint64_t scan_either(const char *p, char a, char b)
{
    uint64_t found = 0;
#ifdef SIMD_SSE2
    const __m128i first = _mm_set1_epi8(a), second = _mm_set1_epi8(b);
#pragma GCC unroll 4
    for (int i = 0; i < SCAN_BLOCK; i += 16) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(p + i));
        __m128i either = _mm_or_si128(_mm_cmpeq_epi8(bytes, first), _mm_cmpeq_epi8(bytes, second));
        found |= (uint64_t)(unsigned)_mm_movemask_epi8(either) << i;
    }
#else
    for (int i = 0; i < SCAN_BLOCK; i++)
        found |= (uint64_t)(p[i] == a || p[i] == b) << i;
#endif
    return found;
}

/* How often `byte` stands from `p` to `end`. */
static inline size_t scan_count(const char *p, const char *end, char byte)
{
    size_t count = 0;
#ifdef SIMD_SSE2
    const __m128i wanted = _mm_set1_epi8(byte), zero = _mm_setzero_si128();
    while (end - p >= 16) {
        __m128i counts = zero; /* a byte for each place, which goes up to 255 */
        const char *stop = p + (end - p < 255 * 16 ? (end - p) / 16 * 16 : 255 * 16);
        for (; p < stop; p += 16)
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
#ifdef SIMD_SSE2
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

/* The first `byte` from `p` on, or `end`. For one that is near: memchr() is faster where it is far. */
static inline const char *scan_to(const char *p, const char *end, char byte)
{
#ifdef SIMD_SSE2
    const __m128i wanted = _mm_set1_epi8(byte);
    for (; end - p >= 16; p += 16) {
        unsigned found = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)(const void *)p), wanted));
        if (found)
            return p + __builtin_ctz(found);
    }
#endif
    while (p < end && *p != byte)
        p++;
    return p;
}

/* The first delimiter or line end from `p` on, or `end`. */
static inline const char *scan_csv_cell(const char *p, const char *end, char delimiter)
{
#ifdef SIMD_SSE2
    const __m128i wanted = _mm_set1_epi8(delimiter), lf = _mm_set1_epi8('\n'), cr = _mm_set1_epi8('\r');
    for (; end - p >= 16; p += 16) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)p);
        __m128i found =
            _mm_or_si128(_mm_cmpeq_epi8(bytes, wanted), _mm_or_si128(_mm_cmpeq_epi8(bytes, lf), _mm_cmpeq_epi8(bytes, cr)));
        unsigned mask = (unsigned)_mm_movemask_epi8(found);
        if (mask)
            return p + __builtin_ctz(mask);
    }
#endif
    while (p < end && *p != delimiter && *p != '\n' && *p != '\r')
        p++;
    return p;
}

#endif
