/*
 * Which open report takes a row, when the host may print the records of one invocation in any order? Hosts before 4.36 do
 * (azure-functions-host: each log record of a worker is handed to the thread pool by itself). Order tells nothing then: what is
 * left is which lines a report has already, what the source looks like, and the arithmetic of neighbouring rows.
 */
#ifndef PARSERS_UNORDERED_H
#define PARSERS_UNORDERED_H

#include "parsers/knowledge.h"
#include "parsers/open_report.h"

#define UNORDERED_NOBODY SIZE_MAX

/*
 * The index of the open report that suits a row or end record best, or UNORDERED_NOBODY when none does: its report may still begin.
 * `*contested` tells whether another suits it nearly as well.
 */
size_t unordered_owner(const OpenReports *open, const Knowledge *knowledge, const Record *piece, bool *contested);

/* Where in the report's rows the row belongs, by its line number. */
size_t unordered_place(const ParsedReport *report, uint32_t line);

#endif
