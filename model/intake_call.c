#include "model/attribution.h"
#include "model/intake_private.h"

enum { OPEN_CALLS_MAX = 4096 }; /* invocations without an end that are remembered */

/* Invocations by key. */

/* One that is looked for: of one process, or with NO_ID of any of the source. */
typedef struct WantedCall {
    const CallKey *key;
    Id source, process;
} WantedCall;

static Id source_of(const Model *m, Id process)
{
    return m->processes.items[process].source;
}

static bool same_call(const void *ctx, uint32_t item, const void *wanted)
{
    const Model *m = ctx;
    const WantedCall *w = wanted;
    const Invocation *call = &m->invocations.items[item];
    if (!call_key_equal(&call->key, w->key))
        return false;
    Id process = invocation_process(m, call);
    return w->process == NO_ID ? source_of(m, process) == w->source : process == w->process;
}

static Id find_call_in(const Intake *in, Id process, const CallKey *key)
{
    WantedCall wanted = {key, in->source, process};
    int64_t known = hash_index_find(&in->model->invocation_index, call_key_hash(key, in->source), same_call, in->model, &wanted);
    return known < 0 ? NO_ID : (Id)known;
}

/* The host may still log the end of an invocation whose worker is gone. */
static Id find_call(const Intake *in, const CallKey *key)
{
    Id call = find_call_in(in, in->process, key);
    return call == NO_ID && in->previous_process != NO_ID ? find_call_in(in, in->previous_process, key) : call;
}

/* An id that a record carries is one in its whole source, whatever the process. */
static Id find_named_call(Intake *in, const CallKey *key)
{
    in->named = true;
    return find_call_in(in, NO_ID, key);
}

static void set_number(Model *m, Id call, InvocationNumber column, uint64_t number)
{
    numbers_set(&m->invocation_numbers, call, column, number);
}

static Id add_call(Intake *in, const CallKey *key, Id function, Id process)
{
    Model *m = in->model;
    Id id = (Id)m->invocations.len;
    vec_push(&m->invocations, (Invocation){.key = *key, .function = function, .first_report = NO_ID, .outcome = OUTCOME_RUNNING});
    numbers_add(&m->invocation_numbers, (uint64_t[INVOCATION_NUMBERS]){
                                            [INVOCATION_PROCESS] = process,
                                            [INVOCATION_REASON] = m->empty,
                                            [INVOCATION_ERROR] = m->empty,
                                            [INVOCATION_NEXT_OF_PROCESS] = NUMBER_NONE,
                                            [INVOCATION_STARTED] = NUMBER_NONE,
                                            [INVOCATION_ENDED] = NUMBER_NONE,
                                            [INVOCATION_FIRST] = NUMBER_NONE,
                                            [INVOCATION_LAST] = NUMBER_NONE,
                                            [INVOCATION_OFFSET] = NUMBER_NONE,
                                            [INVOCATION_DURATION_MS] = NUMBER_NONE,
                                            [INVOCATION_LAST_REPORT] = NUMBER_NONE,
                                        });
    Process *p = &m->processes.items[process];
    if (p->last_call != NO_ID)
        set_number(m, p->last_call, INVOCATION_NEXT_OF_PROCESS, id);
    p->last_call = id;
    hash_index_add(&m->invocation_index, call_key_hash(key, in->source), id);
    return id;
}

static const Invocation *call_of(const Intake *in, Id id)
{
    return &in->model->invocations.items[id];
}

static Id process_of(const Intake *in, Id call)
{
    return invocation_process(in->model, call_of(in, call));
}

CallSpan intake_call_span(const Intake *in, Id id)
{
    const Model *m = in->model;
    const Invocation *call = call_of(in, id);
    return (CallSpan){id, invocation_process(m, call), invocation_first(m, call), invocation_last(m, call)};
}

/* Invocations. */

/* One that reports may belong to from now on. */
static void remember(Intake *in, Id call)
{
    vec_push(&in->calls, intake_call_span(in, call));
}

/* One that may be remembered has ended. */
static void remember_end(Intake *in, Id call, uint64_t last)
{
    for (size_t i = in->calls.len; i-- > 0;)
        if (in->calls.items[i].call == call)
            in->calls.items[i].last = last;
}

/* The beginning of one that may be remembered came behind its end. */
static void remember_beginning(Intake *in, Id call, uint64_t first)
{
    for (size_t i = in->calls.len; i-- > 0;)
        if (in->calls.items[i].call == call)
            in->calls.items[i].first = first;
}

