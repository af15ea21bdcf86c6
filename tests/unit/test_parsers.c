#include "tests/unit/support.h"

#include <inttypes.h>
#include <stdio.h>

#include "parsers/ansi.h"
#include "parsers/host.h"
#include "parsers/lines.h"
#include "parsers/parser.h"
#include "parsers/profiler.h"
#include "parsers/row_run.h"
#include "parsers/shape.h"

Suite *parsers_suite(void);

static const ProfilerColumns unknown_columns = {0};
static const ProfilerColumns memory_columns = {.known = true};
static const ProfilerColumns increment_columns = {.known = true, .increment = true};
static const ProfilerColumns all_columns = {.known = true, .increment = true, .occurrences = true};

/* Headers. */

static const struct Generation {
    const char *header;
    bool increment, occurrences;
    const char *unit;
    int memory_width, increment_width; /* of the fields, as memory_profiler formats them; 0 for none */
} generations[] = {
    {"Line #    Mem usage   Line Contents", false, false, "MB", 12, 0},                           /* 0.2 to 0.9 */
    {"Line #    Mem usage  Increment   Line Contents", true, false, "MB", 12, 10},                /* 0.10 to 0.15 */
    {"Line #    Mem usage    Increment   Line Contents", true, false, "MB", 12, 12},              /* 0.16 to 0.27 */
    {"Line #    Mem usage    Increment   Line Contents", true, false, "MiB", 12, 12},             /* 0.28 to 0.57 */
    {"Line #    Mem usage    Increment  Occurences   Line Contents", true, true, "MiB", 12, 12},  /* 0.58 */
    {"Line #    Mem usage    Increment  Occurrences   Line Contents", true, true, "MiB", 12, 12}, /* 0.59 to 0.61 */
};

enum { GENERATIONS = sizeof generations / sizeof *generations };

static ProfilerColumns columns_of(const struct Generation *g)
{
    return (ProfilerColumns){
        .known = true, .increment = g->increment, .occurrences = g->occurrences, .narrow = g->increment_width == 10};
}

START_TEST(headers_of_all_versions)
{
    for (size_t i = 0; i < GENERATIONS; i++) {
        ProfilerText text;
        ck_assert(profiler_parse(span_of(generations[i].header), unknown_columns, &text));
        ck_assert_int_eq(text.piece, PROFILER_HEADER);
        ck_assert(text.columns.known);
        ck_assert(text.columns.increment == generations[i].increment);
        ck_assert(text.columns.occurrences == generations[i].occurrences);
        ck_assert(text.columns.narrow == columns_of(&generations[i]).narrow);
    }
}
END_TEST

/* Rows. */

typedef struct Values {
    uint32_t line;
    bool measured;
    Mib memory, increment;
    unsigned decimals;
    int64_t occurrences;
    const char *contents;
} Values;

/* "{:>12}" of "12.3 MiB". */
static void append_memory(Buffer *out, Mib value, const Values *v, int width, const char *unit)
{
    char number[MIB_TEXT_MAX], field[MIB_TEXT_MAX + 8];
    mib_format(number, value, v->decimals);
    snprintf(field, sizeof field, "%s %s", number, unit);
    buffer_printf(out, " %*s", width, field);
}

/* The row as that version of memory_profiler writes it. */
static Buffer row_text(const struct Generation *g, const Values *v)
{
    Buffer out = {0};
    buffer_printf(&out, "%6" PRIu32, v->line);
    if (v->measured)
        append_memory(&out, v->memory, v, g->memory_width, g->unit);
    else
        buffer_printf(&out, " %*s", g->memory_width, "");
    if (g->increment && v->measured)
        append_memory(&out, v->increment, v, g->increment_width, g->unit);
    else if (g->increment)
        buffer_printf(&out, " %*s", g->increment_width, "");
    if (g->occurrences && v->measured)
        buffer_printf(&out, "  %10" PRId64, v->occurrences);
    else if (g->occurrences)
        buffer_printf(&out, "  %10s", "");
    buffer_printf(&out, "   %s", v->contents);
    return out;
}

static void check_row(const struct Generation *g, ProfilerColumns columns, const Values *v)
{
    Buffer line = row_text(g, v);
    ProfilerText text;
    ck_assert_msg(profiler_parse(buffer_span(&line), columns, &text) && text.piece == PROFILER_ROW, "no row: %s",
                  buffer_text(&line));
    const ProfilerRow *row = &text.row;
    ck_assert_msg(row->line == v->line && row->measured == v->measured, "%s", buffer_text(&line));
    ck_assert_msg(row->memory == (v->measured ? v->memory : MIB_NONE), "%s", buffer_text(&line));
    ck_assert_msg(row->increment == (v->measured && g->increment ? v->increment : MIB_NONE), "%s", buffer_text(&line));
    ck_assert_msg(row->occurrences == (v->measured && g->occurrences ? v->occurrences : OCCURRENCES_NONE), "%s",
                  buffer_text(&line));
    if (v->measured)
        ck_assert_msg(row->decimals == v->decimals, "%s", buffer_text(&line));
    assert_span(row->contents, v->contents);
    buffer_free(&line);
}

static const char *const sources[] = {
    "    x = 1",
    "",
    "5 * x",
    "    5 * x",
    "7",
    "12.5 MiB",
    "   1.0 MiB   2.0 MiB   3   trap",
    "Filename: x",
    "\tif a:",
    "print('|', \"Line Contents\")",
    "@profile",
    "    x = '\xc3\xa9\xe6\xbc\xa2'",
    "    trailing  ",
};

START_TEST(rows_of_all_versions_and_precisions)
{
    static const Mib values[] = {
        0, MIB_ONE, -MIB_ONE, 45 * MIB_ONE, INT64_C(38400000000), INT64_C(29800781000), 100000 * MIB_ONE, -323327 * MIB_ONE};
    enum { VALUES = sizeof values / sizeof *values };
    for (size_t g = 0; g < GENERATIONS; g++) {
        for (unsigned decimals = 0; decimals <= 6; decimals++) {
            for (size_t i = 0; i < VALUES * (sizeof sources / sizeof *sources); i++) {
                Mib unit = mib_unit(decimals);
                Values v = {.line = 17 + (uint32_t)i,
                            .measured = true,
                            .memory = values[i % VALUES] / unit * unit,
                            .increment = values[(i + 3) % VALUES] / unit * unit,
                            .decimals = decimals,
                            .occurrences = (int64_t)i * 7,
                            .contents = sources[i / VALUES]};
                check_row(&generations[g], columns_of(&generations[g]), &v);
            }
        }
    }
}
END_TEST

START_TEST(unmeasured_rows_of_all_versions)
{
    for (size_t g = 0; g < GENERATIONS; g++) {
        for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
            Values v = {.line = 3, .contents = sources[i]};
            check_row(&generations[g], columns_of(&generations[g]), &v);
        }
    }
}
END_TEST

/* The rule was at first as long as its header. */
START_TEST(rules_of_all_versions)
{
    static const char rule[] = "==========================================================================";
    for (size_t g = 0; g < GENERATIONS; g++) {
        ProfilerText text;
        ck_assert(profiler_parse((Span){rule, strlen(generations[g].header)}, columns_of(&generations[g]), &text));
        ck_assert_int_eq(text.piece, PROFILER_RULE);
    }
}
END_TEST

