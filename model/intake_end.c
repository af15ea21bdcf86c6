#include "model/attribution.h"
#include "model/intake_private.h"
#include "model/report.h"
#include "model/twins.h"

/* The end of an input whose records name their invocations. */

/* When an invocation ran for certain. */
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

/* Widens the time so that `moment` is in it. */
static void ran_at(TimedCall *timed, Moment moment)
{
    if (!moment_known(moment))
        return;
    timed->started = moment.ns < timed->started ? moment.ns : timed->started;
    timed->ended = moment.ns > timed->ended ? moment.ns : timed->ended;
}

/* Where an end is not known, reports tell how long the call ran at least. */
static void add_timed(const Model *m, Id id, TimedCalls *calls)
{
    const Invocation *call = &m->invocations.items[id];
    Moment started = invocation_started(m, call), ended = invocation_ended(m, call);
    TimedCall timed = {id, invocation_process(m, call), INT64_MAX, INT64_MIN};
    ran_at(&timed, started);
    ran_at(&timed, ended);
    bool whole = moment_known(started) && moment_known(ended);
    for (Id i = call->first_report; !whole && i != NO_ID; i = m->reports.items[i].next_of_invocation)
        ran_at(&timed, report_time(m, &m->reports.items[i]));
    if (timed.started < timed.ended || whole)
        vec_push(calls, timed);
}

/*
 * Marks the calls that overlap in time. One without an end lasts no longer than is known: a single Executed that was lost would
 * else overlap with all that follows.
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
    twins_find_doubles(m, in->source);
    if (in->source > 0)
        twins_find(m, in->source);
    m->version++;
}
