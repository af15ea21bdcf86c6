/*
 * A table of numbers in little room. Rows are only added, each with the same few columns, and stand in blocks. Of each column of a
 * block there is what its lowest number is and, in as many bytes as that takes, how much more the others are: numbers that grow
 * with the rows take two or three bytes, numbers that are all the same none. The latest blocks stand unpacked, because their
 * numbers may still change a lot; later a number that fits the room of its neighbours is put there, and another makes the block be
 * packed anew.
 */
#ifndef BASE_NUMBERS_H
#define BASE_NUMBERS_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/vec.h"

#if defined __BYTE_ORDER__ && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define NUMBERS_LOW_FIRST true
#else
#define NUMBERS_LOW_FIRST false
#endif

#define NUMBER_NONE UINT64_MAX /* no number: takes a place, but does not count for what is the lowest */

enum {
    NUMBERS_ROWS = 256, /* of a block */
    NUMBERS_OPEN = 2,   /* blocks that stand unpacked */
    NUMBERS_COLUMNS_MAX = 16,
};

typedef struct NumberColumn {
    uint64_t base;  /* without a width its only number; else one less than the lowest: the difference is stored, or 0 for none */
    uint32_t at;    /* where it begins, bytes from the beginning of the block */
    uint32_t width; /* bytes of a number, 0 to 8 */
} NumberColumn;

/* Zero-initialise but for `columns`; end with numbers_free(). */
typedef struct Numbers {
    unsigned columns;            /* at most NUMBERS_COLUMNS_MAX */
    size_t len;                  /* rows */
    VEC(unsigned char *) blocks; /* each is its columns and then their numbers */
} Numbers;

/* Adds a row: a number for each column. */
void numbers_add(Numbers *numbers, const uint64_t *values);

/* numbers_set() where a block is packed already. */
void numbers_set_packed(Numbers *numbers, size_t row, unsigned column, uint64_t number);

void numbers_free(Numbers *numbers);

/* The highest number that `width` bytes take, of 1 to 8. */
static inline uint64_t numbers_highest(uint32_t width)
{
    return UINT64_MAX >> (64 - 8 * width);
}

/* Numbers are stored in the order of the machine; `width` bytes of the word at `at`, of which all 8 may be read. */
static inline uint64_t numbers_load(const unsigned char *at, uint32_t width)
{
    uint64_t word;
    memcpy(&word, at, sizeof word);
    return NUMBERS_LOW_FIRST ? word & numbers_highest(width) : word >> (64 - 8 * width);
}

static inline uint64_t numbers_get(const Numbers *numbers, size_t row, unsigned column)
{
    const unsigned char *block = numbers->blocks.items[row / NUMBERS_ROWS];
    const NumberColumn *c = (const NumberColumn *)(const void *)block + column;
    if (!c->width)
        return c->base;
    uint64_t stored = numbers_load(block + c->at + row % NUMBERS_ROWS * c->width, c->width);
    return stored ? c->base + stored : NUMBER_NONE;
}

static inline void numbers_set(Numbers *numbers, size_t row, unsigned column, uint64_t number)
{
    unsigned char *block = numbers->blocks.items[row / NUMBERS_ROWS];
    const NumberColumn *c = (const NumberColumn *)(const void *)block + column;
    uint64_t stored = number + 1; /* as all are in a block that stands unpacked; none becomes 0 */
    if (c->base == NUMBER_NONE && c->width == sizeof stored)
        memcpy(block + c->at + row % NUMBERS_ROWS * sizeof stored, &stored, sizeof stored);
    else
        numbers_set_packed(numbers, row, column, number);
}

#endif
