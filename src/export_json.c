#include <stdlib.h>

#include "model/report.h"
#include "src/export.h"
#include "src/export_quoting.h"

#define SCHEMA "\"schema\": \"funcmem/1\""

/* What stands before a member's value; an object's first has no comma. */
#define FIRST(name) "{\"" name "\": "
#define MEMBER(name) ", \"" name "\": "

/* Values. */

/* An empty text is null: the model has no other word for "unknown". */
static void print_string_or_null(Writer *w, Span s)
{
    if (s.len)
        export_quoted(w, &export_json_string, s);
    else
        writer_text(w, "null");
}

static char *put_mib(char *at, Mib value, unsigned decimals)
{
    return value == MIB_NONE ? put_span(at, SPAN("null")) : at + mib_format(at, value, decimals);
}

static void print_mib(Writer *w, Mib value, unsigned decimals)
{
    writer_filled(w, put_mib(writer_room(w, MIB_TEXT_MAX), value, decimals));
}

static void print_time(Writer *w, Moment time)
{
    char *at = writer_room(w, MOMENT_TEXT_MAX + 2);
    if (moment_known(time)) {
        at = put_byte(at, '"');
        at = put_byte(at + moment_format(at, time), '"');
    } else {
        at = put_span(at, SPAN("null"));
    }
    writer_filled(w, at);
}

static char *put_number_or_null(char *at, int64_t value)
{
    return value < 0 ? put_span(at, SPAN("null")) : put_uint(at, (uint64_t)value);
}

static void print_number_or_null(Writer *w, int64_t value)
{
    writer_filled(w, put_number_or_null(writer_room(w, PUT_NUMBER_MAX), value));
}

/* A word that needs no escape. */
static void print_word(Writer *w, const char *word)
{
    writer_text(w, "\"");
    writer_text(w, word);
    writer_text(w, "\"");
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
    writer_text(w, FIRST("name"));
    export_quoted(w, &export_json_string, model_text(m, s->name));
    writer_text(w, MEMBER("format"));
    print_string_or_null(w, span_of(s->format));
    writer_text(w, MEMBER("bytes"));
    writer_uint(w, s->bytes);
    writer_text(w, MEMBER("lines"));
    writer_uint(w, s->lines);
    writer_text(w, MEMBER("damaged"));
    writer_uint(w, s->damaged);
    writer_text(w, "}");
}

static void print_process(Writer *w, const Model *m, Id process)
{
    const Process *p = &m->processes.items[process];
    writer_text(w, MEMBER("source"));
    writer_uint(w, p->source);
    writer_text(w, MEMBER("process"));
    writer_uint(w, p->number);
}

static void print_id(Writer *w, const Model *m, const Invocation *call)
{
    char guid[GUID_TEXT];
    export_quoted(w, &export_json_string, invocation_id(m, call, guid));
}

static void print_call_times(Writer *w, const Model *m, const Invocation *call)
{
    writer_text(w, MEMBER("started"));
    print_time(w, invocation_started(m, call));
    writer_text(w, MEMBER("ended"));
    print_time(w, invocation_ended(m, call));
    writer_text(w, MEMBER("duration_ms"));
    print_number_or_null(w, invocation_duration_ms(m, call));
    writer_text(w, MEMBER("outcome"));
    print_word(w, outcome_name(call->outcome));
}

static void print_invocation(Writer *w, const Model *m, const Invocation *call, const uint32_t *numbers)
{
    writer_text(w, FIRST("id"));
    print_id(w, m, call);
    print_process(w, m, invocation_process(m, call));
    writer_text(w, MEMBER("function"));
    print_function(w, m, call->function);
    writer_text(w, MEMBER("reason"));
    print_string_or_null(w, invocation_reason(m, call));
    print_call_times(w, m, call);
    writer_text(w, MEMBER("error"));
    print_string_or_null(w, invocation_error(m, call));
    writer_text(w, MEMBER("reports") "[");
    const char *comma = "";
    for (Id i = call->first_report; i != NO_ID; i = m->reports.items[i].next_of_invocation) {
        if (!numbers[i])
            continue;
        writer_text(w, comma);
        writer_uint(w, numbers[i]);
        comma = ", ";
    }
    writer_text(w, "]}");
}

/* All of a row but the text of its contents is shorter. */
enum { ROW_ROOM = 256 };

