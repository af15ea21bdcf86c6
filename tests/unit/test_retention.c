/* What is kept row by row, and what stays of the rest (model/retention.h, model/totals.h). */
#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "model/report.h"
#include "model/retention.h"
#include "model/stats.h"
#include "model/table.h"
#include "src/export.h"
#include "tests/unit/support.h"

/* Totals. */

START_TEST(medians_are_exact)
{
    uint64_t seed = 5;
    for (size_t len = 1; len < 400; len += 7) {
        Tally t = {0};
        MibList all = {0};
        for (size_t i = 0; i < len; i++) {
            Mib value = (Mib)(test_random(&seed) % 300) - 100;
            tally_add(&t, value, 1);
            vec_push(&all, value);
        }
        ck_assert_int_eq(tally_median(&t), mib_median(&all));
        ck_assert_uint_eq(t.count, len);
        tally_free(&t);
        vec_free(&all);
    }
    Tally none = {0};
    ck_assert_int_eq(tally_median(&none), MIB_NONE);
}
END_TEST

/* However many different values come: so many are kept, none is lost from the count, and the middle is near and one of them. */
START_TEST(medians_take_bounded_memory)
{
    enum { VALUES = 200000, RANGE = 1000000 };
    uint64_t seed = 6;
    Tally t = {0};
    uint64_t count = 0;
    for (size_t i = 0; i < VALUES; i++) {
        tally_add(&t, (Mib)(test_random(&seed) % RANGE), 1);
        ck_assert_uint_le(t.values.len, TALLY_VALUES_MAX);
    }
    for (size_t i = 0; i < t.values.len; i++) {
        count += t.values.items[i].count;
        ck_assert(i == 0 || t.values.items[i].value > t.values.items[i - 1].value);
    }
    ck_assert_uint_eq(count, VALUES);
    ck_assert_int_gt(tally_median(&t), RANGE / 2 - RANGE / 50);
    ck_assert_int_lt(tally_median(&t), RANGE / 2 + RANGE / 50);
    tally_free(&t);
}
END_TEST

/* Summarised reports count as the others do. */

/* Without `trends`: where reports wait to be attributed, later ones may be summarised before them, and the order of values is theirs. */
static Buffer dump(const Table *t, bool trends)
{
    Buffer out = {0};
    for (size_t i = 0; i < table_length(t); i++) {
        for (size_t c = 0; c < table_kind(t)->column_count; c++) {
            Cell cell = table_cell(t, table_row(t, i), c);
            cell_text(&cell, &out);
            for (size_t k = 0; trends && k < cell.value_count; k++)
                buffer_printf(&out, " %" PRId64, cell.values[k]);
            buffer_printf(&out, "/%d.%u|", (int)cell.style, cell.heat);
        }
        buffer_append_byte(&out, '\n');
    }
    buffer_printf(&out, "%zu rows, largest %" PRId64 "\n", table_length(t), table_largest(t));
    return out;
}

static const TableId counted[] = {TABLE_FUNCTIONS, TABLE_INVOCATIONS, TABLE_LINES, TABLE_REPORTS};

enum { COUNTED = sizeof counted / sizeof *counted };

static void check_equal(const Model *whole, const Table *table, bool trends, const char *capture, const char *what)
{
    Table *want = table_new(whole, table_kind(table)->id, SCOPE_ALL);
    table_refresh(want);
    Buffer a = dump(want, trends), b = dump(table, trends);
    size_t same = 0;
    while (same < a.len && same < b.len && a.data[same] == b.data[same])
        same++;
    size_t from = same > 200 ? same - 200 : 0;
    ck_assert_msg(a.len == b.len && same == a.len, "%s, %s, %s: with all rows\n%.400s\nand summarised\n%.400s", capture, what,
                  table_kind(table)->name, buffer_text(&a) + from, buffer_text(&b) + from);
    buffer_free(&a);
    buffer_free(&b);
    table_free(want);
}

