#include "parsers/assembler.h"

#include <stdlib.h>

#include "parsers/backlog.h"
#include "parsers/matcher.h"
#include "parsers/unordered.h"

enum {
    OPEN_REPORTS_MAX = 256,  /* beyond it the one that was silent longest is closed */
    IDLE_PIECES_MAX = 20000, /* a report that took none of so many profiler records is over */
    LONE_PIECES_MAX = 64,    /* the same for a report that no known invocation can own */
    OPEN_CALLS_MAX = 4096,
    WAIT_CALLS = 2,  /* fewer other invocations that run, and an end tells at once whose the next rows are */
    WAIT_SHORT = 10, /* profiler records that an end waits which may close a report ... */
    WAIT_LONG = 48,  /* ... and one that does not */
    WAIT_MAX = 512,  /* host records that may wait */
    LATE_NS = 1000000000, /* rows of old hosts come hardly later than that */
    FINE_DIGITS = 3, /* milliseconds */
    ORDERED_HOST_MINOR = 36, /* azure-functions-host 4.36 began to keep the records of one invocation in order */
};

typedef struct OpenCall {
    char *id;
    uint64_t number; /* of its Executing record */
} OpenCall;

struct Assembler {
    ReportSink sink;
    OpenReports open;        /* in the order in which they began */
    OpenReports spare;       /* memory of closed ones */
    VEC(OpenCall) calls;     /* invocations that are open, oldest first */
    uint64_t reports;        /* announced so far */
    uint64_t pieces;         /* profiler records so far */
    OpenReport *latest;      /* took the latest profiler record; NULL when it is closed */
    Knowledge knowledge;
    Matcher *matcher;
    Backlog backlog;       /* host records that wait for decisions of the matcher */
    int64_t now_ns;        /* when the latest profiler record was logged, if that is of use, else MOMENT_UNKNOWN */
    bool unordered;        /* the host may print the records of an invocation in any order, and late */
    Unordered *placer;     /* gives them to reports then; NULL before there was such a host */
};

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
    buffer_free(&o->report.instance);
    buffer_free(&o->report.text);
    vec_free(&o->report.rows);
    free(o);
}

/* A complete report shows every line of its function. */
static bool lacks_lines(const ParsedReport *r)
{
    return r->dense && r->rows.len && vec_last(&r->rows).row.line - r->rows.items[0].row.line + 1 != r->rows.len;
}

static void learn(void *ctx, OpenReport *o)
{
    Assembler *a = ctx;
    o->report.gap |= a->unordered && lacks_lines(&o->report);
    if (!o->learnt)
        knowledge_learn(&a->knowledge, &o->report);
    o->learnt = true;
}

static void close_report(Assembler *a, size_t index)
{
    OpenReport *o = a->open.items[index];
    vec_remove(&a->open, index);
    matcher_forget(a->matcher, index);
    if (a->latest == o)
        a->latest = NULL;
    if (a->placer)
        unordered_forget(a->placer, o);
    if (o->announced) {
        o->report.truncated |= o->report.rows.len == 0 || (can_show_its_end(o) && !o->report.ended);
        learn(a, o);
        a->sink.report_closed(a->sink.ctx, &o->report);
    }
    vec_push(&a->spare, o);
}

/* A report whose end record was given to it takes nothing more, whatever is undecided. */
static void close_ended(Assembler *a)
{
    for (size_t i = 0; i < a->open.len;) {
        if (a->open.items[i]->track.ended)
            close_report(a, i);
        else
            i++;
    }
}

static bool is_stale(const Assembler *a, const OpenReport *o)
{
    if (a->unordered && o->track.last_ns != MOMENT_UNKNOWN && a->now_ns > o->track.last_ns + LATE_NS)
        return true;
    bool has_owner = o->has_call || o->report.invocation.len;
    return a->pieces - o->last_piece > (has_owner ? IDLE_PIECES_MAX : LONE_PIECES_MAX);
}

static bool has_crowded(const Assembler *a)
{
    if (a->open.len >= OPEN_REPORTS_MAX)
        return true;
    for (size_t i = 0; i < a->open.len; i++)
        if (is_stale(a, a->open.items[i]))
            return true;
    return false;
}

