#include "model/habit.h"

#include <math.h>

#include "model/report.h"

enum {
    FUNCTIONS_MAX = 256, /* beyond so many functions it is not noted who was there at a report */
    LOOKS_MAX = 512,     /* reports of one invocation that are looked through for those of a target */
    MANY_REPORTS = 64,   /* an invocation that prints more of one target is not counted through */
    SETTLED_MIN = 3,     /* invocations of a function that must have been seen to say what is usual ... */
    KNOWN_MIN = 32,      /* ... and to know it */
    LATE_MIN = 5,        /* records that an old host may print behind the end of their invocation, as a rule ... */
    LATE_TIMES = 4,      /* ... and times as many at most */
};

/* How probable it is that a report of a function comes when none of its invocations seems to be open. */
#define ABSENT 0.05

/*
 * Before any was seen, so many of so many reports are taken to have come behind their invocation's end: the end is logged when the
 * result has come, which goes a longer way through an old host than a record does.
 */
#define EARLY_BEFORE 0.5
#define ENDS_BEFORE 2.0

/* A share of invocations that end early which is none. */
#define EARLY_HARDLY 0.02

/* By so much differs, by mere chance, what a report tells for two functions that both print the target. */
#define CHANCE 0.5

static const Invocation *call_of(const Intake *in, Id id)
{
    return &in->model->invocations.items[id];
}

static Report *report_of(Intake *in, Id id)
{
    return &in->model->reports.items[id];
}

static bool same_habit(const void *ctx, uint32_t item, const void *key)
{
    const Habit *habit = &((const Intake *)ctx)->habits.items[item];
    const Habit *k = key;
    return habit->function == k->function && habit->target == k->target;
}