static char *put_row(char *at, const ReportRow *row, unsigned decimals)
{
    at = put_span(at, SPAN(FIRST("line")));
    at = put_uint(at, row->line);
    at = put_span(at, SPAN(MEMBER("mem_mib")));
    at = put_mib(at, row->memory, decimals);
    at = put_span(at, SPAN(MEMBER("increment_mib")));
    at = put_mib(at, row->increment, decimals);
    at = put_span(at, SPAN(MEMBER("occurrences")));
    at = put_number_or_null(at, row->occurrences);
    at = put_span(at, row->entry ? SPAN(MEMBER("baseline") "true") : SPAN(MEMBER("baseline") "false"));
    if (row->suspect)
        at = put_span(at, SPAN(MEMBER("suspect") "true"));
    at = put_span(at, SPAN(MEMBER("contents")));
    at = export_json_string.put(at, row->contents);
    return put_byte(at, '}');
}

static void print_rows(Writer *w, const Model *m, const Report *r, Span separator)
{
    ReportRows rows = report_rows(m, r);
    for (uint32_t i = 0; i < rows.count; i++) {
        ReportRow row = report_rows_at(m, &rows, i);
        char *at = writer_room(w, ROW_ROOM + export_quoted_room(&export_json_string, row.contents.len));
        at = put_span(at, i ? SPAN(",") : SPAN(""));
        at = put_span(at, separator);
        writer_filled(w, put_row(at, &row, rows.decimals));
    }
}

static void print_flags(Writer *w, unsigned flags)
{
    const char *comma = "";
    writer_text(w, "[");
    for (unsigned bit = 0; bit < FLAG_COUNT; bit++) {
        if (!(flags & 1u << bit))
            continue;
        writer_text(w, comma);
        print_word(w, report_flag_name(bit));
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
    writer_text(w, FIRST("id"));
    print_id(w, m, call);
    writer_text(w, MEMBER("function"));
    print_function(w, m, call->function);
    print_call_times(w, m, call);
    writer_text(w, "}");
}

typedef struct ReportStyle {
    void (*invocation)(Writer *w, const Model *m, const Report *r);
    Span row_separator;
    const char *end;
} ReportStyle;

/* All members of a report behind its id. */
static void print_report(Writer *w, const Model *m, const Report *r, const ReportStyle *style)
{
    const Target *target = &m->targets.items[r->target];
    print_process(w, m, report_process(m, r));
    writer_text(w, MEMBER("invocation"));
    style->invocation(w, m, r);
    writer_text(w, MEMBER("attribution"));
    print_word(w, attribution_name(r->attribution));
    writer_text(w, MEMBER("function"));
    print_function(w, m, report_function(m, r));
    writer_text(w, MEMBER("file"));
    print_string_or_null(w, model_text(m, target->file));
    writer_text(w, MEMBER("name"));
    print_string_or_null(w, model_text(m, target->name));
    writer_text(w, MEMBER("first_line"));
    print_number_or_null(w, r->rows ? (int64_t)target->first_line : -1);
    writer_text(w, MEMBER("time"));
    print_time(w, report_time(m, r));
    writer_text(w, MEMBER("flags"));
    print_flags(w, report_flags(m, r));
    writer_text(w, MEMBER("baseline_mib"));
    print_mib(w, report_baseline(m, r), r->decimals);
    writer_text(w, MEMBER("peak_mib"));
    print_mib(w, report_peak(m, r), r->decimals);
    if (r->summarised)
        writer_text(w, MEMBER("summarised") "true");
    writer_text(w, MEMBER("lines") "[");
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

static void print_invocations(Writer *w, const Model *m, const Selection *selection, const uint32_t *numbers)
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
    static const ReportStyle style = {print_call_id, SPAN("\n      "), "\n    ]}"};
    size_t count;
    Id *order = export_order(m, options->selection, &count);
    uint32_t *numbers = alloc_zeroed(m->reports.len, sizeof *numbers);
    for (size_t i = 0; i < count; i++)
        numbers[order[i]] = (uint32_t)i + 1;
    writer_text(w, "{\n  " SCHEMA ",\n");
    print_sources(w, m);
    print_invocations(w, m, options->selection, numbers);
    writer_text(w, "  \"reports\": [");
    for (size_t i = 0; i < count; i++) {
        writer_text(w, i ? ",\n    " FIRST("id") : "\n    " FIRST("id"));
        writer_uint(w, i + 1);
        print_report(w, m, &m->reports.items[order[i]], &style);
    }
    writer_text(w, "\n  ]\n}\n");
    free(order);
    free(numbers);
}

void export_ndjson_report(Writer *w, const Model *m, Id report, uint64_t number)
{
    static const ReportStyle style = {print_call_object, SPAN(""), "]}\n"};
    writer_text(w, "{" SCHEMA MEMBER("id"));
    writer_uint(w, number);
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
