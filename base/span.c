#include "base/span.h"

ptrdiff_t span_find(Span s, Span what)
{
    const char *hit = s.len ? memmem(s.ptr, s.len, what.ptr, what.len) : NULL;
    return hit ? hit - s.ptr : -1;
}

ptrdiff_t span_find_last(Span s, Span what)
{
    for (size_t at = s.len >= what.len ? s.len - what.len + 1 : 0; at-- > 0;)
        if (s.ptr[at] == what.ptr[0] && memcmp(s.ptr + at, what.ptr, what.len) == 0)
            return (ptrdiff_t)at;
    return -1;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

Span span_trim_left(Span s)
{
    while (s.len && is_blank(s.ptr[0]))
        s = span_from(s, 1);
    return s;
}

Span span_trim_right(Span s)
{
    while (s.len && is_blank(s.ptr[s.len - 1]))
        s.len--;
    return s;
}

Span span_trim(Span s)
{
    return span_trim_left(span_trim_right(s));
}

bool span_to_uint(Span s, uint64_t *value)
{
    uint64_t sum = 0;
    if (!s.len)
        return false;
    for (size_t i = 0; i < s.len; i++) {
        unsigned digit = (unsigned)(s.ptr[i] - '0');
        if (digit > 9 || sum > (UINT64_MAX - digit) / 10)
            return false;
        sum = sum * 10 + digit;
    }
    *value = sum;
    return true;
}

int span_compare(Span a, Span b)
{
    size_t n = a.len < b.len ? a.len : b.len;
    int order = n ? memcmp(a.ptr, b.ptr, n) : 0;
    return order ? order : (a.len > b.len) - (a.len < b.len);
}
