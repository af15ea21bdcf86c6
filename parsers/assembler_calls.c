#include <stdlib.h>

#include "parsers/assembler_private.h"

enum { OPEN_CALLS_MAX = 4096 }; /* beyond it the oldest is forgotten */

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
        } else if ((o->on_stdout && !o->expired) || (a->unordered && !assembler_is_stale(a, o))) {
            o->expired = true;
            i++;
        } else {
            assembler_close(a, i);
        }
    }
}

void assembler_begin_call(Assembler *a, const Record *record)
{
    if (!a->calls.len)
        matcher_settle(a->matcher);
    assembler_close_ended(a);
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
            assembler_close(a, i);
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

bool assembler_weigh_end(Assembler *a, const Record *record)
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

void assembler_end_call(Assembler *a, const Record *record)
{
    matcher_settle(a->matcher);
    assembler_close_ended(a);
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

void assembler_forget_calls(Assembler *a)
{
    while (a->calls.len)
        call_remove(a, a->calls.len - 1);
}
