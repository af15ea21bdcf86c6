#include "base/size.h"

#include <inttypes.h>

static const char units[] = "KMGT";

void size_append(Buffer *out, uint64_t bytes)
{
    enum { STEP = 1024, ONE_DIGIT = 10 };
    double value = (double)bytes;
    int unit = -1;
    while (value >= STEP - 0.5 && unit < (int)sizeof units - 2) {
        value /= STEP;
        unit++;
    }
    if (unit < 0)
        buffer_printf(out, "%" PRIu64 " B", bytes);
    else
        buffer_printf(out, "%.*f %ciB", value < ONE_DIGIT - 0.05 ? 1 : 0, value, units[unit]);
}

/* "", "K", "KB", "KiB" and so on, in either case: how often 1024 is a factor; -1 for anything else. */
static int read_unit(Span s)
{
    if (!s.len)
        return 0;
    char letter = s.ptr[0] & ~0x20;
    const char *at = letter ? strchr(units, letter) : NULL;
    s = span_from(s, 1);
    bool rest = !s.len || span_eq(s, SPAN("B")) || span_eq(s, SPAN("b")) || span_eq(s, SPAN("iB")) || span_eq(s, SPAN("ib"));
    return at && rest ? (int)(at - units) + 1 : -1;
}

bool size_parse(Span text, uint64_t *bytes)
{
    enum { DECIMALS_MAX = 6, BITS_OF_STEP = 10 };
    size_t digits = 0, point = 0;
    while (digits < text.len && ((text.ptr[digits] >= '0' && text.ptr[digits] <= '9') || (text.ptr[digits] == '.' && !point)))
        point = text.ptr[digits++] == '.' ? digits : point;
    int unit = read_unit(span_from(text, digits));
    Span number = span_to(text, digits), whole = point ? span_to(number, point - 1) : number;
    Span decimals = span_to(span_from(number, point ? point : digits), DECIMALS_MAX);
    uint64_t value = 0, part = 0, divisor = 1;
    if (unit < 0 || !span_to_uint(whole, &value) || (point && !span_to_uint(decimals, &part)))
        return false;
    for (size_t i = 0; i < decimals.len; i++)
        divisor *= 10;
    if (value > UINT64_MAX >> (unit * BITS_OF_STEP + 1))
        return false;
    *bytes = (value << (unit * BITS_OF_STEP)) + (part << (unit * BITS_OF_STEP)) / divisor;
    return true;
}
