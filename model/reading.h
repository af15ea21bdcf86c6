/* A report as far as it was read: closed, or still open. Private to model/. */
#ifndef MODEL_READING_H
#define MODEL_READING_H

#include "model/intake.h"

typedef struct Reading {
    Id report;
    Id target;
    Id process;
    Id function; /* that its records name, or NO_ID */
    uint64_t first_number, last_number;
    uint64_t previous_number; /* of the record before the last */
    uint32_t rows;
    const ParsedReport *parsed; /* where its rows are while it is open, else NULL */
    bool on_stdout;
    bool doubtful;
    bool interleaved;
} Reading;

typedef VEC(Reading) Readings;

Reading reading_of_closed(Intake *intake, Id report);
Reading reading_of_open(Intake *intake, const OpenReport *open);

/* Whether all its rows may be here; one that is written to the end shows its end. */
bool reading_may_be_whole(const OpenReport *open);

/* Whether the invocation was open from the report's first record to its latest. */
static inline bool reading_is_within(const Reading *reading, const CallSpan *call)
{
    return call->last > reading->last_number && call->first < reading->first_number && call->process == reading->process;
}

/* The same, or its last row came later: that may be another's. */
bool reading_is_nearly_within(const Reading *reading, const CallSpan *call);

/* Whether the invocation may have printed it: all that an old host prints may come behind its end, until it is settled. */
bool reading_may_be_from(const Intake *intake, const Reading *reading, const CallSpan *call);

/* A row's numbers. */
typedef struct ReadingRow {
    bool measured;
    Mib memory, increment; /* MIB_NONE when not measured or not printed */
    unsigned decimals;
} ReadingRow;

ReadingRow reading_row(const Intake *intake, const Reading *reading, uint32_t index);

#endif
