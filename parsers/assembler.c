#include "parsers/assembler.h"

#include <stdlib.h>

#include "parsers/profiler.h"

enum {
    OPEN_REPORTS_MAX = 256,  /* beyond it the one that was silent longest is closed */
    IDLE_PIECES_MAX = 20000, /* a report that took none of so many profiler records is over */
    LONE_PIECES_MAX = 64,    /* the same for a report that no known invocation can own */
    OPEN_CALLS_MAX = 4096,
};

typedef enum Stage { STAGE_FILENAME, STAGE_HEADER, STAGE_ROWS } Stage;

typedef struct OpenReport {
    ParsedReport report;
    Stage stage;         /* what was seen last */
    uint32_t last_line;  /* line number of its last row */
    uint64_t last_piece; /* count of profiler records when it took its latest */
    bool announced;      /* the sink knows it */
    bool on_stdout;      /* printed, not logged: its records may come late and lack their end */
    bool has_call;       /* an invocation was open when it began */
    bool blank_seen;     /* one empty line behind its rows; a second one ends it */
    bool expired;        /* every invocation that may own it has ended */
} OpenReport;

typedef struct OpenCall {
    char *id;
    uint64_t number; /* of its Executing record */
} OpenCall;

struct Assembler {
    ReportSink sink;
    VEC(OpenReport *) open;  /* in the order in which they began */
    VEC(OpenReport *) spare; /* memory of closed ones */
    VEC(OpenCall) calls;     /* invocations that are open, oldest first */
    uint64_t reports;        /* announced so far */
    uint64_t pieces;         /* profiler records so far */
    OpenReport *latest;      /* took the latest profiler record; NULL when it is closed */
};

Assembler *assembler_new(ReportSink sink)
{
    Assembler *a = alloc_zeroed(1, sizeof *a);
    a->sink = sink;
    return a;
}

static void buffer_set(Buffer *b, Span s)
{
    buffer_clear(b);
    buffer_append_span(b, s);
}

/* Opening and closing. */

static void announce(Assembler *a, OpenReport *o)
{
    if (o->announced)
        return;
    o->announced = true;
    o->report.id = ++a->reports;
    a->sink.report_opened(a->sink.ctx, &o->report);
}

static bool can_show_its_end(const OpenReport *o)
{
    return o->report.dense && !o->on_stdout;
}

static void report_free(OpenReport *o)
{
    buffer_free(&o->report.file);
    buffer_free(&o->report.logger);
    buffer_free(&o->report.invocation);
    buffer_free(&o->report.function);
    buffer_free(&o->report.text);
    vec_free(&o->report.rows);
    free(o);
}

static void close_report(Assembler *a, size_t index)
{
    OpenReport *o = a->open.items[index];
    vec_remove(&a->open, index);
    if (a->latest == o)
        a->latest = NULL;
    if (o->announced) {
        o->report.truncated |= o->report.rows.len == 0 || (can_show_its_end(o) && !o->report.ended);
        a->sink.report_closed(a->sink.ctx, &o->report);
    }
    vec_push(&a->spare, o);
}

static bool is_stale(const Assembler *a, const OpenReport *o)
{
    return a->pieces - o->last_piece > (o->has_call ? IDLE_PIECES_MAX : LONE_PIECES_MAX);
}

/* Closes what cannot go on, so that the number of open reports stays small. */
static void close_crowded(Assembler *a)
{
    for (size_t i = 0; i < a->open.len;) {
        if (is_stale(a, a->open.items[i]))
            close_report(a, i);
        else
            i++;
    }
    while (a->open.len >= OPEN_REPORTS_MAX) {
        size_t oldest = 0;
        for (size_t i = 1; i < a->open.len; i++)
            if (a->open.items[i]->last_piece < a->open.items[oldest]->last_piece)
                oldest = i;
        close_report(a, oldest);
    }
}

static OpenReport *spare_report(Assembler *a)
{
    if (!a->spare.len)
        return alloc_zeroed(1, sizeof(OpenReport));
    OpenReport *o = a->spare.items[--a->spare.len];
    ParsedReport kept = o->report;
    *o = (OpenReport){0};
    o->report.file = kept.file;
    o->report.logger = kept.logger;
    o->report.invocation = kept.invocation;
    o->report.function = kept.function;
    o->report.text = kept.text;
    o->report.rows.items = kept.rows.items;
    o->report.rows.cap = kept.rows.cap;
    buffer_clear(&o->report.text);
    return o;
}

