/* A table on the stack. Its functions do nothing and say so (false) when the view is no table. Private to ui/. */
#ifndef UI_TABLE_VIEW_H
#define UI_TABLE_VIEW_H

#include "ui/view.h"

/* Shows the rows that match `text`: "!text" those that do not, "" all. False on a bad pattern, with `*error` to free, or NULL. */
bool table_view_filter(View *view, Span text, char **error);

/* Sorts by a column's id or title; ":asc" and ":desc" may follow. */
bool table_view_sort(View *view, Span column);

/* Goes to row `number`, from 1. */
bool table_view_goto(View *view, uint64_t number);

/* Keeps the newest row selected. */
bool table_view_follow(View *view);

/* Writes the rows that are shown to a file, and asks before it replaces one. */
bool table_view_save(View *view, Span name);

/* What the Ui says about all tables (quiet) has changed. */
bool table_view_settings_changed(View *view);

#endif
