/* Exports of Application Insights and Log Analytics: JSON, NDJSON and CSV in the forms that the services and clients write. */
#include <stdio.h>
#include <stdlib.h>

#include "model/report.h"
#include "parsers/csv_reader.h"
#include "parsers/detect.h"
#include "parsers/export_order.h"
#include "parsers/export_time.h"
#include "parsers/json_cutter.h"
#include "parsers/json_value.h"
#include "tests/unit/support.h"

/* What was read, as text that does not depend on the form of the input. */

static void print_report(Buffer *out, const Model *m, const Report *r)
{
    Id function = report_function(m, r);
    Span call = r->invocation == NO_ID ? SPAN("-") : test_call_id(m, r->invocation);
    buffer_printf(out, "report %.*s %s %.*s %.*s%s\n", SPAN_ARG(call), attribution_name(r->attribution),
                  SPAN_ARG(function == NO_ID ? SPAN("-") : model_text(m, m->functions.items[function].name)),
                  SPAN_ARG(model_text(m, m->targets.items[r->target].file)), report_flags(m, r) & FLAG_GAP ? " gap" : "");
    for (uint32_t i = 0; i < r->rows; i++) {
        ReportRow row = report_row(m, r, i);
        buffer_printf(out, " %u %lld %lld %lld |%.*s\n", row.line, (long long)row.memory, (long long)row.increment,
                      (long long)row.occurrences, SPAN_ARG(row.contents));
    }
}

static void print_calls(Buffer *out, const Model *m)
{
    for (Id i = 0; i < m->invocations.len; i++) {
        const Invocation *call = &m->invocations.items[i];
        Span function = call->function == NO_ID ? SPAN("-") : model_text(m, m->functions.items[call->function].name);
        buffer_printf(out, "call %.*s %.*s %s %u|%.*s\n", SPAN_ARG(test_call_id(m, i)), SPAN_ARG(function),
                      outcome_name(call->outcome), invocation_reports(m, call), SPAN_ARG(invocation_error(m, call)));
    }
}

static Buffer summary_of(const Reading *r)
{
    Buffer out = {0};
    for (Id i = 0; i < r->model->reports.len; i++)
        print_report(&out, r->model, &r->model->reports.items[i]);
    print_calls(&out, r->model);
    buffer_text(&out);
    return out;
}

static Reading read_in_pieces(Span bytes, size_t piece, uint64_t *seed)
{
    Reading r = reading_begin();
    while (bytes.len) {
        size_t n = piece ? piece : 1 + (size_t)(test_random(seed) % 97);
        reading_feed(&r, span_to(bytes, n));
        bytes = span_from(bytes, n);
    }
    reading_end(&r);
    return r;
}

/* Reads the input whole and in pieces; all give the same. */
static Buffer read_summary(Span bytes, uint64_t *damaged)
{
    static const size_t pieces[] = {1, 2, 7, 64, 4096, 0, 0};
    uint64_t seed = 7;
    Reading whole = read_in_pieces(bytes, bytes.len ? bytes.len : 1, &seed);
    ParserStats stats = parser_stats(whole.parser);
    Buffer expected = summary_of(&whole);
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        Reading r = read_in_pieces(bytes, pieces[i], &seed);
        ParserStats again = parser_stats(r.parser);
        Buffer got = summary_of(&r);
        ck_assert_str_eq(buffer_text(&got), buffer_text(&expected));
        ck_assert_uint_eq(again.damaged, stats.damaged);
        ck_assert_uint_eq(again.damaged_line, stats.damaged_line);
        ck_assert_uint_eq(again.lines, stats.lines);
        ck_assert_uint_eq(again.bytes, bytes.len);
        ck_assert_str_eq(again.format ? again.format : "", stats.format ? stats.format : "");
        buffer_free(&got);
        reading_free(&r);
    }
    if (damaged)
        *damaged = stats.damaged;
    else
        ck_assert_msg(!stats.damaged, "line %llu: %s", (unsigned long long)stats.damaged_line, stats.damage);
    reading_free(&whole);
    return expected;
}

/* A log in many forms. */

typedef struct Event {
    int ticks;        /* of 100 ns, behind 09:19:25.3910000 */
    const char *call; /* id, or NULL */
    const char *function;
    bool host;
    const char *message;
} Event;

#define CALL_A "94cb6a58-7066-4a7c-ac33-d8d418e896f0"
#define CALL_B "a7ce4304-e7cf-481a-abce-7ab8b3317583"
#define CALL_C "53be6f9d-bd47-47f2-ac4e-ae3b6a57dc72"
#define HEADER "memory_profiler_logs: Line #    Mem usage    Increment  Occurrences   Line Contents"

/* A prints one report; B two, the inner one first; C fails. B and C overlap. */
static const Event events[] = {
    {0, CALL_A, "Sync", true, "Executing 'Functions.Sync' (Reason='It''s \"time\"', Id=" CALL_A ")"},
    {900, CALL_A, "Sync", false, "root: a message, with a comma and \"quotes\""},
    {1000, CALL_A, "Sync", false, "memory_profiler_logs: Filename: /app/Sync/__init__.py"},
    {1010, CALL_A, "Sync", false, HEADER},
    {1020, CALL_A, "Sync", false, "memory_profiler_logs:     17     38.4 MiB     38.4 MiB           1   @profile(stream=log)"},
    {1030, CALL_A, "Sync", false,
     "memory_profiler_logs:     19     39.7 MiB      1.3 MiB           1       x = get(\"url, \\\\ {}\")[0]  # "
     "\xc3\xa4\xf0\x9f\x98\x80"},
    {2000, CALL_A, "Sync", true, "Executed 'Functions.Sync' (Succeeded, Id=" CALL_A ", Duration=51ms)"},
    {30000, CALL_B, "Outer", true, "Executing 'Functions.Outer' (Reason='', Id=" CALL_B ")"},
    {40000, CALL_B, "Outer", false, "memory_profiler_logs: Filename: /app/Outer/__init__.py"},
    {40010, CALL_B, "Outer", false, HEADER},
    {40020, CALL_B, "Outer", false, "memory_profiler_logs:     10     40.0 MiB     40.0 MiB           1   @profile"},
    {40030, CALL_B, "Outer", false, "memory_profiler_logs:     12     41.0 MiB      1.0 MiB           2       inner()"},
    {50000, CALL_C, "Bad", true, "Executing 'Functions.Bad' (Reason='', Id=" CALL_C ")"},
    {60000, CALL_B, "Outer", false, "memory_profiler_logs: Filename: /app/Outer/__init__.py"},
    {60010, CALL_B, "Outer", false, HEADER},
    {60020, CALL_B, "Outer", false, "memory_profiler_logs:     20     40.0 MiB     40.0 MiB           1   @profile"},
    {60030, CALL_B, "Outer", false, "memory_profiler_logs:     25     41.5 MiB      1.5 MiB           1       outer()"},
    {70000, CALL_C, "Bad", true,
     "Executed 'Functions.Bad' (Failed, Id=" CALL_C ", Duration=4ms)\nSystem.Private.CoreLib: Exception while executing function: "
     "Functions.Bad. System.Private.CoreLib: Result: Failure\nException: ValueError: no\nStack:   File \"x.py\", line 1"},
    {80000, CALL_B, "Outer", true, "Executed 'Functions.Outer' (Succeeded, Id=" CALL_B ", Duration=9ms)"},
};

enum { EVENTS = sizeof events / sizeof *events };

static const char expected_summary[] =
    "report " CALL_A " exact Sync /app/Sync/__init__.py\n"
    " 17 38400000000 38400000000 1 |@profile(stream=log)\n"
    " 19 39700000000 1300000000 1 |    x = get(\"url, \\\\ {}\")[0]  # \xc3\xa4\xf0\x9f\x98\x80\n"
    "report " CALL_B " exact Outer /app/Outer/__init__.py\n"
    " 10 40000000000 40000000000 1 |@profile\n"
    " 12 41000000000 1000000000 2 |    inner()\n"
    "report " CALL_B " exact Outer /app/Outer/__init__.py\n"
    " 20 40000000000 40000000000 1 |@profile\n"
    " 25 41500000000 1500000000 1 |    outer()\n"
    "call " CALL_A " Sync succeeded 1|\n"
    "call " CALL_B " Outer succeeded 2|\n"
    "call " CALL_C " Bad failed 0|ValueError: no\n";

static void append_json(Buffer *out, const char *text)
{
    buffer_append_byte(out, '"');
    for (const char *p = text; *p; p++) {
        if (*p == '"' || *p == '\\')
            buffer_append_byte(out, '\\');
        if (*p == '\n')
            buffer_append(out, "\\n", 2);
        else
            buffer_append_byte(out, *p);
    }
    buffer_append_byte(out, '"');
}

