/* Values over calls: series for charts, and the little bars of a table. */
#include <check.h>
#include <stdlib.h>

#include "model/display.h"
#include "model/series.h"
#include "tests/unit/support.h"

/* Series. */

static Series series_of(const Mib *values, size_t count)
{
    Series s = {0};
    series_clear(&s);
    for (size_t i = 0; i < count; i++)
        series_push(&s, values[i], 1);
    return s;
}

START_TEST(buckets_take_the_highest_of_neighbours)
{
    static const Mib values[] = {3, 9, MIB_NONE, MIB_NONE, 4, 5, 1, -2};
    Mib buckets[4];
    Series s = series_of(values, 8);
    series_bucket(&s, 4, buckets);
    ck_assert_int_eq(buckets[0], 9);
    ck_assert_int_eq(buckets[1], MIB_NONE);
    ck_assert_int_eq(buckets[2], 5);
    ck_assert_int_eq(buckets[3], 1);
    ck_assert_int_eq(s.low, -2);
    ck_assert_int_eq(s.high, 9);
    series_free(&s);
}
END_TEST

START_TEST(few_calls_fill_several_buckets_and_the_newest_is_last)
{
    static const Mib values[] = {7, 8};
    Mib buckets[5];
    Series s = series_of(values, 2);
    series_bucket(&s, 5, buckets);
    ck_assert_int_eq(buckets[0], 7);
    ck_assert_int_eq(buckets[4], 8);
    for (size_t i = 0; i < 5; i++)
        ck_assert(buckets[i] == 7 || buckets[i] == 8);
    series_clear(&s);
    series_bucket(&s, 5, buckets);
    for (size_t i = 0; i < 5; i++)
        ck_assert_int_eq(buckets[i], MIB_NONE);
    series_free(&s);
}
END_TEST

/* No value is lost, whatever the number of buckets: the highest is in some bucket, and every bucket holds a value that there is. */
START_TEST(buckets_keep_the_highest)
{
    uint64_t seed = 7;
    for (size_t len = 1; len < 200; len += 13) {
        Series s = {0};
        series_clear(&s);
        for (size_t i = 0; i < len; i++)
            series_push(&s, (Mib)(test_random(&seed) % 1000), 1);
        for (size_t count = 1; count < 64; count += 5) {
            Mib buckets[64], highest = MIB_NONE;
            series_bucket(&s, count, buckets);
            for (size_t i = 0; i < count; i++)
                highest = buckets[i] > highest ? buckets[i] : highest;
            ck_assert_int_eq(highest, s.high);
        }
        series_free(&s);
    }
}
END_TEST

/* In the order of the calls, whatever the table is sorted by; the entry row has no increment. */
START_TEST(history_is_a_series)
{
    Reading r = reading_of_capture("leak.log");
    Scope scope = SCOPE_ALL;
    Table *lines = table_new(r.model, TABLE_LINES, SCOPE_ALL);
    table_refresh(lines);
    scope.line = (Id)table_row(lines, 0);
    table_free(lines);
    Table *t = table_new(r.model, TABLE_HISTORY, scope);
    table_set_sort(t, (TableSort){table_column_named(table_kind(t), SPAN("entry")), true});
    table_refresh(t);
    const HistorySeries *s = table_history_series(t);
    ck_assert_uint_eq(s->entries.values.len, table_length(t));
    ck_assert_uint_gt(s->entries.values.len, 5);
    for (size_t i = 1; i < s->entries.values.len; i++)
        ck_assert_int_gt(s->entries.values.items[i], s->entries.values.items[i - 1]);
    ck_assert_int_eq(s->increments.high, table_largest(t));
    const Report *report = &r.model->reports.items[table_row(t, 0)];
    scope.line = report_row(r.model, report, report_entry(r.model, report)).source_line;
    Table *entry = table_new(r.model, TABLE_HISTORY, scope);
    table_refresh(entry);
    s = table_history_series(entry);
    ck_assert_uint_gt(s->entries.values.len, 5);
    ck_assert_int_eq(s->increments.high, MIB_NONE);
    table_free(t);
    table_free(entry);
    reading_free(&r);
}
END_TEST

/* Little bars. */

static void check_spark(const int64_t *values, size_t count, size_t width, bool ascii, const char *expected)
{
    Buffer out = {0};
    size_t cells = display_append_spark(&out, values, count, width, ascii);
    assert_span(buffer_span(&out), expected);
    ck_assert_uint_eq(cells, count < width ? count : width);
    buffer_free(&out);
}

START_TEST(sparks_stand_between_lowest_and_highest)
{
    static const int64_t values[] = {INT64_MIN / 2, 0, 1, 4, 7}, same[] = {5, 5, 5};
    check_spark(values + 1, 4, 16, false, "▁▂▅█");
    check_spark(values + 1, 4, 16, true, "_.=#");
    check_spark(values, 5, 4, false, "▁▂▅█"); /* the oldest does not fit and does not count */
    check_spark(same, 3, 16, false, "▁▁▁");
    check_spark(NULL, 0, 16, false, "");
    check_spark(values, 5, 16, true, "_####");
}
END_TEST

static Cell trend_of(Table *t, size_t index)
{
    return table_cell(t, table_row(t, index), table_column_named(table_kind(t), SPAN("trend")));
}

START_TEST(trends_show_the_latest_calls)
{
    Reading r = reading_of_capture("leak.log");
    for (TableId id = TABLE_FUNCTIONS; id <= TABLE_LINES; id = id == TABLE_FUNCTIONS ? TABLE_LINES : TABLE_COUNT) {
        Table *t = table_new(r.model, id, SCOPE_ALL);
        table_refresh(t);
        Cell cell = trend_of(t, 0);
        Buffer text = {0};
        ck_assert_int_eq(cell.type, CELL_SPARK);
        ck_assert_uint_gt(cell.value_count, 5);
        ck_assert_uint_le(cell.value_count, SPARK_VALUES);
        cell_text(&cell, &text);
        ck_assert_uint_eq(text.len, 0);
        table_free(t);
    }
    const Target *target = &r.model->targets.items[reading_report(&r, 0)->target];
    Table *t = table_new(r.model, TABLE_FUNCTIONS, SCOPE_ALL);
    table_refresh(t);
    Cell cell = trend_of(t, 0);
    ck_assert_int_eq(cell.values[cell.value_count - 1], report_baseline(r.model, &r.model->reports.items[target->last_report]));
    ck_assert_int_eq(cell.number, cell.values[cell.value_count - 1] - cell.values[0]);
    table_free(t);
    reading_free(&r);
}
END_TEST

Suite *charts_suite(void)
{
    Suite *suite = suite_create("charts");
    TCase *series = tcase_create("series");
    tcase_add_test(series, buckets_take_the_highest_of_neighbours);
    tcase_add_test(series, few_calls_fill_several_buckets_and_the_newest_is_last);
    tcase_add_test(series, buckets_keep_the_highest);
    tcase_add_test(series, history_is_a_series);
    suite_add_tcase(suite, series);
    TCase *sparks = tcase_create("sparks");
    tcase_add_test(sparks, sparks_stand_between_lowest_and_highest);
    tcase_add_test(sparks, trends_show_the_latest_calls);
    suite_add_tcase(suite, sparks);
    return suite;
}
