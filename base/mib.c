#include "base/mib.h"

#include <inttypes.h>
#include <stdio.h>

Mib mib_unit(unsigned decimals)
{
    static const Mib units[MIB_DECIMALS_MAX + 1] = {1000000000, 100000000, 10000000, 1000000, 100000, 10000, 1000, 100, 10, 1};
    return units[decimals <= MIB_DECIMALS_MAX ? decimals : MIB_DECIMALS_MAX];
}

bool mib_parse(Span text, Mib *value, unsigned *decimals)
{
    const char *p = text.ptr, *end = text.ptr + text.len;
    bool negative = p < end && *p == '-';
    p += negative;
    const char *first = p;
    int64_t digits = 0;
    unsigned places = 0;
    bool point = false;
    for (; p < end; p++) {
        unsigned digit = (unsigned)(*p - '0');
        if (*p == '.' && !point && p > first) {
            point = true;
            continue;
        }
        if (digit > 9 || places == MIB_DECIMALS_MAX || __builtin_mul_overflow(digits, 10, &digits) ||
            __builtin_add_overflow(digits, digit, &digits))
            return false;
        places += point;
    }
    if (p == first || (point && !places) || __builtin_mul_overflow(digits, mib_unit(places), &digits))
        return false;
    *value = negative ? -digits : digits;
    *decimals = places;
    return true;
}

size_t mib_format(char text[MIB_TEXT_MAX], Mib value, unsigned decimals)
{
    Mib unit = mib_unit(decimals);
    uint64_t size = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    uint64_t steps = (size + (uint64_t)unit / 2) / (uint64_t)unit;
    const char *sign = value < 0 && steps ? "-" : "";
    if (!decimals)
        return (size_t)snprintf(text, MIB_TEXT_MAX, "%s%" PRIu64, sign, steps);
    uint64_t one = (uint64_t)(MIB_ONE / unit);
    return (size_t)snprintf(text, MIB_TEXT_MAX, "%s%" PRIu64 ".%0*" PRIu64, sign, steps / one, (int)decimals, steps % one);
}