START_TEST(fields_that_overflow)
{
    const struct Generation *g = &generations[GENERATIONS - 1];
    check_row(g, all_columns, &(Values){1234567, true, MIB_ONE, 0, 1, 1, "    x"});
    check_row(g, all_columns, &(Values){999999999, true, MIB_ONE, 0, 1, 1, "    x"});
    check_row(g, all_columns, &(Values){39, true, INT64_C(20200000000), -323327 * MIB_ONE, 1, 10755120, "    for i in text_lst:"});
    check_row(g, all_columns, &(Values){39, true, 12345678 * MIB_ONE, -12345678 * MIB_ONE, 6, INT64_C(123456789012345), "y"});
    check_row(g, all_columns, &(Values){55, true, INT64_C(29800781000), INT64_C(29800781000), 6, 1, "    z"});
    check_row(&generations[3], increment_columns, &(Values){1234567, true, INT64_C(123456789123), -MIB_ONE, 9, 0, "    5 * x"});
}
END_TEST

static ProfilerRow parse_row(const char *line, ProfilerColumns columns)
{
    ProfilerText text;
    ck_assert_msg(profiler_parse(span_of(line), columns, &text) && text.piece == PROFILER_ROW, "no row: %s", line);
    return text.row;
}

/* A source text that begins with a number is not a count of occurrences. */
START_TEST(source_that_begins_with_a_number)
{
    static const char without[] = "    12     10.8 MiB      0.0 MiB   5 * x";
    static const char with[] = "    12     10.8 MiB      0.0 MiB           1   5 * x";
    ProfilerRow row = parse_row(without, increment_columns);
    ck_assert_int_eq(row.occurrences, OCCURRENCES_NONE);
    assert_span(row.contents, "5 * x");
    row = parse_row(without, unknown_columns);
    ck_assert_int_eq(row.occurrences, OCCURRENCES_NONE);
    assert_span(row.contents, "5 * x");
    row = parse_row(with, all_columns);
    ck_assert_int_eq(row.occurrences, 1);
    assert_span(row.contents, "5 * x");
    row = parse_row(with, unknown_columns);
    ck_assert_int_eq(row.occurrences, 1);
    assert_span(row.contents, "5 * x");
    row = parse_row(with, increment_columns);
    ck_assert_int_eq(row.occurrences, OCCURRENCES_NONE);
    assert_span(row.contents, "        1   5 * x");
    row = parse_row("    12     10.8 MiB      0.0 MiB          5 * x", unknown_columns); /* one cell short of the field */
    ck_assert_int_eq(row.occurrences, OCCURRENCES_NONE);
    row = parse_row("    12     10.8 MiB   5 * x", memory_columns);
    ck_assert(row.increment == MIB_NONE);
    assert_span(row.contents, "5 * x");
}
END_TEST

START_TEST(rows_without_a_header)
{
    ProfilerRow row = parse_row("    12     10.8 MiB     -0.0 MiB   x", unknown_columns);
    ck_assert(row.increment == 0 && row.decimals == 1);
    assert_span(row.contents, "x");
    row = parse_row("    12     10.80 MB   x", unknown_columns);
    ck_assert(row.measured && row.increment == MIB_NONE && row.decimals == 2);
    assert_span(row.contents, "x");
    row = parse_row("17     38.4 MiB     38.4 MiB           1   @profile", unknown_columns); /* leading blanks trimmed */
    ck_assert(row.line == 17 && row.occurrences == 1);
    assert_span(row.contents, "@profile");
}
END_TEST

START_TEST(trailing_blanks_that_were_lost)
{
    ProfilerRow row = parse_row("    23", all_columns);
    ck_assert(!row.measured && row.line == 23);
    assert_span(row.contents, "");
    row = parse_row("    23      ", all_columns);
    ck_assert(!row.measured);
    assert_span(row.contents, "");
    row = parse_row("    23     10.8 MiB      0.0 MiB           1", all_columns);
    ck_assert(row.measured && row.occurrences == 1);
    assert_span(row.contents, "");
    row = parse_row("    23     10.8 MiB      0.0 MiB", increment_columns);
    ck_assert(row.measured && row.increment == 0);
    assert_span(row.contents, "");
    row = parse_row("    23     10.8 MiB", memory_columns);
    ck_assert(row.measured);
    assert_span(row.contents, "");
}
END_TEST

START_TEST(text_that_is_no_piece)
{
    static const char *const texts[] = {
        "",
        "Filename",
        "Filename ./a.py",
        "filename: /a.py",
        "Line #      Hits         Time  Per Hit   % Time  Line Contents",
        "Line # Mem usage",
        "==========",
        "=======================================x",
        "2021-03-22T19:20:10 text",
        "12 monkeys",
        "     0     38.4 MiB     38.4 MiB           1   line zero",
        "    12     38.4 GiB     38.4 GiB           1   no such unit",
        "    12     38,4 MiB     38,4 MiB           1   no such number",
        "    12     38.4 MiB                            x = 1",
        "    12     38.4 MiB     38.4 MiB           ?   x = 1",
        "1234567890     38.4 MiB     38.4 MiB           1   line too far",
        "12x    38.4 MiB     38.4 MiB           1   x",
        "root: HttpTriggerSync received a request.",
        "a b:     12     38.4 MiB     38.4 MiB           1   no logger has blanks",
        ":     12     38.4 MiB     38.4 MiB           1   no name",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        ProfilerText text;
        ck_assert_msg(!profiler_parse(span_of(texts[i]), all_columns, &text), "a piece: %s", texts[i]);
    }
}
END_TEST

static void check_piece(const char *message, ProfilerPiece piece, const char *logger)
{
    ProfilerText text;
    ck_assert_msg(profiler_parse(span_of(message), all_columns, &text), "no piece: %s", message);
    ck_assert_msg(text.piece == piece, "%s is piece %d", message, (int)text.piece);
    assert_span(text.logger, logger);
}

START_TEST(loggers)
{
    check_piece("memory_profiler_logs: Filename: /a b/c.py", PROFILER_FILENAME, "memory_profiler_logs");
    check_piece("memory_profiler_logs: Line #    Mem usage    Increment  Occurrences   Line Contents", PROFILER_HEADER,
                "memory_profiler_logs");
    check_piece("memory_profiler_logs: =============================================================", PROFILER_RULE,
                "memory_profiler_logs");
    check_piece("memory_profiler_logs:     17     38.4 MiB     38.4 MiB           1   @profile", PROFILER_ROW,
                "memory_profiler_logs");
    check_piece("memory_profiler_logs: ", PROFILER_END, "memory_profiler_logs");
    check_piece("memory_profiler_logs:", PROFILER_END, "memory_profiler_logs");
    check_piece("my.app-mem_2:     17     38.4 MiB     38.4 MiB           1   @profile", PROFILER_ROW, "my.app-mem_2");
    check_piece("Filename: /a.py", PROFILER_FILENAME, "");
    check_piece("    17     38.4 MiB     38.4 MiB           1   memory_profiler_logs: x", PROFILER_ROW, "");
    check_piece("============================================================", PROFILER_RULE, "");
}
END_TEST

