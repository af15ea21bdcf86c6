#include "parsers/assembler_private.h"

enum {
    IDLE_PIECES_MAX = 20000, /* a report that took none of so many profiler records is over */
    LONE_PIECES_MAX = 64,    /* the same for a report that no known invocation can own ... */
    LONE_DENSE_MAX = 512,    /* ... and which is to show its end */
    LATE_NS = 1000000000,    /* rows of old hosts come hardly later than that */
};

static void buffer_set(Buffer *b, Span s)
{
    buffer_clear(b);
    buffer_append_span(b, s);
}

void assembler_announce(Assembler *a, OpenReport *o)
{
    if (o->announced)
        return;
    o->announced = true;
    o->report.id = ++a->reports;
    a->sink.report_opened(a->sink.ctx, &o->report);
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

OpenReport *assembler_open(Assembler *a, const Record *record)
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

/* Closing. */

static bool can_show_its_end(const OpenReport *o)
{
    return o->report.dense && !o->on_stdout;
}

/* A complete report shows every line of its function. */
static bool lacks_lines(const ParsedReport *r)
{
    return r->dense && r->rows.len && vec_last(&r->rows).row.line - r->rows.items[0].row.line + 1 != r->rows.len;
}

void assembler_learn(Assembler *a, OpenReport *o)
{
    o->report.gap |= a->unordered && lacks_lines(&o->report);
    if (!o->learnt)
        knowledge_learn(&a->knowledge, &o->report);
    o->learnt = true;
}

void assembler_close(Assembler *a, size_t index)
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
        assembler_learn(a, o);
        a->sink.report_closed(a->sink.ctx, &o->report);
    }
    vec_push(&a->spare, o);
}

void assembler_close_ended(Assembler *a)
{
    for (size_t i = 0; i < a->open.len;) {
        if (a->open.items[i]->track.ended)
            assembler_close(a, i);
        else
            i++;
    }
}

bool assembler_is_stale(const Assembler *a, const OpenReport *o)
{
    if (a->unordered && o->track.last_ns != MOMENT_UNKNOWN && a->now_ns > o->track.last_ns + LATE_NS)
        return true;
    uint64_t silence = a->pieces - o->last_piece;
    if ((o->has_call && !o->expired) || o->report.invocation.len)
        return silence > IDLE_PIECES_MAX;
    return silence > (can_show_its_end(o) && !o->report.ended ? LONE_DENSE_MAX : LONE_PIECES_MAX);
}

static bool has_crowded(const Assembler *a)
{
    if (a->open.len >= OPEN_REPORTS_MAX)
        return true;
    for (size_t i = 0; i < a->open.len; i++)
        if (assembler_is_stale(a, a->open.items[i]))
            return true;
    return false;
}

void assembler_close_crowded(Assembler *a)
{
    assembler_close_ended(a);
    if (!has_crowded(a))
        return;
    matcher_settle(a->matcher);
    for (size_t i = 0; i < a->open.len;) {
        if (assembler_is_stale(a, a->open.items[i]))
            assembler_close(a, i);
        else
            i++;
    }
    while (a->open.len >= OPEN_REPORTS_MAX) {
        size_t oldest = 0;
        for (size_t i = 1; i < a->open.len; i++)
            if (a->open.items[i]->last_piece < a->open.items[oldest]->last_piece)
                oldest = i;
        assembler_close(a, oldest);
    }
}

void assembler_close_previous(Assembler *a, const Record *record)
{
    if (!record->invocation.len)
        return;
    matcher_settle(a->matcher);
    for (size_t i = 0; i < a->open.len;) {
        OpenReport *o = a->open.items[i];
        if (o->track.first_line && same_channel(o, record))
            assembler_close(a, i);
        else
            i++;
    }
}

void assembler_close_predecessors(Assembler *a, const Record *record)
{
    assembler_close_previous(a, record);
    bool alone = (a->calls.len == 1 && !a->unordered) || (!a->calls.len && !record->prefixed);
    if (alone && a->open.len && !record->invocation.len)
        assembler_close_all(a);
}

void assembler_close_silent(Assembler *a)
{
    assembler_close_ended(a);
    for (size_t i = 0; i < a->open.len;) {
        OpenReport *o = a->open.items[i];
        if (o->track.first_line && (!can_show_its_end(o) || o->report.ended))
            assembler_close(a, i);
        else
            i++;
    }
}

void assembler_close_all(Assembler *a)
{
    matcher_settle(a->matcher);
    while (a->open.len)
        assembler_close(a, 0);
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

static void reports_free(OpenReports *reports)
{
    for (size_t i = 0; i < reports->len; i++)
        report_free(reports->items[i]);
    vec_free(reports);
}

void assembler_free_reports(Assembler *a)
{
    reports_free(&a->open);
    reports_free(&a->spare);
}
