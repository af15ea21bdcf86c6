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

/* What is drawn of a line: each form leaves out more than the one before. */
typedef enum LookForm {
    LOOK_FULL,
    LOOK_PLAIN, /* no escape sequences */
    LOOK_SHORT, /* nor what its front has for cuts */
} LookForm;

/* Whether the line has something that the form leaves out. */
bool log_look_has_cuts(const UiLogLine *line, LookForm form);

/* The text of a line in that form, which may be in `scratch`; `*front` is how much of it is no more than its front. */
Span log_look_text(const UiLogLine *line, LookForm form, Buffer *scratch, size_t *front);

/* Where the byte `at` of the line stands in that form; SIZE_MAX when a byte from there to `end` is left out, or a blank in its
 * place. */
size_t log_look_place(const UiLogLine *line, LookForm form, size_t at, size_t end);
/* The same, but where it is left out the place of what follows it. */
size_t log_look_near(const UiLogLine *line, LookForm form, size_t at);
/* The other way round. */
size_t log_look_byte(const UiLogLine *line, LookForm form, size_t place);

#endif
