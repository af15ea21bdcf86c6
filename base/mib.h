/*
 * Memory in MiB, as memory_profiler prints it: a decimal number with a fixed number of decimals. Kept as an integer count of
 * nano-MiB (10^-9 MiB), which is exact for up to nine decimals and reaches 2 * 10^9 MiB, so that no printed digit is ever lost
 * and no two values compare by accident of binary fractions. The difference of two that were read fits, and that of two such
 * differences; what adds up more goes by base/saturate.h.
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

/* One step of the last printed digit, in nano-MiB: 10^(9 - decimals). */
Mib mib_unit(unsigned decimals);

/*
 * Writes `value` with exactly `decimals` digits behind the point (at most MIB_DECIMALS_MAX), rounding half away from zero; returns the
 * length.
 */
size_t mib_format(char text[MIB_TEXT_MAX], Mib value, unsigned decimals);

#endif