/* The same with everything beyond ASCII, and the quotes, as \u escapes. */
static void append_json_escaped(Buffer *out, const char *text)
{
    buffer_append_byte(out, '"');
    for (const char *p = text; *p; p++) {
        if (strncmp(p, "\xc3\xa4", 2) == 0) {
            buffer_printf(out, "\\u00E4");
            p += 1;
        } else if (strncmp(p, "\xf0\x9f\x98\x80", 4) == 0) {
            buffer_printf(out, "\\ud83d\\uDE00");
            p += 3;
        } else if (*p == '\n' || *p == '"' || *p == '\\' || *p == '/') {
            buffer_printf(out, "\\u%04x", (unsigned)*p);
        } else {
            buffer_append_byte(out, *p);
        }
    }
    buffer_append_byte(out, '"');
}

static void append_csv(Buffer *out, const char *text)
{
    buffer_append_byte(out, '"');
    for (const char *p = text; *p; p++)
        buffer_printf(out, *p == '"' ? "\"\"" : "%c", *p);
    buffer_append_byte(out, '"');
}

typedef enum Dimensions { AS_STRING, AS_OBJECT, AS_ARRAY, AS_ARRAY_STRING, DIMENSIONS_KINDS } Dimensions;

static void append_dimensions(Buffer *out, const Event *e, Dimensions kind)
{
    Buffer json = {0};
    bool array = kind == AS_ARRAY || kind == AS_ARRAY_STRING;
    const char *join = array ? "},{" : ",";
    buffer_printf(
        &json, "%s{\"ProcessId\":\"57\"%s\"InvocationId\":\"%s\"%s\"Category\":\"Function.%s%s\"%s\"LogLevel\":\"Information\"}%s",
        array ? "[" : "", join, e->call, join, e->function, e->host ? "" : ".User", join, array ? "]" : "");
    if (kind == AS_STRING || kind == AS_ARRAY_STRING)
        append_json(out, buffer_text(&json));
    else
        buffer_append_span(out, buffer_span(&json));
    buffer_free(&json);
}

/* How a log is written. */
typedef struct Form {
    size_t order[EVENTS];
    bool milliseconds;
    Dimensions dimensions;
    const char *newline; /* between all tokens where JSON allows it, "" for none */
    bool escaped;
} Form;

static Form plain_form(void)
{
    Form form = {.newline = ""};
    for (size_t i = 0; i < EVENTS; i++)
        form.order[i] = i;
    return form;
}

static void shuffle(Form *form, uint64_t *seed)
{
    for (size_t i = EVENTS; i-- > 1;) {
        size_t j = (size_t)(test_random(seed) % (i + 1)), swapped = form->order[i];
        form->order[i] = form->order[j];
        form->order[j] = swapped;
    }
}

static void append_time(Buffer *out, const Form *form, const Event *e)
{
    int ticks = 3910000 + e->ticks;
    if (form->milliseconds)
        buffer_printf(out, "2026-01-07T09:19:25.%03dZ", ticks / 10000);
    else
        buffer_printf(out, "2026-01-07T09:19:25.%07dZ", ticks);
}

static void append_message(Buffer *out, const Form *form, const Event *e)
{
    if (form->escaped)
        append_json_escaped(out, e->message);
    else
        append_json(out, e->message);
}

static Buffer write_rest(const Form *form, unsigned projection)
{
    static const char *const columns[][6] = {
        {"timestamp", "message", "itemType", "customDimensions", "operation_Name", "itemCount"},
        {"customDimensions", "itemCount", "TIMESTAMP", "severityLevel", "Message", "operation_Id"},
        {"message", "customDimensions", "timestamp", "junk", "junk2", "itemId"},
    };
    const char *nl = form->newline;
    Buffer out = {0};
    buffer_printf(&out, "{%s\"tables\"%s:%s[%s{\"name\":\"PrimaryResult\",%s\"columns\":[", nl, nl, nl, nl, nl);
    for (size_t c = 0; c < 6; c++)
        buffer_printf(&out, "%s{%s\"name\": \"%s\",%s\"type\": \"string\"}", c ? "," : "", nl, columns[projection][c], nl);
    buffer_printf(&out, "],%s\"rows\":[", nl);
    for (size_t i = 0; i < EVENTS; i++) {
        const Event *e = &events[form->order[i]];
        buffer_printf(&out, "%s%s[", i ? "," : "", nl);
        for (size_t c = 0; c < 6; c++) {
            const char *name = columns[projection][c];
            buffer_printf(&out, "%s%s", c ? "," : "", nl);
            if (strcasecmp(name, "timestamp") == 0)
                buffer_append_byte(&out, '"'), append_time(&out, form, e), buffer_append_byte(&out, '"');
            else if (strcasecmp(name, "message") == 0)
                append_message(&out, form, e);
            else if (strcmp(name, "customDimensions") == 0)
                append_dimensions(&out, e, form->dimensions);
            else if (strcmp(name, "operation_Name") == 0)
                buffer_printf(&out, "\"%s\"", e->function);
            else if (strcmp(name, "itemId") == 0)
                buffer_printf(&out, "\"item-%zu\"", form->order[i]);
            else
                buffer_printf(&out, strcmp(name, "itemCount") == 0 ? "1" : "null");
        }
        buffer_printf(&out, "%s]", nl);
    }
    buffer_printf(&out, "]%s}]%s}", nl, nl);
    return out;
}

/* Objects with the names of AppTraces. */
static void append_object(Buffer *out, const Form *form, const Event *e, bool strings)
{
    const char *nl = form->newline;
    buffer_printf(out, "{%s\"TimeGenerated\":\"", nl);
    append_time(out, form, e);
    buffer_printf(out, "\",%s\"Message\"%s:%s", nl, nl, nl);
    append_message(out, form, e);
    buffer_printf(
        out,
        strings ? ",\"ItemCount\":\"1\",\"Measurements\":\"None\",%s\"Properties\":" : ",\"ItemCount\":1,%s\"Properties\":", nl);
    append_dimensions(out, e, form->dimensions);
    buffer_printf(out, ",%s\"OperationName\":\"%s\"}", nl, e->function);
}

typedef struct Wrapping {
    const char *before, *between, *behind;
} Wrapping;

static Buffer write_objects(const Form *form, const Wrapping *wrapping, bool strings)
{
    Buffer out = {0};
    buffer_printf(&out, "%s", wrapping->before);
    for (size_t i = 0; i < EVENTS; i++) {
        buffer_printf(&out, "%s", i ? wrapping->between : "");
        append_object(&out, form, &events[form->order[i]], strings);
    }
    buffer_printf(&out, "%s", wrapping->behind);
    return out;
}

static Buffer write_lists(const Form *form)
{
    Buffer out = {0};
    buffer_printf(&out, "[[\"timestamp\",\"message\",\"customDimensions\"]");
    for (size_t i = 0; i < EVENTS; i++) {
        const Event *e = &events[form->order[i]];
        buffer_printf(&out, ",\n [\"");
        append_time(&out, form, e);
        buffer_printf(&out, "\",");
        append_message(&out, form, e);
        buffer_append_byte(&out, ',');
        append_dimensions(&out, e, form->dimensions);
        buffer_append_byte(&out, ']');
    }
    buffer_printf(&out, "]\n");
    return out;
}

typedef enum PropertiesKind { PROPERTIES_OBJECT, PROPERTIES_STRING, PROPERTIES_SINGLE_QUOTED, PROPERTIES_KINDS } PropertiesKind;

/* FunctionAppLogs as diagnostic settings write them; messages keep their last line end there. */
static Buffer write_function_app_logs(const Form *form, PropertiesKind kind)
{
    Buffer out = {0};
    for (size_t i = 0; i < EVENTS; i++) {
        const Event *e = &events[form->order[i]];
        Buffer message = {0}, properties = {0};
        buffer_printf(&message, "%s\n", e->message);
        buffer_printf(&properties, "{\"appName\":\"app\",\"message\":");
        append_json(&properties, buffer_text(&message));
        buffer_printf(&properties, ",\"category\":\"Function.%s%s\",\"functionInvocationId\":\"%s\",\"levelId\":2}", e->function,
                      e->host ? "" : ".User", e->call);
        buffer_printf(&out, "{\"time\":\"");
        append_time(&out, form, e);
        buffer_printf(
            &out, "\",\"operationName\":\"Microsoft.Web/sites/functions/log\",\"category\":\"FunctionAppLogs\",\"properties\":");
        if (kind == PROPERTIES_SINGLE_QUOTED) {
            Buffer single = {0};
            for (const char *p = buffer_text(&properties); *p; p++)
                if (*p != '\'')
                    buffer_append_byte(&single, *p == '"' ? '\'' : *p);
            append_json(&out, buffer_text(&single));
            buffer_free(&single);
        } else if (kind == PROPERTIES_STRING) {
            append_json(&out, buffer_text(&properties));
        } else {
            buffer_append_span(&out, buffer_span(&properties));
        }
        buffer_printf(&out, "}\r\n");
        buffer_free(&message);
        buffer_free(&properties);
    }
    return out;
}

