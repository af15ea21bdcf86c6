/* The fronts of raw lines: the time that a line says it was written at, and what a short form of it leaves out. */
#ifndef SRC_LOG_FRONT_H
#define SRC_LOG_FRONT_H

#include "parsers/export_time.h"
#include "parsers/stamp.h"
#include "ui/ui.h"

/* What the times of a log tell about the order of day and month. Zero-initialise. */
typedef struct LogClock {
    CultureClock text;
    DateEvidence export;
} LogClock;

/*
 * When the line was written: a time at its front, behind no more than what wraps it; in a line of an export (`export`) the first
 * cell that is one. MOMENT_NONE without.
 */
Moment log_front_time(Span text, bool export, LogClock *clock);

/*
 * The front of a line. Its short form keeps of a time the time of day, and what wraps the line where that is short; where it is
 * known at which byte that begins which the line says (`said`, else 0), it keeps nothing else. Where a collector has put a time of
 * its own before that of the line, it keeps the latter. In a row of an export whose first cell is the time, the line says what is
 * in the second one and those behind it.
 */
UiLogFront log_front_find(Span text, bool export, size_t said);

/* Where the profiler's text begins: behind the name of its logger. 0 when that is not there. */
size_t log_front_behind_logger(Span text, Span logger);

#endif
