#include "model/intake.h"

#include "model/attribution.h"
#include "model/habit.h"
#include "model/report.h"
#include "model/twins.h"
#include "parsers/profiler.h"

enum {
    SUSPECT_BIT = 1u << 31,
    OPEN_CALLS_MAX = 4096, /* invocations without an end that are remembered */
};

/* Items by key. */

typedef struct TargetKey {
    TextId file;
    uint32_t first_line;
} TargetKey;

static bool same_target(const void *ctx, uint32_t item, const void *key)
{
    const Target *target = &((const Model *)ctx)->targets.items[item];
    const TargetKey *k = key;
    return target->file == k->file && target->first_line == k->first_line;
}

static Id add_target(Model *m, TargetKey key)
{
    uint64_t hash = hash_pair(key.file, key.first_line);
    int64_t known = hash_index_find(&m->target_index, hash, same_target, m, &key);
    if (known >= 0)
        return (Id)known;
    Id id = (Id)m->targets.len;
    vec_push(&m->targets, (Target){.file = key.file,
                                   .first_line = key.first_line,
                                   .name = m->empty,
                                   .function = NO_ID,
                                   .first_report = NO_ID,
                                   .last_report = NO_ID,
                                   .first_kept = NO_ID});
    hash_index_add(&m->target_index, hash, id);
    return id;
}

static bool same_line(const void *ctx, uint32_t item, const void *key)
{
    const SourceLine *line = &((const Model *)ctx)->lines.items[item];
    const SourceLine *k = key;
    return line->target == k->target && line->number == k->number && line->contents == k->contents;
}

/* Whether `id` is that line; then its text need not be looked up. */
static bool is_line(const Model *m, Id id, Id target, uint32_t number, Span contents)
{
    if (id >= m->lines.len)
        return false;
    const SourceLine *line = &m->lines.items[id];
    return line->target == target && line->number == number && span_eq(model_text(m, line->contents), contents);
}

/* `guess` is the line that it may be: those of a target are mostly added one after the other. */
static Id add_line(Model *m, Id target, uint32_t number, Span contents, Id guess)
{
    if (is_line(m, guess, target, number, contents))
        return guess;
    SourceLine line = {target, number, intern_add(&m->texts, contents)};
    uint64_t hash = hash_pair(hash_pair(line.target, line.number), line.contents);
    int64_t known = hash_index_find(&m->line_index, hash, same_line, m, &line);
    if (known >= 0)
        return (Id)known;
    Id id = (Id)m->lines.len;
    vec_push(&m->lines, line);
    hash_index_add(&m->line_index, hash, id);
    return id;
}

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

static void see_time(Model *m, Moment time)
{
    if (!moment_known(time) || (moment_known(m->newest) && time.ns <= m->newest.ns))
        return;
    m->newest = time;
    m->version++; /* ages count back from it */
}

/* Processes. */

static void begin_process(Intake *in)
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
        begin_process(in);
    vec_push(&in->instances, (Instance){.name = key, .process = in->process});
    return &vec_last(&in->instances);
}

/* The process in which something ran that the record or report tells of: its instance's, else the one that runs now. */
static Id process_in_use(Intake *in, Span instance_name)
{
    if (!instance_name.len) {
        in->process_used = true;
        return in->process;
    }
    Instance *instance = instance_named(in, instance_name);
    instance->used = true;
    return instance->process;
}

static bool is_open(const Model *m, Id call)
{
    return m->invocations.items[call].ended_number == UINT64_MAX;
}

/* A host may start a second worker beside the one that runs. */
static void note_lingering(Intake *in)
{
    for (size_t i = 0; i < in->calls.len; i++)
        in->lingering += is_open(in->model, in->calls.items[i]);
}

static void lingering_ended(Intake *in, const Record *record)
{
    if (!in->lingering)
        return;
    in->lingering--;
    in->lingered_until = record->number;
}

/* `gone`: the one that ran runs no more. */
static void worker_changed(Intake *in, Span instance_name, bool gone)
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
        begin_process(in);
        return;
    }
    Instance *instance = instance_named(in, instance_name);
    if (!instance->used)
        return;
    begin_process(in);
    instance->process = in->process;
    instance->used = false;
}

/* Invocations. */

