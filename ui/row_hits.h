/*
 * A row of a table as one line of text, and where in its cells something was found: a pattern sees the line, so what it finds may
 * go over several cells, and may be in columns that are not shown. Private to ui/.
 */
#ifndef UI_ROW_HITS_H
#define UI_ROW_HITS_H

#include "base/vec.h"
#include "model/table.h"
#include "ui/pattern.h"
#include "ui/theme.h"

/* Between the cells of a line that is searched or filtered. */
#define ROW_SEPARATOR SPAN("  ")

/* What a cell's text is in the text of its row, in bytes. */
typedef struct CellPlace {
    size_t from, to;
} CellPlace;

/* Appends the cells of a row but for the pictures, separated; into `places`, unless it is NULL, where each column's text stands. */
void row_text(const Table *table, RowKey row, Span separator, Buffer *out, CellPlace *places);

/* The bytes `from` to `to` of a cell's text. */
typedef struct RowHit {
    size_t column;
    size_t from, to;
    Light light;
} RowHit;

/* Zero-initialise; end with row_hits_free(). */
typedef struct RowHits {
    RowKey row;
    VEC(RowHit) items;
    VEC(CellPlace) places;
    Buffer text;
} RowHits;

/* Begins with no hits, of that row. */
void row_hits_begin(RowHits *hits, RowKey row);

/* Reads the row, before row_hits_add(). */
void row_hits_read(RowHits *hits, const Table *table);

/* Adds what the pattern finds in the row. */
void row_hits_add(RowHits *hits, const Pattern *pattern, Light light);

void row_hits_free(RowHits *hits);

#endif