START_TEST(filenames)
{
    ProfilerText text;
    ck_assert(profiler_parse(SPAN("Filename: C:\\Users\\me\\app one\\__init__.py "), unknown_columns, &text));
    assert_span(text.file, "C:\\Users\\me\\app one\\__init__.py");
    ck_assert(profiler_parse(SPAN("x: Filename: Filename: a"), unknown_columns, &text));
    assert_span(text.file, "Filename: a");
}
END_TEST

START_TEST(names_of_functions)
{
    assert_span(profiler_defined_name(SPAN("def main(req: func.HttpRequest):")), "main");
    assert_span(profiler_defined_name(SPAN("    async  def  fetch (url):")), "fetch");
    assert_span(profiler_defined_name(SPAN("def first[T](x: T):")), "first");
    assert_span(profiler_defined_name(SPAN("default(x)")), "");
    assert_span(profiler_defined_name(SPAN("x = 'def f():'")), "");
    assert_span(profiler_defined_name(SPAN("")), "");
    ck_assert(profiler_begins_function(SPAN("  @memory_profiler.profile(stream=x)")));
    ck_assert(profiler_begins_function(SPAN("def f():")));
    ck_assert(!profiler_begins_function(SPAN("x = a @ b")));
    ck_assert(!profiler_begins_function(SPAN("")));
}
END_TEST

/* The host. */

typedef struct HostCase {
    const char *message;
    RecordKind kind;
    const char *function, *reason, *id;
    bool failed;
    int64_t ms;
} HostCase;

#define GUID "94cb6a58-7066-4a7c-ac33-d8d418e896f0"

static const HostCase host_cases[] = {
    {"Executing 'Functions.HttpTriggerSync' (Reason='This function was programmatically called via the host APIs.', Id=" GUID ")",
     RECORD_EXECUTING, "HttpTriggerSync", "This function was programmatically called via the host APIs.", GUID, false, -1},
    {"Executed 'Functions.HttpTriggerSync' (Succeeded, Id=" GUID ", Duration=51ms)", RECORD_EXECUTED, "HttpTriggerSync", "", GUID,
     false, 51},
    {"Executed 'Functions.HttpTriggerSync' (Failed, Id=" GUID ", Duration=4ms)", RECORD_EXECUTED, "HttpTriggerSync", "", GUID, true,
     4},
    {"Executed 'Functions.X' (Succeeded, Id=" GUID ")", RECORD_EXECUTED, "X", "", GUID, false, -1},
    {"Executed 'Functions.X' (Failed, Id=" GUID ")", RECORD_EXECUTED, "X", "", GUID, true, -1},
    {"Executing 'func' (Reason='(null)', Id=" GUID ")", RECORD_EXECUTING, "func", "(null)", GUID, false, -1},
    {"Executing 'Functions.Q' (Reason='', Id=" GUID ")", RECORD_EXECUTING, "Q", "", GUID, false, -1},
    {"Executing 'Functions.Q' (Reason='New queue message detected on 'queue'.', Id=" GUID ")", RECORD_EXECUTING, "Q",
     "New queue message detected on 'queue'.", GUID, false, -1},
    {"Executing 'Functions.T' (Reason='Timer fired at 2021-02-24T15:03:40.0035733+00:00', Id=" GUID ")", RECORD_EXECUTING, "T",
     "Timer fired at 2021-02-24T15:03:40.0035733+00:00", GUID, false, -1},
    {"Executing 'Functions.my-func_2' (Reason='x (y, Id=no)', Id=" GUID ")", RECORD_EXECUTING, "my-func_2", "x (y, Id=no)", GUID,
     false, -1},
    {"Executed 'Functions.X' (Succeeded, Id=" GUID ", Duration=9223372036854775807ms)", RECORD_EXECUTED, "X", "", GUID, false,
     INT64_MAX},
    {"Executed 'Functions.X' (Succeeded, Id=" GUID ", Duration=99999999999999999999ms)", RECORD_EXECUTED, "X", "", GUID, false, -1},
};

START_TEST(executing_and_executed)
{
    for (size_t i = 0; i < sizeof host_cases / sizeof *host_cases; i++) {
        const HostCase *c = &host_cases[i];
        Record record = {0};
        ck_assert_msg(host_parse(span_of(c->message), &record), "%s", c->message);
        ck_assert_int_eq(record.kind, c->kind);
        assert_span(record.host.function, c->function);
        assert_span(record.host.reason, c->reason);
        assert_span(record.host.id, c->id);
        ck_assert(record.host.failed == c->failed);
        ck_assert_int_eq(record.host.duration_ms, c->ms);
    }
}
END_TEST

START_TEST(text_that_is_not_the_hosts)
{
    static const char *const texts[] = {
        "",
        "Executing the plan",
        "Executing 'Functions.X'",
        "Executing 'Functions.X' (Reason='y')",
        "Executing 'Functions.X' (Reason='y', Id=94cb6a58-7066-4a7c-ac3", /* wrapped, or cut: no id of any invocation */
        "Executed 'Functions.X' (Succeeded, Id=94cb6a58-7066-4a7c-ac3",
        "Executing '' (Reason='y', Id=" GUID ")",
        "executing 'Functions.X' (Reason='y', Id=" GUID ")",
        "print(\"Executed 'Functions.X' (Succeeded, Id=" GUID ", Duration=1ms)\")",
        "Trigger Details: MessageId: 1, DequeueCount: 1, InsertedOn: 2026-01-01T17:44:53.000+00:00",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        Record record = {.kind = RECORD_TEXT};
        ck_assert_msg(!host_parse(span_of(texts[i]), &record), "%s", texts[i]);
        ck_assert_int_eq(record.kind, RECORD_TEXT);
    }
}
END_TEST

static Record host_record(const char *message)
{
    Record record = {0};
    ck_assert_msg(host_parse(span_of(message), &record), "%s", message);
    return record;
}

START_TEST(workers_and_versions)
{
    ck_assert_int_eq(host_record("Worker process started and initialized.").kind, RECORD_WORKER_STARTED);
    Record record = host_record("python exited with code 137 (0x89). System.Diagnostics.Process");
    ck_assert(record.kind == RECORD_WORKER_EXITED && record.host.code == 137);
    record = host_record("Language Worker Process exited and needs to be restarted.");
    ck_assert(record.kind == RECORD_WORKER_EXITED && record.host.code == -1);
    record = host_record("A function timeout has occurred. Restarting worker process executing invocationId '" GUID "'.");
    ck_assert_int_eq(record.kind, RECORD_WORKER_EXITED);
    record = host_record("Microsoft.Azure.WebJobs.Script: Restarting worker process");
    ck_assert_int_eq(record.kind, RECORD_WORKER_EXITED);
    record = host_record("Function Runtime Version: 4.1036.1.23224");
    ck_assert(record.kind == RECORD_HOST_VERSION && record.host.major == 4 && record.host.minor == 1036);
    ck_assert_int_eq(host_record("Log output threshold exceeded.").kind, RECORD_LOSS);
    record = host_record("Killed");
    ck_assert(record.kind == RECORD_WORKER_EXITED && record.host.code == 137);
    record = host_record("Restarting worker process");
    ck_assert_int_eq(record.kind, RECORD_WORKER_EXITED);
    ck_assert_int_eq(host_record("python3 exited with code 1").host.code, 1);
    ck_assert_int_eq(host_record("python3.11 exited with code 139 (0x8B)").host.code, 139);
    ck_assert_int_eq(host_record("python.exe exited with code 3").host.code, 3);
    Record other;
    ck_assert(!host_parse(SPAN("python 3.11 exited with code 1"), &other));
}
END_TEST

