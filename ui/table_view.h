/* A table on the stack. Its functions do nothing and say so (false) when the view is no table. Private to ui/. */
#ifndef UI_TABLE_VIEW_H
#define UI_TABLE_VIEW_H

#include "ui/view.h"
#include "ui/when.h"

/* The view of one report, which begins at its row `row` (NO_ID: at its hottest). */
View *table_view_report(Ui *ui, Id report, uint32_t row);

/* Shows the rows that match `text`: "!text" those that do not, "" all. False on a bad pattern, with `*error` to free, or NULL. */
bool table_view_filter(View *view, Span text, char **error);

/* The same while it is being typed: a pattern that is not complete changes nothing. The filter from before can be had back. */
void table_view_preview_filter(View *view, Span text);
void table_view_restore_filter(View *view);

/* The table's kind, or NULL. */
const TableKind *table_view_kind_of(View *view);

/* Goes to a row ("12", from 1) or to a share of them ("50%"). */
bool table_view_goto(View *view, Span text);

/* Goes to the row whose time is the first that is not before that one; false where rows have no times. */
bool table_view_goto_time(View *view, const When *when);

/* Keeps the newest row selected, or does not. */
bool table_view_follow(View *view, bool follow);

/* Writes the rows that are shown to a file, and asks before it replaces one. */
bool table_view_save(View *view, Span name);

/* What the settings say about all tables (quiet, sort, columns, ...) has changed. */
bool table_view_settings_changed(View *view);

#endif
