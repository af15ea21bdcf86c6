/* What the lines of a raw log on the screen are, and how they look: in full, or with a short front. Private to ui/. */
#ifndef UI_LOG_LOOK_H
#define UI_LOG_LOOK_H

#include "ui/log_lines.h"

/* Zero-initialise; end with log_looks_free(). */
typedef struct LogLooks {
    VEC(UiLogLine) lines; /* those that were asked for, and some before them ... */
    VEC(size_t) asked;    /* ... which of them are the former */
    Buffer text;          /* theirs */
} LogLooks;

/* Asks about the lines from the one at `top` on that are shown, at most `rows`. */
void log_looks_ask(LogLooks *looks, LogLines *lines, uint64_t top, int rows);

size_t log_looks_count(const LogLooks *looks);
/* The line `index` of them, from 0; valid until something is asked again. */
const UiLogLine *log_looks_line(const LogLooks *looks, size_t index);

/* Lines of the profiler have no front at all in their short form. */
void log_looks_bare(LogLooks *looks);

void log_looks_free(LogLooks *looks);

/* Whether the line has something that its short form leaves out. */
bool log_look_has_cuts(const UiLogLine *line);

/* The text of a line, or its short form, which may be in `scratch`; `*front` is how much of it is no more than its front. */
Span log_look_text(const UiLogLine *line, bool brief, Buffer *scratch, size_t *front);

/* Where the byte `at` of the line stands in its short form; SIZE_MAX when that leaves a byte out from there to `end`. */
size_t log_look_place(const UiLogLine *line, size_t at, size_t end);
/* The other way round. */
size_t log_look_byte(const UiLogLine *line, size_t place);

#endif