START_TEST(hosts_that_keep_order)
{
    static const struct {
        const char *banner;
        bool keeps;
    } hosts[] = {
        {"2.0.12507.0", false},   {"3.0.14287.0", false},     {"4.4.1.2", false},   {"4.35.4.23179", false}, {"4.36.0.1", true},
        {"4.635.1.2", false},     {"4.636.2.1", true},        {"4.835.1.1", false}, {"4.836.0.1", true},     {"4.1035.2.1", false},
        {"4.1036.1.23224", true}, {"4.1048.200.26180", true}, {"4.1100.0.1", true}, {"5.0.0.1", true},       {"4.", false},
    };
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
        char message[64];
        snprintf(message, sizeof message, "Function Runtime Version: %s", hosts[i].banner);
        Record record = host_record(message);
        ck_assert_int_eq(record.kind, RECORD_HOST_VERSION);
        ck_assert_msg(host_keeps_order(&record.host) == hosts[i].keeps, "%s", message);
    }
}
END_TEST

/* Shapes. */

START_TEST(shapes_let_digits_differ)
{
    Shape shape = {0};
    ck_assert(!shape_matches(&shape, (Span){0}));
    shape_learn(&shape, SPAN("[2021-03-22T19:20:10.123Z] "));
    ck_assert(shape_matches(&shape, SPAN("[1999-99-99T00:00:00.000Z] text")));
    ck_assert(shape_matches(&shape, SPAN("[2021-03-22T19:20:10.123Z] ")));
    ck_assert(!shape_matches(&shape, SPAN("[2021-03-22T19:20:10.123Z]")));
    ck_assert(!shape_matches(&shape, SPAN("[2021-03-22T19:20:10.123Z]x")));
    const char front[] = "[2021-03-22T19:20:10.123Z] ";
    for (size_t i = 0; i < sizeof front - 1; i++) {
        for (int byte = 1; byte < 256; byte++) {
            char other[sizeof front];
            memcpy(other, front, sizeof front);
            other[i] = (char)byte;
            bool digits = front[i] >= '0' && front[i] <= '9' && byte >= '0' && byte <= '9';
            ck_assert(shape_matches(&shape, (Span){other, sizeof other - 1}) == (digits || other[i] == front[i]));
        }
    }
    char text[SHAPE_MAX] = "short";
    shape_learn(&shape, (Span){text, 5});
    ck_assert(!shape_matches(&shape, (Span){text, 5}));
}
END_TEST

START_TEST(why_an_invocation_failed)
{
    ck_assert(host_is_failure_text(SPAN("Exception: ValueError: could not convert string to float: ''")));
    ck_assert(host_is_failure_text(SPAN("System.Private.CoreLib: Exception while executing function: Functions.X. "
                                        "System.Private.CoreLib: Result: Failure")));
    ck_assert(!host_is_failure_text(SPAN("Stack:   File \"x.py\", line 505, in f")));
    ck_assert(!host_is_failure_text(SPAN("root: Exception: x")));
    ck_assert(host_is_failure_text(
        SPAN("Microsoft.Azure.WebJobs.Host: Timeout value of 00:00:05 was exceeded by function: Functions.X.")));
    ck_assert(!host_is_failure_text(SPAN("System.Private.CoreLib: Result: Failure")));
    ck_assert(!host_is_failure_text(SPAN("System.Threading.Tasks.Task is waiting: x")));
    ck_assert(!host_is_failure_text(SPAN("System.Private.CoreLib")));
}
END_TEST

/* Escape sequences. */

START_TEST(escape_sequences)
{
    static const struct {
        const char *text, *plain;
    } cases[] = {
        {"plain", "plain"},
        {"\x1b[90m[ts] \x1b[39;49mtext\x1b[0m", "[ts] text"},
        {"\x1b[38;2;1;2;3mx\x1b[K", "x"},
        {"\x1b]0;title\x07x", "x"},
        {"\x1b]8;;http://a\x1b\\x\x1b]8;;\x1b\\y", "xy"},
        {"\x1b(Bx\x1b=y\x1bMz", "xyz"},
        {"x\x1b", "x"},
        {"x\x1b[12", "x"},
        {"x\x1b]never ends", "x"},
        {"x\x1b(", "x"},
        {"\x1b[m\x1b[m", ""},
    };
    Buffer scratch = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_span(ansi_strip(span_of(cases[i].text), &scratch), cases[i].plain);
    buffer_free(&scratch);
}
END_TEST

/* Lines. */

static bool has_bracket(Span line)
{
    for (size_t i = 1; i + 1 < line.len; i++)
        if (line.ptr[i] == '[' && line.ptr[i + 1] >= '0' && line.ptr[i + 1] <= '9')
            return true;
    return memchr(line.ptr, 0x1b, line.len);
}

/* What the splitter says of a line besides its text must hold for each byte of it. */
static void check_line(void *ctx, const Line *line)
{
    uint64_t *count = ctx;
    ++*count;
    ck_assert(!line->plain || !memchr(line->text.ptr, 0x1b, line->text.len));
    ck_assert(line->bracketed || !has_bracket(line->text));
}

static void check_exactly(void *ctx, const Line *line)
{
    check_line(ctx, line);
    ck_assert(line->bracketed == has_bracket(line->text));
    ck_assert(line->plain == !memchr(line->text.ptr, 0x1b, line->text.len));
}

START_TEST(brackets_and_escapes_are_seen)
{
    static const char bytes[] = "[[\n\x1b 11aaaaaaaaaaaaaaaaaaaaaa";
    uint64_t seed = 64;
    for (int round = 0; round < 3000; round++) {
        char text[300];
        size_t len = 1 + test_random(&seed) % sizeof text, piece = 1 + test_random(&seed) % len;
        for (size_t i = 0; i < len; i++)
            text[i] = bytes[test_random(&seed) % (sizeof bytes - 1)];
        text[len - 1] = '\n';
        LineSplitter whole = {0}, pieces = {0};
        uint64_t count = 0, same = 0;
        lines_feed(&whole, text, len, check_exactly, &count);
        for (size_t at = 0; at < len; at += piece)
            lines_feed(&pieces, text + at, len - at < piece ? len - at : piece, check_line, &same);
        ck_assert_uint_eq(count, same);
        lines_free(&whole);
        lines_free(&pieces);
    }
}
END_TEST

static void note_line(void *ctx, const Line *line)
{
    Buffer *out = ctx;
    buffer_printf(out, "%" PRIu64 "@%" PRIu64 "%s%s:", line->number, line->offset, line->terminated ? "" : "!",
                  line->cut ? "~" : "");
    if (line->text.len > 100)
        buffer_printf(out, "%zu", line->text.len);
    else
        buffer_append_span(out, line->text);
    buffer_append_byte(out, ';');
}

static Buffer split(Span bytes, size_t piece)
{
    LineSplitter splitter = {0};
    Buffer out = {0};
    for (size_t at = 0; at < bytes.len; at += piece) {
        Span part = span_to(span_from(bytes, at), piece);
        lines_feed(&splitter, part.ptr, part.len, note_line, &out);
        ck_assert_uint_le(splitter.partial.len, LINE_BYTES_MAX);
    }
    lines_finish(&splitter, note_line, &out);
    lines_free(&splitter);
    return out;
}

