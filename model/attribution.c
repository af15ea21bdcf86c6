#include "model/attribution.h"

#include <stdlib.h>

#include "model/habit.h"
#include "model/pairing.h"
#include "model/report.h"

enum {
    LATE_CALLS = 16,      /* ended invocations that are remembered anyway */
    UNDECIDED_MAX = 1024, /* reports that may wait for an owner */
    EXPECTED_MAX = 256,   /* of them, those that are looked at for what an invocation printed before its end */
    LOOKS_MAX = 2048,     /* reports that are looked through for one that was guessed away */
    PAIRED_AGAIN = 2,     /* times that reports are paired anew with what the pairing before says of the functions */
    UNSETTLED_MAX = 16,   /* invocations that have ended and wait for rows that tell their reports from others' */
    USUAL_TIMES = 6,      /* so many times longer than usual is beyond all doubt ... */
    USUAL_MIN = 5,        /* ... from so many records on */
    LATE_NS = 1000000000, /* so long behind the end of its invocation an old host hardly prints anything of it */
};

static Invocation *call_of(Intake *in, Id id)
{
    return &in->model->invocations.items[id];
}

static Report *report_of(Intake *in, Id id)
{
    return &in->model->reports.items[id];
}

/* The number of its last record, UINT64_MAX while it has not ended. */
static uint64_t end_of(Intake *in, Id call)
{
    return invocation_last(in->model, call_of(in, call));
}

/* Deciding. */

/* Links the report into its invocation's list, which is in the order of beginning. */
static void link_to_call(Intake *in, Id report, Id id)
{
    Model *m = in->model;
    Invocation *call = call_of(in, id);
    Id previous = NO_ID, next = call->first_report, last = invocation_last_report(m, call);
    if (last != NO_ID && last < report) {
        previous = last;
        next = NO_ID;
    }
    while (next != NO_ID && next < report) {
        previous = next;
        next = report_of(in, next)->next_of_invocation;
    }
    report_of(in, report)->next_of_invocation = next;
    if (previous == NO_ID)
        call->first_report = report;
    else
        report_of(in, previous)->next_of_invocation = report;
    if (next == NO_ID)
        numbers_set(&m->invocation_numbers, id, INVOCATION_LAST_REPORT, report);
    numbers_set(&m->invocation_numbers, id, INVOCATION_REPORTS, invocation_reports(m, call) + 1);
}

static void decide(Intake *in, const Reading *r, Id call, Attribution how)
{
    Report *report = report_of(in, r->report);
    habit_guess(in, r, call);
    if (how >= ATTRIBUTION_INFERRED)
        habit_learn(in, r, call);
    report->target = r->target;
    report->invocation = call;
    report->attribution = (uint8_t)how;
    link_to_call(in, r->report, call);
    in->model->version++;
}

/*
 * Whether one invocation alone ran while the report was written. One that began or ended meanwhile cannot own it whole, but a row
 * of its own may have been taken for one of this report.
 */
static bool was_undisturbed(Intake *in, const Reading *r)
{
    size_t count = 0;
    for (size_t i = 0; i < in->calls.len; i++) {
        const CallSpan *call = &in->calls.items[i];
        count += call->last > r->first_number && call->first < r->last_number && call->process == r->process;
    }
    return count == 1;
}

/* Whether an invocation may have run that is not among the candidates. */
static bool may_be_anothers(const Intake *in, const Reading *r)
{
    return in->model->processes.items[r->process].cut_start || in->lingering || r->first_number < in->lingered_until;
}

/* What stands against calling the only candidate certain. */
static Attribution certainty(Intake *in, const Reading *r, Id call)
{
    bool weak = r->on_stdout || r->doubtful || r->interleaved || in->old_host || may_be_anothers(in, r) ||
                habit_is_anothers(in, call_of(in, call)->function, r) || !was_undisturbed(in, r);
    return weak ? ATTRIBUTION_INFERRED : ATTRIBUTION_EXACT;
}