/* Closes what cannot go on, so that the number of open reports stays small. */
static void close_crowded(Assembler *a)
{
    close_ended(a);
    if (!has_crowded(a))
        return;
    matcher_settle(a->matcher);
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
    o->report.instance = kept.instance;
    o->report.text = kept.text;
    o->report.rows.items = kept.rows.items;
    o->report.rows.cap = kept.rows.cap;
    buffer_clear(&o->report.text);
    return o;
}

static OpenReport *open_report(Assembler *a, const Record *record)
{
    OpenReport *o = spare_report(a);
    ParsedReport *r = &o->report;
    r->first_number = r->last_number = r->previous_number = record->number;
    r->offset = r->last_offset = record->offset;
    r->time = record_time(record);
    r->columns = record->profiler.columns;
    buffer_set(&r->file, record->profiler.piece == PROFILER_FILENAME ? record->profiler.file : (Span){0});
    buffer_set(&r->logger, record->profiler.logger);
    buffer_set(&r->invocation, record->invocation);
    buffer_set(&r->function, record->function);
    buffer_set(&r->instance, record->instance);
    o->file = hash_text(buffer_span(&r->file));
    o->track = TRACK_BEGIN;
    o->on_stdout = !record->profiler.logger.len && record->prefixed;
    o->has_call = a->calls.len > 0;
    vec_push(&a->open, o);
    return o;
}

/* Taking records. */

/* The oldest report of this channel that lacks its header; an entry row may have been given to it before. */
static OpenReport *without_header(Assembler *a, const Record *record)
{
    for (size_t i = 0; i < a->open.len; i++)
        if (!a->open.items[i]->has_header && same_channel(a->open.items[i], record))
            return a->open.items[i];
    return NULL;
}

/* Whether the report shows every line, as far as it has rows. */
static bool may_be_dense(const OpenReport *o)
{
    return !o->track.first_line || o->track.last_line - o->track.first_line + 1 == o->report.rows.len;
}

/*
 * The oldest one that has its header, and nothing behind it; else the oldest that may lack its rule, because rows were given to it
 * before it came.
 */
static OpenReport *without_rule(Assembler *a, const Record *record)
{
    OpenReport *found = NULL;
    for (size_t i = 0; i < a->open.len; i++) {
        OpenReport *o = a->open.items[i];
        if (!o->has_header || o->report.dense || !same_channel(o, record) || !may_be_dense(o))
            continue;
        if (!o->track.first_line)
            return o;
        if (!found)
            found = o;
    }
    return found;
}

/* The records of old hosts may be taken in another order than theirs. */
static void note_place(ParsedReport *r, const Record *record)
{
    uint64_t number = record->number;
    if (number < r->first_number) {
        r->first_number = number;
        r->offset = record->offset;
    }
    if (number < r->last_number && r->previous_number == r->last_number)
        r->previous_number = number;
    if (number >= r->last_number) {
        r->previous_number = r->last_number;
        r->last_number = number;
        r->last_offset = record->offset;
    } else if (number > r->previous_number) {
        r->previous_number = number;
    }
}

static void touch(Assembler *a, OpenReport *o, const Record *record)
{
    if (o->last_piece && o->last_piece + 1 != record->profiler.ordinal)
        o->report.interleaved = true;
    o->last_piece = record->profiler.ordinal;
    o->track.last_ns = record->profiler.time_ns;
    note_place(&o->report, record);
    o->probably_over = false;
    o->report.gap |= record->sampled;
    o->blank_seen = false;
    a->latest = o;
}

/* Records that name their invocation come in its order: a new report of it ends the one that has rows. */
static void close_previous(Assembler *a, const Record *record)
{
    if (!record->invocation.len)
        return;
    matcher_settle(a->matcher);
    for (size_t i = 0; i < a->open.len;) {
        OpenReport *o = a->open.items[i];
        if (o->track.first_line && same_channel(o, record))
            close_report(a, i);
        else
            i++;
    }
}

/*
 * One invocation writes its reports one after the other, and so does a program of its own. Where only one can be writing, a new
 * report means that all others are complete.
 */