START_TEST(line_ends)
{
    static const char text[] = "a\r\nb\n\r\n\nc\rd\n\r\r\nend";
    static const char expected[] = "1@0:a;2@3:b;3@5:;4@7:;5@8:c\rd;6@12:;7@15!:end;";
    for (size_t piece = 1; piece <= sizeof text; piece++) {
        Buffer out = split(SPAN(text), piece);
        assert_span(buffer_span(&out), expected);
        buffer_free(&out);
    }
    Buffer out = split(SPAN("one\n"), 64);
    assert_span(buffer_span(&out), "1@0:one;");
    buffer_free(&out);
}
END_TEST

START_TEST(a_line_of_three_mebibytes)
{
    enum { MEBIBYTE = 1 << 20 };
    Buffer text = {0};
    buffer_append_span(&text, SPAN("first\n"));
    buffer_append_repeated(&text, 'x', 3 * MEBIBYTE);
    buffer_append_span(&text, SPAN("\r\nlast\n"));
    static const size_t pieces[] = {SIZE_MAX / 2, 64 * 1024, 4099, MEBIBYTE, MEBIBYTE + 6};
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        Buffer out = split(buffer_span(&text), pieces[i]);
        assert_span(buffer_span(&out), "1@0:first;2@6~:1048576;3@3145736:last;");
        buffer_free(&out);
    }
    buffer_free(&text);
}
END_TEST

START_TEST(a_cut_line_is_damage)
{
    Buffer text = {0};
    buffer_append_repeated(&text, 'x', 3 << 20);
    buffer_append_span(&text, SPAN("\n    23     10.8 MiB      0.0 MiB           1   x\n"));
    Reading r = reading_begin();
    reading_feed(&r, buffer_span(&text));
    ParserStats stats = parser_stats(r.parser);
    ck_assert_uint_eq(stats.damaged, 1);
    ck_assert_uint_eq(stats.lines, 2);
    ck_assert_uint_eq(stats.bytes, text.len);
    reading_end(&r);
    reading_free(&r);
    buffer_free(&text);
}
END_TEST

/* The whole parser: what it says must not depend on how the bytes come. */

typedef struct Trace {
    Buffer text;
    ReportSink inner; /* a model's: what it answers steers the parser */
} Trace;

static void trace_span(Trace *t, const char *name, Span s)
{
    if (s.len)
        buffer_printf(&t->text, " %s=%.*s", name, SPAN_ARG(s));
}

static void trace_record(void *ctx, const Record *record)
{
    Trace *t = ctx;
    Moment time = record_time(record);
    buffer_printf(&t->text, "record %d #%" PRIu64 " @%" PRIu64 " t=%" PRId64 "/%u", (int)record->kind, record->number,
                  record->offset, time.ns, time.digits);
    trace_span(t, "message", record->message);
    if (record->kind == RECORD_EXECUTING || record->kind == RECORD_EXECUTED) {
        trace_span(t, "function", record->host.function);
        trace_span(t, "id", record->host.id);
        buffer_printf(&t->text, " failed=%d ms=%" PRId64, record->host.failed, record->host.duration_ms);
    }
    buffer_append_byte(&t->text, '\n');
    t->inner.record(t->inner.ctx, record);
}

static void trace_opened(void *ctx, const ParsedReport *report)
{
    Trace *t = ctx;
    buffer_printf(&t->text, "opened %" PRIu64 " #%" PRIu64 " @%" PRIu64 "\n", report->id, report->first_number, report->offset);
    t->inner.report_opened(t->inner.ctx, report);
}

static ReportProspect trace_prospect(void *ctx, const ParsedReport *report)
{
    Trace *t = ctx;
    return t->inner.prospect(t->inner.ctx, report);
}

static bool trace_prints(void *ctx, Span function, const ParsedReport *report)
{
    Trace *t = ctx;
    return t->inner.prints(t->inner.ctx, function, report);
}

static void trace_row(Trace *t, const ParsedReport *report, size_t index)
{
    const ProfilerRow *row = &report->rows.items[index].row;
    buffer_printf(&t->text, "  %" PRIu32 " %" PRId64 " %" PRId64 " %" PRId64 " %u |", row->line, row->memory, row->increment,
                  row->occurrences, row->decimals);
    buffer_append_span(&t->text, parsed_report_contents(report, index));
    buffer_append_byte(&t->text, '\n');
}

static void trace_closed(void *ctx, const ParsedReport *report)
{
    Trace *t = ctx;
    buffer_printf(&t->text, "closed %" PRIu64 " #%" PRIu64 " #%" PRIu64 " @%" PRIu64 " t=%" PRId64, report->id,
                  report->previous_number, report->last_number, report->last_offset, report->time.ns);
    buffer_printf(&t->text, " dense=%d ended=%d truncated=%d interleaved=%d doubtful=%d gap=%d decimals=%u", report->dense,
                  report->ended, report->truncated, report->interleaved, report->doubtful, report->gap, report->decimals);
    trace_span(t, "file", buffer_span(&report->file));
    trace_span(t, "logger", buffer_span(&report->logger));
    buffer_append_byte(&t->text, '\n');
    for (size_t i = 0; i < report->rows.len; i++)
        trace_row(t, report, i);
    t->inner.report_closed(t->inner.ctx, report);
}

/* How many of the bytes that are left come next. */
typedef size_t (*Cutter)(size_t left, uint64_t *seed);

static size_t cut_whole(size_t left, uint64_t *seed)
{
    (void)seed;
    return left;
}

static size_t cut_bytes(size_t left, uint64_t *seed)
{
    (void)left;
    (void)seed;
    return 1;
}

static size_t cut_anywhere(size_t left, uint64_t *seed)
{
    size_t most = (size_t)1 << test_random(seed) % 12, n = test_random(seed) % most + 1;
    return n < left ? n : left;
}

/* With `silences` the input is silent for a while behind each piece. */
static Buffer trace_live(Span bytes, Cutter cut, uint64_t seed, bool silences)
{
    Model *m = model_new();
    Id source = model_source_add(m, SPAN("x"));
    Trace t = {.inner = model_source_sink(m, source)};
    ReportSink sink = {.ctx = &t,
                       .record = trace_record,
                       .report_opened = trace_opened,
                       .prospect = trace_prospect,
                       .prints = trace_prints,
                       .report_closed = trace_closed};
    Parser *parser = parser_new(NULL, sink);
    while (bytes.len) {
        size_t n = cut(bytes.len, &seed);
        char *copy = alloc_text(bytes.ptr, n); /* of its own, so that reading beyond it shows */
        parser_feed(parser, copy, n);
        free(copy);
        bytes = span_from(bytes, n);
        if (silences && !parser_is_in_line(parser))
            parser_settle(parser, false);
    }
    parser_finish(parser);
    ParserStats stats = parser_stats(parser);
    buffer_printf(&t.text, "%s %" PRIu64 " %" PRIu64 " %" PRIu64 "\n", stats.format ? stats.format : "-", stats.bytes, stats.lines,
                  stats.damaged);
    model_source_end(m, source);
    parser_free(parser);
    model_free(m);
    return t.text;
}

