/*
 * Rows as nearly all are: each number in its field, none wider, memory with one decimal. What does not look so is read by tokens,
 * with the same result. Private to parsers/.
 */
#ifndef PARSERS_ROW_CELLS_H
#define PARSERS_ROW_CELLS_H

#include <inttypes.h>
#include <stdio.h>

#include "base/cells.h"
#include "parsers/record.h"

enum {
    ROW_NUMBER_CELLS = 6,
    ROW_CELLS = 44,                                      /* of a row with all numbers, before its source text */
    ROW_GAP = 3,                                         /* blanks between these and the text */
    ROW_BLANKS = ROW_CELLS - ROW_NUMBER_CELLS + ROW_GAP, /* those of an unmeasured row between its line number and its text */
};

/* The cells of the line number at `p`, of which eight bytes are read. */
static inline uint64_t row_cells_load_line(const char *p)
{
    return cells_load(p) << 16 | (CELLS_BLANKS & 0xffff);
}

/* What that gives for a line; 0 where the number is too long. */
static inline uint64_t row_cells_of_line(uint32_t line)
{
    char text[CELLS_BYTES + 1];
    return snprintf(text, sizeof text, "%8" PRIu32, line) == CELLS_BYTES && text[0] == ' ' && text[1] == ' ' ? cells_load(text) : 0;
}

/* The line number at `p`, of which eight bytes are read; false where there is none. */
static inline bool row_cells_take_line(const char *p, uint32_t *line)
{
    return cells_take_count(row_cells_load_line(p), line) && *line;
}

/* " <number> MiB" with one decimal, in its thirteen cells. */
static inline bool row_cells_take_memory(const char *p, Mib *value)
{
    int32_t tenths;
    if (p[0] != ' ' || memcmp(p + 9, " MiB", 4) != 0 || !cells_take_tenths(cells_load(p + 1), &tenths))
        return false;
    *value = tenths * (MIB_ONE / 10);
    return true;
}

/* The numbers of a measured row behind its line number; `p` is where the ROW_CELLS begin. Sets what they are in `row`. */
static inline bool row_cells_take_values(const char *p, ProfilerRow *row)
{
    uint32_t occurrences;
    if (!row_cells_take_memory(p + 6, &row->memory) || !row_cells_take_memory(p + 19, &row->increment))
        return false;
    if (memcmp(p + 32, "    ", 4) != 0 || !cells_take_count(cells_load(p + 36), &occurrences))
        return false;
    row->decimals = 1;
    row->occurrences = occurrences;
    row->measured = true;
    return true;
}

#endif
