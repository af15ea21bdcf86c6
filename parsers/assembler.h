/*
 * Puts the records of reports together. Several reports can be open at once, because invocations run concurrently and their
 * records interleave; each open report is an automaton that knows which record it can take next, and a record goes to the best
 * of those that can take it.
 *
 * A report closes at its end record where it has one; otherwise when no invocation is open any more that was open when it began,
 * when newer reports crowd it out, or with the input.
 */
#ifndef PARSERS_ASSEMBLER_H
#define PARSERS_ASSEMBLER_H

#include "parsers/report.h"
#include "parsers/row_run.h"

typedef struct Assembler Assembler;

/* A new assembler that hands what it finds to `sink`; end it with assembler_free(). */
Assembler *assembler_new(ReportSink sink);

/* Takes the next record of the source, and notes in it what is its own to say. */
void assembler_record(Assembler *assembler, Record *record);

/* Whether the rows that come next can go to one report only: the one that took the latest record. */
bool assembler_has_sole_taker(const Assembler *assembler);

/* Says what rows that one will get next, behind that front. False when nothing is known of its function; else it may get them. */
bool assembler_expect_rows(Assembler *assembler, const Shape *front, RowRun *run);

/* Such rows were given to it: so many, the last with that record, and the last but one, if there are two, with that number. */
void assembler_took_rows(Assembler *assembler, size_t rows, Record *last, uint64_t last_but_one);

/*
 * The input has been silent for a while: closes the reports that have rows and could not show their end. memory_profiler writes a
 * report at once, so a live view need not wait for the next record to show it. But a busy process may pause within one: so after a
 * short silence only a report is closed that is alone, and that no invocation's end will close. Returns whether a longer one may
 * close more.
 */
bool assembler_settle(Assembler *assembler, bool long_silence);

/*
 * The input is live, and goes on with records that concern no report: decides what waits for others, by the best guess. Reports
 * stay open.
 */
void assembler_hurry(Assembler *assembler);

/* The input has ended, or was cut off: closes all open reports, in the order in which they began. */
void assembler_finish(Assembler *assembler);

void assembler_free(Assembler *assembler);

#endif
