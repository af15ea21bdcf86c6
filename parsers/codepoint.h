/* Code points to UTF-8. */
#ifndef PARSERS_CODEPOINT_H
#define PARSERS_CODEPOINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CODEPOINT_BYTES_MAX = 4 };

/* Writes a code point, which must be none of the surrogates, and returns how many bytes it took. */
static inline size_t codepoint_put(char out[CODEPOINT_BYTES_MAX], uint32_t code)
{
    static const unsigned char lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    size_t len = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (size_t i = len - 1; i > 0; i--, code >>= 6)
        out[i] = (char)(0x80 | (code & 0x3f));
    out[0] = (char)(lead[len] | code);
    return len;
}

/* The code point of a high and a low surrogate. */
static inline uint32_t codepoint_joined(uint32_t high, uint32_t low)
{
    return 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
}

static inline bool codepoint_is_high(uint32_t unit)
{
    return unit >= 0xd800 && unit <= 0xdbff;
}

static inline bool codepoint_is_low(uint32_t unit)
{
    return unit >= 0xdc00 && unit <= 0xdfff;
}

#endif