static void assert_expected(Buffer *input)
{
    Buffer got = read_summary(buffer_span(input), NULL);
    ck_assert_str_eq(buffer_text(&got), expected_summary);
    buffer_free(&got);
    buffer_free(input);
}

static const Wrapping list = {"[", ",", "]"}, records = {"{\"records\": [", ",\n", "]}\n"}, lines = {"", "\n", "\n"},
                      crlf_lines = {"\xef\xbb\xbf", "\r\n", ""};

START_TEST(projections_give_the_same)
{
    uint64_t seed = 11;
    for (unsigned projection = 0; projection < 3; projection++) {
        for (unsigned round = 0; round < 4; round++) {
            Form form = plain_form();
            form.newline = round == 1 ? "\n  " : round == 2 ? "\r\n\t" : "";
            form.escaped = round == 3;
            form.dimensions = (Dimensions)((projection + round) % DIMENSIONS_KINDS);
            if (round)
                shuffle(&form, &seed);
            Buffer input = write_rest(&form, projection);
            assert_expected(&input);
        }
    }
}
END_TEST

START_TEST(containers_give_the_same)
{
    static const Wrapping *const wrappings[] = {&list, &records, &lines, &crlf_lines};
    uint64_t seed = 13;
    for (size_t w = 0; w < sizeof wrappings / sizeof *wrappings; w++) {
        for (unsigned round = 0; round < DIMENSIONS_KINDS; round++) {
            Form form = plain_form();
            form.dimensions = (Dimensions)round;
            form.escaped = round == 2;
            if (round == 1)
                shuffle(&form, &seed);
            Buffer input = write_objects(&form, wrappings[w], round == 3);
            assert_expected(&input);
        }
    }
}
END_TEST

START_TEST(pretty_printed_objects_one_after_another)
{
    Form form = plain_form();
    form.newline = "\n    ";
    Buffer input = write_objects(&form, &lines, false);
    assert_expected(&input);
}
END_TEST

START_TEST(lists_of_lists_have_a_header)
{
    uint64_t seed = 17;
    Form form = plain_form();
    shuffle(&form, &seed);
    Buffer input = write_lists(&form);
    assert_expected(&input);
}
END_TEST

START_TEST(properties_of_diagnostic_records)
{
    for (int kind = 0; kind < PROPERTIES_KINDS; kind++) {
        Form form = plain_form();
        Buffer input = write_function_app_logs(&form, (PropertiesKind)kind);
        if (kind == PROPERTIES_SINGLE_QUOTED) { /* which lose their apostrophes, and so what names the function */
            Buffer got = read_summary(buffer_span(&input), NULL);
            assert_contains(&got, "report " CALL_A
                                  " exact Sync /app/Sync/__init__.py\n 17 38400000000 38400000000 1 |@profile(stream=log)\n");
            assert_contains(&got, "x = get(\"url, \\\\ {}\")[0]");
            buffer_free(&got);
            buffer_free(&input);
        } else {
            assert_expected(&input);
        }
    }
}
END_TEST

/* CSV. */

typedef struct Locale {
    const char *format;  /* of a date and a time of 09:19:25 with milliseconds */
    int day;             /* the first of two days, so that 13 or more tells the order of the numbers */
    const char *started; /* of the first call */
} Locale;

static Buffer write_csv(const Form *form, const char *header, char delimiter, const char *end, const Locale *locale)
{
    Buffer out = {0};
    buffer_printf(&out, "%s%s", header, end);
    for (size_t i = 0; i < EVENTS; i++) {
        const Event *e = &events[form->order[i]];
        Buffer dimensions = {0}, time = {0}, json = {0};
        buffer_printf(&time, locale->format, 391 + e->ticks / 10000);
        append_csv(&out, buffer_text(&time));
        buffer_append_byte(&out, delimiter);
        append_csv(&out, e->message);
        append_dimensions(&dimensions, e, AS_OBJECT);
        buffer_append_byte(&out, delimiter);
        append_csv(&out, buffer_text(&dimensions));
        buffer_printf(&out, "%c1%s", delimiter, end);
        buffer_free(&dimensions);
        buffer_free(&time);
        buffer_free(&json);
    }
    return out;
}

#define NARROW_BLANK "\xe2\x80\xaf"

static const Locale locales[] = {
    {"2/25/2025, 9:19:25.%03d AM", 0, "2025-02-25T09:19:25.391Z"},
    {"2/25/2025, 9:19:25.%03d" NARROW_BLANK "PM", 0, "2025-02-25T21:19:25.391Z"},
    {"3/4/2025, 9:19:25.%03d AM", 0, "2025-03-04T09:19:25.391Z"},
    {"03/04/2025, 9:19:25.%03d am", 0, "2025-04-03T09:19:25.391Z"},
    {"25/02/2025, 12:19:25.%03d am", 0, "2025-02-25T00:19:25.391Z"},
    {"03/04/2025, 09:19:25.%03d", 0, "2025-04-03T09:19:25.391Z"},
    {"5.2.2025, 09:19:25,%03d", 0, "2025-02-05T09:19:25.391Z"},
    {"2025-02-05, 09:19:25.%03d", 0, "2025-02-05T09:19:25.391Z"},
    {"2025/2/5 9:19:25.%03d", 0, "2025-02-05T09:19:25.391Z"},
    {"5. 2. 2025 9:19:25.%03d", 0, "2025-02-05T09:19:25.391Z"},
    {"2025-02-05T09:19:25.%03dZ", 0, "2025-02-05T09:19:25.391Z"},
};

static const char portal_header[] = "\xef\xbb\xbftimestamp [UTC],message,customDimensions,itemCount";

static Buffer started_of(Span bytes)
{
    char text[MOMENT_TEXT_MAX];
    uint64_t seed = 1;
    Buffer out = {0};
    Reading r = read_in_pieces(bytes, bytes.len, &seed);
    buffer_append(&out, text, moment_format(text, invocation_started(r.model, reading_call(&r, 0))));
    reading_free(&r);
    return out;
}

START_TEST(csv_of_many_languages)
{
    for (size_t i = 0; i < sizeof locales / sizeof *locales; i++) {
        Form form = plain_form();
        Buffer input = write_csv(&form, portal_header, ',', "\r\n", &locales[i]);
        Buffer started = started_of(buffer_span(&input));
        ck_assert_str_eq(buffer_text(&started), locales[i].started);
        buffer_free(&started);
        assert_expected(&input);
    }
}
END_TEST

START_TEST(csv_with_other_delimiters_and_names)
{
    static const struct Variant {
        const char *header;
        char delimiter;
        const char *end;
    } variants[] = {
        {"TimeGenerated [Local Time];Message;Properties;ItemCount", ';', "\r\n"},
        {"timestamp\tMESSAGE\tcustomDimensions\titemCount", '\t', "\n"},
        {"\"timestamp [UTC]\",\"message\",\"customDimensions\",\"itemCount\"", ',', "\n"},
        {"\"TimeGenerated [UTC]\",Message,Properties,junk", ',', "\r\n"},
    };
    for (size_t i = 0; i < sizeof variants / sizeof *variants; i++) {
        Form form = plain_form();
        Buffer input = write_csv(&form, variants[i].header, variants[i].delimiter, variants[i].end, &locales[0]);
        assert_expected(&input);
    }
}
END_TEST

START_TEST(csv_in_reverse)
{
    Form form = plain_form();
    for (size_t i = 0; i < EVENTS; i++)
        form.order[i] = EVENTS - 1 - i;
    Buffer input = write_csv(&form, portal_header, ',', "\r\n", &locales[0]);
    assert_expected(&input);
}
END_TEST

/* The records of each report share a millisecond: what they are puts them in order. */
START_TEST(ties_are_ordered_by_what_records_are)
{
    for (uint64_t seed = 1; seed < 40; seed++) {
        uint64_t random = seed;
        Form form = plain_form();
        form.milliseconds = true;
        shuffle(&form, &random);
        Buffer input = seed % 2 ? write_objects(&form, &list, false) : write_csv(&form, portal_header, ',', "\n", &locales[0]);
        uint64_t seed_of_pieces = 3;
        Reading r = read_in_pieces(buffer_span(&input), 4096, &seed_of_pieces);
        Buffer got = summary_of(&r);
        ck_assert_str_eq(buffer_text(&got), expected_summary);
        buffer_free(&got);
        buffer_free(&input);
        reading_free(&r);
    }
}
END_TEST

/* Captures. */

/* All of them are exports of one run. */
START_TEST(captures_of_all_exports_agree)
{
    static const char *const names[] = {"az-appinsights.json", "loganalytics.json",     "portal.csv",
                                        "dataexport.ndjson",   "continuousexport.blob", "functionapplogs.ndjson"};
    Reading rest = reading_of_capture("rest.json");
    Buffer expected = summary_of(&rest);
    assert_contains(&expected, "exact ResizeImages");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        Reading r = reading_of_capture(names[i]);
        Buffer got = summary_of(&r);
        ck_assert_str_eq(buffer_text(&got), buffer_text(&expected));
        buffer_free(&got);
        reading_free(&r);
    }
    buffer_free(&expected);
    reading_free(&rest);
}
END_TEST