typedef struct Candidates {
    Id only;        /* one that was open ... */
    size_t open;    /* ... of so many */
    Id possible;    /* of those whose function may own the code the one that ended first behind it, or NO_ID */
    Id fitting;     /* of those that miss such a report as well the one that ended first, or NO_ID ... */
    size_t fit;     /* ... of so many ... */
    size_t waiting; /* ... of which so many are not settled */
} Candidates;

/* The one of two invocations that ended first behind the report, else the one that ended last before; `a` may be NO_ID. */
static Id first_ended(Intake *in, const Reading *r, Id a, Id b)
{
    if (a == NO_ID)
        return b;
    uint64_t x = end_of(in, a), y = end_of(in, b), last = r->last_number;
    if ((x < last) != (y < last))
        return x < last ? b : a;
    return (x < last ? y > x : y < x) ? b : a;
}

/* Whether the invocation may have been open all the time, or, on an old host, its end may have come too early. */
static bool was_open(const Intake *in, const Reading *r, const CallSpan *call)
{
    return in->old_host ? reading_may_be_from(in, r, call) : reading_is_within(r, call);
}

static Candidates candidates_of(Intake *in, const Reading *r)
{
    Candidates c = {.only = NO_ID, .possible = NO_ID, .fitting = NO_ID};
    for (size_t i = 0; i < in->calls.len; i++) {
        Id id = in->calls.items[i].call;
        const Invocation *call = call_of(in, id);
        if (!was_open(in, r, &in->calls.items[i]))
            continue;
        c.only = id;
        c.open++;
        if (!habit_may_own(in, call->function, r))
            continue;
        c.possible = first_ended(in, r, c.possible, id);
        if (!habit_misses_reports(in, id, r->target))
            continue;
        c.fit++;
        c.waiting += !call->settled;
        c.fitting = first_ended(in, r, c.fitting, id);
    }
    return c;
}

/*
 * Standard output, and all output of old hosts, may come after the Executed of its invocation: then the call that ended last before
 * it is the one, unless one that was open may own the code.
 */
static Id ended_before(Intake *in, const Reading *r, const Candidates *c)
{
    const CallSpan *found = NULL;
    if (in->old_host ? c->possible != NO_ID : c->open || !r->on_stdout)
        return NO_ID;
    for (size_t i = 0; i < in->calls.len; i++) {
        const CallSpan *call = &in->calls.items[i];
        if (call->process == r->process && call->first < r->last_number && call->last <= r->last_number &&
            habit_may_own(in, call_of(in, call->call)->function, r) && (!found || call->last > found->last))
            found = call;
    }
    return found ? found->call : NO_ID;
}

/*
 * Whether the report may be one of the invocation. On an old host, where all invocations of late are weighed for each report, only
 * one that ended about as long behind the report, or before its end, as is usual.
 */
static bool may_be_of(Intake *in, const Reading *r, const CallSpan *span)
{
    if (!in->old_host)
        return reading_is_within(r, span);
    if (span->first >= r->first_number || span->process != r->process)
        return false;
    bool early = span->last < r->last_number;
    if (early && !habit_ends_early(in))
        return false;
    uint64_t lag = early ? r->last_number - span->last : span->last - r->last_number;
    int64_t usual = early ? habit_usual_lateness(in) : habit_usual_lag(in, call_of(in, span->call)->function, r->target);
    return usual < 0 || lag <= USUAL_TIMES * (uint64_t)(usual < USUAL_MIN ? USUAL_MIN : usual);
}

