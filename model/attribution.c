#include "model/attribution.h"

enum {
    LATE_CALLS = 64,      /* ended invocations that are remembered anyway */
    UNDECIDED_MAX = 4096, /* reports that may wait for an owner */
    MANY_REPORTS = 64,    /* an invocation that prints more of one target is not counted through */
    STRAY_ROWS = 1,       /* so many rows of others a report may have got after its end */
    UNSETTLED_MAX = 16,   /* invocations that have ended and wait for rows that tell their reports from others' */
};

static Invocation *call_of(Intake *in, Id id)
{
    return &in->model->invocations.items[id];
}

static Report *report_of(Intake *in, Id id)
{
    return &in->model->reports.items[id];
}

/* A report as far as it was read; it may still be open. */
typedef struct Reading {
    Id report;
    Id target;
    Id process;
    uint64_t first_number, last_number;
    uint32_t rows;
    bool on_stdout;
    bool doubtful;
} Reading;

static Reading reading_of_closed(Intake *in, Id id)
{
    const Report *r = report_of(in, id);
    return (Reading){
        .report = id,
        .target = r->target,
        .process = r->process,
        .first_number = r->first_number,
        .last_number = r->last_number,
        .rows = r->rows,
        .on_stdout = r->on_stdout,
        .doubtful = r->doubtful,
    };
}

static Reading reading_of_open(Intake *in, const OpenReport *open)
{
    const ParsedReport *p = open->parsed;
    return (Reading){
        .report = open->report,
        .target = intake_target(in, p),
        .process = report_of(in, open->report)->process,
        .first_number = p->first_number,
        .last_number = p->last_number,
        .rows = (uint32_t)p->rows.len,
        .on_stdout = !p->logger.len,
        .doubtful = p->doubtful || p->interleaved,
    };
}

/* Whether the invocation was open from the report's first record to its latest. */
static bool was_open(const Invocation *call, const Reading *r)
{
    return call->process == r->process && call->started_number < r->first_number && call->ended_number > r->last_number;
}

/* Habits. */

static bool same_habit(const void *ctx, uint32_t item, const void *key)
{
    const Habit *habit = &((const Intake *)ctx)->habits.items[item];
    const Habit *k = key;
    return habit->function == k->function && habit->target == k->target;
}

static Habit *habit_find(Intake *in, Id function, Id target)
{
    Habit key = {.function = function, .target = target};
    int64_t known = hash_index_find(&in->habit_index, hash_pair(function, target), same_habit, in, &key);
    return known < 0 ? NULL : &in->habits.items[known];
}

static Habit *habit_of(Intake *in, Id function, Id target)
{
    Habit *habit = habit_find(in, function, target);
    if (habit)
        return habit;
    hash_index_add(&in->habit_index, hash_pair(function, target), (uint32_t)in->habits.len);
    vec_push(&in->habits, (Habit){.function = function, .target = target});
    return &vec_last(&in->habits);
}

/* Notes which functions could have printed a report: one that was absent does not own the target alone. */
static void witness(Intake *in, const Reading *r)
{
    Target *target = &in->model->targets.items[r->target];
    target->witnessed++;
    for (size_t i = 0; i < in->calls.len; i++) {
        const Invocation *call = call_of(in, in->calls.items[i]);
        bool again = false;
        if (!was_open(call, r))
            continue;
        for (size_t j = 0; j < i && !again; j++) {
            const Invocation *other = call_of(in, in->calls.items[j]);
            again = other->function == call->function && was_open(other, r);
        }
        if (!again)
            habit_of(in, call->function, r->target)->witnessed++;
    }
}

/* The folder that holds a file, which is the function's name in the v1 programming model: ".../HttpTriggerSync/__init__.py". */
static Span folder_of(Span file)
{
    size_t end = file.len;
    while (end && file.ptr[end - 1] != '/' && file.ptr[end - 1] != '\\')
        end--;
    if (!end)
        return (Span){0};
    size_t begin = --end;
    while (begin && file.ptr[begin - 1] != '/' && file.ptr[begin - 1] != '\\')
        begin--;
    return (Span){file.ptr + begin, end - begin};
}

/* The function of that folder, looked up anew only when there are more functions than before. */
static Id function_by_folder(Intake *in, Id id)
{
    Target *target = &in->model->targets.items[id];
    if (target->folder_functions != in->model->functions.len) {
        target->folder_functions = (uint32_t)in->model->functions.len;
        target->folder_function = model_function_named(in->model, folder_of(model_text(in->model, target->file)));
    }
    return target->folder_function;
}