/* Two models of the same input, one with a limit; tables that took part all along and such that come at the end show the same. */
/* Returns how many were summarised. */
static size_t check_capture(const char *capture, const Retention *limits, bool refresh_often)
{
    PathList paths = test_captures(capture);
    Buffer content = test_read(paths.items[0]);
    Reading whole = reading_begin(), limited = reading_begin();
    Table *tables[COUNTED];
    for (size_t i = 0; i < COUNTED; i++)
        tables[i] = table_new(limited.model, counted[i], SCOPE_ALL);
    for (size_t at = 0; at < content.len; at += 700) {
        Span piece = span_to(span_from(buffer_span(&content), at), 700);
        reading_feed(&whole, piece);
        reading_feed(&limited, piece);
        model_retain(limited.model, limits, limited.model->closed.len);
        for (size_t i = 0; refresh_often && i < COUNTED; i++)
            table_refresh(tables[i]);
    }
    reading_end(&whole);
    reading_end(&limited);
    model_retain(limited.model, limits, limited.model->closed.len);
    size_t summarised = limited.model->summaries.len;
    for (size_t i = 0; i < COUNTED; i++) {
        table_refresh(tables[i]);
        check_equal(whole.model, tables[i], !limits->bytes, capture, "an old table");
        table_free(tables[i]);
        tables[i] = table_new(limited.model, counted[i], SCOPE_ALL);
        table_refresh(tables[i]);
        check_equal(whole.model, tables[i], !limits->bytes, capture, "a new table");
        table_free(tables[i]);
    }
    reading_free(&whole);
    reading_free(&limited);
    path_list_free(&paths);
    buffer_free(&content);
    return summarised;
}

START_TEST(totals_do_not_depend_on_what_is_kept)
{
    static const char *const captures[] = {"sequential-true.log", "nested.log",     "leak.log",          "failing.log",
                                           "worker-short.log",    "concurrent.log", "worker-cachewarm.log"};
    static const Retention limits[] = {{1, 0, 0}, {3, 0, 0}, {0, 400, 0}, {0, 2000, 0}, {2, 1000, 0}};
    size_t summarised = 0;
    for (size_t i = 0; i < sizeof captures / sizeof *captures; i++)
        for (size_t k = 0; k < sizeof limits / sizeof *limits; k++)
            summarised += check_capture(captures[i], &limits[k], (i + k) % 2);
    ck_assert_uint_gt(summarised, 500);
}
END_TEST

/* Limits. */

/* Numbers that do not fit compact rows take part as well. */
static void append_call(Buffer *log, unsigned number, unsigned rows, bool wide)
{
    unsigned target = number % 5;
    buffer_printf(log, "[2026-01-01T00:00:00.000Z] Executing 'Functions.F' (Reason='', Id=%08x-0000-4000-8000-000000000000)\n", number);
    buffer_printf(log, "[2026-01-01T00:00:00.000Z] memory_profiler_logs: Filename: /app/%u.py\n", target);
    buffer_append_span(log, SPAN("[2026-01-01T00:00:00.000Z] memory_profiler_logs: Line #    Mem usage    Increment  Occurrences   Line Contents\n"
                                 "[2026-01-01T00:00:00.000Z] memory_profiler_logs: ============================================================\n"));
    for (unsigned i = 0; i < rows; i++)
        buffer_printf(log, "[2026-01-01T00:00:00.000Z] memory_profiler_logs: %6u %8u.%s MiB %8u.%s MiB           1       x = %u\n", 10 + i,
                      50 + i, wide ? "123456789" : "0", i ? (number + i) % 7 : 50, wide ? "123456789" : "0", i);
    buffer_printf(log, "[2026-01-01T00:00:00.000Z] memory_profiler_logs: \n"
                       "[2026-01-01T00:00:00.000Z] Executed 'Functions.F' (Succeeded, Id=%08x-0000-4000-8000-000000000000, Duration=5ms)\n",
                  number);
}

static uint64_t stored(const Model *m)
{
    return m->rows.len * sizeof(Row) + m->wide_rows.len * sizeof(WideRow);
}

/* The rows that are left are the right ones, whatever was moved. */
static void check_rows(const Model *m)
{
    for (size_t i = 0; i < m->reports.len; i++) {
        const Report *r = &m->reports.items[i];
        for (uint32_t k = 0; k < report_kept_rows(r); k++) {
            ReportRow row = report_row(m, r, k);
            ck_assert_uint_eq(row.line, 10 + k);
            ck_assert_int_eq(row.memory / MIB_ONE, 50 + k);
        }
        ck_assert_int_eq(report_peak(m, r) / MIB_ONE, 50 + r->rows - 1);
        ck_assert_int_eq(report_baseline(m, r) / MIB_ONE, 50);
    }
}

START_TEST(rows_stay_within_bytes)
{
    enum { LIMIT = 20000, CALLS = 600 };
    Retention limits = {.bytes = LIMIT};
    Reading r = reading_begin();
    for (unsigned i = 0; i < CALLS; i++) {
        Buffer log = {0};
        append_call(&log, i, 3 + i % 37, i % 3 == 0);
        reading_feed(&r, buffer_span(&log));
        model_retain(r.model, &limits, r.model->closed.len);
        ck_assert_uint_le(stored(r.model), LIMIT);
        if (i % 50 == 0)
            check_rows(r.model);
        buffer_free(&log);
    }
    check_rows(r.model);
    ck_assert_uint_eq(r.model->reports.len, CALLS);
    ck_assert_uint_gt(r.model->summaries.len, CALLS / 2);
    ck_assert_uint_gt(stored(r.model), LIMIT / 2); /* and no more goes than must */
    reading_free(&r);
}
END_TEST

