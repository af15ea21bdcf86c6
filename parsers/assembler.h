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

typedef struct Assembler Assembler;

/* A new assembler that hands what it finds to `sink`; end it with assembler_free(). */
Assembler *assembler_new(ReportSink sink);

/* Takes the next record of the source, and notes in it what is its own to say. */
void assembler_record(Assembler *assembler, Record *record);

/*
 * The input has been silent for a while: closes the reports that have rows and could not show their end. memory_profiler writes a
 * report at once, so a live view need not wait for the next record to show it.
 */
void assembler_settle(Assembler *assembler);

/*
 * The input is live, and goes on with records that concern no report: decides what waits for others, by the best guess. Reports
 * stay open.
 */
void assembler_hurry(Assembler *assembler);

/* The input has ended, or was cut off: closes all open reports, in the order in which they began. */
void assembler_finish(Assembler *assembler);

void assembler_free(Assembler *assembler);

#endif
