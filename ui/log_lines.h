/*
 * The lines of a raw log, found from any byte in both directions without a look at the whole. Rows of a document without line ends
 * are lines, and a line that is longer than a block is cut into pieces that are lines of their own: the same ones from wherever
 * they are reached. Private to ui/.
 */
#ifndef UI_LOG_LINES_H
#define UI_LOG_LINES_H

#include "base/buffer.h"
#include "base/vec.h"
#include "ui/ui.h"

enum { LOG_BLOCK = 64 << 10, LOG_LINE_MAX = 2 * LOG_BLOCK };

/* Lines to which all is limited: where they begin, ascending. */
typedef struct LogShown {
    VEC(uint64_t) begins;
} LogShown;

/* Zero-initialise but for `host` and `source`; end with log_lines_free(). */
typedef struct LogLines {
    const UiHost *host;
    Id source;
    UiLogExtent extent; /* as of the last refresh */
    char *window;       /* bytes that were read ... */
    uint64_t window_at; /* ... from here on */
    size_t window_len;
    const LogShown *shown; /* NULL: all lines; stays its owner's */
} LogLines;

typedef struct LogLine {
    uint64_t begin, end; /* its first byte, and the one behind its last */
    uint64_t next;       /* where the next line begins that is shown */
    bool ended;          /* by a newline, or where lines are cut */
    bool cut;            /* because it is too long: the next one goes on with it */
    Span text;           /* without its end; valid until the next call */
} LogLine;

/* Asks what there is now and forgets what was read. `frozen` keeps the end. False when there is no text. */
bool log_lines_refresh(LogLines *lines, bool frozen);

/*
 * The line that begins at `begin`; false at the end, or where nothing can be read any more. Where only some lines are shown: the
 * first of them there or behind it.
 */
bool log_line_at(LogLines *lines, uint64_t begin, LogLine *line);

/* Where the line begins that holds the byte at `offset`, or the one before it that is shown; offsets outside of what there is are
 * moved into it. */
uint64_t log_line_begin(LogLines *lines, uint64_t offset);

/* The same two among all lines, shown or not. */
bool log_raw_line_at(LogLines *lines, uint64_t begin, LogLine *line);
uint64_t log_raw_line_begin(LogLines *lines, uint64_t offset);

/* Where the line before the one at `begin` begins; `begin` itself when it is the first. */
uint64_t log_line_before(LogLines *lines, uint64_t begin);

/* Where the last line begins. */
uint64_t log_line_last(LogLines *lines);

/* The bytes from `from` on, at most `len`, as far as they can be read; valid until the next call. */
Span log_bytes(LogLines *lines, uint64_t from, size_t len);

void log_lines_free(LogLines *lines);

#endif
