/*
 * Where the tokens of a JSON text are, found 64 bytes at a time: a string of any length costs no more than its blocks.
 *
 * The bits of a block say where something begins that a reader has to look at; the lowest is the first byte's.
 */
#ifndef PARSERS_JSON_SCAN_H
#define PARSERS_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "parsers/simd.h"

enum { JSON_BLOCK_BYTES = 64 };

/* What goes on from one block into the next. Zero where a value begins. */
typedef struct JsonCarry {
    bool in_string;
    bool escaped; /* a backslash in a string was the last byte, and means the next one */
    bool in_scalar;
} JsonCarry;

typedef struct JsonBlock {
    uint64_t commas, colons, brackets;
    uint64_t strings; /* quotes that begin one */
    uint64_t scalars; /* first bytes of numbers and words */
    uint64_t line_ends;
    uint64_t bad; /* what has no business there: those line ends that are in strings, and backslashes outside of strings */
} JsonBlock;

/* For each bit, whether the number of bits that are set is odd up to it, itself included. */
static inline uint64_t json_parity(uint64_t bits)
{
    bits ^= bits << 1;
    bits ^= bits << 2;
    bits ^= bits << 4;
    bits ^= bits << 8;
    bits ^= bits << 16;
    return bits ^ bits << 32;
}

/* All bits or none. */
static inline uint64_t json_spread(bool bit)
{
    return -(uint64_t)bit;
}

/* A block, and bits for the bytes of it that are what somebody looks for. */
#ifdef SIMD_SSE2

typedef struct JsonBytes {
    __m128i lanes[4];
} JsonBytes;

static inline JsonBytes json_load(const char *p)
{
    const __m128i *lanes = (const __m128i *)(const void *)p;
    return (JsonBytes){
        {_mm_loadu_si128(lanes), _mm_loadu_si128(lanes + 1), _mm_loadu_si128(lanes + 2), _mm_loadu_si128(lanes + 3)}};
}

static inline uint64_t json_bits(__m128i a, __m128i b, __m128i c, __m128i d)
{
    uint64_t low = (unsigned)_mm_movemask_epi8(a) | (unsigned)_mm_movemask_epi8(b) << 16;
    uint64_t high = (unsigned)_mm_movemask_epi8(c) | (unsigned)_mm_movemask_epi8(d) << 16;
    return low | high << 32;
}

static inline __m128i json_lane_equals(__m128i lane, char byte)
{
    return _mm_cmpeq_epi8(lane, _mm_set1_epi8(byte));
}

static inline uint64_t json_where(const JsonBytes *b, char byte)
{
    return json_bits(json_lane_equals(b->lanes[0], byte), json_lane_equals(b->lanes[1], byte), json_lane_equals(b->lanes[2], byte),
                     json_lane_equals(b->lanes[3], byte));
}

static inline __m128i json_lane_ends(__m128i lane)
{
    return _mm_or_si128(json_lane_equals(lane, '"'), _mm_or_si128(json_lane_equals(lane, '\\'), json_lane_equals(lane, '\n')));
}

/* What may end a string, or means that it goes on behind what looks so. */
static inline uint64_t json_where_end(const JsonBytes *b)
{
    return json_bits(json_lane_ends(b->lanes[0]), json_lane_ends(b->lanes[1]), json_lane_ends(b->lanes[2]),
                     json_lane_ends(b->lanes[3]));
}

/* How many of `len` bytes are the same up to the first that is not. As many as a block has can be read behind both. */
static inline size_t json_common(const char *a, const char *b, size_t len)
{
    for (size_t at = 0; at < len; at += JSON_BLOCK_BYTES) {
        const JsonBytes x = json_load(a + at), y = json_load(b + at);
        uint64_t same = json_bits(_mm_cmpeq_epi8(x.lanes[0], y.lanes[0]), _mm_cmpeq_epi8(x.lanes[1], y.lanes[1]),
                                  _mm_cmpeq_epi8(x.lanes[2], y.lanes[2]), _mm_cmpeq_epi8(x.lanes[3], y.lanes[3]));
        size_t found = at + (size_t)__builtin_ctzll(~same | UINT64_C(1) << (JSON_BLOCK_BYTES - 1));
        if (~same)
            return found < len ? found : len;
    }
    return len;
}

static inline __m128i json_lane_blanks(__m128i lane)
{
    return _mm_or_si128(json_lane_equals(lane, ' '), _mm_or_si128(json_lane_equals(lane, '\t'), json_lane_equals(lane, '\r')));
}

