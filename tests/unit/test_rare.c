/* What logs seldom have: numbers and lines as large as they get, odd ends, very many reports at once. */
#include <stdio.h>

#include "base/saturate.h"
#include "model/report.h"
#include "model/table.h"
#include "parsers/csv_reader.h"
#include "parsers/export_time.h"
#include "parsers/json_value.h"
#include "tests/unit/support.h"

Suite *rare_suite(void);

#define P "[2026-01-01T00:00:00.000Z] "
#define M P "memory_profiler_logs: "
#define COLUMNS M "Line #    Mem usage    Increment  Occurrences   Line Contents\n"
#define BEGIN(function, id) P "Executing 'Functions." function "' (Reason='', Id=" id ")\n"
#define END(function, id) P "Executed 'Functions." function "' (Succeeded, Id=" id ", Duration=5ms)\n"
#define EXITED(text) P text "\n"

static Table *table_of(const Reading *r, TableId id, Scope scope)
{
    Table *t = table_new(r->model, id, scope);
    table_refresh(t);
    return t;
}

static Cell cell_at(const Table *t, RowKey row, const char *column)
{
    size_t index = table_column_named(table_kind(t), span_of(column));
    ck_assert_uint_ne(index, SIZE_MAX);
    return table_cell(t, row, index);
}

static void check_explains(const Table *t, size_t row, const char *part)
{
    Buffer words = {0};
    table_explain(t, table_row(t, row), &words);
    assert_contains(&words, part);
    buffer_free(&words);
}

/* Large numbers. */

START_TEST(sums_stay_at_their_limits)
{
    ck_assert_int_eq(saturate_add(2, -3), -1);
    ck_assert_int_eq(saturate_add(INT64_MAX, -INT64_MAX), 0);
    ck_assert_int_eq(saturate_add(INT64_MAX, 1), INT64_MAX);
    ck_assert_int_eq(saturate_add(-INT64_MAX, -1), -INT64_MAX); /* not INT64_MIN */
    ck_assert_int_eq(saturate_add(-INT64_MAX, -2), -INT64_MAX);
    ck_assert_int_eq(saturate_subtract(2, 3), -1);
    ck_assert_int_eq(saturate_subtract(INT64_MAX, -1), INT64_MAX);
    ck_assert_int_eq(saturate_subtract(-INT64_MAX, 1), -INT64_MAX);
    ck_assert_int_eq(saturate_subtract(-INT64_MAX, INT64_MAX), -INT64_MAX);
    ck_assert_int_eq(saturate_subtract(0, INT64_MIN), INT64_MAX);
}
END_TEST

#define LARGEST "2305843009.213693951"
#define LARGE_REPORTS 6

static void append_large_call(Buffer *log, const char *id, const char *increment)
{
    buffer_printf(log, BEGIN("F", "%s"), id);
    for (int i = 0; i < LARGE_REPORTS; i++)
        buffer_printf(log,
                      M "Filename: /app/F/__init__.py\n" COLUMNS M "    10 " LARGEST " MiB " LARGEST
                        " MiB           1   @profile\n" M "    12 " LARGEST
                        " MiB %s2000000000.000000000 MiB  9223372036854775807       x = y\n" M "\n",
                      increment);
    buffer_printf(log, END("F", "%s"), id);
}

/* Increments and occurrences of one line that no sum holds: it stays the largest, or the lowest, there is. */
START_TEST(sums_of_large_numbers)
{
    Buffer log = {0};
    append_large_call(&log, "00000001-0000-4000-8000-000000000000", " ");
    append_large_call(&log, "00000002-0000-4000-8000-000000000000", "-");
    append_large_call(&log, "00000003-0000-4000-8000-000000000000", "-");
    Reading r = reading_of(buffer_text(&log));
    ck_assert_uint_eq(r.model->reports.len, 3 * LARGE_REPORTS);
    Table *lines = table_of(&r, TABLE_LINES, SCOPE_ALL);
    RowKey row = table_row(lines, 0);
    ck_assert_int_eq(cell_at(lines, row, "line").number, 12);
    ck_assert_int_eq(cell_at(lines, row, "sum").number, -INT64_MAX);
    ck_assert_int_eq(cell_at(lines, row, "per-run").number, -1); /* by INT64_MAX runs */
    table_free(lines);
    Table *calls = table_of(&r, TABLE_INVOCATIONS, SCOPE_ALL);
    Scope scope;
    table_set_sort(calls, (TableSort){0, false});
    table_refresh(calls);
    ck_assert(compare_scope(calls, 0, 1, &scope));
    Table *both = table_of(&r, TABLE_COMPARE, scope);
    size_t compared = 0;
    for (size_t i = 0; i < table_length(both); i++) {
        row = table_row(both, i);
        if (cell_at(both, row, "contents").text.ptr && span_find(cell_at(both, row, "contents").text, SPAN("x = y")) >= 0) {
            compared++;
            ck_assert_int_eq(cell_at(both, row, "increment-a").number, INT64_MAX);
            ck_assert_int_eq(cell_at(both, row, "increment-b").number, -INT64_MAX);
            ck_assert_int_eq(cell_at(both, row, "difference").number, -INT64_MAX);
        }
    }
    ck_assert_uint_eq(compared, 1);
    table_free(both);
    table_free(calls);
    reading_free(&r);
    buffer_free(&log);
}
END_TEST