/* Whether some function was open at every report of the target: then that one owns it alone. */
static bool has_constant_witness(Intake *in, Id target)
{
    for (size_t i = 0; i < in->habits.len; i++)
        if (in->habits.items[i].target == target && in->habits.items[i].witnessed == in->model->targets.items[target].witnessed)
            return true;
    return false;
}

/* Whether invocations of `function` may print reports of `target`, for all that is known. */
static bool may_own(Intake *in, Id function, Id target_id)
{
    const Target *target = &in->model->targets.items[target_id];
    Id by_folder = function_by_folder(in, target_id);
    if (by_folder != NO_ID)
        return by_folder == function;
    const Habit *habit = habit_find(in, function, target_id);
    if ((habit && habit->calls) || !target->witnessed)
        return true;
    bool always_there = habit && habit->witnessed == target->witnessed;
    return always_there || (target->function == NO_ID && !has_constant_witness(in, target_id));
}

/* Whether the invocation has so many reports of the target. */
static bool has_reports(Intake *in, Id call, Id target, uint32_t wanted)
{
    uint32_t count = 0;
    for (Id i = call_of(in, call)->first_report; i != NO_ID && count < wanted; i = report_of(in, i)->next_of_invocation)
        count += report_of(in, i)->target == target;
    return count >= wanted;
}

/* How many reports of the target an invocation prints, as a rule; 0 when that is not known. */
static uint32_t usual_reports(Intake *in, Id function, Id target)
{
    const Habit *habit = habit_find(in, function, target);
    return habit && habit->calls ? (habit->reports + habit->calls / 2) / habit->calls : 0;
}

static bool still_misses(Intake *in, Id call, Id target)
{
    uint32_t usual = usual_reports(in, call_of(in, call)->function, target);
    return usual > MANY_REPORTS || !has_reports(in, call, target, usual ? usual : 1);
}

/* Deciding. */

