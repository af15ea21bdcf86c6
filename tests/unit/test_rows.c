/* Rows of a table as a file (src/export_rows.h), and how that is written (src/save.h). */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "src/export_rows.h"
#include "src/save.h"
#include "tests/unit/support.h"

typedef struct Extract {
    Reading reading;
    Table *table;
    TableExtract rows;
    RowKey keys[3];
    size_t columns[8];
} Extract;

/* The first three rows of Lines, in these columns. */
static void extract_begin(Extract *e, const char *capture, TableId id, const char *const *names)
{
    e->reading = reading_of_capture(capture);
    e->table = table_new(e->reading.model, id, SCOPE_ALL);
    table_refresh(e->table);
    e->rows = (TableExtract){e->table, "Lines", e->keys, 3, e->columns, 0, NULL};
    for (size_t i = 0; i < 3; i++)
        e->keys[i] = table_row(e->table, i);
    for (; *names; names++)
        e->columns[e->rows.column_count++] = table_column_named(table_kind(e->table), span_of(*names));
}

static void extract_end(Extract *e)
{
    table_free(e->table);
    reading_free(&e->reading);
}

static const char *const line_columns[] = {"line", "increment", "heat", "trend", "calls", "contents", NULL};

static void check_marked(const char *name, const bool *marked, const char *expected)
{
    Extract e = {0};
    char folder[FOLDER_PATH_MAX];
    Buffer path = {0}, message = {0};
    folder_make(folder);
    buffer_printf(&path, "%s/%s", folder, name);
    extract_begin(&e, "sequential-true.log", TABLE_LINES, line_columns);
    e.rows.marked = marked;
    ck_assert_msg(save_rows(buffer_text(&path), false, &e.rows, &message) == SAVE_DONE, "%s", buffer_text(&message));
    Buffer got = test_read(buffer_text(&path));
    assert_span(buffer_span(&got), expected);
    assert_contains(&message, "3 rows written to ");
    buffer_free(&got);
    buffer_free(&path);
    buffer_free(&message);
    extract_end(&e);
    folder_remove(folder);
}

static void check_format(const char *name, const char *expected)
{
    check_marked(name, NULL, expected);
}

START_TEST(marks_are_written)
{
    static const bool marked[] = {false, true, false};
    check_marked("rows.csv", marked,
                 "line,increment,calls,contents,marked\r\n"
                 "17,7.9,1,canvas = bytearray(4 * 1024 * 1024),\r\n"
                 "20,1.6,3,await response.text(),yes\r\n"
                 "20,1.6,1,thumbs.append(bytes(canvas[:262144])),\r\n");
    check_marked("rows.md", marked,
                 "| Line | Largest MiB | Trend | Calls | Source | Marked |\n"
                 "| ---: | ---: | --- | ---: | --- | --- |\n"
                 "| 17 | 7.9 | ▁ | 1 | `canvas = bytearray(4 * 1024 * 1024)` | |\n"
                 "| 20 | 1.6 | █▁▂ | 3 | `await response.text()` | \\* |\n"
                 "| 20 | 1.6 | ▁ | 1 | `thumbs.append(bytes(canvas[:262144]))` | |\n");
    check_marked("rows.txt", marked,
                 "Lines\n\n"
                 "Line  Largest MiB  Heat      Trend  Calls  Source                                 Marked\n"
                 "  17          7.9  ████████  ▁          1  canvas = bytearray(4 * 1024 * 1024)\n"
                 "  20          1.6  ██        █▁▂        3  await response.text()                  *\n"
                 "  20          1.6  ██        ▁          1  thumbs.append(bytes(canvas[:262144]))\n");
    check_marked(
        "rows.json", marked,
        "{\n  \"schema\": \"funcmem-rows/1\",\n  \"view\": \"lines\",\n  \"title\": \"Lines\",\n  \"columns\": [\n"
        "    {\"id\": \"line\", \"title\": \"Line\", \"type\": \"count\"},\n"
        "    {\"id\": \"increment\", \"title\": \"Largest\", \"type\": \"mib\"},\n"
        "    {\"id\": \"calls\", \"title\": \"Calls\", \"type\": \"count\"},\n"
        "    {\"id\": \"contents\", \"title\": \"Source\", \"type\": \"text\"}\n  ],\n  \"rows\": [\n"
        "    {\"line\": 17, \"increment\": 7.9, \"calls\": 1, \"contents\": \"canvas = bytearray(4 * 1024 * 1024)\", "
        "\"marked\": false},\n"
        "    {\"line\": 20, \"increment\": 1.6, \"calls\": 3, \"contents\": \"await response.text()\", \"marked\": true},\n"
        "    {\"line\": 20, \"increment\": 1.6, \"calls\": 1, \"contents\": \"thumbs.append(bytes(canvas[:262144]))\", "
        "\"marked\": false}\n  ]\n}\n");
}
END_TEST