/* Ends of workers. */

static void check_exit(const char *end, const char *error)
{
    Buffer log = {0};
    buffer_printf(
        &log, BEGIN("F", "00000001-0000-4000-8000-000000000000") P "%s\n" BEGIN("F", "00000002-0000-4000-8000-000000000000"), end);
    Reading r = reading_of(buffer_text(&log));
    assert_span(invocation_error(r.model, reading_call(&r, 0)), error);
    assert_span(invocation_error(r.model, reading_call(&r, 1)), "");
    ck_assert_uint_ne(invocation_process(r.model, reading_call(&r, 0)), invocation_process(r.model, reading_call(&r, 1)));
    Table *t = table_of(&r, TABLE_INVOCATIONS, SCOPE_ALL);
    if (*error)
        check_explains(t, table_find(t, 0), error);
    check_explains(t, table_find(t, 1), "No report");
    table_free(t);
    reading_free(&r);
    buffer_free(&log);
}

START_TEST(exit_codes_say_what_they_mean)
{
    check_exit("Language Worker Process exited. Pid=7.", "the Python worker exited");
    check_exit("python exited with code 1 (0x1).", "the Python worker exited with code 1");
    check_exit("python3 exited with code 134 (0x86).", "the Python worker exited with code 134 (aborted)");
    check_exit("python exited with code 139 (0x8B).", "the Python worker exited with code 139 (crashed in native code)");
    check_exit("python exited with code 143 (0x8F).", "the Python worker exited with code 143 (told to stop)");
    check_exit("Killed",
               "the Python worker exited with code 137 (killed: most often the container or the machine ran out of memory)");
    check_exit("A function timeout has occurred. Restarting worker process executing invocation", "the Python worker exited");
}
END_TEST

#define ROW(second, instance, id, message)                                                                                         \
    "{\"TimeGenerated\":\"2026-01-07T10:00:0" second "Z\",\"Message\":\"" message                                                  \
    "\",\"Properties\":{\"HostInstanceId\":\"" instance "\"," id "\"Category\":\"Function.F.User\"}},\n"
#define ID(id) "\"InvocationId\":\"" id "\","

/* A worker that starts anew on one instance is another process there, and changes nothing elsewhere. */
START_TEST(workers_of_instances_start_anew)
{
    static const Id expected[] = {0, 1, 2, 1, 2};
    Reading r = reading_of("[" ROW("1", "h1", ID("a"), "memory_profiler_logs: Filename: /x.py")
                               ROW("2", "h2", ID("b"), "memory_profiler_logs: Filename: /x.py")
                                   ROW("3", "h1", , "Worker process started and initialized.")
                                       ROW("4", "h1", , "Worker process started and initialized.")
                                           ROW("5", "h1", ID("c"), "memory_profiler_logs: Filename: /x.py")
                                               ROW("6", "h2", ID("d"), "memory_profiler_logs: Filename: /x.py")
                                                   ROW("7", "h1", ID("e"), "memory_profiler_logs: Filename: /x.py") "{}]");
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        ck_assert_uint_eq(report_process(r.model, reading_report(&r, i)), expected[i]);
    ck_assert_uint_eq(r.model->processes.len, 3);
    reading_free(&r);
}
END_TEST

/* Words about rows. */

