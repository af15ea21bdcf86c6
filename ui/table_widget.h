/*
 * A table as it is drawn: rows that pass the filter, the selected one, marks, search hits, and what part of it all is on the screen.
 * Selection and marks belong to the identity of rows: new data never moves them. Private to ui/.
 */
#ifndef UI_TABLE_WIDGET_H
#define UI_TABLE_WIDGET_H

#include "base/vec.h"
#include "ui/pattern.h"
#include "ui/row_hits.h"
#include "ui/table_layout.h"
#include "ui/view.h"

typedef struct TableWidget {
    Table *table; /* owned */
    TableLayout layout;
    VEC(RowKey) filtered; /* rows that pass, while there is a filter */
    VEC(RowKey) passing;  /* those that will, while it is being applied ... */
    size_t filter_at;     /* ... to the rows before this one */
    bool filtering;
    bool rows_new; /* the rows, or their order, are others than were shown */
    Pattern *filter;      /* or NULL */
    bool filter_negated;
    bool filter_off; /* switched off for now */
    RowKey selected; /* NO_ROW: the first one, whichever that is */
    size_t index;    /* of the selected row */
    size_t top;      /* first row on the screen */
    int rows;        /* rows on the screen when it was drawn last */
    VEC(RowKey) marks;
    Pattern *search;  /* or NULL */
    VEC(size_t) hits; /* rows that it finds, ascending */
    size_t hits_at;   /* rows before this one were searched */
    bool hits_wanted; /* all of them: not while the search is being typed */
    bool hits_stale;
    bool jumping; /* to a hit that is still being looked for */
    bool centre;   /* the selected row is to be shown when the rows are in order */
    bool stay_first; /* it was the first one, and stays so in the new order */
    bool stale;    /* the rows must be looked at again */
    bool measured; /* the columns were */
    int64_t refreshed_ns, cost_ns; /* when new data was taken in last, and how long that took */
    int64_t spent_ns; /* on what is being taken in */
    size_t step;      /* rows that the table is to look at before the clock is looked at */
    RowHits row_hits; /* of the row that is being drawn */
    Area area;     /* where it was drawn last */
} TableWidget;

/* Takes over `table`. Ended by widget_free(). */
void widget_init(TableWidget *widget, Table *table);
void widget_free(TableWidget *widget);

/*
 * Takes in what is new, for some milliseconds, or one or two with `brief`; `frozen` leaves the model aside. True when it has to be
 * called again: until it says false what is shown are the rows from before.
 */
bool widget_refresh(TableWidget *widget, bool frozen, bool brief);

/* How long it is better to wait until new data is taken in, so that keys stay fast; 0 when there is no need. */
unsigned widget_wait_ms(const TableWidget *widget);

size_t widget_length(const TableWidget *widget);
RowKey widget_row(const TableWidget *widget, size_t index);
/* The selected row, NO_ROW in an empty table. */
RowKey widget_selected(const TableWidget *widget);

/* Selects by index; beyond the end selects the last. `centre` puts it into the middle when it was not on the screen. */
void widget_select(TableWidget *widget, size_t index, bool centre);
/* Selects a row when it is shown. */
bool widget_select_row(TableWidget *widget, RowKey row);
void widget_move(TableWidget *widget, ptrdiff_t by);
/* By another column: where the first row is selected, the first one is so then, too; any other row stays selected. */
void widget_sort(TableWidget *widget, TableSort sort);

/* Takes over `filter` (NULL: none). */
void widget_set_filter(TableWidget *widget, Pattern *filter, bool negated);
bool widget_filters(const TableWidget *widget);

/* Takes over `search` (NULL: none). */
void widget_set_search(TableWidget *widget, Pattern *search);
/*
 * Index of the hit before or behind row `from` (or at it), SIZE_MAX when there is none at all; or, where `jumping` is then set, when it
 * takes longer to tell: ask again when widget_refresh() says that all is done.
 */
size_t widget_hit(TableWidget *widget, size_t from, bool forward, bool here, bool *wrapped);
/*
 * The first hit at or behind row `from`, wrapping, without looking at more than some thousands of rows or for longer than some
 * milliseconds: for while the search is being typed.
 */
size_t widget_hit_nearby(const TableWidget *widget, size_t from);
/* "3 of 17": which hit the selected row is, from 1, or 0; and how many there are. */
void widget_hit_position(const TableWidget *widget, size_t *position, size_t *count);

bool widget_is_marked(const TableWidget *widget, RowKey row);
void widget_toggle_mark(TableWidget *widget, RowKey row);
/* The next marked row in that direction, wrapping; SIZE_MAX without any. */
size_t widget_marked_row(const TableWidget *widget, int direction);

/* The rows and columns that are shown, and which are marked; without a title. */
TableExtract widget_extract(const TableWidget *widget);

/* Sideways, to the last column. */
void widget_scroll_to_end(TableWidget *widget);

void widget_draw(TableWidget *widget, Area area);

/* What is at a cell of the screen: a row's index, or a column's header. */
bool widget_row_at(const TableWidget *widget, int row, size_t *index);
bool widget_header_at(const TableWidget *widget, int row, int column, size_t *index);

#endif
