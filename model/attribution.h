/*
 * Which invocation does a report belong to? Private to model/.
 *
 * An id in the record decides. Otherwise an invocation can own a report only if it was open from the report's first record to its
 * last. Where several were, the function that owns the code tells them apart, then which way to pair all of them explains most: a
 * report is printed when the profiled call returns, so its own Executed follows soon. A decision waits for those ends where it must.
 */
#ifndef MODEL_ATTRIBUTION_H
#define MODEL_ATTRIBUTION_H

#include "model/intake.h"

/* A report was closed: decides at once or puts it on the waiting list. */
void attribution_report_closed(Intake *intake, Id report);

/* A report was closed whose records name its invocation, which is set: nothing is left to be decided. */
void attribution_report_named(Intake *intake, Id report);

/* An invocation is about to begin, `now`. */
void attribution_call_begins(Intake *intake, Moment now);

/* An invocation has ended; its `ended_number` is set. */
void attribution_call_ended(Intake *intake, Id invocation);

/* An invocation ended whose beginning the capture does not show; it was just added. */
void attribution_orphan_ended(Intake *intake, Id invocation);

/* The end of an invocation that has ended was read again: the log repeats a part, and with it maybe its reports. */
void attribution_call_ended_again(Intake *intake, Id invocation);

/* The worker process is gone: decides all that waits, and forgets its invocations. */
void attribution_process_ended(Intake *intake);

/* Too many invocations are remembered: the first that has ended is forgotten, else the one that began first is taken for lost. */
void attribution_forget_oldest(Intake *intake);

/* The input has ended: decides all that waits. */
void attribution_finish(Intake *intake);

#endif
