/*
 * Numbers that are right-aligned in eight bytes, as tables print them, read all cells at once: a digit in each byte of a word.
 * Where bytes are ordered otherwise, no number is found, and the caller reads them one by one. base/put.h writes them that way.
 */
#ifndef BASE_CELLS_H
#define BASE_CELLS_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { CELLS_BYTES = 8 };

#define CELLS_BLANKS UINT64_C(0x2020202020202020)
#define CELLS_ZEROS UINT64_C(0x3030303030303030)
#define CELLS_SIXES UINT64_C(0x0606060606060606)
#define CELLS_DIGIT_BITS UINT64_C(0x1010101010101010) /* set in digits, not in blanks, points and signs */

#if defined __BYTE_ORDER__ && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define CELLS_KNOWN true
#else
#define CELLS_KNOWN false
#endif

/* The cells at `p`, the first in the lowest byte. */
static inline uint64_t cells_load(const char *p)
{
    uint64_t word;
    memcpy(&word, p, sizeof word);
    return word;
}

/* How many bits stand before the first digit, a multiple of 8; 64 where there is none. */
static inline unsigned cells_before(uint64_t word)
{
    uint64_t digits = word & CELLS_DIGIT_BITS;
    return digits ? (unsigned)__builtin_ctzll(digits) & ~7u : 64;
}

/* The number of eight cells that each hold the value of a digit. */
static inline uint32_t cells_sum(uint64_t digits)
{
    digits = (digits * 10 + (digits >> 8)) & UINT64_C(0x00ff00ff00ff00ff);
    digits = (digits * 100 + (digits >> 16)) & UINT64_C(0x0000ffff0000ffff);
    return (uint32_t)(digits * 10000 + (digits >> 32));
}

/* The other way: the digits of a number below 10^8. */
static inline uint64_t cells_of(uint32_t value)
{
    uint64_t fours = value / 10000 | (uint64_t)(value % 10000) << 32;
    uint64_t hundreds = (fours * 10486 >> 20) & UINT64_C(0x0000007f0000007f);
    uint64_t twos = hundreds | (fours - 100 * hundreds) << 16;
    uint64_t tens = (twos * 103 >> 10) & UINT64_C(0x000f000f000f000f);
    return tens | (twos - 10 * tens) << 8;
}

/* Blanks, then digits up to the end: false where the cells hold anything else. */
static inline bool cells_take_count(uint64_t word, uint32_t *value)
{
    unsigned lead = cells_before(word);
    if (!CELLS_KNOWN || lead == 64)
        return false;
    uint64_t before = (UINT64_C(1) << lead) - 1, digits = (word ^ CELLS_ZEROS) & ~before;
    if (((word ^ CELLS_BLANKS) & before) || ((digits | (digits + CELLS_SIXES)) & UINT64_C(0xf0f0f0f0f0f0f0f0)))
        return false;
    *value = cells_sum(digits);
    return true;
}

/* Blanks, maybe a '-', and digits with a point before the last of them: `*tenths` without the point. False as above. */
static inline bool cells_take_tenths(uint64_t word, int32_t *tenths)
{
    const uint64_t point = UINT64_C(0x001e000000000000); /* what makes a '.' of a '0' */
    unsigned lead = cells_before(word);
    if (!CELLS_KNOWN || lead > 40)
        return false;
    uint64_t before = (UINT64_C(1) << lead) - 1, others = (word ^ CELLS_BLANKS) & before;
    bool negative = others && others == UINT64_C(0x0d) << (lead - 8);
    uint64_t digits = (word ^ CELLS_ZEROS ^ point) & ~before;
    if ((others && !negative) || ((digits | (digits + CELLS_SIXES)) & UINT64_C(0xf0f9f0f0f0f0f0f0)))
        return false;
    int32_t value = (int32_t)cells_sum(digits << 8 | digits >> 56 << 56);
    *tenths = negative ? -value : value;
    return true;
}

#endif
