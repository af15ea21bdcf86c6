/*
 * Finds where rows and cells of CSV (RFC 4180) begin and end: quotes are doubled in cells that stand in quotes, and such cells may
 * have line ends. Nothing is copied; the text of a cell is made when somebody asks for it.
 *
 * As lenient as libcsv: a quote in a cell without quotes is a byte like others; so is one in a cell with quotes behind which
 * neither a delimiter nor a line end nor another quote stands. Rows end with CR, LF or both, and empty lines are none.
 */
#ifndef PARSERS_CSV_CUTTER_H
#define PARSERS_CSV_CUTTER_H

#include "base/buffer.h"
#include "base/vec.h"

enum { CSV_CELLS_MAX = 1024 }; /* of a row whose places are kept: no export has more, but a damaged file may */

/* Where a cell is, without its quotes. */
typedef struct CsvCell {
    size_t at, len;
    bool doubled; /* a quote stands in it, which may be two */
} CsvCell;

typedef enum CsvPlace {
    CSV_BETWEEN_ROWS,
    CSV_BEFORE_CELL,
    CSV_IN_CELL,
    CSV_IN_QUOTES,
    CSV_BEHIND_QUOTE, /* in a cell in quotes, maybe at its end */
} CsvPlace;

/* Zero-initialise and set `delimiter`; end with csv_cutter_free(). */
typedef struct CsvCutter {
    char delimiter;
    CsvPlace place;
    size_t begin; /* of the cell at hand */
    bool doubled;
    bool reopened;      /* in a cell in quotes of the row a quote stood as one does at the beginning of a cell */
    size_t count;       /* cells of the row so far */
    VEC(CsvCell) cells; /* the first CSV_CELLS_MAX of them */
} CsvCutter;

/*
 * Reads on in `text` from `*at` up to the end of a row or of the text; true when a row ended, which is in `cells` then until
 * csv_cutter_clear(). What was read of a row must stand at the same offsets of `text` in the next call.
 */
bool csv_cutter_read(CsvCutter *cutter, Span text, size_t *at);

/* The text ends at `end`; true when a row ended with it. */
bool csv_cutter_finish(CsvCutter *cutter, size_t end);

/* Begins a new row. */
void csv_cutter_clear(CsvCutter *cutter);

/* The text of a cell; where quotes were doubled, in `scratch`, which is overwritten. */
Span csv_cell_text(Span text, const CsvCell *cell, Buffer *scratch);

void csv_cutter_free(CsvCutter *cutter);

#endif
