/* Two versions of a text: which line is which (model/align.h), and the comparison of two calls that stands on it. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "model/align.h"
#include "model/table.h"
#include "tests/unit/support.h"

/* Alignment. Texts are lines that '\n' ends; the number of the first is given. */

static VEC(AlignLine) lines_a, lines_b;

static size_t cut_lines(AlignLine *lines, const char *text, uint32_t first)
{
    size_t count = 0;
    for (Span rest = span_of(text); rest.len; count++) {
        Span line = span_to(rest, (size_t)span_find_byte(rest, '\n'));
        lines[count] = (AlignLine){first + (uint32_t)count, line};
        rest = span_from(rest, line.len + 1);
    }
    return count;
}

enum { LINES_MAX = 64 };

/* "0-0 1- -1": the pairs as indexes. */
static void check_pairs(const char *a, uint32_t first_a, const char *b, uint32_t first_b, const char *expected)
{
    AlignLine x[LINES_MAX], y[LINES_MAX];
    AlignPairs pairs = {0};
    Buffer got = {0};
    align_lines(x, cut_lines(x, a, first_a), y, cut_lines(y, b, first_b), true, &pairs);
    for (size_t i = 0; i < pairs.len; i++) {
        if (i)
            buffer_append_byte(&got, ' ');
        if (pairs.items[i].a != ALIGN_NONE)
            buffer_printf(&got, "%zu", pairs.items[i].a);
        buffer_append_byte(&got, '-');
        if (pairs.items[i].b != ALIGN_NONE)
            buffer_printf(&got, "%zu", pairs.items[i].b);
    }
    assert_span(buffer_span(&got), expected);
    vec_free(&pairs);
    buffer_free(&got);
}

START_TEST(lines_are_found_by_their_text)
{
    check_pairs("a\nb\nc\n", 10, "a\nb\nc\n", 90, "0-0 1-1 2-2");
    check_pairs("a\nb\nc\n", 10, "a\nx\nb\nc\n", 10, "0-0 -1 1-2 2-3");
    check_pairs("a\nx\nb\nc\n", 10, "a\nb\nc\n", 10, "0-0 1- 2-1 3-2");
    check_pairs("a\nb\nc\n", 10, "c\n", 30, "0- 1- 2-0");
    check_pairs("a\n", 1, "", 1, "0-");
    check_pairs("", 1, "a\nb\n", 1, "-0 -1");
    check_pairs("", 1, "", 1, "");
}
END_TEST

START_TEST(white_space_does_not_count)
{
    check_pairs("    x = 1\n\ty  =  2\n", 5, "x = 1\n  y = 2\n", 5, "0-0 1-1");
    check_pairs("ab\n", 5, "a b\n", 50, "0- -0"); /* but between words it stands */
}
END_TEST

/* An edited line stays where it was between its neighbours, also when these have moved. */
START_TEST(edited_lines_are_found_by_number)
{
    check_pairs("a\nf(1)\nc\n", 10, "a\nf(2)\nc\n", 10, "0-0 1-1 2-2");
    check_pairs("a\nf(1)\nc\n", 10, "a\nf(2)\nc\n", 17, "0-0 1-1 2-2");
    check_pairs("f(1)\nc\n", 10, "f(2)\nc\n", 10, "0-0 1-1");
    check_pairs("a\nf(1)\n", 10, "a\nf(2)\nnew\n", 12, "0-0 1-1 -2");
}
END_TEST

/* Another function is no edited version of this one. */
START_TEST(without_numbers_only_texts_count)
{
    AlignLine a[] = {{10, SPAN("@profile")}, {12, SPAN("x = 1")}}, b[] = {{20, SPAN("@profile")}, {22, SPAN("y = 2")}};
    AlignPairs pairs = {0};
    align_lines(a, 2, b, 2, false, &pairs);
    ck_assert_uint_eq(pairs.len, 3);
    ck_assert(pairs.items[0].a == 0 && pairs.items[0].b == 0);
    ck_assert(pairs.items[1].a == 1 && pairs.items[1].b == ALIGN_NONE);
    ck_assert(pairs.items[2].a == ALIGN_NONE && pairs.items[2].b == 1);
    vec_free(&pairs);
}
END_TEST

START_TEST(repeated_lines_keep_their_order)
{
    check_pairs("x\nx\nx\n", 1, "x\nx\n", 1, "0-0 1-1 2-");
    check_pairs("a\nx\nb\nx\n", 1, "b\nx\n", 1, "0- 1- 2-0 3-1");
}
END_TEST

