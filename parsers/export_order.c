#include "parsers/export_order.h"

#include <stdlib.h>

#include "base/clock.h"
#include "parsers/export_order_private.h"
#include "parsers/host.h"
#include "parsers/profiler.h"

enum {
    TEXT_BYTES_MAX = 1 << 19,   /* of texts that may be forgotten: then those that are still needed are copied */
    IDLE_RECORDS_MAX = 1 << 14, /* a call without records for so long is forgotten */
    RECORDS_A_LOOK = 64,        /* are passed on between two looks at the clock */
    LATE_MARGIN = 4,            /* where records come late, those of so many times the longest delay are held */
};

ExportOrder *export_order_new(RecordSink sink)
{
    ExportOrder *o = alloc_zeroed(1, sizeof *o);
    o->sink = sink;
    o->newest = o->latest = MOMENT_UNKNOWN;
    o->release_at = ORDERED_RECORDS_MIN;
    o->forget_at = TEXT_BYTES_MAX;
    return o;
}

uint64_t export_order_number(const ExportOrder *o)
{
    return o->number;
}

/* Calls and channels. */

static bool same_call(const void *ctx, uint32_t item, const void *key)
{
    return ((const ExportOrder *)ctx)->calls.items[item].id == *(const TextId *)key;
}

static uint32_t call_of(ExportOrder *o, Span id)
{
    TextId text = intern_add(&o->texts, id);
    uint64_t hash = hash_pair(text, 1);
    int64_t known = hash_index_find(&o->call_index, hash, same_call, o, &text);
    if (known >= 0)
        return (uint32_t)known;
    uint32_t call = (uint32_t)o->calls.len;
    vec_push(&o->calls, (Call){.id = text, .latest = o->number});
    hash_index_add(&o->call_index, hash, call);
    return call;
}

static bool same_channel(const void *ctx, uint32_t item, const void *key)
{
    const Channel *channel = &((const ExportOrder *)ctx)->channels.items[item], *k = key;
    return channel->call == k->call && channel->function == k->function && channel->instance == k->instance &&
           channel->logger == k->logger;
}

static uint32_t add_channel(ExportOrder *o, Channel channel)
{
    uint64_t hash = hash_pair(hash_pair(channel.call, channel.function), hash_pair(channel.instance, channel.logger));
    int64_t known = hash_index_find(&o->channel_index, hash, same_channel, o, &channel);
    if (known >= 0)
        return (uint32_t)known;
    uint32_t id = (uint32_t)o->channels.len;
    vec_push(&o->channels, channel);
    hash_index_add(&o->channel_index, hash, id);
    return id;
}

static bool is_channel_of(const ExportOrder *o, uint32_t id, const ExportEntry *e, Span logger)
{
    const Channel *channel = &o->channels.items[id];
    Span call = intern_text(&o->texts, o->calls.items[channel->call].id);
    if (call.len && e->invocation.len && call.ptr[0] != e->invocation.ptr[0])
        return false;
    return span_eq(call, e->invocation) && span_eq(intern_text(&o->texts, channel->function), e->function) &&
           span_eq(intern_text(&o->texts, channel->instance), e->instance) &&
           span_eq(intern_text(&o->texts, channel->logger), logger);
}

/* The rows of a report mostly follow one another, or those of few others stand in between. */
static uint32_t channel_of(ExportOrder *o, const ExportEntry *e)
{
    Span logger = e->profiler ? e->profiler->logger : (Span){0};
    for (unsigned i = 0; i < o->recent_count; i++) {
        unsigned at = (o->recent_latest + RECENT_CHANNELS - i) % RECENT_CHANNELS;
        if (is_channel_of(o, o->recent[at], e, logger))
            return o->recent[at];
    }
    o->recent_count += o->recent_count < RECENT_CHANNELS;
    o->recent_latest = (o->recent_latest + 1) % RECENT_CHANNELS;
    return o->recent[o->recent_latest] = add_channel(o, (Channel){
                                                            .call = call_of(o, e->invocation),
                                                            .function = intern_add(&o->texts, e->function),
                                                            .instance = intern_add(&o->texts, e->instance),
                                                            .logger = intern_add(&o->texts, logger),
                                                        });
}

static Call *call_of_held(ExportOrder *o, const Held *held)
{
    return &o->calls.items[o->channels.items[held->channel].call];
}

/* Holding. */

static bool fits(Mib value, Mib unit)
{
    return value == MIB_NONE || (value / unit < INT32_MAX && value / unit > -INT32_MAX);
}

