#include "tests/unit/support.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/assignment.h"
#include "model/log_place.h"
#include "model/report.h"
#include "model/selection.h"
#include "model/stats.h"
#include "model/table.h"

Suite *model_suite(void);

/* Writing logs as Core Tools prints them, a millisecond a line. */

typedef struct Log {
    Buffer text;
    unsigned ms;
} Log;

static void say(Log *log, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void say(Log *log, const char *format, ...)
{
    char line[512];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    buffer_printf(&log->text, "[2021-03-22T19:20:%02u.%03uZ] %s\n", 10 + log->ms / 1000, log->ms % 1000, line);
    log->ms++;
}

static void call_begins(Log *log, const char *function, const char *id)
{
    say(log, "Executing 'Functions.%s' (Reason='test', Id=%s)", function, id);
}

static void call_ends(Log *log, const char *function, const char *id)
{
    say(log, "Executed 'Functions.%s' (Succeeded, Id=%s, Duration=7ms)", function, id);
}

static void call_fails(Log *log, const char *function, const char *id, const char *exception)
{
    say(log, "Executed 'Functions.%s' (Failed, Id=%s, Duration=7ms)", function, id);
    say(log, "System.Private.CoreLib: Exception while executing function: Functions.%s. System.Private.CoreLib: Result: Failure",
        function);
    say(log, "Exception: %s", exception);
    say(log, "Stack:   File \"x.py\", line 1, in f");
}

static void report_begins(Log *log, const char *file)
{
    say(log, "memory_profiler_logs: Filename: %s", file);
    say(log, "memory_profiler_logs: Line #    Mem usage    Increment  Occurrences   Line Contents");
}

static void rule(Log *log)
{
    say(log, "memory_profiler_logs: =============================================================");
}

static void row(Log *log, unsigned line, const char *memory, const char *increment, unsigned runs, const char *contents)
{
    say(log, "memory_profiler_logs: %6u %8s MiB %8s MiB  %10u   %s", line, memory, increment, runs, contents);
}

static void blank_row(Log *log, unsigned line, const char *contents)
{
    say(log, "memory_profiler_logs: %6u%38s   %s", line, "", contents);
}

static void report_ends(Log *log)
{
    say(log, "memory_profiler_logs: ");
}

#define SYNC "/app/Sync/__init__.py"
#define ASYNC "/app/Async/__init__.py"
#define SHARED "/app/function_app.py"

/* A sparse report: its entry row and one more. */
static void report(Log *log, const char *file, unsigned line, const char *entry, const char *after, const char *increment)
{
    report_begins(log, file);
    row(log, line, entry, entry, 1, "@profile");
    row(log, line + 2, after, increment, 1, "    x = work()");
}

static Reading read_log(Log *log)
{
    Reading r = reading_of(buffer_text(&log->text));
    buffer_free(&log->text);
    return r;
}

static Mib mib(const char *text)
{
    Mib value;
    unsigned decimals;
    ck_assert(mib_parse(span_of(text), &value, &decimals));
    return value;
}

static bool has_flag(const Reading *r, size_t index, ReportFlag flag)
{
    return report_flags(r->model, reading_report(r, index)) & flag;
}

/* Ids. */

static const char *const id_texts[] = {"0f8fad5b-d9cb-469f-a165-70867728950e", "0F8FAD5B-D9CB-469F-A165-70867728950E",
                                       "0f8fad5bd9cb469fa16570867728950e", "0f8fad5b-d9cb-469f-a165-70867728950f"};

/* An id is told from others, found again at its end, and shown as the host wrote it. */
START_TEST(ids_stay_as_they_are)
{
    Log log = {0};
    size_t count = sizeof id_texts / sizeof *id_texts;
    for (size_t i = 0; i < count; i++)
        call_begins(&log, "Sync", id_texts[i]);
    for (size_t i = count; i-- > 0;)
        call_ends(&log, "Sync", id_texts[i]);
    Reading r = read_log(&log);
    ck_assert_uint_eq(r.model->invocations.len, count);
    for (Id i = 0; i < count; i++) {
        assert_span(test_call_id(r.model, i), id_texts[i]);
        ck_assert_uint_eq(reading_call(&r, i)->outcome, OUTCOME_SUCCEEDED);
        ck_assert_uint_eq(log_invocation_at(r.model, r.source, span_of(id_texts[i])), i);
    }
    reading_free(&r);
}
END_TEST

/* The entry row. */

START_TEST(entry_of_a_sparse_report)
{
    Log log = {0};
    report(&log, SYNC, 17, "38.4", "39.7", "1.3");
    Reading r = read_log(&log);
    const Report *report = reading_report(&r, 0);
    ck_assert_uint_eq(report_entry(r.model, report), 0);
    ck_assert(report_baseline(r.model, report) == mib("38.4"));
    ck_assert(report_peak(r.model, report) == mib("39.7"));
    ck_assert(report_growth(r.model, report) == mib("1.3"));
    ck_assert(report_largest(r.model, report) == mib("1.3"));
    ck_assert(report_row(r.model, report, 0).entry && !report_row(r.model, report, 1).entry);
    ck_assert_uint_eq(r.model->targets.items[report->target].first_line, 17);
    reading_free(&r);
}
END_TEST

START_TEST(no_row_is_promoted_to_entry)
{
    Log log = {0};
    report_begins(&log, SYNC);
    row(&log, 19, "39.7", "1.3", 1, "    x = work()");
    row(&log, 20, "44.7", "5.0", 1, "    y = work()");
    Reading r = read_log(&log);
    const Report *report = reading_report(&r, 0);
    ck_assert_uint_eq(report_entry(r.model, report), NO_ID);
    ck_assert(report_baseline(r.model, report) == MIB_NONE);
    ck_assert(report_growth(r.model, report) == MIB_NONE);
    ck_assert(report_peak(r.model, report) == mib("44.7"));
    ck_assert(report_largest(r.model, report) == mib("5.0"));
    reading_free(&r);
}
END_TEST

START_TEST(entry_of_a_complete_report)
{
    Log log = {0};
    report_begins(&log, SYNC);
    rule(&log);
    blank_row(&log, 17, "@decorated");
    row(&log, 18, "38.4", "38.4", 1, "def main(req):");
    row(&log, 19, "38.4", "-0.0", 1, "    x = 1");
    report_ends(&log);
    Reading r = read_log(&log);
    const Report *report = reading_report(&r, 0);
    ck_assert_uint_eq(report_entry(r.model, report), 1);
    ck_assert(report_baseline(r.model, report) == mib("38.4"));
    ck_assert(report_largest(r.model, report) == MIB_NONE);
    ck_assert_uint_eq(report_hot(r.model, report), NO_ID);
    assert_span(model_text(r.model, r.model->targets.items[report->target].name), "main");
    ck_assert_uint_eq(report_flags(r.model, report), 0);
    reading_free(&r);
}
END_TEST

/* Before 0.48 the entry row has the increment 0.0. */
START_TEST(entry_of_an_old_report)
{
    static const char log[] = "Filename: old.py\n\n"
                              "Line #    Mem usage    Increment   Line Contents\n"
                              "================================================\n"
                              "     3    22.20 MB      0.00 MB   @profile\n"
                              "     4                             def f():\n"
                              "     5    30.20 MB      8.00 MB       x = [1]\n\n\n";
    Reading r = reading_of(log);
    const Report *report = reading_report(&r, 0);
    ck_assert_uint_eq(report->rows, 3);
    ck_assert(report_baseline(r.model, report) == mib("22.2"));
    ck_assert(report_growth(r.model, report) == mib("8.0"));
    ck_assert_uint_eq(report_flags(r.model, report), 0);
    ck_assert_int_eq(report_row(r.model, report, 0).occurrences, OCCURRENCES_NONE);
    reading_free(&r);
}
END_TEST

START_TEST(entry_that_overlapping_coroutines_spoiled)
{
    Log log = {0};
    call_begins(&log, "Async", "a");
    report_begins(&log, ASYNC);
    row(&log, 12, "29.8", "22.3", 2, "@profile");
    row(&log, 14, "30.8", "1.0", 1, "    x = 1");
    call_ends(&log, "Async", "a");
    call_begins(&log, "Async", "b");
    report_begins(&log, ASYNC);
    row(&log, 12, "30.8", "30.8", 2, "@profile");
    row(&log, 14, "31.8", "1.0", 1, "    x = 1");
    call_ends(&log, "Async", "b");
    Reading r = read_log(&log);
    ck_assert(report_baseline(r.model, reading_report(&r, 0)) == mib("29.8"));
    ck_assert(has_flag(&r, 0, FLAG_ASYNC_OVERLAP));
    ck_assert(has_flag(&r, 1, FLAG_ASYNC_OVERLAP));
    reading_free(&r);
}
END_TEST

START_TEST(entry_that_recursion_repeats)
{
    Log log = {0};
    call_begins(&log, "Sync", "a");
    report(&log, SYNC, 12, "30.0", "31.0", "1.0");
    report_begins(&log, SYNC);
    row(&log, 12, "30.0", "30.0", 2, "@profile");
    row(&log, 14, "31.0", "1.0", 2, "    x = 1");
    call_ends(&log, "Sync", "a");
    Reading r = read_log(&log);
    ck_assert(!has_flag(&r, 0, FLAG_ASYNC_OVERLAP));
    ck_assert(!has_flag(&r, 1, FLAG_ASYNC_OVERLAP));
    reading_free(&r);
}
END_TEST

/* What is printed first tells recursion, which ends inside, from coroutines that one call began together. */
START_TEST(entries_of_recursion_and_of_coroutines)
{
    static const char report_of[] = "Filename: a.py\n\n"
                                    "Line #    Mem usage    Increment  Occurrences   Line Contents\n"
                                    "=============================================================\n"
                                    "     2     23.7 MiB     %.1f MiB           %d   @profile\n"
                                    "     3                                         def g(n):\n"
                                    "     4     24.5 MiB      0.8 MiB           %d       x = [n]\n\n\n";
    for (int descending = 0; descending < 2; descending++) {
        Buffer log = {0};
        for (int i = 0; i < 3; i++) {
            int depth = descending ? 2 - i : i;
            buffer_printf(&log, report_of, 23.7 - 0.8 * depth, depth + 1, depth + 1);
        }
        Reading r = reading_of(buffer_text(&log));
        for (int i = 0; i < 3; i++)
            ck_assert(has_flag(&r, (size_t)i, FLAG_ASYNC_OVERLAP) == (descending && i < 2));
        reading_free(&r);
        buffer_free(&log);
    }
}
END_TEST

/* Suspect rows. */

static bool is_suspect(const char *before, const char *memory, const char *increment)
{
    Log log = {0};
    report_begins(&log, SYNC);
    row(&log, 17, "10.0", "10.0", 1, "@profile");
    row(&log, 19, before, "0.1", 1, "    a = 1");
    row(&log, 20, memory, increment, 1, "    b = 2");
    Reading r = read_log(&log);
    const Report *report = reading_report(&r, 0);
    bool suspect = report_row(r.model, report, 2).suspect;
    ck_assert(!report_row(r.model, report, 0).suspect && !report_row(r.model, report, 1).suspect);
    ck_assert_uint_eq(report_hot(r.model, report), suspect ? 1 : 2);
    reading_free(&r);
    return suspect;
}

START_TEST(rows_with_the_whole_memory_again)
{
    ck_assert(is_suspect("100.0", "100.0", "100.0"));
    ck_assert(is_suspect("100.0", "100.0", "90.0"));
    ck_assert(!is_suspect("100.0", "100.0", "89.9"));
    ck_assert(is_suspect("50.0", "100.0", "100.0"));
    ck_assert(!is_suspect("49.9", "100.0", "100.0"));
    ck_assert(!is_suspect("100.0", "300.0", "200.0"));
}
END_TEST

/* Tables, asked by name. */

static Table *fresh_table(const Model *m, TableId id, Scope scope)
{
    Table *t = table_new(m, id, scope);
    table_refresh(t);
    return t;
}

static Buffer text_at(const Table *t, size_t index, const char *column)
{
    Buffer out = {0};
    size_t c = table_column_named(table_kind(t), span_of(column));
    ck_assert_msg(c != SIZE_MAX, "no column %s", column);
    Cell cell = table_cell(t, table_row(t, index), c);
    cell_text(&cell, &out);
    return out;
}

static void check_cell(const Table *t, size_t index, const char *column, const char *expected)
{
    Buffer text = text_at(t, index, column);
    ck_assert_msg(span_eq(buffer_span(&text), span_of(expected)), "%s of row %zu is \"%s\", not \"%s\"", column, index,
                  buffer_text(&text), expected);
    buffer_free(&text);
}

static void sort_by(Table *t, const char *column, bool descending)
{
    table_set_sort(t, (TableSort){table_column_named(table_kind(t), span_of(column)), descending});
    table_refresh(t);
}

/* Growth and what calls keep. */

static void calls_alone(Log *log, const char *const *entries, size_t count, size_t restart_before)
{
    for (size_t i = 0; i < count; i++) {
        char id[32];
        snprintf(id, sizeof id, "call-%zu", i);
        if (i == restart_before)
            say(log, "Worker process started and initialized.");
        call_begins(log, "Sync", id);
        report(log, SYNC, 17, entries[i], "99.0", "1.5");
        call_ends(log, "Sync", id);
    }
}

START_TEST(what_calls_keep)
{
    static const char *const entries[] = {"40.0", "43.0", "45.5", "60.0"};
    Log log = {0};
    calls_alone(&log, entries, 4, SIZE_MAX);
    Reading r = read_log(&log);
    Table *functions = fresh_table(r.model, TABLE_FUNCTIONS, SCOPE_ALL);
    ck_assert_uint_eq(table_length(functions), 1);
    check_cell(functions, 0, "function", "Sync");
    check_cell(functions, 0, "calls", "4");
    check_cell(functions, 0, "first", "40.0");
    check_cell(functions, 0, "entry", "60.0");
    check_cell(functions, 0, "growth", "59.0");
    check_cell(functions, 0, "kept", "3.0"); /* of 3.0, 2.5 and 14.5 */
    check_cell(functions, 0, "increment", "1.5");
    Table *calls = fresh_table(r.model, TABLE_INVOCATIONS, SCOPE_ALL);
    sort_by(calls, "started", false);
    check_cell(calls, 0, "kept", "3.0");
    check_cell(calls, 2, "kept", "14.5");
    check_cell(calls, 3, "kept", "");
    table_free(functions);
    table_free(calls);
    reading_free(&r);
}
END_TEST

START_TEST(a_new_worker_keeps_nothing)
{
    static const char *const entries[] = {"40.0", "43.0", "30.0", "31.0"};
    Log log = {0};
    calls_alone(&log, entries, 4, 2);
    Reading r = read_log(&log);
    ck_assert_uint_eq(r.model->processes.len, 2);
    ck_assert_uint_eq(r.model->processes.items[report_process(r.model, reading_report(&r, 1))].number, 0);
    ck_assert_uint_eq(r.model->processes.items[report_process(r.model, reading_report(&r, 2))].number, 1);
    ck_assert_uint_eq(r.model->processes.items[invocation_process(r.model, reading_call(&r, 3))].number, 1);
    Table *calls = fresh_table(r.model, TABLE_INVOCATIONS, SCOPE_ALL);
    sort_by(calls, "started", false);
    check_cell(calls, 0, "kept", "3.0");
    check_cell(calls, 1, "kept", "");
    check_cell(calls, 2, "kept", "1.0");
    Table *functions = fresh_table(r.model, TABLE_FUNCTIONS, SCOPE_ALL);
    check_cell(functions, 0, "kept", "1.0");
    table_free(functions);
    table_free(calls);
    reading_free(&r);
}
END_TEST

START_TEST(one_process_until_a_worker_starts_again)
{
    Reading r =
        reading_of("Worker process started and initialized.\n[2021-03-22T19:20:10.123Z] Worker process started and initialized.\n");
    ck_assert_uint_eq(r.model->processes.len, 1);
    reading_free(&r);
}
END_TEST

START_TEST(medians)
{
    uint64_t seed = 7;
    for (size_t count = 1; count < 60; count++) {
        MibList list = {0};
        for (size_t i = 0; i < count; i++)
            vec_push(&list, (Mib)(test_random(&seed) % 20));
        Mib median = mib_median(&list);
        size_t below = 0, up_to = 0;
        for (size_t i = 0; i < count; i++) {
            below += list.items[i] < median;
            up_to += list.items[i] <= median;
        }
        ck_assert_msg(below <= (count - 1) / 2 && up_to > (count - 1) / 2, "%zu values", count);
        vec_free(&list);
    }
    MibList none = {0};
    ck_assert(mib_median(&none) == MIB_NONE);
}
END_TEST

/* Flags. */

START_TEST(flags_sparse_and_complete)
{
    Log log = {0};
    report(&log, SYNC, 17, "38.4", "39.7", "1.3");
    report_begins(&log, ASYNC);
    rule(&log);
    row(&log, 17, "38.4", "38.4", 1, "@profile");
    blank_row(&log, 18, "def f():");
    report_ends(&log);
    Reading r = read_log(&log);
    ck_assert_uint_eq(report_flags(r.model, reading_report(&r, 0)), FLAG_SPARSE);
    ck_assert_uint_eq(report_flags(r.model, reading_report(&r, 1)), 0);
    reading_free(&r);
}
END_TEST

/* "Filename: x" is no report where others say it; where a logger wrote reports it is one that was cut. */
START_TEST(filenames_of_others)
{
    static const char header[] = "Line #    Mem usage    Increment  Occurrences   Line Contents";
    Log log = {0};
    say(&log, "root: Filename: upload.csv");
    report(&log, SYNC, 17, "38.4", "39.7", "1.3");
    say(&log, "Filename: upload.csv");
    say(&log, "Filename: print.py");
    say(&log, "%s", header);
    say(&log, "    17     38.4 MiB     38.4 MiB           1   @profile");
    say(&log, "other: Filename: other.py");
    say(&log, "other: %s", header);
    say(&log, "other: Filename: cut.py");
    Reading r = read_log(&log);
    ck_assert_uint_eq(r.model->reports.len, 4);
    static const char *const files[] = {SYNC, "print.py", "other.py", "cut.py"};
    for (size_t i = 0; i < 4; i++) {
        const Report *report = reading_report(&r, i);
        assert_span(model_text(r.model, r.model->targets.items[report->target].file), files[i]);
        ck_assert(has_flag(&r, i, FLAG_TRUNCATED) == (i > 1));
    }
    reading_free(&r);
}
END_TEST

/* LogFile keeps rows for words in their source text, too, and its logger may have no name in the log. */
START_TEST(flag_sparse_of_odd_reports)
{
    Log log = {0};
    report_begins(&log, SYNC);
    row(&log, 17, "38.4", "38.4", 1, "@profile");
    blank_row(&log, 19, "    print('1 MiB 2 MiB')");
    row(&log, 20, "38.4", "0.0", 1, "    y = 'Line Contents'");
    report_begins(&log, SYNC);
    row(&log, 17, "38.4", "38.4", 1, "@profile");
    row(&log, 20, "38.4", "0.0", 1, "    y = 1");
    static const char bare[] = "[2021-03-22T19:20:31.000Z] Filename: a.py\n"
                               "[2021-03-22T19:20:31.000Z] Line #    Mem usage    Increment  Occurrences   Line Contents\n"
                               "[2021-03-22T19:20:31.000Z]     17     38.4 MiB     38.4 MiB           1   @profile\n";
    buffer_append_span(&log.text, SPAN(bare));
    Reading r = read_log(&log);
    ck_assert_uint_eq(report_flags(r.model, reading_report(&r, 0)), FLAG_SPARSE);
    ck_assert_uint_eq(report_flags(r.model, reading_report(&r, 1)), 0);
    ck_assert_uint_eq(report_flags(r.model, reading_report(&r, 2)), FLAG_SPARSE);
    reading_free(&r);
}
END_TEST

START_TEST(flag_truncated)
{
    Log log = {0};
    call_begins(&log, "Sync", "a");
    report_begins(&log, SYNC);
    call_ends(&log, "Sync", "a");
    call_begins(&log, "Sync", "b");
    report_begins(&log, SYNC);
    rule(&log);
    row(&log, 17, "38.4", "38.4", 1, "@profile");
    call_ends(&log, "Sync", "b");
    report(&log, SYNC, 17, "38.4", "39.7", "1.3");
    buffer_append_span(&log.text,
                       SPAN("[2021-03-22T19:20:30.000Z] memory_profiler_logs:     20     39.8 MiB      0.1 MiB           1   y"));
    Reading r = read_log(&log);
    ck_assert_uint_eq(r.model->reports.len, 3);
    ck_assert(has_flag(&r, 0, FLAG_TRUNCATED)); /* no rows */
    ck_assert(has_flag(&r, 1, FLAG_TRUNCATED)); /* complete, without its end */
    ck_assert(has_flag(&r, 2, FLAG_TRUNCATED)); /* the input ended within its last line */
    ck_assert_uint_eq(reading_report(&r, 2)->rows, 3);
    reading_free(&r);
}
END_TEST

START_TEST(the_profilers_own_error)
{
    Log log = {0};
    call_begins(&log, "Sync", "a");
    report(&log, SYNC, 17, "38.4", "39.7", "1.3");
    call_fails(&log, "Sync", "a", "ValueError: could not convert string to float: ''");
    call_begins(&log, "Sync", "b");
    call_fails(&log, "Sync", "b", "KeyError: 'price'");
    Reading r = read_log(&log);
    ck_assert(has_flag(&r, 0, FLAG_TRUNCATED));
    ck_assert(reading_call(&r, 0)->profiler_failed && !reading_call(&r, 1)->profiler_failed);
    ck_assert_int_eq(reading_call(&r, 1)->outcome, OUTCOME_FAILED);
    ck_assert_uint_eq(invocation_reports(r.model, reading_call(&r, 1)), 0);
    assert_span(invocation_error(r.model, reading_call(&r, 1)), "KeyError: 'price'");
    reading_free(&r);
}
END_TEST

/* That the worker exited says less than the host's own sentence, but more than nothing. */
START_TEST(why_calls_timed_out)
{
    Log log = {0};
    call_begins(&log, "Sync", "a");
    call_begins(&log, "Sync", "b");
    say(&log, "A function timeout has occurred. Restarting worker process executing invocationId 'a'.");
    say(&log, "Executed 'Functions.Sync' (Failed, Id=a, Duration=5000ms)");
    say(&log, "Microsoft.Azure.WebJobs.Host: Timeout value of 00:00:05 was exceeded by function: Functions.Sync.");
    Reading r = read_log(&log);
    assert_span(invocation_error(r.model, reading_call(&r, 0)),
                "Microsoft.Azure.WebJobs.Host: Timeout value of 00:00:05 was exceeded by function: Functions.Sync.");
    assert_span(invocation_error(r.model, reading_call(&r, 1)), "the Python worker exited");
    reading_free(&r);
}
END_TEST

START_TEST(flag_gap)
{
    Log log = {0};
    row(&log, 19, "39.7", "1.3", 1, "    x = work()"); /* no Filename */
    say(&log, "Worker process started and initialized.");
    report_begins(&log, SYNC);
    rule(&log);
    row(&log, 17, "38.4", "38.4", 1, "@profile");
    row(&log, 20, "38.4", "0.0", 1, "    x = 1");
    report_ends(&log);
    report(&log, SYNC, 17, "38.4", "39.7", "1.3"); /* sparse: 18 is filtered, not lost */
    Reading r = read_log(&log);
    ck_assert(has_flag(&r, 0, FLAG_GAP));
    assert_span(model_text(r.model, r.model->targets.items[reading_report(&r, 0)->target].file), "");
    ck_assert(has_flag(&r, 1, FLAG_GAP));
    ck_assert(!has_flag(&r, 2, FLAG_GAP));
    reading_free(&r);
}
END_TEST

START_TEST(flag_contended)
{
    Log log = {0};
    call_begins(&log, "Sync", "a");
    report(&log, SYNC, 17, "38.4", "39.7", "1.3");
    call_begins(&log, "Async", "b");
    call_ends(&log, "Sync", "a");
    report(&log, ASYNC, 12, "38.4", "39.7", "1.3");
    call_ends(&log, "Async", "b");
    call_begins(&log, "Sync", "c");
    report(&log, SYNC, 17, "38.4", "39.7", "1.3");
    call_ends(&log, "Sync", "c");
    Reading r = read_log(&log);
    ck_assert(has_flag(&r, 0, FLAG_CONTENDED)); /* b began later, and while a ran */
    ck_assert(has_flag(&r, 1, FLAG_CONTENDED));
    ck_assert(!has_flag(&r, 2, FLAG_CONTENDED));
    reading_free(&r);
}
END_TEST

START_TEST(flag_nested)
{
    Log log = {0};
    call_begins(&log, "Sync", "a");
    report_begins(&log, SYNC);
    rule(&log);
    row(&log, 30, "38.4", "38.4", 1, "@profile");
    blank_row(&log, 31, "def inner(n):");
    row(&log, 32, "39.4", "1.0", 1, "    return [0] * n");
    report_ends(&log);
    report_begins(&log, SYNC);
    rule(&log);
    row(&log, 10, "38.4", "38.4", 1, "@profile");
    blank_row(&log, 11, "def outer(n):");
    row(&log, 12, "39.4", "1.0", 1, "    x = inner(n)");
    report_ends(&log);
    report_begins(&log, SYNC);
    rule(&log);
    row(&log, 40, "38.4", "38.4", 1, "@profile");
    blank_row(&log, 41, "def other(n):");
    row(&log, 42, "39.4", "1.0", 1, "    x = spinner(n)");
    report_ends(&log);
    call_ends(&log, "Sync", "a");
    Reading r = read_log(&log);
    ck_assert_uint_eq(r.model->reports.len, 3);
    ck_assert(!has_flag(&r, 0, FLAG_NESTED));
    ck_assert(has_flag(&r, 1, FLAG_NESTED));
    ck_assert(!has_flag(&r, 2, FLAG_NESTED)); /* a longer name that ends alike */
    reading_free(&r);
}
END_TEST

START_TEST(flag_interleaved)
{
    Log log = {0};
    call_begins(&log, "Sync", "a");
    call_begins(&log, "Async", "b");
    report_begins(&log, SYNC);
    row(&log, 17, "38.4", "38.4", 1, "@profile");
    report_begins(&log, ASYNC);
    row(&log, 52, "38.4", "38.4", 1, "@profile");
    row(&log, 19, "39.7", "1.3", 1, "    x = sync()");
    row(&log, 54, "50.0", "11.6", 1, "    x = asynchronous()");
    call_ends(&log, "Sync", "a");
    call_ends(&log, "Async", "b");
    call_begins(&log, "Sync", "c");
    report(&log, SYNC, 17, "38.4", "39.7", "1.3");
    call_ends(&log, "Sync", "c");
    Reading r = read_log(&log);
    ck_assert(has_flag(&r, 0, FLAG_INTERLEAVED) && has_flag(&r, 1, FLAG_INTERLEAVED));
    ck_assert(!has_flag(&r, 2, FLAG_INTERLEAVED));
    ck_assert_uint_eq(reading_report(&r, 0)->rows, 2);
    ck_assert_uint_eq(reading_report(&r, 1)->rows, 2);
    reading_free(&r);
}
END_TEST

/* Attribution. */

static void check_owner(const Reading *r, size_t index, const char *id, const char *attribution)
{
    const Report *report = reading_report(r, index);
    ck_assert_str_eq(attribution_name(report->attribution), attribution);
    if (!id) {
        ck_assert_uint_eq(report->invocation, NO_ID);
        return;
    }
    ck_assert_msg(report->invocation != NO_ID, "report %zu has no owner", index);
    assert_span(test_call_id(r->model, report->invocation), id);
}

START_TEST(attribution_of_calls_alone)
{
    static const char *const entries[] = {"40.0", "43.0"};
    Log log = {0};
    calls_alone(&log, entries, 2, SIZE_MAX);
    Reading r = read_log(&log);
    check_owner(&r, 0, "call-0", "exact");
    check_owner(&r, 1, "call-1", "exact");
    reading_free(&r);
}
END_TEST

START_TEST(attribution_by_folder)
{
    Log log = {0};
    call_begins(&log, "Sync", "a");
    call_begins(&log, "Async", "b");
    report(&log, ASYNC, 12, "38.4", "39.7", "1.3");
    report(&log, SYNC, 17, "38.4", "39.7", "1.3");
    call_ends(&log, "Async", "b");
    call_ends(&log, "Sync", "a");
    Reading r = read_log(&log);
    check_owner(&r, 0, "b", "inferred");
    check_owner(&r, 1, "a", "inferred");
    reading_free(&r);
}
END_TEST

/* With one file for all functions, calls that ran alone tell whose code it is. */
START_TEST(attribution_that_was_learnt)
{
    Log log = {0};
    call_begins(&log, "Sync", "a");
    report(&log, SHARED, 17, "38.4", "39.7", "1.3");
    call_ends(&log, "Sync", "a");
    call_begins(&log, "Async", "b");
    report(&log, SHARED, 57, "38.4", "39.7", "1.3");
    call_ends(&log, "Async", "b");
    call_begins(&log, "Sync", "c");
    call_begins(&log, "Async", "d");
    report(&log, SHARED, 17, "38.4", "39.7", "1.3");
    report(&log, SHARED, 57, "38.4", "39.7", "1.3");
    call_ends(&log, "Async", "d");
    call_ends(&log, "Sync", "c");
    Reading r = read_log(&log);
    check_owner(&r, 0, "a", "exact");
    check_owner(&r, 1, "b", "exact");
    check_owner(&r, 2, "c", "inferred");
    check_owner(&r, 3, "d", "inferred");
    reading_free(&r);
}
END_TEST

/* A report comes shortly before its own Executed. */
START_TEST(attribution_among_equals)
{
    Log log = {0};
    call_begins(&log, "Sync", "a");
    call_begins(&log, "Sync", "b");
    report(&log, SYNC, 17, "38.4", "39.7", "1.3");
    call_ends(&log, "Sync", "b");
    report(&log, SYNC, 17, "39.4", "40.7", "1.3");
    call_ends(&log, "Sync", "a");
    Reading r = read_log(&log);
    const Report *first = reading_report(&r, 0);
    assert_span(test_call_id(r.model, first->invocation), "b");
    ck_assert_uint_ne(first->attribution, ATTRIBUTION_EXACT);
    check_owner(&r, 1, "a", "exact"); /* nobody else was left when it was printed */
    reading_free(&r);
}
END_TEST

/* Inner reports tell by their memory which outer one they stand in, although the order of their ends tells otherwise. */
START_TEST(attribution_by_the_memory_of_nested_reports)
{
    Log log = {0};
    call_begins(&log, "Sync", "a");
    call_begins(&log, "Sync", "b");
    report(&log, "/app/shared.py", 5, "50.0", "53.0", "3.0");
    report(&log, "/app/shared.py", 5, "60.0", "69.0", "9.0");
    report_begins(&log, SYNC);
    row(&log, 17, "60.5", "60.5", 1, "@profile");
    row(&log, 19, "69.0", "9.0", 1, "    inner()");
    call_ends(&log, "Sync", "b");
    report_begins(&log, SYNC);
    row(&log, 17, "50.5", "50.5", 1, "@profile");
    row(&log, 19, "53.0", "3.0", 1, "    inner()");
    call_ends(&log, "Sync", "a");
    Reading r = read_log(&log);
    check_owner(&r, 0, "a", "inferred");
    check_owner(&r, 1, "b", "inferred");
    reading_free(&r);
}
END_TEST

/* One report that nobody should have printed does not shift all that follow it, once it is known how soon calls end after theirs. */
START_TEST(attribution_with_a_report_too_many)
{
    enum { ALONE = 5, CALLS = 40, WORK = 20 };
    char id[16];
    Log log = {0};
    for (int i = 0; i < CALLS; i++) {
        snprintf(id, sizeof id, "call-%d", i);
        call_begins(&log, "Sync", id);
        if (i == ALONE)
            report(&log, SYNC, 17, "38.4", "39.7", "1.3"); /* more than it should print */
        for (int k = 0; k < WORK; k++)
            say(&log, "root: working");
        if (i == ALONE)
            continue; /* from here on each ends when the next one runs already */
        snprintf(id, sizeof id, "call-%d", i - (i > ALONE));
        report(&log, SYNC, 17, "38.4", "39.7", "1.3");
        call_ends(&log, "Sync", id);
    }
    Reading r = read_log(&log);
    size_t right = 0;
    ck_assert_uint_eq(r.model->reports.len, CALLS);
    for (size_t i = ALONE + 1; i < CALLS; i++) {
        snprintf(id, sizeof id, "call-%zu", i - 1);
        right += span_eq(test_call_id(r.model, reading_report(&r, i)->invocation), span_of(id));
    }
    ck_assert_uint_ge(right, CALLS - ALONE - 3);
    reading_free(&r);
}
END_TEST

/* The least cost over all ways to give columns that are not taken to the rows from `row` on. */
static int64_t cheapest(size_t rows, size_t columns, const int64_t *costs, size_t row, unsigned taken)
{
    int64_t best = row == rows ? 0 : ASSIGNMENT_NEVER;
    for (size_t j = 0; row < rows && j < columns; j++) {
        if (taken & 1u << j)
            continue;
        int64_t cost = costs[row * columns + j] + cheapest(rows, columns, costs, row + 1, taken | 1u << j);
        best = cost < best ? cost : best;
    }
    return best;
}

START_TEST(assignments_are_the_cheapest)
{
    enum { ROWS = 5, COLUMNS = 7, ROUNDS = 300 };
    uint64_t seed = 7;
    for (int round = 0; round < ROUNDS; round++) {
        size_t rows = 1 + test_random(&seed) % ROWS, columns = rows + test_random(&seed) % (COLUMNS - rows + 1);
        int64_t costs[ROWS * COLUMNS], margins[ROWS], total = 0;
        size_t chosen[ROWS], groups[COLUMNS];
        for (size_t i = 0; i < rows * columns; i++)
            costs[i] = (int64_t)(test_random(&seed) % 40) - 20;
        for (size_t j = 0; j < columns; j++)
            groups[j] = test_random(&seed) % 4;
        int64_t limited[ROWS], enough = (int64_t)(test_random(&seed) % 20);
        assignment_solve(rows, columns, costs, groups, chosen, limited, enough);
        assignment_solve(rows, columns, costs, groups, chosen, margins, ASSIGNMENT_NEVER);
        for (size_t i = 0; i < rows; i++)
            ck_assert(margins[i] < enough ? limited[i] == margins[i] : limited[i] >= enough);
        unsigned taken = 0;
        for (size_t i = 0; i < rows; i++) {
            ck_assert_uint_eq(taken & 1u << chosen[i], 0);
            taken |= 1u << chosen[i];
            total += costs[i * columns + chosen[i]];
        }
        int64_t best = cheapest(rows, columns, costs, 0, 0);
        ck_assert_int_eq(total, best);
        for (size_t i = 0; i < rows; i++) {
            int64_t without[ROWS * COLUMNS];
            memcpy(without, costs, sizeof costs);
            for (size_t j = 0; j < columns; j++)
                if (groups[j] == groups[chosen[i]])
                    without[i * columns + j] = ASSIGNMENT_NEVER;
            int64_t other = cheapest(rows, columns, without, 0, 0);
            if (other < ASSIGNMENT_NEVER / 2)
                ck_assert_int_eq(margins[i], other - best);
            else
                ck_assert_int_ge(margins[i], ASSIGNMENT_NEVER / 2);
        }
    }
}
END_TEST

/* A banner in the middle of a report changes how its rows are told from others', and never brings a line twice. */
START_TEST(rows_over_a_change_of_the_host)
{
    Log log = {0};
    say(&log, "Function Runtime Version: 4.30.0.1");
    call_begins(&log, "Sync", "a");
    call_begins(&log, "Sync", "b");
    report_begins(&log, SYNC);
    row(&log, 17, "38.0", "38.0", 1, "@profile");
    row(&log, 21, "40.0", "1.0", 1, "    y = work()");
    row(&log, 19, "39.0", "1.0", 1, "    x = work()");
    say(&log, "Function Runtime Version: 4.1037.0.1");
    row(&log, 21, "40.0", "1.0", 1, "    y = work()");
    Reading r = read_log(&log);
    for (size_t i = 0; i < r.model->reports.len; i++) {
        const Report *report = reading_report(&r, i);
        for (uint32_t k = 1; k < report->rows; k++)
            ck_assert_uint_lt(report_row(r.model, report, k - 1).line, report_row(r.model, report, k).line);
    }
    ck_assert_uint_eq(reading_report(&r, 0)->rows, 3);
    reading_free(&r);
}
END_TEST

/* Heads of reports in any order do not make one look mixed, and one that was cut off does not change what comes long after. */
static void complete_report(Log *log, const char *file, const char *entry)
{
    report_begins(log, file);
    rule(log);
    row(log, 9, entry, entry, 1, "@profile");
    blank_row(log, 10, file);
    row(log, 11, entry, "0.0", 1, file);
    report_ends(log);
}

/* Many threads without invocations: a complete report shows its end, and that is waited for. */
START_TEST(long_silence_of_a_complete_report)
{
    enum { OTHERS = 30 };
    Log log = {0};
    complete_report(&log, SYNC, "40.0");
    report_begins(&log, SYNC);
    rule(&log);
    row(&log, 9, "70.0", "70.0", 1, "@profile");
    for (int i = 0; i < OTHERS; i++)
        complete_report(&log, ASYNC, "40.0");
    blank_row(&log, 10, SYNC);
    row(&log, 11, "70.0", "0.0", 1, SYNC);
    report_ends(&log);
    Reading r = read_log(&log);
    ck_assert_uint_eq(r.model->reports.len, OTHERS + 2);
    for (size_t i = 0; i < OTHERS + 2; i++)
        ck_assert_uint_eq(reading_report(&r, i)->rows, 3);
    reading_free(&r);
}
END_TEST

/*
 * Header and rule say nothing of whose they are: one may go to the report that began before, and its rows come before the other's does.
 * Without it the end of the report would be taken for another's.
 */
START_TEST(rows_before_a_rule)
{
    Log log = {0};
    call_begins(&log, "Sync", "a");
    complete_report(&log, SYNC, "40.0");
    call_ends(&log, "Sync", "a");
    call_begins(&log, "Async", "b");
    complete_report(&log, ASYNC, "40.0");
    call_ends(&log, "Async", "b");
    call_begins(&log, "Sync", "slow");
    report_begins(&log, SYNC);
    rule(&log);
    row(&log, 9, "70.0", "70.0", 1, "@profile");
    call_begins(&log, "Sync", "c");
    call_begins(&log, "Async", "d");
    say(&log, "memory_profiler_logs: Filename: " SYNC);
    report_begins(&log, ASYNC);
    rule(&log);
    row(&log, 9, "50.0", "50.0", 1, "@profile");
    blank_row(&log, 10, ASYNC);
    row(&log, 11, "50.0", "0.0", 1, ASYNC);
    say(&log, "Function Runtime Version: 4.1037.0.1"); /* what is undecided is decided there */
    say(&log, "memory_profiler_logs: Line #    Mem usage    Increment  Occurrences   Line Contents");
    rule(&log);
    report_ends(&log);
    call_ends(&log, "Async", "d");
    row(&log, 9, "60.0", "60.0", 1, "@profile");
    blank_row(&log, 10, SYNC);
    row(&log, 11, "60.0", "0.0", 1, SYNC);
    report_ends(&log);
    call_ends(&log, "Sync", "c");
    blank_row(&log, 10, SYNC);
    row(&log, 11, "70.0", "0.0", 1, SYNC);
    report_ends(&log);
    call_ends(&log, "Sync", "slow");
    Reading r = read_log(&log);
    ck_assert_uint_eq(r.model->reports.len, 5);
    for (size_t i = 0; i < 5; i++) {
        ck_assert_uint_eq(reading_report(&r, i)->rows, 3);
        ck_assert(!has_flag(&r, i, FLAG_SPARSE) && !has_flag(&r, i, FLAG_TRUNCATED) && !has_flag(&r, i, FLAG_GAP));
    }
    check_owner(&r, 4, "d", "inferred");
    reading_free(&r);
}
END_TEST

/* Whose a row is may show behind the end of an invocation that had nothing to do with it. */
START_TEST(rows_around_an_end)
{
    Log log = {0};
    call_begins(&log, "Async", "other");
    for (int i = 0; i < 3; i++) {
        char id[8];
        snprintf(id, sizeof id, "%d", i);
        call_begins(&log, "Sync", id);
    }
    report_begins(&log, SYNC);
    report_begins(&log, SYNC);
    row(&log, 17, "50.0", "50.0", 1, "@profile");
    row(&log, 17, "60.0", "60.0", 1, "@profile");
    row(&log, 18, "80.0", "5.0", 1, "    work()"); /* of the first; it fits neither */
    call_ends(&log, "Async", "other");
    row(&log, 18, "61.0", "1.0", 1, "    work()");
    row(&log, 19, "81.0", "1.0", 1, "    x = 1");
    row(&log, 19, "62.0", "1.0", 1, "    x = 1");
    for (int i = 0; i < 3; i++) {
        char id[8];
        snprintf(id, sizeof id, "%d", i);
        call_ends(&log, "Sync", id);
    }
    Reading r = read_log(&log);
    static const char *const memory[2][3] = {{"50.0", "80.0", "81.0"}, {"60.0", "61.0", "62.0"}};
    ck_assert_uint_eq(r.model->reports.len, 2);
    for (uint32_t i = 0; i < 2; i++) {
        bool first = report_row(r.model, reading_report(&r, i), 0).memory == mib("50.0");
        ck_assert_uint_eq(reading_report(&r, i)->rows, 3);
        for (uint32_t n = 0; n < 3; n++)
            ck_assert_int_eq(report_row(r.model, reading_report(&r, i), n).memory, mib(memory[!first][n]));
    }
    reading_free(&r);
}
END_TEST

START_TEST(old_hosts_headings)
{
    Log log = {0};
    say(&log, "Function Runtime Version: 4.30.0.1");
    rule(&log); /* of a report before the capture */
    for (int i = 0; i < 3; i++) {
        char id[8];
        snprintf(id, sizeof id, "%d", i);
        call_begins(&log, "Sync", id);
        report(&log, SYNC, 17, "38.4", "39.7", "1.3");
        call_ends(&log, "Sync", id);
    }
    Reading r = read_log(&log);
    for (size_t i = 0; i < 3; i++)
        ck_assert_uint_eq(report_flags(r.model, reading_report(&r, i)), FLAG_SPARSE);
    reading_free(&r);
}
END_TEST

/* More invocations than are remembered: what still runs is not forgotten for what has ended. */
START_TEST(attribution_with_very_many_calls)
{
    enum { CALLS = 4200 };
    char id[16];
    Log log = {0};
    call_begins(&log, "Sync", "long-1");
    call_begins(&log, "Sync", "long-2");
    report(&log, SYNC, 17, "38.4", "39.7", "1.3");
    for (int i = 0; i < CALLS; i++) {
        snprintf(id, sizeof id, "short-%d", i);
        call_begins(&log, "Other", id);
        if (i + 1 == CALLS)
            report(&log, SYNC, 17, "38.4", "39.7", "1.3");
        call_ends(&log, "Other", id);
    }
    Reading r = read_log(&log);
    const Report *last = reading_report(&r, 1);
    ck_assert_uint_ne(last->attribution, ATTRIBUTION_EXACT);
    ck_assert_uint_lt(last->invocation, 2); /* one of the long ones */
    reading_free(&r);
}
END_TEST

START_TEST(attribution_when_the_input_ends)
{
    Log log = {0};
    call_begins(&log, "Sync", "a");
    call_begins(&log, "Sync", "b");
    report(&log, SYNC, 17, "38.4", "39.7", "1.3");
    Reading r = read_log(&log);
    ck_assert_str_eq(attribution_name(reading_report(&r, 0)->attribution), "ambiguous");
    ck_assert_uint_ne(reading_report(&r, 0)->invocation, NO_ID);
    ck_assert_int_eq(reading_call(&r, 0)->outcome, OUTCOME_UNKNOWN);
    reading_free(&r);
}
END_TEST

START_TEST(attribution_to_nobody)
{
    Log log = {0};
    report(&log, SYNC, 17, "38.4", "39.7", "1.3");
    say(&log, "Worker process started and initialized.");
    call_begins(&log, "Sync", "a");
    call_ends(&log, "Sync", "a");
    Reading r = read_log(&log);
    check_owner(&r, 0, NULL, "none");
    ck_assert_uint_eq(invocation_reports(r.model, reading_call(&r, 0)), 0);
    reading_free(&r);
    r = reading_of_capture("report-0.61.txt");
    check_owner(&r, 0, NULL, "none");
    reading_free(&r);
}
END_TEST

START_TEST(attribution_after_an_orphan)
{
    Log log = {0};
    call_begins(&log, "Sync", "a");
    report(&log, SYNC, 17, "38.4", "39.7", "1.3");
    call_ends(&log, "Sync", "a");
    call_ends(&log, "Async", "unseen");
    call_begins(&log, "Sync", "b");
    report(&log, SYNC, 17, "38.4", "39.7", "1.3");
    call_ends(&log, "Sync", "b");
    say(&log, "Worker process started and initialized.");
    call_begins(&log, "Sync", "c");
    report(&log, SYNC, 17, "38.4", "39.7", "1.3");
    call_ends(&log, "Sync", "c");
    Reading r = read_log(&log);
    check_owner(&r, 0, "a", "inferred"); /* another call was open, unseen */
    check_owner(&r, 1, "b", "inferred"); /* others may still be */
    check_owner(&r, 2, "c", "exact");    /* not in the next process */
    const Invocation *orphan = reading_call(&r, 1);
    ck_assert(!moment_known(invocation_started(r.model, orphan)) && moment_known(invocation_ended(r.model, orphan)));
    reading_free(&r);
}
END_TEST

/* A host may start a second worker: then what the first one was doing goes on. */
START_TEST(attribution_beside_another_worker)
{
    static const struct {
        const char *said, *beside, *behind;
    } cases[] = {
        {"Worker process started and initialized.", "inferred", "exact"},
        {"Function Runtime Version: 4.1037.0.1", "exact", "exact"}, /* a new host: all that ran is gone */
        {"Language Worker Process exited. Pid=1, python exited with code 137 (0x89).", "exact", "exact"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Log log = {0};
        call_begins(&log, "Sync", "a");
        say(&log, "%s", cases[i].said);
        say(&log, "Worker process started and initialized.");
        call_begins(&log, "Sync", "b");
        report(&log, SYNC, 17, "38.4", "39.7", "1.3"); /* maybe of a */
        call_ends(&log, "Sync", "b");
        call_ends(&log, "Sync", "a");
        call_begins(&log, "Sync", "c");
        report(&log, SYNC, 17, "38.4", "39.7", "1.3");
        call_ends(&log, "Sync", "c");
        Reading r = read_log(&log);
        check_owner(&r, 0, "b", cases[i].beside);
        check_owner(&r, 1, "c", cases[i].behind);
        reading_free(&r);
    }
}
END_TEST

/* Somebody saved a part of the log twice: its reports seem to be those of what runs by then. */
START_TEST(attribution_where_the_log_repeats_itself)
{
    for (int from = 0; from < 2; from++) {
        Log log = {0};
        call_begins(&log, "Sync", "a");
        report(&log, SYNC, 17, "38.4", "39.7", "1.3");
        call_ends(&log, "Sync", "a");
        call_ends(&log, "Sync", "a"); /* merged streams say it twice: that alone tells nothing */
        call_begins(&log, "Sync", "b");
        if (!from)
            call_begins(&log, "Sync", "a");
        report(&log, SYNC, 17, "38.4", "39.7", "1.3");
        call_ends(&log, "Sync", "a");
        call_ends(&log, "Sync", "b");
        call_begins(&log, "Sync", "c");
        report(&log, SYNC, 17, "38.4", "39.7", "1.3");
        call_ends(&log, "Sync", "c");
        Reading r = read_log(&log);
        check_owner(&r, 0, "a", "exact");
        check_owner(&r, 1, "b", "inferred");
        check_owner(&r, 2, "c", "exact");
        reading_free(&r);
    }
}
END_TEST

/* The beginning of a call is lost: its report is not surely that of the only one that is seen to run. */
START_TEST(attribution_against_the_folder)
{
    Log log = {0};
    call_begins(&log, "Async", "a");
    call_ends(&log, "Async", "a");
    call_begins(&log, "Sync", "b");
    report(&log, ASYNC, 52, "38.4", "39.7", "1.3");
    report(&log, SYNC, 17, "38.4", "39.7", "1.3");
    call_ends(&log, "Sync", "b");
    Reading r = read_log(&log);
    check_owner(&r, 0, "b", "inferred");
    check_owner(&r, 1, "b", "exact");
    reading_free(&r);
}
END_TEST

START_TEST(attribution_on_an_old_host)
{
    Log log = {0};
    buffer_append_span(&log.text, SPAN("Function Runtime Version: 4.35.1.1\n"));
    call_begins(&log, "Sync", "a");
    report(&log, SYNC, 17, "38.4", "39.7", "1.3");
    call_ends(&log, "Sync", "a");
    Reading r = read_log(&log);
    check_owner(&r, 0, "a", "inferred");
    reading_free(&r);
    Log newer = {0};
    buffer_append_span(&newer.text, SPAN("Function Runtime Version: 4.36.0.1\n"));
    call_begins(&newer, "Sync", "a");
    report(&newer, SYNC, 17, "38.4", "39.7", "1.3");
    call_ends(&newer, "Sync", "a");
    r = read_log(&newer);
    check_owner(&r, 0, "a", "exact");
    reading_free(&r);
}
END_TEST

/* Standard output is another channel: its lines may come after the Executed. */
START_TEST(attribution_of_standard_output)
{
    Log log = {0};
    call_begins(&log, "Sync", "a");
    say(&log, "Filename: " SYNC);
    say(&log, "Line #    Mem usage    Increment  Occurrences   Line Contents");
    say(&log, "=============================================================");
    say(&log, "    17     38.4 MiB     38.4 MiB           1   @profile");
    call_ends(&log, "Sync", "a");
    say(&log, "    18     39.4 MiB      1.0 MiB           1   x = 1");
    call_begins(&log, "Sync", "b");
    call_ends(&log, "Sync", "b");
    say(&log, "Filename: " SYNC);
    say(&log, "Line #    Mem usage    Increment  Occurrences   Line Contents");
    say(&log, "=============================================================");
    say(&log, "    17     38.4 MiB     38.4 MiB           1   @profile");
    Reading r = read_log(&log);
    ck_assert_uint_eq(r.model->reports.len, 2);
    ck_assert_uint_eq(reading_report(&r, 0)->rows, 2);
    check_owner(&r, 0, "a", "inferred");
    check_owner(&r, 1, "b", "inferred");
    reading_free(&r);
}
END_TEST

START_TEST(invocations_in_all_states)
{
    Log log = {0};
    call_begins(&log, "Sync", "a");
    call_begins(&log, "Sync", "a"); /* merged streams show it twice */
    call_ends(&log, "Sync", "a");
    call_fails(&log, "Sync", "a", "X: of the second copy");
    call_begins(&log, "Sync", "b");
    Reading r = reading_begin();
    reading_feed(&r, buffer_span(&log.text));
    ck_assert_uint_eq(r.model->invocations.len, 2);
    ck_assert_int_eq(reading_call(&r, 0)->outcome, OUTCOME_SUCCEEDED);
    ck_assert_int_eq(invocation_duration_ms(r.model, reading_call(&r, 0)), 7);
    ck_assert_int_eq(reading_call(&r, 1)->outcome, OUTCOME_RUNNING);
    reading_end(&r);
    ck_assert_int_eq(reading_call(&r, 1)->outcome, OUTCOME_UNKNOWN);
    ck_assert(!reading_call(&r, 0)->contended && !reading_call(&r, 1)->contended);
    reading_free(&r);
    buffer_free(&log.text);
}
END_TEST

/* The same of reports that were cut before their first row: there is no row in the model at all. */
START_TEST(doubled_reports_without_rows)
{
    Log log = {0};
    for (int i = 0; i < 2; i++, log.ms = 0)
        call_begins(&log, "Sync", "a");
    for (int i = 0; i < 2; i++, log.ms = 0)
        report_begins(&log, SYNC);
    call_ends(&log, "Sync", "a");
    Reading r = reading_begin();
    reading_feed(&r, buffer_span(&log.text));
    reading_end(&r);
    ck_assert_uint_eq(r.model->reports.len, 2);
    ck_assert(reading_report(&r, 0)->duplicate != reading_report(&r, 1)->duplicate);
    reading_free(&r);
    buffer_free(&log.text);
}
END_TEST

/*
 * Random concurrent calls whose truth is known: each row's memory names its call. Whatever the mixture, all rows are kept and
 * nothing that is called exact is wrong.
 */

enum { ACTORS = 5, ACTOR_CALLS = 4, ROWS_MOST = 6 };

typedef struct Actor {
    unsigned number; /* of its call */
    unsigned calls;  /* still to come */
    int step;        /* -1 between calls */
    int rows;
    const char *file;
    unsigned line;
} Actor;

static void actor_name(const Actor *a, char id[16])
{
    snprintf(id, 16, "id-%u", a->number);
}

/* Writes the actor's next record; false when it has nothing left to say. */
static bool actor_speak(Log *log, Actor *a, unsigned *numbers, unsigned *rows, uint64_t *seed)
{
    char id[16], memory[32], function[8];
    snprintf(function, sizeof function, "%s", a->file == NULL ? "" : a->file[5] == 'S' ? "Sync" : "Async");
    if (a->step < 0) {
        if (!a->calls--)
            return false;
        a->number = (*numbers)++;
        a->file = test_random(seed) % 2 ? SYNC : ASYNC;
        a->line = a->file[5] == 'S' ? 17 : 52;
        a->rows = (int)(test_random(seed) % ROWS_MOST);
    }
    actor_name(a, id);
    snprintf(function, sizeof function, "%s", a->file[5] == 'S' ? "Sync" : "Async");
    snprintf(memory, sizeof memory, "50.%03u", a->number);
    int step = a->step++;
    if (step < 0) {
        call_begins(log, function, id);
    } else if (step == 0) {
        say(log, "memory_profiler_logs: Filename: %s", a->file);
    } else if (step == 1) {
        say(log, "memory_profiler_logs: Line #    Mem usage    Increment  Occurrences   Line Contents");
    } else if (step < 3 + a->rows) {
        row(log, a->line + (unsigned)step - 2, memory, step == 2 ? memory : "0.001", 1, step == 2 ? "@profile" : "    work()");
        ++*rows;
    } else {
        call_ends(log, function, id);
        a->step = -1;
    }
    return true;
}

static Log random_log(uint64_t seed, unsigned *rows)
{
    Log log = {0};
    Actor actors[ACTORS];
    unsigned numbers = 0;
    size_t active = 1 + test_random(&seed) % ACTORS;
    for (size_t i = 0; i < active; i++)
        actors[i] = (Actor){.calls = ACTOR_CALLS, .step = -1};
    while (active) {
        size_t who = test_random(&seed) % active;
        unsigned burst = 1 + (unsigned)(test_random(&seed) % 8);
        while (burst--) {
            if (actor_speak(&log, &actors[who], &numbers, rows, &seed))
                continue;
            actors[who] = actors[--active];
            break;
        }
    }
    return log;
}

static void check_exact(const Reading *r, const Report *report, uint64_t seed)
{
    if (report->attribution != ATTRIBUTION_EXACT)
        return;
    Span id = test_call_id(r->model, report->invocation);
    for (uint32_t i = 0; i < report->rows; i++) {
        char truth[16];
        snprintf(truth, sizeof truth, "id-%u", (unsigned)((report_row(r->model, report, i).memory - 50 * MIB_ONE) / mib_unit(3)));
        ck_assert_msg(span_eq(id, span_of(truth)), "seed %" PRIu64 ": a row of %s is in the report of %.*s", seed, truth,
                      SPAN_ARG(id));
    }
}

START_TEST(exact_is_never_wrong)
{
    for (uint64_t seed = 1; seed <= 200; seed++) {
        unsigned written = 0, read = 0;
        Log log = random_log(seed * 7919, &written);
        Reading r = read_log(&log);
        for (size_t i = 0; i < r.model->reports.len; i++) {
            read += reading_report(&r, i)->rows;
            check_exact(&r, reading_report(&r, i), seed);
        }
        ck_assert_msg(read == written, "seed %" PRIu64 ": %u rows of %u", seed, read, written);
        reading_free(&r);
    }
}
END_TEST

/* Sorting. */

/* A model of several captures, for tables with all kinds of rows. */
static Model *mixed_model(void)
{
    static const char *const names[] = {"concurrent.log",           "failing.log",      "sequential-false.log",
                                        "plain-profile-stdout.log", "worker-short.log", "report-0.57.txt"};
    Model *m = model_new();
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        PathList paths = test_captures(names[i]);
        Buffer content = test_read(paths.items[0]);
        Id source = model_source_add(m, span_of(names[i]));
        Parser *parser = parser_new(NULL, model_source_sink(m, source));
        parser_feed(parser, content.data, content.len);
        parser_finish(parser);
        model_source_end(m, source);
        parser_free(parser);
        buffer_free(&content);
        path_list_free(&paths);
    }
    return m;
}

/* A scope in which a kind of table has many rows. */
static Scope large_scope(const Model *m, TableId id)
{
    Scope scope = SCOPE_ALL;
    Id best = 0;
    if (id == TABLE_REPORT || id == TABLE_COMPARE) {
        for (Id i = 0; i < m->reports.len; i++)
            best = m->reports.items[i].rows > m->reports.items[best].rows ? i : best;
        scope.report = best;
        scope.other_report = id == TABLE_COMPARE ? 0 : NO_ID;
    } else if (id == TABLE_HISTORY) {
        for (Id i = 0; i < m->lines.len; i++) {
            const Target *target = &m->targets.items[m->lines.items[i].target];
            bool entry = m->lines.items[i].number == target->first_line;
            if (!entry && target->reports > m->targets.items[m->lines.items[best].target].reports)
                best = i;
        }
        scope.line = best;
    }
    return scope;
}

static int compare_keys(const void *a, const void *b)
{
    RowKey x = *(const RowKey *)a, y = *(const RowKey *)b;
    return (x > y) - (x < y);
}

typedef VEC(RowKey) KeyList;

static KeyList sorted_keys(const Table *t)
{
    KeyList keys = {0};
    for (size_t i = 0; i < table_length(t); i++)
        vec_push(&keys, table_row(t, i));
    if (keys.len)
        qsort(keys.items, keys.len, sizeof *keys.items, compare_keys);
    return keys;
}

/* A cell with a text of its own. */
typedef struct Value {
    bool none;
    int64_t number;
    Buffer text;
} Value;

static Value value_at(const Table *t, size_t index, size_t column)
{
    Cell cell = table_cell(t, table_row(t, index), column);
    Value v = {.none = cell.type == CELL_NONE};
    v.number = cell.number;
    if (cell.type == CELL_TEXT)
        buffer_append_span(&v.text, cell.text);
    return v;
}

static bool in_order(const Value *a, const Value *b, bool descending)
{
    if (a->none || b->none)
        return b->none;
    int order = (a->number > b->number) - (a->number < b->number);
    if (!order)
        order = span_compare(buffer_span(&a->text), buffer_span(&b->text));
    return descending ? order >= 0 : order <= 0;
}

static void check_order(const Table *t, size_t column, bool descending)
{
    for (size_t i = 1; i < table_length(t); i++) {
        Value a = value_at(t, i - 1, column), b = value_at(t, i, column);
        ck_assert_msg(in_order(&a, &b, descending), "%s.%s %s: rows %zu and %zu", table_kind(t)->name,
                      table_kind(t)->columns[column].id, descending ? "desc" : "asc", i - 1, i);
        buffer_free(&a.text);
        buffer_free(&b.text);
    }
}

static void check_sort(Table *t, size_t column, bool descending)
{
    const TableKind *kind = table_kind(t);
    table_set_sort(t, (TableSort){column, descending});
    ck_assert(table_refresh(t));
    bool own_order = kind->input_order && column == kind->default_column && !descending;
    KeyList before = sorted_keys(t);
    if (!own_order)
        check_order(t, column, descending);
    Table *other = fresh_table(table_model(t), kind->id, table_scope(t));
    KeyList all = sorted_keys(other);
    bool gaps = kind->id == TABLE_REPORT; /* gaps are shown in source order only */
    ck_assert_msg(gaps ? before.len <= all.len && before.len > 0 : before.len == all.len, "%s: rows are lost", kind->name);
    for (size_t i = 0; i < before.len; i++) {
        ck_assert(i == 0 || before.items[i] != before.items[i - 1]);
        ck_assert(gaps || before.items[i] == all.items[i]);
    }
    table_free(other);
    vec_free(&before);
    vec_free(&all);
}

START_TEST(tables_sort_by_every_column)
{
    Model *m = mixed_model();
    for (TableId id = 0; id < TABLE_COUNT; id++) {
        Table *t = fresh_table(m, id, large_scope(m, id));
        ck_assert_msg(table_length(t) > 4, "%s has rows", table_kind(t)->name);
        for (size_t column = 0; column < table_kind(t)->column_count; column++) {
            check_sort(t, column, false);
            check_sort(t, column, true);
        }
        table_free(t);
    }
    model_free(m);
}
END_TEST

START_TEST(columns_are_described)
{
    for (TableId id = 0; id < TABLE_COUNT; id++) {
        const TableKind *kind = table_kind_of(id);
        ck_assert_int_eq(kind->id, id);
        ck_assert_uint_lt(kind->default_column, kind->column_count);
        for (size_t i = 0; i < kind->column_count; i++) {
            const Column *c = &kind->columns[i];
            ck_assert(c->id && *c->id && c->title && *c->title && c->help && c->cell);
            ck_assert_msg(table_column_named(kind, span_of(c->id)) == i, "%s.%s is named twice", kind->name, c->id);
            ck_assert_msg(span_ends(span_of(c->help), SPAN(".")), "%s.%s: help is a sentence", kind->name, c->id);
        }
        ck_assert_uint_eq(table_column_named(kind, SPAN("no such column")), SIZE_MAX);
    }
}
END_TEST

START_TEST(rows_open_and_explain)
{
    Model *m = mixed_model();
    for (TableId id = 0; id < TABLE_COUNT; id++) {
        Table *t = fresh_table(m, id, large_scope(m, id));
        for (size_t i = 0; i < table_length(t); i++) {
            Buffer words = {0};
            TableId next;
            Scope scope;
            table_explain(t, table_row(t, i), &words);
            ck_assert_msg(words.len > 10, "%s explains nothing", table_kind(t)->name);
            ck_assert_uint_eq(table_find(t, table_row(t, i)), i);
            table_row_scope(t, table_row(t, i));
            if (table_open_row(t, table_row(t, i), &next, &scope)) {
                Table *below = fresh_table(m, next, scope);
                bool no_rows = next == TABLE_REPORT && m->reports.items[scope.report].rows == 0;
                ck_assert_msg(no_rows || table_length(below) > 0, "%s opens an empty %s", table_kind(t)->name,
                              table_kind(below)->name);
                table_free(below);
            }
            buffer_free(&words);
        }
        ck_assert_uint_eq(table_row(t, table_length(t)), NO_ROW);
        ck_assert_uint_eq(table_find(t, NO_ROW), SIZE_MAX);
        table_free(t);
    }
    model_free(m);
}
END_TEST

/* How two cells of a column compare, in plain words: nothing comes last, then numbers, then texts. */
static int compare_cells(const Table *t, size_t a, size_t b)
{
    TableSort sort = table_sort(t);
    Cell x = table_cell(t, table_row(t, a), sort.column);
    Buffer text = {0};
    if (x.type == CELL_TEXT)
        buffer_append_span(&text, x.text); /* the next cell of the column may take its place */
    Cell y = table_cell(t, table_row(t, b), sort.column);
    int order = (x.number > y.number) - (x.number < y.number);
    if (!order && (x.type == CELL_TEXT || y.type == CELL_TEXT))
        order = span_compare(buffer_span(&text), y.type == CELL_TEXT ? y.text : (Span){0});
    if (x.type == CELL_NONE || y.type == CELL_NONE)
        order = (x.type == CELL_NONE) - (y.type == CELL_NONE);
    else if (sort.descending)
        order = -order;
    buffer_free(&text);
    return order;
}

/* Every order of every table is the one that its cells show, and the same when it is made in small steps. */
START_TEST(rows_are_in_order_by_every_column)
{
    Model *m = mixed_model();
    for (TableId id = 0; id < TABLE_COUNT; id++) {
        const TableKind *kind = table_kind_of(id);
        for (size_t column = 0; column < kind->column_count * 2; column++) {
            Table *t = fresh_table(m, id, large_scope(m, id)), *steps = table_new(m, id, large_scope(m, id));
            bool own_order = kind->input_order && column / 2 == kind->default_column && !(column & 1);
            TableProgress progress;
            table_set_sort(t, (TableSort){column / 2, column & 1});
            table_set_sort(steps, (TableSort){column / 2, column & 1});
            ck_assert(table_refresh(t));
            while ((progress = table_refresh_step(steps, 1)) == TABLE_UNFINISHED)
                ck_assert_uint_eq(table_length(steps), 0);
            ck_assert_int_eq(progress, TABLE_CHANGED);
            ck_assert_int_eq(table_refresh_step(steps, 1), TABLE_SAME);
            ck_assert_uint_eq(table_length(t), table_length(steps));
            ck_assert(table_largest(t) == table_largest(steps));
            for (size_t i = 0; i < table_length(t); i++) {
                ck_assert_msg(table_row(t, i) == table_row(steps, i), "%s.%s", kind->name, kind->columns[column / 2].id);
                ck_assert_msg(own_order || !i || compare_cells(t, i - 1, i) <= 0, "%s.%s %zu", kind->name, kind->columns[column / 2].id, i);
            }
            table_free(t);
            table_free(steps);
        }
    }
    model_free(m);
}
END_TEST

/* Heat is relative to the largest rankable increment, and the entry row has none. */
START_TEST(heat_leaves_the_entry_row_cold)
{
    Model *m = mixed_model();
    for (TableId id = 0; id < TABLE_COUNT; id++) {
        Table *t = fresh_table(m, id, large_scope(m, id));
        size_t heat = table_column_named(table_kind(t), SPAN("heat")),
               increment = table_column_named(table_kind(t), SPAN("increment"));
        bool full = false;
        increment = increment == SIZE_MAX ? table_column_named(table_kind(t), SPAN("difference")) : increment;
        for (size_t i = 0; i < table_length(t); i++) {
            Cell bar = table_cell(t, table_row(t, i), heat), value = table_cell(t, table_row(t, i), increment);
            full |= bar.heat == 1000;
            if (value.style == STYLE_ENTRY || value.style == STYLE_SUSPECT)
                ck_assert_int_eq(bar.type, CELL_NONE);
            if (bar.type == CELL_HEAT)
                ck_assert(bar.number > 0 && bar.number <= table_largest(t));
        }
        ck_assert_msg(full, "%s has a hottest row", table_kind(t)->name);
        table_free(t);
    }
    model_free(m);
}
END_TEST

/* Refreshing as data comes must give what a new table gives. */

static Buffer table_dump(const Table *t)
{
    Buffer out = {0};
    for (size_t i = 0; i < table_length(t); i++) {
        buffer_printf(&out, "%" PRIx64 ":", table_row(t, i));
        for (size_t c = 0; c < table_kind(t)->column_count; c++) {
            Cell cell = table_cell(t, table_row(t, i), c);
            buffer_append_byte(&out, '|');
            cell_text(&cell, &out);
            buffer_printf(&out, "/%d.%u", (int)cell.style, cell.heat);
        }
        buffer_append_byte(&out, '\n');
    }
    buffer_printf(&out, "left out %zu, largest %" PRId64 "\n", table_left_out(t), table_largest(t));
    return out;
}

typedef struct Variant {
    const char *name;
    Scope scope;
    bool quiet, selected;
} Variant;

static const Variant variants[] = {
    {"plain", {NO_ID, NO_ID, NO_ID, NO_ID, NO_ID, NO_ID}, false, false},   {"quiet", {NO_ID, NO_ID, NO_ID, NO_ID, NO_ID, NO_ID}, true, false},
    {"selected", {NO_ID, NO_ID, NO_ID, NO_ID, NO_ID, NO_ID}, false, true}, {"target", {0, NO_ID, NO_ID, NO_ID, NO_ID, NO_ID}, false, false},
    {"invocation", {NO_ID, 1, NO_ID, NO_ID, NO_ID, NO_ID}, false, false},
};

enum { VARIANTS = sizeof variants / sizeof *variants };

static Table *variant_table(const Model *m, TableId id, const Variant *v, const Selection *selection)
{
    Scope scope = v->scope;
    if (id == TABLE_REPORT)
        scope = (Scope){NO_ID, NO_ID, 0, NO_ID, NO_ID, NO_ID};
    if (id == TABLE_COMPARE)
        scope = (Scope){NO_ID, NO_ID, 0, NO_ID, NO_ID, 1};
    if (id == TABLE_HISTORY)
        scope.line = 0;
    Table *t = table_new(m, id, scope);
    table_set_quiet(t, v->quiet);
    table_set_selection(t, v->selected ? selection : NULL);
    return t;
}

/* Whether a table can be made yet. */
static bool can_show(const Model *m, TableId id, const Variant *v)
{
    if (id == TABLE_REPORT)
        return m->reports.len > 0;
    if (id == TABLE_COMPARE)
        return m->reports.len > 1 && m->reports.items[0].closed && m->reports.items[1].closed;
    if (id == TABLE_HISTORY)
        return m->lines.len > 0;
    return v->scope.invocation == NO_ID || m->invocations.len > v->scope.invocation;
}

typedef struct Watch {
    const Model *model;
    const Selection *selection;
    Table *tables[TABLE_COUNT][VARIANTS];
} Watch;

static void watch_check(Watch *w, const char *capture, size_t line)
{
    for (TableId id = 0; id < TABLE_COUNT; id++) {
        for (size_t v = 0; v < VARIANTS; v++) {
            if (!can_show(w->model, id, &variants[v]))
                continue;
            if (!w->tables[id][v])
                w->tables[id][v] = variant_table(w->model, id, &variants[v], w->selection);
            Table *fresh = variant_table(w->model, id, &variants[v], w->selection);
            table_refresh(w->tables[id][v]);
            table_refresh(fresh);
            Buffer a = table_dump(w->tables[id][v]), b = table_dump(fresh);
            ck_assert_msg(span_eq(buffer_span(&a), buffer_span(&b)), "%s line %zu: %s, %s\nkept:\n%sfresh:\n%s", capture, line,
                          table_kind(fresh)->name, variants[v].name, buffer_text(&a), buffer_text(&b));
            buffer_free(&a);
            buffer_free(&b);
            table_free(fresh);
        }
    }
}

/* Some steps of a refresh, between which more is read. */
static void watch_step(Watch *w, size_t rows)
{
    for (size_t i = 0; i < TABLE_COUNT * VARIANTS; i++)
        if (w->tables[i / VARIANTS][i % VARIANTS])
            for (size_t steps = 0; steps < 3; steps++)
                table_refresh_step(w->tables[i / VARIANTS][i % VARIANTS], rows);
}

/* `every`: how many lines are read until the tables are compared; meanwhile they are refreshed in steps. */
static void check_refresh(const char *capture, const Selection *selection, size_t every)
{
    PathList paths = test_captures(capture);
    Buffer content = test_read(paths.items[0]);
    Reading r = reading_begin();
    Watch watch = {.model = r.model, .selection = selection};
    size_t number = 0;
    for (Span rest = buffer_span(&content); rest.len; number++) {
        ptrdiff_t end = span_find_byte(rest, '\n');
        Span line = end < 0 ? rest : span_to(rest, (size_t)end + 1);
        reading_feed(&r, line);
        if (number % every)
            watch_step(&watch, number % 7 + 1);
        else
            watch_check(&watch, capture, number + 1);
        rest = span_from(rest, line.len);
    }
    reading_end(&r);
    watch_check(&watch, capture, number);
    for (size_t i = 0; i < TABLE_COUNT * VARIANTS; i++)
        table_free(watch.tables[i / VARIANTS][i % VARIANTS]);
    reading_free(&r);
    buffer_free(&content);
    path_list_free(&paths);
}

START_TEST(refreshing_equals_a_new_table)
{
    static const char *const captures[] = {"nested.log", "failing.log", "concurrent.log", "sequential-false.log",
                                           "plain-profile-stdout.log"};
    char *error = NULL;
    Selection *selection = selection_new(&(SelectionRules){.filter = "sync|range|open|=", .since = "2s"}, &error);
    ck_assert_ptr_nonnull(selection);
    for (size_t i = 0; i < sizeof captures / sizeof *captures; i++) {
        check_refresh(captures[i], selection, 1);
        check_refresh(captures[i], selection, 37);
    }
    selection_free(selection);
}
END_TEST

/* What can be chosen. */

static Selection *select_by(SelectionRules rules)
{
    char *error = NULL;
    Selection *s = selection_new(&rules, &error);
    ck_assert_msg(s != NULL, "%s", error);
    ck_assert_ptr_null(error);
    return s;
}

static bool filter_has(const char *filter, const char *text)
{
    Selection *s = select_by((SelectionRules){.filter = filter});
    Span texts[] = {SPAN("zzz"), span_of(text)};
    bool found = selection_matches(s, texts, 2);
    selection_free(s);
    return found;
}

START_TEST(filters_ignore_case_unless_told)
{
    ck_assert(filter_has("requests", "x = Requests.get(url)"));
    ck_assert(!filter_has("Requests", "x = requests.get(url)"));
    ck_assert(filter_has("Requests", "x = Requests.get(url)"));
    ck_assert(filter_has("\\Sequests\\W", "REQUESTS.GET"));
    ck_assert(filter_has("\\p{Lu}equests", "Requests"));
    ck_assert(filter_has("\xc3\xa9t\xc3\xa9", "\xc3\x89T\xc3\x89"));
    ck_assert(!filter_has("\xc3\x89t\xc3\xa9", "\xc3\xa9t\xc3\xa9"));
    ck_assert(filter_has("", "anything"));
    ck_assert(!filter_has("^x$", "xx"));
    ck_assert(selection_matches(NULL, NULL, 0));
}
END_TEST

START_TEST(filters_bear_any_text)
{
    ck_assert(filter_has("b.*d", "\xff\xfe b \xc3\xa9 d"));
    ck_assert(filter_has("x = 1", "\xc3(x = 1"));
    ck_assert(!filter_has("^$", "\xff"));
    char slow[2000];
    memset(slow, 'a', sizeof slow - 1);
    slow[sizeof slow - 1] = '\0';
    ck_assert(!filter_has("^(a+)+$b", slow));
    ck_assert(!filter_has("^(?:(?:a|aa)+)+b", slow));
    ck_assert(filter_has("^(a|b)*$", slow));
}
END_TEST

static void check_rule_error(SelectionRules rules, const char *part)
{
    char *error = NULL;
    ck_assert_ptr_null(selection_new(&rules, &error));
    ck_assert_ptr_nonnull(error);
    ck_assert_msg(strstr(error, part) != NULL, "%s", error);
    free(error);
}

START_TEST(rules_that_cannot_be_read)
{
    check_rule_error((SelectionRules){.filter = "(x"}, "parenthesis");
    check_rule_error((SelectionRules){.filter = "\xff"}, "UTF-8");
    check_rule_error((SelectionRules){.since = "yesterday"}, "yesterday");
    check_rule_error((SelectionRules){.since = ""}, "since");
    check_rule_error((SelectionRules){.until = "15"}, "until");
    check_rule_error((SelectionRules){.until = "1.5h"}, "1.5h");
    check_rule_error((SelectionRules){.until = "-5m"}, "-5m");
    check_rule_error((SelectionRules){.until = "2023-02-29"}, "2023-02-29");
    check_rule_error((SelectionRules){.until = "2021-03-22T19:20:10Zx"}, "Zx");
    check_rule_error((SelectionRules){.until = "99999999999999999999d"}, "d");
    check_rule_error((SelectionRules){.until = "999999999999999999d"}, "d");
}
END_TEST

/* Three calls, at 19:20:10, 19:20:20 and 19:20:30, and a report of nobody at 19:20:40. */
static Reading timed_reading(void)
{
    Log log = {0};
    call_begins(&log, "Sync", "a");
    report(&log, SYNC, 17, "38.4", "39.7", "1.3");
    call_ends(&log, "Sync", "a");
    log.ms = 10000;
    call_begins(&log, "Async", "b");
    report(&log, ASYNC, 12, "38.4", "39.7", "1.3");
    call_ends(&log, "Async", "b");
    log.ms = 20000;
    call_begins(&log, "AsyncTwo", "c");
    call_fails(&log, "AsyncTwo", "c", "KeyError: 'Price'");
    log.ms = 30000;
    report_begins(&log, SHARED);
    row(&log, 5, "38.4", "38.4", 1, "@profile");
    return read_log(&log);
}

/* What is left, as letters of the calls and digits of the reports. */
static void check_selection(const Reading *r, SelectionRules rules, const char *expected)
{
    Selection *s = select_by(rules);
    Buffer left = {0};
    for (Id i = 0; i < r->model->invocations.len; i++)
        if (selection_has_invocation(s, r->model, i))
            buffer_append_span(&left, test_call_id(r->model, i));
    for (Id i = 0; i < r->model->reports.len; i++)
        if (selection_has_report(s, r->model, i))
            buffer_printf(&left, "%u", i + 1);
    ck_assert_str_eq(buffer_text(&left), expected);
    buffer_free(&left);
    selection_free(s);
}

START_TEST(selecting_by_function_and_time)
{
    Reading r = timed_reading();
    check_selection(&r, (SelectionRules){0}, "abc123");
    check_selection(&r, (SelectionRules){.function = "Sync"}, "a1");
    check_selection(&r, (SelectionRules){.function = "Async*"}, "bc2");
    check_selection(&r, (SelectionRules){.function = "?sync"}, "b2");
    check_selection(&r, (SelectionRules){.function = "*"}, "abc123");
    check_selection(&r, (SelectionRules){.since = "2021-03-22T19:20:20Z"}, "bc23");
    check_selection(&r, (SelectionRules){.since = "2021-03-22T19:20:20.001Z"}, "c3");
    check_selection(&r, (SelectionRules){.until = "2021-03-22T19:20:20Z"}, "ab12");
    check_selection(&r, (SelectionRules){.until = "2021-03-22T20:20:19.999+01:00"}, "a1");
    check_selection(&r, (SelectionRules){.since = "2021-03-22T19:20:15Z", .until = "2021-03-22T19:20:25Z"}, "b2");
    check_selection(&r, (SelectionRules){.since = "2021-03-22", .until = "2021-03-22"}, "abc123");
    check_selection(&r, (SelectionRules){.since = "2021-03-23"}, "");
    check_selection(&r, (SelectionRules){.until = "2021-03-21"}, "");
    check_selection(&r, (SelectionRules){.since = "15s"}, "c3");
    check_selection(&r, (SelectionRules){.until = "15s"}, "ab12");
    check_selection(&r, (SelectionRules){.since = "1m", .function = "A*"}, "bc2");
    check_selection(&r, (SelectionRules){.until = "1h"}, "");
    check_selection(&r, (SelectionRules){.since = "1d"}, "abc123");
    reading_free(&r);
}
END_TEST

START_TEST(selecting_by_filter)
{
    Reading r = timed_reading();
    check_selection(&r, (SelectionRules){.filter = "work"}, "abc12");        /* source text */
    check_selection(&r, (SelectionRules){.filter = "function_app"}, "abc3"); /* file */
    check_selection(&r, (SelectionRules){.filter = "^async$"}, "abc2");      /* function */
    check_selection(&r, (SelectionRules){.filter = "nowhere"}, "abc");
    reading_free(&r);
    r = reading_of_capture("report-0.61.txt");
    check_selection(&r, (SelectionRules){.filter = "^free_and_loop$"}, "1"); /* its Python name */
    check_selection(&r, (SelectionRules){.since = "1h"}, "");                /* it has no time */
    reading_free(&r);
}
END_TEST

START_TEST(filtered_tables)
{
    Reading r = timed_reading();
    Selection *s = select_by((SelectionRules){.filter = "work"});
    Table *lines = table_new(r.model, TABLE_LINES, SCOPE_ALL), *calls = table_new(r.model, TABLE_INVOCATIONS, SCOPE_ALL);
    table_set_selection(lines, s);
    table_set_selection(calls, s);
    table_refresh(lines);
    table_refresh(calls);
    ck_assert_uint_eq(table_length(lines), 2); /* only rows that match, no entry rows */
    check_cell(lines, 0, "contents", "x = work()");
    check_cell(lines, 1, "contents", "x = work()");
    ck_assert_uint_eq(table_length(calls), 2);
    Selection *price = select_by((SelectionRules){.filter = "Price"});
    table_set_selection(calls, price);
    table_refresh(calls);
    ck_assert_uint_eq(table_length(calls), 1); /* a call without report has its error to match */
    check_cell(calls, 0, "id", "c");
    table_free(lines);
    table_free(calls);
    selection_free(s);
    selection_free(price);
    reading_free(&r);
}
END_TEST

START_TEST(quiet_tables_leave_out_contended_calls)
{
    Model *m = mixed_model();
    for (TableId id = TABLE_FUNCTIONS; id <= TABLE_REPORTS; id++) {
        Table *t = fresh_table(m, id, SCOPE_ALL);
        size_t all = table_length(t);
        table_set_quiet(t, true);
        table_refresh(t);
        ck_assert_uint_lt(table_length(t), all);
        ck_assert_uint_gt(table_length(t), 0);
        size_t flags = table_column_named(table_kind(t), SPAN("flags"));
        for (size_t i = 0; flags != SIZE_MAX && i < table_length(t); i++)
            ck_assert(span_find_byte(table_cell(t, table_row(t, i), flags).text, 'c') < 0);
        table_free(t);
    }
    model_free(m);
}
END_TEST

Suite *model_suite(void)
{
    Suite *suite = suite_create("model");
    TCase *tcase = tcase_create("model");
    tcase_add_test(tcase, rows_are_in_order_by_every_column);
    tcase_add_test(tcase, ids_stay_as_they_are);
    tcase_add_test(tcase, entry_of_a_sparse_report);
    tcase_add_test(tcase, no_row_is_promoted_to_entry);
    tcase_add_test(tcase, entry_of_a_complete_report);
    tcase_add_test(tcase, entry_of_an_old_report);
    tcase_add_test(tcase, entry_that_overlapping_coroutines_spoiled);
    tcase_add_test(tcase, entry_that_recursion_repeats);
    tcase_add_test(tcase, entries_of_recursion_and_of_coroutines);
    tcase_add_test(tcase, rows_with_the_whole_memory_again);
    tcase_add_test(tcase, what_calls_keep);
    tcase_add_test(tcase, a_new_worker_keeps_nothing);
    tcase_add_test(tcase, one_process_until_a_worker_starts_again);
    tcase_add_test(tcase, medians);
    tcase_add_test(tcase, flags_sparse_and_complete);
    tcase_add_test(tcase, filenames_of_others);
    tcase_add_test(tcase, flag_sparse_of_odd_reports);
    tcase_add_test(tcase, flag_truncated);
    tcase_add_test(tcase, the_profilers_own_error);
    tcase_add_test(tcase, why_calls_timed_out);
    tcase_add_test(tcase, flag_gap);
    tcase_add_test(tcase, flag_contended);
    tcase_add_test(tcase, flag_nested);
    tcase_add_test(tcase, flag_interleaved);
    tcase_add_test(tcase, attribution_of_calls_alone);
    tcase_add_test(tcase, attribution_by_folder);
    tcase_add_test(tcase, long_silence_of_a_complete_report);
    tcase_add_test(tcase, rows_before_a_rule);
    tcase_add_test(tcase, rows_around_an_end);
    tcase_add_test(tcase, old_hosts_headings);
    tcase_add_test(tcase, attribution_with_very_many_calls);
    tcase_add_test(tcase, rows_over_a_change_of_the_host);
    tcase_add_test(tcase, attribution_by_the_memory_of_nested_reports);
    tcase_add_test(tcase, attribution_with_a_report_too_many);
    tcase_add_test(tcase, assignments_are_the_cheapest);
    tcase_add_test(tcase, attribution_that_was_learnt);
    tcase_add_test(tcase, attribution_among_equals);
    tcase_add_test(tcase, attribution_when_the_input_ends);
    tcase_add_test(tcase, attribution_to_nobody);
    tcase_add_test(tcase, attribution_after_an_orphan);
    tcase_add_test(tcase, attribution_beside_another_worker);
    tcase_add_test(tcase, attribution_where_the_log_repeats_itself);
    tcase_add_test(tcase, attribution_against_the_folder);
    tcase_add_test(tcase, attribution_on_an_old_host);
    tcase_add_test(tcase, attribution_of_standard_output);
    tcase_add_test(tcase, invocations_in_all_states);
    tcase_add_test(tcase, doubled_reports_without_rows);
    tcase_add_test(tcase, exact_is_never_wrong);
    tcase_add_test(tcase, tables_sort_by_every_column);
    tcase_add_test(tcase, columns_are_described);
    tcase_add_test(tcase, rows_open_and_explain);
    tcase_add_test(tcase, heat_leaves_the_entry_row_cold);
    tcase_add_test(tcase, refreshing_equals_a_new_table);
    tcase_add_test(tcase, filters_ignore_case_unless_told);
    tcase_add_test(tcase, filters_bear_any_text);
    tcase_add_test(tcase, rules_that_cannot_be_read);
    tcase_add_test(tcase, selecting_by_function_and_time);
    tcase_add_test(tcase, selecting_by_filter);
    tcase_add_test(tcase, filtered_tables);
    tcase_add_test(tcase, quiet_tables_leave_out_contended_calls);
    suite_add_tcase(suite, tcase);
    return suite;
}
