#include "model/attribution.h"
#include "model/intake_private.h"
#include "model/twins.h"

/* The end of an input whose records name their invocations. */

/* An invocation whose beginning and end are known. */
typedef struct TimedCall {
    Id call, process;
    int64_t started, ended;
} TimedCall;

typedef VEC(TimedCall) TimedCalls;

static int by_start(const void *a, const void *b)
{
    const TimedCall *x = a, *y = b;
    if (x->process != y->process)
        return x->process < y->process ? -1 : 1;
    return (x->started > y->started) - (x->started < y->started);
}

static void add_timed(const Model *m, Id id, TimedCalls *timed)
{
    const Invocation *call = &m->invocations.items[id];
    Moment started = invocation_started(m, call), ended = invocation_ended(m, call);
    if (moment_known(started) && moment_known(ended))
        vec_push(timed, (TimedCall){id, invocation_process(m, call), started.ns, ended.ns});
}

/*
 * Marks the calls that overlap in time. Only those whose two ends are known count: a single Executed that was lost would else
 * overlap with all that follows.
 */
static void mark_overlaps(Model *m, TimedCalls *calls)
{
    const TimedCall *longest = NULL; /* of those that began earlier, the one that ended last */
    qsort(calls->items, calls->len, sizeof *calls->items, by_start);
    for (size_t i = 0; i < calls->len; i++) {
        const TimedCall *call = &calls->items[i], *next = i + 1 < calls->len ? call + 1 : NULL;
        if (longest && longest->process != call->process)
            longest = NULL;
        bool before = longest && longest->ended > call->started;
        bool behind = next && next->process == call->process && next->started < call->ended;
        m->invocations.items[call->call].contended = before || behind;
        if (!longest || call->ended > longest->ended)
            longest = call;
    }
}

/* One end of the call is there and the other is not: records were lost, and rows may have been. */
static void mark_gaps(Model *m, const Invocation *call)
{
    if ((invocation_first(m, call) != 0) == invocation_has_ended(m, call))
        return;
    for (Id i = call->first_report; i != NO_ID; i = m->reports.items[i].next_of_invocation)
        m->reports.items[i].stored_flags |= FLAG_GAP;
}

static void end_named(Intake *in)
{
    Model *m = in->model;
    TimedCalls timed = {0};
    for (Id i = 0; i < m->invocations.len; i++) {
        Invocation *call = &m->invocations.items[i];
        if (m->processes.items[invocation_process(m, call)].source != in->source)
            continue;
        if (call->outcome == OUTCOME_RUNNING)
            call->outcome = OUTCOME_UNKNOWN;
        call->contended = false;
        mark_gaps(m, call);
        add_timed(m, i, &timed);
    }
    if (timed.len)
        mark_overlaps(m, &timed);
    vec_free(&timed);
}

void intake_end(Intake *in)
{
    Model *m = in->model;
    attribution_finish(in);
    for (size_t i = 0; i < m->invocations.len; i++) {
        Invocation *call = &m->invocations.items[i];
        if (call->outcome == OUTCOME_RUNNING && m->processes.items[invocation_process(m, call)].source == in->source)
            call->outcome = OUTCOME_UNKNOWN;
    }
    if (in->named)
        end_named(in);
    if (in->source > 0)
        twins_find(m, in->source);
    m->version++;
}