static void close_predecessors(Assembler *a, const Record *record)
{
    close_previous(a, record);
    bool alone = (a->calls.len == 1 && !a->unordered) || (!a->calls.len && !record->prefixed);
    if (!alone || !a->open.len || record->invocation.len)
        return;
    matcher_settle(a->matcher);
    while (a->open.len)
        close_report(a, 0);
}

static void take_header(Assembler *a, const Record *record)
{
    OpenReport *o = without_header(a, record);
    if (!o) {
        close_previous(a, record);
        close_crowded(a);
        o = open_report(a, record);
        o->report.gap |= record->invocation.len > 0; /* its Filename is lost */
    }
    o->report.columns = record->profiler.columns;
    o->has_header = true;
    touch(a, o, record);
    announce(a, o);
}

static void take_rule(Assembler *a, const Record *record)
{
    OpenReport *o = without_rule(a, record);
    if (!o)
        return;
    o->report.dense = true;
    touch(a, o, record);
}

/* A new row of the report for that line. Rows stand by line number, also when they came in another order. */
static ParsedRow *insert_row(ParsedReport *r, uint32_t line)
{
    vec_reserve(&r->rows, 1);
    ParsedRow *row = &r->rows.items[r->rows.len++];
    for (; row > r->rows.items && row[-1].row.line > line; row--)
        *row = row[-1];
    return row;
}

/* One by one, because they were written a moment ago: see SPAN_FRESH(). */
static void copy_values(ProfilerRow *to, const ProfilerRow *row)
{
    to->line = row->line;
    to->measured = row->measured;
    to->memory = row->memory;
    to->increment = row->increment;
    to->occurrences = row->occurrences;
    to->decimals = row->decimals;
    to->contents = (Span){0};
}

static void add_row(OpenReport *o, const Record *piece)
{
    const ProfilerRow *row = &piece->profiler.row;
    ParsedReport *r = &o->report;
    ParsedRow *parsed = insert_row(r, row->line);
    copy_values(&parsed->row, row);
    parsed->text_at = r->text.len;
    parsed->text_len = row->contents.len;
    parsed->listed = 0;
    buffer_append_span(&r->text, row->contents);
    if (row->decimals > r->decimals)
        r->decimals = row->decimals;
    r->truncated |= piece->partial;
}

/* The same where rows come in order: a complete report shows every line. */
static void add_next_row(OpenReport *o, const Record *piece)
{
    o->report.gap |= o->report.dense && o->report.rows.len && piece->profiler.row.line > o->track.last_line + 1;
    add_row(o, piece);
}

static size_t index_of(const Assembler *a, const OpenReport *o)
{
    size_t i = 0;
    while (a->open.items[i] != o)
        i++;
    return i;
}

/* A row that no open report takes: its report's first records are lost. */
static OpenReport *open_headless(Assembler *a, const Record *piece)
{
    if (piece->profiler.piece == PROFILER_END || !piece->profiler.row.measured || a->open.len >= OPEN_REPORTS_MAX)
        return NULL; /* an unmeasured row is far more likely a user's own text */
    OpenReport *o = open_report(a, piece);
    o->report.gap = true;
    o->has_header = true;
    announce(a, o);
    return o;
}

/* Where all reports that wait for their first row are of one file, there is no doubt in which file a function begins. */
static bool beginning_is_certain(const Assembler *a, const OpenReport *o)
{
    for (size_t i = 0; i < a->open.len; i++)
        if (!a->open.items[i]->track.first_line && a->open.items[i]->file != o->file)
            return false;
    return true;
}

static void take_piece(void *ctx, size_t owner, const Record *piece)
{
    Assembler *a = ctx;
    OpenReport *o = owner == NO_OWNER ? open_headless(a, piece) : a->open.items[owner];
    if (!o)
        return;
    touch(a, o, piece);
    announce(a, o);
    o->report.doubtful |= piece->profiler.contested;
    o->report.guessed |= piece->profiler.guessed;
    if (!o->track.first_line && o->report.file.len && beginning_is_certain(a, o))
        knowledge_learn_beginning(&a->knowledge, o->file, piece->profiler.row.line);
    if (piece->profiler.piece == PROFILER_END)
        o->report.ended = true;
    else
        add_next_row(o, piece);
    track_advance(&o->track, piece);
}

