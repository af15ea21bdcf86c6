#include <inttypes.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "model/report.h"
#include "src/export.h"
#include "src/export_parts.h"

static const char schema[] = "funcmem/1";

/* Values. */

static void print_escaped(Writer *w, uint32_t code, Span bytes)
{
    switch (code) {
    case '"':
        writer_text(w, "\\\"");
        break;
    case '\\':
        writer_text(w, "\\\\");
        break;
    case '\n':
        writer_text(w, "\\n");
        break;
    case '\r':
        writer_text(w, "\\r");
        break;
    case '\t':
        writer_text(w, "\\t");
        break;
    default:
        if (code < 0x20 || code == 0x7f)
            writer_printf(w, "\\u%04" PRIx32, code);
        else
            writer_span(w, bytes);
    }
}

static bool is_plain(char c)
{
    return c >= 0x20 && c != '"' && c != '\\' && c != 0x7f;
}

void export_json_string(Writer *w, Span s)
{
    writer_text(w, "\"");
    while (s.len) {
        size_t plain = 0;
        while (plain < s.len && is_plain(s.ptr[plain]))
            plain++;
        writer_bytes(w, s.ptr, plain);
        s = span_from(s, plain);
        if (!s.len)
            break;
        uint32_t code;
        size_t len = utf8_next(s, &code);
        if (len)
            print_escaped(w, code, span_to(s, len));
        else
            writer_text(w, "\xef\xbf\xbd");
        s = span_from(s, len ? len : utf8_skip_invalid(s));
    }
    writer_text(w, "\"");
}

/* An empty text is null: the model has no other word for "unknown". */
static void print_string_or_null(Writer *w, Span s)
{
    if (s.len)
        export_json_string(w, s);
    else
        writer_text(w, "null");
}

static void print_mib(Writer *w, Mib value, unsigned decimals)
{
    char text[MIB_TEXT_MAX];
    if (value == MIB_NONE)
        writer_text(w, "null");
    else
        writer_bytes(w, text, mib_format(text, value, decimals));
}

static void print_time(Writer *w, Moment time)
{
    char text[MOMENT_TEXT_MAX];
    if (moment_known(time))
        writer_printf(w, "\"%.*s\"", (int)moment_format(text, time), text);
    else
        writer_text(w, "null");
}

static void print_number_or_null(Writer *w, int64_t value)
{
    if (value < 0)
        writer_text(w, "null");
    else
        writer_printf(w, "%" PRId64, value);
}

/* A member's name; every member but an object's first has a comma before it. */
static void member(Writer *w, const char *name)
{
    writer_printf(w, ", \"%s\": ", name);
}

static void print_function(Writer *w, const Model *m, Id function)
{
    if (function == NO_ID)
        writer_text(w, "null");
    else
        print_string_or_null(w, model_text(m, m->functions.items[function].name));
}

/* Objects. */

static void print_source(Writer *w, const Model *m, const LogSource *s)
{
    writer_text(w, "{\"name\": ");
    export_json_string(w, model_text(m, s->name));
    member(w, "format");
    print_string_or_null(w, span_of(s->format));
    writer_printf(w, ", \"bytes\": %" PRIu64 ", \"lines\": %" PRIu64 ", \"damaged\": %" PRIu64 "}", s->bytes, s->lines, s->damaged);
}

static void print_process(Writer *w, const Model *m, Id process)
{
    const Process *p = &m->processes.items[process];
    writer_printf(w, ", \"source\": %" PRIu32 ", \"process\": %" PRIu32, p->source, p->number);
}

static void print_id(Writer *w, const Model *m, const Invocation *call)
{
    char guid[GUID_TEXT];
    export_json_string(w, invocation_id(m, call, guid));
}

static void print_call_times(Writer *w, const Model *m, const Invocation *call)
{
    member(w, "started");
    print_time(w, invocation_started(m, call));
    member(w, "ended");
    print_time(w, invocation_ended(m, call));
    member(w, "duration_ms");
    print_number_or_null(w, invocation_duration_ms(m, call));
    writer_printf(w, ", \"outcome\": \"%s\"", outcome_name(call->outcome));
}

static void print_invocation(Writer *w, const Model *m, const Invocation *call, const uint64_t *numbers)
{
    writer_text(w, "{\"id\": ");
    print_id(w, m, call);
    print_process(w, m, invocation_process(m, call));
    member(w, "function");
    print_function(w, m, call->function);
    member(w, "reason");
    print_string_or_null(w, invocation_reason(m, call));
    print_call_times(w, m, call);
    member(w, "error");
    print_string_or_null(w, invocation_error(m, call));
    writer_text(w, ", \"reports\": [");
    const char *comma = "";
    for (Id i = call->first_report; i != NO_ID; i = m->reports.items[i].next_of_invocation) {
        if (!numbers[i])
            continue;
        writer_printf(w, "%s%" PRIu64, comma, numbers[i]);
        comma = ", ";
    }
    writer_text(w, "]}");
}

static void print_row(Writer *w, const Report *r, const ReportRow *row)
{
    writer_printf(w, "{\"line\": %" PRIu32 ", \"mem_mib\": ", row->line);
    print_mib(w, row->memory, r->decimals);
    member(w, "increment_mib");
    print_mib(w, row->increment, r->decimals);
    member(w, "occurrences");
    print_number_or_null(w, row->occurrences);
    writer_text(w, row->entry ? ", \"baseline\": true" : ", \"baseline\": false");
    if (row->suspect)
        writer_text(w, ", \"suspect\": true");
    member(w, "contents");
    export_json_string(w, row->contents);
    writer_text(w, "}");
}

