/* Which line of a raw log is selected, and which is the first on the screen. Private to ui/. */
#ifndef UI_LOG_CURSOR_H
#define UI_LOG_CURSOR_H

#include "ui/log_lines.h"

typedef struct LogCursor {
    uint64_t top, at; /* where the first line on the screen and the selected one begin */
    int rows;         /* on the screen when it was drawn last */
    /* How many rows the line that begins at `begin` takes, 1 to `rows`; NULL: each takes one. */
    int (*height)(void *ctx, LogLines *lines, uint64_t begin);
    void *ctx;
} LogCursor;

/* How many rows a line takes. */
int log_cursor_height(const LogCursor *cursor, LogLines *lines, uint64_t begin);

/* Whether the first row says what is gone from the log. */
bool log_cursor_shows_note(const LogCursor *cursor, const LogLines *lines);

/* Brings the selected line onto the screen; `centre` into its middle when it was not there. */
void log_cursor_scroll(LogCursor *cursor, LogLines *lines, bool centre);

/* Puts the selected line into the middle. */
void log_cursor_centre(LogCursor *cursor, LogLines *lines);

/* Selects the line that begins at `begin`. */
void log_cursor_select(LogCursor *cursor, LogLines *lines, uint64_t begin, bool centre);

/* Selects the line that begins at `begin` and shows as much as can be of what follows, and the line before it. */
void log_cursor_head(LogCursor *cursor, LogLines *lines, uint64_t begin);

/* Selects the line so many lines below, or above. */
void log_cursor_move(LogCursor *cursor, LogLines *lines, int by);

/* Scrolls by so many rows, and selects the line that many below, or above: what is on the screen moves as a whole, as in pagers. */
void log_cursor_page(LogCursor *cursor, LogLines *lines, int by);

/* Keeps both within what there is: what was dropped or cut may have taken their place away. */
void log_cursor_hold(LogCursor *cursor, LogLines *lines);

#endif