START_TEST(odd_calls_and_rows_are_explained)
{
    Reading r = reading_of(
        BEGIN("F", "00000001-0000-4000-8000-000000000000") M
        "Filename: /app/F/__init__.py\n" COLUMNS M "    10     50.0 MiB     50.0 MiB           1   @profile\n" M
        "    12     60.0 MiB     10.0 MiB           3       x = y\n" M
        "    13     55.0 MiB     -5.0 MiB           1       del x\n" M
        "    15     55.0 MiB     55.0 MiB           1       await z\n" M "\n" END("F", "00000001-0000-4000-8000-000000000000")
            BEGIN("F", "00000002-0000-4000-8000-000000000000") END("F", "00000002-0000-4000-8000-000000000000")
                BEGIN("F", "00000003-0000-4000-8000-000000000000") P
        "Executed 'Functions.F' (Failed, Id=00000003-0000-4000-8000-000000000000, Duration=5ms)\n" P
        "System.Private.CoreLib: Exception while executing function: Functions.F. System.Private.CoreLib: Result: Failure\n" P
        "Exception: MemoryError: \n" P "Stack:   File \"x.py\", line 1, in f\n" BEGIN("F", "00000004-0000-4000-8000-000000000000"));
    Table *calls = table_of(&r, TABLE_INVOCATIONS, SCOPE_ALL);
    check_explains(calls, table_find(calls, 1), "No report: no profiled function ran to its end in this call.");
    check_explains(calls, table_find(calls, 2), "Python could not get the memory that it asked for.");
    check_explains(calls, table_find(calls, 3), "No report");
    table_free(calls);
    Scope scope = SCOPE_ALL;
    scope.report = 0;
    Table *rows = table_of(&r, TABLE_REPORT, scope);
    static const char *const words[] = {
        "Entry: the process used 50.0 MiB", "not in the log", "Increment: sum over 3 runs of this line",
        "Negative: memory was freed",       "not in the log", "Suspect: control came back here"};
    ck_assert_uint_eq(table_length(rows), sizeof words / sizeof *words);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        check_explains(rows, i, words[i]);
    ck_assert_int_eq(cell_at(rows, table_row(rows, 5), "increment").style, STYLE_SUSPECT);
    table_free(rows);
    scope = SCOPE_ALL;
    scope.line = report_row(r.model, reading_report(&r, 0), 3).source_line;
    Table *history = table_of(&r, TABLE_HISTORY, scope);
    ck_assert_int_eq(cell_at(history, table_row(history, 0), "increment").style, STYLE_SUSPECT);
    table_free(history);
    reading_free(&r);
}
END_TEST

/* While the input goes on a call without an end runs. */
START_TEST(running_calls_have_no_report_yet)
{
    Reading r = reading_begin();
    reading_feed(&r, SPAN(BEGIN("F", "00000001-0000-4000-8000-000000000000")));
    Table *t = table_of(&r, TABLE_INVOCATIONS, SCOPE_ALL);
    check_explains(t, 0, "No report yet: it is printed when the profiled function returns.");
    table_free(t);
    reading_end(&r);
    reading_free(&r);
}
END_TEST

/* Several reports of a call. */

#define CALL_1 "00000001-0000-4000-8000-000000000000"
#define CALL_2 "00000002-0000-4000-8000-000000000000"
#define FILE_RECORD(file) M "Filename: " file "\n" COLUMNS
#define ENTRY(line, memory) M "    " line "     " memory " MiB     " memory " MiB           1   @profile\n"
#define LINE(line, memory, increment, text) M "    " line "     " memory " MiB     " increment " MiB           1       " text "\n"

/* Reports of one target are taken together, whatever stands between them, in source order. */
START_TEST(reports_of_a_call_are_compared_together)
{
    Reading r = reading_of(BEGIN("F", CALL_1) FILE_RECORD("/a.py") ENTRY("10", "40.0") LINE("14", "43.0", " 3.0", "late()") M
                           "\n" FILE_RECORD("/b.py") ENTRY("30", "43.0") LINE("31", "44.0", " 1.0", "other()") M
                           "\n" FILE_RECORD("/a.py") ENTRY("10", "44.0") LINE("12", "46.0", " 2.0", "early()")
                               LINE("14", "47.0", " 1.0", "late()") M "\n" END("F", CALL_1) BEGIN("F", CALL_2) FILE_RECORD("/a.py")
                                   ENTRY("10", "50.0") LINE("14", "59.0", " 9.0", "late()") M "\n" END("F", CALL_2));
    static const struct {
        int64_t line, a, b;
    } expected[] = {{12, 2 * MIB_ONE, 0}, {14, 4 * MIB_ONE, 9 * MIB_ONE}};
    Table *calls = table_of(&r, TABLE_INVOCATIONS, SCOPE_ALL);
    Scope scope;
    ck_assert(compare_scope(calls, 0, 1, &scope));
    scope.target = 0;
    Table *both = table_of(&r, TABLE_COMPARE, scope);
    table_set_sort(both, (TableSort){table_column_named(table_kind(both), SPAN("line")), false});
    table_refresh(both);
    ck_assert_uint_eq(table_length(both), 3);
    for (size_t i = 0; i < 2; i++) {
        RowKey row = table_row(both, i + 1); /* the first is the entry */
        ck_assert_int_eq(cell_at(both, row, "line").number, expected[i].line);
        ck_assert_int_eq(cell_at(both, row, "increment-a").number, expected[i].a);
        ck_assert_int_eq(cell_at(both, row, "increment-b").number, expected[i].b);
    }
    table_free(both);
    table_free(calls);
    reading_free(&r);
}
END_TEST

