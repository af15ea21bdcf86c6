#include "model/pairing.h"

#include <math.h>
#include <stdlib.h>

#include "base/assignment.h"
#include "model/habit.h"

/*
 * How improbable a way to give reports to invocations is: natural logarithms, in thousandths, that add up. They are estimates; only
 * their order of size matters.
 */
enum {
    COST_NOBODY = 12000,      /* a report without an owner */
    COST_MORE = 9000,         /* more reports than the invocation should print */
    COST_MISSING_MAX = 8000,  /* an invocation that lacks one which all others of its function print ... */
    COST_MISSING = 5000,      /* ... or whose function was hardly seen ... */
    COST_MISSING_NEXT = 2000, /* ... and that has one of another target */
    COST_ABSENT_MAX = 10000,  /* its invocations were too few when reports of the target came */
    COST_OVERLAP = 8000,      /* two reports of an invocation that were not printed one after the other */
    COST_STRAY = 4000,        /* its last row came after the invocation's end: it is another's */
    COST_FAILED = 2500,       /* a report of an invocation that failed */
    COST_LAG_MAX = 8000,      /* the end of the invocation comes later than usual */
    COST_RUNNING = 700,       /* it still runs: for each doubling of the lag until the time it has run */
    GAIN_NESTED = 7000,       /* a row of the outer report begins and ends with the memory of the inner one ... */
    GAIN_HALF_NESTED = 1000,  /* ... or does one of both */
    COST_ROUNDED = 1500,      /* where that is so but for the last digit */
    SURE_MARGIN = 4000,
};

enum {
    SLOTS_MAX = 192,    /* beyond so many places reports are not weighed against each other ... */
    READINGS_MAX = 128, /* ... nor beyond so many reports of one target */
    LAG_MIN = 5,        /* records */
    ROWS_MAX = 256,     /* rows of an outer report that are looked at */
};

/* Whether an invocation may have printed a report. */
enum { MAY_UNKNOWN, MAY_TAKE, MAY_NOT_TAKE };

/* What is never or always seen may yet not be so. */
#define SHARE_MIN 0.0005

#define NO_PLACE SIZE_MAX

/* An invocation that may get reports. */
typedef struct Caller {
    CallSpan span;
    bool sure; /* that the reports it got so far are its own */
    size_t first_taken, last_taken; /* these, or NO_PLACE */
} Caller;

/* A report that a caller got. */
typedef struct Taken {
    Reading reading;
    size_t next; /* of the caller, or NO_PLACE */
} Taken;

/* A place that a report may take. */
typedef struct Slot {
    size_t caller;
    int cost;    /* of taking it; below 0 where the invocation lacks a report else */
    int64_t lag; /* records that usually lie between such a report and what follows in the invocation */
} Slot;

/* The targets of the reports, the ones that are printed last in an invocation in front. */
typedef struct Stage {
    Id target;
    int64_t followers; /* thousandths of reports that come later in the invocation, on average, as far as is known */
    int64_t lag;       /* records until the next of them, or the end of the invocation */
} Stage;

typedef struct Puzzle {
    Intake *in;
    VEC(Caller) callers;
    Readings readings;
    VEC(char) may_take; /* by reading and caller */
    VEC(Taken) taken;
    VEC(Stage) stages;
    uint64_t now;           /* the latest record that is known here */
    int64_t cost_early;     /* on an old host: that an invocation ends before its report does ... */
    int64_t cost_late;      /* ... or behind it */
    int64_t lateness;       /* records from such an early end to the report's */
    VEC(size_t) candidates; /* readings of the stage */
    VEC(Slot) slots;        /* for them */
    VEC(int64_t) costs;
    VEC(size_t) groups;
} Puzzle;

static const Invocation *call_of(const Puzzle *p, size_t caller)
{
    return &p->in->model->invocations.items[p->callers.items[caller].span.call];
}

static const CallSpan *span_of_caller(const Puzzle *p, size_t caller)
{
    return &p->callers.items[caller].span;
}

static bool has_ended(const Puzzle *p, size_t caller)
{
    return span_of_caller(p, caller)->last != UINT64_MAX;
}

