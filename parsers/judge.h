/* How well a piece, a row or an end record, goes to an open report. Private to parsers/. */
#ifndef PARSERS_JUDGE_H
#define PARSERS_JUDGE_H

#include "parsers/knowledge.h"
#include "parsers/open_report.h"

/* Whether a report can take a piece at all. */
typedef enum Fit {
    FIT_NONE,
    FIT_LOOSE, /* only if a row in between is lost */
    FIT_STRICT,
} Fit;

/* The piece that is judged. Zero-initialise; each piece needs judge_begin(). */
typedef struct Judge {
    const Knowledge *knowledge;
    const Record *piece;
    uint32_t number; /* of the piece: from 1 */
    uint64_t text;   /* hash of its contents */
} Judge;

/* What is known of the source where a report stands: kept between judgements, so that it need not be looked up each time. */
typedef struct Insight {
    uint32_t number;                /* the piece for whose line that is ... */
    const KnownLine *known;         /* ... what is known of it */
    uint64_t learnt;                /* state of the knowledge for which the rest is true */
    uint32_t first_line, last_line; /* of the function, see knowledge_last_line() ... */
    uint32_t next_function;         /* ... and see knowledge_next_beginning() */
} Insight;

void judge_begin(Judge *judge, const Knowledge *knowledge, const Record *piece);

/* For a report of the same channel that has come as far as `track`. */
static inline Fit judge_fit(const OpenReport *report, const Track *track, const Record *piece)
{
    const ProfilerRow *row = &piece->profiler.row;
    if (track->ended)
        return FIT_NONE;
    if (piece->profiler.piece == PROFILER_END)
        return report->report.dense && track->first_line ? FIT_STRICT : FIT_NONE;
    if (!track->first_line)
        return FIT_STRICT;
    if (row->line <= track->last_line)
        return FIT_NONE;
    if (report->report.dense)
        return row->line == track->last_line + 1 ? FIT_STRICT : FIT_LOOSE;
    return row->measured || report->report.logger.len ? FIT_STRICT : FIT_NONE;
}

/* What speaks for the piece going there, less what speaks against it. `insight` is that of the report, zeroed at first. */
int judge_points(const Judge *judge, const OpenReport *report, const Track *track, Insight *insight);

#endif
