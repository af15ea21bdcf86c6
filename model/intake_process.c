#include "model/attribution.h"
#include "model/intake_private.h"

void intake_begin_process(Intake *in)
{
    Model *m = in->model;
    uint32_t number = in->process == NO_ID ? 0 : m->processes.items[in->process].number + 1;
    in->previous_process = in->process;
    in->process = (Id)m->processes.len;
    in->process_used = false;
    vec_push(&m->processes, (Process){.source = in->source, .number = number, .last_call = NO_ID});
}

static Instance *instance_named(Intake *in, Span name)
{
    TextId key = intern_add(&in->model->texts, name);
    for (size_t i = in->instances.len; i-- > 0;)
        if (in->instances.items[i].name == key)
            return &in->instances.items[i];
    if (in->instances.len || in->process_used)
        intake_begin_process(in);
    vec_push(&in->instances, (Instance){.name = key, .process = in->process});
    return &vec_last(&in->instances);
}

Id intake_process_in_use(Intake *in, Span instance_name)
{
    if (!instance_name.len) {
        in->process_used = true;
        return in->process;
    }
    Instance *instance = instance_named(in, instance_name);
    instance->used = true;
    return instance->process;
}

/* A host may start a second worker beside the one that runs. */
static void note_lingering(Intake *in)
{
    for (size_t i = 0; i < in->calls.len; i++)
        in->lingering += in->calls.items[i].last == UINT64_MAX;
}

void intake_lingering_ended(Intake *in, const Record *record)
{
    if (!in->lingering)
        return;
    in->lingering--;
    in->lingered_until = record->number;
}

void intake_worker_changed(Intake *in, Span instance_name, bool gone)
{
    gone |= in->host_restarted;
    in->host_restarted = false;
    if (!instance_name.len) {
        if (!in->process_used)
            return;
        if (gone)
            in->lingering = 0;
        else
            note_lingering(in);
        attribution_process_ended(in);
        intake_begin_process(in);
        return;
    }
    Instance *instance = instance_named(in, instance_name);
    if (!instance->used)
        return;
    intake_begin_process(in);
    instance->process = in->process;
    instance->used = false;
}

/* What an exit code of the worker means: 128 and a signal's number when it was killed. */
static const char *exit_meaning(int code)
{
    switch (code) {
    case 134:
        return " (aborted)";
    case 137:
        return " (killed: most often the container or the machine ran out of memory)";
    case 139:
        return " (crashed in native code)";
    case 143:
        return " (told to stop)";
    default:
        return "";
    }
}

const Span intake_worker_gone = {"the Python worker exited", 24};

/* Invocations that were running when the worker went have not ended by themselves. */
void intake_worker_exited(Intake *in, const Record *record)
{
    Model *m = in->model;
    Buffer text = {0};
    if (record->host.code >= 0)
        buffer_printf(&text, "%.*s with code %d%s", SPAN_ARG(intake_worker_gone), record->host.code,
                      exit_meaning(record->host.code));
    else
        buffer_append_span(&text, intake_worker_gone);
    for (size_t i = 0; i < in->calls.len; i++) {
        const CallSpan *call = &in->calls.items[i];
        if (call->last == UINT64_MAX && call->process == in->process && !invocation_error(m, &m->invocations.items[call->call]).len)
            numbers_set(&m->invocation_numbers, call->call, INVOCATION_ERROR, intern_add(&m->texts, buffer_span(&text)));
    }
    buffer_free(&text);
    intake_worker_changed(in, record->instance, true);
}
