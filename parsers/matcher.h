/*
 * Which open report takes a row? Rows carry no sign of whose they are, and those of reports that are written at the same time stand
 * in the log in any order. Several guesses about the latest rows are carried along, each with a score; a row is given to its report
 * when all guesses that are left agree, or when it must be.
 */
#ifndef PARSERS_MATCHER_H
#define PARSERS_MATCHER_H

#include "parsers/knowledge.h"
#include "parsers/open_report.h"

typedef struct Matcher Matcher;

/*
 * Hands over a piece, a row or an end record, whose report is decided; `owner` is an index into the open reports, or NO_OWNER when
 * none can take it.
 */
typedef void (*PieceTaker)(void *ctx, size_t owner, const Record *piece);

#define NO_OWNER SIZE_MAX

/* `open` and `knowledge` are the assembler's and outlive the matcher; end it with matcher_free(). */
Matcher *matcher_new(const OpenReports *open, const Knowledge *knowledge, PieceTaker take, void *ctx);

/* The next row or end record. It is handed over at once, or later as a copy. */
void matcher_piece(Matcher *matcher, const Record *piece);

/* Pieces that only the open report with that index could take went to it. Nothing may wait for a decision. */
void matcher_passed_by(Matcher *matcher, size_t index);

/* Whether pieces wait for a decision. */
bool matcher_is_undecided(const Matcher *matcher);

/*
 * At least one of the open reports for which `expected` is true should have rows by now: guesses in which none has lose. There is an
 * entry for each of the open reports.
 */
void matcher_expect_rows(Matcher *matcher, const bool *expected);

/* The open report with that index is closed: none of the pieces that wait may be its. Those behind it move up. */
void matcher_forget(Matcher *matcher, size_t index);

/* Hands over all that is undecided, by the best guess. Must be called before a report is closed that could go on. */
void matcher_settle(Matcher *matcher);

void matcher_free(Matcher *matcher);

#endif