/* Whether a report that was given to another invocation by guess may be this one's: then all that is left is a guess as well. */
static bool was_guessed_away(Intake *in, Id call, Id target)
{
    CallSpan span = intake_call_span(in, call);
    size_t looked_at = 0;
    for (uint32_t i = in->report_count; i-- > 0;) {
        Id id = intake_report(in, i);
        const Report *r = report_of(in, id);
        if (report_first(in->model, r) < span.first)
            return false;
        if (++looked_at > LOOKS_MAX)
            return true;
        if (r->attribution != ATTRIBUTION_AMBIGUOUS || r->target != target || r->invocation == call || !r->closed)
            continue;
        Reading reading = reading_of_closed(in, id);
        if (may_be_of(in, &reading, &span))
            return true;
    }
    return false;
}

/* What the only one that is left, or that pairing is sure of, may be called at most. */
static Attribution confidence(Intake *in, Id call, const Reading *r)
{
    bool disorder = in->old_host && call_of(in, call)->contended;
    if (disorder && r->doubtful)
        return ATTRIBUTION_AMBIGUOUS; /* rows in any order: too easily one is another's */
    return was_guessed_away(in, call, r->target) ? ATTRIBUTION_AMBIGUOUS : ATTRIBUTION_INFERRED;
}

/* Nothing that is still to come can tell more. */
static void decide_finally(Intake *in, const Reading *r)
{
    Candidates c = candidates_of(in, r);
    Id late = ended_before(in, r, &c);
    if (late != NO_ID)
        decide(in, r, late, ATTRIBUTION_INFERRED);
    else if (c.open == 1)
        decide(in, r, c.only, certainty(in, r, c.only));
    else if (c.fit)
        decide(in, r, c.fitting, c.fit == 1 ? confidence(in, c.fitting, r) : ATTRIBUTION_AMBIGUOUS);
    else if (c.open)
        decide(in, r, c.possible == NO_ID ? c.only : c.possible, ATTRIBUTION_AMBIGUOUS);
    else
        report_of(in, r->report)->attribution = ATTRIBUTION_NONE;
}

/* The first record of a report without an owner. */
static uint64_t oldest_wanted(Intake *in)
{
    uint64_t open = in->open.len ? report_first(in->model, report_of(in, in->open.items[0].report)) : UINT64_MAX;
    uint64_t undecided = in->undecided.len ? report_first(in->model, report_of(in, in->undecided.items[0])) : UINT64_MAX;
    return open < undecided ? open : undecided;
}

/* Forgets invocations that ended before all that is undecided began; the latest stay for output that comes late. */
static void forget_ended(Intake *in)
{
    size_t kept = 0;
    if (in->calls.len < 2 * in->calls_kept + LATE_CALLS)
        return;
    uint64_t wanted = oldest_wanted(in);
    for (size_t i = 0; i < in->calls.len; i++) {
        CallSpan call = in->calls.items[i];
        if (call.last >= wanted || !call_of(in, call.call)->settled || i + LATE_CALLS >= in->calls.len)
            in->calls.items[kept++] = call;
    }
    in->calls.len = in->calls_kept = kept;
}

/* A report that no Executed line decides in good time is given up, so that the lists of those that wait stay short. */
static void wait_in(Intake *in, IdList *list, Id report)
{
    if (list->len == UNDECIDED_MAX) {
        Reading oldest = reading_of_closed(in, list->items[0]);
        vec_remove(list, 0);
        decide_finally(in, &oldest);
    }
    vec_push(list, report);
}

/* A report may be decided while it is open; what it took since may show that it was not all of one invocation. */
static void doubt_if_it_went_on(Intake *in, const Reading *r)
{
    Report *report = report_of(in, r->report);
    CallSpan call = intake_call_span(in, report->invocation);
    bool fits = reading_is_within(r, &call) && certainty(in, r, report->invocation) == ATTRIBUTION_EXACT;
    if (report->attribution == ATTRIBUTION_EXACT && !fits)
        report->attribution = ATTRIBUTION_INFERRED;
}