START_TEST(captures_of_the_published_query_agree)
{
    static const char *const names[] = {"kustoquery.csv", "kustoquery-ideal.json", "kustoquery-ideal.csv"};
    Reading first = reading_of_capture("kustoquery.json");
    Buffer expected = summary_of(&first);
    ck_assert_uint_eq(first.model->reports.len, 7);
    ck_assert_uint_eq(first.model->invocations.len, 0);
    assert_contains(&expected, "report - none - /home/dev");
    assert_lacks(&expected, "gap");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        Reading r = reading_of_capture(names[i]);
        Buffer got = summary_of(&r);
        ck_assert_str_eq(buffer_text(&got), buffer_text(&expected));
        buffer_free(&got);
        reading_free(&r);
    }
    buffer_free(&expected);
    reading_free(&first);
}
END_TEST

START_TEST(captures_in_pieces)
{
    static const char *const suffixes[] = {".csv", ".ndjson", ".blob"};
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        PathList paths = test_captures(suffixes[i]);
        for (size_t j = 0; j < paths.len; j++) {
            Buffer content = test_read(paths.items[j]);
            Buffer summary = read_summary(buffer_span(&content), NULL);
            ck_assert(summary.len > 0);
            buffer_free(&summary);
            buffer_free(&content);
        }
        path_list_free(&paths);
    }
}
END_TEST

/* Detection. */

/* In whatever pieces it comes, UTF-16 is decoded before it is told what it is. */
START_TEST(exports_in_utf16)
{
    for (size_t big = 0; big < 2; big++) {
        Form form = plain_form();
        Buffer plain = write_objects(&form, &lines, false), wide = {0};
        for (size_t i = 0; i < plain.len; i++) {
            if ((unsigned char)plain.data[i] >= 0x80)
                plain.data[i] = '?';
            buffer_append_byte(&wide, big ? '\0' : plain.data[i]);
            buffer_append_byte(&wide, big ? plain.data[i] : '\0');
        }
        Buffer expected = read_summary(buffer_span(&plain), NULL);
        assert_contains(&expected, "report");
        for (size_t piece = 1; piece < wide.len; piece = piece * 3 + 1) {
            uint64_t seed = 7;
            Reading r = read_in_pieces(buffer_span(&wide), piece, &seed);
            Buffer got = summary_of(&r);
            ck_assert_str_eq(buffer_text(&got), buffer_text(&expected));
            ck_assert_uint_eq(parser_stats(r.parser).damaged, 0);
            ck_assert_uint_eq(parser_stats(r.parser).bytes, plain.len);
            buffer_free(&got);
            reading_free(&r);
        }
        buffer_free(&plain);
        buffer_free(&wide);
        buffer_free(&expected);
    }
}
END_TEST

typedef struct Beginning {
    const char *text;
    DetectResult is;
} Beginning;

static const Beginning beginnings[] = {
    {"", DETECT_TEXT},
    {"Found Python version 3.9.1 (python3).\n", DETECT_TEXT},
    {"[2021-03-22T19:20:10.123Z] memory_profiler_logs: x\n", DETECT_TEXT},
    {"[1/16/2020 6:10:07 AM] x\n", DETECT_TEXT},
    {"{\"log\":\"memory_profiler_logs: x\\n\",\"stream\":\"stdout\",\"time\":\"2021-03-22T19:20:10.1Z\"}\n", DETECT_TEXT},
    {"{\"stream\":\"stdout\",\"time\":\"2021-03-22T19:20:10.1Z\",\"log\":\"x\"}\n", DETECT_TEXT},
    {"{\"__CURSOR\":\"s=1\",\"MESSAGE\":\"x\"}\n", DETECT_TEXT},
    {"{not json}\n", DETECT_TEXT},
    {"{}\n[2021-03-22T19:20:10.123Z] x\n", DETECT_TEXT},
    {"{\"a\": 1}\n[2021-03-22T19:20:10.123Z] x\n", DETECT_TEXT},
    {"{\"message\": \"an app's own\", \"level\": \"info\"}\n[2021-03-22T19:20:10.123Z] x\n", DETECT_TEXT},
    {"{\"error\": \"an app's own\"}\n[2021-03-22T19:20:10.123Z] x\n", DETECT_TEXT},
    {"[{'a': 1}]\n", DETECT_TEXT},
    {"[\"a\", \"b\"]\n", DETECT_TEXT},
    {"[[1, 2], [3, 4]]\n", DETECT_TEXT},
    {"a,b,c\n1,2,3\n", DETECT_TEXT},
    {"message from the app, at this time\n", DETECT_TEXT},
    {"{\"tables\":[", DETECT_JSON},
    {"\xef\xbb\xbf \r\n{ \"tables\" : [", DETECT_JSON},
    {"{\"records\":[", DETECT_JSON},
    {"{\"error\":{\"code\":\"x\"}}", DETECT_JSON},
    {"{\"error\":{\"code\":\"x\"},\"tables\":[]}", DETECT_JSON},
    {"{\"TimeGenerated\":", DETECT_JSON},
    {"{\"message\":[{\"raw\":\"x\"}],\"internal\":{},\"context\":{}}\n", DETECT_JSON},
    {"{\"message\":\"x\",\"timestamp\":\"y\"}\n{\"message\"", DETECT_JSON},
    {"[{\"timestamp\":\"y\",\"message\":\"x\"}]", DETECT_JSON},
    {"[{\"time\":\"y\",\"category\":\"x\",\"properties\":{\"message\":\"x\"}}]", DETECT_JSON},
    {"{\"time\":\"y\",\"properties\":\"x\"}\n[2021-03-22T19:20:10.123Z] x\n", DETECT_TEXT},
    {"[[\"timestamp\",", DETECT_JSON},
    {"[]", DETECT_JSON},
    {"timestamp [UTC],message\n", DETECT_CSV},
    {"\xef\xbb\xbf\"TimeGenerated [UTC]\",Message\r\n", DETECT_CSV},
    {"timestamp;message\n", DETECT_CSV},
    {"message\n", DETECT_CSV},
    {"timestamp [UTC],LineNumber,TotalMem_MiB,IncreMem_MiB,Occurrences,Contents,RequestId\n", DETECT_CSV},
};

START_TEST(detection_tells_exports_from_text)
{
    for (size_t i = 0; i < sizeof beginnings / sizeof *beginnings; i++) {
        Span text = span_of(beginnings[i].text);
        DetectResult got = detect_input(text, true);
        ck_assert_msg(got == beginnings[i].is, "%s is %d, not %d", beginnings[i].text, beginnings[i].is, got);
        for (size_t n = 1; n < text.len; n++) {
            DetectResult early = detect_input(span_to(text, n), false);
            ck_assert_msg(early == DETECT_MORE || early == got, "%.*s is %d", (int)n, text.ptr, early);
        }
    }
}
END_TEST

START_TEST(detection_ends)
{
    Buffer text = {0};
    buffer_printf(&text, "{\"a\": \"");
    buffer_append_repeated(&text, 'x', DETECT_BYTES_MAX);
    ck_assert_int_eq(detect_input(buffer_span(&text), false), DETECT_TEXT);
    buffer_clear(&text);
    buffer_append_repeated(&text, 'x', DETECT_BYTES_MAX);
    ck_assert_int_eq(detect_input(buffer_span(&text), false), DETECT_TEXT);
    buffer_free(&text);
}
END_TEST

START_TEST(input_format_overrides_detection)
{
    static const char log[] = "{\"foo\":1}\n{\"a\":2,\"Message\":\"" HEADER "\"}\n";
    Model *m = model_new();
    Id source = model_source_add(m, SPAN("x"));
    Parser *p = parser_new(input_format_named(SPAN("ndjson")), model_source_sink(m, source));
    parser_feed(p, log, sizeof log - 1);
    parser_finish(p);
    ck_assert_str_eq(parser_stats(p).format, "ndjson");
    ck_assert_uint_eq(parser_stats(p).lines, 2);
    ck_assert_uint_eq(m->reports.len, 1);
    parser_free(p);
    model_free(m);
    ck_assert_ptr_nonnull(input_format_named(SPAN("json")));
    ck_assert_ptr_nonnull(input_format_named(SPAN("csv")));
}
END_TEST

/* An answer whose rows stand in the reverse order of time, so that all are held until the end. */
static Buffer answer_in_reverse(unsigned calls)
{
    static const char *const messages[] = {
        "    19     39.4 MiB      1.0 MiB           1       x()", "    17     38.4 MiB     38.4 MiB           1   @profile",
        "Line #    Mem usage    Increment  Occurrences   Line Contents", "Filename: /app/F/x.py"};
    Buffer text = {0};
    for (unsigned call = calls; call-- > 0;)
        for (unsigned i = 0; i < sizeof messages / sizeof *messages; i++)
            buffer_printf(&text,
                          "{\"TimeGenerated\":\"2026-01-07T10:%02u:%02u.%dZ\",\"Message\":\"memory_profiler_logs: %s\","
                          "\"Properties\":{\"InvocationId\":\"call-%u\",\"Category\":\"Function.F.User\"}}\n",
                          call / 60, call % 60, 9 - (int)i, messages[i], call);
    return text;
}

