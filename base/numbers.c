#include "base/numbers.h"

enum { PLAIN_BYTES = sizeof(uint64_t) };

static NumberColumn *columns_of(unsigned char *block)
{
    return (NumberColumn *)(void *)block;
}

static unsigned char *place_of(unsigned char *block, const NumberColumn *c, size_t row)
{
    return block + c->at + row % NUMBERS_ROWS * c->width;
}

/* Of the word at `at` only `width` bytes change. */
static inline void store(unsigned char *at, uint32_t width, uint64_t stored)
{
    uint64_t word, mask = numbers_highest(width);
    unsigned shift = NUMBERS_LOW_FIRST ? 0 : 64 - 8 * width;
    memcpy(&word, at, sizeof word);
    word = (word & ~(mask << shift)) | stored << shift;
    memcpy(at, &word, sizeof word);
}

/* Bytes that it takes to store what is not above `highest`. */
static uint32_t width_for(uint64_t highest)
{
    uint32_t width = 0;
    for (; highest; highest >>= 8)
        width++;
    return width;
}

/* What stands for a number in a column with a width. */
static uint64_t difference(const NumberColumn *c, uint64_t number)
{
    return number == NUMBER_NONE ? 0 : number - c->base;
}

static bool fits(const NumberColumn *c, uint64_t number)
{
    uint64_t stored = difference(c, number);
    if (!c->width)
        return number == c->base;
    if (number == NUMBER_NONE)
        return true;
    return stored && stored <= numbers_highest(c->width); /* 0 would be read as no number */
}

/* A block with columns of those widths, whose numbers are yet to be stored. */
static unsigned char *new_block(const NumberColumn *columns, unsigned count)
{
    size_t bytes = count * sizeof *columns + PLAIN_BYTES - 1; /* the last number is read as a whole word, too */
    for (unsigned i = 0; i < count; i++)
        bytes += columns[i].width * NUMBERS_ROWS;
    unsigned char *block = alloc_bytes(bytes);
    uint32_t at = (uint32_t)(count * sizeof *columns);
    for (unsigned i = 0; i < count; i++) {
        columns_of(block)[i] = (NumberColumn){columns[i].base, at, columns[i].width};
        at += columns[i].width * NUMBERS_ROWS;
    }
    return block;
}

static unsigned char *new_plain_block(unsigned count)
{
    NumberColumn columns[NUMBERS_COLUMNS_MAX];
    for (unsigned i = 0; i < count; i++)
        columns[i] = (NumberColumn){.base = UINT64_MAX, .width = PLAIN_BYTES};
    return new_block(columns, count);
}

/* What the numbers of a column have in common. */
typedef struct Extent {
    uint64_t lowest, highest; /* NUMBER_NONE and 0 while there is none */
    bool absent;              /* somewhere there is none */
} Extent;

static void extend(Extent *extent, uint64_t number)
{
    uint64_t counted = number == NUMBER_NONE ? 0 : number;
    extent->absent |= number == NUMBER_NONE;
    extent->lowest = number < extent->lowest ? number : extent->lowest;
    extent->highest = counted > extent->highest ? counted : extent->highest;
}

static NumberColumn column_for(const Extent *extent)
{
    if (extent->lowest == NUMBER_NONE || (extent->lowest == extent->highest && !extent->absent))
        return (NumberColumn){.base = extent->lowest};
    return (NumberColumn){.base = extent->lowest - 1, .width = width_for(extent->highest - (extent->lowest - 1))};
}

/* A number that did not fit may be followed by others: room below, so that a column that falls is not packed anew for each. */
static void extend_further(Extent *extent, uint64_t number)
{
    extend(extent, number);
    uint64_t span = extent->highest - extent->lowest;
    if (extent->lowest != NUMBER_NONE)
        extent->lowest -= span < extent->lowest ? span : extent->lowest;
}

typedef uint64_t ColumnValues[NUMBERS_ROWS];

