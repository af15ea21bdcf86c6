/*
 * The raw lines of exports: which of them are rows about memory and invocations. Where rows begin shows in any part of a document;
 * what they say is found by reading them again as the parser does, behind the document's beginning with its columns.
 */
#ifndef SRC_LOG_ROWS_H
#define SRC_LOG_ROWS_H

#include "parsers/format.h"
#include "src/log_front.h"
#include "src/log_text.h"

/* How a document has its rows. Zero-initialise; end with log_form_free(). */
typedef struct LogForm {
    bool known;
    uint64_t tried; /* there were so many bytes when it was looked for */
    char opener;    /* JSON: of a row */
    bool own_line;  /* JSON: each row begins a line, behind ... */
    Buffer indent;  /* ... these blanks */
    Buffer head;    /* what stands before the first row */
    LogClock clock;
} LogForm;

/* Finds it out, when enough is there. */
void log_form_learn(LogForm *form, LogTexts *texts, Id id, InputKind kind);

/* Says what each of the lines is, which follow one another. */
void log_rows(LogForm *form, LogTexts *texts, Id id, InputKind kind, UiLogLine *lines, size_t count);

void log_form_free(LogForm *form);

#endif