/* With no time for it, the end goes on a bit at each call, and what it makes is the same. */
START_TEST(end_in_slices)
{
    Buffer text = answer_in_reverse(600);
    Reading whole = reading_begin(), sliced = reading_begin();
    reading_feed(&whole, buffer_span(&text));
    reading_end(&whole);
    reading_feed(&sliced, buffer_span(&text));
    unsigned slices = 1;
    size_t reports = 0;
    for (; !parser_finish_until(sliced.parser, INT64_MIN); slices++) {
        ck_assert_uint_ge(sliced.model->reports.len, reports);
        reports = sliced.model->reports.len;
    }
    model_source_end(sliced.model, sliced.source);
    ck_assert_uint_ge(slices, 10);
    ck_assert_uint_gt(reports, 0);
    ck_assert_uint_eq(whole.model->reports.len, 600);
    Buffer expected = summary_of(&whole), found = summary_of(&sliced);
    ck_assert_str_eq(found.data, expected.data);
    buffer_free(&expected);
    buffer_free(&found);
    reading_free(&whole);
    reading_free(&sliced);
    buffer_free(&text);
}
END_TEST

/* Single records. */

#define ROW(time, id, message)                                                                                                     \
    "{\"TimeGenerated\":\"2026-01-07T10:00:0" time "Z\",\"Message\":\"" message "\",\"Properties\":{" id "}},\n"
#define ID(id) "\"InvocationId\":\"" id "\",\"Category\":\"Function.F.User\""
#define PROFILER "memory_profiler_logs: "
#define FILE_RECORD(time, id) ROW(time, ID(id), PROFILER "Filename: /app/F/x.py")
#define HEADER_RECORD(time, id) ROW(time, ID(id), HEADER)
#define ENTRY_RECORD(time, id) ROW(time, ID(id), PROFILER "    17     38.4 MiB     38.4 MiB           1   @profile")
#define NEXT_RECORD(time, id) ROW(time, ID(id), PROFILER "    19     39.4 MiB      1.0 MiB           1       x()")

/* `log` is list items; the result is their summary. */
static Buffer summary_of_items(const char *log, uint64_t *damaged)
{
    Buffer list_text = {0};
    buffer_printf(&list_text, "[%s{}]", log);
    Buffer summary = read_summary(buffer_span(&list_text), damaged);
    buffer_free(&list_text);
    return summary;
}

START_TEST(calls_are_made_of_ids)
{
    Buffer s = summary_of_items(FILE_RECORD("1.0", "a") HEADER_RECORD("1.1", "a") ENTRY_RECORD("1.2", "a") FILE_RECORD("1.0", "b")
                                    HEADER_RECORD("1.1", "b") ENTRY_RECORD("1.3", "b"),
                                NULL);
    ck_assert_str_eq(buffer_text(&s), "report a exact F /app/F/x.py\n 17 38400000000 38400000000 1 |@profile\n"
                                      "report b exact F /app/F/x.py\n 17 38400000000 38400000000 1 |@profile\n"
                                      "call a F unknown 1|\ncall b F unknown 1|\n");
    buffer_free(&s);
}
END_TEST

START_TEST(lost_rows_are_gaps)
{
    static const char *const logs[] = {
        HEADER_RECORD("1.1", "a") ENTRY_RECORD("1.2", "a") NEXT_RECORD("1.3", "a"),
        FILE_RECORD("1.0", "a") ENTRY_RECORD("1.2", "a"),
        FILE_RECORD("1.0", "a") HEADER_RECORD("1.1", "a") NEXT_RECORD("1.3", "a"),
        FILE_RECORD("1.0", "a") HEADER_RECORD("1.1", "a"),
        ENTRY_RECORD("1.2", "a"),
        ROW("0.0", "\"a\":1", "Executing 'Functions.F' (Reason='', Id=a)") FILE_RECORD("1.0", "a") HEADER_RECORD("1.1", "a")
            ENTRY_RECORD("1.2", "a"),
        FILE_RECORD("1.0", "a") "{\"TimeGenerated\":\"2026-01-07T10:00:01.1Z\",\"itemCount\":\"4\",\"Message\":\"" HEADER
                                "\",\"Properties\":{" ID("a") "}}," ENTRY_RECORD("1.2", "a"),
    };
    for (size_t i = 0; i < sizeof logs / sizeof *logs; i++) {
        Buffer s = summary_of_items(logs[i], NULL);
        ck_assert_msg(span_find(buffer_span(&s), SPAN(" gap\n")) > 0, "%zu: %s", i, buffer_text(&s));
        ck_assert_msg(span_find(span_from(buffer_span(&s), 7), SPAN("report")) < 0, "%zu: %s", i, buffer_text(&s));
        buffer_free(&s);
    }
    Buffer s = summary_of_items(FILE_RECORD("1.0", "a") HEADER_RECORD("1.1", "a") ENTRY_RECORD("1.2", "a"), NULL);
    assert_lacks(&s, "gap");
    buffer_free(&s);
}
END_TEST

/* Without times and ids, the Filenames of two calls look like one that the query returned two times. */
START_TEST(published_query_without_times)
{
    static const char log[] = "LineNumber,TotalMem_MiB,IncreMem_MiB,Occurences,Contents\n"
                              "a.py,,,,\na.py,,,,\n3,38.4 MiB,38.4 MiB,1,@profile\n"
                              "a.py,,,,\na.py,,,,\n3,39.4 MiB,39.4 MiB,1,@profile\n";
    Reading r = reading_of(log);
    ck_assert_uint_eq(r.model->reports.len, 2);
    for (size_t i = 0; i < 2; i++)
        ck_assert_uint_eq(report_flags(r.model, reading_report(&r, i)), FLAG_SPARSE);
    reading_free(&r);
}
END_TEST

START_TEST(copies_count_once)
{
    static const char copy[] = FILE_RECORD("1.0000001", "a") HEADER_RECORD("1.0000002", "a") ENTRY_RECORD("1.0000003", "a");
    Buffer twice = {0};
    buffer_printf(&twice, "%s%s", copy, copy);
    Buffer a = summary_of_items(copy, NULL), b = summary_of_items(buffer_text(&twice), NULL);
    ck_assert_str_eq(buffer_text(&a), buffer_text(&b));
    buffer_free(&a);
    buffer_free(&b);
    buffer_free(&twice);
}
END_TEST

START_TEST(requests_complete_calls)
{
    static const char request[] = "{\"timestamp\":\"2026-01-07T10:00:00.5Z\",\"itemType\":\"request\",\"name\":\"F\",\"success\":"
                                  "\"False\",\"duration\":2500.1234567891,"
                                  "\"message\":\"None\",\"customDimensions\":\"{\\\"InvocationId\\\":\\\"a\\\"}\"},";
    Buffer log = {0};
    buffer_printf(&log, "[%s%s{}]", FILE_RECORD("1.0", "a") HEADER_RECORD("1.1", "a") ENTRY_RECORD("1.2", "a"), request);
    Reading r = reading_of(buffer_text(&log));
    const Invocation *call = reading_call(&r, 0);
    char text[MOMENT_TEXT_MAX];
    ck_assert_uint_eq(r.model->invocations.len, 1);
    ck_assert_str_eq(outcome_name(call->outcome), "failed");
    ck_assert_int_eq(invocation_duration_ms(r.model, call), 2500);
    moment_format(text, invocation_started(r.model, call));
    ck_assert_str_eq(text, "2026-01-07T10:00:00.5Z");
    ck_assert_int_eq(invocation_ended(r.model, call).ns - invocation_started(r.model, call).ns, 2500123456);
    ck_assert_int_eq(reading_report(&r, 0)->attribution, ATTRIBUTION_EXACT);
    reading_free(&r);
    buffer_free(&log);
}
END_TEST

START_TEST(exceptions_tell_why_calls_failed)
{
    Buffer s = summary_of_items(
        "{\"timestamp\":\"2026-01-07T10:00:00.5Z\",\"itemType\":\"exception\",\"innermostMessage\":\"Result: Failure\\n"
        "Exception: ValueError: no\\nStack: x\",\"customDimensions\":{\"InvocationId\":\"a\"}}," ROW(
            "0.5", "\"a\":1", "Executed 'Functions.F' (Failed, Id=a, Duration=4ms)"),
        NULL);
    ck_assert_str_eq(buffer_text(&s), "call a F failed 0|ValueError: no\n");
    buffer_free(&s);
}
END_TEST

