/*
 * The grammar of memory_profiler's reports, one record at a time.
 *
 * The format is that of pythonprofilers/memory_profiler, memory_profiler.py, show_results() and LogFile.write(), in all its
 * released versions: a row is "{:>6} {:>12} {:>12}  {:>10}   {}" (0.58 and later) or the same without the fourth field, and every
 * field widens when its value needs more. Rows are therefore read by tokens, never by columns.
 */
#ifndef PARSERS_PROFILER_H
#define PARSERS_PROFILER_H

#include "parsers/record.h"

/*
 * Reads `message` (a record's text without console prefix) as a piece of a report, with or without a "logger: " in front.
 * `columns` says what the last header announced, or is all false. False when it is none; `text` is then undefined.
 */
bool profiler_parse(Span message, ProfilerColumns columns, ProfilerText *text);

/* Whether a piece of a report may begin with this byte, behind its logger's name if it has one. */
bool profiler_may_begin(char first);

/* The name of the logger that the documentation gives to memory_profiler. */
extern const Span profiler_logger;

/* The name that a source line defines ("def name(" or "async def name("), empty when it defines none. */
Span profiler_defined_name(Span contents);

/* Whether a source line is one at which a profiled function begins: a decorator or its def line. */
bool profiler_begins_function(Span contents);

/* Whether a row looks like the entry row of its report: such a line, with all of its memory as increment. */
bool profiler_is_entry(const ProfilerRow *row);

#endif
