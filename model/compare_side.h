/* One of two calls that are compared: its reports, its functions, its lines. Private to model/. */
#ifndef MODEL_COMPARE_SIDE_H
#define MODEL_COMPARE_SIDE_H

#include "model/table_private.h"

/* One report, or the reports of an invocation (of one target, where that is not NO_ID). */
typedef struct CompareSide {
    Id invocation, report, target;
} CompareSide;

/* A line of it, with what all of its reports say of it. */
typedef struct CompareLine {
    Id line;
    ComparedValues values;
} CompareLine;

typedef VEC(CompareLine) CompareLines;
typedef VEC(Id) CompareTargets;

static const ComparedValues compare_no_values = {.memory = MIB_NONE, .increment = MIB_NONE};

/* Its reports in turn; NO_ID where there is none, or no more behind `before`. */
Id compare_first_report(const Model *model, const CompareSide *side);
Id compare_next_report(const Model *model, const CompareSide *side, Id before);

/* The targets of its reports; vec_free() them. */
CompareTargets compare_targets_of(const Model *model, const CompareSide *side);

/* The lines of its reports of one target, in source order; vec_free() them. */
CompareLines compare_lines(const Model *model, const CompareSide *side, Id target);

#endif