/* For one of the readings; asked often, so that the answer is kept. */
static bool may_take(const Puzzle *p, size_t caller, const Reading *r)
{
    char *known = &p->may_take.items[(size_t)(r - p->readings.items) * p->callers.len + caller];
    if (*known == MAY_UNKNOWN) {
        bool may =
            reading_may_be_from(p->in, r, span_of_caller(p, caller)) && habit_may_own(p->in, call_of(p, caller)->function, r);
        *known = may ? MAY_TAKE : MAY_NOT_TAKE;
    }
    return *known == MAY_TAKE;
}

/* Collecting. */

static void add_reading(Puzzle *p, Reading r)
{
    if (p->in->model->reports.items[r.report].invocation != NO_ID)
        return;
    p->now = r.last_number > p->now ? r.last_number : p->now;
    vec_push(&p->readings, r);
}

static void add_taken(Puzzle *p, size_t caller, Reading reading, bool sure)
{
    Caller *c = &p->callers.items[caller];
    size_t place = p->taken.len;
    c->sure &= sure;
    vec_push(&p->taken, (Taken){reading, NO_PLACE});
    if (c->last_taken == NO_PLACE)
        c->first_taken = place;
    else
        p->taken.items[c->last_taken].next = place;
    c->last_taken = place;
}

static void collect(Puzzle *p)
{
    Intake *in = p->in;
    for (size_t i = 0; i < in->calls.len; i++) {
        const CallSpan *span = &in->calls.items[i];
        const Invocation *call = &in->model->invocations.items[span->call];
        if (call->settled)
            continue;
        vec_push(&p->callers, (Caller){*span, true, NO_PLACE, NO_PLACE});
        for (Id report = call->first_report; report != NO_ID; report = in->model->reports.items[report].next_of_invocation)
            add_taken(p, p->callers.len - 1, reading_of_closed(in, report),
                      in->model->reports.items[report].attribution >= ATTRIBUTION_INFERRED);
        if (span->last != UINT64_MAX && span->last > p->now)
            p->now = span->last;
    }
    for (size_t i = 0; i < in->undecided.len; i++)
        add_reading(p, reading_of_closed(in, in->undecided.items[i]));
    for (size_t i = 0; i < in->open.len; i++)
        if (reading_may_be_whole(&in->open.items[i]))
            add_reading(p, reading_of_open(in, &in->open.items[i]));
}

static int64_t distance_in_records(uint64_t a, uint64_t b)
{
    return (int64_t)(a > b ? a - b : b - a);
}

/* Whether the end came, on an old host, before the last record of a report that may yet be the invocation's. */
static bool ends_early(const Puzzle *p, size_t caller, const Reading *r)
{
    return span_of_caller(p, caller)->last < r->last_number;
}

/* Records from the report to the next end of an invocation that may have printed it; where ends come early, to the nearest. */
static int64_t lag_to_end(const Puzzle *p, const Reading *r)
{
    uint64_t now = p->now > r->last_number ? p->now : r->last_number;
    int64_t least = (int64_t)(now - r->last_number);
    for (size_t i = 0; i < p->callers.len; i++) {
        if (!has_ended(p, i) || (ends_early(p, i, r) && !habit_ends_early(p->in)))
            continue;
        int64_t lag = distance_in_records(span_of_caller(p, i)->last, r->last_number);
        if (lag < least && may_take(p, i, r))
            least = lag;
    }
    return least;
}

/* How long before the end reports of the target are printed, as it looks here. */
static int64_t apparent_lag(const Puzzle *p, Id target)
{
    int64_t sum = 0, count = 0;
    for (size_t i = 0; i < p->readings.len; i++) {
        if (p->readings.items[i].target != target)
            continue;
        sum += lag_to_end(p, &p->readings.items[i]);
        count++;
    }
    return sum / count;
}

/* By the average of what was learnt from the functions that run, else as it looks here. */
static Stage make_stage(const Puzzle *p, Id target)
{
    int64_t followers = 0, lag = 0, count = 0;
    for (size_t i = 0; i < p->callers.len; i++) {
        HabitPlace place;
        if (!habit_usual_place(p->in, call_of(p, i)->function, target, &place))
            continue;
        followers += place.followers;
        lag += place.lag;
        count++;
    }
    if (!count)
        return (Stage){target, 0, apparent_lag(p, target)};
    return (Stage){target, followers / count, lag / count};
}