START_TEST(calls_that_overlap_are_contended)
{
    Buffer log = {0};
    Form form = plain_form();
    log = write_objects(&form, &list, false);
    Reading r = reading_of(buffer_text(&log));
    ck_assert(!reading_call(&r, 0)->contended);
    ck_assert(reading_call(&r, 1)->contended);
    ck_assert(reading_call(&r, 2)->contended);
    reading_free(&r);
    buffer_free(&log);
}
END_TEST

/* A call whose end was lost ran at least until its last report; whether it ran longer nobody knows. */
START_TEST(calls_without_an_end_may_overlap)
{
    Reading r = reading_of(
        "[" ROW("1.0", ID("a"), "Executing 'F' (Reason='', Id=a)") ROW("2.0", ID("b"), "Executing 'F' (Reason='', Id=b)")
            ROW("3.0", ID("a"), PROFILER "Filename: /x.py") ROW("4.0", ID("b"), "Executed 'F' (Succeeded, Id=b)")
                ROW("5.0", ID("c"), "Executing 'F' (Reason='', Id=c)") ROW("6.0", ID("c"), "Executed 'F' (Succeeded, Id=c)") "{}]");
    ck_assert(reading_call(&r, 0)->contended);
    ck_assert(reading_call(&r, 1)->contended);
    ck_assert(!reading_call(&r, 2)->contended);
    reading_free(&r);
}
END_TEST

START_TEST(each_instance_is_a_process)
{
    Reading r = reading_of("[" ROW("1.0", "\"HostInstanceId\":\"h1\"," ID("a"), PROFILER "Filename: /x.py")
                               ROW("1.1", "\"HostInstanceId\":\"h2\"," ID("b"), PROFILER "Filename: /x.py")
                                   ROW("1.2", "\"HostInstanceId\":\"h1\"," ID("c"), PROFILER "Filename: /x.py") "{}]");
    ck_assert_uint_eq(r.model->processes.len, 2);
    ck_assert_uint_eq(report_process(r.model, reading_report(&r, 0)), 0);
    ck_assert_uint_eq(report_process(r.model, reading_report(&r, 1)), 1);
    ck_assert_uint_eq(report_process(r.model, reading_report(&r, 2)), 0);
    reading_free(&r);
}
END_TEST

START_TEST(messages_that_were_trimmed)
{
    Buffer s = summary_of_items(ROW("1.0", ID("a"), "Filename: /app/x.py")
                                    ROW("1.1", ID("a"), "Line #    Mem usage    Increment   Line Contents")
                                        ROW("1.2", ID("a"), "12     10.8 MiB      0.0 MiB   5 * x")
                                            ROW("1.3", ID("a"), "13     10.9 MiB      0.1 MiB           7 * x"),
                                NULL);
    assert_contains(&s, " 12 10800000000 0 -1 |5 * x\n 13 10900000000 100000000 -1 |        7 * x\n");
    buffer_free(&s);
}
END_TEST

START_TEST(complete_reports_keep_their_end)
{
    static const char rule[] = "=============================================================";
    Buffer log = {0};
    buffer_printf(&log, "[%s%s", FILE_RECORD("1.0", "a") HEADER_RECORD("1.1", "a"),
                  "{\"TimeGenerated\":\"2026-01-07T10:00:01.15Z\",\"Message\":\"");
    buffer_printf(&log, PROFILER "%s\\n\",\"Properties\":{" ID("a") "}},%s", rule,
                  ENTRY_RECORD("1.2", "a")
                      ROW("1.25", ID("a"), PROFILER "    18                                         def f():\\n")
                          ROW("1.3", ID("a"), "memory_profiler_logs:") "{}]");
    Reading r = reading_of(buffer_text(&log));
    const Report *report = reading_report(&r, 0);
    ck_assert_uint_eq(report->rows, 2);
    ck_assert_uint_eq(report_flags(r.model, report), 0);
    assert_span(model_text(r.model, r.model->targets.items[report->target].name), "f");
    reading_free(&r);
    buffer_free(&log);
}
END_TEST

START_TEST(zero_characters_do_not_cut)
{
    Buffer s =
        summary_of_items(FILE_RECORD("1.0", "a") HEADER_RECORD("1.1", "a")
                             ROW("1.2", ID("a"), PROFILER "    17     38.4 MiB     38.4 MiB           1   a\\u0000b\\ud800c"),
                         NULL);
    Reading r = reading_of("[" FILE_RECORD("1.0", "a") HEADER_RECORD("1.1", "a") ROW(
        "1.2", ID("a"), PROFILER "    17     38.4 MiB     38.4 MiB           1   a\\u0000b\\ud800c") "{}]");
    Span contents = report_row(r.model, reading_report(&r, 0), 0).contents;
    ck_assert(span_eq(contents, (Span){"a\0b\xef\xbf\xbd"
                                       "c",
                                       7}));
    reading_free(&r);
    buffer_free(&s);
}
END_TEST

/* Damage. */

#define GOOD(id) FILE_RECORD("1.0", id) HEADER_RECORD("1.1", id) ENTRY_RECORD("1.2", id)

START_TEST(damage_in_a_list_costs_a_record)
{
    static const char *const bad[] = {
        "garbage,\n",
        "null,\n",
        "{\"Message\":\"an \"unescaped\" quote\"},\n",
        "{\"Message\":\"a line\nend\"},\n",
        "{\"Message\": [1, 2}},\n",
        "{\"Message\" \"x\"},\n",
        "{\"Message\":\"\\q\"},\n",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        Buffer log = {0};
        uint64_t damaged;
        buffer_printf(&log, "%s%s%s", GOOD("a"), bad[i], GOOD("b"));
        Buffer s = summary_of_items(buffer_text(&log), &damaged);
        ck_assert_msg(damaged == 1, "%zu: %llu damaged", i, (unsigned long long)damaged);
        assert_contains(&s, "call a F unknown 1");
        assert_contains(&s, "call b F unknown 1");
        buffer_free(&s);
        buffer_free(&log);
    }
}
END_TEST

#define BRACKETS "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["

START_TEST(damage_in_lines_costs_a_line)
{
    static const char *const bad[] = {
        "garbage with a \" quote\n",
        "{\"Message\":\"cut off\n",
        "{\"Message\":\"cut off\",\"x\":\n",
        "{\"Message\":\"an \"unescaped\" quote\"}\n",
        "]]}}\n",
        "{{{{{{{\n",
        "\"a string\"\n",
        "{\"Message\":\"x\"} and more\n",
        "{\"Message\":\\\"x\"}\n",
        "{\"Message\":" BRACKETS BRACKETS BRACKETS "\n",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        Form form = plain_form();
        Buffer log = write_objects(&form, &lines, false), with_damage = {0};
        ptrdiff_t second = span_find_byte(buffer_span(&log), '\n');
        uint64_t damaged;
        buffer_append(&with_damage, log.data, (size_t)second + 1);
        buffer_printf(&with_damage, "%s", bad[i]);
        buffer_append_span(&with_damage, span_from(buffer_span(&log), (size_t)second + 1));
        Buffer s = read_summary(buffer_span(&with_damage), &damaged);
        ck_assert_msg(strcmp(buffer_text(&s), expected_summary) == 0, "%zu:\n%s", i, buffer_text(&s));
        ck_assert_msg(damaged == 1, "%zu: %llu damaged", i, (unsigned long long)damaged);
        buffer_free(&s);
        buffer_free(&log);
        buffer_free(&with_damage);
    }
}
END_TEST

/* Strings that end, with any number of backslashes in front, at every place of a block that is scanned at once. */
START_TEST(strings_end_at_any_place)
{
    for (size_t filler = 0; filler < 130; filler++) {
        Buffer log = {0};
        buffer_printf(&log, "[");
        for (size_t slashes = 0; slashes < 5; slashes++) {
            buffer_printf(&log, "{\"TimeGenerated\":null,\"x\":\"");
            buffer_append_repeated(&log, 'x', filler);
            buffer_append_repeated(&log, '\\', 2 * slashes);
            buffer_printf(&log, "\",\"y\":[{},1,\"],\\\"]\"] , \"Message\":\"Executed 'F' (Succeeded, Id=%zu)\"},", slashes);
        }
        buffer_printf(&log, "{\"timestamp\":null,\"z\":-1.5e3}]");
        Buffer s = read_summary(buffer_span(&log), NULL);
        ck_assert_str_eq(buffer_text(&s), "call 0 F succeeded 0|\ncall 1 F succeeded 0|\ncall 2 F succeeded 0|\n"
                                          "call 3 F succeeded 0|\ncall 4 F succeeded 0|\n");
        buffer_free(&s);
        buffer_free(&log);
    }
}
END_TEST