START_TEST(rows_are_written_as_csv)
{
    check_format("rows.csv", "line,increment,calls,contents\r\n"
                             "17,7.9,1,canvas = bytearray(4 * 1024 * 1024)\r\n"
                             "20,1.6,3,await response.text()\r\n"
                             "20,1.6,1,thumbs.append(bytes(canvas[:262144]))\r\n");
}
END_TEST

START_TEST(rows_are_written_as_markdown)
{
    check_format("rows.MD", "| Line | Largest MiB | Trend | Calls | Source |\n"
                            "| ---: | ---: | --- | ---: | --- |\n"
                            "| 17 | 7.9 | ▁ | 1 | `canvas = bytearray(4 * 1024 * 1024)` |\n"
                            "| 20 | 1.6 | █▁▂ | 3 | `await response.text()` |\n"
                            "| 20 | 1.6 | ▁ | 1 | `thumbs.append(bytes(canvas[:262144]))` |\n");
}
END_TEST

START_TEST(rows_are_written_as_text)
{
    check_format("rows.txt", "Lines\n\n"
                             "Line  Largest MiB  Heat      Trend  Calls  Source\n"
                             "  17          7.9  ████████  ▁          1  canvas = bytearray(4 * 1024 * 1024)\n"
                             "  20          1.6  ██        █▁▂        3  await response.text()\n"
                             "  20          1.6  ██        ▁          1  thumbs.append(bytes(canvas[:262144]))\n");
}
END_TEST

START_TEST(rows_are_written_as_json)
{
    check_format("rows.json",
                 "{\n  \"schema\": \"funcmem-rows/1\",\n  \"view\": \"lines\",\n  \"title\": \"Lines\",\n  \"columns\": [\n"
                 "    {\"id\": \"line\", \"title\": \"Line\", \"type\": \"count\"},\n"
                 "    {\"id\": \"increment\", \"title\": \"Largest\", \"type\": \"mib\"},\n"
                 "    {\"id\": \"calls\", \"title\": \"Calls\", \"type\": \"count\"},\n"
                 "    {\"id\": \"contents\", \"title\": \"Source\", \"type\": \"text\"}\n  ],\n  \"rows\": [\n"
                 "    {\"line\": 17, \"increment\": 7.9, \"calls\": 1, \"contents\": \"canvas = bytearray(4 * 1024 * 1024)\"},\n"
                 "    {\"line\": 20, \"increment\": 1.6, \"calls\": 3, \"contents\": \"await response.text()\"},\n"
                 "    {\"line\": 20, \"increment\": 1.6, \"calls\": 1, \"contents\": \"thumbs.append(bytes(canvas[:262144]))\"}\n  ]\n}\n");
}
END_TEST

/* Times are whole for programs; a text that a spreadsheet would run is made harmless. */
START_TEST(cells_are_safe_and_whole)
{
    static const char *const names[] = {"time", "id", "contents", NULL};
    static const char log[] = "[2026-01-01T00:00:01.250Z] memory_profiler_logs: Filename: /app/a.py\n"
                              "[2026-01-01T00:00:01.250Z] memory_profiler_logs: Line #    Mem usage    Increment  Occurrences   Line Contents\n"
                              "[2026-01-01T00:00:01.250Z] memory_profiler_logs: ============================================================\n"
                              "[2026-01-01T00:00:01.250Z] memory_profiler_logs:      1     40.0 MiB     40.0 MiB           1   @profile\n"
                              "[2026-01-01T00:00:01.250Z] memory_profiler_logs:      2     41.0 MiB      1.0 MiB           1       =SUM(\"a\",1)\n"
                              "[2026-01-01T00:00:01.250Z] memory_profiler_logs: \n";
    Extract e = {.reading = reading_of(log)};
    char folder[FOLDER_PATH_MAX];
    Buffer path = {0}, message = {0};
    folder_make(folder);
    buffer_printf(&path, "%s/rows.csv", folder);
    e.table = table_new(e.reading.model, TABLE_REPORTS, SCOPE_ALL);
    table_refresh(e.table);
    e.keys[0] = table_row(e.table, 0);
    for (size_t i = 0; names[i]; i++)
        e.columns[i] = table_column_named(table_kind(e.table), span_of(names[i]));
    e.rows = (TableExtract){e.table, "Reports", e.keys, 1, e.columns, 3, NULL};
    ck_assert_int_eq(save_rows(buffer_text(&path), false, &e.rows, &message), SAVE_DONE);
    Buffer got = test_read(buffer_text(&path));
    assert_span(buffer_span(&got), "time,id,contents\r\n2026-01-01T00:00:01.250Z,,\"'=SUM(\"\"a\"\",1)\"\r\n");
    assert_contains(&message, "1 row written");
    buffer_free(&got);
    buffer_free(&path);
    buffer_free(&message);
    extract_end(&e);
    folder_remove(folder);
}
END_TEST