static int by_place(const void *a, const void *b)
{
    const Stage *x = a, *y = b;
    if (x->followers != y->followers)
        return x->followers < y->followers ? -1 : 1;
    if (x->lag != y->lag)
        return x->lag < y->lag ? -1 : 1;
    return (x->target > y->target) - (x->target < y->target);
}

static void order_stages(Puzzle *p)
{
    for (size_t i = 0; i < p->readings.len; i++) {
        Id target = p->readings.items[i].target;
        bool known = false;
        for (size_t j = 0; j < p->stages.len && !known; j++)
            known = p->stages.items[j].target == target;
        if (!known)
            vec_push(&p->stages, make_stage(p, target));
    }
    if (p->stages.len)
        qsort(p->stages.items, p->stages.len, sizeof *p->stages.items, by_place);
}

/* Costs. */

/* How far two measurements of the same memory differ, in units of the last digit; -1 when they are not of the same. */
static int distance(Mib a, Mib b, unsigned decimals)
{
    if (a == MIB_NONE || b == MIB_NONE)
        return -1;
    Mib difference = a > b ? a - b : b - a;
    return difference > mib_unit(decimals) ? -1 : difference != 0;
}

/* Memory at the beginning of the report, and at its end. */
static void find_ends(const Puzzle *p, const Reading *r, Mib *begin, Mib *end)
{
    ReadingRow row = {0};
    *begin = *end = MIB_NONE;
    for (uint32_t i = 0; i < r->rows && !row.measured; i++)
        row = reading_row(p->in, r, i);
    if (!row.measured)
        return;
    *begin = row.memory;
    row.measured = false;
    for (uint32_t i = r->rows; i > 0 && !row.measured; i--)
        row = reading_row(p->in, r, i - 1);
    *end = row.memory;
}

/* A line that calls a profiled function begins with the memory that this begins with, and ends with what it leaves. */
static int nesting_gain(const Puzzle *p, const Reading *inner, const Reading *outer)
{
    Mib begin, end;
    int gain = 0;
    find_ends(p, inner, &begin, &end);
    for (uint32_t i = 1; i < outer->rows && i < ROWS_MAX; i++) {
        ReadingRow row = reading_row(p->in, outer, i);
        if (!row.measured || row.increment == MIB_NONE || row.increment == row.memory)
            continue;
        int first = distance(row.memory - row.increment, begin, row.decimals), last = distance(row.memory, end, row.decimals);
        int of_row = first >= 0 || last >= 0 ? GAIN_HALF_NESTED : 0;
        if (first >= 0 && last >= 0)
            of_row = GAIN_NESTED - COST_ROUNDED * (first + last);
        gain = of_row > gain ? of_row : gain;
    }
    return gain;
}

/* What follows comes later than usual. Far beyond that, the one that waits longer still goes first. */
static int64_t lag_cost(int64_t lag, int64_t usual)
{
    int64_t times = lag * 1000 / (2 * (usual < LAG_MIN ? LAG_MIN : usual));
    int64_t cost = times > 4000 ? COST_LAG_MAX : times * times / 2000;
    return cost + (lag > 1000 ? 1000 : lag * lag / 1000);
}

/* What the caller got that begins next behind the report, or NULL. */
static const Reading *next_taken(const Puzzle *p, size_t caller, const Reading *r)
{
    const Reading *next = NULL;
    for (size_t i = p->callers.items[caller].first_taken; i != NO_PLACE; i = p->taken.items[i].next) {
        const Reading *taken = &p->taken.items[i].reading;
        if (taken->first_number > r->last_number && (!next || taken->first_number < next->first_number))
            next = taken;
    }
    return next;
}

static bool has_taken(const Puzzle *p, size_t caller)
{
    return p->callers.items[caller].first_taken != NO_PLACE;
}

static bool overlaps_taken(const Puzzle *p, size_t caller, const Reading *r)
{
    for (size_t i = p->callers.items[caller].first_taken; i != NO_PLACE; i = p->taken.items[i].next) {
        const Reading *taken = &p->taken.items[i].reading;
        if (taken->first_number < r->last_number && r->first_number < taken->last_number)
            return true;
    }
    return false;
}

/* Whether the caller got a report that was begun before; it got only such as come later in an invocation, as a rule. */
static bool follows_taken(const Puzzle *p, size_t caller, const Reading *r)
{
    for (size_t i = p->callers.items[caller].first_taken; i != NO_PLACE; i = p->taken.items[i].next)
        if (p->taken.items[i].reading.first_number < r->first_number)
            return true;
    return false;
}

