#include "model/attribution.h"
#include "model/intake_private.h"

enum {
    OPEN_CALLS_MAX = 4096, /* invocations without an end that are remembered */
    ORDERED_HOST_MINOR = 36, /* azure-functions-host 4.36 keeps the log records of one invocation in order */
};

/* Invocations by key. */

typedef struct CallKey {
    Id process;
    TextId key;
} CallKey;

static bool same_call(const void *ctx, uint32_t item, const void *key)
{
    const Model *m = ctx;
    const Invocation *call = &m->invocations.items[item];
    const CallKey *k = key;
    return call->key == k->key && call->process == k->process;
}

static Id find_call_in(const Intake *in, Id process, TextId key)
{
    CallKey k = {process, key};
    int64_t known = hash_index_find(&in->model->invocation_index, hash_pair(process, key), same_call, in->model, &k);
    return known < 0 ? NO_ID : (Id)known;
}

/* The host may still log the end of an invocation whose worker is gone. */
static Id find_call(const Intake *in, TextId key)
{
    Id call = find_call_in(in, in->process, key);
    return call == NO_ID && in->previous_process != NO_ID ? find_call_in(in, in->previous_process, key) : call;
}

/* An id that a record carries is one in its whole source, whatever the process. */
static bool same_named_call(const void *ctx, uint32_t item, const void *key)
{
    const Model *m = ctx;
    const Invocation *call = &m->invocations.items[item];
    const CallKey *k = key;
    return call->key == k->key && m->processes.items[call->process].source == k->process;
}

static uint64_t hash_named(Id source, TextId key)
{
    return hash_pair(~(uint64_t)source, key);
}

/* Only where records name their invocations do ids need to be found in the whole source. */
static void begin_naming(Intake *in)
{
    Model *m = in->model;
    if (in->named)
        return;
    in->named = true;
    for (Id id = 0; id < m->invocations.len; id++)
        if (m->processes.items[m->invocations.items[id].process].source == in->source)
            hash_index_add(&m->named_index, hash_named(in->source, m->invocations.items[id].key), id);
}

static Id find_named_call(Intake *in, TextId key)
{
    begin_naming(in);
    CallKey k = {in->source, key};
    int64_t known = hash_index_find(&in->model->named_index, hash_named(in->source, key), same_named_call, in->model, &k);
    return known < 0 ? NO_ID : (Id)known;
}

static Id add_call(Intake *in, TextId key, Id function, Id process)
{
    Model *m = in->model;
    Id id = (Id)m->invocations.len;
    vec_push(&m->invocations, (Invocation){.key = key,
                                           .function = function,
                                           .process = process,
                                           .reason = m->empty,
                                           .error = m->empty,
                                           .started_ns = MOMENT_UNKNOWN,
                                           .ended_ns = MOMENT_UNKNOWN,
                                           .ended_number = UINT64_MAX,
                                           .offset = UINT64_MAX,
                                           .duration_ms = -1,
                                           .first_report = NO_ID,
                                           .last_report = NO_ID,
                                           .next_of_process = NO_ID,
                                           .outcome = OUTCOME_RUNNING});
    Process *p = &m->processes.items[process];
    if (p->last_call != NO_ID)
        m->invocations.items[p->last_call].next_of_process = id;
    p->last_call = id;
    hash_index_add(&m->invocation_index, hash_pair(process, key), id);
    if (in->named)
        hash_index_add(&m->named_index, hash_named(in->source, key), id);
    return id;
}

/* Invocations. */

/* Marks all invocations that are open beside `call` in its process, and `call` itself. */
static void mark_contended(Intake *in, Id call)
{
    Model *m = in->model;
    for (size_t i = 0; i < in->calls.len; i++) {
        Id other = in->calls.items[i];
        if (other == call || !intake_is_open(m, other) || m->invocations.items[other].process != m->invocations.items[call].process)
            continue;
        m->invocations.items[other].contended = true;
        m->invocations.items[call].contended = true;
    }
}

/*
 * An invocation whose beginning was not seen has run beside all that the capture shows of its process. Where no beginning is ever
 * seen, the host does not log them, and nothing can be said.
 */
static void mark_overlapped(Intake *in, Id unseen)
{
    Model *m = in->model;
    for (Id i = in->overlapped; i < unseen; i++) {
        Invocation *call = &m->invocations.items[i];
        if (call->process != m->invocations.items[unseen].process || !call->started_number)
            continue;
        call->contended = true;
        m->invocations.items[unseen].contended = true;
    }
    in->overlapped = unseen;
}

static void name_call(Model *m, Invocation *call, Span function)
{
    if (m->functions.items[call->function].name == m->empty)
        call->function = model_function_add(m, function);
}

static void set_start(Intake *in, Id id, const Record *record)
{
    Model *m = in->model;
    Invocation *call = &m->invocations.items[id];
    Moment time = record_time(record);
    name_call(m, call, record->host.function);
    call->reason = intern_add(&m->texts, record->host.reason);
    call->started_ns = time.ns;
    call->started_digits = (uint8_t)time.digits;
    call->started_number = record->number;
    call->offset = record->offset;
    intake_see_time(m, time);
}

/* The log shows a part of itself twice: the invocation seems to run, but is none that its reports could go to. */
static void begins_again(Intake *in, Invocation *call)
{
    if (call->ended_number == UINT64_MAX || call->repeated)
        return; /* merged log streams show each line twice */
    call->repeated = true;
    in->lingering++;
}