/* Code that two functions run. */
START_TEST(shared_code_is_marked)
{
    Reading r = reading_of(BEGIN("F", CALL_1) FILE_RECORD("/a.py") ENTRY("10", "40.0") M "\n" END("F", CALL_1) BEGIN("G", CALL_2)
                               FILE_RECORD("/a.py") ENTRY("10", "41.0") M "\n" END("G", CALL_2));
    Table *t = table_of(&r, TABLE_FUNCTIONS, SCOPE_ALL);
    ck_assert_uint_eq(table_length(t), 1);
    assert_span(cell_at(t, table_row(t, 0), "function").text, "F +");
    table_free(t);
    reading_free(&r);
}
END_TEST

/* What a snapshot shows of a source file stays when table and text are gone. */
START_TEST(snapshots_keep_the_source)
{
    Reading r = reading_of(BEGIN("F", CALL_1) FILE_RECORD("/a.py") M "     1     40.0 MiB     40.0 MiB           1   @profile\n" M
                                                                     "     4     41.0 MiB      1.0 MiB           1       b = 2\n" M
                                                                     "\n" END("F", CALL_1));
    SourceText source = {0};
    Buffer text = {0};
    Scope scope = SCOPE_ALL;
    buffer_append_span(&text, SPAN("@profile\ndef f():\n    a = 1\n    b = 2\n"));
    source_text_set(&source, text);
    scope.report = 0;
    Table *t = table_of(&r, TABLE_REPORT, scope);
    table_set_source(t, &source);
    table_refresh(t);
    ck_assert_uint_eq(table_length(t), 4);
    RowKey row = table_row(t, 2);
    Table *kept = table_snapshot(t);
    table_free(t);
    source_text_free(&source);
    ck_assert_int_eq(cell_at(kept, row, "line").number, 3);
    ck_assert(span_ends(cell_at(kept, row, "contents").text, SPAN("a = 1")));
    table_free(kept);
    reading_free(&r);
}
END_TEST

/* Two inputs. */

static void read_another(Reading *r, const char *log)
{
    parser_free(r->parser);
    r->source = model_source_add(r->model, SPAN("other.log"));
    r->parser = parser_new(NULL, model_source_sink(r->model, r->source));
    reading_feed(r, span_of(log));
    reading_end(r);
}

#define WIDE_REPORT(first, second)                                                                                                 \
    FILE_RECORD("/a.py")                                                                                                           \
    M "    10 40.000000001 MiB 40.000000001 MiB           1   @profile\n" M "    12 " first                                        \
      " MiB  1.000000000 MiB           1       x()\n" M "\n" FILE_RECORD("/a.py") M                                                \
        "    10 40.000000001 MiB 40.000000001 MiB           1   @profile\n" M "    12 " second                                     \
        " MiB  1.000000000 MiB           1       x()\n" M "\n"

/*
 * The second input lacks a report and has the Executing, which the first lacks: of the equal reports one counts, and each call is
 * completed. With nine decimals rows are kept in wide form.
 */