static int32_t steps(Mib value, Mib unit)
{
    return value == MIB_NONE ? INT32_MIN : (int32_t)(value / unit);
}

static void hold_row(ExportOrder *o, Held *held, const ExportEntry *e)
{
    const ProfilerRow *row = &e->profiler->row;
    Mib unit = mib_unit(row->decimals);
    bool small = fits(row->memory, unit) && fits(row->increment, unit) && row->occurrences < UINT32_MAX;
    held->row.line = row->line;
    if (small) {
        held->flags |= row->measured ? HELD_MEASURED : 0;
        held->digits |= (uint8_t)(row->decimals << 4);
        held->row.memory = steps(row->memory, unit);
        held->row.increment = steps(row->increment, unit);
        held->row.occurrences = row->occurrences == OCCURRENCES_NONE ? UINT32_MAX : (uint32_t)row->occurrences;
    }
    if (!small || !e->columns.known)
        held->flags |= HELD_WHOLE;
    held->text = intern_add(&o->texts, held->flags & HELD_WHOLE ? e->message : row->contents);
}

static void hold_piece(ExportOrder *o, Held *held, const ExportEntry *e)
{
    const ProfilerText *text = e->profiler;
    held->piece = (uint8_t)text->piece;
    if (text->piece == PROFILER_ROW) {
        hold_row(o, held, e);
    } else if (text->piece == PROFILER_FILENAME) {
        held->text = intern_add(&o->texts, text->file);
    } else if (text->piece == PROFILER_HEADER) {
        held->columns.known = true;
        held->columns.increment = text->columns.increment;
        held->columns.occurrences = text->columns.occurrences;
        o->columns = text->columns;
    }
}

static void hold_host_record(ExportOrder *o, Held *held, const ExportEntry *e)
{
    Call *call = call_of_held(o, held);
    call->has_executing |= e->kind == RECORD_EXECUTING && !e->request;
    call->has_executed |= e->kind == RECORD_EXECUTED && !e->request;
    held->text = intern_add(&o->texts, e->message);
    held->shown = held->time;
}

static uint8_t flags_of(const ExportEntry *e)
{
    return (uint8_t)((e->sampled ? HELD_SAMPLED : 0) | (e->console ? HELD_CONSOLE : 0) | (e->taken_apart ? HELD_TAKEN_APART : 0) |
                     (e->request ? HELD_REQUEST : 0) | (e->time.ambiguous ? HELD_AMBIGUOUS : 0) |
                     (moment_known(e->time.moment) ? 0 : HELD_TIMELESS));
}

/* How long before the latest row one was written; 0 where it was not. */
static int64_t late_by(const ExportOrder *o, int64_t time)
{
    int64_t late;
    if (o->newest == MOMENT_UNKNOWN || time >= o->newest)
        return 0;
    return __builtin_sub_overflow(o->newest, time, &late) ? INT64_MAX : late;
}

/* A row without a time stays where it stands. */
static int64_t place_of(ExportOrder *o, const ExportEntry *e)
{
    if (!moment_known(e->time.moment))
        return o->newest;
    int64_t late = late_by(o, e->time.moment.ns);
    o->lateness = late > o->lateness ? late : o->lateness;
    o->rising += e->time.moment.ns > o->latest;
    o->falling += e->time.moment.ns < o->latest;
    o->latest = e->time.moment.ns;
    if (e->time.moment.ns > o->newest)
        o->newest = e->time.moment.ns;
    return e->time.moment.ns + e->end_ns;
}

static void release_settled(ExportOrder *o);

void export_order_add(ExportOrder *o, const ExportEntry *e)
{
    Held held = {.offset = e->offset, .kind = (uint8_t)e->kind, .flags = flags_of(e), .item = (uint32_t)(e->item ^ e->item >> 32)};
    held.time = place_of(o, e);
    held.channel = channel_of(o, e);
    held.digits = (uint8_t)e->time.moment.digits;
    if (e->kind == RECORD_PROFILER)
        hold_piece(o, &held, e);
    else
        hold_host_record(o, &held, e);
    o->ambiguous |= e->time.ambiguous;
    o->keyed |= o->held.len && held.time < vec_last(&o->held).time;
    call_of_held(o, &held)->records++;
    vec_push(&o->held, held);
    if (o->held.len >= o->release_at && !o->ambiguous)
        release_settled(o);
}

/* The order of time. */

