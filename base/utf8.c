#include "base/utf8.h"

typedef struct Lead {
    size_t len;
    unsigned char low, high; /* range of the second byte */
    uint32_t bits;
} Lead;

/* What a lead byte announces (RFC 3629, section 4); `len` 0 when it is none. */
static Lead lead_of(unsigned char c)
{
    if (c < 0xc2 || c > 0xf4)
        return (Lead){0};
    if (c < 0xe0)
        return (Lead){2, 0x80, 0xbf, c & 0x1fu};
    if (c < 0xf0)
        return (Lead){3, c == 0xe0 ? 0xa0 : 0x80, c == 0xed ? 0x9f : 0xbf, c & 0x0fu};
    return (Lead){4, c == 0xf0 ? 0x90 : 0x80, c == 0xf4 ? 0x8f : 0xbf, c & 0x07u};
}

/* Bytes of the longest front of `s` that could begin a valid sequence. */
static size_t matched(Span s, const Lead *lead, uint32_t *code)
{
    size_t n = 1;
    *code = lead->bits;
    while (n < lead->len && n < s.len) {
        unsigned char c = (unsigned char)s.ptr[n];
        unsigned char low = n == 1 ? lead->low : 0x80, high = n == 1 ? lead->high : 0xbf;
        if (c < low || c > high)
            break;
        *code = *code << 6 | (c & 0x3fu);
        n++;
    }
    return n;
}

size_t utf8_next(Span s, uint32_t *code)
{
    unsigned char c = (unsigned char)s.ptr[0];
    if (c < 0x80) {
        *code = c;
        return 1;
    }
    Lead lead = lead_of(c);
    return lead.len && matched(s, &lead, code) == lead.len ? lead.len : 0;
}

size_t utf8_skip_invalid(Span s)
{
    uint32_t code;
    Lead lead = lead_of((unsigned char)s.ptr[0]);
    return lead.len ? matched(s, &lead, &code) : 1;
}