/* Marks all invocations that are open beside `call` in its process, and `call` itself. */
static void mark_contended(Intake *in, Id call)
{
    Model *m = in->model;
    Id process = process_of(in, call);
    for (size_t i = 0; i < in->calls.len; i++) {
        const CallSpan *other = &in->calls.items[i];
        if (other->call == call || other->last != UINT64_MAX || other->process != process)
            continue;
        m->invocations.items[other->call].contended = true;
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
        if (invocation_process(m, call) != process_of(in, unseen) || !invocation_first(m, call))
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
    Moment time = record_time(record);
    name_call(m, &m->invocations.items[id], record->host.function);
    set_number(m, id, INVOCATION_REASON, intern_add(&m->texts, record->host.reason));
    set_number(m, id, INVOCATION_STARTED, number_of_time(time.ns));
    set_number(m, id, INVOCATION_STARTED_DIGITS, time.digits);
    set_number(m, id, INVOCATION_FIRST, record->number);
    set_number(m, id, INVOCATION_OFFSET, record->offset);
    intake_see_time(m, time);
}

/* The log shows a part of itself twice: the invocation seems to run, but is none that its reports could go to. */
static void begins_again(Intake *in, Invocation *call)
{
    if (!invocation_has_ended(in->model, call) || call->repeated)
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

/* The same line seen twice. */
static void note_double(const Model *m, Invocation *call, Moment time)
{
    Moment started = invocation_started(m, call);
    call->doubled |= !moment_known(started) || !moment_known(time) || started.ns == time.ns;
}

static void call_started(Intake *in, const Record *record)
{
    CallKey key = call_key(in->model, record->host.id);
    bool named = record->invocation.len > 0;
    Id id = named ? find_named_call(in, &key) : find_call_in(in, in->process, &key);
    if (id != NO_ID && !named)
        begins_again(in, &in->model->invocations.items[id]);
    if (id != NO_ID && (!named || invocation_first(in->model, call_of(in, id)))) {
        note_double(in->model, &in->model->invocations.items[id], record_time(record));
        return;
    }
    if (id == NO_ID)
        id = add_call(in, &key, model_function_add(in->model, record->host.function), intake_process_in_use(in, record->instance));
    set_start(in, id, record);
    if (named)
        remember_beginning(in, id, record->number);
    in->host_restarted = false;
    attribution_call_begins(in, invocation_started(in->model, call_of(in, id)));
    if (in->calls.len >= OPEN_CALLS_MAX)
        attribution_forget_oldest(in);
    mark_contended(in, id);
    remember(in, id);
}

/* The invocation whose id a record carries; one of which nothing else is known, maybe not its function, is added. */
static Id call_named(Intake *in, Span name, Span function, Span instance)
{
    CallKey key = call_key(in->model, name);
    Id id = find_named_call(in, &key);
    if (id == NO_ID)
        id = add_call(in, &key, model_function_add(in->model, function), intake_process_in_use(in, instance));
    return id;
}

Id intake_call_of_report(Intake *in, const ParsedReport *p)
{
    return call_named(in, buffer_span(&p->invocation), buffer_span(&p->function), buffer_span(&p->instance));
}

/* The invocation that the record is about; mostly one that is open, of which there are few. */
static Id call_of_end(Intake *in, const Record *record, const CallKey *key)
{
    for (size_t i = record->invocation.len ? 0 : in->calls.len; i-- > 0;) {
        const CallSpan *open = &in->calls.items[i];
        if (open->last == UINT64_MAX && open->process == in->process && call_key_equal(&call_of(in, open->call)->key, key))
            return open->call;
    }
    return record->invocation.len ? find_named_call(in, key) : find_call(in, key);
}

static void call_ended(Intake *in, const Record *record)
{
    Model *m = in->model;
    Moment time = record_time(record);
    CallKey key = call_key(m, record->host.id);
    Id id = call_of_end(in, record, &key);
    bool named = record->invocation.len > 0, orphan = id == NO_ID && !named; /* where all records name theirs, none is hidden */
    if (id == NO_ID) {
        id = add_call(in, &key, model_function_add(m, record->host.function), intake_process_in_use(in, record->instance));
        if (orphan)
            mark_overlapped(in, id);
        else
            mark_contended(in, id);
        remember(in, id);
    }
    Invocation *call = &m->invocations.items[id];
    if (!intake_is_open(m, id)) {
        if (!named)
            ends_again(in, id, record);
        return;
    }
    if (!named && process_of(in, id) != in->process)
        intake_lingering_ended(in, record);
    set_number(m, id, INVOCATION_ENDED, number_of_time(time.ns));
    set_number(m, id, INVOCATION_ENDED_DIGITS, time.digits);
    set_number(m, id, INVOCATION_LAST, record->number);
    remember_end(in, id, record->number);
    if (!invocation_first(m, call))
        set_number(m, id, INVOCATION_OFFSET, record->offset);
    set_number(m, id, INVOCATION_DURATION_MS, (uint64_t)record->host.duration_ms);
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
    Span error = invocation_error(m, call);
    if (!error.len || span_eq(error, intake_worker_gone) || exception)
        set_number(m, id, INVOCATION_ERROR, intern_add(&m->texts, span_trim(text)));
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
        in->old_host = !host_keeps_order(&record->host);
        break;
    default:
        break;
    }
}
