/* Rows of a table as a file (src/export_rows.h), and how that is written (src/save.h). */
#include <check.h>
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "src/export_rows.h"
#include "src/save.h"
#include "tests/unit/support.h"

/* The first rows of a table, in these columns. */
static TableExtract extract_of(const Table *table, size_t count, const char *const *names)
{
    TableExtract e = {.table = table_snapshot(table)};
    buffer_append_span(&e.title, span_of(table_kind(table)->title));
    for (size_t i = 0; i < count; i++)
        vec_push(&e.rows, table_row(table, i));
    for (; *names; names++)
        vec_push(&e.columns, table_column_named(table_kind(table), span_of(*names)));
    return e;
}

static Table *table_of(const Reading *reading, TableId id)
{
    Table *table = table_new(reading->model, id, SCOPE_ALL);
    table_refresh(table);
    return table;
}

/* Goes through with what was begun, a row at a time; true when the file was written. */
static bool go_through(Save *save, Buffer *message)
{
    while (!save->over) {
        save_make(save, 0); /* that time has come already */
        save_write(save);
    }
    return save_end(save, message);
}

/* Writes rows; takes them over. */
static bool write_rows(const char *path, TableExtract rows, Buffer *message)
{
    Save save;
    return save_rows(&save, path, false, rows, message) == SAVE_BEGUN && go_through(&save, message);
}

static const char *const line_columns[] = {"line", "increment", "heat", "trend", "calls", "contents", NULL};

static void check_marked(const char *name, const bool *marked, const char *expected)
{
    char folder[FOLDER_PATH_MAX];
    Buffer path = {0}, message = {0};
    folder_make(folder);
    buffer_printf(&path, "%s/%s", folder, name);
    Reading reading = reading_of_capture("sequential-true.log");
    Table *table = table_of(&reading, TABLE_LINES);
    TableExtract rows = extract_of(table, 3, line_columns);
    for (size_t i = 0; marked && i < 3; i++)
        vec_push(&rows.marked, marked[i]);
    ck_assert_msg(write_rows(buffer_text(&path), rows, &message), "%s", buffer_text(&message));
    Buffer got = test_read(buffer_text(&path));
    assert_span(buffer_span(&got), expected);
    assert_contains(&message, "3 rows written to ");
    buffer_free(&got);
    buffer_free(&path);
    buffer_free(&message);
    table_free(table);
    reading_free(&reading);
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
    Reading reading = reading_of(log);
    char folder[FOLDER_PATH_MAX];
    Buffer path = {0}, message = {0};
    folder_make(folder);
    buffer_printf(&path, "%s/rows.csv", folder);
    Table *table = table_of(&reading, TABLE_REPORTS);
    ck_assert(write_rows(buffer_text(&path), extract_of(table, 1, names), &message));
    Buffer got = test_read(buffer_text(&path));
    assert_span(buffer_span(&got), "time,id,contents\r\n2026-01-01T00:00:01.250Z,,\"'=SUM(\"\"a\"\",1)\"\r\n");
    assert_contains(&message, "1 row written");
    buffer_free(&got);
    buffer_free(&path);
    buffer_free(&message);
    table_free(table);
    reading_free(&reading);
    folder_remove(folder);
}
END_TEST

/* What is said, and what is left of what was there. */

typedef struct Place {
    Reading reading;
    Table *table;
    char folder[FOLDER_PATH_MAX];
    Buffer path; /* of the file that was named last */
} Place;

static void place_begin(Place *p)
{
    folder_make(p->folder);
    p->reading = reading_of_capture("sequential-true.log");
    p->table = table_of(&p->reading, TABLE_LINES);
    p->path = (Buffer){0};
}

static void place_end(Place *p)
{
    buffer_free(&p->path);
    table_free(p->table);
    reading_free(&p->reading);
    folder_remove(p->folder);
}

static const char *path_of(Place *p, const char *name)
{
    buffer_clear(&p->path);
    buffer_printf(&p->path, "%s/%s", p->folder, name);
    return buffer_text(&p->path);
}

/* Begins to write that many rows. */
static SaveResult begin(Place *p, Save *save, const char *name, bool replace, size_t rows, Buffer *message)
{
    return save_rows(save, path_of(p, name), replace, extract_of(p->table, rows, line_columns), message);
}

static void check_written(Place *p, const char *name, bool replace, size_t rows, const char *words)
{
    Save save;
    Buffer message = {0};
    ck_assert_int_eq(begin(p, &save, name, replace, rows, &message), SAVE_BEGUN);
    ck_assert(go_through(&save, &message));
    assert_contains(&message, words);
    buffer_free(&message);
}

