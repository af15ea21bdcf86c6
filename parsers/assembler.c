#include "parsers/assembler.h"

#include <stdlib.h>

#include "parsers/assembler_private.h"

enum {
    WAIT_CALLS = 2,  /* fewer other invocations that run, and an end tells at once whose the next rows are */
    WAIT_SHORT = 10, /* profiler records that an end waits which may close a report ... */
    WAIT_LONG = 48,  /* ... and one that does not */
    WAIT_MAX = 512,  /* host records that may wait */
    FINE_DIGITS = 3, /* milliseconds */
};

int64_t assembler_fine_time(const Assembler *a, const Record *record)
{
    if (a->calls.len < 2 && a->open.len < 2 && !a->unordered)
        return MOMENT_UNKNOWN;
    Moment time = record_time(record);
    return time.digits >= FINE_DIGITS ? time.ns : MOMENT_UNKNOWN;
}

static void take_profiler(Assembler *a, Record *record)
{
    record->profiler.ordinal = ++a->pieces;
    record->profiler.contested = record->profiler.guessed = false;
    record->profiler.time_ns = assembler_fine_time(a, record);
    if (a->unordered) {
        unordered_record(a->placer, record);
        return;
    }
    a->now_ns = record->profiler.time_ns;
    if (record->profiler.piece == PROFILER_ROW || record->profiler.piece == PROFILER_END)
        matcher_piece(a->matcher, record);
    else
        assembler_take_heading(a, record);
}

/* Nothing goes on. */
static void end_all(Assembler *a)
{
    assembler_close_all(a);
    assembler_forget_calls(a);
}

/* The host dropped lines: whose they were is not known, so every open report may lack some. */
static void mark_gaps(Assembler *a)
{
    for (size_t i = 0; i < a->open.len; i++)
        a->open.items[i]->report.gap = true;
}

static void take_record(void *ctx, const Record *record);

static void set_order(Assembler *a, bool unordered)
{
    if (a->unordered != unordered)
        end_all(a); /* a banner is that of a new host: nothing goes on, and what one way began the other does not know */
    a->unordered = unordered;
    if (unordered && !a->placer)
        a->placer = unordered_new(&a->knowledge, assembler_unordered_sink(a, take_record));
}

static void take_record(void *ctx, const Record *record)
{
    Assembler *a = ctx;
    switch (record->kind) {
    case RECORD_BLANK:
        assembler_take_blank(a, record);
        return;
    case RECORD_CUT:
        matcher_settle(a->matcher);
        if (a->latest)
            a->latest->report.truncated = true;
        return;
    case RECORD_TEXT:
        return;
    case RECORD_EXECUTING:
        assembler_begin_call(a, record);
        break;
    case RECORD_EXECUTED:
        assembler_end_call(a, record);
        return;
    case RECORD_WORKER_STARTED:
    case RECORD_WORKER_EXITED:
        if (!record->instance.len) /* else other workers go on, and ids tell what is whose */
            end_all(a);
        break;
    case RECORD_HOST_VERSION:
        matcher_settle(a->matcher);
        set_order(a, !host_keeps_order(&record->host));
        break;
    case RECORD_LOSS:
        mark_gaps(a);
        break;
    default:
        break;
    }
    a->sink.record(a->sink.ctx, record);
}

/* Reads what waits, whether or not all rows before it are decided. */
static void read_backlog(Assembler *a)
{
    if (!a->backlog.records.len)
        return;
    matcher_settle(a->matcher);
    backlog_release(&a->backlog, take_record, a);
}

static bool may_wait(const Assembler *a, const Record *record)
{
    if (a->backlog.records.len >= WAIT_MAX)
        return false;
    switch (record->kind) {
    case RECORD_EXECUTED:
        return matcher_is_undecided(a->matcher) && a->calls.len > a->backlog.ends + WAIT_CALLS;
    case RECORD_EXECUTING:
    case RECORD_FAILURE:
        return a->backlog.records.len > 0; /* what comes behind an end stays behind it */
    default:
        return false;
    }
}

static void read_or_keep(Assembler *a, const Record *record)
{
    bool closes = record->kind == RECORD_EXECUTED && assembler_weigh_end(a, record);
    if (may_wait(a, record)) {
        backlog_add(&a->backlog, record, a->pieces + (closes ? WAIT_SHORT : WAIT_LONG));
        return;
    }
    read_backlog(a);
    take_record(a, record);
}

/* A report that begins now may be one of an invocation whose beginning waits: that must be known first. */
static bool needs_backlog(const Assembler *a, const Record *record)
{
    ProfilerPiece piece = record->profiler.piece;
    return a->backlog.begins && (piece == PROFILER_FILENAME || piece == PROFILER_HEADER);
}

static bool tells_something(const Record *record)
{
    return record->kind != RECORD_TEXT && (record->kind != RECORD_BLANK || !record->prefixed);
}

void assembler_record(Assembler *a, Record *record)
{
    switch (record->kind) {
    case RECORD_PROFILER:
        if (needs_backlog(a, record))
            read_backlog(a);
        take_profiler(a, record);
        if (a->backlog.records.len && (!matcher_is_undecided(a->matcher) || a->pieces >= a->backlog.due))
            read_backlog(a);
        return;
    case RECORD_TEXT:
    case RECORD_BLANK:
        if (a->unordered && tells_something(record))
            unordered_record(a->placer, record);
        else
            take_record(a, record);
        return;
    default:
        if (a->unordered)
            unordered_record(a->placer, record);
        else
            read_or_keep(a, record);
    }
}

void assembler_hurry(Assembler *a)
{
    read_backlog(a);
    if (a->placer)
        unordered_settle(a->placer);
}

bool assembler_settle(Assembler *a, bool long_silence)
{
    if (!long_silence && (a->open.len > 1 || a->calls.len))
        return a->open.len || a->backlog.records.len || a->placer;
    read_backlog(a);
    matcher_settle(a->matcher);
    if (a->placer)
        unordered_settle(a->placer);
    assembler_close_silent(a);
    return false;
}

Assembler *assembler_new(ReportSink sink)
{
    Assembler *a = alloc_zeroed(1, sizeof *a);
    a->sink = sink;
    a->matcher = matcher_new(&a->open, &a->knowledge, assembler_take_piece, a);
    return a;
}

void assembler_finish(Assembler *a)
{
    assembler_hurry(a);
    end_all(a);
}

void assembler_free(Assembler *a)
{
    if (!a)
        return;
    assembler_free_reports(a);
    assembler_forget_calls(a);
    vec_free(&a->calls);
    unordered_free(a->placer);
    backlog_free(&a->backlog);
    knowledge_free(&a->knowledge);
    matcher_free(a->matcher);
    free(a);
}
