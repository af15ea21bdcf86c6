/*
 * What earlier reports taught about which Azure functions print reports of which targets, how many, and how long before their end.
 * Private to model/.
 */
#ifndef MODEL_HABIT_H
#define MODEL_HABIT_H

#include "model/reading.h"

/* Notes which functions could have printed a report: one that was absent does not own the target alone. */
void habit_witness(Intake *intake, const Reading *reading);

/*
 * How much speaks against the function printing reports of the target: natural logarithm of how many times likelier another one is,
 * for when they came, beyond what chance may do. The more invocations of a function are open, the more of its reports should come.
 * `most` is what habit_most_presence() says of the target: it is the same for all functions.
 */
double habit_absence(Intake *intake, Id function, Id target, double most);
double habit_most_presence(Intake *intake, Id target);

/* Notes that the invocation owns the report, which is not yet in its list. */
void habit_learn(Intake *intake, const Reading *reading, Id call);

/* Notes that the function owns the target. */
void habit_learn_function(Intake *intake, Id target, Id function);

/* Whether invocations of `function` may have printed the report, for all that is known. */
bool habit_may_own(Intake *intake, Id function, const Reading *reading);

/* Whether the report's file lies in the folder of another function that the capture shows. */
bool habit_is_anothers(Intake *intake, Id function, const Reading *reading);

/* Whether invocations of `function` are known to print reports of the file. */
bool habit_prints(Intake *intake, Id function, Span file);

/* How many reports of the target an invocation prints, as a rule; 0 when that is not known. */
uint32_t habit_usual_reports(Intake *intake, Id function, Id target);

/* Notes that the invocation seems to own the report. */
void habit_guess(Intake *intake, const Reading *reading, Id call);

/*
 * For the time being, takes invocations for settled, and so many reports of a target, at least one, for reports of such an
 * invocation: to see what follows from it. What was `on` must be taken back. Those that failed or still run do not count.
 */
void habit_suppose_settled(Intake *intake, Id call, bool on);
void habit_suppose_reports(Intake *intake, Id call, Id target, uint32_t reports, bool on);

/* Whether so many invocations of the function were settled that few more will not change what is known of it. */
bool habit_is_known(Intake *intake, Id function);

/* Notes that nothing more is decided about the invocation. */
void habit_settle(Intake *intake, Id call);

/*
 * Of the invocations of `function` that did not fail, the share that seem to have printed a report of the target, from 0 to 1; below
 * 0 while that is not known.
 */
double habit_share(Intake *intake, Id function, Id target);

/* Notes how long after its reports the invocation, which has ended, went on. */
void habit_learn_lags(Intake *intake, Id call);

/*
 * How many records lie between the end of such a report and the next report of its invocation, or the invocation's end, on average;
 * -1 when that is not known.
 */
int64_t habit_usual_lag(Intake *intake, Id function, Id target);

/* Notes whether the report's owner, if that has ended and it is its last, ended before the report did. */
void habit_learn_end(Intake *intake, const Reading *reading);

/* The share of invocations, of those with reports, that end before the last of these does. */
double habit_early_share(const Intake *intake);

/* Whether that is more than hardly any, or not known yet. */
bool habit_ends_early(const Intake *intake);

/* How many records before, on average; 0 when that is not known. */
int64_t habit_usual_lateness(const Intake *intake);

/* Where in an invocation reports of a target come. */
typedef struct HabitPlace {
    int64_t lag;       /* see habit_usual_lag() */
    int64_t followers; /* thousandths of a report that come later in the invocation, on average: 0 for the last one */
} HabitPlace;

/* False when it is not known. */
bool habit_usual_place(Intake *intake, Id function, Id target, HabitPlace *place);

/* How many reports of the target the invocation has, at most `max`; of one with very many reports only the first are looked at. */
uint32_t habit_count_reports(Intake *intake, Id call, Id target, uint32_t max);

/* Whether the invocation has fewer reports of the target than is usual. */
bool habit_misses_reports(Intake *intake, Id call, Id target);

#endif
