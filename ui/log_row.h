/* What is done with one line of a raw log. Private to ui/. */
#ifndef UI_LOG_ROW_H
#define UI_LOG_ROW_H

#include "model/log_place.h"
#include "ui/log_lines.h"
#include "ui/view.h"

/* Opens the source that the line shows in the editor: of a profiler's row its line, of a traceback the one that it names. */
void log_row_edit(Ui *ui, LogPlaces *places, Id source, const LogLine *line);

/* Copies the line as it stands in the log. */
void log_row_copy(Ui *ui, const LogLine *line);

/* Says in a popup what the line is, and of which report or invocation, and shows all of it. */
void log_row_explain(Ui *ui, LogPlaces *places, Id source, const LogLine *line, UiLineKind kind);

#endif