static void check_refused(Place *p, const char *name, bool replace, SaveResult expected, const char *words)
{
    Save save;
    Buffer message = {0};
    ck_assert_int_eq(begin(p, &save, name, replace, 3, &message), expected);
    assert_contains(&message, words);
    buffer_free(&message);
}

static void check_lines(Place *p, const char *name, size_t count)
{
    Buffer got = test_read(path_of(p, name));
    size_t lines = 0;
    for (size_t i = 0; i < got.len; i++)
        lines += got.data[i] == '\n';
    ck_assert_uint_eq(lines, count);
    buffer_free(&got);
}

static size_t files_in(const char *folder)
{
    size_t count = 0;
    DIR *listing = opendir(folder);
    for (const struct dirent *entry; (entry = readdir(listing));)
        count += entry->d_name[0] != '.';
    closedir(listing);
    return count;
}

START_TEST(files_are_replaced_only_when_asked)
{
    Place p;
    place_begin(&p);
    check_written(&p, "a.csv", false, 3, "3 rows written");
    check_refused(&p, "a.csv", false, SAVE_EXISTS, "a.csv exists. Replace it?");
    check_lines(&p, "a.csv", 4);
    check_written(&p, "a.csv", true, 1, "1 row written");
    check_lines(&p, "a.csv", 2);
    ck_assert_uint_eq(files_in(p.folder), 1);
    place_end(&p);
}
END_TEST

START_TEST(what_cannot_be_written_is_said)
{
    Place p;
    place_begin(&p);
    check_refused(&p, "a.pdf", false, SAVE_FAILED, "the end of the name says the kind of file: .txt .csv .md .json");
    check_refused(&p, "none/a.csv", false, SAVE_FAILED, "cannot write");
    check_refused(&p, "none/a.csv", false, SAVE_FAILED, "No such file or directory");
    ck_assert_int_eq(mkfifo(path_of(&p, "fifo.csv"), 0600), 0);
    check_refused(&p, "fifo.csv", true, SAVE_FAILED, "no regular file"); /* and does not wait for a reader */
    place_end(&p);
}
END_TEST

/* What is being written is seen by nobody, and what is given up leaves nothing. */
START_TEST(nothing_is_left_of_what_is_given_up)
{
    Place p;
    Save save;
    Buffer message = {0};
    place_begin(&p);
    check_written(&p, "a.csv", false, 1, "1 row written");
    ck_assert_int_eq(begin(&p, &save, "a.csv", true, 3, &message), SAVE_BEGUN);
    ck_assert_int_eq(save_percent(&save), 0);
    save_make(&save, 0);
    save_write(&save);
    ck_assert_int_eq(save_percent(&save), 33);
    ck_assert(!save.over);
    ck_assert_uint_eq(files_in(p.folder), 2);
    ck_assert(!save_end(&save, &message));
    assert_contains(&message, "a.csv was not written.");
    ck_assert_uint_eq(files_in(p.folder), 1);
    check_lines(&p, "a.csv", 2);
    buffer_free(&message);
    place_end(&p);
}
END_TEST

/* The same when the program dies in between. */
START_TEST(nothing_is_left_behind_a_crash)
{
    Place p;
    Save save;
    Buffer message = {0};
    place_begin(&p);
    writer_rescue();
    ck_assert_int_eq(begin(&p, &save, "a.csv", false, 3, &message), SAVE_BEGUN);
    ck_assert_uint_eq(files_in(p.folder), 1);
    writer_rescue();
    ck_assert_uint_eq(files_in(p.folder), 0);
    ck_assert(!save_end(&save, &message));
    buffer_free(&message);
    place_end(&p);
}
END_TEST

/* A file may not be larger than the limit: as on a disk that is full, the first bytes go and the next ones do not. */
START_TEST(a_full_disk_is_said)
{
    Place p;
    Save save;
    Buffer message = {0};
    struct rlimit before, small;
    place_begin(&p);
    ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &before), 0);
    small = (struct rlimit){40, before.rlim_max};
    signal(SIGXFSZ, SIG_IGN);
    ck_assert_int_eq(begin(&p, &save, "a.csv", false, 3, &message), SAVE_BEGUN);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &small), 0);
    bool done = go_through(&save, &message);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &before), 0);
    ck_assert(!done);
    assert_contains(&message, "cannot write ");
    assert_contains(&message, "a.csv: File too large");
    ck_assert_uint_eq(files_in(p.folder), 0);
    buffer_free(&message);
    place_end(&p);
}
END_TEST

