/*
 * Times in exports: RFC 3339 in JSON; in the CSV that the portal saves, what the browser's language makes of them (JavaScript's
 * Date.toLocaleString): "2/25/2025, 9:19:25.391 AM", "25/02/2025, 9:19:25.391 am", "25.2.2025, 09:19:25,391".
 *
 * Such a time does not say its zone, and the column's header ("timestamp [UTC]") only sometimes does; it is read as UTC. Whether
 * the day or the month stands first with slashes is decided once for a file, from all of its dates.
 */
#ifndef PARSERS_EXPORT_TIME_H
#define PARSERS_EXPORT_TIME_H

#include "base/moment.h"

enum { EXPORT_SECOND_BYTES = 19 }; /* "2026-01-07T09:19:25" */

/* What the dates of a file tell about their order, and what is known of the latest. Zero-initialise. */
typedef struct DateEvidence {
    bool day_first;                   /* a first number above 12 was seen */
    bool month_first;                 /* a second number above 12 was seen */
    bool capitals;                    /* AM or PM in capitals, as American English has it */
    char second[EXPORT_SECOND_BYTES]; /* of the latest time in UTC with a fraction: rows mostly share it ... */
    int64_t second_ns;                /* ... and when it began */
} DateEvidence;

typedef struct ExportTime {
    Moment moment;  /* MOMENT_NONE when the text is no time */
    bool ambiguous; /* read with the month first; date_swapped() makes the other reading of it */
} ExportTime;

/* Reads `text` and adds what it tells to `evidence`. */
ExportTime export_time_parse(Span text, DateEvidence *evidence);

/* Whether ambiguous dates have the day first, for all that was seen. */
bool date_has_day_first(const DateEvidence *evidence);

/* An ambiguous time with day and month exchanged; one that cannot be is returned as it is. */
Moment date_swapped(Moment moment);

#endif