static OpenReport *open_report(Assembler *a, const Record *record)
{
    close_crowded(a);
    OpenReport *o = spare_report(a);
    ParsedReport *r = &o->report;
    r->first_number = r->last_number = record->number;
    r->offset = record->offset;
    r->time = record_time(record);
    r->columns = record->profiler.columns;
    buffer_set(&r->file, record->profiler.piece == PROFILER_FILENAME ? record->profiler.file : (Span){0});
    buffer_set(&r->logger, record->profiler.logger);
    buffer_set(&r->invocation, record->invocation);
    buffer_set(&r->function, record->function);
    o->on_stdout = !record->profiler.logger.len && record->prefixed;
    o->has_call = a->calls.len > 0;
    o->last_piece = a->pieces;
    vec_push(&a->open, o);
    return o;
}

/* Which report takes a record. */

static bool same_channel(const OpenReport *o, const Record *record)
{
    return span_eq(buffer_span(&o->report.logger), record->profiler.logger) &&
           span_eq(buffer_span(&o->report.invocation), record->invocation) &&
           span_eq(buffer_span(&o->report.function), record->function);
}

static bool is_entry_row(const ProfilerRow *row, Span contents)
{
    return row->measured && row->increment == row->memory && profiler_begins_function(contents);
}

static bool accepts_row(const OpenReport *o, const Record *record)
{
    const ProfilerRow *row = &record->profiler.row;
    if (o->stage == STAGE_FILENAME || !same_channel(o, record))
        return false;
    if (!o->report.rows.len)
        return true;
    if (row->line <= o->last_line)
        return false;
    return row->measured || o->report.dense;
}

/* How well a row suits an open report that can take it: higher is better; the latest wins among equals. */
static int affinity(const OpenReport *o, const ProfilerRow *row)
{
    bool first = !o->report.rows.len;
    int score = 0;
    if (is_entry_row(row, row->contents))
        score += first ? 100 : -100;
    else if (first && !o->report.dense && row->measured)
        score -= 50; /* a report without its entry row: possible, rare */
    if (!first && o->report.dense)
        score += row->line == o->last_line + 1 ? 20 : -80;
    return score;
}

static OpenReport *best_for_row(Assembler *a, const Record *record)
{
    OpenReport *best = NULL;
    int best_score = 0;
    for (size_t i = 0; i < a->open.len; i++) {
        OpenReport *o = a->open.items[i];
        if (!accepts_row(o, record))
            continue;
        int score = affinity(o, &record->profiler.row);
        if (!best || score > best_score || (score == best_score && o->last_piece >= best->last_piece)) {
            best = o;
            best_score = score;
        }
    }
    return best;
}

/* The report of this channel that is at `stage`: the oldest for a header, which comes soon, the latest for all else. */
static OpenReport *at_stage(Assembler *a, const Record *record, Stage stage, bool oldest)
{
    OpenReport *found = NULL;
    for (size_t i = 0; i < a->open.len; i++) {
        OpenReport *o = a->open.items[i];
        if (o->stage != stage || !same_channel(o, record))
            continue;
        if (!found || (!oldest && o->last_piece >= found->last_piece))
            found = o;
    }
    return found;
}

static void touch(Assembler *a, OpenReport *o, const Record *record)
{
    if (o->last_piece + 1 < a->pieces) {
        o->report.interleaved = true;
        if (a->latest)
            a->latest->report.interleaved = true;
    }
    o->last_piece = a->pieces;
    o->report.last_number = record->number;
    o->blank_seen = false;
    a->latest = o;
}

static void take_filename(Assembler *a, const Record *record)
{
    OpenReport *o = open_report(a, record);
    o->stage = STAGE_FILENAME;
    touch(a, o, record);
    if (record->profiler.logger.len)
        announce(a, o);
}

static void take_header(Assembler *a, const Record *record)
{
    OpenReport *o = at_stage(a, record, STAGE_FILENAME, true);
    if (!o)
        o = open_report(a, record);
    o->report.columns = record->profiler.columns;
    o->stage = STAGE_HEADER;
    touch(a, o, record);
    announce(a, o);
}

static void take_rule(Assembler *a, const Record *record)
{
    OpenReport *o = at_stage(a, record, STAGE_HEADER, false);
    if (!o)
        return;
    o->report.dense = true;
    touch(a, o, record);
}

static void add_row(OpenReport *o, const Record *record)
{
    const ProfilerRow *row = &record->profiler.row;
    ParsedReport *r = &o->report;
    if (r->dense && r->rows.len && row->line != o->last_line + 1)
        r->gap = true;
    ParsedRow parsed = {.row = *row, .text_at = r->text.len, .text_len = row->contents.len};
    parsed.row.contents = (Span){0};
    buffer_append_span(&r->text, row->contents);
    vec_push(&r->rows, parsed);
    if (row->decimals > r->decimals)
        r->decimals = row->decimals;
    r->ended = false;
    r->truncated |= record->partial;
    o->last_line = row->line;
    o->stage = STAGE_ROWS;
}

static void take_row(Assembler *a, const Record *record)
{
    OpenReport *o = best_for_row(a, record);
    if (!o) {
        if (!record->profiler.row.measured)
            return; /* far more likely a user's own text than the rest of a report */
        o = open_report(a, record);
        o->report.gap = true;
        o->stage = STAGE_HEADER;
        announce(a, o);
    }
    touch(a, o, record);
    add_row(o, record);
}

