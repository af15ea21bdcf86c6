#include "model/attribution.h"

enum {
    LATE_CALLS = 64,      /* ended invocations that are remembered anyway */
    UNDECIDED_MAX = 4096, /* reports that may wait for an Executed line */
};

static Invocation *call_of(Intake *in, Id id)
{
    return &in->model->invocations.items[id];
}

static Report *report_of(Intake *in, Id id)
{
    return &in->model->reports.items[id];
}

/* Whether the invocation was open from the report's first record to its last. */
static bool was_open(const Invocation *call, const Report *r)
{
    return call->process == r->process && call->started_number < r->first_number && call->ended_number > r->last_number;
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

/* Whether invocations of `function` may print reports of `target`, for all that is known. */
static bool may_own(const Model *m, Id function, Id target_id)
{
    const Target *target = &m->targets.items[target_id];
    Id by_folder = model_function_named(m, folder_of(model_text(m, target->file)));
    if (by_folder != NO_ID)
        return by_folder == function;
    return target->function == NO_ID || target->shared || target->function == function;
}

static bool has_report_of(Intake *in, Id call, Id target)
{
    for (Id i = call_of(in, call)->first_report; i != NO_ID; i = report_of(in, i)->next_of_invocation)
        if (report_of(in, i)->target == target)
            return true;
    return false;
}

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

static void learn_owner(Intake *in, const Report *r)
{
    Target *target = &in->model->targets.items[r->target];
    Id function = call_of(in, r->invocation)->function;
    if (target->function == NO_ID)
        target->function = function;
    else if (target->function != function)
        target->shared = true;
}

static void decide(Intake *in, Id report, Id call, Attribution how)
{
    Report *r = report_of(in, report);
    r->invocation = call;
    r->attribution = (uint8_t)how;
    link_to_call(in, report, call);
    if (how >= ATTRIBUTION_INFERRED)
        learn_owner(in, r);
    in->model->version++;
}

/* What stands against calling the only candidate certain. */
static Attribution certainty(Intake *in, const Report *r)
{
    bool weak = r->on_stdout || in->old_host || in->model->processes.items[r->process].cut_start;
    return weak ? ATTRIBUTION_INFERRED : ATTRIBUTION_EXACT;
}

typedef struct Candidates {
    Id only;       /* one that was open */
    size_t open;   /* how many were */
    Id fitting;    /* one that was open and whose function may own the code */
    size_t fit;    /* how many of those */
} Candidates;

static Candidates candidates_of(Intake *in, const Report *r)
{
    Candidates c = {.only = NO_ID, .fitting = NO_ID};
    for (size_t i = 0; i < in->calls.len; i++) {
        Id call = in->calls.items[i];
        if (!was_open(call_of(in, call), r))
            continue;
        c.only = call;
        c.open++;
        if (may_own(in->model, call_of(in, call)->function, r->target)) {
            c.fitting = call;
            c.fit++;
        }
    }
    return c;
}

/* Standard output may come after the Executed of its invocation: then the call that ended last before it is the one. */
static Id ended_before(Intake *in, const Report *r)
{
    Id found = NO_ID;
    for (size_t i = 0; i < in->calls.len; i++) {
        const Invocation *call = call_of(in, in->calls.items[i]);
        if (call->process == r->process && call->started_number < r->last_number && call->ended_number <= r->last_number &&
            may_own(in->model, call->function, r->target) &&
            (found == NO_ID || call->ended_number > call_of(in, found)->ended_number))
            found = in->calls.items[i];
    }
    return found;
}

/* The first record that a report without an owner has. */
static uint64_t oldest_wanted(Intake *in)
{
    uint64_t oldest = UINT64_MAX;
    while (in->reports_done < in->report_ids.len && report_of(in, in->report_ids.items[in->reports_done])->closed)
        in->reports_done++;
    if (in->reports_done < in->report_ids.len)
        oldest = report_of(in, in->report_ids.items[in->reports_done])->first_number;
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
        if (call_of(in, call)->ended_number >= wanted || i + LATE_CALLS >= in->calls.len)
            in->calls.items[kept++] = call;
    }
    in->calls.len = in->calls_kept = kept;
}

/* No Executed line decides any more. */
static void decide_by_guess(Intake *in, Id report)
{
    Candidates c = candidates_of(in, report_of(in, report));
    Id guess = c.fitting != NO_ID ? c.fitting : c.only;
    if (guess != NO_ID)
        decide(in, report, guess, ATTRIBUTION_AMBIGUOUS);
    else
        report_of(in, report)->attribution = ATTRIBUTION_NONE;
}

/* A report that no Executed line decides in good time is given up, so that the waiting list stays short. */
static void wait_for_ends(Intake *in, Id report)
{
    if (in->undecided.len == UNDECIDED_MAX) {
        decide_by_guess(in, in->undecided.items[0]);
        vec_remove(&in->undecided, 0);
    }
    vec_push(&in->undecided, report);
}

void attribution_report_closed(Intake *in, Id report)
{
    Report *r = report_of(in, report);
    Candidates c = candidates_of(in, r);
    if (c.open == 1) {
        decide(in, report, c.only, certainty(in, r));
    } else if (c.fit == 1) {
        decide(in, report, c.fitting, ATTRIBUTION_INFERRED);
    } else {
        Id late = c.open == 0 && r->on_stdout ? ended_before(in, r) : NO_ID;
        if (late != NO_ID) {
            decide(in, report, late, ATTRIBUTION_INFERRED);
        } else {
            r->attribution = c.open ? ATTRIBUTION_PENDING : ATTRIBUTION_NONE;
            wait_for_ends(in, report);
        }
    }
}

/* Gives `call`, which has just ended, the undecided reports that it may own and still misses, oldest first. */
void attribution_call_ended(Intake *in, Id call)
{
    size_t kept = 0;
    for (size_t i = 0; i < in->undecided.len; i++) {
        Id report = in->undecided.items[i];
        Report *r = report_of(in, report);
        bool mine = was_open(call_of(in, call), r) && may_own(in->model, call_of(in, call)->function, r->target) &&
                    !has_report_of(in, call, r->target);
        if (mine) {
            Candidates c = candidates_of(in, r);
            decide(in, report, call, c.fit == 1 ? ATTRIBUTION_INFERRED : ATTRIBUTION_AMBIGUOUS);
        } else {
            in->undecided.items[kept++] = report;
        }
    }
    in->undecided.len = kept;
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
    for (size_t i = 0; i < in->undecided.len; i++)
        decide_by_guess(in, in->undecided.items[i]);
    in->undecided.len = 0;
}