static void print_rows(Writer *w, const Model *m, const Report *r, const char *separator)
{
    for (uint32_t i = 0; i < report_kept_rows(r); i++) {
        ReportRow row = report_row(m, r, i);
        writer_text(w, i ? "," : "");
        writer_text(w, separator);
        print_row(w, r, &row);
    }
}

static void print_flags(Writer *w, unsigned flags)
{
    const char *comma = "";
    writer_text(w, "[");
    for (unsigned bit = 0; bit < FLAG_COUNT; bit++) {
        if (!(flags & 1u << bit))
            continue;
        writer_printf(w, "%s\"%s\"", comma, report_flag_name(bit));
        comma = ", ";
    }
    writer_text(w, "]");
}

static void print_call_id(Writer *w, const Model *m, const Report *r)
{
    if (r->invocation == NO_ID)
        writer_text(w, "null");
    else
        print_id(w, m, &m->invocations.items[r->invocation]);
}

/* For NDJSON, whose lines stand alone. */
static void print_call_object(Writer *w, const Model *m, const Report *r)
{
    if (r->invocation == NO_ID) {
        writer_text(w, "null");
        return;
    }
    const Invocation *call = &m->invocations.items[r->invocation];
    writer_text(w, "{\"id\": ");
    print_id(w, m, call);
    member(w, "function");
    print_function(w, m, call->function);
    print_call_times(w, m, call);
    writer_text(w, "}");
}

typedef struct ReportStyle {
    void (*invocation)(Writer *w, const Model *m, const Report *r);
    const char *row_separator;
    const char *end;
} ReportStyle;

/* All members of a report behind its id. */
static void print_report(Writer *w, const Model *m, const Report *r, const ReportStyle *style)
{
    const Target *target = &m->targets.items[r->target];
    print_process(w, m, report_process(m, r));
    member(w, "invocation");
    style->invocation(w, m, r);
    writer_printf(w, ", \"attribution\": \"%s\"", attribution_name(r->attribution));
    member(w, "function");
    print_function(w, m, report_function(m, r));
    member(w, "file");
    print_string_or_null(w, model_text(m, target->file));
    member(w, "name");
    print_string_or_null(w, model_text(m, target->name));
    member(w, "first_line");
    print_number_or_null(w, r->rows ? (int64_t)target->first_line : -1);
    member(w, "time");
    print_time(w, report_time(m, r));
    member(w, "flags");
    print_flags(w, report_flags(m, r));
    member(w, "baseline_mib");
    print_mib(w, report_baseline(m, r), r->decimals);
    member(w, "peak_mib");
    print_mib(w, report_peak(m, r), r->decimals);
    if (r->summarised)
        writer_text(w, ", \"summarised\": true");
    member(w, "lines");
    writer_text(w, "[");
    print_rows(w, m, r, style->row_separator);
    writer_text(w, style->end);
}

/* Documents. */

static void print_sources(Writer *w, const Model *m)
{
    writer_text(w, "  \"sources\": [");
    for (size_t i = 0; i < m->sources.len; i++) {
        writer_text(w, i ? ",\n    " : "\n    ");
        print_source(w, m, &m->sources.items[i]);
    }
    writer_text(w, "\n  ],\n");
}

static void print_invocations(Writer *w, const Model *m, const Selection *selection, const uint64_t *numbers)
{
    const char *separator = "\n    ";
    writer_text(w, "  \"invocations\": [");
    for (Id i = 0; i < m->invocations.len; i++) {
        if (!selection_has_invocation(selection, m, i))
            continue;
        writer_text(w, separator);
        print_invocation(w, m, &m->invocations.items[i], numbers);
        separator = ",\n    ";
    }
    writer_text(w, "\n  ],\n");
}

void export_json(Writer *w, const Model *m, const ExportOptions *options)
{
    static const ReportStyle style = {print_call_id, "\n      ", "\n    ]}"};
    size_t count;
    Id *order = export_order(m, options->selection, &count);
    uint64_t *numbers = alloc_zeroed(m->reports.len, sizeof *numbers);
    for (size_t i = 0; i < count; i++)
        numbers[order[i]] = i + 1;
    writer_printf(w, "{\n  \"schema\": \"%s\",\n", schema);
    print_sources(w, m);
    print_invocations(w, m, options->selection, numbers);
    writer_text(w, "  \"reports\": [");
    for (size_t i = 0; i < count; i++) {
        writer_printf(w, "%s\n    {\"id\": %zu", i ? "," : "", i + 1);
        print_report(w, m, &m->reports.items[order[i]], &style);
    }
    writer_text(w, "\n  ]\n}\n");
    free(order);
    free(numbers);
}

void export_ndjson_report(Writer *w, const Model *m, Id report, uint64_t number)
{
    static const ReportStyle style = {print_call_object, "", "]}\n"};
    writer_printf(w, "{\"schema\": \"%s\", \"id\": %" PRIu64, schema, number);
    print_report(w, m, &m->reports.items[report], &style);
}

void export_ndjson(Writer *w, const Model *m, const ExportOptions *options)
{
    size_t count;
    Id *order = export_order(m, options->selection, &count);
    for (size_t i = 0; i < count; i++)
        export_ndjson_report(w, m, order[i], i + 1);
    free(order);
}