static inline uint64_t json_where_blank(const JsonBytes *b)
{
    return json_bits(json_lane_blanks(b->lanes[0]), json_lane_blanks(b->lanes[1]), json_lane_blanks(b->lanes[2]),
                     json_lane_blanks(b->lanes[3]));
}

static inline __m128i json_lane_signs(__m128i lane)
{
    __m128i brace = _mm_or_si128(lane, _mm_set1_epi8(0x20)); /* which a bracket becomes by that bit */
    return _mm_or_si128(json_lane_equals(lane, ':'), _mm_or_si128(json_lane_equals(brace, '{'), json_lane_equals(brace, '}')));
}

static inline uint64_t json_where_sign(const JsonBytes *b)
{
    return json_bits(json_lane_signs(b->lanes[0]), json_lane_signs(b->lanes[1]), json_lane_signs(b->lanes[2]),
                     json_lane_signs(b->lanes[3]));
}

#else

typedef struct JsonBytes {
    const char *p;
} JsonBytes;

static inline JsonBytes json_load(const char *p)
{
    return (JsonBytes){p};
}

static inline uint64_t json_where_any(const JsonBytes *b, const char *set)
{
    uint64_t bits = 0;
    for (int i = JSON_BLOCK_BYTES - 1; i >= 0; i--)
        bits = bits << 1 | (b->p[i] && strchr(set, b->p[i]));
    return bits;
}

static inline uint64_t json_where(const JsonBytes *b, char byte)
{
    return json_where_any(b, (const char[]){byte, '\0'});
}

static inline uint64_t json_where_end(const JsonBytes *b)
{
    return json_where_any(b, "\"\\\n");
}

static inline size_t json_common(const char *a, const char *b, size_t len)
{
    size_t at = 0;
    while (at < len && a[at] == b[at])
        at++;
    return at;
}

static inline uint64_t json_where_blank(const JsonBytes *b)
{
    return json_where_any(b, " \t\r");
}

static inline uint64_t json_where_sign(const JsonBytes *b)
{
    return json_where_any(b, ":{}[]");
}

#endif

/* The bytes that a backslash in front of them escapes. Those are odd ones in a run of backslashes, and what is behind it. */
static inline uint64_t json_escaped(uint64_t slashes, bool carried)
{
    static const uint64_t even = UINT64_C(0x5555555555555555);
    slashes &= ~(uint64_t)carried;
    uint64_t behind = slashes << 1 | carried;
    uint64_t runs_from_odd = slashes & ~even & ~behind;
    uint64_t sums = runs_from_odd + slashes; /* carries through each such run to the byte behind it */
    return (even ^ sums << 1) & behind;
}

/* Whether the backslash that is the last bit escapes what comes in the next block. */
static inline bool json_escapes_next(uint64_t slashes, uint64_t escaped, size_t len)
{
    return (slashes & ~escaped) >> (len - 1) & 1;
}

/* Reads `len` bytes, 1 to JSON_BLOCK_BYTES. False when nothing is in them: they are a part of a string. */
static inline bool json_scan(JsonCarry *carry, const char *bytes, size_t len, JsonBlock *block)
{
    char padded[JSON_BLOCK_BYTES];
    if (len < JSON_BLOCK_BYTES) {
        memset(padded, ' ', sizeof padded);
        memcpy(padded, bytes, len);
        bytes = padded;
    }
    const JsonBytes b = json_load(bytes);
    uint64_t quotes = json_where(&b, '"'), slashes = json_where(&b, '\\'), line_ends = json_where(&b, '\n');
    if (slashes || carry->escaped) {
        uint64_t escaped = json_escaped(slashes, carry->escaped);
        carry->escaped = json_escapes_next(slashes, escaped, len);
        quotes &= ~escaped;
    }
    if (carry->in_string && !(quotes | line_ends))
        return false;
    uint64_t inside = json_parity(quotes) ^ json_spread(carry->in_string); /* from a quote up to the one that closes it */
    uint64_t commas = json_where(&b, ',') & ~inside, signs = json_where_sign(&b) & ~inside; /* colons and brackets */
    uint64_t colons = signs ? json_where(&b, ':') & signs : 0;
    uint64_t scalars = ~(inside | quotes | commas | signs | line_ends);
    if (scalars)
        scalars &= ~json_where_blank(&b);
    *block = (JsonBlock){
        .commas = commas,
        .colons = colons,
        .brackets = signs & ~colons,
        .strings = quotes & inside,
        .scalars = scalars & ~(scalars << 1 | carry->in_scalar),
        .line_ends = line_ends,
        .bad = (line_ends & inside) | (slashes & ~inside),
    };
    carry->in_string = inside >> (len - 1) & 1;
    carry->in_scalar = scalars >> (len - 1) & 1;
    return true;
}

#endif