START_TEST(inputs_complete_each_other)
{
    Reading r = reading_of("[2026-01-01T00:00:00.000Z] Function Runtime Version: 4.1036.0\n"
                           "[2026-01-01T00:00:01.000Z] Executed 'Functions.F' (Succeeded, Id=" CALL_1 ", Duration=5ms)\n");
    ck_assert(!moment_known(invocation_started(r.model, reading_call(&r, 0))));
    read_another(&r, "[2026-01-01T00:00:00.000Z] Executing 'Functions.F' (Reason='a queue', Id=" CALL_1 ")\n");
    for (size_t i = 0; i < 2; i++) {
        ck_assert(moment_known(invocation_started(r.model, reading_call(&r, i))));
        ck_assert(moment_known(invocation_ended(r.model, reading_call(&r, i))));
        ck_assert_int_eq(reading_call(&r, i)->outcome, OUTCOME_SUCCEEDED);
        assert_span(invocation_reason(r.model, reading_call(&r, i)), "a queue");
    }
    ck_assert(reading_call(&r, 0)->hidden != reading_call(&r, 1)->hidden);
    reading_free(&r);
    r = reading_of(BEGIN("F", CALL_1) WIDE_REPORT("41.000000001", "42.000000001") END("F", CALL_1));
    ck_assert(reading_report(&r, 0)->wide);
    read_another(&r, BEGIN("F", CALL_1) WIDE_REPORT("42.000000001", "43.000000001") END("F", CALL_1));
    ck_assert_uint_eq(r.model->reports.len, 4);
    /* the equal ones are each other's: the second of the first input, the first of the second; the other two are left */
    ck_assert_uint_eq(reading_report(&r, 0)->duplicate + reading_report(&r, 3)->duplicate, 1);
    ck_assert_uint_eq(reading_report(&r, 1)->duplicate + reading_report(&r, 2)->duplicate, 1);
    reading_free(&r);
}
END_TEST

/* Very many. */

enum { MANY_CALLS = 4200, MANY_REPORTS = 2000 };

/* More calls without an end than are remembered: memory stays bounded, and what ends is still found. */
START_TEST(calls_that_never_end)
{
    Buffer log = {0};
    for (int i = 0; i < MANY_CALLS; i++)
        buffer_printf(&log, BEGIN("F", "%08d-0000-4000-8000-000000000000"), i);
    buffer_printf(&log, END("F", "%08d-0000-4000-8000-000000000000"), MANY_CALLS - 1);
    Reading r = reading_of(buffer_text(&log));
    ck_assert_uint_eq(r.model->invocations.len, MANY_CALLS);
    ck_assert_int_eq(reading_call(&r, MANY_CALLS - 1)->outcome, OUTCOME_SUCCEEDED);
    ck_assert_int_eq(reading_call(&r, 0)->outcome, OUTCOME_UNKNOWN);
    ck_assert(reading_call(&r, 0)->contended);
    ck_assert(r.model->processes.items[0].cut_start);
    reading_free(&r);
    buffer_free(&log);
}
END_TEST

/* More reports than may wait for an owner: the oldest are given up, and each has what can be said of it. */
START_TEST(reports_that_nobody_ends)
{
    Buffer log = {0};
    buffer_printf(&log, BEGIN("F", "00000001-0000-4000-8000-000000000000") BEGIN("F", "00000002-0000-4000-8000-000000000000"));
    for (int i = 0; i < MANY_REPORTS; i++)
        buffer_printf(&log, M "Filename: /app/F/__init__.py\n" COLUMNS M
                              "    10     50.0 MiB     50.0 MiB           1   @profile\n" M "\n");
    Reading r = reading_begin();
    reading_feed(&r, buffer_span(&log));
    ck_assert_uint_gt(r.model->closed.len, 1024);
    ck_assert_int_eq(reading_report(&r, 0)->attribution, ATTRIBUTION_AMBIGUOUS);
    ck_assert_int_eq(reading_report(&r, r.model->closed.len - 1)->attribution, ATTRIBUTION_PENDING);
    reading_end(&r);
    for (size_t i = 0; i < MANY_REPORTS; i++)
        ck_assert_int_eq(reading_report(&r, i)->attribution, ATTRIBUTION_AMBIGUOUS);
    reading_free(&r);
    buffer_free(&log);
}
END_TEST

enum { AT_ONCE = 48, ROWS_EACH = 60 };

static void append_row(Buffer *log, unsigned row)
{
    if (row == 0)
        buffer_append_span(log, SPAN(M "Filename: /app/F/__init__.py\n"));
    else if (row == 1)
        buffer_append_span(log, SPAN(COLUMNS));
    else if (row == 2)
        buffer_append_span(log, SPAN(M "============================================================\n"));
    else if (row == 3)
        buffer_append_span(log, SPAN(ENTRY("10", "40.0")));
    else if (row == ROWS_EACH + 3)
        buffer_append_span(log, SPAN(M "\n"));
    else
        buffer_printf(log, M "%6u     40.0 MiB      0.0 MiB           1       x = %u\n", row + 7, row);
}

/*
 * Complete reports of the same code that are printed at once, and whose values tell nothing: rows wait for a decision nearly all
 * the time, longer than the matcher keeps states that no guess has any more. Each report gets all of its lines.
 */