/* In small steps the limit is passed by what comes until they are done, and no more. */
START_TEST(rows_go_a_few_at_a_time)
{
    enum { LIMIT = 20000, CALLS = 600, ROWS = 20 };
    Retention limits = {.bytes = LIMIT, .at_once = 3};
    Reading r = reading_begin();
    size_t before = 0;
    for (unsigned i = 0; i < CALLS; i++) {
        Buffer log = {0};
        append_call(&log, i, ROWS, false);
        reading_feed(&r, buffer_span(&log));
        model_retain(r.model, &limits, r.model->closed.len);
        ck_assert_uint_le(r.model->summaries.len - before, limits.at_once);
        ck_assert_uint_le(stored(r.model), LIMIT * 5 / 4);
        before = r.model->summaries.len;
        buffer_free(&log);
    }
    check_rows(r.model);
    ck_assert_uint_gt(r.model->summaries.len, CALLS / 2);
    reading_free(&r);
}
END_TEST

/* Rows move down in several calls, while others are added and summarised. */
START_TEST(rows_move_a_few_at_a_time)
{
    enum { LIMIT = 400000, CALLS = 6000, ROWS = 20 };
    Retention limits = {.bytes = LIMIT, .at_once = 4};
    Reading r = reading_begin();
    size_t partly = 0, whole = 0;
    for (unsigned i = 0; i < CALLS; i++) {
        Buffer log = {0};
        append_call(&log, i, 3 + i % ROWS, i % 3 == 0);
        reading_feed(&r, buffer_span(&log));
        bool before = r.model->compaction.running;
        model_retain(r.model, &limits, r.model->closed.len);
        partly += r.model->compaction.running;
        whole += before && !r.model->compaction.running;
        ck_assert_uint_le(stored(r.model), LIMIT * 5 / 4);
        if (i % 7 == 0 && r.model->compaction.running)
            check_rows(r.model);
        buffer_free(&log);
    }
    check_rows(r.model);
    ck_assert_uint_gt(partly, 50);
    ck_assert_uint_gt(whole, 5);
    reading_free(&r);
}
END_TEST

START_TEST(targets_keep_their_latest_reports)
{
    enum { CALLS = 2000, KEPT = 4 };
    Retention limits = {.reports_per_target = KEPT};
    Reading r = reading_begin();
    uint64_t most = 0;
    for (unsigned i = 0; i < CALLS; i++) {
        Buffer log = {0};
        append_call(&log, i, 20, false);
        reading_feed(&r, buffer_span(&log));
        model_retain(r.model, &limits, r.model->closed.len);
        most = stored(r.model) > most ? stored(r.model) : most;
        buffer_free(&log);
    }
    for (size_t i = 0; i < r.model->targets.len; i++) {
        const Target *target = &r.model->targets.items[i];
        uint32_t number = 0;
        ck_assert_uint_eq(target->reports - target->summarised, KEPT);
        for (Id k = target->first_report; k != NO_ID; k = r.model->reports.items[k].next_of_target)
            ck_assert_int_eq(r.model->reports.items[k].summarised, number++ < target->reports - KEPT);
    }
    ck_assert_uint_lt(most, CALLS * 20 * sizeof(Row) / 4); /* what goes is given back */
    check_rows(r.model);
    reading_free(&r);
}
END_TEST

/* Live NDJSON has not printed them yet. */
START_TEST(later_reports_can_be_held_back)
{
    Retention limits = {.reports_per_target = 1};
    Reading r = reading_begin();
    Buffer log = {0};
    for (unsigned i = 0; i < 30; i++)
        append_call(&log, i, 5, false);
    reading_feed(&r, buffer_span(&log));
    model_retain(r.model, &limits, 10);
    for (size_t i = 10; i < r.model->closed.len; i++)
        ck_assert(!r.model->reports.items[r.model->closed.items[i]].summarised);
    ck_assert_uint_gt(r.model->summaries.len, 0);
    buffer_free(&log);
    reading_free(&r);
}
END_TEST

/* What is said of them. */