/* Most often the one that was asked for last: much is asked about one report. */
static Habit *habit_find(Intake *in, Id function, Id target)
{
    Habit key = {.function = function, .target = target};
    if (in->habit_latest < in->habits.len && same_habit(in, in->habit_latest, &key))
        return &in->habits.items[in->habit_latest];
    int64_t known = hash_index_find(&in->habit_index, hash_pair(function, target), same_habit, in, &key);
    if (known < 0)
        return NULL;
    in->habit_latest = (uint32_t)known;
    return &in->habits.items[known];
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

/* Who prints what. */

typedef struct Print {
    Id function;
    TextId file;
} Print;

static Print print_of(const Intake *in, const Habit *habit)
{
    return (Print){habit->function, in->model->targets.items[habit->target].file};
}

static bool same_print(const void *ctx, uint32_t item, const void *key)
{
    const Intake *in = ctx;
    const Print print = print_of(in, &in->habits.items[item]), *k = key;
    return print.function == k->function && print.file == k->file;
}

static bool is_print(const Intake *in, Print print)
{
    return hash_index_find(&in->print_index, hash_pair(print.function, print.file), same_print, in, &print) >= 0;
}

/* The habit has reports. */
static void note_print(Intake *in, const Habit *habit)
{
    Print print = print_of(in, habit);
    if (!is_print(in, print))
        hash_index_add(&in->print_index, hash_pair(print.function, print.file), (uint32_t)(habit - in->habits.items));
}

/* So many invocations of the function were open at a report of the target. */
static void witness(Intake *in, Id function, Id target, uint32_t open)
{
    Habit *habit = habit_of(in, function, target);
    while (in->present.len <= function)
        vec_push(&in->present, 0);
    habit->witnessed++;
    habit->presence += log(open);
    in->present.items[function] += open;
}

/* How many invocations of a function could have printed a report. */
typedef struct Present {
    Id function;
    uint32_t calls;
} Present;

/* Whether the invocation was open, or, on an old host, ended not much earlier before the report's end than some do. */
static bool was_there(const Intake *in, const Reading *r, const CallSpan *call)
{
    int64_t usual = habit_usual_lateness(in);
    uint64_t late = LATE_TIMES * (uint64_t)(usual < LATE_MIN ? LATE_MIN : usual);
    if (reading_is_within(r, call) || !habit_ends_early(in))
        return reading_is_within(r, call);
    return call->first < r->first_number && call->last != UINT64_MAX && call->last + late > r->last_number &&
           call->process == r->process;
}

/* Of those that were open, in the order of their functions; returns how many functions. */
static size_t collect_present(Intake *in, const Reading *r, Present present[FUNCTIONS_MAX])
{
    size_t count = 0;
    for (size_t i = 0; i < in->calls.len; i++) {
        Id function = call_of(in, in->calls.items[i].call)->function;
        if (function >= FUNCTIONS_MAX || !was_there(in, r, &in->calls.items[i]))
            continue;
        size_t at = count;
        while (at && present[at - 1].function >= function)
            at--;
        if (at == count || present[at].function != function) {
            memmove(&present[at + 1], &present[at], (count++ - at) * sizeof *present);
            present[at] = (Present){function, 0};
        }
        present[at].calls++;
    }
    return count;
}

void habit_witness(Intake *in, const Reading *r)
{
    Present present[FUNCTIONS_MAX];
    size_t count = collect_present(in, r, present);
    in->model->targets.items[r->target].witnessed++;
    in->presences++;
    for (size_t i = 0; i < count; i++)
        witness(in, present[i].function, r->target, present[i].calls);
}

/* The logarithm of how probable it is that reports of the target come when they do, if the function prints them all. */
static double presence(Intake *in, Id function, Id target)
{
    const Habit *habit = habit_find(in, function, target);
    double reports = in->model->targets.items[target].witnessed;
    if (!habit || !habit->witnessed)
        return reports * log(ABSENT);
    double usual = (double)in->present.items[function] / (double)in->presences;
    return habit->presence + (reports - habit->witnessed) * log(ABSENT) - reports * log(usual);
}

double habit_most_presence(Intake *in, Id target)
{
    double best = -INFINITY;
    size_t functions = in->present.len;
    for (Id function = 0; function < functions; function++) {
        double it = presence(in, function, target);
        best = it > best ? it : best;
    }
    return best;
}

double habit_absence(Intake *in, Id function, Id target, double most)
{
    double own = presence(in, function, target), best = own > most ? own : most;
    double chance = CHANCE * sqrt(in->model->targets.items[target].witnessed);
    return best - own > chance ? best - own - chance : 0;
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

static bool find_constant_witness(Intake *in, Id target)
{
    size_t functions = in->model->functions.len < FUNCTIONS_MAX ? in->model->functions.len : FUNCTIONS_MAX;
    for (Id function = 0; function < functions; function++) {
        const Habit *habit = habit_find(in, function, target);
        if (habit && habit->witnessed == in->model->targets.items[target].witnessed)
            return true;
    }
    return false;
}

/* Whether some function was open at every report of the target: then that one owns it alone. */
static bool has_constant_witness(Intake *in, Id id)
{
    uint32_t witnessed = in->model->targets.items[id].witnessed;
    while (in->constants.len <= id)
        vec_push(&in->constants, (Constant){0});
    Constant *known = &in->constants.items[id];
    if (known->witnessed != witnessed)
        *known = (Constant){witnessed, find_constant_witness(in, id)};
    return known->found;
}

bool habit_may_own(Intake *in, Id function, const Reading *r)
{
    const Target *target = &in->model->targets.items[r->target];
    if (r->function != NO_ID)
        return r->function == function;
    Id by_folder = function_by_folder(in, r->target);
    if (by_folder != NO_ID)
        return by_folder == function;
    const Habit *habit = habit_find(in, function, r->target);
    if ((habit && habit->reports) || !target->witnessed)
        return true;
    bool always_there = habit && habit->witnessed == target->witnessed;
    return always_there || (target->function == NO_ID && !has_constant_witness(in, r->target));
}

bool habit_is_anothers(Intake *in, Id function, const Reading *r)
{
    Id by_folder = function_by_folder(in, r->target);
    return by_folder != NO_ID && by_folder != function;
}

uint32_t habit_count_reports(Intake *in, Id call, Id target, uint32_t max)
{
    uint32_t count = 0, looked_at = 0;
    for (Id i = call_of(in, call)->first_report; i != NO_ID && count < max && looked_at < LOOKS_MAX; looked_at++) {
        count += report_of(in, i)->target == target;
        i = report_of(in, i)->next_of_invocation;
    }
    return count;
}

uint32_t habit_usual_reports(Intake *in, Id function, Id target)
{
    const Habit *habit = habit_find(in, function, target);
    return habit && habit->printing ? (habit->printed + habit->printing / 2) / habit->printing : 0;
}

bool habit_misses_reports(Intake *in, Id call, Id target)
{
    uint32_t usual = habit_usual_reports(in, call_of(in, call)->function, target);
    uint32_t wanted = usual ? usual : 1;
    return usual > MANY_REPORTS || habit_count_reports(in, call, target, wanted) < wanted;
}

void habit_learn_function(Intake *in, Id target_id, Id function)
{
    Target *target = &in->model->targets.items[target_id];
    if (target->function == NO_ID)
        target->function = function;
    else if (target->function != function)
        target->shared = true;
}

void habit_learn(Intake *in, const Reading *r, Id id)
{
    const Invocation *call = call_of(in, id);
    Habit *habit = habit_of(in, call->function, r->target);
    if (!habit->reports++)
        note_print(in, habit);
    habit_learn_function(in, r->target, call->function);
}

void habit_learn_end(Intake *in, const Reading *r)
{
    Id id = report_of(in, r->report)->invocation;
    const Invocation *call = id == NO_ID ? NULL : call_of(in, id);
    if (!call || invocation_last_report(in->model, call) != r->report || !invocation_has_ended(in->model, call))
        return;
    uint64_t end = invocation_last(in->model, call);
    if (end >= r->last_number) {
        in->ends.late++;
        return;
    }
    in->ends.early++;
    in->ends.records += r->last_number - end;
}

double habit_early_share(const Intake *in)
{
    return (in->ends.early + EARLY_BEFORE) / (in->ends.early + in->ends.late + ENDS_BEFORE);
}

bool habit_ends_early(const Intake *in)
{
    return in->old_host && habit_early_share(in) >= EARLY_HARDLY;
}

int64_t habit_usual_lateness(const Intake *in)
{
    return in->ends.early ? (int64_t)(in->ends.records / in->ends.early) : 0;
}

void habit_learn_lags(Intake *in, Id id)
{
    const Invocation *call = call_of(in, id);
    for (Id i = call->first_report; i != NO_ID; i = report_of(in, i)->next_of_invocation)
        if (report_of(in, i)->attribution < ATTRIBUTION_INFERRED)
            return;
    uint64_t followers = invocation_reports(in->model, call);
    for (Id i = call->first_report; i != NO_ID; i = report_of(in, i)->next_of_invocation) {
        const Report *r = report_of(in, i);
        Id next = r->next_of_invocation;
        followers--;
        uint64_t last = report_last(in->model, r);
        uint64_t end = next == NO_ID ? invocation_last(in->model, call) : report_first(in->model, report_of(in, next));
        if (!r->closed || end < last || end == UINT64_MAX)
            continue;
        Habit *habit = habit_of(in, call->function, r->target);
        habit->lag += end - last;
        habit->followers += followers;
        habit->lags++;
    }
}

int64_t habit_usual_lag(Intake *in, Id function, Id target)
{
    const Habit *habit = habit_find(in, function, target);
    return habit && habit->lags ? (int64_t)(habit->lag / habit->lags) : -1;
}

bool habit_usual_place(Intake *in, Id function, Id target, HabitPlace *place)
{
    const Habit *habit = habit_find(in, function, target);
    if (!habit || !habit->lags)
        return false;
    place->lag = (int64_t)(habit->lag / habit->lags);
    place->followers = (int64_t)(1000 * habit->followers / habit->lags);
    return true;
}

/* Room for the function's count. */
static uint32_t *settled_calls(Intake *in, Id function)
{
    while (in->settled_calls.len <= function)
        vec_push(&in->settled_calls, 0);
    return &in->settled_calls.items[function];
}

void habit_guess(Intake *in, const Reading *r, Id id)
{
    const Invocation *call = call_of(in, id);
    if (call->outcome == OUTCOME_FAILED)
        return;
    Habit *habit = habit_of(in, call->function, r->target);
    habit->printing += !habit_count_reports(in, id, r->target, 1);
    habit->printed++;
}

static bool says_what_is_usual(const Intake *in, const Invocation *call)
{
    return call->outcome != OUTCOME_FAILED && invocation_has_ended(in->model, call);
}

void habit_suppose_settled(Intake *in, Id id, bool on)
{
    const Invocation *call = call_of(in, id);
    uint32_t *count = settled_calls(in, call->function);
    if (says_what_is_usual(in, call))
        *count = on ? *count + 1 : *count - 1;
}

void habit_suppose_reports(Intake *in, Id id, Id target, uint32_t reports, bool on)
{
    const Invocation *call = call_of(in, id);
    if (!says_what_is_usual(in, call))
        return;
    Habit *habit = habit_of(in, call->function, target);
    uint32_t printing = !habit_count_reports(in, id, target, 1);
    habit->printing = on ? habit->printing + printing : habit->printing - printing;
    habit->printed = on ? habit->printed + reports : habit->printed - reports;
}

bool habit_is_known(Intake *in, Id function)
{
    return *settled_calls(in, function) >= KNOWN_MIN;
}

void habit_settle(Intake *in, Id call)
{
    if (call_of(in, call)->outcome != OUTCOME_FAILED)
        ++*settled_calls(in, call_of(in, call)->function);
}

double habit_share(Intake *in, Id function, Id target)
{
    const Habit *habit = habit_find(in, function, target);
    double settled = *settled_calls(in, function), printing = habit ? habit->printing : 0;
    if (settled < SETTLED_MIN)
        return -1;
    return printing > settled ? 1 : printing / settled;
}

bool habit_prints(Intake *in, Id function, Span file)
{
    const Model *m = in->model;
    if (span_eq(folder_of(file), model_text(m, m->functions.items[function].name)))
        return true;
    int64_t text = intern_find(&m->texts, file);
    return text >= 0 && is_print(in, (Print){function, (TextId)text});
}