START_TEST(many_reports_of_the_same_code_at_once)
{
    Buffer log = {0};
    unsigned come[AT_ONCE] = {0};
    uint64_t seed = 9;
    buffer_append_span(&log, SPAN(P "Function Runtime Version: 4.1036.0\n"));
    buffer_append_span(&log, SPAN(BEGIN("F", "00000099-0000-4000-8000-000000000000")));
    for (unsigned row = 0; row < ROWS_EACH + 4; row++)
        append_row(&log, row);
    buffer_append_span(&log, SPAN(END("F", "00000099-0000-4000-8000-000000000000")));
    for (unsigned i = 0; i < AT_ONCE; i++)
        buffer_printf(&log, BEGIN("F", "%08u-0000-4000-8000-000000000000"), i);
    for (unsigned left = AT_ONCE * (ROWS_EACH + 4); left; left--) {
        size_t i = test_random(&seed) % AT_ONCE;
        while (come[i] == ROWS_EACH + 4)
            i = (i + 1) % AT_ONCE;
        append_row(&log, come[i]++);
    }
    for (unsigned i = 0; i < AT_ONCE; i++)
        buffer_printf(&log, END("F", "%08u-0000-4000-8000-000000000000"), i);
    Reading r = reading_of(buffer_text(&log));
    ck_assert_uint_eq(r.model->reports.len, 1 + AT_ONCE);
    for (size_t i = 0; i <= AT_ONCE; i++) {
        ck_assert_uint_eq(reading_report(&r, i)->rows, ROWS_EACH);
        for (uint32_t k = 0; k < ROWS_EACH; k++)
            ck_assert_uint_eq(report_row(r.model, reading_report(&r, i), k).line, 10 + k);
    }
    reading_free(&r);
    buffer_free(&log);
}
END_TEST

/* Rows of CSV that are no rows. */

#define CSV_EXECUTED(id) "2026-01-07T10:00:00Z,\"Executed 'F' (Succeeded, Id=" id ")\""

static Reading read_in(const Buffer *log, size_t piece)
{
    Reading r = reading_begin();
    for (size_t at = 0; at < log->len; at += piece)
        reading_feed(&r, span_to(span_from(buffer_span(log), at), piece));
    reading_end(&r);
    return r;
}

/* The ids of all calls, and what was damaged. */
static void check_csv(const Buffer *log, size_t piece, const char *ids, uint64_t damaged, uint64_t line, const char *damage)
{
    Reading r = read_in(log, piece);
    ParserStats stats = parser_stats(r.parser);
    Buffer got = {0};
    for (Id i = 0; i < r.model->invocations.len; i++)
        buffer_append_span(&got, test_call_id(r.model, i));
    assert_span(buffer_span(&got), ids);
    ck_assert_uint_eq(stats.damaged, damaged);
    ck_assert_uint_eq(stats.damaged_line, line);
    assert_span(span_of(stats.damage), damage);
    ck_assert_uint_eq(stats.bytes, log->len);
    buffer_free(&got);
    reading_free(&r);
}

/* A line that is too long costs itself, and memory for it is given up before its end comes. */
START_TEST(csv_lines_that_are_too_long)
{
    static const size_t pieces[] = {65536, SIZE_MAX / 2};
    for (size_t within = 0; within < 2; within++) {
        Buffer log = {0};
        buffer_printf(&log, "timestamp,message\n" CSV_EXECUTED("a") "\n2026-01-07T10:00:00Z,%s", within ? "\"x\n" : "");
        buffer_append_repeated(&log, 'x', CSV_ROW_BYTES_MAX + 100);
        buffer_printf(&log, "%s\n" CSV_EXECUTED("b") "\n", within ? "\"" : "");
        for (size_t i = 0; i < 2; i++)
            check_csv(&log, pieces[i], "ab", 1, within ? 4 : 3, "line longer than 16 MiB");
        buffer_printf(&log, "2026-01-07T10:00:00Z,");
        buffer_append_repeated(&log, 'x', CSV_ROW_BYTES_MAX + 100);
        for (size_t i = 0; i < 2; i++)
            check_csv(&log, pieces[i], "ab", 2, within ? 4 : 3, "line longer than 16 MiB");
        buffer_free(&log);
    }
}
END_TEST

