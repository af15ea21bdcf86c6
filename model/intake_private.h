/* How the parts of intake work together: processes, invocations, reports, the end of the input. Private to intake*.c. */
#ifndef MODEL_INTAKE_PRIVATE_H
#define MODEL_INTAKE_PRIVATE_H

#include "model/intake.h"
#include "model/invocation.h"

/* Whether no end of the invocation was seen. */
static inline bool intake_is_open(const Model *model, Id call)
{
    return !invocation_has_ended(model, &model->invocations.items[call]);
}

/* The latest time in any record may be this one. */
void intake_see_time(Model *model, Moment time);

/* What follows is of a new worker process. */
void intake_begin_process(Intake *intake);

/* The process in which something ran that the record or report tells of: its instance's, else the one that runs now. */
Id intake_process_in_use(Intake *intake, Span instance_name);

/* The reason of invocations whose worker exited, as far as nothing more is said. */
extern const Span intake_worker_gone;

/* The worker was started again; `gone`: the one that ran runs no more. */
void intake_worker_changed(Intake *intake, Span instance_name, bool gone);
void intake_worker_exited(Intake *intake, const Record *record);

/* An invocation of an earlier process has ended. */
void intake_lingering_ended(Intake *intake, const Record *record);

/* The invocation that the report's records name; one of which nothing else is known is added. */
Id intake_call_of_report(Intake *intake, const ParsedReport *parsed);

/* The sink's `record`: what the host says. */
void intake_take_record(void *intake, const Record *record);

#endif