static Buffer trace_of(Span bytes, Cutter cut, uint64_t seed)
{
    return trace_live(bytes, cut, seed, false);
}

static void check_chunking(const char *name, Span bytes)
{
    enum { RANDOM_CUTS = 4 };
    Buffer whole = trace_of(bytes, cut_whole, 1);
    for (uint64_t i = 0; i <= RANDOM_CUTS; i++) {
        Buffer pieces = i ? trace_of(bytes, cut_anywhere, 1000 + i) : trace_of(bytes, cut_bytes, 1);
        ck_assert_msg(span_eq(buffer_span(&whole), buffer_span(&pieces)), "%s: cut %d differs", name, (int)i);
        buffer_free(&pieces);
    }
    buffer_free(&whole);
}

START_TEST(chunking_changes_nothing)
{
    PathList paths = test_captures(".log");
    for (size_t i = 0; i < paths.len; i++) {
        Buffer content = test_read(paths.items[i]);
        check_chunking(paths.items[i], buffer_span(&content));
        buffer_free(&content);
    }
    path_list_free(&paths);
}
END_TEST

/* A process may pause within a report, and who passes its lines on may do so within a line. */
START_TEST(short_silences_change_nothing_in_calls)
{
    PathList paths = test_captures(".log");
    for (size_t i = 0; i < paths.len; i++) {
        Buffer content = test_read(paths.items[i]);
        Buffer whole = trace_of(buffer_span(&content), cut_whole, 1);
        Buffer live = trace_live(buffer_span(&content), cut_bytes, 1, true);
        ck_assert_msg(span_eq(buffer_span(&whole), buffer_span(&live)), "%s differs", paths.items[i]);
        buffer_free(&live);
        buffer_free(&whole);
        buffer_free(&content);
    }
    path_list_free(&paths);
}
END_TEST

/* What is known of the reports that a row could go to must not outlive them. */
START_TEST(rows_behind_all_reports_are_kept)
{
    Buffer trace = trace_of(
        SPAN(
            "[2026-03-01T00:00:00.001Z] Executing 'Functions.A' (Reason='', Id=00000000-0000-0000-0000-00000000000a)\n"
            "[2026-03-01T00:00:00.001Z] Executing 'Functions.B' (Reason='', Id=00000000-0000-0000-0000-00000000000b)\n"
            "[2026-03-01T00:00:00.001Z] memory_profiler_logs: Filename: /app/A/__init__.py\n"
            "[2026-03-01T00:00:00.001Z] memory_profiler_logs: Line #    Mem usage    Increment  Occurrences   Line Contents\n"
            "[2026-03-01T00:00:00.001Z] memory_profiler_logs: Filename: /app/B/__init__.py\n"
            "[2026-03-01T00:00:00.001Z] memory_profiler_logs: Line #    Mem usage    Increment  Occurrences   Line Contents\n"
            "[2026-03-01T00:00:00.001Z] memory_profiler_logs:     10     40.0 MiB     40.0 MiB           1   @profile\n"
            "[2026-03-01T00:00:00.001Z] memory_profiler_logs:     20     41.0 MiB     41.0 MiB           1   @profile\n"
            "[2026-03-01T00:00:00.001Z] memory_profiler_logs:     22     42.0 MiB      1.0 MiB           1   x = 1\n"
            "[2026-03-01T00:00:00.001Z] Executed 'Functions.A' (Succeeded, Id=00000000-0000-0000-0000-00000000000a, Duration=1ms)\n"
            "[2026-03-01T00:00:00.001Z] Executed 'Functions.B' (Succeeded, Id=00000000-0000-0000-0000-00000000000b, Duration=1ms)\n"
            "[2026-03-01T00:00:00.001Z] memory_profiler_logs:     30     43.0 MiB      1.0 MiB           1   y = 1\n"),
        cut_whole, 1);
    ck_assert(span_find(buffer_span(&trace), SPAN("  30 43000000000 ")) >= 0);
    buffer_free(&trace);
}
END_TEST

START_TEST(chunking_changes_nothing_at_odd_ends)
{
    check_chunking("empty", SPAN(""));
    check_chunking("newline", SPAN("\n"));
    check_chunking("returns", SPAN("\r\r\n\r"));
    check_chunking("cut",
                   SPAN("Filename: a.py\n\nLine #    Mem usage    Increment  Occurrences   Line Contents\n    17     38.4 MiB"));
    check_chunking("zeros", SPAN("a\0b\n\0\nmemory_profiler_logs: \0\n"));
    check_chunking("escapes",
                   SPAN("\x1b[90m[2021-03-22T19:20:10.123Z] \x1b\n[mmemory_profiler_logs: \x1b[0mFilename: a\x1b[K\r\n"));
}
END_TEST

/*
 * Reports of one function after the other, in most of which the rows are as before, and then something is odd: bytes that come one
 * by one never make a run of rows, so what is read must be the same without.
 */

static const char *const odd_lines[] = {
    "%s: %6u     45.1 MiB      0.1 MiB          51       other text %u\n",
    "%s: %6u     45.1 MiB      0.1 MiB          51       value = line[%u]   \n",
    "%s: %6u   100000045.1 MiB      0.1 MiB          51       value = line[%u]\n",
    "%s: %6u    45.10 MiB     0.10 MiB          51       value = line[%u]\n",
    "%s: %6u     45.1 MiB      0.1 MiB          51       value = line[%u]\r\n",
    "%s: %6u     45.1 MiB      0.1 MiB          51       value = line[%u]\r\r\n",
    "%s: %6u     45.1 MiB      0.1 MiB          51       value = \x1b[0mline[%u]\n",
    "%s: %6u     45.1 MiB      0.1 MiB          51       [2026-03-01T00:00:00.003Z] %u\n",
    "%s: %6u     45.1 MiB      0.1 MiB          51\n",
    "%s: %6u     45.1 MiB     -0.1 MiB          51       \n",
    "%s: %6u\n",
    "%s.other: %6u     45.1 MiB      0.1 MiB          51       value = line[%u]\n",
    "%s: Filename: /a/%u.py\n",
    "%s: Line #    Mem usage    Increment   Line Contents\n",
    "%s: ============================================================\n",
    "%s:\n",
    "Executing 'Functions.B' (Reason='x', Id=%s-%u)\n",
    "Executed 'Functions.B' (Succeeded, Id=%s-%u, Duration=5ms)\n",
    "Executed 'Functions.A' (Succeeded, Id=%s-%u, Duration=5ms)\n",
    "text %s %u\n",
    "\n\nmemory_profiler_logs: %.0s%6u     45.1 MiB      0.1 MiB          51       value = line[7]\n",
};

enum { ODD_LINES = sizeof odd_lines / sizeof *odd_lines };

#define STAMP "[2026-03-01T00:00:%02u.%03uZ] "

static void add_stamp(Buffer *out, unsigned number)
{
    buffer_printf(out, STAMP, number / 1000 % 60, number % 1000);
}

