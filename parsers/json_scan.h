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
    uint64_t
        bad; /* what has no business there: line ends in strings (they are among `line_ends`), backslashes outside of strings */
} JsonBlock;

/* Reads `len` bytes, 1 to JSON_BLOCK_BYTES. False when nothing is in them: they are a part of a string. */
bool json_scan(JsonCarry *carry, const char *bytes, size_t len, JsonBlock *block);

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

#endif
