#include "base/mib.h"

#include "base/put.h"

enum { SURE_DIGITS = 18 }; /* and a point: they fit */

static const Mib units[MIB_DECIMALS_MAX + 1] = {1000000000, 100000000, 10000000, 1000000, 100000, 10000, 1000, 100, 10, 1};

Mib mib_unit(unsigned decimals)
{
    return units[decimals <= MIB_DECIMALS_MAX ? decimals : MIB_DECIMALS_MAX];
}

/* The digits of more than surely fit, without their point: most often leading zeros. */
static bool read_long(Span digits, int64_t *value)
{
    *value = 0;
    for (size_t i = 0; i < digits.len; i++)
        if (digits.ptr[i] != '.' &&
            (__builtin_mul_overflow(*value, 10, value) || __builtin_add_overflow(*value, digits.ptr[i] - '0', value)))
            return false;
    return true;
}

size_t mib_take(Span text, Mib *value, unsigned *decimals)
{
    const char *p = text.ptr, *end = text.ptr + text.len;
    bool negative = p < end && *p == '-';
    const char *first = p + negative, *point = NULL;
    uint64_t sum = 0; /* may overflow: then read_long() finds out */
    for (p = first; p < end; p++) {
        unsigned digit = (unsigned)(*p - '0');
        if (digit <= 9)
            sum = sum * 10 + digit;
        else if (*p == '.' && !point && p > first)
            point = p;
        else
            break;
    }
    size_t places = point ? (size_t)(p - point) - 1 : 0;
    int64_t digits = (int64_t)sum;
    if (p == first || (point && !places) || places > MIB_DECIMALS_MAX)
        return 0;
    if (p - first > SURE_DIGITS && !read_long((Span){first, (size_t)(p - first)}, &digits))
        return 0;
    if (__builtin_mul_overflow(digits, units[places], &digits) || digits > MIB_MOST)
        return 0;
    *value = negative ? -digits : digits;
    *decimals = (unsigned)places;
    return (size_t)(p - text.ptr);
}

bool mib_parse(Span text, Mib *value, unsigned *decimals)
{
    return text.len > 0 && mib_take(text, value, decimals) == text.len;
}

/* What is cut behind the last digit is first rounded. */
size_t mib_format(char text[MIB_TEXT_MAX], Mib value, unsigned decimals)
{
    decimals = decimals <= MIB_DECIMALS_MAX ? decimals : MIB_DECIMALS_MAX;
    uint64_t unit = (uint64_t)mib_unit(decimals), size = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    char *at = text;
    size += unit / 2;
    *at = '-';
    at += value < 0 && size >= unit;
    at = put_uint(at, size / MIB_ONE);
    if (decimals)
        at = put_fraction(put_byte(at, '.'), (uint32_t)(size % MIB_ONE), decimals);
    *at = '\0';
    return (size_t)(at - text);
}