static void swap_dates(ExportOrder *o)
{
    for (size_t i = 0; i < o->held.len; i++) {
        Held *held = &o->held.items[i];
        if (!(held->flags & HELD_AMBIGUOUS))
            continue;
        held->flags &= (uint8_t)~HELD_AMBIGUOUS;
        held->time = date_swapped((Moment){held->time, 9}).ns;
        if (held->kind != RECORD_PROFILER)
            held->shown = held->time;
    }
    o->keyed = true;
}

static bool is_host_of_call(const Held *held)
{
    return held->kind == RECORD_EXECUTING || held->kind == RECORD_EXECUTED;
}

/* Old hosts may log a row behind its Executed, and clocks of two machines differ: the id says what belongs together. */
static void enclose_calls(ExportOrder *o)
{
    for (size_t i = 0; i < o->held.len; i++) {
        Call *call = call_of_held(o, &o->held.items[i]);
        call->first = INT64_MAX;
        call->last = INT64_MIN;
    }
    for (size_t i = 0; i < o->held.len; i++) {
        const Held *held = &o->held.items[i];
        Call *call = call_of_held(o, held);
        if (is_host_of_call(held))
            continue;
        call->first = held->time < call->first ? held->time : call->first;
        call->last = held->time > call->last ? held->time : call->last;
    }
    for (size_t i = 0; i < o->held.len; i++) {
        Held *held = &o->held.items[i];
        const Call *call = call_of_held(o, held);
        int64_t time = held->time;
        if (held->kind == RECORD_EXECUTING && call->first < time)
            held->time = call->first;
        if (held->kind == RECORD_EXECUTED && call->last > time)
            held->time = call->last;
        o->keyed |= held->time != time;
    }
}

static int by_time(const void *a, const void *b, void *ctx)
{
    const Held *items = ctx, *x = &items[*(const uint32_t *)a], *y = &items[*(const uint32_t *)b];
    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    return (x->offset > y->offset) - (x->offset < y->offset);
}

static void sort_held(ExportOrder *o)
{
    o->order.len = 0;
    vec_reserve(&o->order, o->held.len);
    for (size_t i = 0; i < o->held.len; i++)
        o->order.items[i] = (uint32_t)i;
    o->order.len = o->held.len;
    if (o->keyed)
        qsort_r(o->order.items, o->order.len, sizeof *o->order.items, by_time, o->held.items);
}

/* Passing on. */

static Moment time_of_stamp(Span stamp)
{
    Moment moment;
    memcpy(&moment, stamp.ptr, sizeof moment);
    return moment;
}

static void pass(ExportOrder *o, const Held *held, Record *record)
{
    const Channel *channel = &o->channels.items[held->channel];
    Moment moment = {held->kind == RECORD_PROFILER ? held->time : held->shown, held->digits & 15};
    record->number = ++o->number;
    record->offset = held->offset;
    record->stamp = held->flags & HELD_TIMELESS ? (Span){0} : (Span){(const char *)&moment, sizeof moment};
    record->time = time_of_stamp;
    record->invocation = intern_text(&o->texts, o->calls.items[channel->call].id);
    record->function = intern_text(&o->texts, channel->function);
    record->instance = intern_text(&o->texts, channel->instance);
    record->sampled |= (held->flags & HELD_SAMPLED) != 0;
    record->prefixed = (held->flags & HELD_CONSOLE) != 0;
    o->sink.record(o->sink.ctx, record);
}

static Mib scaled(int32_t value, Mib unit)
{
    return value == INT32_MIN ? MIB_NONE : value * unit;
}

static bool row_of(const ExportOrder *o, const Held *held, const Call *call, ProfilerText *text)
{
    Span contents = intern_text(&o->texts, held->text);
    unsigned decimals = held->digits >> 4;
    Mib unit = mib_unit(decimals);
    if (held->flags & HELD_WHOLE)
        return profiler_parse(contents, call->columns.known ? call->columns : o->columns, text);
    text->row = (ProfilerRow){
        .line = held->row.line,
        .measured = (held->flags & HELD_MEASURED) != 0,
        .memory = scaled(held->row.memory, unit),
        .increment = scaled(held->row.increment, unit),
        .occurrences = held->row.occurrences == UINT32_MAX ? OCCURRENCES_NONE : held->row.occurrences,
        .decimals = decimals,
        .contents = contents,
    };
    return true;
}

/* Headers that are not there: the published query returns none, and sampling drops some. */
static void pass_missing_headers(ExportOrder *o, const Held *held, Call *call, Span logger)
{
    for (; call->headless; call->headless--) {
        Record record = {.kind = RECORD_PROFILER, .sampled = !(held->flags & HELD_TAKEN_APART)};
        record.profiler = (ProfilerText){.piece = PROFILER_HEADER, .logger = logger, .columns = call->columns};
        if (!call->columns.known)
            record.profiler.columns = o->columns;
        pass(o, held, &record);
    }
}

