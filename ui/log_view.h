/* The raw log on the stack. Its functions do nothing and say so (false) when the view is no log. Private to ui/. */
#ifndef UI_LOG_VIEW_H
#define UI_LOG_VIEW_H

#include "model/log_place.h"
#include "ui/view.h"
#include "ui/when.h"

View *log_view_new(Ui *ui);

/* Goes to a place, and to the line of its row. False when there is no text of that log. */
bool log_view_show(View *view, const LogPlace *place);

/* As table_view_filter() and its like, for the lines of the log. */
bool log_view_filter(View *view, Span text, char **error);
bool log_view_preview_filter(View *view, Span text);
bool log_view_restore_filter(View *view);

/* Begins to write the lines that are shown to the file of that name. */
bool log_view_save(View *view, Span name);

/* Goes to a line ("12") or a share of the log ("50%"). */
bool log_view_goto(View *view, Span text);

/* Goes to the first line that is not before a time; says why it cannot. */
bool log_view_goto_time(View *view, const When *when);

#endif
