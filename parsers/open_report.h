/* A report whose records are still coming. Private to parsers/. */
#ifndef PARSERS_OPEN_REPORT_H
#define PARSERS_OPEN_REPORT_H

#include "parsers/report.h"

/* How far the rows of a report have come: what decides which row it can take next. */
typedef struct Track {
    uint32_t first_line; /* 0 before its first row */
    uint32_t last_line;
    Mib last_memory; /* of its last measured row, MIB_NONE before one */
    int64_t last_occurrences;
    int64_t last_ns; /* when its latest record was logged, or MOMENT_UNKNOWN */
    uint64_t ended; /* 0 or 1; as wide as the rest, so that tracks have no padding and compare as bytes */
} Track;

#define TRACK_BEGIN ((Track){0, 0, MIB_NONE, OCCURRENCES_NONE, MOMENT_UNKNOWN, 0})

typedef struct OpenReport {
    ParsedReport report;
    Track track;
    uint64_t file;       /* hash_text() of its path */
    uint64_t last_piece; /* count of profiler records when it took its latest */
    bool has_header;
    bool probably_over; /* see ReportProspect */
    bool announced;  /* the sink knows it */
    bool on_stdout;  /* printed, not logged: its records may come late and lack their end */
    bool has_call;   /* an invocation was open when it began */
    bool blank_seen; /* one empty line behind its rows; a second one ends it */
    bool learnt;     /* what it tells about the source is taken in */
    bool expired;    /* every invocation that may own it has ended */
} OpenReport;

typedef VEC(OpenReport *) OpenReports;

/* Whether the record was written through the same logger, by the same invocation as far as it says, as the report. */
static inline bool same_channel(const OpenReport *o, const Record *record)
{
    return span_eq(buffer_span(&o->report.logger), record->profiler.logger) &&
           span_eq(buffer_span(&o->report.invocation), record->invocation) &&
           span_eq(buffer_span(&o->report.function), record->function);
}

/* Moves the track behind one more row. */
static inline void track_pass_row(Track *track, const ProfilerRow *row)
{
    if (!track->first_line)
        track->first_line = row->line;
    if (row->line > track->last_line) /* rows of old hosts may come in any order */
        track->last_line = row->line;
    if (row->measured) {
        track->last_memory = row->memory;
        track->last_occurrences = row->occurrences;
    }
}

/* Moves the track behind one more row or end record. */
static inline void track_advance(Track *track, const Record *piece)
{
    track->last_ns = piece->profiler.time_ns;
    if (piece->profiler.piece == PROFILER_END)
        track->ended = 1;
    else
        track_pass_row(track, &piece->profiler.row);
}

#endif
