#include "model/attribution.h"
#include "model/intake_private.h"
#include "model/twins.h"

/* The end of an input whose records name their invocations. */

typedef VEC(const Invocation *) CallList;

static int by_start(const void *a, const void *b)
{
    const Invocation *x = *(const Invocation *const *)a, *y = *(const Invocation *const *)b;
    if (x->process != y->process)
        return x->process < y->process ? -1 : 1;
    return (x->started_ns > y->started_ns) - (x->started_ns < y->started_ns);
}

static bool has_span(const Invocation *call)
{
    return call->started_ns != MOMENT_UNKNOWN && call->ended_ns != MOMENT_UNKNOWN;
}

/*
 * Marks the calls that overlap in time. Only those whose two ends are known count: a single Executed that was lost would else
 * overlap with all that follows.
 */
static void mark_overlaps(Model *m, CallList *calls)
{
    const Invocation *longest = NULL; /* of those that began earlier, the one that ended last */
    qsort(calls->items, calls->len, sizeof *calls->items, by_start);
    for (size_t i = 0; i < calls->len; i++) {
        const Invocation *call = calls->items[i], *next = i + 1 < calls->len ? calls->items[i + 1] : NULL;
        if (longest && longest->process != call->process)
            longest = NULL;
        bool before = longest && longest->ended_ns > call->started_ns;
        bool behind = next && next->process == call->process && next->started_ns < call->ended_ns;
        m->invocations.items[call - m->invocations.items].contended = before || behind;
        if (!longest || call->ended_ns > longest->ended_ns)
            longest = call;
    }
}

/* One end of the call is there and the other is not: records were lost, and rows may have been. */
static void mark_gaps(Model *m, const Invocation *call)
{
    if ((call->started_number != 0) == (call->ended_number != UINT64_MAX))
        return;
    for (Id i = call->first_report; i != NO_ID; i = m->reports.items[i].next_of_invocation)
        m->reports.items[i].stored_flags |= FLAG_GAP;
}

static void end_named(Intake *in)
{
    Model *m = in->model;
    CallList spans = {0};
    for (size_t i = 0; i < m->invocations.len; i++) {
        Invocation *call = &m->invocations.items[i];
        if (m->processes.items[call->process].source != in->source)
            continue;
        if (call->outcome == OUTCOME_RUNNING)
            call->outcome = OUTCOME_UNKNOWN;
        call->contended = false;
        mark_gaps(m, call);
        if (has_span(call))
            vec_push(&spans, call);
    }
    if (spans.len)
        mark_overlaps(m, &spans);
    vec_free(&spans);
}

void intake_end(Intake *in)
{
    Model *m = in->model;
    attribution_finish(in);
    for (size_t i = 0; i < m->invocations.len; i++) {
        Invocation *call = &m->invocations.items[i];
        if (call->outcome == OUTCOME_RUNNING && m->processes.items[call->process].source == in->source)
            call->outcome = OUTCOME_UNKNOWN;
    }
    if (in->named)
        end_named(in);
    if (in->source > 0)
        twins_find(m, in->source);
    m->version++;
}