START_TEST(exports_say_what_was_summarised)
{
    Retention limits = {.reports_per_target = 1};
    Reading r = reading_of_capture("leak.log");
    model_retain(r.model, &limits, r.model->closed.len);
    Buffer json = test_export(r.model, "json", NULL), csv = test_export(r.model, "csv", NULL), text = test_export(r.model, "text", NULL);
    assert_contains(&json, "\"summarised\": true, \"lines\": [\n    ]}");
    assert_contains(&text, "summarised. Their rows were let go");
    size_t objects = 0, lines = 0, rows = 0;
    for (Span rest = buffer_span(&json); span_find(rest, SPAN("\"summarised\"")) >= 0; objects++)
        rest = span_from(rest, (size_t)span_find(rest, SPAN("\"summarised\"")) + 1);
    ck_assert_uint_eq(objects, r.model->summaries.len);
    for (size_t i = 0; i < csv.len; i++)
        lines += csv.data[i] == '\n';
    for (size_t i = 0; i < r.model->reports.len; i++)
        rows += report_kept_rows(&r.model->reports.items[i]);
    ck_assert_uint_eq(lines, rows + 1);
    buffer_free(&json);
    buffer_free(&csv);
    buffer_free(&text);
    reading_free(&r);
}
END_TEST

/* A table that has not heard of it yet may be asked for cells of rows that are gone. */
START_TEST(tables_bear_rows_that_go)
{
    Retention limits = {.reports_per_target = 1};
    Reading r = reading_of_capture("leak.log");
    Scope report = SCOPE_ALL, line = SCOPE_ALL;
    report.report = 0;
    line.line = report_row(r.model, &r.model->reports.items[0], 0).source_line;
    Table *tables[] = {table_new(r.model, TABLE_REPORT, report), table_new(r.model, TABLE_HISTORY, line)};
    for (size_t i = 0; i < 2; i++)
        table_refresh(tables[i]);
    model_retain(r.model, &limits, r.model->closed.len);
    ck_assert(r.model->reports.items[0].summarised);
    for (size_t i = 0; i < 2; i++) {
        ck_assert_uint_gt(table_length(tables[i]), 0);
        TableId id;
        Scope scope;
        Buffer words = {0};
        for (size_t row = 0; row < table_length(tables[i]); row++) {
            RowKey key = table_row(tables[i], row);
            for (size_t c = 0; c < table_kind(tables[i])->column_count; c++)
                table_cell(tables[i], key, c);
            table_open_row(tables[i], key, &id, &scope);
            table_row_scope(tables[i], key);
            table_explain(tables[i], key, &words);
        }
        buffer_free(&words);
        table_refresh(tables[i]);
        ck_assert_uint_gt(table_summarised(tables[i]), 0);
    }
    ck_assert_uint_eq(table_length(tables[0]), 0);
    ck_assert_uint_eq(table_length(tables[1]), 1);
    table_free(tables[0]);
    table_free(tables[1]);
    reading_free(&r);
}
END_TEST

/* Totals of lines cannot be taken apart: where reports are chosen they are left out, and that is said. */
START_TEST(quiet_lines_leave_totals_out)
{
    Retention limits = {.reports_per_target = 1};
    Reading r = reading_of_capture("leak.log");
    model_retain(r.model, &limits, r.model->closed.len);
    Table *t = table_new(r.model, TABLE_LINES, SCOPE_ALL);
    table_refresh(t);
    size_t calls = table_column_named(table_kind(t), SPAN("calls"));
    int64_t all = table_cell(t, table_row(t, 0), calls).number;
    ck_assert(!table_lacks_summarised(t));
    table_set_quiet(t, true);
    table_refresh(t);
    ck_assert(table_lacks_summarised(t));
    ck_assert_int_lt(table_cell(t, table_row(t, 0), calls).number, all);
    table_set_quiet(t, false);
    table_refresh(t);
    ck_assert_int_eq(table_cell(t, table_row(t, 0), calls).number, all);
    table_free(t);
    reading_free(&r);
}
END_TEST

Suite *retention_suite(void)
{
    Suite *suite = suite_create("retention");
    TCase *totals = tcase_create("totals");
    tcase_add_test(totals, medians_are_exact);
    tcase_add_test(totals, medians_take_bounded_memory);
    tcase_add_test(totals, totals_do_not_depend_on_what_is_kept);
    suite_add_tcase(suite, totals);
    TCase *limits = tcase_create("limits");
    tcase_add_test(limits, rows_stay_within_bytes);
    tcase_add_test(limits, rows_go_a_few_at_a_time);
    tcase_add_test(limits, rows_move_a_few_at_a_time);
    tcase_add_test(limits, targets_keep_their_latest_reports);
    tcase_add_test(limits, later_reports_can_be_held_back);
    tcase_add_test(limits, exports_say_what_was_summarised);
    tcase_add_test(limits, tables_bear_rows_that_go);
    tcase_add_test(limits, quiet_lines_leave_totals_out);
    suite_add_tcase(suite, limits);
    return suite;
}