/* Marks all invocations that are open beside `call` in its process, and `call` itself. */
static void mark_contended(Intake *in, Id call)
{
    Model *m = in->model;
    for (size_t i = 0; i < in->calls.len; i++) {
        Id other = in->calls.items[i];
        if (other == call || !is_open(m, other) || m->invocations.items[other].process != m->invocations.items[call].process)
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
    see_time(m, time);
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
        id = add_call(in, key, model_function_add(in->model, record->host.function), process_in_use(in, record->instance));
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
        id = add_call(in, key, model_function_add(in->model, function), process_in_use(in, instance));
    return id;
}

static Id call_of_report(Intake *in, const ParsedReport *p)
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
        id = add_call(in, key, model_function_add(m, record->host.function), process_in_use(in, record->instance));
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
        lingering_ended(in, record);
    call->ended_ns = time.ns;
    call->ended_digits = (uint8_t)time.digits;
    call->ended_number = record->number;
    if (!call->started_number)
        call->offset = record->offset;
    call->duration_ms = record->host.duration_ms;
    call->outcome = record->host.failed ? OUTCOME_FAILED : OUTCOME_SUCCEEDED;
    name_call(m, call, record->host.function);
    in->last_failed = record->host.failed ? id : in->last_failed;
    see_time(m, time);
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

/* Invocations that were running when the worker went have not ended by themselves. */
static void worker_exited(Intake *in, const Record *record)
{
    Model *m = in->model;
    Buffer text = {0};
    if (record->host.code >= 0)
        buffer_printf(&text, "the Python worker exited with code %d%s", record->host.code, exit_meaning(record->host.code));
    else
        buffer_append_span(&text, SPAN("the Python worker exited"));
    for (size_t i = 0; i < in->calls.len; i++) {
        Invocation *call = &m->invocations.items[in->calls.items[i]];
        if (is_open(m, in->calls.items[i]) && call->process == in->process && call->error == m->empty)
            call->error = intern_add(&m->texts, buffer_span(&text));
    }
    buffer_free(&text);
    worker_changed(in, record->instance, true);
}

static void take_record(void *ctx, const Record *record)
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
        worker_changed(in, record->instance, false);
        break;
    case RECORD_WORKER_EXITED:
        worker_exited(in, record);
        break;
    case RECORD_HOST_VERSION:
        in->host_restarted = true;
        in->old_host = !host_keeps_order(&record->host);
        break;
    default:
        break;
    }
}

/* Reports. */

static void report_opened(void *ctx, const ParsedReport *parsed)
{
    Intake *in = ctx;
    Model *m = in->model;
    Id call = parsed->invocation.len ? call_of_report(in, parsed) : NO_ID;
    Id process = call == NO_ID ? process_in_use(in, buffer_span(&parsed->instance)) : m->invocations.items[call].process;
    vec_push(&in->report_ids, (Id)m->reports.len);
    vec_push(&m->reports, (Report){.time_ns = parsed->time.ns,
                                   .time_digits = (uint8_t)parsed->time.digits,
                                   .first_number = parsed->first_number,
                                   .last_number = parsed->last_number,
                                   .offset = parsed->offset,
                                   .last_offset = parsed->last_offset,
                                   .entry = NO_ID,
                                   .hot = NO_ID,
                                   .target = NO_ID,
                                   .process = process,
                                   .invocation = call,
                                   .likely = NO_ID,
                                   .function = NO_ID,
                                   .next_of_target = NO_ID,
                                   .next_of_invocation = NO_ID});
    vec_push(&in->open, (OpenReport){(Id)m->reports.len - 1, parsed});
    see_time(m, parsed->time);
}

static ReportProspect prospect(void *ctx, const ParsedReport *parsed)
{
    const Intake *in = ctx;
    const Report *r = &in->model->reports.items[in->report_ids.items[parsed->id - 1]];
    if (r->invocation != NO_ID && in->model->invocations.items[r->invocation].settled)
        return REPORT_OVER;
    return r->likely != NO_ID ? REPORT_PROBABLY_OVER : REPORT_GOES_ON;
}

static bool prints(void *ctx, Span function_name, const ParsedReport *parsed)
{
    Intake *in = ctx;
    Id function = model_function_named(in->model, function_name);
    return function != NO_ID && habit_prints(in, function, buffer_span(&parsed->file));
}

static void forget_open(Intake *in, Id report)
{
    for (size_t i = 0; i < in->open.len; i++) {
        if (in->open.items[i].report == report) {
            vec_remove(&in->open, i);
            return;
        }
    }
}