START_TEST(tokens_out_of_place_are_damage)
{
    static const char *const bad[] = {
        "{\"a\":1 2}",        "{\"a\":,}",
        "{\"a\",\"b\":1}",    "{1:2}",
        "{\"a\":1:2}",        "{,}",
        "{\"a\":1,,}",        "{:1}",
        "{\"a\":[1 2]}",      "{\"a\":[:]}",
        "{\"a\":[1:2]}",      "{\"a\":[,1]}",
        "{\"a\":\"b\"\"c\"}", "{\"a\":{\"b\"}}",
        "{\"a\" 1}",          "{\"a\":\\}",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        for (size_t filler = 0; filler < 70; filler += 23) {
            Buffer log = {0};
            uint64_t damaged;
            buffer_printf(&log, "%s{\"pad\":\"", GOOD("a"));
            buffer_append_repeated(&log, 'x', filler);
            buffer_printf(&log, "\",%s,\n%s", bad[i] + 1, GOOD("b"));
            Buffer s = summary_of_items(buffer_text(&log), &damaged);
            ck_assert_msg(damaged == 1, "%s: %llu damaged", bad[i], (unsigned long long)damaged);
            assert_contains(&s, "call a F unknown 1");
            assert_contains(&s, "call b F unknown 1");
            buffer_free(&s);
            buffer_free(&log);
        }
    }
}
END_TEST

START_TEST(every_row_whose_dimensions_cannot_be_read_counts)
{
    uint64_t damaged;
    Buffer s = summary_of_items("{\"Message\":\"Executing 'F' (Reason='', Id=a)\",\"Properties\":\"{\\q}\"},"
                                "{\"Message\":\"Executed 'F' (Succeeded, Id=a)\",\"Properties\":\"{\\q}\"},",
                                &damaged);
    ck_assert_str_eq(buffer_text(&s), "call a F succeeded 0|\n");
    ck_assert_uint_eq(damaged, 2);
    buffer_free(&s);
}
END_TEST

START_TEST(truncated_documents_keep_what_is_whole)
{
    Form form = plain_form();
    Buffer log = write_rest(&form, 0);
    ptrdiff_t end = span_find_last(buffer_span(&log), SPAN("Executed 'Functions.Outer'"));
    uint64_t damaged;
    log.len = (size_t)end + 10;
    Buffer s = read_summary(buffer_span(&log), &damaged);
    ck_assert_uint_eq(damaged, 1);
    assert_contains(&s, "call " CALL_A " Sync succeeded 1|\n");
    assert_contains(&s, "call " CALL_B " Outer unknown 2|\n");
    buffer_free(&s);
    buffer_free(&log);
}
END_TEST

START_TEST(errors_beside_tables_are_damage)
{
    Form form = plain_form();
    Buffer log = write_rest(&form, 0), error = {0};
    uint64_t damaged;
    log.len--;
    buffer_printf(&log, ",\"error\":{\"code\":\"PartialError\"}}");
    Buffer s = read_summary(buffer_span(&log), &damaged);
    ck_assert_uint_eq(damaged, 1);
    ck_assert_str_eq(buffer_text(&s), expected_summary);
    buffer_free(&s);
    buffer_printf(&error, "{\"error\":{\"message\":\"no\",\"code\":\"PathNotFoundError\"}}");
    s = read_summary(buffer_span(&error), &damaged);
    ck_assert_uint_eq(damaged, 1);
    buffer_free(&s);
    buffer_free(&log);
    buffer_free(&error);
}
END_TEST

START_TEST(several_tables_have_columns_of_their_own)
{
    Buffer s =
        read_summary(SPAN("{\"tables\":[{\"columns\":[{\"name\":\"x\"}],\"rows\":[[1],[2]]},{\"columns\":[{\"name\":\"message\"},"
                          "{\"name\":\"InvocationId\"}],\"rows\":[[\"Executed 'F' (Succeeded, Id=a)\",null]]},"
                          "{\"columns\":[],\"rows\":[]}]}"),
                     NULL);
    ck_assert_str_eq(buffer_text(&s), "call a F succeeded 0|\n");
    buffer_free(&s);
}
END_TEST

START_TEST(rows_that_do_not_fit_are_damage)
{
    uint64_t damaged;
    Buffer s = read_summary(
        SPAN("{\"tables\":[{\"columns\":[{\"name\":\"timestamp\"},{\"name\":\"message\"}],\"rows\":[[],[\"x\"],[1,2,3],"
             "[\"2026-01-07T10:00:00Z\",\"Executed 'F' (Succeeded, Id=a)\"],[[1],[2]]]}]}"),
        &damaged);
    ck_assert_uint_eq(damaged, 3);
    ck_assert_str_eq(buffer_text(&s), "call a F succeeded 0|\n");
    buffer_free(&s);
}
END_TEST

START_TEST(deep_nesting_is_passed_over)
{
    Buffer log = {0};
    buffer_printf(&log, "[%s{\"x\":", GOOD("a"));
    buffer_append_repeated(&log, '[', 100000);
    buffer_append_repeated(&log, ']', 100000);
    buffer_printf(&log, ",\"Message\":\"Executed 'F' (Succeeded, Id=a)\",\"Properties\":");
    for (int i = 0; i < 2000; i++)
        buffer_printf(&log, "{\"a\":");
    buffer_append_byte(&log, '1');
    buffer_append_repeated(&log, '}', 2000);
    buffer_printf(&log, "},%s{}]", GOOD("b"));
    uint64_t seed = 3;
    Reading r = read_in_pieces(buffer_span(&log), 0, &seed);
    Buffer s = summary_of(&r);
    assert_contains(&s, "call a F succeeded 1");
    assert_contains(&s, "call b F unknown 1");
    ck_assert_uint_eq(parser_stats(r.parser).damaged, 1);
    buffer_free(&s);
    reading_free(&r);
    buffer_free(&log);
}
END_TEST

static void read_with_filler(const char *before, const char *behind, size_t filler, Buffer *summary, ParserStats *stats)
{
    Buffer log = {0};
    uint64_t seed = 5;
    buffer_printf(&log, "%s", before);
    buffer_append_repeated(&log, 'x', filler);
    buffer_printf(&log, "%s", behind);
    Reading r = read_in_pieces(buffer_span(&log), 65536, &seed);
    *summary = summary_of(&r);
    *stats = parser_stats(r.parser);
    stats->damage = stats->damage ? stats->damage : "";
    reading_free(&r);
    buffer_free(&log);
}

START_TEST(large_cells_are_read)
{
    Buffer s;
    ParserStats stats;
    read_with_filler("[" GOOD("a") "{\"Message\":\"root: ", "\"}," GOOD("b") "{}]", 10 << 20, &s, &stats);
    ck_assert_uint_eq(stats.damaged, 0);
    assert_contains(&s, "call b F unknown 1");
    buffer_free(&s);
    read_with_filler("[" GOOD("a") "{\"Message\":\"root: ", "\"},\n" GOOD("b") "{}]", 40 << 20, &s, &stats);
    ck_assert_uint_eq(stats.damaged, 1);
    ck_assert_uint_eq(stats.damaged_line, 4);
    assert_contains(&s, "call b F unknown 1");
    buffer_free(&s);
    read_with_filler("timestamp,message\n2026-01-07T10:00:00Z,\"", "\"\n2026-01-07T10:00:00Z,\"Executed 'F' (Succeeded, Id=a)\"\n",
                     10 << 20, &s, &stats);
    ck_assert_uint_eq(stats.damaged, 0);
    assert_contains(&s, "call a F succeeded");
    buffer_free(&s);
}
END_TEST

START_TEST(stray_quotes_in_csv_cost_a_row)
{
    static const char *const bad[] = {
        "2026-01-07T10:00:00Z,\"never closed,1\n",
        "\"2026-01-07T10:00:00Z,x,1\n",
        "2026-01-07T10:00:00Z,\"clo\"sed\"\n",
        "2026-01-07T10:00:00Z,x,\"\n",
    };
    static const char good[] = "2026-01-07T10:00:01Z,\"Executed 'F' (Succeeded, Id=%s)\",1\n"
                               "2026-01-07T10:00:02Z,\"root: a, b\",1\n";
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        Buffer log = {0};
        uint64_t damaged;
        buffer_printf(&log, "timestamp,message,itemCount\n");
        buffer_printf(&log, good, "a");
        buffer_printf(&log, "%s", bad[i]);
        for (int n = 0; n < 50; n++)
            buffer_printf(&log, good, "b");
        buffer_printf(&log, "2026-01-07T10:00:03Z,plain,1\n");
        Buffer s = read_summary(buffer_span(&log), &damaged);
        ck_assert_str_eq(buffer_text(&s), "call a F succeeded 0|\ncall b F succeeded 0|\n");
        ck_assert_msg(damaged <= 1, "%zu: %llu damaged", i, (unsigned long long)damaged);
        buffer_free(&s);
        buffer_free(&log);
    }
}
END_TEST