/* Whatever the texts: each line once, both sides in order, and what is equal in all is paired line by line. */
START_TEST(alignments_are_whole)
{
    uint64_t seed = 11;
    for (int round = 0; round < 300; round++) {
        static const char *const words[] = {"a", "b", "c", "d"};
        AlignLine x[LINES_MAX], y[LINES_MAX];
        AlignPairs pairs = {0};
        size_t a = test_random(&seed) % 20, b = test_random(&seed) % 20, next_a = 0, next_b = 0;
        for (size_t i = 0; i < a; i++)
            x[i] = (AlignLine){(uint32_t)(10 + i), span_of(words[test_random(&seed) % 4])};
        for (size_t i = 0; i < b; i++)
            y[i] = (AlignLine){(uint32_t)(10 + i), span_of(words[test_random(&seed) % 4])};
        align_lines(x, a, y, b, round % 2, &pairs);
        for (size_t i = 0; i < pairs.len; i++) {
            if (pairs.items[i].a != ALIGN_NONE)
                ck_assert_uint_eq(pairs.items[i].a, next_a++);
            if (pairs.items[i].b != ALIGN_NONE)
                ck_assert_uint_eq(pairs.items[i].b, next_b++);
        }
        ck_assert_uint_eq(next_a, a);
        ck_assert_uint_eq(next_b, b);
        vec_free(&pairs);
    }
}
END_TEST

/* Too long for the table of the common subsequence: by number, and in good time. */
START_TEST(long_texts_go_by_number)
{
    enum { LONG = 5000 };
    Buffer text = {0};
    AlignPairs pairs = {0};
    for (size_t i = 0; i < LONG; i++) {
        buffer_printf(&text, "a%05zu b%05zu", i, i);
    }
    for (size_t i = 0; i < LONG; i++) {
        vec_push(&lines_a, (AlignLine){(uint32_t)i, {text.data + i * 13, 6}});
        vec_push(&lines_b, (AlignLine){(uint32_t)i, {text.data + i * 13 + 7, 6}});
    }
    align_lines(lines_a.items, LONG, lines_b.items, LONG, true, &pairs);
    ck_assert_uint_eq(pairs.len, LONG);
    for (size_t i = 0; i < LONG; i++)
        ck_assert(pairs.items[i].a == i && pairs.items[i].b == i);
    vec_free(&pairs);
    vec_free(&lines_a);
    vec_free(&lines_b);
    buffer_free(&text);
}
END_TEST

/* Comparing calls. */

#define P "[2026-01-01T00:00:0%d.000Z] memory_profiler_logs: "

static void append_report(Buffer *log, int second, const char *rows)
{
    static const char head[] = "Filename: /app/A/__init__.py\n", columns[] = "Line #    Mem usage    Increment  Occurrences   Line Contents\n";
    const char *parts[] = {head, columns, "============================================================\n"};
    buffer_printf(log, "[2026-01-01T00:00:0%d.000Z] Executing 'Functions.A' (Reason='', Id=%08d-0000-4000-8000-000000000000)\n", second, second);
    for (size_t i = 0; i < 3; i++)
        buffer_printf(log, P "%s", second, parts[i]);
    for (Span rest = span_of(rows); rest.len;) {
        Span line = span_to(rest, (size_t)span_find_byte(rest, '\n'));
        buffer_printf(log, P "%.*s\n", second, SPAN_ARG(line));
        rest = span_from(rest, line.len + 1);
    }
    buffer_printf(log, P "\n", second);
    buffer_printf(log, "[2026-01-01T00:00:0%d.500Z] Executed 'Functions.A' (Succeeded, Id=%08d-0000-4000-8000-000000000000, Duration=5ms)\n",
                  second, second);
}

/* The same function before and after a line was put into it, which is above it as well. */
static Reading two_versions(void)
{
    Buffer log = {0};
    append_report(&log, 1,
                  "    10     40.0 MiB     40.0 MiB           1   @profile\n"
                  "    11                                         def work():\n"
                  "    12     42.0 MiB      2.0 MiB           1       a = load()\n"
                  "    13     42.5 MiB      0.5 MiB           1       b = parse(a)\n"
                  "    14     42.5 MiB      0.0 MiB           1       return old(b)\n");
    append_report(&log, 2,
                  "    12     50.0 MiB     50.0 MiB           1   @profile\n"
                  "    13                                         def work():\n"
                  "    14     52.0 MiB      2.0 MiB           1       a = load()\n"
                  "    15     55.0 MiB      3.0 MiB           1       cache.append(a)\n"
                  "    16     56.0 MiB      1.0 MiB           1       b = parse(a)\n");
    Reading r = reading_of(buffer_text(&log));
    buffer_free(&log);
    return r;
}

static Table *comparison(const Model *m, TableId from, size_t first, size_t second)
{
    Scope scope;
    Table *list = table_new(m, from, SCOPE_ALL);
    table_set_sort(list, (TableSort){0, false});
    table_refresh(list);
    ck_assert(compare_scope(list, table_row(list, first), table_row(list, second), &scope));
    table_free(list);
    Table *t = table_new(m, TABLE_COMPARE, scope);
    table_refresh(t);
    return t;
}

