/*
 * Which columns of a table are shown, where, and how wide. Columns are as wide as what was seen in them so far, so that they do not
 * jump while one scrolls. Where the screen is narrow, columns with the highest rank leave first, but not those that tell rows apart;
 * those of them that say the same in all rows leave early. Scrolling sideways brings them back. Private to ui/.
 */
#ifndef UI_TABLE_LAYOUT_H
#define UI_TABLE_LAYOUT_H

#include "model/display.h"
#include "model/table.h"

enum { LAYOUT_COLUMNS_MAX = 32 };

typedef struct ColumnLayout {
    /* what was seen, cells */
    int left;  /* before the decimal point, or the whole text */
    int right; /* the point and what is behind it */
    int brief; /* of names, as draw_short_name() has them */
    bool seen; /* some cell was not empty */
    uint64_t first; /* of the first text that was seen: its hash ... */
    bool some, varied; /* ... whether there was one, and whether others are different */
    /* the result */
    bool shown;
    int at;    /* first cell, from the left edge of the table */
    int width;
    size_t skip; /* cells of text that are scrolled out at its left */
    bool cut;    /* some text in it is longer */
} ColumnLayout;

typedef struct TableLayout {
    ColumnLayout columns[LAYOUT_COLUMNS_MAX];
    bool several; /* rows: what tells them apart is to be seen */
    uint32_t left_out; /* columns that a person does not want, a bit each; the one that is sorted by is shown all the same */
    size_t first; /* columns scrolled out behind the first one, which always stays; 0: the best selection for the width */
    size_t skip;  /* cells of flexible text that are scrolled out */
    bool units; /* headers say them: there is room for all of them, or none does */
    bool more_left, more_right; /* something is hidden there */
    size_t hidden;              /* columns that have something in them and are not shown */
} TableLayout;

/* Forgets what was seen: other rows are to come first. The result stays until layout_arrange(). */
void layout_forget(TableLayout *layout);

/* Takes a cell's text into account. */
void layout_measure(TableLayout *layout, const TableKind *kind, size_t column, const Cell *cell, Span text, DisplayStyle style);

/* Cells before the decimal point of `text`; of text without one, all but a unit behind the number. */
int layout_point(Span text);

/* What the header says: the title, with its unit where `layout` has room for them. */
void layout_header(const TableLayout *layout, const Column *column, Buffer *out);

/* Whether cells of the column are aligned on the decimal point at the right edge. */
bool layout_is_numeric(const Column *column);

/* Computes the result for `width` cells. */
void layout_arrange(TableLayout *layout, const TableKind *kind, TableSort sort, int width);

/* Scrolls by one step; call after layout_arrange(). Returns whether there was anything to scroll. */
bool layout_scroll(TableLayout *layout, const TableKind *kind, int direction);

/* Scrolls to the last column, and to the end of the longest text in it. */
void layout_scroll_to_end(TableLayout *layout, const TableKind *kind, TableSort sort, int width);

#endif
