/* Hosts before 4.36 print the records of an invocation in any order: which report takes which, and when. */
#include <stdarg.h>
#include <stdio.h>

#include "model/report.h"
#include "parsers/spread.h"
#include "support.h"

#define SYNC "/app/Sync/__init__.py"
#define ASYNC "/app/Async/__init__.py"

typedef struct Log {
    Buffer text;
    unsigned ms; /* time of the next line */
} Log;

static void say(Log *log, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void say(Log *log, const char *format, ...)
{
    char line[512];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    buffer_printf(&log->text, "[2021-03-22T19:%02u:%02u.%03uZ] %s\n", log->ms / 60000, log->ms / 1000 % 60, log->ms % 1000, line);
}

static Log old_host(void)
{
    Log log = {.ms = 1000};
    say(&log, "Function Runtime Version: 4.30.0.1");
    return log;
}

static void begin_call(Log *log, const char *function, const char *id)
{
    log->ms += 5;
    say(log, "Executing 'Functions.%s' (Reason='test', Id=%s)", function, id);
}

static void end_call(Log *log, const char *function, const char *id)
{
    log->ms++;
    say(log, "Executed 'Functions.%s' (Succeeded, Id=%s, Duration=7ms)", function, id);
}

static void filename(Log *log, const char *file)
{
    say(log, "memory_profiler_logs: Filename: %s", file);
}

static void header(Log *log)
{
    say(log, "memory_profiler_logs: Line #    Mem usage    Increment  Occurrences   Line Contents");
}

static void row(Log *log, unsigned line, const char *memory, const char *increment, const char *contents)
{
    say(log, "memory_profiler_logs: %6u %8s MiB %8s MiB  %10u   %s", line, memory, increment, 1u, contents);
}

static void entry(Log *log, unsigned line, const char *memory)
{
    row(log, line, memory, memory, "@profile");
}

static Reading read_log(Log *log)
{
    Reading r = reading_of(buffer_text(&log->text));
    buffer_free(&log->text);
    return r;
}

/* The memory of all rows of a report, as text. */
static void check_rows(const Reading *r, size_t index, const char *expected)
{
    const Report *report = reading_report(r, index);
    Buffer text = {0};
    for (uint32_t i = 0; i < report->rows; i++) {
        char memory[MIB_TEXT_MAX];
        ReportRow row = report_row(r->model, report, i);
        if (row.measured)
            mib_format(memory, row.memory, report->decimals);
        buffer_printf(&text, "%s%u:%s", i ? " " : "", row.line, row.measured ? memory : "");
    }
    assert_span(buffer_span(&text), expected);
    buffer_free(&text);
}

static void check_owner(const Reading *r, size_t index, const char *id)
{
    Id call = reading_report(r, index)->invocation;
    ck_assert_uint_ne(call, NO_ID);
    assert_span(test_call_id(r->model, call), id);
}

static bool has_flag(const Reading *r, size_t index, ReportFlag flag)
{
    return report_flags(r->model, reading_report(r, index)) & flag;
}

/* Spreads. */

START_TEST(spreads_learn_what_is_usual)
{
    static const SpreadGuess usual = {10, {10, 10}, {1}};
    Spread s;
    spread_init(&s, &usual);
    ck_assert_int_gt(spread_judge(&s, 0), spread_judge(&s, -1));
    ck_assert_int_gt(spread_judge(&s, 1), spread_judge(&s, 2)); /* as many, over twice as many values */
    ck_assert_int_gt(spread_judge(&s, 2), spread_judge(&s, 100));
    ck_assert_int_eq(spread_judge(&s, 64), spread_judge(&s, 127));
    ck_assert_int_ge(spread_judge_more(&s, 1), spread_judge_more(&s, 2));
    for (int i = 0; i < 1000; i++)
        spread_learn(&s, -5);
    spread_reckon(&s);
    ck_assert_int_gt(spread_judge(&s, -5), spread_judge(&s, 0));
    ck_assert_int_gt(spread_judge(&s, -7), spread_judge(&s, -3));
    ck_assert_int_gt(spread_judge(&s, INT64_MIN), INT32_MIN);
    ck_assert_int_eq(spread_most(&s), 8); /* all but one in hundreds are below */
}
END_TEST

/* Rows and reports. */

START_TEST(rows_in_any_order)
{
    Log log = old_host();
    begin_call(&log, "Sync", "a");
    row(&log, 21, "41.5", "0.5", "    y = work()");
    header(&log);
    row(&log, 19, "41.0", "1.0", "    x = work()");
    filename(&log, SYNC);
    entry(&log, 17, "40.0");
    end_call(&log, "Sync", "a");
    Reading r = read_log(&log);
    ck_assert_uint_eq(r.model->reports.len, 1);
    check_rows(&r, 0, "17:40.0 19:41.0 21:41.5");
    check_owner(&r, 0, "a");
    ck_assert_uint_eq(report_flags(r.model, reading_report(&r, 0)), FLAG_SPARSE);
    reading_free(&r);
}
END_TEST

static void complete_report(Log *log, bool lossy)
{
    say(log, "memory_profiler_logs: "); /* the end */
    row(log, 20, "41.0", "0.0", "    y = work()");
    say(log, "memory_profiler_logs: =============================================================");
    row(log, 17, "40.0", "40.0", "@profile");
    header(log);
    if (!lossy)
        row(log, 19, "41.0", "1.0", "    x = work()");
    filename(log, SYNC);
    say(log, "memory_profiler_logs: %6u%38s   def f():", 18u, "");
}

/* Only lines that are really missing are a gap. */
START_TEST(complete_reports_in_any_order)
{
    Log log = old_host();
    begin_call(&log, "Sync", "a");
    complete_report(&log, false);
    end_call(&log, "Sync", "a");
    begin_call(&log, "Sync", "b");
    complete_report(&log, true);
    end_call(&log, "Sync", "b");
    Reading r = read_log(&log);
    ck_assert_uint_eq(r.model->reports.len, 2);
    check_rows(&r, 0, "17:40.0 18: 19:41.0 20:41.0");
    check_rows(&r, 1, "17:40.0 18: 20:41.0");
    ck_assert_uint_eq(report_flags(r.model, reading_report(&r, 0)), 0);
    ck_assert_uint_eq(report_flags(r.model, reading_report(&r, 1)), FLAG_GAP);
    reading_free(&r);
}
END_TEST

/* Two calls of one function at the same moment: memory less increment is what the row before left. */
START_TEST(arithmetic_tells_equal_lines_apart)
{
    Log log = old_host();
    begin_call(&log, "Sync", "a");
    begin_call(&log, "Sync", "b");
    row(&log, 21, "63.0", "2.0", "    y = work()");
    filename(&log, SYNC);
    row(&log, 19, "41.0", "1.0", "    x = work()");
    header(&log);
    entry(&log, 17, "60.0");
    entry(&log, 17, "40.0");
    filename(&log, SYNC);
    row(&log, 21, "41.5", "0.5", "    y = work()");
    header(&log);
    row(&log, 19, "61.0", "1.0", "    x = work()");
    end_call(&log, "Sync", "a");
    end_call(&log, "Sync", "b");
    Reading r = read_log(&log);
    ck_assert_uint_eq(r.model->reports.len, 2);
    bool low_first = report_row(r.model, reading_report(&r, 0), 0).memory == 40 * MIB_ONE;
    check_rows(&r, low_first ? 0 : 1, "17:40.0 19:41.0 21:41.5");
    check_rows(&r, low_first ? 1 : 0, "17:60.0 19:61.0 21:63.0");
    reading_free(&r);
}
END_TEST

static void sync_alone(Log *log, const char *id)
{
    begin_call(log, "Sync", id);
    filename(log, SYNC);
    header(log);
    entry(log, 17, "40.0");
    row(log, 19, "41.0", "1.0", "    x = synchronous()");
    end_call(log, "Sync", id);
}

static void async_alone(Log *log, const char *id)
{
    begin_call(log, "Async", id);
    filename(log, ASYNC);
    header(log);
    entry(log, 17, "40.0");
    row(log, 19, "41.0", "1.0", "    x = asynchronous()");
    end_call(log, "Async", id);
}

/* All numbers are the same: what stands in the source is known from before. */
START_TEST(source_tells_equal_numbers_apart)
{
    Log log = old_host();
    sync_alone(&log, "a");
    async_alone(&log, "b");
    begin_call(&log, "Sync", "c");
    begin_call(&log, "Async", "d");
    row(&log, 19, "41.0", "1.0", "    x = asynchronous()");
    filename(&log, SYNC);
    entry(&log, 17, "40.0");
    entry(&log, 17, "40.0");
    filename(&log, ASYNC);
    row(&log, 19, "41.0", "1.0", "    x = synchronous()");
    header(&log);
    header(&log);
    end_call(&log, "Sync", "c");
    end_call(&log, "Async", "d");
    Reading r = read_log(&log);
    ck_assert_uint_eq(r.model->reports.len, 4);
    for (size_t i = 2; i < 4; i++) {
        const Report *report = reading_report(&r, i);
        bool sync = span_eq(model_text(r.model, r.model->targets.items[report->target].file), SPAN(SYNC));
        check_rows(&r, i, "17:40.0 19:41.0");
        check_owner(&r, i, sync ? "c" : "d");
        assert_span(span_trim(report_row(r.model, report, 1).contents), sync ? "x = synchronous()" : "x = asynchronous()");
    }
    reading_free(&r);
}
END_TEST

/* Nothing but the end of an invocation says whose the row behind it is. */
START_TEST(ends_of_invocations_tell_rows_apart)
{
    Log log = old_host();
    for (int i = 0; i < 3; i++) {
        char id[8];
        snprintf(id, sizeof id, "%d", i);
        sync_alone(&log, id);
    }
    begin_call(&log, "Sync", "a");
    begin_call(&log, "Sync", "b");
    filename(&log, SYNC);
    header(&log);
    filename(&log, SYNC);
    header(&log);
    entry(&log, 17, "40.0");
    entry(&log, 17, "40.0");
    end_call(&log, "Sync", "a");
    row(&log, 19, "41.0", "1.0", "    x = synchronous()");
    end_call(&log, "Sync", "b");
    Reading r = read_log(&log);
    ck_assert_uint_eq(r.model->reports.len, 5);
    size_t owner = reading_report(&r, 3)->rows == 2 ? 3 : 4;
    check_rows(&r, owner, "17:40.0 19:41.0");
    check_rows(&r, 7 - owner, "17:40.0");
    check_owner(&r, owner, "b");
    check_owner(&r, 7 - owner, "a");
    reading_free(&r);
}
END_TEST

START_TEST(rows_without_a_filename)
{
    Log log = old_host();
    begin_call(&log, "Sync", "a");
    row(&log, 19, "41.0", "1.0", "    x = work()");
    entry(&log, 17, "40.0");
    end_call(&log, "Sync", "a");
    sync_alone(&log, "b");
    Reading r = read_log(&log);
    ck_assert_uint_eq(r.model->reports.len, 2);
    check_rows(&r, 0, "17:40.0 19:41.0");
    ck_assert(has_flag(&r, 0, FLAG_GAP) && !has_flag(&r, 1, FLAG_GAP));
    reading_free(&r);
}
END_TEST

START_TEST(rows_behind_the_end_of_their_invocation)
{
    Log log = old_host();
    begin_call(&log, "Sync", "a");
    filename(&log, SYNC);
    header(&log);
    entry(&log, 17, "40.0");
    end_call(&log, "Sync", "a");
    row(&log, 19, "41.0", "1.0", "    x = synchronous()");
    log.ms += 100;
    sync_alone(&log, "b");
    Reading r = read_log(&log);
    ck_assert_uint_eq(r.model->reports.len, 2);
    check_rows(&r, 0, "17:40.0 19:41.0");
    check_rows(&r, 1, "17:40.0 19:41.0");
    check_owner(&r, 0, "a");
    reading_free(&r);
}
END_TEST

/* The host hands over each record by itself: even a Filename may come when the next invocation has begun. */
START_TEST(records_behind_the_beginning_of_the_next_invocation)
{
    Log log = old_host();
    begin_call(&log, "Sync", "a");
    entry(&log, 17, "40.0");
    end_call(&log, "Sync", "a");
    filename(&log, SYNC);
    header(&log);
    begin_call(&log, "Async", "b");
    row(&log, 19, "41.0", "1.0", "    x = synchronous()");
    log.ms += 40;
    row(&log, 20, "42.0", "1.0", "    y = synchronous()");
    end_call(&log, "Async", "b");
    log.ms += 3;
    begin_call(&log, "Sync", "c");
    end_call(&log, "Sync", "c");
    filename(&log, SYNC);
    header(&log);
    entry(&log, 17, "43.0");
    row(&log, 20, "44.0", "1.0", "    y = synchronous()");
    Reading r = read_log(&log);
    ck_assert_uint_eq(r.model->reports.len, 2);
    check_rows(&r, 0, "17:40.0 19:41.0 20:42.0");
    check_owner(&r, 0, "a");
    check_rows(&r, 1, "17:43.0 20:44.0");
    check_owner(&r, 1, "c");
    for (size_t i = 0; i < 2; i++) {
        ck_assert_int_eq(reading_report(&r, i)->attribution, ATTRIBUTION_INFERRED);
        ck_assert(!has_flag(&r, i, FLAG_GAP));
    }
    reading_free(&r);
}
END_TEST

static void whole_report(Log *log, unsigned memory)
{
    char entry_text[16], row_text[16];
    snprintf(entry_text, sizeof entry_text, "%u.0", memory);
    snprintf(row_text, sizeof row_text, "%u.0", memory + 1);
    filename(log, SYNC);
    header(log);
    entry(log, 17, entry_text);
    row(log, 19, row_text, "1.0", "    x = synchronous()");
}

/* What comes behind an end may be that invocation's, though another one of the function runs and could own it by the times. */
START_TEST(a_report_behind_the_end_of_its_invocation)
{
    enum { PAIRS = 20 };
    char early[16], other[16];
    Log log = old_host();
    for (int i = 0; i < PAIRS; i++) {
        snprintf(early, sizeof early, "a%d", i);
        snprintf(other, sizeof other, "b%d", i);
        begin_call(&log, "Sync", early);
        begin_call(&log, "Sync", other);
        log.ms += 100;
        end_call(&log, "Sync", early);
        whole_report(&log, 40);
        for (int k = 0; k < 40; k++, log.ms += 2)
            say(&log, "root: working");
        end_call(&log, "Sync", other);
        whole_report(&log, 50);
        log.ms += 10;
    }
    Reading r = read_log(&log);
    ck_assert_uint_eq(r.model->reports.len, 2 * PAIRS);
    for (size_t i = 0; i < 2 * PAIRS; i++) {
        snprintf(early, sizeof early, "%c%zu", i % 2 ? 'b' : 'a', i / 2);
        check_owner(&r, i, early);
    }
    ck_assert_int_eq(reading_report(&r, 2 * PAIRS - 1)->attribution, ATTRIBUTION_INFERRED);
    reading_free(&r);
}
END_TEST

/* Between the end of one and that of the other, as far from either, nothing tells whose it is. */
START_TEST(a_report_between_two_ends)
{
    Log log = old_host();
    begin_call(&log, "Sync", "a");
    begin_call(&log, "Sync", "b");
    log.ms += 100;
    end_call(&log, "Sync", "a");
    whole_report(&log, 40);
    end_call(&log, "Sync", "b");
    log.ms += 1;
    say(&log, "root: idle");
    Reading r = read_log(&log);
    ck_assert_uint_eq(r.model->reports.len, 1);
    ck_assert_str_eq(attribution_name(reading_report(&r, 0)->attribution), "ambiguous");
    reading_free(&r);
}
END_TEST

/* Nothing comes for ever: so long after the end of its invocation a report is complete. */
START_TEST(late_records_come_soon)
{
    for (int timed = 0; timed < 2; timed++) {
        Log log = old_host();
        begin_call(&log, "Sync", "a");
        filename(&log, SYNC);
        header(&log);
        entry(&log, 17, "40.0");
        end_call(&log, "Sync", "a");
        for (int i = 0; i < 40; i++) {
            char id[16];
            snprintf(id, sizeof id, "b%d", i);
            log.ms += timed ? 100 : 0;
            sync_alone(&log, id);
        }
        row(&log, 21, "41.0", "1.0", "    z = synchronous()");
        Reading r = reading_begin();
        reading_feed(&r, buffer_span(&log.text));
        ck_assert(reading_report(&r, 0)->closed);
        check_owner(&r, 0, "a");
        reading_end(&r);
        check_rows(&r, 0, "17:40.0");
        reading_free(&r);
        buffer_free(&log.text);
    }
}
END_TEST

/* Other records wait for the rows before them, and come in their order. */
START_TEST(other_records_keep_their_place)
{
    Log log = old_host();
    begin_call(&log, "Sync", "a");
    begin_call(&log, "Async", "b");
    filename(&log, SYNC);
    header(&log);
    entry(&log, 17, "40.0");
    say(&log, "Executed 'Functions.Sync' (Failed, Id=a, Duration=7ms)");
    say(&log,
        "System.Private.CoreLib: Exception while executing function: Functions.Sync. System.Private.CoreLib: Result: Failure");
    say(&log, "Exception: KeyError: 'x'");
    begin_call(&log, "Sync", "c");
    end_call(&log, "Async", "b");
    end_call(&log, "Sync", "c");
    Reading r = read_log(&log);
    ck_assert_uint_eq(r.model->invocations.len, 3);
    ck_assert_int_eq(reading_call(&r, 0)->outcome, OUTCOME_FAILED);
    assert_span(invocation_error(r.model, reading_call(&r, 0)), "KeyError: 'x'");
    ck_assert_int_eq(reading_call(&r, 1)->outcome, OUTCOME_SUCCEEDED);
    ck_assert_int_eq(reading_call(&r, 2)->outcome, OUTCOME_SUCCEEDED);
    reading_free(&r);
}
END_TEST

/* Holding. */

START_TEST(silence_ends_the_waiting)
{
    Log log = old_host();
    begin_call(&log, "Sync", "a");
    begin_call(&log, "Sync", "b");
    entry(&log, 17, "40.0");
    filename(&log, SYNC);
    header(&log);
    end_call(&log, "Sync", "b");
    Reading r = reading_begin();
    reading_feed(&r, buffer_span(&log.text));
    ck_assert_uint_eq(r.model->reports.len, 0);
    ck_assert_int_eq(reading_call(&r, 1)->outcome, OUTCOME_RUNNING);
    parser_settle(r.parser, true);
    check_rows(&r, 0, "17:40.0");
    ck_assert_int_eq(reading_call(&r, 1)->outcome, OUTCOME_SUCCEEDED);
    reading_free(&r);
    buffer_free(&log.text);
}
END_TEST

/* However many records come, and however slowly, only so many are held. */
START_TEST(waiting_is_bounded)
{
    enum { REPORTS = 300, MOST_HELD = 256 };
    for (unsigned pause = 0; pause <= 3000; pause += 3000) {
        Log log = old_host();
        begin_call(&log, "Sync", "a");
        begin_call(&log, "Sync", "b");
        for (int i = 0; i < REPORTS; i++) {
            log.ms += pause + 1;
            entry(&log, 17, "40.0");
            filename(&log, SYNC);
            row(&log, 19, "41.0", "1.0", "    x = work()");
        }
        Reading r = reading_begin();
        reading_feed(&r, buffer_span(&log.text));
        ck_assert_uint_ge(r.model->reports.len, pause ? REPORTS - 2 : REPORTS - MOST_HELD / 3 - 1);
        reading_end(&r);
        ck_assert_uint_eq(r.model->reports.len, REPORTS);
        for (size_t i = 0; i < REPORTS; i++)
            check_rows(&r, i, "17:40.0 19:41.0");
        reading_free(&r);
        buffer_free(&log.text);
    }
}
END_TEST

/* A banner is that of a new host: what one host began the next one does not go on with. */
START_TEST(a_new_host_ends_all_reports)
{
    Log log = old_host();
    filename(&log, SYNC);
    header(&log);
    entry(&log, 17, "40.0");
    row(&log, 19, "41.0", "1.0", "    a()");
    say(&log, "Function Runtime Version: 4.38.0.1");
    row(&log, 20, "42.0", "1.0", "    b()");
    say(&log, "Function Runtime Version: 4.30.0.1");
    row(&log, 20, "42.0", "1.0", "    b()");
    row(&log, 21, "43.0", "1.0", "    c()");
    Reading r = read_log(&log);
    ck_assert_uint_eq(r.model->reports.len, 3);
    check_rows(&r, 0, "17:40.0 19:41.0");
    check_rows(&r, 1, "20:42.0");
    check_rows(&r, 2, "20:42.0 21:43.0");
    reading_free(&r);
}
END_TEST

/* A live log that goes on with other lines must not hold reports back for ever. */
START_TEST(hurry_ends_the_waiting)
{
    Log log = old_host();
    begin_call(&log, "Sync", "a");
    filename(&log, SYNC);
    header(&log);
    entry(&log, 17, "40.0");
    row(&log, 19, "41.0", "1.0", "    x = work()");
    begin_call(&log, "Other", "b");
    end_call(&log, "Sync", "a");
    say(&log, "root: something else");
    Reading r = reading_begin();
    reading_feed(&r, buffer_span(&log.text));
    ck_assert(!invocation_has_ended(r.model, reading_call(&r, 0)));
    parser_hurry(r.parser);
    ck_assert(invocation_has_ended(r.model, reading_call(&r, 0)));
    ck_assert_uint_eq(r.model->reports.len, 1);
    reading_end(&r);
    check_rows(&r, 0, "17:40.0 19:41.0");
    reading_free(&r);
    buffer_free(&log.text);
}
END_TEST

Suite *unordered_suite(void)
{
    Suite *suite = suite_create("unordered");
    TCase *tcase = tcase_create("unordered");
    tcase_add_test(tcase, spreads_learn_what_is_usual);
    tcase_add_test(tcase, rows_in_any_order);
    tcase_add_test(tcase, complete_reports_in_any_order);
    tcase_add_test(tcase, arithmetic_tells_equal_lines_apart);
    tcase_add_test(tcase, source_tells_equal_numbers_apart);
    tcase_add_test(tcase, ends_of_invocations_tell_rows_apart);
    tcase_add_test(tcase, rows_without_a_filename);
    tcase_add_test(tcase, rows_behind_the_end_of_their_invocation);
    tcase_add_test(tcase, records_behind_the_beginning_of_the_next_invocation);
    tcase_add_test(tcase, a_report_behind_the_end_of_its_invocation);
    tcase_add_test(tcase, a_report_between_two_ends);
    tcase_add_test(tcase, late_records_come_soon);
    tcase_add_test(tcase, other_records_keep_their_place);
    tcase_add_test(tcase, silence_ends_the_waiting);
    tcase_add_test(tcase, waiting_is_bounded);
    tcase_add_test(tcase, a_new_host_ends_all_reports);
    tcase_add_test(tcase, hurry_ends_the_waiting);
    suite_add_tcase(suite, tcase);
    return suite;
}