/* Whether it is that target, known from an earlier report of the same listed line. */
static bool is_target(const Model *m, Id id, const ParsedReport *p)
{
    if (id == NO_ID)
        return false;
    const Target *target = &m->targets.items[id];
    return target->first_line == p->rows.items[0].row.line && span_eq(model_text(m, target->file), buffer_span(&p->file));
}

Id intake_target(Intake *in, const ParsedReport *p)
{
    uint32_t listed = p->rows.len ? p->rows.items[0].listed : 0;
    if (listed && listed < in->listed.len && is_target(in->model, in->listed.items[listed].target, p))
        return in->listed.items[listed].target;
    TargetKey key = {intern_add(&in->model->texts, buffer_span(&p->file)), p->rows.len ? p->rows.items[0].row.line : 0};
    return add_target(in->model, key);
}

/*
 * The entry row is the first measured row of a whole report. Of a sparse one it may have been lost: what remains first is taken for
 * it only where its increment equals its memory, or where it is a line at which functions begin.
 */
static uint32_t entry_of(const ParsedReport *p)
{
    for (uint32_t i = 0; i < p->rows.len; i++) {
        const ProfilerRow *row = &p->rows.items[i].row;
        if (!row->measured)
            continue;
        bool whole = p->dense && !p->gap;
        bool entry = whole || (i == 0 && (row->increment == row->memory ||
                                          profiler_begins_function(parsed_report_contents(p, i))));
        return entry ? i : NO_ID;
    }
    return NO_ID;
}

/*
 * A later row whose increment is nearly all of its memory, though memory was at least half that high before: control came back
 * from other code and the profiler knew no previous line.
 */
static bool is_suspect(const ProfilerRow *row, Mib highest_before)
{
    return row->measured && row->increment != MIB_NONE && row->increment > 0 && highest_before != MIB_NONE &&
           row->increment >= row->memory - row->memory / 10 && highest_before >= row->increment / 2;
}

static bool fits(Mib value, Mib unit)
{
    Mib limit = unit * INT32_MAX;
    return value == MIB_NONE || (value < limit && value > -limit);
}

static bool is_wide(const ParsedReport *p)
{
    Mib unit = mib_unit(p->decimals);
    for (size_t i = 0; i < p->rows.len; i++) {
        const ProfilerRow *row = &p->rows.items[i].row;
        if (!fits(row->memory, unit) || !fits(row->increment, unit) || row->occurrences >= UINT32_MAX)
            return true;
    }
    return false;
}

/* The usual unit stands as a constant, because a division by one takes a fraction of the time. */
static inline int32_t steps(Mib value, unsigned decimals)
{
    if (value == MIB_NONE)
        return INT32_MIN;
    return (int32_t)(decimals == 1 ? value / (MIB_ONE / 10) : value / mib_unit(decimals));
}

static inline void store_row(Model *m, const Report *r, const ProfilerRow *row, uint32_t line)
{
    if (r->wide)
        vec_push(&m->wide_rows, (WideRow){line, row->memory, row->increment, row->occurrences});
    else
        vec_push(&m->rows, (Row){line, steps(row->memory, r->decimals), steps(row->increment, r->decimals),
                                 row->occurrences == OCCURRENCES_NONE ? UINT32_MAX : (uint32_t)row->occurrences});
}

/* The line of a row; one that is listed need be looked up only once. `guess` as for add_line(). */
static inline Id line_of(Intake *in, Id target, const ParsedReport *p, uint32_t index, Id guess)
{
    Model *m = in->model;
    const ParsedRow *row = &p->rows.items[index];
    while (in->listed.len <= row->listed)
        vec_push(&in->listed, (ListedAs){NO_ID, NO_ID});
    ListedAs *known = &in->listed.items[row->listed];
    if (!row->listed || known->target != target)
        *known = (ListedAs){target, add_line(m, target, row->row.line, parsed_report_contents(p, index), guess)};
    return known->line;
}