static void add_repeated_row(Buffer *out, uint64_t *seed, unsigned number, unsigned line)
{
    static const char logger[] = "memory_profiler_logs";
    uint64_t odd = test_random(seed) % 48;
    if (odd < 3) {
        add_stamp(out, number);
        buffer_printf(out, odd_lines[test_random(seed) % ODD_LINES], logger, line, line);
    }
    if (odd < 2)
        return;
    add_stamp(out, number);
    if (line % 5 == 0)
        buffer_printf(out, "%s: %6u                                         def f%u():\n", logger, line, line);
    else
        buffer_printf(out, "%s: %6u %6u.%u MiB %6d.%u MiB %11u       value = line[%u]\n", logger, line,
                      (unsigned)(test_random(seed) % 900), (unsigned)(test_random(seed) % 10), (int)(test_random(seed) % 90) - 40,
                      (unsigned)(test_random(seed) % 10), (unsigned)(test_random(seed) % 3000), line);
    if (odd == 3)
        return;
    add_stamp(out, number);
    buffer_append_span(out, odd == 4 ? SPAN("\r\n") : odd == 5 ? SPAN(" \n") : SPAN("\n"));
    if (odd == 6) /* what stands on the line behind its stamp */
        buffer_printf(out, "Executing 'Functions.C' (Reason='x', Id=c-%u)\n", number);
}

/* A complete report, or one that has only some of the lines. */
static void add_repeated_report(Buffer *out, uint64_t *seed, unsigned number)
{
    static const char *const heads[] = {"Filename: /app/a.py", "Line #    Mem usage    Increment  Occurrences   Line Contents",
                                        "============================================================="};
    bool complete = test_random(seed) % 2;
    unsigned first = test_random(seed) % 8 ? 10 : 41;
    bool counts = test_random(seed) % 8;
    for (size_t i = 0; i < 2 + (size_t)complete; i++) {
        add_stamp(out, number);
        buffer_printf(out, "memory_profiler_logs: %s\n",
                      i == 1 && !counts ? "Line #    Mem usage    Increment   Line Contents" : heads[i]);
    }
    for (unsigned line = first; line < first + 20; line++)
        if (line == first || test_random(seed) % (complete ? 40 : 3))
            add_repeated_row(out, seed, number + line, line);
    if (complete && test_random(seed) % 8) {
        add_stamp(out, number);
        buffer_append_span(out, SPAN("memory_profiler_logs: \n"));
    }
}

static void take_lines(Buffer *out, Span *from, uint64_t count)
{
    for (; count && from->len; count--) {
        ptrdiff_t end = span_find_byte(*from, '\n');
        buffer_append_span(out, span_to(*from, (size_t)end + 1));
        *from = span_from(*from, (size_t)end + 1);
    }
}

/* Two at the same time: now and then the other one goes on. */
static void add_two_reports(Buffer *out, uint64_t *seed, unsigned number)
{
    Buffer one = {0}, other = {0};
    add_repeated_report(&one, seed, number);
    add_repeated_report(&other, seed, number + 7);
    Span first = buffer_span(&one), second = buffer_span(&other);
    while (first.len || second.len) {
        take_lines(out, &first, test_random(seed) % 30);
        take_lines(out, &second, test_random(seed) % 30);
    }
    buffer_free(&one);
    buffer_free(&other);
}

static Buffer repeated_reports(uint64_t seed)
{
    Buffer out = {0};
    unsigned reports = 4 + (unsigned)(test_random(&seed) % 12);
    for (unsigned i = 0; i < reports; i++) {
        bool two = test_random(&seed) % 4 == 0;
        for (unsigned k = 0; k <= two; k++) {
            add_stamp(&out, i * 50);
            buffer_printf(&out, "Executing 'Functions.A' (Reason='x', Id=id-%u-%u)\n", i, k);
        }
        if (two)
            add_two_reports(&out, &seed, i * 50);
        else
            add_repeated_report(&out, &seed, i * 50);
        for (unsigned k = 0; k <= two; k++) {
            add_stamp(&out, i * 50 + 40);
            buffer_printf(&out, "Executed 'Functions.A' (Succeeded, Id=id-%u-%u, Duration=5ms)\n", i, k);
        }
    }
    return out;
}

START_TEST(rows_that_repeat_are_read_as_others)
{
    for (uint64_t seed = 1; seed <= 500; seed++) {
        char name[32];
        Buffer log = repeated_reports(seed);
        snprintf(name, sizeof name, "seed %" PRIu64, seed);
        check_chunking(name, buffer_span(&log));
        buffer_free(&log);
    }
}
END_TEST

/* The bytes of a run, and how many of its lines and rows are taken. */
static const struct RunCase {
    const char *bytes;
    size_t lines, rows, taken;
} run_cases[] = {
#define RUN_FRONT "[2026-03-01T00:00:00.003Z] "
#define RUN_ROW(line, text) RUN_FRONT "x: " line "     45.1 MiB     -0.1 MiB          51   " text
    {"", 0, 0, 0},
    {RUN_FRONT "\n", 1, 0, 28},
    {RUN_ROW("    11", "eleven\n"), 1, 1, 84},
    {RUN_ROW("    11", "eleven\r\n") RUN_FRONT "\r\n", 2, 1, 114},
    {RUN_ROW("    11", "eleven\n") RUN_FRONT "\n" RUN_ROW("    12", "twelve"), 2, 1, 112},
    {RUN_ROW("    11", "eleven \n"), 0, 0, 0},
    {RUN_ROW("    11", "elever\n"), 0, 0, 0},
    {RUN_ROW("    12", "twelve\n"), 1, 1, 84},
    {RUN_ROW("    12", "twelve\n") RUN_ROW("    11", "eleven\n"), 1, 1, 84},
    {RUN_ROW("    13", "thirteen\n"), 0, 0, 0},
    {RUN_ROW("    14", "[2026-03-01T00:00:01.003Z] \n"), 0, 0, 0},
    {RUN_ROW("    15", "[2026] + [i for i in x]\n"), 1, 1, 101},
    {RUN_FRONT "x:     11                                         eleven\n", 1, 1, 84},
    {RUN_FRONT "y:     11                                         eleven\n", 0, 0, 0},
    {RUN_FRONT "x:     11                                   \n", 0, 0, 0},
    {RUN_FRONT "x:     11                              2          eleven\n", 0, 0, 0},
    {RUN_FRONT "x:     11     45.1 MiB     -0.1 MiB          51 . eleven\n", 0, 0, 0},
#undef RUN_FRONT
#undef RUN_ROW
};

START_TEST(a_run_takes_the_rows_that_are_listed)
{
    Listings listings = {0};
    Shape front;
    shape_learn(&front, SPAN("[2025-12-31T23:59:59.999Z] "));
    listings_add(&listings, 1, 10, 11, SPAN("eleven"));
    listings_add(&listings, 1, 10, 12, SPAN("twelve"));
    listings_add(&listings, 1, 10, 14, SPAN("[2026-03-01T00:00:01.003Z] "));
    listings_add(&listings, 1, 10, 15, SPAN("[2026] + [i for i in x]"));
    listings_add(&listings, 1, 13, 13, SPAN("thirteen"));
    for (size_t i = 0; i < sizeof run_cases / sizeof *run_cases; i++) {
        const struct RunCase *c = &run_cases[i];
        size_t len = strlen(c->bytes);
        char *copy = alloc_text(c->bytes, len); /* of its own, so that reading beyond it shows */
        ParsedReport report = {0};
        vec_push(&report.rows, (ParsedRow){.row.line = 10});
        RowRun run = {.listings = &listings, .listing = listings_find(&listings, 1, 10), .report = &report};
        row_run_begin(&run, &front, SPAN("x"));
        ck_assert_uint_eq(row_run_take(&run, (Span){copy, len}), c->taken);
        ck_assert_uint_eq(run.lines, c->lines);
        ck_assert_uint_eq(run.rows, c->rows);
        ck_assert_uint_eq(report.rows.len, 1 + c->rows);
        vec_free(&report.rows);
        free(copy);
    }
    listings_free(&listings);
}
END_TEST