static void check_row(const Table *t, size_t row, const char *expected)
{
    Buffer text = {0};
    static const char *const shown[] = {"line", "memory-a", "memory-b", "increment-a", "increment-b", "difference", "where", "contents"};
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
        Cell cell = table_cell(t, table_row(t, row), table_column_named(table_kind(t), span_of(shown[i])));
        buffer_append_span(&text, i ? SPAN("|") : SPAN(""));
        cell_text(&cell, &text);
    }
    assert_span(buffer_span(&text), expected);
    buffer_free(&text);
}

START_TEST(shifted_lines_are_compared_by_text)
{
    for (int swapped = 0; swapped < 2; swapped++) {
        Reading r = two_versions();
        Buffer a = {0}, b = {0}, label = {0};
        Table *t = comparison(r.model, swapped ? TABLE_REPORTS : TABLE_INVOCATIONS, (size_t)swapped, (size_t)!swapped);
        ck_assert_uint_eq(table_length(t), 5);
        check_row(t, 0, "-→15||55.0||3.0|3.0|only B|    cache.append(a)");
        check_row(t, 1, "13→16|42.5|56.0|0.5|1.0|0.5||    b = parse(a)");
        check_row(t, 2, "12→14|42.0|52.0|2.0|2.0|0.0||    a = load()");
        check_row(t, 3, "14→-|42.5||0.0||0.0|only A|    return old(b)");
        check_row(t, 4, "10→12|40.0|50.0|entry|entry|||@profile"); /* never ranked */
        ck_assert_int_eq(table_largest(t), 3 * MIB_ONE);
        compare_heading(t, false, &a);
        compare_heading(t, true, &b);
        assert_contains(&a, "00000001  00:00:01  entry 40.0  peak 42.5  growth 2.5");
        assert_contains(&b, "00000002  00:00:02  entry 50.0  peak 56.0  growth 6.0");
        scope_label(r.model, TABLE_COMPARE, table_scope(t), &label);
        assert_contains(&label, "00000001 : 00000002");
        buffer_free(&a);
        buffer_free(&b);
        buffer_free(&label);
        table_free(t);
        reading_free(&r);
    }
}
END_TEST

START_TEST(lines_sort_by_their_number)
{
    Reading r = two_versions();
    Table *t = comparison(r.model, TABLE_INVOCATIONS, 0, 1);
    size_t line = table_column_named(table_kind(t), SPAN("line"));
    table_set_sort(t, (TableSort){line, false});
    table_refresh(t);
    int64_t before = 0;
    for (size_t i = 0; i < table_length(t); i++) {
        Cell cell = table_cell(t, table_row(t, i), line);
        ck_assert_int_ge(cell.number, before);
        before = cell.number;
    }
    ck_assert_int_eq(before, 16);
    table_free(t);
    reading_free(&r);
}
END_TEST

START_TEST(calls_without_report_are_not_compared)
{
    Reading r = reading_of_capture("failing.log");
    Table *list = table_new(r.model, TABLE_INVOCATIONS, SCOPE_ALL);
    Scope scope;
    size_t refused = 0, taken = 0;
    table_refresh(list);
    for (size_t i = 1; i < table_length(list); i++) {
        bool has = table_open_row(list, table_row(list, 0), &(TableId){0}, &scope) && table_open_row(list, table_row(list, i), &(TableId){0}, &scope);
        ck_assert_int_eq(compare_scope(list, table_row(list, 0), table_row(list, i), &scope), has);
        refused += !has;
        taken += has;
    }
    ck_assert_uint_gt(refused, 0);
    ck_assert_uint_gt(taken, 0);
    table_free(list);
    reading_free(&r);
}
END_TEST

Suite *align_suite(void)
{
    Suite *suite = suite_create("align");
    TCase *lines = tcase_create("lines");
    tcase_add_test(lines, lines_are_found_by_their_text);
    tcase_add_test(lines, white_space_does_not_count);
    tcase_add_test(lines, edited_lines_are_found_by_number);
    tcase_add_test(lines, without_numbers_only_texts_count);
    tcase_add_test(lines, repeated_lines_keep_their_order);
    tcase_add_test(lines, alignments_are_whole);
    tcase_add_test(lines, long_texts_go_by_number);
    suite_add_tcase(suite, lines);
    TCase *calls = tcase_create("calls");
    tcase_add_test(calls, shifted_lines_are_compared_by_text);
    tcase_add_test(calls, lines_sort_by_their_number);
    tcase_add_test(calls, calls_without_report_are_not_compared);
    suite_add_tcase(suite, calls);
    return suite;
}