START_TEST(home_is_a_tilde)
{
    Place p;
    Save save;
    Buffer message = {0};
    place_begin(&p);
    setenv("HOME", p.folder, 1);
    ck_assert_int_eq(save_rows(&save, "~/rows.csv", false, extract_of(p.table, 3, line_columns), &message), SAVE_BEGUN);
    ck_assert(go_through(&save, &message));
    assert_contains(&message, p.folder);
    check_lines(&p, "rows.csv", 4);
    buffer_free(&message);
    place_end(&p);
}
END_TEST

/* A snapshot says what its table said, whatever comes then. */

static const char *const line_row_columns[] = {"line", "increment", "median", "calls", "contents", NULL};

static Buffer text_of(TableExtract rows)
{
    Buffer text = {0};
    Portions portions = rows_portions(rows_format_of("a.csv"), rows);
    while (portions.kind->more(portions.ctx, &text, 0))
        continue;
    portions.kind->free(portions.ctx);
    return text;
}

START_TEST(a_snapshot_stays_as_it_was)
{
    Reading reading = reading_of_capture("sequential-true.log");
    Table *table = table_of(&reading, TABLE_LINES);
    size_t count = table_length(table);
    Buffer before = text_of(extract_of(table, count, line_row_columns));
    TableExtract sorted = extract_of(table, count, line_row_columns), fresh = extract_of(table, count, line_row_columns);
    TableExtract ended = extract_of(table, count, line_row_columns);
    table_set_sort(table, (TableSort){0, false});
    table_refresh(table);
    Buffer text = text_of(sorted);
    assert_span(buffer_span(&text), buffer_text(&before));
    buffer_free(&text);
    table_set_quiet(table, true); /* all that was added up is added up anew */
    table_refresh(table);
    text = text_of(fresh);
    assert_span(buffer_span(&text), buffer_text(&before));
    buffer_free(&text);
    table_free(table);
    text = text_of(ended);
    assert_span(buffer_span(&text), buffer_text(&before));
    buffer_free(&text);
    buffer_free(&before);
    reading_free(&reading);
}
END_TEST

/* What is new is added to what a snapshot shares when that has gone. */
START_TEST(a_table_waits_for_its_snapshot)
{
    static const char report[] =
        "[2026-01-01T00:00:01.250Z] memory_profiler_logs: Filename: /app/a.py\n"
        "[2026-01-01T00:00:01.250Z] memory_profiler_logs: Line #    Mem usage    Increment  Occurrences   Line Contents\n"
        "[2026-01-01T00:00:01.250Z] memory_profiler_logs: ============================================================\n"
        "[2026-01-01T00:00:01.250Z] memory_profiler_logs:      1     40.0 MiB     40.0 MiB           1   @profile\n"
        "[2026-01-01T00:00:01.250Z] memory_profiler_logs:      2     41.0 MiB      1.0 MiB           1       a()\n"
        "[2026-01-01T00:00:01.250Z] memory_profiler_logs: \n";
    Reading reading = reading_begin();
    reading_feed(&reading, span_of(report));
    parser_settle(reading.parser, true);
    Table *table = table_of(&reading, TABLE_LINES);
    size_t count = table_length(table);
    ck_assert_uint_eq(count, 2);
    Buffer before = text_of(extract_of(table, count, line_row_columns));
    assert_contains(&before, "2,1.0,1.0,1,a()");
    TableExtract rows = extract_of(table, count, line_row_columns);
    reading_feed(&reading, span_of(report));
    parser_settle(reading.parser, true);
    ck_assert_int_eq(table_refresh_step(table, SIZE_MAX), TABLE_SAME);
    Buffer text = text_of(rows);
    assert_span(buffer_span(&text), buffer_text(&before));
    buffer_free(&text);
    ck_assert_int_eq(table_refresh_step(table, SIZE_MAX), TABLE_CHANGED);
    text = text_of(extract_of(table, count, line_row_columns));
    assert_contains(&text, "2,1.0,1.0,2,a()");
    buffer_free(&text);
    buffer_free(&before);
    table_free(table);
    reading_free(&reading);
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
    tcase_add_test(files, nothing_is_left_of_what_is_given_up);
    tcase_add_test(files, nothing_is_left_behind_a_crash);
    tcase_add_test(files, a_full_disk_is_said);
    tcase_add_test(files, home_is_a_tilde);
    suite_add_tcase(suite, files);
    TCase *snapshots = tcase_create("snapshots");
    tcase_add_test(snapshots, a_snapshot_stays_as_it_was);
    tcase_add_test(snapshots, a_table_waits_for_its_snapshot);
    suite_add_tcase(suite, snapshots);
    return suite;
}