static void take_closed(Intake *in, Id id)
{
    Reading r = reading_of_closed(in, id);
    habit_witness(in, &r);
    if (report_of(in, id)->invocation != NO_ID) {
        doubt_if_it_went_on(in, &r);
        return;
    }
    Candidates c = candidates_of(in, &r);
    if (ended_before(in, &r, &c) != NO_ID) {
        decide_finally(in, &r);
    } else if (c.open == 1) {
        decide(in, &r, c.only, certainty(in, &r, c.only));
    } else if (c.open && c.waiting == 0) {
        decide_finally(in, &r);
    } else {
        report_of(in, id)->attribution = c.open ? ATTRIBUTION_PENDING : ATTRIBUTION_NONE;
        wait_in(in, &in->undecided, id);
    }
}

void attribution_report_named(Intake *in, Id id)
{
    Report *report = report_of(in, id);
    Id function = call_of(in, report->invocation)->function;
    if (in->model->functions.items[function].name != in->model->empty)
        habit_learn_function(in, report->target, function);
    report->attribution = ATTRIBUTION_EXACT;
    link_to_call(in, id, report->invocation);
}

/* What an invocation that has just ended may take. */

static void add_if_free(Intake *in, Readings *readings, const CallSpan *call, const Reading *r)
{
    if (report_of(in, r->report)->invocation == NO_ID && reading_is_within(r, call) &&
        habit_may_own(in, call_of(in, call->call)->function, r))
        vec_push(readings, *r);
}

static int by_last_record(const void *a, const void *b)
{
    uint64_t x = ((const Reading *)a)->last_number, y = ((const Reading *)b)->last_number;
    return (x > y) - (x < y);
}

/* All reports without an owner that the invocation may have printed, the one that was finished first in front. */
static void collect_free(Intake *in, Id call, Readings *readings)
{
    CallSpan span = intake_call_span(in, call);
    for (size_t i = 0; i < in->undecided.len; i++) {
        Reading r = reading_of_closed(in, in->undecided.items[i]);
        add_if_free(in, readings, &span, &r);
    }
    for (size_t i = 0; i < in->open.len && !in->old_host; i++) {
        if (!reading_may_be_whole(&in->open.items[i]))
            continue;
        Reading r = reading_of_open(in, &in->open.items[i]);
        add_if_free(in, readings, &span, &r);
    }
    if (readings->len)
        qsort(readings->items, readings->len, sizeof *readings->items, by_last_record);
}

/* Whether other invocations that are not settled may have printed the report. */
static bool has_rivals(Intake *in, Id call, const Reading *r)
{
    for (size_t i = 0; i < in->calls.len; i++) {
        const CallSpan *span = &in->calls.items[i];
        const Invocation *other = call_of(in, span->call);
        if (!other->settled && span->call != call && reading_may_be_from(in, r, span) && habit_may_own(in, other->function, r))
            return true;
    }
    return false;
}

static Id likely_call(Intake *in, Id report)
{
    return report_item(in->model, report_of(in, report), REPORT_LIKELY);
}

/* For each target the report that was finished first and that nobody is expected to own yet. */
static void expect_reports(Intake *in, Id call, const Readings *readings)
{
    for (size_t i = 0; i < readings->len && i < EXPECTED_MAX; i++) {
        const Reading *r = &readings->items[i];
        bool expected = !habit_misses_reports(in, call, r->target) || report_of(in, r->report)->invocation != NO_ID;
        for (size_t j = 0; j < i && !expected; j++) {
            const Reading *other = &readings->items[j];
            expected = other->target == r->target && likely_call(in, other->report) == call;
        }
        if (!expected && likely_call(in, r->report) == NO_ID)
            numbers_set(&in->model->report_numbers, r->report, REPORT_LIKELY, number_of_id(call));
    }
}

/*
 * Gives the report to the invocation: as certain as can be where that alone was open, else at most inferred, and that if `sure`. On
 * an old host being open says nothing about those that have ended.
 */
