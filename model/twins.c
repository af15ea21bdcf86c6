#include "model/twins.h"

#include <stdlib.h>

#include "model/report.h"

enum { NEAR = 64 };

static Report *report_of(Model *m, Id id)
{
    return &m->reports.items[id];
}

static Id source_of(const Model *m, const Invocation *call)
{
    return m->processes.items[call->process].source;
}

static bool same_rows(const Model *m, const Report *a, const Report *b)
{
    if (a->summarised || b->summarised || a->rows != b->rows || a->decimals != b->decimals || a->wide != b->wide)
        return false;
    uint64_t of_a = report_number(m, a, REPORT_ROWS_AT), of_b = report_number(m, b, REPORT_ROWS_AT);
    if (a->wide)
        return memcmp(&m->wide_rows.items[of_a], &m->wide_rows.items[of_b], a->rows * sizeof(WideRow)) == 0;
    return memcmp(&m->rows.items[of_a], &m->rows.items[of_b], a->rows * sizeof(Row)) == 0;
}

/* Whether `b` says more than `a`, or the same more surely. Rows that were summarised count in the totals of lines already. */
static bool is_better(const Report *a, const Report *b)
{
    if (a->summarised != b->summarised)
        return b->summarised;
    return b->attribution != a->attribution ? b->attribution > a->attribution : b->rows > a->rows;
}

static void mark(Report *a, Report *b)
{
    Report *duplicate = is_better(a, b) ? a : b;
    duplicate->duplicate = true;
}

static bool is_free(const Report *r, Id target)
{
    return r->closed && !r->duplicate && !r->twinned && r->target == target;
}

/*
 * Pairs the reports of two invocations, those whose rows are equal or, with `any`, the others of a target in their order. Both lists
 * are in the order of printing: a partner stands near where the last one stood.
 */
static void pair_reports(Model *m, const Invocation *earlier, const Invocation *later, bool any)
{
    Id from = earlier->first_report;
    for (Id i = later->first_report; i != NO_ID; i = report_of(m, i)->next_of_invocation) {
        Report *b = report_of(m, i);
        Id next = from;
        for (size_t looked_at = 0; is_free(b, b->target) && next != NO_ID && looked_at < NEAR; looked_at++) {
            Report *a = report_of(m, next);
            next = a->next_of_invocation;
            if (!is_free(a, b->target) || (!any && !same_rows(m, a, b)))
                continue;
            mark(a, b);
            a->twinned = b->twinned = true;
        }
        while (from != NO_ID && report_of(m, from)->twinned)
            from = report_of(m, from)->next_of_invocation;
    }
}

static void forget_pairs(Model *m, const Invocation *call)
{
    for (Id i = call->first_report; i != NO_ID; i = report_of(m, i)->next_of_invocation)
        report_of(m, i)->twinned = false;
}

static bool has_only_duplicates(Model *m, const Invocation *call)
{
    for (Id i = call->first_report; i != NO_ID; i = report_of(m, i)->next_of_invocation)
        if (!report_of(m, i)->duplicate)
            return false;
    return true;
}

/* What `from` shows of the invocation and `to` does not. */
static void complete(const Model *m, Invocation *to, const Invocation *from)
{
    bool ended = to->outcome == OUTCOME_SUCCEEDED || to->outcome == OUTCOME_FAILED;
    if (to->started_ns == MOMENT_UNKNOWN) {
        to->started_ns = from->started_ns;
        to->started_digits = from->started_digits;
    }
    if (!ended) {
        to->ended_ns = from->ended_ns;
        to->ended_digits = from->ended_digits;
        to->duration_ms = from->duration_ms;
        to->outcome = from->outcome;
    }
    if (to->reason == m->empty)
        to->reason = from->reason;
    if (to->error == m->empty)
        to->error = from->error;
    to->contended |= from->contended;
    to->profiler_failed |= from->profiler_failed;
}

static void join(Model *m, Invocation *earlier, Invocation *later)
{
    forget_pairs(m, earlier);
    forget_pairs(m, later);
    pair_reports(m, earlier, later, false);
    pair_reports(m, earlier, later, true);
    complete(m, earlier, later);
    complete(m, later, earlier);
    if (has_only_duplicates(m, later))
        later->hidden = true;
    else if (has_only_duplicates(m, earlier))
        earlier->hidden = true;
}

void twins_find(Model *m, Id source)
{
    VEC(Id) first = {0}; /* the first invocation of each id in earlier sources, plus one, by the id's text */
    bool found = false;
    for (Id i = 0; i < m->invocations.len; i++) {
        Invocation *call = &m->invocations.items[i];
        if (call->hidden || source_of(m, call) > source)
            continue;
        while (first.len <= call->key)
            vec_push(&first, 0);
        Id *known = &first.items[call->key];
        if (source_of(m, call) == source && *known) {
            join(m, &m->invocations.items[*known - 1], call);
            found = true;
        } else if (source_of(m, call) != source && !*known) {
            *known = i + 1;
        }
    }
    vec_free(&first);
    m->recounts += found;
    m->version += found;
}
