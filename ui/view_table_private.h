/* A table on the stack, and the parts of what keys do with it. Private to view_table*.c. */
#ifndef UI_VIEW_TABLE_PRIVATE_H
#define UI_VIEW_TABLE_PRIVATE_H

#include "model/series.h"
#include "ui/table_view.h"
#include "ui/table_widget.h"
#include "ui/text_page.h"

typedef struct TableView {
    View view;
    TableId id;
    Scope scope;
    TableWidget widget;
    TextPage empty; /* what is shown while there is no report at all */
    struct HeldFilter { /* the filter from before another one was begun to be typed */
        bool held;
        Pattern *filter;
        bool negated, off;
        size_t index, top; /* where the selected row was on the screen */
    } before;
    bool follow;
    bool fresh;       /* not drawn yet: a row to begin with is to be chosen */
    Id first_line;    /* the source line to begin with, or NO_ID */
    Id first_report;  /* the same of a report */
    SourceText source;    /* TABLE_REPORT: the file of the function, where it can be read */
    uint32_t differences; /* rows in which the log says something else than that */
    size_t followed;  /* closed reports when the newest row was selected last */
    bool busy;        /* the rows of the table are being put together, a slice at a time */
    bool last_wanted; /* the last of them is to be selected when they are there */
    bool jump_forward, jump_here; /* how to go to the hit that is being looked for */
    bool previewing;  /* a search is being typed: where it began */
    RowKey search_from;
    size_t search_from_top;
    Buffer save_name; /* of the file that was asked for last */
} TableView;

/* The table of a view; NULL when it is no table. */
TableView *table_view_of(View *view);

static inline const Table *table_of(const TableView *t)
{
    return t->widget.table;
}

static inline const Column *column_at(const TableView *t, size_t column)
{
    return &table_kind(table_of(t))->columns[column];
}

/* Whether there is no report at all, and what is shown is what to do about that. */
bool table_view_explains_itself(const TableView *t);

/* Opens what the selected row leads to. */
void table_view_open(TableView *t);
/* Opens what stands before or behind this in the table that it was opened from. */
void table_view_open_sibling(TableView *t, int direction);

/* Opens the comparison of the two rows that are marked, or of the marked one and the selected one. */
void table_view_compare(TableView *t);

/* Reads the source file of a report, where it is to be had. */
void table_view_read_source(TableView *t);

/* Shows where the selected row stands in the raw log; opens its source file in the editor. */
void table_view_show_in_log(TableView *t);
void table_view_edit(TableView *t);

/* Asks for the name of a file to write the rows to. */
void table_view_ask_file(TableView *t);

/* Sorts by a column; the same one again reverses. */
void table_view_sort_by(TableView *t, size_t column);

/* Selects the row of the newest report. */
void table_view_select_newest(TableView *t);

/* Draws what stands above the table, for the kinds that have something; returns what is left for the table. */
Area table_view_draw_head(TableView *t, Area area);

/* Goes to the hit that is being looked for, if it is known now. */
void table_view_go_on_searching(TableView *t);

/* ViewKind's `search` and `cancel`. */
void table_view_search(View *view, Pattern *pattern, bool final);
bool table_view_cancel(View *view);

/* Each performs the actions that are its part; false for others. */
bool table_view_act_sort(TableView *t, ActionId action);
bool table_view_act_find(TableView *t, ActionId action);
bool table_view_act_row(TableView *t, ActionId action);

#endif