static void decide_for(Intake *in, const Reading *r, Id call, bool sure)
{
    Candidates c = candidates_of(in, r);
    if (c.open == 1 && c.only == call && !in->old_host)
        decide(in, r, call, certainty(in, r, call));
    else
        decide(in, r, call, sure ? confidence(in, call, r) : ATTRIBUTION_AMBIGUOUS);
}

/* Takes what no other invocation may have printed; returns whether there is more, with rivals. */
static bool take_unrivalled(Intake *in, Id call)
{
    Readings readings = {0};
    bool rivalled = false;
    collect_free(in, call, &readings);
    for (size_t i = 0; i < readings.len; i++) {
        const Reading *r = &readings.items[i];
        if (has_rivals(in, call, r)) {
            rivalled = true;
            continue;
        }
        decide_for(in, r, call, true);
    }
    if (rivalled && call_of(in, call)->outcome != OUTCOME_FAILED)
        expect_reports(in, call, &readings);
    vec_free(&readings);
    return rivalled;
}

static void settle(Intake *in, const Pairing *pairing)
{
    if (call_of(in, pairing->call)->settled)
        decide_for(in, &pairing->reading, pairing->call, pairing->sure);
    if (in->old_host)
        habit_learn_end(in, &pairing->reading);
}

typedef enum Outlook {
    AWAITS_END,  /* an invocation that is not settled yet may own it */
    AWAITS_NONE, /* all that may own it are settled */
    STRANDED,    /* none that is known may own it */
} Outlook;

static Outlook outlook_of(Intake *in, const Reading *r)
{
    Outlook outlook = STRANDED;
    for (size_t i = 0; i < in->calls.len; i++) {
        const CallSpan *span = &in->calls.items[i];
        const Invocation *call = call_of(in, span->call);
        if (call->settled && outlook == AWAITS_NONE)
            continue;
        if (!call->settled && reading_may_be_from(in, r, span) && habit_may_own(in, call->function, r))
            return AWAITS_END;
        if (was_open(in, r, span))
            outlook = AWAITS_NONE;
    }
    return outlook;
}

/* Reports whose last possible owner has ended. */
static void decide_leftovers(Intake *in)
{
    size_t kept = 0;
    for (size_t i = 0; i < in->undecided.len; i++) {
        Id id = in->undecided.items[i];
        Reading r = reading_of_closed(in, id);
        if (report_of(in, id)->invocation != NO_ID)
            continue;
        switch (outlook_of(in, &r)) {
        case AWAITS_END:
            in->undecided.items[kept++] = id;
            break;
        case AWAITS_NONE:
            decide_finally(in, &r);
            break;
        case STRANDED:
            wait_in(in, &in->stranded, id);
            break;
        }
    }
    in->undecided.len = kept;
}

static int by_id(const void *a, const void *b)
{
    Id x = *(const Id *)a, y = *(const Id *)b;
    return (x > y) - (x < y);
}

/* An invocation has turned up whose beginning was not seen. */
static void rescue_stranded(Intake *in)
{
    for (size_t i = 0; i < in->stranded.len; i++)
        wait_in(in, &in->undecided, in->stranded.items[i]);
    if (in->stranded.len)
        qsort(in->undecided.items, in->undecided.len, sizeof *in->undecided.items, by_id);
    in->stranded.len = 0;
}

static bool nothing_runs(const Intake *in)
{
    for (size_t i = 0; i < in->calls.len; i++)
        if (in->calls.items[i].last == UINT64_MAX)
            return false;
    return true;
}

/* All is decided about it. */
static void settled(Intake *in, Id call)
{
    habit_settle(in, call);
    habit_learn_lags(in, call);
}

/* Pairing again. */

static int by_call_and_target(const void *a, const void *b)
{
    const Pairing *x = a, *y = b;
    if (x->call != y->call)
        return x->call < y->call ? -1 : 1;
    if (x->reading.target != y->reading.target)
        return x->reading.target < y->reading.target ? -1 : 1;
    return (x->reading.report > y->reading.report) - (x->reading.report < y->reading.report);
}

