/* Which invocations and reports a person wants to see: --function, --since, --until and --filter. */
#ifndef MODEL_SELECTION_H
#define MODEL_SELECTION_H

#include "model/model.h"

typedef struct Selection Selection;

typedef struct SelectionRules {
    const char *filter;   /* regular expression over function, file and source text, or NULL */
    const char *function; /* glob over the Azure function's name, or NULL */
    const char *since;    /* RFC 3339 time or date, or an age ("90s", "15m", "2h", "1d"), or NULL */
    const char *until;    /* the same; a date stands for the end of its day */
} SelectionRules;

/*
 * Compiles the rules. On a rule that cannot be read returns NULL with one sentence for people in `*error`, which the caller
 * frees. End with selection_free().
 */
Selection *selection_new(const SelectionRules *rules, char **error);
void selection_free(Selection *selection);

/* Whether it has a rule at all; without one everything passes. NULL has none. */
bool selection_chooses(const Selection *selection);

/*
 * Whether the invocation passes --function, --since and --until: it counts by when it began, or ended where its beginning is not
 * known; one without any time lies in no span of time. Ages count back from `model->newest`. NULL passes all.
 */
bool selection_has_invocation(const Selection *selection, const Model *model, Id invocation);

/* Whether the report passes: its invocation (or its own function and time) does, and one of its rows matches the filter. */
bool selection_has_report(const Selection *selection, const Model *model, Id report);

/* Whether the filter matches a row with these contents: the row itself, or function, file or name of a report that passes. */
bool selection_has_row(const Selection *selection, const Model *model, const Report *report, Span contents);

/* Whether the filter matches one of these texts. A selection without filter matches. */
bool selection_matches(const Selection *selection, const Span *texts, size_t count);

#endif
