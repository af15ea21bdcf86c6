/*
 * Sorting of a table's rows by one column, in steps. Private to model/.
 *
 * One number is taken out of each row first: a cell's own, or what its text says when it is short, or the rank of its text among all
 * texts of the column. Numbers are sorted by radix, so that a million rows take some milliseconds a step, and rows that are equal
 * stay in the table's own order.
 */
#ifndef MODEL_TABLE_SORT_H
#define MODEL_TABLE_SORT_H

#include "base/intern.h"

enum { BYTE_VALUES = 256 };

typedef struct SortItem {
    uint64_t number;
    uint32_t rank; /* of its text from 1, 0 for a number; while the texts are gathered, its id plus one */
    uint32_t row;  /* index in the table's own order */
} SortItem;

typedef VEC(SortItem) SortItems;

/* Zero-initialise; end with sorter_free(). */
typedef struct TableSorter {
    SortItems items, spare;
    VEC(uint32_t) absent; /* rows without a value: they come last whatever the direction */
    Intern texts;
    VEC(uint32_t) order;  /* the texts: runs of `run` of them are sorted ... */
    VEC(uint32_t) merged; /* ... and from those before `merge_at` runs of twice as many were made */
    size_t run, merge_at;
    bool ranked;   /* texts are told apart by rank */
    unsigned pass; /* byte to be sorted by next, from the lowest ... */
    size_t moved;  /* ... for which so many items were moved to `spare` */
    size_t places[BYTE_VALUES]; /* where the next item of each value of the byte goes */
} TableSorter;

struct Table;

/* Begins anew. */
void sorter_begin(TableSorter *sorter);

/*
 * Goes on with sorting `table->pending`, about as long as it takes to ask `*allowance` rows, which is lowered by what was done. True
 * when the rows are in order.
 */
bool sorter_step(TableSorter *sorter, struct Table *table, size_t *allowance);

void sorter_free(TableSorter *sorter);

#endif