static bool same_place(const Pairing *a, const Pairing *b)
{
    return a->call == b->call && a->reading.target == b->reading.target;
}

/* Takes sorted pairings for true, or no more. */
static void suppose(Intake *in, const Pairings *pairings, bool on)
{
    uint32_t reports = 0;
    for (size_t i = 0; i < in->unsettled.len; i++)
        habit_suppose_settled(in, in->unsettled.items[i], on);
    for (size_t i = 0; i < pairings->len; i++) {
        const Pairing *p = &pairings->items[i];
        reports++;
        if (i + 1 < pairings->len && same_place(p, p + 1))
            continue;
        habit_suppose_reports(in, p->call, p->reading.target, reports, on);
        reports = 0;
    }
}

static bool knows_all(Intake *in)
{
    for (size_t i = 0; i < in->unsettled.len; i++)
        if (!habit_is_known(in, call_of(in, in->unsettled.items[i])->function))
            return false;
    return true;
}

static void sort_pairings(Pairings *pairings)
{
    if (pairings->len)
        qsort(pairings->items, pairings->len, sizeof *pairings->items, by_call_and_target);
}

/* Only what was sure before, too, is sure: what follows from a guess confirms it. Both are sorted. */
static void doubt_what_is_new(Pairings *pairings, const Pairings *before)
{
    size_t at = 0;
    for (size_t i = 0; i < pairings->len; i++) {
        Pairing *p = &pairings->items[i];
        while (at < before->len && by_call_and_target(&before->items[at], p) < 0)
            at++;
        p->sure &= at < before->len && by_call_and_target(&before->items[at], p) == 0 && before->items[at].sure;
    }
}

/*
 * While little is known of the functions, what one pairing says of them makes the next one better: where all code is in one file,
 * many weak signs of what an invocation prints become a strong one only when they are added up.
 */
static void pair_all(Intake *in, Pairings *pairings)
{
    pairing_find(in, pairings);
    sort_pairings(pairings);
    for (int i = 0; i < PAIRED_AGAIN && !knows_all(in); i++) {
        Pairings before = *pairings;
        *pairings = (Pairings){0};
        suppose(in, &before, true);
        pairing_find(in, pairings);
        suppose(in, &before, false);
        sort_pairings(pairings);
        doubt_what_is_new(pairings, &before);
        vec_free(&before);
    }
}

/* Settles the first `count` of those that wait. */
static void settle_first(Intake *in, size_t count)
{
    Pairings pairings = {0};
    pair_all(in, &pairings);
    for (size_t i = 0; i < count; i++)
        call_of(in, in->unsettled.items[i])->settled = true;
    for (size_t i = 0; i < pairings.len; i++)
        settle(in, &pairings.items[i]);
    for (size_t i = 0; i < count; i++)
        settled(in, in->unsettled.items[i]);
    vec_free(&pairings);
    if (!count)
        return;
    in->unsettled.len -= count;
    memmove(in->unsettled.items, in->unsettled.items + count, in->unsettled.len * sizeof *in->unsettled.items);
}

/* On an old host, how many of those that wait ended so long before that nothing of theirs is still to come. */
static size_t count_overdue(Intake *in, Moment now)
{
    size_t count = 0;
    for (; moment_known(now) && count < in->unsettled.len; count++) {
        Moment ended = invocation_ended(in->model, call_of(in, in->unsettled.items[count]));
        if (!moment_known(ended) || now.ns - ended.ns < LATE_NS)
            break;
    }
    return count;
}

/*
 * An invocation that shares its candidates with others is not settled at its end: rows that come later may show that a report is
 * not finished yet, and so none of its own. It waits until nothing runs any more, or for a number of ends. On an old host all of
 * its report may still come: there it waits for time to pass, or until nothing runs and no report is open.
 */
