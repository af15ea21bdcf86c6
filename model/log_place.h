/* The way between what was measured and the raw log: where an item stands in it, and whose a line of it is. */
#ifndef MODEL_LOG_PLACE_H
#define MODEL_LOG_PLACE_H

#include "model/table.h"

/* A stretch of a raw log. Offsets are bytes of the decoded text, as records carry them. */
typedef struct LogPlace {
    Id source;
    uint64_t begin; /* of the line with its first record ... */
    uint64_t last;  /* ... and with its last */
    Id report;      /* the report that it is of, or NO_ID */
    uint32_t row;   /* the row of the report to look for in it, or NO_ID */
} LogPlace;

/* A run of closed reports: where the first and the last of them begin, and the last byte of any. */
typedef struct LogStretch {
    uint64_t first, last_first, last;
} LogStretch;

/*
 * Where that stands which the scope is about: the row of its line in its report, else its report, else its invocation, else the
 * newest report of its line or of its target. False when no record of it was seen.
 */
bool log_place_of(const Model *model, Scope scope, LogPlace *place);

/* Whether the raw line `text` shows that row: its number, its memory and its source text, whatever stands around them. */
bool log_line_shows(const Model *model, const Report *report, uint32_t row, Span text);

/* What finds closed reports by where they stand without a look at all of them. Zero-initialise; end with log_places_free(). */
typedef struct LogPlaces {
    VEC(LogStretch) stretches; /* of so many reports each, in the order in which they were completed */
    size_t seen;
} LogPlaces;

void log_places_free(LogPlaces *places);

/*
 * The closed report to which the raw line `text` at the bytes from `begin` to `end` belongs: of those whose records stand around it
 * the one whose invocation it names, and of several the one that has such a row, else the one that begins here, else the shortest;
 * NO_ID without any. `*row` is that row, or NO_ID.
 */
Id log_report_at(LogPlaces *places, const Model *model, Id source, uint64_t begin, uint64_t end, Span text, uint32_t *row);

/* The closed report of the source that begins next behind `offset` (`direction` 1), or last before it (-1); NO_ID without any. */
Id log_report_next(LogPlaces *places, const Model *model, Id source, uint64_t offset, int direction);

/* Whether a line of the profiler is the report's. `text` is its record, at the bytes from `begin` to `end`. */
bool log_line_is_of(const Model *model, Id report, uint64_t begin, uint64_t end, Span text);

/* The newest invocation of that source whose id the raw line `text` has, or NO_ID. */
Id log_invocation_at(const Model *model, Id source, Span text);

#endif
