#include "parsers/json_scan.h"

#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* A block, and bits for the bytes of it that are what somebody looks for. */
#ifdef __SSE2__

typedef struct Bytes {
    __m128i lanes[4];
} Bytes;

static inline Bytes load(const char *p)
{
    const __m128i *lanes = (const __m128i *)(const void *)p;
    return (Bytes){{_mm_loadu_si128(lanes), _mm_loadu_si128(lanes + 1), _mm_loadu_si128(lanes + 2), _mm_loadu_si128(lanes + 3)}};
}

static inline uint64_t bits_of(__m128i a, __m128i b, __m128i c, __m128i d)
{
    uint64_t low = (unsigned)_mm_movemask_epi8(a) | (unsigned)_mm_movemask_epi8(b) << 16;
    uint64_t high = (unsigned)_mm_movemask_epi8(c) | (unsigned)_mm_movemask_epi8(d) << 16;
    return low | high << 32;
}

static inline __m128i lane_equals(__m128i lane, char byte)
{
    return _mm_cmpeq_epi8(lane, _mm_set1_epi8(byte));
}

static inline uint64_t where(const Bytes *b, char byte)
{
    return bits_of(lane_equals(b->lanes[0], byte), lane_equals(b->lanes[1], byte), lane_equals(b->lanes[2], byte),
                   lane_equals(b->lanes[3], byte));
}

static inline __m128i lane_blanks(__m128i lane)
{
    return _mm_or_si128(lane_equals(lane, ' '), _mm_or_si128(lane_equals(lane, '\t'), lane_equals(lane, '\r')));
}

static inline uint64_t where_blank(const Bytes *b)
{
    return bits_of(lane_blanks(b->lanes[0]), lane_blanks(b->lanes[1]), lane_blanks(b->lanes[2]), lane_blanks(b->lanes[3]));
}

static inline __m128i lane_signs(__m128i lane)
{
    __m128i brace = _mm_or_si128(lane, _mm_set1_epi8(0x20)); /* which a bracket becomes by that bit */
    return _mm_or_si128(lane_equals(lane, ':'), _mm_or_si128(lane_equals(brace, '{'), lane_equals(brace, '}')));
}

static inline uint64_t where_sign(const Bytes *b)
{
    return bits_of(lane_signs(b->lanes[0]), lane_signs(b->lanes[1]), lane_signs(b->lanes[2]), lane_signs(b->lanes[3]));
}

#else

typedef struct Bytes {
    const char *p;
} Bytes;

static inline Bytes load(const char *p)
{
    return (Bytes){p};
}

static uint64_t where_any(const Bytes *b, const char *set)
{
    uint64_t bits = 0;
    for (int i = JSON_BLOCK_BYTES - 1; i >= 0; i--)
        bits = bits << 1 | (b->p[i] && strchr(set, b->p[i]));
    return bits;
}

static uint64_t where(const Bytes *b, char byte)
{
    return where_any(b, (const char[]){byte, '\0'});
}

static uint64_t where_blank(const Bytes *b)
{
    return where_any(b, " \t\r");
}

static uint64_t where_sign(const Bytes *b)
{
    return where_any(b, ":{}[]");
}

#endif

/* The bytes that a backslash in front of them escapes. Those are odd ones in a run of backslashes, and what is behind it. */
static uint64_t escaped_bytes(uint64_t slashes, bool carried)
{
    static const uint64_t even = UINT64_C(0x5555555555555555);
    slashes &= ~(uint64_t)carried;
    uint64_t behind = slashes << 1 | carried;
    uint64_t runs_from_odd = slashes & ~even & ~behind;
    uint64_t sums = runs_from_odd + slashes; /* carries through each such run to the byte behind it */
    return (even ^ sums << 1) & behind;
}

/* Whether the backslash that is the last bit escapes what comes in the next block. */
static bool escapes_next(uint64_t slashes, uint64_t escaped, size_t len)
{
    return (slashes & ~escaped) >> (len - 1) & 1;
}

bool json_scan(JsonCarry *carry, const char *bytes, size_t len, JsonBlock *block)
{
    char padded[JSON_BLOCK_BYTES];
    if (len < JSON_BLOCK_BYTES) {
        memset(padded, ' ', sizeof padded);
        memcpy(padded, bytes, len);
        bytes = padded;
    }
    const Bytes b = load(bytes);
    uint64_t quotes = where(&b, '"'), slashes = where(&b, '\\'), line_ends = where(&b, '\n');
    if (slashes || carry->escaped) {
        uint64_t escaped = escaped_bytes(slashes, carry->escaped);
        carry->escaped = escapes_next(slashes, escaped, len);
        quotes &= ~escaped;
    }
    if (carry->in_string && !(quotes | line_ends))
        return false;
    uint64_t inside = json_parity(quotes) ^ (uint64_t) - (int64_t)carry->in_string; /* from a quote up to the one that closes it */
    uint64_t commas = where(&b, ',') & ~inside, signs = where_sign(&b) & ~inside;   /* colons and brackets */
    uint64_t colons = signs ? where(&b, ':') & signs : 0;
    uint64_t scalars = ~(inside | quotes | commas | signs | line_ends);
    if (scalars)
        scalars &= ~where_blank(&b);
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