static void settle_waiting(Intake *in, Moment now)
{
    size_t overdue = in->old_host ? count_overdue(in, now) : nothing_runs(in) ? in->unsettled.len : 0;
    if (in->unsettled.len > UNSETTLED_MAX && overdue < in->unsettled.len - UNSETTLED_MAX / 2)
        overdue = in->unsettled.len - UNSETTLED_MAX / 2;
    if (overdue)
        settle_first(in, overdue);
}

void attribution_call_begins(Intake *in, Moment now)
{
    if (!in->old_host || !in->unsettled.len)
        return;
    settle_waiting(in, now);
    decide_leftovers(in);
}

/* Nothing more is to come of an old host's invocations, as far as one can tell. */
static void settle_if_silent(Intake *in)
{
    if (!in->unsettled.len || in->open.len || !nothing_runs(in))
        return;
    settle_first(in, in->unsettled.len);
    decide_leftovers(in);
}

void attribution_report_closed(Intake *in, Id report)
{
    take_closed(in, report);
    if (in->old_host)
        settle_if_silent(in);
}

void attribution_call_ended(Intake *in, Id call)
{
    if (take_unrivalled(in, call) || in->old_host) {
        vec_push(&in->unsettled, call);
    } else {
        call_of(in, call)->settled = true;
        settled(in, call);
    }
    settle_waiting(in, invocation_ended(in->model, call_of(in, call)));
    decide_leftovers(in);
    forget_ended(in);
}

/* The reports of a process that began after record `first` and ended after record `last` are not certain. */
static void doubt_reports(Intake *in, Id process, uint64_t first, uint64_t last)
{
    for (uint32_t i = in->report_count; i-- > 0;) {
        Report *r = report_of(in, intake_report(in, i));
        if (report_process(in->model, r) != process || report_first(in->model, r) < first)
            break;
        if (r->attribution == ATTRIBUTION_EXACT && report_last(in->model, r) > last)
            r->attribution = ATTRIBUTION_INFERRED;
    }
}

/* What was called exact may belong to an invocation that was open unseen. */
void attribution_orphan_ended(Intake *in, Id orphan)
{
    Id process = intake_call_span(in, orphan).process;
    rescue_stranded(in);
    if (in->model->processes.items[process].cut_start)
        return;
    in->model->processes.items[process].cut_start = true;
    doubt_reports(in, process, 0, 0);
}

/* One that began before the invocation did was not called exact: the invocation ran beside it. */
void attribution_call_ended_again(Intake *in, Id again)
{
    CallSpan span = intake_call_span(in, again);
    doubt_reports(in, in->process, span.first, span.last);
}

/* Nothing more is to come: also those that never ended take what seems to be theirs. */
void attribution_finish(Intake *in)
{
    rescue_stranded(in);
    if (in->undecided.len || in->unsettled.len) {
        for (size_t i = 0; i < in->calls.len; i++)
            if (in->calls.items[i].last == UINT64_MAX)
                vec_push(&in->unsettled, in->calls.items[i].call);
        settle_first(in, in->unsettled.len);
    }
    for (size_t i = 0; i < in->undecided.len; i++) {
        Reading r = reading_of_closed(in, in->undecided.items[i]);
        if (report_of(in, r.report)->invocation == NO_ID)
            decide_finally(in, &r);
    }
    in->undecided.len = 0;
}

void attribution_process_ended(Intake *in)
{
    attribution_finish(in);
    for (size_t i = 0; i < in->calls.len; i++)
        call_of(in, in->calls.items[i].call)->settled = true;
    in->calls.len = in->calls_kept = 0;
}

void attribution_forget_oldest(Intake *in)
{
    size_t at = 0;
    while (at < in->calls.len && in->calls.items[at].last == UINT64_MAX)
        at++;
    if (at == in->calls.len) {
        at = 0;
        in->model->processes.items[in->calls.items[0].process].cut_start = true;
    }
    call_of(in, in->calls.items[at].call)->settled = true;
    vec_remove(&in->calls, at);
}