/* What a quote that stays open swallows is read after all, also the last row of a file that ends without a line end. */
START_TEST(csv_rows_behind_an_open_quote)
{
    static const char *const ends[] = {"\n", "", "\r\n"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        Buffer log = {0};
        buffer_printf(&log,
                      "timestamp,message\n" CSV_EXECUTED("a") "\n2026-01-07T10:00:00Z,\"never closed\n" CSV_EXECUTED("b") "%s",
                      ends[i]);
        for (size_t piece = 1; piece < 2 * log.len; piece *= 2)
            check_csv(&log, piece, "ab", 1, 3, "a quote that is not closed");
        buffer_clear(&log);
        buffer_printf(
            &log,
            "timestamp,message\n2026-01-07T10:00:00Z,\"never closed\n2026-01-07T10:00:00Z,\"Executed 'F' (Succeeded, Id=b)\"%s",
            ends[i]);
        for (size_t piece = 1; piece < 2 * log.len; piece *= 2)
            check_csv(&log, piece, "b", 1, 2, "a quote that is not closed");
        buffer_free(&log);
    }
}
END_TEST

/* Values of JSON in Python's notation. */

static void check_python(const char *python, const char *json)
{
    Buffer out = {0};
    json_from_single_quoted(span_of(python), &out);
    assert_span(buffer_span(&out), json);
    buffer_free(&out);
}

START_TEST(python_values_become_json)
{
    check_python("{'a': None, 'b': [True, False, 1.5]}", "{\"a\": null, \"b\": [true, false, 1.5]}");
    check_python("{'a': \"it's\", 'b': 'None'}", "{\"a\": \"it's\", \"b\": \"None\"}");
    check_python("{'a': 'say \"x\"'}", "{\"a\": \"say \\\"x\\\"\"}");
    check_python("{'a': 'C:\\\\x'", "{\"a\": \"C:\\\\x\"");
    check_python("'never closed", "\"never closed\"");
}
END_TEST

/* Messages of exports. */

/* Several pieces of a report in one message; only the first says the logger. */
START_TEST(messages_of_many_lines)
{
    Reading r = reading_of("[" ROW("1", "h", ID("a"),
                                   "\\r\\nmemory_profiler_logs: Filename: /x.py\\r\\n\\r\\n"
                                   "Line #    Mem usage    Increment  Occurrences   Line Contents\\r\\n"
                                   "====================\\r\\n"
                                   "    17     38.4 MiB     38.4 MiB           1   @profile\\r\\n"
                                   "    19     39.4 MiB      1.0 MiB           1       x()\\r\\n") "{}]");
    const Report *report = reading_report(&r, 0);
    ck_assert_uint_eq(report->rows, 2);
    ck_assert_uint_eq(report_row(r.model, report, 1).line, 19);
    reading_free(&r);
}
END_TEST

/* Services cut messages by characters, not by bytes: rows of all exports are cut alike. */
START_TEST(long_messages_are_cut_by_characters)
{
    enum { FRONT = sizeof "memory_profiler_logs:     19     39.4 MiB      1.0 MiB           1   " - 1, MOST = 32768 };
    Buffer log = {0};
    buffer_printf(
        &log, "[" ROW("1", "h", ID("a"), "memory_profiler_logs: Filename: /x.py")
                  ROW("2", "h", ID("a"), "memory_profiler_logs: Line #    Mem usage    Increment  Occurrences   Line Contents"));
    for (int length = 0; length < 2; length++) {
        Buffer contents = {0};
        for (int i = 0; i < MOST - FRONT + 100 * length; i++)
            buffer_append_span(&contents, SPAN("\xc3\xbc"));
        buffer_printf(&log, ROW("3", "h", ID("a"), "memory_profiler_logs:     %d     39.4 MiB      1.0 MiB           1   %.*s"),
                      19 + length, SPAN_ARG(buffer_span(&contents)));
        buffer_free(&contents);
    }
    buffer_printf(&log, "{}]");
    Reading r = reading_of(buffer_text(&log));
    ck_assert_uint_eq(reading_report(&r, 0)->rows, 2);
    for (uint32_t i = 0; i < 2; i++)
        ck_assert_uint_eq(report_row(r.model, reading_report(&r, 0), i).contents.len, 2 * (MOST - FRONT));
    reading_free(&r);
    buffer_free(&log);
}
END_TEST