static void pass_piece(ExportOrder *o, const Held *held, Call *call)
{
    Span logger = intern_text(&o->texts, o->channels.items[held->channel].logger);
    Record record = {.kind = RECORD_PROFILER};
    ProfilerText *text = &record.profiler;
    text->piece = (ProfilerPiece)held->piece;
    if (text->piece == PROFILER_FILENAME) {
        text->file = intern_text(&o->texts, held->text);
        call->headless++;
    } else if (text->piece == PROFILER_HEADER) {
        call->columns = (ProfilerColumns){
            .known = held->columns.known, .increment = held->columns.increment, .occurrences = held->columns.occurrences};
        call->headless -= call->headless > 0;
    } else {
        pass_missing_headers(o, held, call, logger);
        if (text->piece == PROFILER_ROW && !row_of(o, held, call, text))
            return;
    }
    text->piece = (ProfilerPiece)held->piece;
    text->logger = logger;
    text->columns = call->columns.known ? call->columns : o->columns;
    call->last_line = text->piece == PROFILER_ROW ? held->row.line : 0;
    pass(o, held, &record);
}

static void pass_failure(ExportOrder *o, const Held *held, Span line)
{
    pass(o, held, &(Record){.kind = RECORD_FAILURE, .message = line});
}

static void pass_host_record(ExportOrder *o, const Held *held, const Call *call)
{
    Span rest = intern_text(&o->texts, held->text);
    ptrdiff_t end = span_find_byte(rest, '\n');
    Record record = {.message = end < 0 ? rest : span_to(rest, (size_t)end)};
    if (held->kind == RECORD_FAILURE) {
        pass_failure(o, held, rest);
        return;
    }
    bool known = (held->kind == RECORD_EXECUTING && call->has_executing) || (held->kind == RECORD_EXECUTED && call->has_executed);
    if ((held->flags & HELD_REQUEST && known) || !host_parse(record.message, &record))
        return;
    pass(o, held, &record);
    while (end >= 0) {
        rest = span_from(rest, (size_t)end + 1);
        end = span_find_byte(rest, '\n');
        pass_failure(o, held, end < 0 ? rest : span_to(rest, (size_t)end));
    }
}

static void pass_held(ExportOrder *o, const Held *held)
{
    Call *call = call_of_held(o, held);
    if (held->kind == RECORD_PROFILER)
        pass_piece(o, held, call);
    else
        pass_host_record(o, held, call);
    call->any = true;
    call->last_kind = held->kind;
    call->last_piece = held->piece;
    call->latest = o->number;
}

/* Passes on the records of one time, `order[from]` to `order[to - 1]`. */
static void pass_group(ExportOrder *o, size_t from, size_t to)
{
    uint32_t *indices = o->order.items + from;
    size_t count = to - from;
    for (size_t i = 0; i < count; i++)
        call_of_held(o, &o->held.items[indices[i]])->records--;
    count = export_arrange(o, indices, count);
    for (size_t i = 0; i < count; i++)
        pass_held(o, &o->held.items[indices[i]]);
}

/* Forgetting. */

/* Whether anything that is still to come may need what is known of the call. */
static bool is_needed(const ExportOrder *o, const Call *call)
{
    return call->records || o->number - call->latest < IDLE_RECORDS_MAX;
}

/* Copies what is still needed to new tables, so that they do not grow with the length of the input. */
static void forget(ExportOrder *o)
{
    ExportOrder old = *o;
    uint32_t *call_map = alloc_zeroed(old.calls.len, sizeof *call_map);
    o->recent_count = 0;
    o->texts = (Intern){0};
    o->call_index = o->channel_index = (HashIndex){0};
    memset(&o->calls, 0, sizeof o->calls);
    memset(&o->channels, 0, sizeof o->channels);
    for (size_t i = 0; i < old.calls.len; i++) {
        const Call *call = &old.calls.items[i];
        if (!is_needed(o, call))
            continue;
        call_map[i] = call_of(o, intern_text(&old.texts, call->id));
        TextId id = o->calls.items[call_map[i]].id;
        o->calls.items[call_map[i]] = *call;
        o->calls.items[call_map[i]].id = id;
    }
    for (size_t i = 0; i < o->held.len; i++) {
        Held *held = &o->held.items[i];
        const Channel *channel = &old.channels.items[held->channel];
        held->channel = add_channel(o, (Channel){
                                           .call = call_map[channel->call],
                                           .function = intern_add(&o->texts, intern_text(&old.texts, channel->function)),
                                           .instance = intern_add(&o->texts, intern_text(&old.texts, channel->instance)),
                                           .logger = intern_add(&o->texts, intern_text(&old.texts, channel->logger)),
                                       });
        held->text = intern_add(&o->texts, intern_text(&old.texts, held->text));
    }
    free(call_map);
    vec_free(&old.calls);
    vec_free(&old.channels);
    hash_index_free(&old.call_index);
    hash_index_free(&old.channel_index);
    intern_free(&old.texts);
}