/* Links the report into its invocation's list, which is in the order of beginning. */
static void link_to_call(Intake *in, Id report, Id id)
{
    Invocation *call = call_of(in, id);
    Id previous = NO_ID, next = call->first_report;
    if (call->last_report != NO_ID && call->last_report < report) {
        previous = call->last_report;
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
        call->last_report = report;
    call->reports++;
}

/* Notes which function owns the target. */
static void learn_function(Intake *in, Id target_id, Id function)
{
    Target *target = &in->model->targets.items[target_id];
    if (target->function == NO_ID)
        target->function = function;
    else if (target->function != function)
        target->shared = true;
}

static void learn_owner(Intake *in, const Reading *r, Id call)
{
    Id function = call_of(in, call)->function;
    Habit *habit = habit_of(in, function, r->target);
    habit->calls += !has_reports(in, call, r->target, 1);
    habit->reports++;
    learn_function(in, r->target, function);
}

static void decide(Intake *in, const Reading *r, Id call, Attribution how)
{
    Report *report = report_of(in, r->report);
    if (how >= ATTRIBUTION_INFERRED)
        learn_owner(in, r, call);
    report->target = r->target;
    report->invocation = call;
    report->attribution = (uint8_t)how;
    link_to_call(in, r->report, call);
    in->model->version++;
}

/*
 * Whether one invocation alone ran while the report was written. One that began or ended meanwhile cannot own it whole, but a row of
 * its own may have been taken for one of this report.
 */
static bool was_undisturbed(Intake *in, const Reading *r)
{
    size_t count = 0;
    for (size_t i = 0; i < in->calls.len; i++) {
        const Invocation *call = call_of(in, in->calls.items[i]);
        count += call->process == r->process && call->started_number < r->last_number && call->ended_number > r->first_number;
    }
    return count == 1;
}

/* What stands against calling the only candidate certain. */
static Attribution certainty(Intake *in, const Reading *r)
{
    bool weak = r->on_stdout || r->doubtful || !was_undisturbed(in, r) || in->old_host || in->model->processes.items[r->process].cut_start;
    return weak ? ATTRIBUTION_INFERRED : ATTRIBUTION_EXACT;
}

typedef struct Candidates {
    Id only;     /* one that was open ... */
    size_t open; /* ... of so many */
    Id fitting;  /* one that was open, whose function may own the code and which misses such a report ... */
    size_t fit;  /* ... of so many ... */
    size_t waiting; /* ... of which so many are not settled */
} Candidates;

static Candidates candidates_of(Intake *in, const Reading *r)
{
    Candidates c = {.only = NO_ID, .fitting = NO_ID};
    for (size_t i = 0; i < in->calls.len; i++) {
        Id id = in->calls.items[i];
        const Invocation *call = call_of(in, id);
        if (!was_open(call, r))
            continue;
        c.only = id;
        c.open++;
        if (!may_own(in, call->function, r->target) || !still_misses(in, id, r->target))
            continue;
        c.fit++;
        c.waiting += !call->settled;
        if (c.fitting == NO_ID || call->ended_number < call_of(in, c.fitting)->ended_number)
            c.fitting = id;
    }
    return c;
}

/* Standard output may come after the Executed of its invocation: then the call that ended last before it is the one. */
static Id ended_before(Intake *in, const Reading *r)
{
    Id found = NO_ID;
    for (size_t i = 0; i < in->calls.len; i++) {
        const Invocation *call = call_of(in, in->calls.items[i]);
        if (call->process == r->process && call->started_number < r->last_number && call->ended_number <= r->last_number &&
            may_own(in, call->function, r->target) &&
            (found == NO_ID || call->ended_number > call_of(in, found)->ended_number))
            found = in->calls.items[i];
    }
    return found;
}

/* Whether a report that was given to another invocation by guess may be this one's: then all that is left is a guess as well. */
static bool was_guessed_away(Intake *in, Id call, Id target)
{
    for (size_t i = in->report_ids.len; i-- > 0;) {
        const Report *r = report_of(in, in->report_ids.items[i]);
        if (r->first_number < call_of(in, call)->started_number)
            return false;
        if (r->attribution != ATTRIBUTION_AMBIGUOUS || r->target != target || r->invocation == call || !r->closed)
            continue;
        Reading reading = reading_of_closed(in, in->report_ids.items[i]);
        if (was_open(call_of(in, call), &reading))
            return true;
    }
    return false;
}

/* Nothing that is still to come can tell more. */
static void decide_finally(Intake *in, const Reading *r)
{
    Candidates c = candidates_of(in, r);
    Id late = c.open || !r->on_stdout ? NO_ID : ended_before(in, r);
    if (c.open == 1)
        decide(in, r, c.only, certainty(in, r));
    else if (c.fit)
        decide(in, r, c.fitting, c.fit == 1 && !was_guessed_away(in, c.fitting, r->target) ? ATTRIBUTION_INFERRED : ATTRIBUTION_AMBIGUOUS);
    else if (c.open)
        decide(in, r, c.only, ATTRIBUTION_AMBIGUOUS);
    else if (late != NO_ID)
        decide(in, r, late, ATTRIBUTION_INFERRED);
    else
        report_of(in, r->report)->attribution = ATTRIBUTION_NONE;
}

/* The first record of a report without an owner. */
static uint64_t oldest_wanted(Intake *in)
{
    uint64_t oldest = in->open.len ? report_of(in, in->open.items[0].report)->first_number : UINT64_MAX;
    if (in->undecided.len && report_of(in, in->undecided.items[0])->first_number < oldest)
        oldest = report_of(in, in->undecided.items[0])->first_number;
    return oldest;
}

/* Forgets invocations that ended before all that is undecided began; the latest stay for output that comes late. */
static void forget_ended(Intake *in)
{
    size_t kept = 0;
    if (in->calls.len < 2 * in->calls_kept + LATE_CALLS)
        return;
    uint64_t wanted = oldest_wanted(in);
    for (size_t i = 0; i < in->calls.len; i++) {
        Id call = in->calls.items[i];
        if (call_of(in, call)->ended_number >= wanted || !call_of(in, call)->settled || i + LATE_CALLS >= in->calls.len)
            in->calls.items[kept++] = call;
    }
    in->calls.len = in->calls_kept = kept;
}

/* A report that no Executed line decides in good time is given up, so that the waiting list stays short. */
static void wait_for_owner(Intake *in, const Reading *r)
{
    if (in->undecided.len == UNDECIDED_MAX) {
        Reading oldest = reading_of_closed(in, in->undecided.items[0]);
        vec_remove(&in->undecided, 0);
        decide_finally(in, &oldest);
    }
    vec_push(&in->undecided, r->report);
}

/* A report may be decided while it is open; what it took since may show that it was not all of one invocation. */
static void doubt_if_it_went_on(Intake *in, const Reading *r)
{
    Report *report = report_of(in, r->report);
    bool fits = was_open(call_of(in, report->invocation), r) && certainty(in, r) == ATTRIBUTION_EXACT;
    if (report->attribution == ATTRIBUTION_EXACT && !fits)
        report->attribution = ATTRIBUTION_INFERRED;
}

void attribution_report_closed(Intake *in, Id id)
{
    Reading r = reading_of_closed(in, id);
    witness(in, &r);
    if (report_of(in, id)->invocation != NO_ID) {
        doubt_if_it_went_on(in, &r);
        return;
    }
    Candidates c = candidates_of(in, &r);
    if (c.open == 1) {
        decide(in, &r, c.only, certainty(in, &r));
    } else if (c.open && c.waiting == 0) {
        decide_finally(in, &r);
    } else if (c.open == 0 && r.on_stdout && ended_before(in, &r) != NO_ID) {
        decide_finally(in, &r);
    } else {
        report_of(in, id)->attribution = c.open ? ATTRIBUTION_PENDING : ATTRIBUTION_NONE;
        wait_for_owner(in, &r);
    }
}

void attribution_report_named(Intake *in, Id id)
{
    Report *report = report_of(in, id);
    Id function = call_of(in, report->invocation)->function;
    if (in->model->functions.items[function].name != in->model->empty)
        learn_function(in, report->target, function);
    report->attribution = ATTRIBUTION_EXACT;
    link_to_call(in, id, report->invocation);
}

/* What an invocation that has just ended may take. */
typedef VEC(Reading) Readings;

static void add_if_free(Intake *in, Readings *readings, Id call, const Reading *r)
{
    if (report_of(in, r->report)->invocation == NO_ID && was_open(call_of(in, call), r) &&
        may_own(in, call_of(in, call)->function, r->target))
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
    for (size_t i = 0; i < in->undecided.len; i++) {
        Reading r = reading_of_closed(in, in->undecided.items[i]);
        add_if_free(in, readings, call, &r);
    }
    for (size_t i = 0; i < in->open.len; i++) {
        const ParsedReport *p = in->open.items[i].parsed;
        if (!p->rows.len || (p->dense && p->logger.len && !p->ended))
            continue; /* its rows are not all here yet, so it cannot be one of a call that has ended */
        Reading r = reading_of_open(in, &in->open.items[i]);
        add_if_free(in, readings, call, &r);
    }
    if (readings->len)
        qsort(readings->items, readings->len, sizeof *readings->items, by_last_record);
}

/* Other invocations that are not settled and may have printed the report. */
static size_t count_rivals(Intake *in, Id call, const Reading *r)
{
    size_t rivals = 0;
    for (size_t i = 0; i < in->calls.len; i++) {
        Id other = in->calls.items[i];
        const Invocation *o = call_of(in, other);
        rivals += other != call && !o->settled && was_open(o, r) && may_own(in, o->function, r->target) &&
                  still_misses(in, other, r->target);
    }
    return rivals;
}

static size_t count_of_target(const Readings *readings, Id target)
{
    size_t count = 0;
    for (size_t i = 0; i < readings->len; i++)
        count += readings->items[i].target == target;
    return count;
}

/* How sure it is that the invocation printed the report: `alike` reports of the target are there for it to choose from. */
static Attribution assurance(Intake *in, Id call, const Reading *r, size_t alike)
{
    uint32_t usual = usual_reports(in, call_of(in, call)->function, r->target);
    bool only = count_rivals(in, call, r) == 0 || (usual && alike <= usual);
    return only && !was_guessed_away(in, call, r->target) ? ATTRIBUTION_INFERRED : ATTRIBUTION_AMBIGUOUS;
}

/*
 * Gives the invocation a report, or leaves it to others. Without rivals it is certain enough. With rivals it is when the invocation
 * must have printed one and this is the only one there; else the one that was finished first is the best guess.
 */
static void take_or_leave(Intake *in, Id call, const Reading *r, size_t alike)
{
    if (report_of(in, r->report)->invocation != NO_ID)
        return;
    bool failed = call_of(in, call)->outcome == OUTCOME_FAILED, rivalled = count_rivals(in, call, r) > 0;
    if (rivalled && (failed || !still_misses(in, call, r->target)))
        return;
    Candidates c = candidates_of(in, r);
    decide(in, r, call, c.open == 1 ? certainty(in, r) : assurance(in, call, r, alike));
}

/* For each target the report that was finished first and that nobody is expected to own yet. */
static void expect_reports(Intake *in, Id call, const Readings *readings)
{
    for (size_t i = 0; i < readings->len; i++) {
        const Reading *r = &readings->items[i];
        bool expected = !still_misses(in, call, r->target) || report_of(in, r->report)->invocation != NO_ID;
        for (size_t j = 0; j < readings->len && !expected; j++) {
            const Reading *other = &readings->items[j];
            expected = other->target == r->target && report_of(in, other->report)->likely == call;
        }
        Report *report = report_of(in, r->report);
        if (!expected && report->likely == NO_ID) {
            report->likely = call;
            report->likely_rows = r->rows;
        }
    }
}

/* Takes what no other invocation may have printed; returns whether there is more, with rivals. */
static bool take_unrivalled(Intake *in, Id call)
{
    Readings readings = {0};
    bool rivalled = false;
    collect_free(in, call, &readings);
    for (size_t i = 0; i < readings.len; i++) {
        if (count_rivals(in, call, &readings.items[i]))
            rivalled = true;
        else
            take_or_leave(in, call, &readings.items[i], 1);
    }
    if (rivalled && call_of(in, call)->outcome != OUTCOME_FAILED)
        expect_reports(in, call, &readings);
    vec_free(&readings);
    return rivalled;
}

/* What seemed to be its own at its end is, unless that went on: then it was not finished. */
static void take_if_expected(Intake *in, Id call, const Reading *r, const Readings *free_ones)
{
    Report *report = report_of(in, r->report);
    if (report->likely != call || report->invocation != NO_ID)
        return;
    if (r->rows > report->likely_rows + STRAY_ROWS)
        report->likely = NO_ID;
    else
        decide(in, r, call, assurance(in, call, r, count_of_target(free_ones, r->target)));
}

static void take_expected(Intake *in, Id call, const Readings *free_ones)
{
    for (size_t i = 0; i < in->undecided.len; i++) {
        Reading r = reading_of_closed(in, in->undecided.items[i]);
        take_if_expected(in, call, &r, free_ones);
    }
    for (size_t i = 0; i < in->open.len; i++) {
        if (report_of(in, in->open.items[i].report)->likely != call)
            continue;
        Reading r = reading_of_open(in, &in->open.items[i]);
        take_if_expected(in, call, &r, free_ones);
    }
}

static void settle(Intake *in, Id call)
{
    Readings readings = {0};
    collect_free(in, call, &readings);
    take_expected(in, call, &readings);
    for (size_t i = 0; i < readings.len; i++)
        take_or_leave(in, call, &readings.items[i], count_of_target(&readings, readings.items[i].target));
    vec_free(&readings);
    call_of(in, call)->settled = true;
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
        Candidates c = candidates_of(in, &r);
        if (c.open && !c.waiting)
            decide_finally(in, &r);
        else
            in->undecided.items[kept++] = id;
    }
    in->undecided.len = kept;
}