/* An answer whose columns cannot be read is damage, and what comes behind it is read. */
START_TEST(columns_that_cannot_be_read)
{
    Buffer log = {0};
    buffer_printf(&log, "{\"tables\":[{\"name\":\"PrimaryResult\",\"columns\":");
    buffer_append_repeated(&log, '[', 100);
    buffer_append_repeated(&log, ']', 100);
    buffer_printf(
        &log, ",\"rows\":[[\"2026-01-07T10:00:00Z\",\"Executed 'F' (Succeeded, Id=a)\"]]},{\"name\":\"PrimaryResult\",\"columns\":"
              "[{\"name\":\"timestamp\"},{\"name\":\"message\"}],\"rows\":[[\"2026-01-07T10:00:00Z\",\"Executed 'F' (Succeeded, "
              "Id=b)\"]]}]}");
    Reading r = reading_of(buffer_text(&log));
    ck_assert_uint_ge(parser_stats(r.parser).damaged, 1);
    ck_assert_uint_eq(r.model->invocations.len, 1);
    assert_span(test_call_id(r.model, 0), "b");
    reading_free(&r);
    buffer_free(&log);
}
END_TEST

START_TEST(dates_that_are_none)
{
    static const char *const texts[] = {
        "13/13/2026, 10:00:00 AM", "0/1/2026, 10:00:00 AM", "1/32/2026, 10:00:00 AM", "1/2/2026, 10:00:00 AM more", "1/2/2026",
        "1/2/2026, 10:00:00 ax"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        DateEvidence evidence = {0};
        ck_assert_msg(!moment_known(export_time_parse(span_of(texts[i]), &evidence).moment), "%s", texts[i]);
    }
    DateEvidence evidence = {0};
    ck_assert(moment_known(export_time_parse(SPAN("1/2/2026, 10:00:00 a.m."), &evidence).moment));
    ck_assert(!moment_known(date_swapped(MOMENT_NONE)));
}
END_TEST

/* A line that comes in parts, as container runtimes write it, and never ends: it is cut, and said to be. */
START_TEST(parts_of_a_line_without_end)
{
    Buffer log = {0};
    buffer_printf(&log, "{\"log\":\""
                        "[2026-01-01T00:00:00.000Z] ");
    for (int i = 0; i < 80; i++) {
        if (i)
            buffer_printf(&log, "{\"log\":\"");
        buffer_append_repeated(&log, 'x', 16384);
        buffer_printf(&log, "%s\",\"stream\":\"stdout\",\"time\":\"2026-01-01T00:00:00.000000000Z\"}\n", i == 79 ? "\\n" : "");
    }
    buffer_printf(&log,
                  "{\"log\":\"[2026-01-01T00:00:01.000Z] Executed 'Functions.F' (Succeeded, Id=" CALL_1 ", Duration=5ms)\\n\","
                  "\"stream\":\"stdout\",\"time\":\"2026-01-01T00:00:01.000000000Z\"}\n");
    Reading r = reading_of(buffer_text(&log));
    ParserStats stats = parser_stats(r.parser);
    ck_assert_uint_eq(stats.damaged, 1);
    assert_span(span_of(stats.damage), "line longer than 1 MiB, cut");
    ck_assert_uint_eq(r.model->invocations.len, 1);
    reading_free(&r);
    buffer_free(&log);
}
END_TEST

Suite *rare_suite(void)
{
    Suite *suite = suite_create("rare");
    TCase *tcase = tcase_create("rare");
    tcase_add_test(tcase, sums_stay_at_their_limits);
    tcase_add_test(tcase, sums_of_large_numbers);
    tcase_add_test(tcase, exit_codes_say_what_they_mean);
    tcase_add_test(tcase, workers_of_instances_start_anew);
    tcase_add_test(tcase, odd_calls_and_rows_are_explained);
    tcase_add_test(tcase, running_calls_have_no_report_yet);
    tcase_add_test(tcase, calls_that_never_end);
    tcase_add_test(tcase, reports_that_nobody_ends);
    tcase_add_test(tcase, csv_lines_that_are_too_long);
    tcase_add_test(tcase, csv_rows_behind_an_open_quote);
    tcase_add_test(tcase, python_values_become_json);
    tcase_add_test(tcase, reports_of_a_call_are_compared_together);
    tcase_add_test(tcase, shared_code_is_marked);
    tcase_add_test(tcase, snapshots_keep_the_source);
    tcase_add_test(tcase, inputs_complete_each_other);
    tcase_add_test(tcase, messages_of_many_lines);
    tcase_add_test(tcase, long_messages_are_cut_by_characters);
    tcase_add_test(tcase, columns_that_cannot_be_read);
    tcase_add_test(tcase, dates_that_are_none);
    tcase_add_test(tcase, parts_of_a_line_without_end);
    tcase_add_test(tcase, many_reports_of_the_same_code_at_once);
    suite_add_tcase(suite, tcase);
    return suite;
}