/* A row, or the record behind the last one: which report it belongs to is the matcher's to say. */
static void match_piece(Assembler *a, const Record *record)
{
    matcher_piece(a->matcher, record);
}

static void take_filename(Assembler *a, const Record *record)
{
    close_predecessors(a, record);
    close_crowded(a);
    OpenReport *o = open_report(a, record);
    touch(a, o, record);
    if (record->profiler.logger.len)
        announce(a, o);
}

static void end_report(Assembler *a, OpenReport *o, uint64_t number)
{
    matcher_settle(a->matcher);
    o->report.ended = true;
    o->report.last_number = number;
    close_report(a, index_of(a, o));
}

/* Bare output has two empty lines behind a report; behind the rows of other writers there may be one each. */
static void take_blank(Assembler *a, const Record *record)
{
    OpenReport *o = a->latest;
    if (!o || record->prefixed || o->on_stdout || o->report.logger.len || !o->track.first_line)
        return;
    o->report.ended = true;
    if (o->blank_seen)
        end_report(a, o, record->number);
    else
        o->blank_seen = true;
}

/* Time tells reports apart that are written at once, if its stamps are finer than the time that a report takes. */
static int64_t fine_time(const Assembler *a, const Record *record)
{
    if (a->calls.len < 2 && a->open.len < 2 && !a->unordered)
        return MOMENT_UNKNOWN;
    Moment time = record_time(record);
    return time.digits >= FINE_DIGITS ? time.ns : MOMENT_UNKNOWN;
}

static void take_profiler(Assembler *a, Record *record)
{
    static void (*const take[])(Assembler *, const Record *) = {
        [PROFILER_FILENAME] = take_filename, [PROFILER_HEADER] = take_header, [PROFILER_RULE] = take_rule,
        [PROFILER_ROW] = match_piece,        [PROFILER_END] = match_piece,
    };
    record->profiler.ordinal = ++a->pieces;
    record->profiler.contested = record->profiler.guessed = false;
    record->profiler.time_ns = fine_time(a, record);
    if (a->unordered) {
        unordered_record(a->placer, record);
        return;
    }
    a->now_ns = record->profiler.time_ns;
    take[record->profiler.piece](a, record);
}

/* Invocations. */

static void call_remove(Assembler *a, size_t index)
{
    free(a->calls.items[index].id);
    vec_remove(&a->calls, index);
}

/* Closes the reports whose last possible owner has ended; those on standard output may still get rows that come late. */
static void close_ownerless(Assembler *a)
{
    uint64_t oldest = a->calls.len ? a->calls.items[0].number : UINT64_MAX;
    for (size_t i = 0; i < a->open.len;) {
        OpenReport *o = a->open.items[i];
        if (!o->has_call || o->report.invocation.len || oldest < o->report.first_number) {
            i++;
        } else if ((o->on_stdout || a->unordered) && !o->expired) {
            o->expired = true;
            i++;
        } else {
            close_report(a, i);
        }
    }
}

static void call_begins(Assembler *a, const Record *record)
{
    if (!a->calls.len)
        matcher_settle(a->matcher);
    close_ended(a);
    if (!matcher_is_undecided(a->matcher))
        close_ownerless(a);
    if (a->calls.len == OPEN_CALLS_MAX)
        call_remove(a, 0);
    vec_push(&a->calls, (OpenCall){alloc_text(record->host.id.ptr, record->host.id.len), record->number});
}

/* Closes the reports whose invocation turned out to be one that has ended. */
static void close_owned(Assembler *a)
{
    bool closed = false;
    for (size_t i = 0; i < a->open.len;) {
        OpenReport *o = a->open.items[i];
        ReportProspect prospect = REPORT_GOES_ON;
        if (o->announced && !o->on_stdout && !a->unordered)
            prospect = a->sink.prospect(a->sink.ctx, &o->report);
        o->probably_over = prospect == REPORT_PROBABLY_OVER;
        if (prospect == REPORT_OVER) {
            close_report(a, i);
            closed = true;
        } else {
            i++;
        }
    }
    for (size_t i = 0; closed && i < a->open.len; i++)
        a->open.items[i]->report.doubtful = true; /* had it gone on, a row of it would go to one of these */
}