/* An invocation is in its last stage for a small part of its time only. */
static int64_t running_cost(uint64_t age, int64_t lag)
{
    int64_t cost = 0;
    for (uint64_t part = lag < LAG_MIN ? LAG_MIN : (uint64_t)lag; part < age; part *= 2)
        cost += COST_RUNNING;
    return cost;
}

/* The invocation ended before the report's last record. */
static int64_t early_cost(const Puzzle *p, const Reading *r, size_t caller)
{
    if (!p->in->old_host)
        return COST_STRAY;
    int64_t lag = distance_in_records(span_of_caller(p, caller)->last, r->last_number);
    int64_t cost = follows_taken(p, caller, r) ? COST_OVERLAP : 0;
    return cost + p->cost_early + lag_cost(lag, p->lateness);
}

static int64_t cost_of(const Puzzle *p, const Reading *r, const Slot *slot)
{
    if (!may_take(p, slot->caller, r))
        return ASSIGNMENT_NEVER;
    int64_t cost = slot->cost;
    if (ends_early(p, slot->caller, r))
        return cost + early_cost(p, r, slot->caller);
    cost += p->in->old_host ? p->cost_late : 0;
    if (overlaps_taken(p, slot->caller, r))
        return cost + COST_OVERLAP;
    const Reading *next = next_taken(p, slot->caller, r);
    uint64_t end = next ? next->first_number : has_ended(p, slot->caller) ? span_of_caller(p, slot->caller)->last : p->now;
    if (next)
        cost -= nesting_gain(p, r, next);
    if (!next && !has_ended(p, slot->caller))
        cost += running_cost(p->now - span_of_caller(p, slot->caller)->first, slot->lag);
    return cost + lag_cost((int64_t)(end - r->last_number), slot->lag);
}

/* Places. */

static bool may_take_any(const Puzzle *p, size_t caller)
{
    for (size_t i = 0; i < p->candidates.len; i++)
        if (may_take(p, caller, &p->readings.items[p->candidates.items[i]]))
            return true;
    return false;
}

/* How many reports each should have where nothing was learnt: as many as there are for each. */
static uint32_t fair_share(const Puzzle *p)
{
    size_t callers = 0;
    for (size_t i = 0; i < p->callers.len; i++)
        callers += may_take_any(p, i);
    return callers ? (uint32_t)((p->candidates.len + callers - 1) / callers) : 1;
}

/*
 * Printing against not printing a report of the target: the logarithm of the odds. An invocation that still runs may print it
 * later, so nothing is missing there.
 */
static int printing_cost(const Puzzle *p, size_t caller, Id target, double presence)
{
    const Invocation *call = call_of(p, caller);
    double share = habit_share(p->in, call->function, target), odds;
    int cost = has_taken(p, caller) ? -COST_MISSING_NEXT : -COST_MISSING;
    int absent = (int)fmin(1000 * habit_absence(p->in, call->function, target, presence), COST_ABSENT_MAX);
    if (share >= 0) {
        odds = (share + SHARE_MIN) / (1 - share + SHARE_MIN);
        cost = -(int)(1000 * log(odds));
    }
    cost = (cost < -COST_MISSING_MAX ? -COST_MISSING_MAX : cost) + absent;
    if (call->outcome == OUTCOME_FAILED)
        return cost < COST_FAILED ? COST_FAILED : cost;
    return has_ended(p, caller) || cost > 0 ? cost : 0;
}

static void make_slots(Puzzle *p, const Stage *stage)
{
    uint32_t share = fair_share(p);
    double presence = habit_most_presence(p->in, stage->target);
    p->slots.len = 0;
    for (size_t i = 0; i < p->callers.len; i++) {
        const Invocation *call = call_of(p, i);
        if (!may_take_any(p, i))
            continue;
        uint32_t known = habit_usual_reports(p->in, call->function, stage->target), usual = known ? known : share, has;
        int64_t lag = habit_usual_lag(p->in, call->function, stage->target);
        int cost = printing_cost(p, i, stage->target, presence);
        lag = lag < 0 ? stage->lag : lag;
        has = habit_count_reports(p->in, p->callers.items[i].span.call, stage->target, usual);
        for (; has < usual && p->slots.len < SLOTS_MAX; has++)
            vec_push(&p->slots, (Slot){i, cost, lag});
        vec_push(&p->slots, (Slot){i, COST_MORE + (cost > 0 ? cost : 0), lag});
    }
}