static void ends_again(Intake *in, Id id, const Record *record)
{
    Invocation *call = &in->model->invocations.items[id];
    if (call->repeated && in->lingering)
        in->lingering--;
    call->repeated = false;
    in->lingered_until = record->number;
    attribution_call_ended_again(in, id);
}

static void call_started(Intake *in, const Record *record)
{
    size_t texts = in->model->texts.texts.len;
    TextId key = intern_add(&in->model->texts, record->host.id);
    bool named = record->invocation.len > 0;
    Id id = named ? find_named_call(in, key) : NO_ID;
    if (!named && key < texts) /* else nobody has had that id */
        id = find_call_in(in, in->process, key);
    if (id != NO_ID && !named)
        begins_again(in, &in->model->invocations.items[id]);
    if (id != NO_ID && (!named || in->model->invocations.items[id].started_number))
        return; /* the same line seen twice */
    if (id == NO_ID)
        id = add_call(in, key, model_function_add(in->model, record->host.function), intake_process_in_use(in, record->instance));
    set_start(in, id, record);
    in->host_restarted = false;
    if (in->calls.len >= OPEN_CALLS_MAX)
        attribution_forget_oldest(in);
    mark_contended(in, id);
    vec_push(&in->calls, id);
}

/* The invocation whose id a record carries; one of which nothing else is known, maybe not its function, is added. */
static Id call_named(Intake *in, Span name, Span function, Span instance)
{
    TextId key = intern_add(&in->model->texts, name);
    Id id = find_named_call(in, key);
    if (id == NO_ID)
        id = add_call(in, key, model_function_add(in->model, function), intake_process_in_use(in, instance));
    return id;
}

Id intake_call_of_report(Intake *in, const ParsedReport *p)
{
    return call_named(in, buffer_span(&p->invocation), buffer_span(&p->function), buffer_span(&p->instance));
}

/* The invocation that the record is about; mostly one that is open, of which there are few. */
static Id call_of_end(Intake *in, const Record *record)
{
    const Model *m = in->model;
    for (size_t i = record->invocation.len ? 0 : in->calls.len; i-- > 0;) {
        const Invocation *call = &m->invocations.items[in->calls.items[i]];
        if (call->ended_number == UINT64_MAX && call->process == in->process && span_eq(model_text(m, call->key), record->host.id))
            return in->calls.items[i];
    }
    TextId key = intern_add(&in->model->texts, record->host.id);
    return record->invocation.len ? find_named_call(in, key) : find_call(in, key);
}

static void call_ended(Intake *in, const Record *record)
{
    Model *m = in->model;
    Moment time = record_time(record);
    Id id = call_of_end(in, record);
    bool named = record->invocation.len > 0, orphan = id == NO_ID && !named; /* where all records name theirs, none is hidden */
    if (id == NO_ID) {
        TextId key = intern_add(&m->texts, record->host.id);
        id = add_call(in, key, model_function_add(m, record->host.function), intake_process_in_use(in, record->instance));
        if (orphan)
            mark_overlapped(in, id);
        else
            mark_contended(in, id);
        vec_push(&in->calls, id);
    }
    Invocation *call = &m->invocations.items[id];
    if (call->ended_number != UINT64_MAX) {
        if (!named)
            ends_again(in, id, record);
        return;
    }
    if (!named && call->process != in->process)
        intake_lingering_ended(in, record);
    call->ended_ns = time.ns;
    call->ended_digits = (uint8_t)time.digits;
    call->ended_number = record->number;
    if (!call->started_number)
        call->offset = record->offset;
    call->duration_ms = record->host.duration_ms;
    call->outcome = record->host.failed ? OUTCOME_FAILED : OUTCOME_SUCCEEDED;
    name_call(m, call, record->host.function);
    in->last_failed = record->host.failed ? id : in->last_failed;
    intake_see_time(m, time);
    if (orphan)
        attribution_orphan_ended(in, id);
    attribution_call_ended(in, id);
}

/* The line that names the exception is the reason; the host's sentence before it serves until that comes. */
static void call_failed(Intake *in, const Record *record)
{
    Model *m = in->model;
    Id id = record->invocation.len ? call_named(in, record->invocation, record->function, record->instance) : in->last_failed;
    if (id == NO_ID)
        return;
    Invocation *call = &m->invocations.items[id];
    Span text = record->message;
    bool exception = span_take(&text, SPAN("Exception: "));
    if (call->error == m->empty || exception)
        call->error = intern_add(&m->texts, span_trim(text));
    call->profiler_failed |= exception && span_starts(text, SPAN("ValueError: could not convert string to float"));
    if (exception)
        in->last_failed = NO_ID;
}

void intake_take_record(void *ctx, const Record *record)
{
    Intake *in = ctx;
    in->model->version++;
    switch (record->kind) {
    case RECORD_EXECUTING:
        call_started(in, record);
        break;
    case RECORD_EXECUTED:
        call_ended(in, record);
        break;
    case RECORD_FAILURE:
        call_failed(in, record);
        break;
    case RECORD_WORKER_STARTED:
        intake_worker_changed(in, record->instance, false);
        break;
    case RECORD_WORKER_EXITED:
        intake_worker_exited(in, record);
        break;
    case RECORD_HOST_VERSION:
        in->host_restarted = true;
        in->old_host = record->host.major < 4 || (record->host.major == 4 && record->host.minor < ORDERED_HOST_MINOR);
        break;
    default:
        break;
    }
}