static bool runs_alone(Intake *in)
{
    for (size_t i = 0; i < in->calls.len; i++)
        if (call_of(in, in->calls.items[i])->ended_number == UINT64_MAX)
            return false;
    return true;
}

/*
 * An invocation that shares its candidates with others is not settled at its end: rows that come later may show that a report is not
 * finished yet, and so none of its own. It waits until nothing runs any more, or for a number of ends.
 */
static void settle_waiting(Intake *in, size_t max)
{
    if (in->unsettled.len <= max)
        return;
    size_t count = in->unsettled.len - max;
    for (size_t i = 0; i < count; i++)
        settle(in, in->unsettled.items[i]);
    if (!count)
        return;
    in->unsettled.len -= count;
    memmove(in->unsettled.items, in->unsettled.items + count, in->unsettled.len * sizeof *in->unsettled.items);
}

void attribution_call_ended(Intake *in, Id call)
{
    if (take_unrivalled(in, call))
        vec_push(&in->unsettled, call);
    else
        call_of(in, call)->settled = true;
    settle_waiting(in, runs_alone(in) ? 0 : UNSETTLED_MAX);
    decide_leftovers(in);
    forget_ended(in);
}

/* What was called exact may belong to an invocation that was open unseen. */
void attribution_orphan_ended(Intake *in, Id orphan)
{
    Process *process = &in->model->processes.items[call_of(in, orphan)->process];
    if (process->cut_start)
        return;
    process->cut_start = true;
    for (size_t i = in->report_ids.len; i-- > 0;) {
        Report *r = report_of(in, in->report_ids.items[i]);
        if (r->process != call_of(in, orphan)->process)
            break;
        if (r->attribution == ATTRIBUTION_EXACT)
            r->attribution = ATTRIBUTION_INFERRED;
    }
}

void attribution_finish(Intake *in)
{
    settle_waiting(in, 0);
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
        call_of(in, in->calls.items[i])->settled = true;
    in->calls.len = in->calls_kept = 0;
}

void attribution_forget_oldest(Intake *in)
{
    call_of(in, in->calls.items[0])->settled = true;
    vec_remove(&in->calls, 0);
}