/* What is said, and what is left of what was there. */

static void check_refusal(const TableExtract *rows, const char *folder, const char *name, bool replace, SaveResult expected,
                          const char *words)
{
    Buffer path = {0}, message = {0};
    buffer_printf(&path, "%s/%s", folder, name);
    ck_assert_int_eq(save_rows(buffer_text(&path), replace, rows, &message), expected);
    assert_contains(&message, words);
    buffer_free(&path);
    buffer_free(&message);
}

START_TEST(files_are_replaced_only_when_asked)
{
    Extract e = {0};
    char folder[FOLDER_PATH_MAX];
    Buffer path = {0};
    folder_make(folder);
    extract_begin(&e, "sequential-true.log", TABLE_LINES, line_columns);
    check_refusal(&e.rows, folder, "a.csv", false, SAVE_DONE, "3 rows written");
    e.rows.row_count = 1;
    check_refusal(&e.rows, folder, "a.csv", false, SAVE_EXISTS, "a.csv exists. Replace it?");
    buffer_printf(&path, "%s/a.csv", folder);
    Buffer got = test_read(buffer_text(&path));
    assert_contains(&got, "await");
    buffer_free(&got);
    check_refusal(&e.rows, folder, "a.csv", true, SAVE_DONE, "1 row written");
    got = test_read(buffer_text(&path));
    assert_lacks(&got, "await");
    buffer_free(&got);
    buffer_free(&path);
    extract_end(&e);
    folder_remove(folder);
}
END_TEST

START_TEST(what_cannot_be_written_is_said)
{
    Extract e = {0};
    char folder[FOLDER_PATH_MAX];
    Buffer path = {0};
    folder_make(folder);
    extract_begin(&e, "sequential-true.log", TABLE_LINES, line_columns);
    check_refusal(&e.rows, folder, "a.pdf", false, SAVE_FAILED, "the end of the name says the kind of file: .txt .csv .md .json");
    check_refusal(&e.rows, folder, "none/a.csv", false, SAVE_FAILED, "cannot write");
    check_refusal(&e.rows, folder, "none/a.csv", false, SAVE_FAILED, "No such file or directory");
    buffer_printf(&path, "%s/fifo.csv", folder);
    ck_assert_int_eq(mkfifo(buffer_text(&path), 0600), 0);
    check_refusal(&e.rows, folder, "fifo.csv", true, SAVE_FAILED, "no regular file"); /* and does not wait for a reader */
    buffer_free(&path);
    extract_end(&e);
    folder_remove(folder);
}
END_TEST

START_TEST(home_is_a_tilde)
{
    Extract e = {0};
    char folder[FOLDER_PATH_MAX];
    Buffer message = {0};
    folder_make(folder);
    setenv("HOME", folder, 1);
    extract_begin(&e, "sequential-true.log", TABLE_LINES, line_columns);
    ck_assert_int_eq(save_rows("~/rows.csv", false, &e.rows, &message), SAVE_DONE);
    assert_contains(&message, folder);
    buffer_free(&message);
    extract_end(&e);
    folder_remove(folder);
}
END_TEST

Suite *rows_suite(void)
{
    Suite *suite = suite_create("rows");
    TCase *formats = tcase_create("formats");
    tcase_add_test(formats, marks_are_written);
    tcase_add_test(formats, rows_are_written_as_csv);
    tcase_add_test(formats, rows_are_written_as_markdown);
    tcase_add_test(formats, rows_are_written_as_text);
    tcase_add_test(formats, rows_are_written_as_json);
    tcase_add_test(formats, cells_are_safe_and_whole);
    suite_add_tcase(suite, formats);
    TCase *files = tcase_create("files");
    tcase_add_test(files, files_are_replaced_only_when_asked);
    tcase_add_test(files, what_cannot_be_written_is_said);
    tcase_add_test(files, home_is_a_tilde);
    suite_add_tcase(suite, files);
    return suite;
}