START_TEST(cells_of_csv)
{
    static const char *const cells[] = {"",         "\"\"",        "\"\"\"\"", "a \"word\"", "\"a \"\"word\"\"\"",
                                        "\"a\"b\"", "\"a,\r\nb\"", "\"\n\"",   " "};
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
        for (size_t filler = 0; filler < 40; filler++) {
            Buffer log = {0};
            buffer_printf(&log, "timestamp,x,y,message,z\r\n");
            for (int n = 0; n < 2; n++) {
                buffer_printf(&log, "2026-01-07T10:00:0%dZ,", n);
                buffer_append_repeated(&log, 'x', filler);
                buffer_printf(&log, ",%s,\"Executed '%s' (Succeeded, Id=%d)\",%s\r\n\r\n", cells[i], "a \"\"b\"\"", n, cells[i]);
            }
            Buffer s = read_summary(buffer_span(&log), NULL);
            ck_assert_str_eq(buffer_text(&s), "call 0 a \"b\" succeeded 0|\ncall 1 a \"b\" succeeded 0|\n");
            buffer_free(&s);
            buffer_free(&log);
        }
    }
}
END_TEST

/* So many cells or members that keeping a word for each would show. */
START_TEST(rows_without_end_take_no_memory)
{
    Buffer csv = {0}, json = {0};
    uint64_t damaged;
    buffer_printf(&csv, "timestamp,message\n");
    buffer_append_repeated(&csv, ',', 3000);
    buffer_printf(&csv, "\n2026-01-07T10:00:00Z,\"Executed 'F' (Succeeded, Id=a)\"\n");
    Buffer s = read_summary(buffer_span(&csv), &damaged);
    ck_assert_str_eq(buffer_text(&s), "call a F succeeded 0|\n");
    ck_assert_uint_eq(damaged, 1);
    buffer_free(&s);
    buffer_printf(&json, "[{\"TimeGenerated\":null");
    for (int i = 0; i < 3000; i++)
        buffer_printf(&json, ",\"n%d\":%d", i, i);
    buffer_printf(&json, ",\"Message\":\"Executed 'F' (Succeeded, Id=a)\"}]");
    s = read_summary(buffer_span(&json), NULL);
    ck_assert_str_eq(buffer_text(&s), "call a F succeeded 0|\n");
    buffer_free(&s);
    CsvCutter cutter = {.delimiter = ','};
    size_t at = 0;
    buffer_append_repeated(&csv, ',', 3000);
    csv_cutter_read(&cutter, span_from(buffer_span(&csv), csv.len - 3000), &at);
    ck_assert_uint_eq(cutter.count, 3000);
    ck_assert_uint_eq(cutter.cells.len, CSV_CELLS_MAX);
    csv_cutter_free(&cutter);
    buffer_free(&csv);
    buffer_free(&json);
}
END_TEST

START_TEST(a_quote_that_nothing_closes)
{
    Buffer log = {0};
    uint64_t seed = 1;
    buffer_printf(&log, "timestamp,message\n2026-01-07T10:00:00Z,\"never closed\n");
    for (int n = 0; n < 300000; n++)
        buffer_printf(&log, "2026-01-07T10:00:01Z,root: nothing that matters here, and no quote at all anywhere\n");
    buffer_printf(&log, "2026-01-07T10:00:01Z,Worker process started and initialized.\n");
    for (int n = 0; n < 20; n++)
        buffer_printf(&log, "2026-01-07T10:00:01Z,\"again\n");
    Reading r = read_in_pieces(buffer_span(&log), 65536, &seed);
    ParserStats stats = parser_stats(r.parser);
    ck_assert_uint_eq(stats.damaged_line, 2);
    ck_assert_uint_ge(stats.damaged, 2);
    ck_assert_uint_eq(stats.lines, 300000 + 2 + 1 + 20);
    reading_free(&r);
    buffer_free(&log);
}
END_TEST

/* Long inputs. */

/* Record `k` of call `i`. */
static void append_long_message(Buffer *out, size_t i, size_t k)
{
    static const char *const pieces[] = {"memory_profiler_logs: Filename: /app/F/x.py", HEADER,
                                         "memory_profiler_logs:     17     38.4 MiB     38.4 MiB           1   @profile",
                                         "memory_profiler_logs:     19     39.7 MiB      1.3 MiB           1       x()"};
    if (k == 0)
        buffer_printf(out, "Executing 'Functions.F' (Reason='', Id=call-%zu)", i);
    else if (k == 5)
        buffer_printf(out, "Executed 'Functions.F' (Succeeded, Id=call-%zu, Duration=1ms)", i);
    else
        buffer_printf(out, "%s", pieces[k - 1]);
}

static void append_long_log(Buffer *out, size_t from, size_t count)
{
    for (size_t i = from; i < from + count; i++) {
        for (size_t k = 0; k < 6; k++) {
            buffer_printf(out, "{\"TimeGenerated\":\"2026-01-07T%02zu:%02zu:%02zu.%03zuZ\",\"Message\":\"", i / 3600 % 24,
                          i / 60 % 60, i % 60, k);
            append_long_message(out, i, k);
            buffer_printf(out, "\",\"Properties\":{\"InvocationId\":\"call-%zu\"}}\n", i);
        }
    }
}

static void check_long_log(const Buffer *log, size_t calls, bool early)
{
    Reading r = reading_begin();
    reading_feed(&r, buffer_span(log));
    if (early)
        ck_assert_uint_gt(r.model->closed.len, calls / 2);
    else
        ck_assert_uint_eq(r.model->closed.len, 0);
    reading_end(&r);
    ck_assert_uint_eq(r.model->closed.len, calls);
    ck_assert_uint_eq(r.model->invocations.len, calls);
    for (size_t i = 0; i < calls; i++) {
        ck_assert_uint_eq(reading_report(&r, i)->rows, 2);
        ck_assert_uint_eq(report_flags(r.model, reading_report(&r, i)) & (FLAG_GAP | FLAG_TRUNCATED), 0);
        ck_assert_uint_eq(invocation_reports(r.model, reading_call(&r, i)), 1);
    }
    reading_free(&r);
}

START_TEST(inputs_in_order_or_nearly_are_passed_on_early)
{
    enum { CALLS = 6000 };
    Buffer log = {0}, halves = {0};
    append_long_log(&log, 0, CALLS);
    check_long_log(&log, CALLS, true);
    append_long_log(&halves, 1, CALLS - 1);
    append_long_log(&halves, 0, 1);
    check_long_log(&halves, CALLS, true); /* the call out of order comes last: it is whole */
    buffer_clear(&halves);
    append_long_log(&halves, 1, 10);
    append_long_log(&halves, 0, 1);
    append_long_log(&halves, 11, CALLS - 11);
    check_long_log(&halves, CALLS, true); /* the call is ten seconds late: that is waited for */
    buffer_clear(&halves);
    for (size_t i = 0; i < CALLS; i++)
        append_long_log(&halves, i ^ 1, 1);
    check_long_log(&halves, CALLS, true); /* late all the time, but never by much */
    buffer_clear(&halves);
    for (size_t i = 0; i < CALLS; i++)
        append_long_log(&halves, CALLS - 1 - i, 1);
    check_long_log(&halves, CALLS, false);
    buffer_clear(&halves);
    for (size_t i = 0; i < CALLS; i++)
        append_long_log(&halves, i * 17 % CALLS, 1);
    check_long_log(&halves, CALLS, false);
    buffer_free(&log);
    buffer_free(&halves);
}
END_TEST

Suite *export_inputs_suite(void)
{
    const TTest *const tests[] = {
        projections_give_the_same,
        containers_give_the_same,
        pretty_printed_objects_one_after_another,
        lists_of_lists_have_a_header,
        properties_of_diagnostic_records,
        csv_of_many_languages,
        csv_with_other_delimiters_and_names,
        csv_in_reverse,
        ties_are_ordered_by_what_records_are,
        captures_of_all_exports_agree,
        captures_of_the_published_query_agree,
        captures_in_pieces,
        exports_in_utf16,
        detection_tells_exports_from_text,
        detection_ends,
        input_format_overrides_detection,
        end_in_slices,
        calls_are_made_of_ids,
        lost_rows_are_gaps,
        published_query_without_times,
        copies_count_once,
        requests_complete_calls,
        exceptions_tell_why_calls_failed,
        calls_that_overlap_are_contended,
        calls_without_an_end_may_overlap,
        each_instance_is_a_process,
        messages_that_were_trimmed,
        complete_reports_keep_their_end,
        zero_characters_do_not_cut,
        damage_in_a_list_costs_a_record,
        damage_in_lines_costs_a_line,
        strings_end_at_any_place,
        tokens_out_of_place_are_damage,
        every_row_whose_dimensions_cannot_be_read_counts,
        truncated_documents_keep_what_is_whole,
        errors_beside_tables_are_damage,
        several_tables_have_columns_of_their_own,
        rows_that_do_not_fit_are_damage,
        deep_nesting_is_passed_over,
        large_cells_are_read,
        stray_quotes_in_csv_cost_a_row,
        cells_of_csv,
        rows_without_end_take_no_memory,
        a_quote_that_nothing_closes,
        inputs_in_order_or_nearly_are_passed_on_early,
    };
    Suite *suite = suite_create("export inputs");
    TCase *all = tcase_create("all");
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
        tcase_add_test(all, tests[i]);
    suite_add_tcase(suite, all);
    return suite;
}
