/* How well a piece, a row or an end record, goes to an open report. Private to parsers/. */
#ifndef PARSERS_JUDGE_H
#define PARSERS_JUDGE_H

#include "parsers/knowledge.h"
#include "parsers/open_report.h"

/* Whether a report can take a piece at all. */
typedef enum Fit {
    FIT_NONE,
    FIT_LOOSE,  /* only if a row in between is lost */
    FIT_STRICT,
} Fit;

/* The piece that is judged. Fill it with judge_begin(). */
typedef struct Judge {
    const Knowledge *knowledge;
    const Record *piece;
    uint64_t text; /* hash of its contents */
} Judge;

Judge judge_begin(const Knowledge *knowledge, const Record *piece);

/* For a report of the same channel that has come as far as `track`. */
Fit judge_fit(const OpenReport *report, const Track *track, const Record *piece);

/* What speaks for the piece going there, less what speaks against it; `known` is what is known of the report's file and the row's line. */
int judge_points(const Judge *judge, const OpenReport *report, const Track *track, const KnownLine *known);

#endif
