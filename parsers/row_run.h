/*
 * Rows that repeat what an earlier report of the function showed, taken out of the bytes of a log one after the other: each must
 * have the front that all lines have, a line number for which a text is known, numbers in their fields, and that text. Such lines
 * need not be found, told apart and given to a report each for itself. What looks otherwise ends the run and is read like any other
 * line, so the result is the same. Private to parsers/.
 */
#ifndef PARSERS_ROW_RUN_H
#define PARSERS_ROW_RUN_H

#include "parsers/knowledge.h"
#include "parsers/shape.h"

typedef struct RowRun {
    /* What is expected. */
    Shape front;     /* of an empty line: what stands before each message */
    Shape row_front; /* of a row: with the logger's name, a colon and a blank */
    const Listings *listings;
    const Listing *listing; /* of the function whose report this is */
    ParsedReport *report;   /* gets the rows; it has some */
    /* What was taken. */
    size_t lines;              /* in all; some are empty */
    size_t rows;               /* of these */
    size_t last, last_but_one; /* lines up to that row, itself included; 0 where there is none */
    const char *last_at;       /* where the last row begins */
    const char *blank_at;      /* where the last line begins, if that is an empty one; else NULL */
} RowRun;

/* Nothing is taken yet. Sets the fronts: that of all lines, and that of the rows of the logger. */
void row_run_begin(RowRun *run, const Shape *front, Span logger);

/* Takes what it can from the front of `bytes`, whole lines only, and returns how many bytes these are. */
size_t row_run_take(RowRun *run, Span bytes);

#endif
