#include "ui/log_row.h"

#include <inttypes.h>

#include "model/log_place.h"
#include "model/report.h"
#include "ui/clipboard.h"

/* 'File "/app/x.py", line 12', as Python writes it where something failed. */
static bool traceback_place(Span text, Span *file, uint32_t *number)
{
    ptrdiff_t at = span_find(text, SPAN("File \""));
    Span rest = at < 0 ? SPAN("") : span_from(text, (size_t)at + strlen("File \""));
    ptrdiff_t end = span_find(rest, SPAN("\", line "));
    if (end <= 0)
        return false;
    *file = span_to(rest, (size_t)end);
    rest = span_from(rest, (size_t)end + strlen("\", line "));
    size_t digits = 0;
    uint64_t value = 0;
    while (digits < rest.len && rest.ptr[digits] >= '0' && rest.ptr[digits] <= '9')
        digits++;
    if (!span_to_uint(span_to(rest, digits), &value) || value > UINT32_MAX)
        return false;
    *number = (uint32_t)value;
    return true;
}

static bool report_place(LogPlaces *places, const Model *m, Id source, const LogLine *line, Span *file, uint32_t *number)
{
    uint32_t row;
    Id id = log_report_at(places, m, source, line->begin, line->end, line->text, &row);
    if (id == NO_ID)
        return false;
    const Report *r = &m->reports.items[id];
    const Target *target = &m->targets.items[r->target];
    *file = model_text(m, target->file);
    *number = row == NO_ID ? target->first_line : report_row(m, r, row).line;
    return file->len > 0;
}

void log_row_edit(Ui *ui, LogPlaces *places, Id source, const LogLine *line)
{
    const UiHost *host = ui_host(ui);
    Span file;
    uint32_t number;
    bool found = traceback_place(line->text, &file, &number) || report_place(places, ui_model(ui), source, line, &file, &number);
    if (found && host->edit)
        host->edit(host->ctx, file, number);
    else
        ui_message(ui, false, "This line shows no source: it belongs to no report that is complete, and to no traceback.");
}

void log_row_copy(Ui *ui, const LogLine *line)
{
    Buffer text = {0};
    buffer_append_span(&text, line->text);
    clipboard_copy(ui, &text, "The line was");
    buffer_free(&text);
}

/* What a line is. */

static void append_invocation(const Model *m, Id id, Buffer *out)
{
    const Invocation *call = &m->invocations.items[id];
    char guid[GUID_TEXT];
    buffer_append_span(out, SPAN("invocation "));
    buffer_append_span(out, invocation_id(m, call, guid));
    if (call->function != NO_ID) {
        buffer_append_span(out, SPAN(" of "));
        buffer_append_span(out, model_text(m, m->functions.items[call->function].name));
    }
}

static void append_report(const Model *m, Id id, uint32_t row, Buffer *out)
{
    const Report *r = &m->reports.items[id];
    Scope scope = SCOPE_ALL;
    scope.report = id;
    if (row == NO_ID)
        buffer_append_span(out, SPAN("The profiler's: it belongs to the report of "));
    else
        buffer_printf(out, "The profiler's: line %" PRIu32 " of the source, in the report of ", report_row(m, r, row).line);
    scope_label(m, TABLE_REPORT, scope, out);
    if (r->invocation != NO_ID) {
        buffer_append_span(out, SPAN(", of "));
        append_invocation(m, r->invocation, out);
    }
    buffer_append_span(out, SPAN(". Enter opens the report, e the source."));
}

void log_row_explain(Ui *ui, LogPlaces *places, Id source, const LogLine *line, UiLineKind kind)
{
    const Model *m = ui_model(ui);
    Buffer text = {0};
    uint32_t row;
    bool edge = kind == UI_LINE_BEGIN || kind == UI_LINE_END;
    Id invocation = edge ? log_invocation_at(m, source, line->text) : NO_ID;
    Id report = edge ? NO_ID : log_report_at(places, m, source, line->begin, line->end, line->text, &row);
    if (invocation != NO_ID) {
        buffer_append_span(&text, kind == UI_LINE_BEGIN ? SPAN("The beginning of ") : SPAN("The end of "));
        append_invocation(m, invocation, &text);
        buffer_append_span(&text, SPAN(". Enter opens what was measured in it."));
    } else if (report != NO_ID) {
        append_report(m, report, row, &text);
    } else if (kind == UI_LINE_PROFILER) {
        buffer_append_span(&text, SPAN("The profiler's, of a report that is not complete."));
    } else {
        buffer_append_span(
            &text,
            SPAN("Neither the profiler's nor the beginning or the end of an invocation: these are marked at the left edge."));
    }
    if (line->text.len) {
        buffer_append_span(&text, SPAN("\n\n"));
        buffer_append_span(&text, line->text);
    }
    ui_push(ui, note_view_new(ui, text));
}
