/*
 * Text put where there is room for it: each function writes at `at` without a look at any limit, and returns where it ended. The
 * room is made before, once for many of them: buffer_reserve(), writer_room().
 */
#ifndef BASE_PUT_H
#define BASE_PUT_H

#include "base/cells.h"
#include "base/span.h"

enum { PUT_NUMBER_MAX = 20 /* bytes that put_uint() and put_int() may touch, with what they write themselves */ };

static inline char *put_span(char *at, Span s)
{
    if (s.len)
        memcpy(at, s.ptr, s.len);
    return at + s.len;
}

static inline char *put_byte(char *at, char c)
{
    *at = c;
    return at + 1;
}

/* A number below 100 as two digits. */
static inline char *put_two(char *at, unsigned value)
{
    at[0] = (char)('0' + value / 10);
    at[1] = (char)('0' + value % 10);
    return at + 2;
}

/* Eight cells, the first in the lowest byte. */
static inline char *put_cells(char *at, uint64_t word)
{
    if (!CELLS_KNOWN)
        word = __builtin_bswap64(word);
    memcpy(at, &word, sizeof word);
    return at + sizeof word;
}

/* A number below 10^8 as eight digits. */
static inline char *put_eight(char *at, uint32_t value)
{
    return put_cells(at, cells_of(value) + CELLS_ZEROS);
}

/* The first digits of a fraction, which is given in units of 10^-9. */
static inline char *put_fraction(char *at, uint32_t billionths, unsigned digits)
{
    const uint32_t tenth = 100000000;
    for (; digits; digits--, billionths = billionths % tenth * 10)
        at = put_byte(at, (char)('0' + billionths / tenth));
    return at;
}

/* put_uint() for numbers from 10^8 on. */
char *put_large(char *at, uint64_t value);

/* A whole number. */
static inline char *put_uint(char *at, uint64_t value)
{
    if (value >= 100000000)
        return put_large(at, value);
    uint64_t digits = cells_of((uint32_t)value);
    unsigned before = (unsigned)__builtin_ctzll(digits | UINT64_C(1) << 56) & ~7u; /* bits of zeros in front */
    return put_cells(at, (digits + CELLS_ZEROS) >> before) - before / 8;
}

static inline char *put_int(char *at, int64_t value)
{
    *at = '-';
    at += value < 0;
    return put_uint(at, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
}

#endif