static int by_index(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* Keeps what was not passed on, in the order of the file. */
static void keep_rest(ExportOrder *o, size_t passed)
{
    size_t count = o->order.len - passed;
    uint32_t *rest = count ? o->order.items + passed : NULL;
    if (count)
        qsort(rest, count, sizeof *rest, by_index);
    o->keyed = false;
    for (size_t i = 0; i < count; i++) {
        o->held.items[i] = o->held.items[rest[i]];
        o->keyed |= i && o->held.items[i].time < o->held.items[i - 1].time;
    }
    o->held.len = count;
}

/* Puts all that is held in order, to be passed on. */
static void begin_release(ExportOrder *o, const DateEvidence *dates)
{
    if (o->ambiguous && dates && date_has_day_first(dates))
        swap_dates(o);
    enclose_calls(o);
    sort_held(o);
    o->passed = 0;
}

/*
 * Passes on what was written before `until`, of which the latest `kept` records stay; false when that takes longer than until
 * `end_ns`.
 */
static bool pass_on(ExportOrder *o, int64_t until, size_t kept, int64_t end_ns)
{
    size_t look_at = o->passed + RECORDS_A_LOOK;
    for (size_t to; o->passed + kept < o->order.len; o->passed = to) {
        int64_t time = o->held.items[o->order.items[o->passed]].time;
        if (time >= until && until != MOMENT_UNKNOWN)
            break;
        if (o->passed >= look_at) {
            if (clock_ns() >= end_ns)
                return false;
            look_at = o->passed + RECORDS_A_LOOK;
        }
        for (to = o->passed + 1; to < o->order.len && o->held.items[o->order.items[to]].time == time;)
            to++;
        pass_group(o, o->passed, to);
    }
    return true;
}

static void end_release(ExportOrder *o)
{
    keep_rest(o, o->passed);
    if (o->passed && o->texts.bytes > o->forget_at) {
        forget(o);
        o->forget_at = 2 * o->texts.bytes + TEXT_BYTES_MAX;
    }
}

static void release(ExportOrder *o, const DateEvidence *dates, int64_t until, size_t kept)
{
    begin_release(o, dates);
    pass_on(o, until, kept, INT64_MAX);
    end_release(o);
}

/* Passes on what no record that is still to come will be written before, going by how late they came so far. */
static void release_settled(ExportOrder *o)
{
    int64_t margin, until;
    bool known = !__builtin_mul_overflow(o->lateness, LATE_MARGIN, &margin) && !__builtin_sub_overflow(o->newest, margin, &until);
    if (known && until != MOMENT_UNKNOWN)
        release(o, NULL, until, o->lateness ? ORDERED_RECORDS_MIN : 0);
    o->release_at = o->held.len < ORDERED_RECORDS_MIN / 2 ? ORDERED_RECORDS_MIN : 2 * o->held.len;
}

void export_order_release(ExportOrder *o, const DateEvidence *dates, bool more)
{
    if (more && o->lateness)
        return;
    export_order_finish(o, dates, INT64_MAX);
}

bool export_order_finish(ExportOrder *o, const DateEvidence *dates, int64_t end_ns)
{
    if (!o->finishing)
        begin_release(o, dates);
    o->finishing = !pass_on(o, MOMENT_UNKNOWN, 0, end_ns);
    if (o->finishing)
        return false;
    end_release(o);
    o->release_at = ORDERED_RECORDS_MIN;
    return true;
}

void export_order_free(ExportOrder *o)
{
    if (!o)
        return;
    vec_free(&o->held);
    vec_free(&o->channels);
    vec_free(&o->calls);
    vec_free(&o->order);
    vec_free(&o->group);
    vec_free(&o->arranged);
    hash_index_free(&o->channel_index);
    hash_index_free(&o->call_index);
    intern_free(&o->texts);
    free(o);
}