static void unpack(const unsigned char *block, unsigned column, uint64_t *values, size_t count)
{
    const NumberColumn c = ((const NumberColumn *)(const void *)block)[column];
    const unsigned char *at = block + c.at;
    for (size_t i = 0; i < count; i++, at += c.width) {
        uint64_t stored = c.width ? numbers_load(at, c.width) : 0;
        values[i] = stored ? c.base + stored : c.width ? NUMBER_NONE : c.base;
    }
}

static NumberColumn measure(const uint64_t *values, size_t count, const uint64_t *more)
{
    Extent extent = {.lowest = NUMBER_NONE};
    for (size_t i = 0; i < count; i++)
        extend(&extent, values[i]);
    if (more)
        extend_further(&extent, *more);
    return column_for(&extent);
}

/* Columns are filled from the first to the last: of each word the bytes behind the number are those of what is filled next. */
static void fill(unsigned char *block, unsigned column, const uint64_t *values, size_t count)
{
    const NumberColumn c = columns_of(block)[column];
    unsigned char *at = block + c.at;
    unsigned shift = NUMBERS_LOW_FIRST || !c.width ? 0 : 64 - 8 * c.width;
    for (size_t i = 0; i < count && c.width; i++, at += c.width) {
        uint64_t word = difference(&c, values[i]) << shift;
        memcpy(at, &word, sizeof word);
    }
}

/* A packed copy of the block, with room for `*more` in a column unless `more` is NULL. */
static unsigned char *pack(const Numbers *p, size_t index, unsigned column, const uint64_t *more)
{
    NumberColumn columns[NUMBERS_COLUMNS_MAX];
    ColumnValues values[NUMBERS_COLUMNS_MAX];
    size_t behind = p->len - index * NUMBERS_ROWS, count = behind < NUMBERS_ROWS ? behind : NUMBERS_ROWS;
    for (unsigned i = 0; i < p->columns; i++) {
        unpack(p->blocks.items[index], i, values[i], count);
        columns[i] = measure(values[i], count, i == column ? more : NULL);
    }
    unsigned char *block = new_block(columns, p->columns);
    for (unsigned i = 0; i < p->columns; i++)
        fill(block, i, values[i], count);
    return block;
}

/* Packs the oldest of the blocks that stand unpacked and hands back its room. */
static unsigned char *close_block(Numbers *p)
{
    size_t oldest = p->blocks.len - NUMBERS_OPEN;
    unsigned char *plain = p->blocks.items[oldest];
    p->blocks.items[oldest] = pack(p, oldest, 0, NULL);
    return plain;
}

void numbers_add(Numbers *p, const uint64_t *values)
{
    size_t row = p->len;
    if (row % NUMBERS_ROWS == 0) {
        unsigned char *plain = p->blocks.len >= NUMBERS_OPEN ? close_block(p) : new_plain_block(p->columns);
        vec_push(&p->blocks, plain);
    }
    p->len++;
    unsigned char *block = vec_last(&p->blocks), *at = place_of(block, columns_of(block), row);
    for (unsigned i = 0; i < p->columns; i++, at += PLAIN_BYTES * NUMBERS_ROWS) {
        uint64_t stored = values[i] + 1; /* no number becomes 0 */
        memcpy(at, &stored, sizeof stored);
    }
}

void numbers_set_packed(Numbers *p, size_t row, unsigned column, uint64_t number)
{
    size_t index = row / NUMBERS_ROWS;
    unsigned char *block = p->blocks.items[index];
    if (!fits(&columns_of(block)[column], number)) {
        p->blocks.items[index] = pack(p, index, column, &number);
        free(block);
        block = p->blocks.items[index];
    }
    const NumberColumn *c = &columns_of(block)[column];
    if (c->width)
        store(place_of(block, c, row), c->width, difference(c, number));
}

void numbers_free(Numbers *p)
{
    for (size_t i = 0; i < p->blocks.len; i++)
        free(p->blocks.items[i]);
    vec_free(&p->blocks);
    p->len = 0;
}