/* Stores the rows and finds out which of them may be ranked, and which is the largest of those. */
static void store_rows(Intake *in, Report *r, const ParsedReport *p)
{
    Model *m = in->model;
    Mib highest = MIB_NONE, largest = 0;
    Id line = NO_ID - 1;
    r->wide = is_wide(p);
    r->rows_at = r->wide ? m->wide_rows.len : m->rows.len;
    r->rows = (uint32_t)p->rows.len;
    r->entry = entry_of(p);
    for (uint32_t i = 0; i < r->rows; i++) {
        const ProfilerRow *row = &p->rows.items[i].row;
        bool entry = i == r->entry, suspect = !entry && is_suspect(row, highest);
        line = line_of(in, r->target, p, i, line + 1);
        store_row(m, r, row, line | (suspect ? SUSPECT_BIT : 0));
        if (row->measured && row->memory > highest)
            highest = row->memory;
        if (!entry && !suspect && row->measured && row->increment > largest) {
            largest = row->increment;
            r->hot = i;
        }
    }
}

static bool only_positive(const ParsedReport *p)
{
    for (size_t i = 0; i < p->rows.len; i++)
        if (!p->rows.items[i].row.measured || p->rows.items[i].row.increment <= 0)
            return false;
    return true;
}

/* Rows that a record's own id says were lost: versions that count occurrences print an entry row. */
static bool lost_rows(const ParsedReport *p)
{
    return p->invocation.len && (!p->rows.len || (p->columns.occurrences && entry_of(p) == NO_ID));
}

static uint8_t flags_of(const ParsedReport *p)
{
    unsigned flags = 0;
    if (!p->dense && (p->logger.len || p->invocation.len) && only_positive(p))
        flags |= FLAG_SPARSE;
    if (p->interleaved)
        flags |= FLAG_INTERLEAVED;
    if (p->truncated)
        flags |= FLAG_TRUNCATED;
    if (p->gap || lost_rows(p))
        flags |= FLAG_GAP;
    return (uint8_t)flags;
}

/* What the entry row tells: its increment should equal its memory (versions that count accumulate; older ones print 0.0). */
static void judge_entry(Report *r, const ParsedReport *p)
{
    if (r->entry == NO_ID)
        return;
    const ProfilerRow *entry = &p->rows.items[r->entry].row;
    if (entry->increment != MIB_NONE && entry->increment != entry->memory && entry->increment != 0)
        r->stored_flags |= FLAG_ASYNC_OVERLAP;
    /* a lambda or a one-line function that was wrapped by hand begins twice on its line */
    Span contents = parsed_report_contents(p, r->entry);
    r->entry_repeated = entry->occurrences > 1 && (span_starts(span_trim_left(contents), SPAN("@")) || p->rows.len > 1);
}

static size_t indentation(Span contents)
{
    return contents.len - span_trim_left(contents).len;
}

/*
 * The name is that of the first def line that is not indented more than the entry row: a decorator stands as deep as its function,
 * and what is defined inside stands deeper.
 */
static void name_target(Model *m, Id target, uint32_t entry, const ParsedReport *p)
{
    if (m->targets.items[target].name != m->empty || !p->rows.len)
        return;
    size_t deepest = indentation(parsed_report_contents(p, entry == NO_ID ? 0 : entry));
    for (uint32_t i = 0; i < p->rows.len; i++) {
        Span contents = parsed_report_contents(p, i), name = profiler_defined_name(contents);
        if (!name.len || indentation(contents) > deepest)
            continue;
        m->targets.items[target].name = intern_add(&m->texts, name);
        return;
    }
}

static void link_to_target(Model *m, Id report)
{
    Target *target = &m->targets.items[m->reports.items[report].target];
    if (target->last_report == NO_ID)
        target->first_report = report;
    else
        m->reports.items[target->last_report].next_of_target = report;
    target->last_report = report;
    target->reports++;
}

static void report_closed(void *ctx, const ParsedReport *p)
{
    Intake *in = ctx;
    Model *m = in->model;
    Id id = in->report_ids.items[p->id - 1];
    Report *r = &m->reports.items[id];
    uint64_t gap = p->last_number - p->previous_number;
    r->target = intake_target(in, p);
    r->first_number = p->first_number;
    r->last_number = p->last_number;
    r->last_gap = gap < UINT32_MAX ? (uint32_t)gap : UINT32_MAX;
    r->last_offset = p->last_offset;
    r->decimals = (uint8_t)p->decimals;
    r->stored_flags = flags_of(p);
    r->on_stdout = !p->logger.len && !p->invocation.len;
    r->doubtful = p->doubtful;
    r->closed = true;
    if (p->function.len)
        r->function = model_function_add(m, buffer_span(&p->function));
    store_rows(in, r, p);
    judge_entry(r, p);
    name_target(m, r->target, r->entry, p);
    link_to_target(m, id);
    vec_push(&m->closed, id);
    m->version++;
    forget_open(in, id);
    if (p->invocation.len)
        attribution_report_named(in, id);
    else
        attribution_report_closed(in, id);
}

