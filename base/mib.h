/*
 * Memory in MiB, as memory_profiler prints it: a decimal number with a fixed number of decimals. Kept as an integer count of
 * nano-MiB (10^-9 MiB), which is exact for up to nine decimals and reaches 2 * 10^9 MiB, so that no printed digit is ever lost
 * and no two values compare by accident of binary fractions. A few of them can be added up and subtracted without a look at overflow.
 */
#ifndef BASE_MIB_H
#define BASE_MIB_H

#include "base/buffer.h"
#include "base/span.h"

typedef int64_t Mib;

enum {
    MIB_DECIMALS_MAX = 9,
    MIB_TEXT_MAX = 32, /* bytes that mib_format() may write, the NUL included */
};

#define MIB_NONE INT64_MIN
#define MIB_MOST (INT64_MAX / 4) /* what is larger is no number */
#define MIB_ONE INT64_C(1000000000)

/*
 * Parses "-12.34" wholly: `*value` in nano-MiB and the number of digits behind the point. Minus zero becomes zero. False when the
 * text is no such number, has more than nine decimals, or does not fit.
 */
bool mib_parse(Span text, Mib *value, unsigned *decimals);

/* The same for a number at the front of `text`, as far as its digits go; returns its length, 0 where mib_parse() says false. */
size_t mib_take(Span text, Mib *value, unsigned *decimals);

enum { MIB_CELLS = 8 };

/*
 * The same for a number with one decimal that is right-aligned in MIB_CELLS bytes: what nearly all reports have. False when there is
 * something else, which may still be a number. All cells are looked at together: each a digit in a byte of its own.
 */
static inline bool mib_take_cells(const char cells[MIB_CELLS], Mib *value)
{
#if defined __BYTE_ORDER__ && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    const uint64_t blanks = UINT64_C(0x2020202020202020), only_in_digits = UINT64_C(0x1010101010101010);
    const uint64_t zeros = UINT64_C(0x302e303030303030), sixes = UINT64_C(0x0606060606060606), high = UINT64_C(0xf0f9f0f0f0f0f0f0);
    uint64_t word;
    memcpy(&word, cells, sizeof word);
    unsigned lead = word & only_in_digits ? (unsigned)__builtin_ctzll(word & only_in_digits) & ~7u : 64; /* bits before the first digit */
    if (lead > 40)
        return false;
    uint64_t before = (UINT64_C(1) << lead) - 1, sign = lead ? UINT64_C(0x0d) << (lead - 8) : 0; /* what makes a '-' of a blank */
    bool negative = ((word ^ blanks) & before) == sign && sign;
    if (!negative && ((word ^ blanks) & before))
        return false;
    uint64_t digits = (word & ~before) ^ (zeros & ~before);
    if ((digits | (digits + sixes)) & high)
        return false;
    digits = digits << 8 | digits >> 56 << 56;
    digits = (digits * 10 + (digits >> 8)) & UINT64_C(0x00ff00ff00ff00ff);
    digits = (digits * 100 + (digits >> 16)) & UINT64_C(0x0000ffff0000ffff);
    digits = (digits * 10000 + (digits >> 32)) & UINT64_C(0xffffffff);
    *value = (negative ? -(Mib)digits : (Mib)digits) * (MIB_ONE / 10);
    return true;
#else
    (void)cells;
    (void)value;
    return false;
#endif
}

/* One step of the last printed digit, in nano-MiB: 10^(9 - decimals). */
Mib mib_unit(unsigned decimals);

/* Writes `value` with exactly `decimals` digits behind the point, rounding half away from zero; returns the length. */
size_t mib_format(char text[MIB_TEXT_MAX], Mib value, unsigned decimals);

#endif