static size_t index_of(const Assembler *a, const OpenReport *o)
{
    size_t i = 0;
    while (a->open.items[i] != o)
        i++;
    return i;
}

static void end_report(Assembler *a, OpenReport *o, const Record *record)
{
    o->report.ended = true;
    o->report.last_number = record->number;
    close_report(a, index_of(a, o));
}

/* The end record says nothing about itself: it ends the dense report that was written to last. */
static void take_end(Assembler *a, const Record *record)
{
    OpenReport *o = NULL;
    for (size_t i = 0; i < a->open.len; i++) {
        OpenReport *candidate = a->open.items[i];
        if (candidate->report.dense && candidate->stage == STAGE_ROWS && same_channel(candidate, record) &&
            (!o || candidate->last_piece > o->last_piece))
            o = candidate;
    }
    if (o)
        end_report(a, o, record);
}

/* Bare output has two empty lines behind a report; behind the rows of other writers there may be one each. */
static void take_blank(Assembler *a, const Record *record)
{
    OpenReport *o = a->latest;
    if (!o || record->prefixed || o->on_stdout || o->report.logger.len || o->stage != STAGE_ROWS)
        return;
    o->report.ended = true;
    if (o->blank_seen)
        end_report(a, o, record);
    else
        o->blank_seen = true;
}

static void take_piece(Assembler *a, const Record *record)
{
    static void (*const take[])(Assembler *, const Record *) = {
        [PROFILER_FILENAME] = take_filename, [PROFILER_HEADER] = take_header, [PROFILER_RULE] = take_rule,
        [PROFILER_ROW] = take_row,           [PROFILER_END] = take_end,
    };
    a->pieces++;
    take[record->profiler.piece](a, record);
}

/* Invocations. */

static void call_remove(Assembler *a, size_t index)
{
    free(a->calls.items[index].id);
    vec_remove(&a->calls, index);
}

static void call_begins(Assembler *a, const Record *record)
{
    if (a->calls.len == OPEN_CALLS_MAX)
        call_remove(a, 0);
    vec_push(&a->calls, (OpenCall){alloc_text(record->host.id.ptr, record->host.id.len), record->number});
}

/* Closes the reports whose last possible owner has ended; those on standard output may still get rows that come late. */
static void close_ownerless(Assembler *a)
{
    uint64_t oldest = a->calls.len ? a->calls.items[0].number : UINT64_MAX;
    for (size_t i = 0; i < a->open.len;) {
        OpenReport *o = a->open.items[i];
        if (!o->has_call || oldest < o->report.first_number) {
            i++;
        } else if (o->on_stdout && !o->expired) {
            o->expired = true;
            i++;
        } else {
            close_report(a, i);
        }
    }
}

static void call_ends(Assembler *a, const Record *record)
{
    for (size_t i = 0; i < a->calls.len; i++) {
        if (span_eq(span_of(a->calls.items[i].id), record->host.id)) {
            call_remove(a, i);
            break;
        }
    }
    close_ownerless(a);
}

static void close_all(Assembler *a)
{
    while (a->open.len)
        close_report(a, 0);
    while (a->calls.len)
        call_remove(a, a->calls.len - 1);
}

void assembler_record(Assembler *a, const Record *record)
{
    switch (record->kind) {
    case RECORD_PROFILER:
        take_piece(a, record);
        return;
    case RECORD_BLANK:
        take_blank(a, record);
        return;
    case RECORD_TEXT:
        return;
    case RECORD_EXECUTING:
        close_ownerless(a);
        call_begins(a, record);
        break;
    case RECORD_EXECUTED:
        call_ends(a, record);
        break;
    case RECORD_WORKER_STARTED:
    case RECORD_WORKER_EXITED:
        close_all(a);
        break;
    default:
        break;
    }
    a->sink.record(a->sink.ctx, record);
}

void assembler_settle(Assembler *a)
{
    for (size_t i = 0; i < a->open.len;) {
        OpenReport *o = a->open.items[i];
        if (o->stage == STAGE_ROWS && (!can_show_its_end(o) || o->report.ended))
            close_report(a, i);
        else
            i++;
    }
}

void assembler_finish(Assembler *a)
{
    close_all(a);
}

void assembler_free(Assembler *a)
{
    if (!a)
        return;
    for (size_t i = 0; i < a->open.len; i++)
        report_free(a->open.items[i]);
    for (size_t i = 0; i < a->spare.len; i++)
        report_free(a->spare.items[i]);
    while (a->calls.len)
        call_remove(a, a->calls.len - 1);
    vec_free(&a->open);
    vec_free(&a->spare);
    vec_free(&a->calls);
    free(a);
}