static uint64_t call_number(const Assembler *a, Span id)
{
    for (size_t i = 0; i < a->calls.len; i++)
        if (span_eq(span_of(a->calls.items[i].id), id))
            return a->calls.items[i].number;
    return UINT64_MAX;
}

/*
 * The report of an invocation that has ended has its rows: that may tell whose the undecided ones are. Returns whether it may be
 * one of those that are open.
 */
static bool weigh_end(Assembler *a, const Record *record)
{
    bool expected[OPEN_REPORTS_MAX];
    size_t count = 0;
    if (record->host.failed || !matcher_is_undecided(a->matcher))
        return false;
    uint64_t began = call_number(a, record->host.id);
    for (size_t i = 0; i < a->open.len; i++) {
        const ParsedReport *r = &a->open.items[i]->report;
        expected[i] = !r->dense && r->first_number > began && a->sink.prints(a->sink.ctx, record->host.function, r);
        count += expected[i];
    }
    if (count)
        matcher_expect_rows(a->matcher, expected);
    for (size_t i = 0; count == 1 && i < a->open.len; i++)
        a->open.items[i]->probably_over |= expected[i];
    return count > 0;
}

static void call_ends(Assembler *a, const Record *record)
{
    matcher_settle(a->matcher);
    close_ended(a);
    for (size_t i = 0; i < a->calls.len; i++) {
        if (span_eq(span_of(a->calls.items[i].id), record->host.id)) {
            call_remove(a, i);
            break;
        }
    }
    a->sink.record(a->sink.ctx, record);
    close_owned(a);
    close_ownerless(a);
}

static void close_all(Assembler *a)
{
    matcher_settle(a->matcher);
    while (a->open.len)
        close_report(a, 0);
    while (a->calls.len)
        call_remove(a, a->calls.len - 1);
}

/* The host dropped lines: whose they were is not known, so every open report may lack some. */
static void mark_gaps(Assembler *a)
{
    for (size_t i = 0; i < a->open.len; i++)
        a->open.items[i]->report.gap = true;
}

/* Old hosts, where another part has found out which piece belongs to which report. */

static OpenReport *begin_unordered(void *ctx, const Record *first)
{
    Assembler *a = ctx;
    bool whole = first->profiler.piece == PROFILER_FILENAME;
    a->now_ns = first->profiler.time_ns;
    close_crowded(a);
    OpenReport *o = open_report(a, first);
    o->report.gap = o->has_header = !whole;
    if (!whole || first->profiler.logger.len)
        announce(a, o);
    return o;
}

/* A heading says nothing about when the report's rows were written. */
static void take_unordered_heading(OpenReport *o, const Record *piece)
{
    o->last_piece += o->last_piece + 1 == piece->profiler.ordinal;
    if (piece->profiler.piece == PROFILER_RULE) {
        o->report.dense = true;
        return;
    }
    o->has_header = true;
    o->report.columns = piece->profiler.columns;
}

static void take_unordered(void *ctx, OpenReport *o, const Record *piece)
{
    Assembler *a = ctx;
    a->now_ns = piece->profiler.time_ns;
    switch (piece->profiler.piece) {
    case PROFILER_HEADER:
    case PROFILER_RULE:
        take_unordered_heading(o, piece);
        break;
    case PROFILER_END:
        o->report.ended = true;
        break;
    case PROFILER_FILENAME:
        touch(a, o, piece);
        break;
    case PROFILER_ROW:
        touch(a, o, piece);
        announce(a, o);
        o->report.doubtful |= piece->profiler.contested && piece->profiler.row.measured; /* others are alike in all reports */
        add_row(o, piece);
        track_advance(&o->track, piece);
        o->track.first_line = o->report.rows.items[0].row.line;
        break;
    }
}

static bool prints_unordered(void *ctx, Span function, const ParsedReport *report)
{
    const Assembler *a = ctx;
    return a->sink.prints(a->sink.ctx, function, report);
}