START_TEST(listed_lines_keep_their_numbers)
{
    Listings listings = {0};
    uint32_t one = listings_add(&listings, 1, 10, 11, SPAN("one")), two = listings_add(&listings, 1, 10, 11, SPAN("two"));
    ck_assert(one && two && one != two);
    ck_assert_uint_eq(listing_number(listings_find(&listings, 1, 10), 11), two);
    ck_assert_uint_eq(listings_add(&listings, 1, 10, 11, SPAN("one")), one);
    ck_assert_uint_eq(listing_number(listings_find(&listings, 1, 10), 11), one);
    for (int turn = 0; turn < 100; turn++) { // versions of a file that take turns need no more room
        ck_assert_uint_eq(listings_add(&listings, 1, 10, 11, SPAN("two")), two);
        ck_assert_uint_eq(listings_add(&listings, 1, 10, 11, SPAN("one")), one);
    }
    ck_assert_uint_eq(listings.lines.len, 2);
    ck_assert_uint_eq(listings_add(&listings, 3, 10, 100000, SPAN("far away")), 0);
    ck_assert_uint_ne(listings_add(&listings, 2, 10, 11, SPAN("one")), one);
    ck_assert_uint_eq(listing_number(listings_find(&listings, 1, 10), 9), 0);
    ck_assert_uint_eq(listing_number(listings_find(&listings, 1, 10), 4000000000), 0);
    ck_assert_uint_eq(listings_add(&listings, 1, 10, 9, SPAN("before the first")), 0);
    ck_assert_uint_eq(listings_add(&listings, 1, 10, 4000000000, SPAN("a line of noise")), 0);
    ck_assert_ptr_null(listings_find(&listings, 1, 11));
    ck_assert(span_eq(listings_line(&listings, two)->text, SPAN("two")));
    listings_free(&listings);
}
END_TEST

/* CRLF and escape sequences make no difference but in offsets. */
static Buffer trace_without_offsets(Span bytes)
{
    Buffer trace = trace_of(bytes, cut_whole, 1), out = {0};
    for (Span rest = buffer_span(&trace); rest.len;) {
        ptrdiff_t at = span_find(rest, SPAN(" @"));
        Span head = at < 0 ? rest : span_to(rest, (size_t)at + 2);
        buffer_append_span(&out, head);
        rest = span_from(rest, head.len);
        while (rest.len && rest.ptr[0] >= '0' && rest.ptr[0] <= '9')
            rest = span_from(rest, 1);
    }
    while (out.len && out.data[--out.len - 1] != '\n') /* the last line counts bytes */
        ;
    buffer_free(&trace);
    return out;
}

START_TEST(crlf_and_colours_change_nothing)
{
    PathList paths = test_captures("sequential-true.log");
    Buffer plain = test_read(paths.items[0]), crlf = {0}, coloured = {0};
    for (size_t i = 0; i < plain.len; i++) {
        char c = plain.data[i];
        buffer_append_span(&crlf, c == '\n' ? SPAN("\r\n") : (Span){&plain.data[i], 1});
        buffer_append_span(&coloured, c == '[' ? SPAN("\x1b[90m[") : c == ']' ? SPAN("]\x1b[39;49m") : (Span){&plain.data[i], 1});
    }
    Buffer expected = trace_without_offsets(buffer_span(&plain)), a = trace_without_offsets(buffer_span(&crlf)),
           b = trace_without_offsets(buffer_span(&coloured));
    ck_assert_uint_gt(expected.len, 2000);
    ck_assert(span_eq(buffer_span(&expected), buffer_span(&a)));
    ck_assert(span_eq(buffer_span(&expected), buffer_span(&b)));
    Buffer *all[] = {&plain, &crlf, &coloured, &expected, &a, &b};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        buffer_free(all[i]);
    path_list_free(&paths);
}
END_TEST

START_TEST(formats_are_told)
{
    static const struct {
        const char *log, *format;
    } cases[] = {
        {"hello\n", NULL},
        {"Functions:\n", NULL},
        {"memory_profiler_logs:\n", NULL},
        {"[2021-03-22T19:20:10.123Z] hello\n", "coretools"},
        {"[2020-09-18T15:44:46.123] hello\n", "coretools"},
        {"Filename: a.py\n", "profiler"},
        {"Worker process started and initialized.\n", "coretools"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Reading r = reading_of(cases[i].log);
        const char *format = parser_stats(r.parser).format;
        ck_assert_msg(span_eq(span_of(format), span_of(cases[i].format)), "%s is %s", cases[i].log, format);
        reading_free(&r);
    }
}
END_TEST

Suite *parsers_suite(void)
{
    Suite *suite = suite_create("parsers");
    TCase *tcase = tcase_create("parsers");
    tcase_add_test(tcase, headers_of_all_versions);
    tcase_add_test(tcase, rows_of_all_versions_and_precisions);
    tcase_add_test(tcase, unmeasured_rows_of_all_versions);
    tcase_add_test(tcase, rules_of_all_versions);
    tcase_add_test(tcase, fields_that_overflow);
    tcase_add_test(tcase, source_that_begins_with_a_number);
    tcase_add_test(tcase, rows_without_a_header);
    tcase_add_test(tcase, trailing_blanks_that_were_lost);
    tcase_add_test(tcase, text_that_is_no_piece);
    tcase_add_test(tcase, loggers);
    tcase_add_test(tcase, filenames);
    tcase_add_test(tcase, names_of_functions);
    tcase_add_test(tcase, executing_and_executed);
    tcase_add_test(tcase, text_that_is_not_the_hosts);
    tcase_add_test(tcase, workers_and_versions);
    tcase_add_test(tcase, hosts_that_keep_order);
    tcase_add_test(tcase, shapes_let_digits_differ);
    tcase_add_test(tcase, why_an_invocation_failed);
    tcase_add_test(tcase, escape_sequences);
    tcase_add_test(tcase, brackets_and_escapes_are_seen);
    tcase_add_test(tcase, line_ends);
    tcase_add_test(tcase, a_line_of_three_mebibytes);
    tcase_add_test(tcase, a_cut_line_is_damage);
    tcase_add_test(tcase, chunking_changes_nothing);
    tcase_add_test(tcase, chunking_changes_nothing_at_odd_ends);
    tcase_add_test(tcase, rows_that_repeat_are_read_as_others);
    tcase_add_test(tcase, a_run_takes_the_rows_that_are_listed);
    tcase_add_test(tcase, listed_lines_keep_their_numbers);
    tcase_add_test(tcase, short_silences_change_nothing_in_calls);
    tcase_add_test(tcase, rows_behind_all_reports_are_kept);
    tcase_add_test(tcase, crlf_and_colours_change_nothing);
    tcase_add_test(tcase, formats_are_told);
    suite_add_tcase(suite, tcase);
    return suite;
}