ReportSink intake_sink(Intake *in)
{
    return (ReportSink){in, take_record, report_opened, prospect, prints, report_closed};
}

/* The end of an input whose records name their invocations. */

typedef VEC(const Invocation *) CallList;

static int by_start(const void *a, const void *b)
{
    const Invocation *x = *(const Invocation *const *)a, *y = *(const Invocation *const *)b;
    if (x->process != y->process)
        return x->process < y->process ? -1 : 1;
    return (x->started_ns > y->started_ns) - (x->started_ns < y->started_ns);
}

static bool has_span(const Invocation *call)
{
    return call->started_ns != MOMENT_UNKNOWN && call->ended_ns != MOMENT_UNKNOWN;
}

/*
 * Marks the calls that overlap in time. Only those whose two ends are known count: a single Executed that was lost would else
 * overlap with all that follows.
 */
static void mark_overlaps(Model *m, CallList *calls)
{
    const Invocation *longest = NULL; /* of those that began earlier, the one that ended last */
    qsort(calls->items, calls->len, sizeof *calls->items, by_start);
    for (size_t i = 0; i < calls->len; i++) {
        const Invocation *call = calls->items[i], *next = i + 1 < calls->len ? calls->items[i + 1] : NULL;
        if (longest && longest->process != call->process)
            longest = NULL;
        bool before = longest && longest->ended_ns > call->started_ns;
        bool behind = next && next->process == call->process && next->started_ns < call->ended_ns;
        m->invocations.items[call - m->invocations.items].contended = before || behind;
        if (!longest || call->ended_ns > longest->ended_ns)
            longest = call;
    }
}

/* One end of the call is there and the other is not: records were lost, and rows may have been. */
static void mark_gaps(Model *m, const Invocation *call)
{
    if ((call->started_number != 0) == (call->ended_number != UINT64_MAX))
        return;
    for (Id i = call->first_report; i != NO_ID; i = m->reports.items[i].next_of_invocation)
        m->reports.items[i].stored_flags |= FLAG_GAP;
}

static void end_named(Intake *in)
{
    Model *m = in->model;
    CallList spans = {0};
    for (size_t i = 0; i < m->invocations.len; i++) {
        Invocation *call = &m->invocations.items[i];
        if (m->processes.items[call->process].source != in->source)
            continue;
        if (call->outcome == OUTCOME_RUNNING)
            call->outcome = OUTCOME_UNKNOWN;
        call->contended = false;
        mark_gaps(m, call);
        if (has_span(call))
            vec_push(&spans, call);
    }
    if (spans.len)
        mark_overlaps(m, &spans);
    vec_free(&spans);
}

void intake_end(Intake *in)
{
    Model *m = in->model;
    attribution_finish(in);
    for (size_t i = 0; i < m->invocations.len; i++) {
        Invocation *call = &m->invocations.items[i];
        if (call->outcome == OUTCOME_RUNNING && m->processes.items[call->process].source == in->source)
            call->outcome = OUTCOME_UNKNOWN;
    }
    if (in->named)
        end_named(in);
    if (in->source > 0)
        twins_find(m, in->source);
    m->version++;
}

Intake *intake_new(Model *m, Id source)
{
    Intake *in = alloc_zeroed(1, sizeof *in);
    in->model = m;
    in->source = source;
    in->process = in->previous_process = NO_ID;
    in->last_failed = NO_ID;
    begin_process(in);
    return in;
}

void intake_free(Intake *in)
{
    vec_free(&in->report_ids);
    vec_free(&in->listed);
    vec_free(&in->instances);
    vec_free(&in->calls);
    vec_free(&in->undecided);
    vec_free(&in->stranded);
    vec_free(&in->unsettled);
    vec_free(&in->open);
    vec_free(&in->habits);
    vec_free(&in->settled_calls);
    vec_free(&in->present);
    hash_index_free(&in->habit_index);
    hash_index_free(&in->print_index);
    vec_free(&in->constants);
    free(in);
}