static void take_record(void *ctx, const Record *record);

static void set_order(Assembler *a, bool unordered)
{
    if (a->unordered != unordered)
        close_all(a); /* a banner is that of a new host: nothing goes on, and what one way began the other does not know */
    a->unordered = unordered;
    UnorderedSink sink = {a, take_record, begin_unordered, take_unordered, learn, prints_unordered};
    if (unordered && !a->placer)
        a->placer = unordered_new(&a->knowledge, sink);
}

static void take_record(void *ctx, const Record *record)
{
    Assembler *a = ctx;
    switch (record->kind) {
    case RECORD_BLANK:
        take_blank(a, record);
        return;
    case RECORD_CUT:
        matcher_settle(a->matcher);
        if (a->latest)
            a->latest->report.truncated = true;
        return;
    case RECORD_TEXT:
        return;
    case RECORD_EXECUTING:
        call_begins(a, record);
        break;
    case RECORD_EXECUTED:
        call_ends(a, record);
        return;
    case RECORD_WORKER_STARTED:
    case RECORD_WORKER_EXITED:
        if (!record->instance.len) /* else other workers go on, and ids tell what is whose */
            close_all(a);
        break;
    case RECORD_HOST_VERSION:
        matcher_settle(a->matcher);
        set_order(a, record->host.major < 4 || (record->host.major == 4 && record->host.minor < ORDERED_HOST_MINOR));
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
    bool closes = record->kind == RECORD_EXECUTED && weigh_end(a, record);
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

/* Rows that come as an earlier report showed them. */

bool assembler_has_sole_taker(const Assembler *a)
{
    const OpenReport *o = a->latest;
    return o && a->open.len == 1 && o->last_piece == a->pieces && o->track.first_line && !o->track.ended && o->report.logger.len &&
           !o->report.invocation.len && !o->report.function.len && !a->unordered && !a->backlog.records.len &&
           !matcher_is_undecided(a->matcher);
}

bool assembler_expect_rows(Assembler *a, RowRun *run)
{
    OpenReport *o = a->latest;
    run->listings = &a->knowledge.listings;
    run->listing = listings_find(run->listings, o->file, o->track.first_line);
    run->report = &o->report;
    run->logger = buffer_span(&o->report.logger);
    return run->listing != NULL;
}

void assembler_took_rows(Assembler *a, size_t rows, Record *last, uint64_t last_but_one)
{
    OpenReport *o = a->latest;
    const ParsedRow *row = &vec_last(&o->report.rows), *first = row + 1 - rows;
    a->pieces += rows;
    last->profiler.ordinal = a->pieces;
    last->profiler.time_ns = a->now_ns = fine_time(a, last);
    if (last_but_one)
        note_place(&o->report, &(Record){.number = last_but_one});
    o->last_piece = a->pieces - 1;
    touch(a, o, last);
    track_pass_row(&o->track, &row->row);
    while (row > first && !row->row.measured)
        row--;
    track_pass_row(&o->track, &row->row);
    matcher_passed_by(a->matcher, 0);
}

void assembler_hurry(Assembler *a)
{
    read_backlog(a);
    if (a->placer)
        unordered_settle(a->placer);
}

void assembler_settle(Assembler *a)
{
    read_backlog(a);
    matcher_settle(a->matcher);
    if (a->placer)
        unordered_settle(a->placer);
    close_ended(a);
    for (size_t i = 0; i < a->open.len;) {
        OpenReport *o = a->open.items[i];
        if (o->track.first_line && (!can_show_its_end(o) || o->report.ended))
            close_report(a, i);
        else
            i++;
    }
}

Assembler *assembler_new(ReportSink sink)
{
    Assembler *a = alloc_zeroed(1, sizeof *a);
    a->sink = sink;
    a->matcher = matcher_new(&a->open, &a->knowledge, take_piece, a);
    return a;
}

void assembler_finish(Assembler *a)
{
    read_backlog(a);
    if (a->placer)
        unordered_settle(a->placer);
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
    unordered_free(a->placer);
    backlog_free(&a->backlog);
    knowledge_free(&a->knowledge);
    matcher_free(a->matcher);
    free(a);
}
