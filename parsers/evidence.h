/* What speaks for a row being the next of a report, in points. Private to parsers/. */
#ifndef PARSERS_EVIDENCE_H
#define PARSERS_EVIDENCE_H

#include "parsers/open_report.h"

/* How often a value can be halved until nothing is left; 0 for what is not above 0. */
static inline int evidence_doublings(int64_t value)
{
    return value > 0 ? 64 - __builtin_clzll((unsigned long long)value) : 0;
}

/* A report is written in one go: at most 0, and less the longer its latest record is ago. */
int evidence_age(const Track *track, const Record *piece);

/*
 * A row's increment is memory now less what the line before had reached: whether `later` begins where the memory of the line before,
 * `earlier`, ends. `whole` when no rows in between can be hidden.
 */
int evidence_memory(Mib earlier, const ProfilerRow *later, bool whole);

#endif