/* Solving. */

static void take(Puzzle *p, size_t reading, size_t caller, bool sure, Pairings *pairings)
{
    const Reading *r = &p->readings.items[reading];
    vec_push(pairings, (Pairing){*r, p->callers.items[caller].span.call, sure});
    add_taken(p, caller, *r, sure);
}

/* Too many to be weighed against each other: each goes to the invocation that ends first. */
static void pair_plainly(Puzzle *p, Pairings *pairings)
{
    for (size_t i = 0; i < p->candidates.len; i++) {
        const Reading *r = &p->readings.items[p->candidates.items[i]];
        size_t best = SIZE_MAX, fit = 0;
        for (size_t j = 0; j < p->callers.len; j++) {
            if (!may_take(p, j, r))
                continue;
            fit++;
            if (best == SIZE_MAX || span_of_caller(p, j)->last < span_of_caller(p, best)->last)
                best = j;
        }
        if (best != SIZE_MAX)
            take(p, p->candidates.items[i], best,
                 fit == 1 && p->callers.items[best].sure && reading_is_within(r, span_of_caller(p, best)), pairings);
    }
}

/* Each report may also be left to nobody. */
static void fill_costs(Puzzle *p, size_t rows, size_t columns)
{
    p->costs.len = p->groups.len = 0;
    vec_reserve(&p->costs, rows * columns);
    vec_reserve(&p->groups, columns);
    for (size_t i = 0; i < rows; i++) {
        const Reading *r = &p->readings.items[p->candidates.items[i]];
        for (size_t j = 0; j < columns; j++) {
            size_t nobody = j - p->slots.len;
            int64_t cost = nobody == i ? COST_NOBODY : ASSIGNMENT_NEVER;
            vec_push(&p->costs, j < p->slots.len ? cost_of(p, r, &p->slots.items[j]) : cost);
        }
    }
    for (size_t j = 0; j < columns; j++)
        vec_push(&p->groups, j < p->slots.len ? p->slots.items[j].caller : p->callers.len + j);
}

static void solve_stage(Puzzle *p, const Stage *stage, Pairings *pairings)
{
    p->candidates.len = 0;
    for (size_t i = 0; i < p->readings.len; i++)
        if (p->readings.items[i].target == stage->target)
            vec_push(&p->candidates, i);
    make_slots(p, stage);
    size_t rows = p->candidates.len, columns = p->slots.len + rows;
    if (rows > READINGS_MAX || p->slots.len >= SLOTS_MAX) {
        pair_plainly(p, pairings);
        return;
    }
    size_t chosen[READINGS_MAX];
    int64_t margins[READINGS_MAX];
    fill_costs(p, rows, columns);
    assignment_solve(rows, columns, p->costs.items, p->groups.items, chosen, margins, SURE_MARGIN);
    for (size_t i = 0; i < rows; i++) {
        if (chosen[i] >= p->slots.len)
            continue;
        size_t caller = p->slots.items[chosen[i]].caller;
        take(p, p->candidates.items[i], caller, margins[i] >= SURE_MARGIN && p->callers.items[caller].sure, pairings);
    }
}

void pairing_find(Intake *in, Pairings *pairings)
{
    double early = habit_early_share(in);
    Puzzle p = {
        .in = in,
        .cost_early = (int64_t)(-1000 * log(early)),
        .cost_late = (int64_t)(-1000 * log(1 - early)),
        .lateness = habit_usual_lateness(in),
    };
    collect(&p);
    vec_reserve(&p.may_take, p.readings.len * p.callers.len + 1);
    memset(p.may_take.items, MAY_UNKNOWN, p.readings.len * p.callers.len);
    order_stages(&p);
    for (size_t i = 0; i < p.stages.len; i++)
        solve_stage(&p, &p.stages.items[i], pairings);
    vec_free(&p.callers);
    vec_free(&p.readings);
    vec_free(&p.may_take);
    vec_free(&p.taken);
    vec_free(&p.stages);
    vec_free(&p.candidates);
    vec_free(&p.slots);
    vec_free(&p.costs);
    vec_free(&p.groups);
}
