#include "tests/unit/support.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/utf8.h"
#include "model/display.h"
#include "model/report.h"
#include "parsers/ansi.h"
#include "src/export.h"
#include "src/export_quoting.h"

Suite *exports_suite(void);

/* A folder for the files of one test. */

static char folder[FOLDER_PATH_MAX];

static void make_folder(void)
{
    folder_make(folder);
}

static void remove_folder(void)
{
    folder_remove(folder);
}

/* A file's path in the folder; the next call but three overwrites it. */
static const char *path_of(const char *name)
{
    static char paths[4][FOLDER_PATH_MAX + 32];
    static unsigned turn;
    char *path = paths[turn++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

static void write_file(const char *name, const char *text)
{
    FILE *file = fopen(path_of(name), "w");
    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    fclose(file);
}

static void check_file(const char *name, const char *text)
{
    Buffer content = test_read(path_of(name));
    assert_span(buffer_span(&content), text);
    buffer_free(&content);
}

static size_t count_files(void)
{
    char command[FOLDER_PATH_MAX + 32], line[32] = "";
    snprintf(command, sizeof command, "ls -A %s | wc -l", folder);
    FILE *pipe = popen(command, "r");
    ck_assert(pipe && fgets(line, sizeof line, pipe));
    pclose(pipe);
    return strtoul(line, NULL, 10);
}

/* Makes all that is written from now on fail for want of space. */
static void fill_disk(Writer *w)
{
    int full = open("/dev/full", O_WRONLY);
    ck_assert_int_ge(full, 0);
    ck_assert_int_ge(dup2(full, w->fd), 0);
    close(full);
}

START_TEST(writer_makes_a_file)
{
    Writer w = writer_to_file(path_of("new"));
    ck_assert_int_eq(w.error, 0);
    writer_text(&w, "one ");
    writer_printf(&w, "%s %d", "two", 3);
    writer_span(&w, SPAN("\n"));
    ck_assert_int_ne(access(path_of("new"), F_OK), 0); /* not before it is complete */
    ck_assert_int_eq(writer_close(&w), 0);
    check_file("new", "one two 3\n");
    ck_assert_uint_eq(count_files(), 1);
    struct stat st;
    mode_t mask = umask(0);
    umask(mask);
    ck_assert_int_eq(stat(path_of("new"), &st), 0);
    ck_assert_uint_eq(st.st_mode & 0777, 0666 & ~mask);
}
END_TEST

START_TEST(writer_replaces_a_file_at_once)
{
    struct stat st;
    write_file("old", "old");
    ck_assert_int_eq(chmod(path_of("old"), 0640), 0);
    Writer w = writer_to_file(path_of("old"));
    writer_text(&w, "new");
    writer_flush(&w);
    check_file("old", "old");
    ck_assert_int_eq(writer_close(&w), 0);
    check_file("old", "new");
    ck_assert_int_eq(stat(path_of("old"), &st), 0);
    ck_assert_uint_eq(st.st_mode & 0777, 0640);
    ck_assert_uint_eq(count_files(), 1);
}
END_TEST

START_TEST(writer_error_leaves_the_old_file)
{
    write_file("old", "old");
    Writer w = writer_to_file(path_of("old"));
    fill_disk(&w);
    writer_text(&w, "new");
    ck_assert_int_eq(writer_close(&w), ENOSPC);
    check_file("old", "old");
    ck_assert_uint_eq(count_files(), 1);
}
END_TEST

START_TEST(writer_error_ends_the_writing)
{
    write_file("old", "old");
    Writer w = writer_to_file(path_of("old"));
    fill_disk(&w);
    writer_text(&w, "new");
    writer_flush(&w);
    ck_assert_int_eq(w.error, ENOSPC);
    for (int i = 0; i < 100000; i++)
        writer_text(&w, "does nothing any more");
    ck_assert_uint_eq(w.buffer.len, 0);
    ck_assert_int_eq(writer_close(&w), ENOSPC);
    ck_assert_int_eq(w.error, ENOSPC);
    check_file("old", "old");
}
END_TEST

START_TEST(writer_reports_a_full_device)
{
    Writer w = writer_to_file("/dev/full");
    writer_text(&w, "x");
    ck_assert_int_eq(writer_close(&w), ENOSPC);
    ck_assert_int_eq(access("/dev/full", F_OK), 0);
    int fd = open("/dev/full", O_WRONLY);
    w = writer_to_fd(fd);
    writer_text(&w, "x");
    ck_assert_int_eq(writer_close(&w), ENOSPC);
    ck_assert_int_eq(fcntl(fd, F_GETFD) < 0, 0); /* the descriptor stays the caller's */
    close(fd);
}
END_TEST

START_TEST(writer_reports_a_missing_folder)
{
    Writer w = writer_to_file(path_of("no/such/file"));
    ck_assert_int_eq(w.error, ENOENT);
    writer_text(&w, "x");
    ck_assert_int_eq(writer_close(&w), ENOENT);
    ck_assert_uint_eq(count_files(), 0);
}
END_TEST

START_TEST(writer_keeps_a_symbolic_link)
{
    struct stat st;
    write_file("target", "old");
    ck_assert_int_eq(symlink("target", path_of("link")), 0);
    Writer w = writer_to_file(path_of("link"));
    writer_text(&w, "new");
    ck_assert_int_eq(writer_close(&w), 0);
    ck_assert_int_eq(lstat(path_of("link"), &st), 0);
    ck_assert(S_ISLNK(st.st_mode));
    check_file("target", "new");
    ck_assert_uint_eq(count_files(), 2);
}
END_TEST

START_TEST(writer_gives_up)
{
    write_file("old", "old");
    Writer w = writer_to_file(path_of("old"));
    writer_text(&w, "new");
    writer_abandon(&w);
    check_file("old", "old");
    ck_assert_uint_eq(count_files(), 1);
}
END_TEST

START_TEST(writer_bears_much)
{
    Writer w = writer_to_file(path_of("big"));
    for (int i = 0; i < 30000; i++)
        writer_printf(&w, "%09d\n", i);
    writer_printf(&w, "%5000s\n", "long");
    ck_assert_int_eq(writer_close(&w), 0);
    Buffer content = test_read(path_of("big"));
    ck_assert_uint_eq(content.len, 30000 * 10 + 5001);
    ck_assert(span_ends(buffer_span(&content), SPAN(" long\n")));
    ck_assert(memcmp(content.data + 123450, "000012345\n", 10) == 0);
    buffer_free(&content);
}
END_TEST

START_TEST(writer_takes_what_is_put_into_its_room)
{
    Writer w = writer_to_file(path_of("big"));
    size_t rooms[] = {1, PUT_NUMBER_MAX, WRITER_PIECE + 1, 20};
    for (unsigned i = 0; i < 40000; i++) {
        char *at = writer_room(&w, rooms[i % 4] + PUT_NUMBER_MAX);
        writer_filled(&w, put_byte(put_uint(at, i), '\n'));
        ck_assert_uint_lt(w.buffer.len, WRITER_PIECE);
    }
    writer_uint(&w, 40000);
    ck_assert_int_eq(writer_close(&w), 0);
    Buffer content = test_read(path_of("big"));
    Span rest = buffer_span(&content);
    for (unsigned i = 0; i <= 40000; i++) {
        uint64_t number;
        size_t len = i < 10 ? 1 : i < 100 ? 2 : i < 1000 ? 3 : i < 10000 ? 4 : 5;
        ck_assert(span_to_uint(span_to(rest, len), &number) && number == i);
        rest = span_from(rest, len + 1);
    }
    ck_assert_uint_eq(rest.len, 0);
    buffer_free(&content);
}
END_TEST

/* Texts in the languages of exports. */

static const Quoting *const quotings[] = {&export_json_string, &export_csv_cell};

static Span quoted(const Quoting *quoting, Span text, Buffer *out)
{
    enum { GUARD = 8 };
    size_t room = export_quoted_room(quoting, text.len);
    buffer_clear(out);
    memset(buffer_room(out, room + GUARD), '!', room + GUARD);
    char *end = quoting->put(out->data, text);
    ck_assert_uint_le((size_t)(end - out->data), room);
    for (size_t i = 0; i < GUARD; i++)
        ck_assert_int_eq(out->data[room + i], '!');
    buffer_filled(out, end);
    return buffer_span(out);
}

static void check_quoted(const Quoting *quoting, const char *text, const char *expected)
{
    Buffer out = {0};
    assert_span(quoted(quoting, span_of(text), &out), expected);
    buffer_free(&out);
}

START_TEST(quoting_keeps_within_its_room)
{
    static const char bytes[] = "\x01\x1f\x7f\x80\xff\xc3\xe2\x82\xf0\x9f\"\\,\r\n\t=@+-'a";
    Buffer out = {0};
    uint64_t seed = 4;
    for (int i = 0; i < 20000; i++) {
        char text[40];
        size_t len = test_random(&seed) % sizeof text, kinds = 1 + test_random(&seed) % (sizeof bytes - 1);
        for (size_t k = 0; k < len; k++)
            text[k] = bytes[(kinds + test_random(&seed) % kinds) % (sizeof bytes - 1)];
        for (size_t k = 0; k < 2; k++) {
            Span result = quoted(quotings[k], (Span){text, len}, &out);
            for (uint32_t code; result.len; result = span_from(result, utf8_next(result, &code)))
                ck_assert_uint_gt(utf8_next(result, &code), 0);
        }
    }
    buffer_free(&out);
}
END_TEST

START_TEST(quoting_is_of_its_language)
{
    check_quoted(&export_json_string, "", "\"\"");
    check_quoted(&export_json_string, "    return \"a\\b\"", "\"    return \\\"a\\\\b\\\"\"");
    check_quoted(&export_json_string, "\t\r\n\x01\x1f\x7f", "\"\\t\\r\\n\\u0001\\u001f\\u007f\"");
    check_quoted(&export_json_string, "caf\xc3\xa9 \xf0\x9f\x98\x80", "\"caf\xc3\xa9 \xf0\x9f\x98\x80\"");
    check_quoted(&export_json_string, "\xe2\x82 \xff", "\"\xef\xbf\xbd \xef\xbf\xbd\"");
    check_quoted(&export_csv_cell, "", "");
    check_quoted(&export_csv_cell, "a 'b' \\c", "a 'b' \\c");
    check_quoted(&export_csv_cell, "a,b", "\"a,b\"");
    check_quoted(&export_csv_cell, "caf\xc3\xa9 \xe2\x82", "caf\xc3\xa9 \xef\xbf\xbd");
    check_quoted(&export_csv_cell, "=\"x\"", "\"'=\"\"x\"\"\"");
    check_quoted(&export_csv_cell, "-1.5e3", "-1.5e3");
}
END_TEST

/* A report whose source lines have all that is special somewhere. */

static const char *const sources[] = {
    "@memory_profiler.profile(stream=s)",
    "    x = plain",
    "    x = \"a,b\"",
    "=1+1",
    "+SUM(A1)",
    "-5",
    "-5.25e3",
    "+.5",
    "-",
    "-x",
    "- 5",
    "\ttab first",
    "    a\rb",
    "\rreturn first",
    "    c = '\x01\x02\x7f'",
    "    bad = '\xff\xc3(\xe2\x82'",
    "    back\\slash \"quote\" /",
    "    a | b || c",
    "    `tick`",
    "    ``two`` and `",
    "    \\| escaped",
    "    _under_ *star* <b>&amp;[x](y)",
    "    caf\xc3\xa9 \xe6\xbc\xa2\xe5\xad\x97 \xe2\x80\xae bidi",
};

enum { SOURCES = sizeof sources / sizeof *sources };

static Reading special_reading(void)
{
    Buffer log = {0};
    static const char prefix[] = "[2021-03-22T19:20:10.123Z] ";
    buffer_printf(&log, "%sExecuting 'Functions.=Sync,\"1\"' (Reason='x', Id=abc)\n", prefix);
    buffer_printf(&log, "%smemory_profiler_logs: Filename: C:\\app, one\\a|b_c.py\n", prefix);
    buffer_printf(&log, "%smemory_profiler_logs: Line #    Mem usage    Increment  Occurrences   Line Contents\n", prefix);
    for (unsigned i = 0; i < SOURCES; i++)
        buffer_printf(&log, "%smemory_profiler_logs: %6u   %6u.40 MiB   %s MiB  %10u   %s\n", prefix, 17 + i, 38 + i,
                      i ? "  1.30" : " 38.40", i + 1, sources[i]);
    buffer_printf(&log, "%sExecuted 'Functions.=Sync,\"1\"' (Failed, Id=abc, Duration=4ms)\n", prefix);
    buffer_printf(&log, "%sException: ValueError: |<b>\x01\n", prefix);
    Reading r = reading_begin();
    reading_feed(&r, buffer_span(&log));
    reading_end(&r);
    ck_assert_uint_eq(reading_report(&r, 0)->rows, SOURCES);
    buffer_free(&log);
    return r;
}

/* CSV. */

typedef VEC(Buffer) Cells;

static void cells_free(Cells *cells)
{
    for (size_t i = 0; i < cells->len; i++)
        buffer_free(&cells->items[i]);
    vec_free(cells);
}

/* Reads one cell strictly: quoted only when it must be. Returns the byte behind it. */
static size_t read_cell(Span csv, size_t at, Buffer *cell)
{
    bool quoted = at < csv.len && csv.ptr[at] == '"', needed = false;
    at += quoted;
    for (; at < csv.len; at++) {
        char c = csv.ptr[at];
        bool special = c == ',' || c == '"' || c == '\r' || c == '\n';
        if (!quoted && special)
            break;
        if (quoted && c == '"' && (++at >= csv.len || csv.ptr[at] != '"')) {
            ck_assert_msg(needed, "quotes that are not needed: %s", buffer_text(cell));
            break;
        }
        needed |= special;
        buffer_append_byte(cell, c);
    }
    return at;
}

enum { CSV_COLUMNS = 14 };

/* All cells of a document, CSV_COLUMNS a line; fails where it is not RFC 4180. */
static Cells read_csv(Span csv)
{
    Cells cells = {0};
    for (size_t at = 0; at < csv.len;) {
        Buffer cell = {0};
        at = read_cell(csv, at, &cell);
        vec_push(&cells, cell);
        bool last = cells.len % CSV_COLUMNS == 0;
        ck_assert_msg(span_starts(span_from(csv, at), last ? SPAN("\r\n") : SPAN(",")), "cell %zu: %s", cells.len,
                      buffer_text(&cell));
        at += last ? 2 : 1;
    }
    ck_assert_uint_eq(cells.len % CSV_COLUMNS, 0);
    return cells;
}

static Span csv_cell(const Cells *cells, size_t line, size_t column)
{
    return buffer_span(&cells->items[line * CSV_COLUMNS + column]);
}

enum {
    CSV_FUNCTION = 3,
    CSV_FILE = 4,
    CSV_MEMORY = 9,
    CSV_INCREMENT = 10,
    CSV_OCCURRENCES = 11,
    CSV_BASELINE = 12,
    CSV_CONTENTS = 13
};

START_TEST(csv_quotes_and_disarms)
{
    static const struct {
        size_t source;
        const char *cell;
    } expected[] = {
        {0, "'@memory_profiler.profile(stream=s)"},
        {1, "    x = plain"},
        {2, "    x = \"a,b\""},
        {3, "'=1+1"},
        {4, "'+SUM(A1)"},
        {5, "-5"},
        {6, "-5.25e3"},
        {7, "+.5"},
        {8, "'-"},
        {9, "'-x"},
        {10, "'- 5"},
        {11, "'\ttab first"},
        {12, "    a\rb"},
        {13, "'\rreturn first"},
        {15, "    bad = '\xef\xbf\xbd\xef\xbf\xbd(\xef\xbf\xbd'"},
        {17, "    a | b || c"},
    };
    Reading r = special_reading();
    Buffer csv = test_export(r.model, "csv", NULL);
    Cells cells = read_csv(buffer_span(&csv));
    ck_assert_uint_eq(cells.len, (SOURCES + 1) * CSV_COLUMNS);
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        assert_span(csv_cell(&cells, expected[i].source + 1, CSV_CONTENTS), expected[i].cell);
    assert_span(csv_cell(&cells, 1, CSV_FUNCTION), "'=Sync,\"1\"");
    assert_span(csv_cell(&cells, 1, CSV_FILE), "C:\\app, one\\a|b_c.py");
    assert_span(csv_cell(&cells, 1, CSV_MEMORY), "38.40");
    assert_span(csv_cell(&cells, 1, CSV_BASELINE), "true");
    assert_span(csv_cell(&cells, 2, CSV_BASELINE), "false");
    assert_span(csv_cell(&cells, 2, CSV_OCCURRENCES), "2");
    assert_contains(&csv, ",\"    x = \"\"a,b\"\"\"\r\n");
    assert_contains(&csv, ",\"C:\\app, one\\a|b_c.py\",");
    assert_contains(&csv, ",\"'\rreturn first\"\r\n");
    cells_free(&cells);
    buffer_free(&csv);
    reading_free(&r);
}
END_TEST

START_TEST(csv_as_the_contract_has_it)
{
    static const char head[] =
        "report,invocation,attribution,function,file,name,first_line,time,line,mem_mib,increment_mib,occurrences,baseline,"
        "contents\r\n"
        "1,d70d1ac0-8075-40ec-9996-d78817e15098,exact,HttpTriggerSync,/home/dev/PythonMemoryProfilingDemo/HttpTriggerSync/"
        "__init__.py,,17,"
        "2026-11-22T11:31:04.126Z,17,38.5,38.5,1,true,'@memory_profiler.profile(stream=profiler_logstream)\r\n";
    Reading r = reading_of_capture("sequential-true.log");
    Buffer csv = test_export(r.model, "csv", NULL);
    ck_assert(span_starts(buffer_span(&csv), SPAN(head)));
    reading_free(&r);
    buffer_free(&csv);
    r = reading_of_capture("report-0.52.txt");
    csv = test_export(r.model, "csv", NULL);
    assert_contains(&csv, "\r\n1,,none,,/home/dev/app/oldrun.py,free_and_loop,6,,7,,,,false,def free_and_loop(n):\r\n");
    assert_contains(&csv, ",10,22.2,-152.6,,false,    del big\r\n");
    reading_free(&r);
    buffer_free(&csv);
    Reading empty = reading_of("nothing\n");
    csv = test_export(empty.model, "csv", NULL);
    ck_assert(span_ends(buffer_span(&csv), SPAN(",contents\r\n")) &&
              span_find_byte(buffer_span(&csv), '\n') == (ptrdiff_t)csv.len - 1);
    buffer_free(&csv);
    reading_free(&empty);
}
END_TEST

/* Prints every capture and hands the text to `check`. */
static void check_captures(const char *format, const ExportOptions *options,
                           void (*check)(const char *name, const Model *m, Buffer *text, const ExportOptions *options))
{
    static const char *const suffixes[] = {".log", ".txt"};
    for (size_t s = 0; s < 2; s++) {
        PathList paths = test_captures(suffixes[s]);
        for (size_t i = 0; i < paths.len; i++) {
            Buffer content = test_read(paths.items[i]);
            Reading r = reading_begin();
            reading_feed(&r, buffer_span(&content));
            reading_end(&r);
            Buffer text = test_export(r.model, format, options);
            check(paths.items[i], r.model, &text, options);
            buffer_free(&text);
            reading_free(&r);
            buffer_free(&content);
        }
        path_list_free(&paths);
    }
}

static void check_csv(const char *name, const Model *m, Buffer *text, const ExportOptions *options)
{
    (void)options;
    size_t line = 1;
    Cells cells = read_csv(buffer_span(text));
    for (Id i = 0; i < m->reports.len; i++) {
        const Report *report = &m->reports.items[i];
        for (uint32_t j = 0; j < report->rows; j++, line++) {
            ReportRow row = report_row(m, report, j);
            Span cell = csv_cell(&cells, line, CSV_CONTENTS);
            if (cell.len != row.contents.len)
                ck_assert_msg(span_take(&cell, SPAN("'")), "%s: line %zu", name, line);
            ck_assert_msg(span_eq(cell, row.contents), "%s: line %zu", name, line);
            ck_assert((csv_cell(&cells, line, CSV_MEMORY).len > 0) == row.measured);
            assert_span(csv_cell(&cells, line, CSV_BASELINE), row.entry ? "true" : "false");
        }
    }
    ck_assert_uint_eq(cells.len, line * CSV_COLUMNS);
    cells_free(&cells);
}

START_TEST(csv_of_all_captures)
{
    check_captures("csv", NULL, check_csv);
}
END_TEST

/* JSON: a strict reader that keeps nothing. Each returns the byte behind what it read, or SIZE_MAX. */

static size_t skip_json(Span s, size_t at, unsigned depth);

static size_t skip_blanks(Span s, size_t at)
{
    while (at < s.len && (s.ptr[at] == ' ' || s.ptr[at] == '\n'))
        at++;
    return at;
}

static size_t skip_string(Span s, size_t at)
{
    for (at++; at < s.len && s.ptr[at] != '"';) {
        uint32_t code;
        size_t len = utf8_next(span_from(s, at), &code);
        if (!len || code < 0x20)
            return SIZE_MAX;
        if (code == '\\') {
            if (at + 1 >= s.len || !strchr("\"\\/bfnrtu", s.ptr[at + 1]))
                return SIZE_MAX;
            len = s.ptr[at + 1] == 'u' ? 6 : 2;
        }
        at += len;
    }
    return at < s.len ? at + 1 : SIZE_MAX;
}

static size_t skip_word(Span s, size_t at)
{
    size_t n = 0;
    while (at + n < s.len && strchr("-.0123456789truefalsn", s.ptr[at + n]))
        n++;
    Span word = {s.ptr + at, n};
    Mib value;
    unsigned decimals;
    bool known = span_eq(word, SPAN("true")) || span_eq(word, SPAN("false")) || span_eq(word, SPAN("null"));
    return known || mib_parse(word, &value, &decimals) ? at + n : SIZE_MAX;
}

static size_t skip_list(Span s, size_t at, unsigned depth, char end)
{
    at = skip_blanks(s, at + 1);
    if (at < s.len && s.ptr[at] == end)
        return at + 1;
    while (at < s.len) {
        if (end == '}') {
            at = s.ptr[at] == '"' ? skip_string(s, at) : SIZE_MAX;
            if (at >= s.len || s.ptr[at++] != ':')
                return SIZE_MAX;
        }
        at = skip_json(s, skip_blanks(s, at), depth + 1);
        if (at >= s.len)
            return SIZE_MAX;
        at = skip_blanks(s, at);
        if (at < s.len && s.ptr[at] == end)
            return at + 1;
        if (at >= s.len || s.ptr[at] != ',')
            return SIZE_MAX;
        at = skip_blanks(s, at + 1);
    }
    return SIZE_MAX;
}

static size_t skip_json(Span s, size_t at, unsigned depth)
{
    if (at >= s.len || depth > 10)
        return SIZE_MAX;
    if (s.ptr[at] == '{')
        return skip_list(s, at, depth, '}');
    if (s.ptr[at] == '[')
        return skip_list(s, at, depth, ']');
    return s.ptr[at] == '"' ? skip_string(s, at) : skip_word(s, at);
}

static void check_json(const char *name, const Model *m, Buffer *text, const ExportOptions *options)
{
    (void)m;
    (void)options;
    size_t end = skip_json(buffer_span(text), 0, 0);
    ck_assert_msg(end == text->len - 1 && text->data[end] == '\n', "%s: no JSON behind byte %zu", name, end);
}

static void check_ndjson(const char *name, const Model *m, Buffer *text, const ExportOptions *options)
{
    (void)options;
    size_t lines = 0;
    for (Span rest = buffer_span(text); rest.len; lines++) {
        ptrdiff_t end = span_find_byte(rest, '\n');
        ck_assert_msg(end > 0 && skip_json(rest, 0, 0) == (size_t)end, "%s: line %zu", name, lines + 1);
        rest = span_from(rest, (size_t)end + 1);
    }
    ck_assert_uint_eq(lines, m->closed.len);
}

START_TEST(json_of_all_captures)
{
    check_captures("json", NULL, check_json);
    check_captures("ndjson", NULL, check_ndjson);
}
END_TEST

START_TEST(json_strings_bear_any_bytes)
{
    Reading r = special_reading();
    Buffer json = test_export(r.model, "json", NULL);
    check_json("special", r.model, &json, NULL);
    assert_contains(&json, "\"    c = '\\u0001\\u0002\\u007f'\"");
    assert_contains(&json, "\"    bad = '\xef\xbf\xbd\xef\xbf\xbd(\xef\xbf\xbd'\"");
    assert_contains(&json, "\"    back\\\\slash \\\"quote\\\" /\"");
    assert_contains(&json, "\"\\ttab first\"");
    assert_contains(&json, "\"    a\\rb\"");
    assert_contains(&json, "\"C:\\\\app, one\\\\a|b_c.py\"");
    assert_contains(&json, "\"error\": \"ValueError: |<b>\\u0001\"");
    assert_contains(&json, "\"baseline_mib\": 38.40, \"peak_mib\": 60.40");
    assert_contains(&json, "\"mem_mib\": 38.40, \"increment_mib\": 38.40, \"occurrences\": 1, \"baseline\": true");
    assert_contains(&json, "\"time\": \"2021-03-22T19:20:10.123Z\"");
    buffer_free(&json);
    Buffer lines = test_export(r.model, "ndjson", NULL);
    check_ndjson("special", r.model, &lines, NULL);
    buffer_free(&lines);
    reading_free(&r);
}
END_TEST

START_TEST(json_of_nothing)
{
    Reading r = reading_of("");
    Buffer json = test_export(r.model, "json", NULL), lines = test_export(r.model, "ndjson", NULL);
    check_json("empty", r.model, &json, NULL);
    assert_contains(&json, "\"schema\": \"funcmem/1\"");
    ck_assert_uint_eq(lines.len, 0);
    buffer_free(&json);
    buffer_free(&lines);
    reading_free(&r);
}
END_TEST

/* Markdown. */

/* Cells of a table's line: pipes that no backslash escapes. */
static size_t count_cells(Span line)
{
    size_t pipes = 0;
    for (size_t i = 0; i < line.len; i++)
        pipes += line.ptr[i] == '|' && (i == 0 || line.ptr[i - 1] != '\\');
    return pipes;
}

static Span next_line(Span *rest)
{
    ptrdiff_t end = span_find_byte(*rest, '\n');
    Span line = end < 0 ? *rest : span_to(*rest, (size_t)end);
    *rest = span_from(*rest, line.len + 1);
    return line;
}

static void check_markdown(const char *name, const Model *m, Buffer *text, const ExportOptions *options)
{
    (void)m;
    (void)options;
    size_t columns = 0, tables = 0;
    for (Span rest = buffer_span(text); rest.len;) {
        Span line = next_line(&rest);
        if (!span_starts(line, SPAN("|"))) {
            columns = 0;
            continue;
        }
        tables += columns == 0;
        columns = columns ? columns : count_cells(line);
        ck_assert_msg(count_cells(line) == columns && span_ends(line, SPAN("|")), "%s: %.*s", name, SPAN_ARG(line));
    }
    ck_assert_msg(tables >= 1 && tables <= 2, "%s has %zu tables", name, tables);
}

START_TEST(markdown_of_all_captures)
{
    check_captures("markdown", NULL, check_markdown);
}
END_TEST

START_TEST(markdown_escapes)
{
    Reading r = special_reading();
    Buffer text = test_export(r.model, "markdown", &(ExportOptions){.top = 50});
    check_markdown("special", r.model, &text, NULL);
    assert_contains(&text, "| --- | --- | ---: | ---: |");
    assert_contains(&text, "| `a \\| b \\|\\| c` |");
    assert_contains(&text, "| `` `tick` `` |");
    assert_contains(&text, "| ``` ``two`` and ` ``` |");
    assert_contains(&text, "| `\\\\| escaped` |");
    assert_contains(&text, "| `_under_ *star* <b>&amp;[x](y)` |");
    assert_contains(&text, "a\\|b\\_c.py:17");
    assert_contains(&text, "| `bad = '\xef\xbf\xbd\xef\xbf\xbd(\xef\xbf\xbd'` |");
    assert_contains(&text, "| `a b` |");
    assert_lacks(&text, "\r");
    assert_lacks(&text, "\x01");
    buffer_free(&text);
    reading_free(&r);
}
END_TEST

/* Text. */

static void check_text(const char *name, const Model *m, Buffer *text, const ExportOptions *options)
{
    (void)m;
    for (Span rest = buffer_span(text); rest.len;) {
        Span line = next_line(&rest);
        ck_assert_msg(span_eq(line, span_trim_right(line)), "%s: blanks at the end of \"%.*s\"", name, SPAN_ARG(line));
        for (size_t i = 0; i < line.len; i++)
            ck_assert_msg((unsigned char)line.ptr[i] >= ' ' && line.ptr[i] != 0x7f, "%s: control in \"%.*s\"", name,
                          SPAN_ARG(line));
        ck_assert_msg(!options->width || display_width(line, (DisplayStyle){0}) <= options->width, "%s: more than %u cells: %.*s",
                      name, options->width, SPAN_ARG(line));
    }
}

START_TEST(text_of_all_captures_fits)
{
    static const unsigned widths[] = {0, 40, 57, 80, 100, 132, 200};
    for (size_t i = 0; i < sizeof widths / sizeof *widths; i++)
        check_captures("text", &(ExportOptions){.width = widths[i]}, check_text);
}
END_TEST

START_TEST(text_is_safe_for_a_terminal)
{
    Reading r = special_reading();
    for (unsigned width = 0; width < 120; width += 40) {
        ExportOptions options = {.width = width, .top = 50};
        Buffer text = test_export(r.model, "text", &options);
        check_text("special", r.model, &text, &options);
        assert_lacks(&text, "\xe2\x80\xae");
        buffer_free(&text);
    }
    reading_free(&r);
}
END_TEST

/* Numbers stand below each other by their decimal points: what is printed is compared as a whole. */
START_TEST(text_as_people_see_it)
{
    static const char log[] =
        "[2021-03-22T19:20:10.000Z] Executing 'Functions.Sync' (Reason='x', Id=one)\n"
        "[2021-03-22T19:20:10.100Z] memory_profiler_logs: Filename: /app/Sync/__init__.py\n"
        "[2021-03-22T19:20:10.100Z] memory_profiler_logs: Line #    Mem usage    Increment  Occurrences   Line Contents\n"
        "[2021-03-22T19:20:10.100Z] memory_profiler_logs:     17     38.4 MiB     38.4 MiB           1   @profile\n"
        "[2021-03-22T19:20:10.100Z] memory_profiler_logs:     19    139.7 MiB    101.3 MiB           1       big = work(1)\n"
        "[2021-03-22T19:20:10.100Z] memory_profiler_logs:     20    140.2 MiB      0.5 MiB           1       small = work(2)\n"
        "[2021-03-22T19:20:11.000Z] Executed 'Functions.Sync' (Succeeded, Id=one, Duration=1000ms)\n"
        "[2021-03-22T19:20:11.000Z] Executing 'Functions.Fine' (Reason='x', Id=three)\n"
        "[2021-03-22T19:20:11.100Z] memory_profiler_logs: Filename: /app/Fine/__init__.py\n"
        "[2021-03-22T19:20:11.100Z] memory_profiler_logs: Line #    Mem usage    Increment  Occurrences   Line Contents\n"
        "[2021-03-22T19:20:11.100Z] memory_profiler_logs:      5   40.125 MiB   40.125 MiB           1   @profile\n"
        "[2021-03-22T19:20:11.100Z] memory_profiler_logs:      7   40.250 MiB    0.125 MiB           1       fine()\n"
        "[2021-03-22T19:20:11.500Z] Executed 'Functions.Fine' (Succeeded, Id=three, Duration=500ms)\n"
        "[2021-03-22T19:20:12.000Z] Executing 'Functions.Bad' (Reason='x', Id=two)\n"
        "[2021-03-22T19:20:13.250Z] Executed 'Functions.Bad' (Failed, Id=two, Duration=1250ms)\n"
        "[2021-03-22T19:20:13.250Z] Exception: KeyError: 'price'\n";
    static const char expected[] =
        "test.log (coretools)\n"
        "3 invocations (2 succeeded, 1 failed), 2 reports, 1 worker process; 2021-03-22 19:20:10 to 19:20:13\n"
        "  UTC\n"
        "\n"
        "Functions\n"
        "Function  Profiled             Calls   Entry     Peak   Growth  Kept  Largest  Line  Source\n"
        "Sync      Sync/__init__.py:17      1  38.4    140.2    101.8     1.7  101.3      19  big = work(1)\n"
        "Fine      Fine/__init__.py:5       1  40.125   40.250    0.125   -      0.125     7  fine()\n"
        "\n"
        "Largest increments\n"
        "Line  Profiled             Largest  Heat       Median  Calls  Source\n"
        "  19  Sync/__init__.py:17  101.3    "
        "\xe2\x96\x88\xe2\x96\x88\xe2\x96\x88\xe2\x96\x88\xe2\x96\x88\xe2\x96\x88\xe2\x96\x88\xe2\x96\x88  101.3        1  big = "
        "work(1)\n"
        "  20  Sync/__init__.py:17    0.5    \xe2\x96\x88           0.5        1  small = work(2)\n"
        "   7  Fine/__init__.py:5     0.125  \xe2\x96\x88           0.125      1  fine()\n"
        "\n"
        "Needs attention\n"
        "- Bad two failed at 19:20:13.250 and has no report: KeyError: 'price'\n";
    Reading r = reading_of(log);
    Buffer text = test_export(r.model, "text", NULL);
    Span head = span_to(buffer_span(&text), sizeof expected - 1);
    assert_span(head, expected);
    assert_contains(&text, "\nHow to read this\n");
    assert_contains(&text, "2 of 2 reports: sparse.");
    buffer_free(&text);
    reading_free(&r);
}
END_TEST

/* Colours add nothing that monochrome lacks. */
static void check_colours(const char *name, const Model *m, Buffer *text, const ExportOptions *options)
{
    ExportOptions plain_options = *options;
    plain_options.color = false;
    Buffer plain = test_export(m, "text", &plain_options), stripped = {0}, scratch = {0};
    for (Span rest = buffer_span(text); rest.len;) {
        Span line = next_line(&rest);
        buffer_append_span(&stripped, span_trim_right(ansi_strip(line, &scratch)));
        buffer_append_byte(&stripped, '\n');
    }
    ck_assert_msg(span_eq(buffer_span(&stripped), buffer_span(&plain)), "%s", name);
    assert_lacks(&plain, "\x1b");
    assert_contains(text, "\x1b[1mFunctions\x1b[0m\n");
    buffer_free(&plain);
    buffer_free(&stripped);
    buffer_free(&scratch);
}

START_TEST(text_in_colour)
{
    check_captures("text", &(ExportOptions){.color = true, .width = 90}, check_colours);
    Reading r = reading_of_capture("leak.log");
    Buffer text = test_export(r.model, "text", &(ExportOptions){.color = true});
    assert_contains(&text, "\x1b[31m    2.0\x1b[0m");
    buffer_free(&text);
    reading_free(&r);
}
END_TEST

START_TEST(top_and_selection)
{
    char *error = NULL;
    Selection *s = selection_new(&(SelectionRules){.filter = "requests"}, &error);
    Reading r = reading_of_capture("sequential-true.log");
    Buffer text = test_export(r.model, "text", &(ExportOptions){.top = 2});
    assert_contains(&text, "1 more; --top=3 shows all\n");
    assert_contains(&text, "3 more; --top=5 shows all\n");
    buffer_free(&text);
    text = test_export(r.model, "markdown", &(ExportOptions){.top = 2});
    assert_contains(&text, "\n1 more; `--top=3` shows all.\n");
    buffer_free(&text);
    text = test_export(r.model, "csv", &(ExportOptions){.selection = s});
    Cells cells = read_csv(buffer_span(&text));
    ck_assert_uint_eq(cells.len / CSV_COLUMNS, 1 + 4); /* two reports, whole, numbered among themselves */
    assert_span(csv_cell(&cells, 4, 0), "2");
    assert_span(csv_cell(&cells, 1, CSV_BASELINE), "true");
    cells_free(&cells);
    buffer_free(&text);
    text = test_export(r.model, "text", &(ExportOptions){.selection = s});
    assert_contains(&text, "5 more left out");
    assert_lacks(&text, "ResizeImages");
    buffer_free(&text);
    selection_free(s);
    reading_free(&r);
}
END_TEST

START_TEST(exports_without_reports)
{
    static const char *const formats[] = {"text", "markdown"};
    char *error = NULL;
    Selection *none = selection_new(&(SelectionRules){.function = "Nobody"}, &error);
    Reading empty = reading_of(""), some = reading_of_capture("nested.log");
    for (size_t i = 0; i < 2; i++) {
        Buffer text = test_export(empty.model, formats[i], NULL);
        assert_contains(&text, "report was found.");
        assert_lacks(&text, "How to read");
        buffer_free(&text);
        text = test_export(some.model, formats[i], &(ExportOptions){.selection = none});
        assert_contains(&text, "The selection leaves no report.");
        buffer_free(&text);
    }
    selection_free(none);
    reading_free(&empty);
    reading_free(&some);
}
END_TEST

START_TEST(formats_are_known_by_name)
{
    static const char *const names[] = {"text", "json", "ndjson", "csv", "markdown"};
    ck_assert_str_eq(export_formats[0].name, "text");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        ck_assert_ptr_nonnull(export_format_named(names[i]));
    ck_assert_ptr_null(export_format_named("xml"));
    ck_assert_ptr_null(export_format_named(""));
}
END_TEST

Suite *exports_suite(void)
{
    Suite *suite = suite_create("exports");
    TCase *writer = tcase_create("writer"), *formats = tcase_create("formats");
    tcase_add_checked_fixture(writer, make_folder, remove_folder);
    tcase_add_test(writer, writer_makes_a_file);
    tcase_add_test(writer, writer_replaces_a_file_at_once);
    tcase_add_test(writer, writer_error_leaves_the_old_file);
    tcase_add_test(writer, writer_error_ends_the_writing);
    tcase_add_test(writer, writer_reports_a_full_device);
    tcase_add_test(writer, writer_reports_a_missing_folder);
    tcase_add_test(writer, writer_keeps_a_symbolic_link);
    tcase_add_test(writer, writer_gives_up);
    tcase_add_test(writer, writer_bears_much);
    tcase_add_test(writer, writer_takes_what_is_put_into_its_room);
    suite_add_tcase(suite, writer);
    tcase_add_test(formats, quoting_keeps_within_its_room);
    tcase_add_test(formats, quoting_is_of_its_language);
    tcase_add_test(formats, csv_quotes_and_disarms);
    tcase_add_test(formats, csv_as_the_contract_has_it);
    tcase_add_test(formats, csv_of_all_captures);
    tcase_add_test(formats, json_of_all_captures);
    tcase_add_test(formats, json_strings_bear_any_bytes);
    tcase_add_test(formats, json_of_nothing);
    tcase_add_test(formats, markdown_of_all_captures);
    tcase_add_test(formats, markdown_escapes);
    tcase_add_test(formats, text_of_all_captures_fits);
    tcase_add_test(formats, text_is_safe_for_a_terminal);
    tcase_add_test(formats, text_as_people_see_it);
    tcase_add_test(formats, text_in_colour);
    tcase_add_test(formats, top_and_selection);
    tcase_add_test(formats, exports_without_reports);
    tcase_add_test(formats, formats_are_known_by_name);
    suite_add_tcase(suite, formats);
    return suite;
}
