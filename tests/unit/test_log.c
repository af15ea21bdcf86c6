/* The raw text of logs: where it is kept, its lines, its marks, the way to reports and back; and the source files that a log names. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "model/log_place.h"
#include "model/report.h"
#include "src/code_file.h"
#include "src/editor.h"
#include "src/log_front.h"
#include "src/log_host.h"
#include "src/log_kinds.h"
#include "src/log_text.h"
#include "tests/unit/support.h"
#include "ui/log_copy.h"
#include "ui/log_hits.h"
#include "ui/log_lines.h"
#include "ui/log_look.h"
#include "ui/log_search.h"
#include "ui/log_time.h"
#include "ui/when.h"

/* Files. */

static char folder[FOLDER_PATH_MAX];

static void enter_folder(void)
{
    folder_make(folder);
    ck_assert_int_eq(chdir(folder), 0);
}

static void leave_folder(void)
{
    ck_assert_int_eq(chdir("/"), 0);
    folder_remove(folder);
}

static void write_file(const char *path, const char *mode, Span text)
{
    FILE *file = fopen(path, mode);
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(text.ptr, 1, text.len, file), text.len);
    ck_assert_int_eq(fclose(file), 0);
}

static void feed(LogTexts *texts, Id id, Span text)
{
    log_texts_feed(texts, id, text.ptr, text.len);
}

/* A log that is read from a file with that content. */
static void read_from(LogTexts *texts, Id id, const char *path, Span text)
{
    write_file(path, "wb", text);
    log_texts_origin(texts, id, (LogOrigin){path, -1, 0});
    feed(texts, id, text);
}

static void assert_extent(LogTexts *texts, Id id, uint64_t first, uint64_t end, const char *why)
{
    LogExtent extent;
    ck_assert(log_texts_extent(texts, id, &extent));
    ck_assert_uint_eq(extent.first, first);
    ck_assert_uint_eq(extent.end, end);
    if (why)
        ck_assert_ptr_nonnull(strstr(extent.why, why));
    else
        ck_assert_ptr_null(extent.why);
}

static void assert_reads(LogTexts *texts, Id id, uint64_t offset, size_t len, const char *want)
{
    char bytes[256];
    ck_assert_uint_le(len, sizeof bytes);
    size_t got = log_texts_read(texts, id, offset, bytes, len);
    Span text = {bytes, got};
    assert_span(text, want);
}

/* Where text is kept. */

START_TEST(files_are_read_by_offset)
{
    LogTexts *texts = log_texts_new();
    LogExtent extent;
    ck_assert(!log_texts_extent(texts, 0, &extent));
    read_from(texts, 3, "a.log", SPAN("one\ntwo\nthree\n"));
    ck_assert(!log_texts_extent(texts, 0, &extent));
    assert_extent(texts, 3, 0, 14, NULL);
    assert_reads(texts, 3, 4, 3, "two");
    assert_reads(texts, 3, 8, 99, "three\n");
    assert_reads(texts, 3, 14, 9, "");
    write_file("a.log", "ab", SPAN("four\n")); /* not read yet, but there */
    assert_extent(texts, 3, 0, 19, NULL);
    assert_reads(texts, 3, 14, 9, "four\n");
    log_texts_free(texts);
}
END_TEST

START_TEST(files_of_one_log_stand_one_behind_the_other)
{
    LogTexts *texts = log_texts_new();
    Span more = SPAN("second, of a pipe\n");
    read_from(texts, 0, "a.log", SPAN("first, of a file and long enough for its encoding to be told from it alone\n"));
    log_texts_origin(texts, 0, LOG_IN_MEMORY);
    feed(texts, 0, more);
    write_file("b.log", "wb", SPAN("--third\n"));
    log_texts_origin(texts, 0, (LogOrigin){"b.log", -1, 2});
    assert_extent(texts, 0, 0, 75 + more.len + 6, NULL);
    assert_reads(texts, 0, 69, 100, "alone\nsecond, of a pipe\nthird\n");
    log_texts_free(texts);
}
END_TEST

START_TEST(standard_input_that_is_a_file_is_read_from_it)
{
    LogTexts *texts = log_texts_new();
    write_file("a.log", "wb", SPAN("skipped\nread\n"));
    int fd = open("a.log", O_RDONLY);
    log_texts_origin(texts, 0, (LogOrigin){NULL, fd, 8});
    close(fd);
    feed(texts, 0, SPAN("read\n"));
    assert_extent(texts, 0, 0, 5, NULL);
    assert_reads(texts, 0, 0, 9, "read\n");
    log_texts_free(texts);
}
END_TEST

START_TEST(a_file_that_was_replaced_is_still_read)
{
    LogTexts *texts = log_texts_new();
    Span old = SPAN("old content, long enough for its encoding to be told from it, which is sixty-six bytes\n");
    read_from(texts, 0, "a.log", old);
    ck_assert_int_eq(rename("a.log", "a.log.1"), 0);
    read_from(texts, 0, "a.log", SPAN("new\n"));
    assert_extent(texts, 0, 0, old.len + 4, NULL);
    assert_reads(texts, 0, old.len - 6, 10, "bytes\nnew\n");
    log_texts_free(texts);
}
END_TEST

/* ... the latest two of them: what was removed must not fill the disk for as long as the program runs. */
START_TEST(files_that_were_replaced_long_ago_are_gone)
{
    LogTexts *texts = log_texts_new();
    Span text = SPAN("some content, long enough for its encoding to be told from it, that is sixty-six bytes\n");
    for (int i = 0; i < 100; i++) {
        ck_assert(i == 0 || unlink("a.log") == 0);
        read_from(texts, 0, "a.log", text); /* often with the number of the one that was removed */
    }
    assert_extent(texts, 0, 98 * text.len, 100 * text.len, "replaced");
    assert_reads(texts, 0, 98 * text.len, 12, "some content");
    log_texts_free(texts);
}
END_TEST

START_TEST(many_files_of_one_log_are_read)
{
    enum { FILES = 300 };
    struct rlimit limit;
    LogTexts *texts = log_texts_new();
    char name[16];
    Span text = SPAN("some content, long enough for its encoding to be told from it, that is sixty-six bytes\n");
    ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
    limit.rlim_cur = 100;
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
    for (int i = 0; i < FILES; i++) {
        snprintf(name, sizeof name, "%d.log", i);
        read_from(texts, 0, name, text);
    }
    assert_extent(texts, 0, 0, FILES * text.len, NULL);
    for (int i = 0; i < FILES; i++)
        assert_reads(texts, 0, (uint64_t)i * text.len, 12, "some content");
    log_texts_free(texts);
}
END_TEST

/* Only so many files are held open; of the others one may find that they are not the same any more. */
START_TEST(a_file_that_was_replaced_unseen_is_gone)
{
    LogTexts *texts = log_texts_new();
    for (Id id = 0; id < 40; id++)
        read_from(texts, id, "a.log", SPAN("old\n"));
    ck_assert_int_eq(unlink("a.log"), 0);
    write_file("other", "wb", SPAN("something else\n"));
    ck_assert_int_eq(rename("other", "a.log"), 0);
    log_texts_end(texts, 39);
    assert_extent(texts, 39, 4, 4, "replaced");
    assert_reads(texts, 39, 0, 9, "");
    ck_assert_int_eq(unlink("a.log"), 0);
    log_texts_end(texts, 38);
    assert_extent(texts, 38, 4, 4, "cannot be opened");
    log_texts_free(texts);
}
END_TEST

START_TEST(a_file_that_was_written_over_is_gone)
{
    LogTexts *texts = log_texts_new();
    read_from(texts, 0, "a.log", SPAN("old old old\n"));
    ck_assert_int_eq(truncate("a.log", 4), 0); /* before anybody has noticed */
    assert_extent(texts, 0, 0, 4, NULL);
    assert_reads(texts, 0, 0, 99, "old ");
    log_texts_restart(texts, 0);
    assert_extent(texts, 0, 12, 12, "written over");
    read_from(texts, 0, "a.log", SPAN("new\n"));
    assert_extent(texts, 0, 12, 16, "written over");
    assert_reads(texts, 0, 12, 99, "new\n");
    assert_reads(texts, 0, 11, 99, "");
    log_texts_free(texts);
}
END_TEST

/* Nothing but a regular file is opened a second time. */
START_TEST(what_is_no_file_is_kept_in_memory)
{
    LogTexts *texts = log_texts_new();
    Span text = SPAN("this comes through a pipe, and is long enough for the encoding to be told\n");
    ck_assert_int_eq(mkfifo("pipe", 0600), 0);
    static const char *const paths[] = {"pipe", "/dev/null", "nowhere", "."};
    for (Id id = 0; id < 4; id++) {
        log_texts_origin(texts, id, (LogOrigin){paths[id], -1, 0});
        feed(texts, id, text);
        assert_extent(texts, id, 0, text.len, NULL);
        assert_reads(texts, id, 0, 10, "this comes");
    }
    log_texts_free(texts);
}
END_TEST

START_TEST(memory_is_bounded_over_all_logs)
{
    enum { PIECE = 100000 };
    LogTexts *texts = log_texts_new();
    char *piece = alloc_bytes(PIECE), byte;
    uint64_t fed[2] = {0};
    LogExtent extent[2];
    for (int i = 0; fed[0] + fed[1] < UINT64_C(3) * LOG_KEPT_BYTES; i++) {
        memset(piece, 'a' + i % 26, PIECE);
        Id id = i < 300 && i % 2 == 0 ? 0 : 1;
        log_texts_feed(texts, id, piece, PIECE);
        fed[id] += PIECE;
    }
    for (Id id = 0; id < 2; id++)
        ck_assert(log_texts_extent(texts, id, &extent[id]));
    ck_assert_uint_eq(extent[0].first, fed[0]);
    ck_assert_uint_eq(extent[1].end, fed[1]);
    ck_assert_uint_gt(extent[1].end - extent[1].first, LOG_KEPT_BYTES - 2 * PIECE);
    ck_assert_uint_le(extent[1].end - extent[1].first, LOG_KEPT_BYTES);
    ck_assert_uint_eq(log_texts_read(texts, 1, extent[1].first - 1, &byte, 1), 0);
    for (uint64_t at = extent[1].first; at < extent[1].end; at += 65537) {
        ck_assert_uint_eq(log_texts_read(texts, 1, at, &byte, 1), 1);
        uint64_t index = at / PIECE < 150 ? at / PIECE * 2 + 1 : at / PIECE + 150;
        ck_assert_int_eq(byte, 'a' + (int)(index % 26));
    }
    free(piece);
    log_texts_free(texts);
}
END_TEST

START_TEST(offsets_are_those_of_the_decoded_text)
{
    static const char wide[] = "\xff\xfeo\0n\0e\0\n\0t\0w\0o\0\n";
    LogTexts *texts = log_texts_new();
    read_from(texts, 0, "utf16.log", (Span){wide, sizeof wide});
    log_texts_end(texts, 0);
    assert_extent(texts, 0, 0, 8, NULL);
    assert_reads(texts, 0, 4, 9, "two\n");
    read_from(texts, 1, "mark.log", SPAN("\xef\xbb\xbf" "one\ntwo\n"));
    log_texts_end(texts, 1);
    assert_extent(texts, 1, 0, 8, NULL);
    assert_reads(texts, 1, 4, 9, "two\n");
    log_texts_free(texts);
}
END_TEST

START_TEST(a_byte_order_mark_does_not_shift_offsets)
{
    LogTexts *texts = log_texts_new();
    Span text = SPAN("\xef\xbb\xbf" "one\nthe second line is long enough for the encoding to be told from what there is\n");
    read_from(texts, 0, "mark.log", text);
    assert_extent(texts, 0, 0, text.len - 3, NULL);
    assert_reads(texts, 0, 4, 10, "the second");
    log_texts_free(texts);
}
END_TEST

/* Lines. */

typedef struct Shown {
    Buffer text;
    uint64_t first;
    char rows;
} Shown;

static bool shown_extent(void *ctx, Id source, UiLogExtent *extent)
{
    const Shown *shown = ctx;
    (void)source;
    *extent = (UiLogExtent){.first = shown->first, .end = shown->first + shown->text.len, .rows = shown->rows};
    return true;
}

static size_t shown_read(void *ctx, Id source, uint64_t offset, char *bytes, size_t len)
{
    const Shown *shown = ctx;
    (void)source;
    Span rest = span_to(span_from(buffer_span(&shown->text), (size_t)(offset - shown->first)), len);
    memcpy(bytes, rest.ptr, rest.len);
    return rest.len;
}


/* Lines of all lengths, some far longer than a block. */
static void fill(Shown *shown, uint64_t seed)
{
    while (shown->text.len < 900000) {
        uint64_t random = test_random(&seed);
        size_t len = random % 7 == 0 ? random / 7 % 400000 : random / 7 % 300;
        if (random % 11 == 0)
            len = LOG_BLOCK - (shown->first + shown->text.len) % LOG_BLOCK; /* up to a block's end, or just beyond */
        buffer_append_repeated(&shown->text, 'a' + (char)(random % 26), len);
        if (shown->rows && random % 5)
            buffer_append_span(&shown->text, random % 3 ? SPAN("],[\"") : SPAN("], [\""));
        else
            buffer_append_byte(&shown->text, '\n');
    }
    if (seed % 2)
        buffer_append_span(&shown->text, SPAN("no end"));
}

START_TEST(lines_are_the_same_from_both_sides)
{
    Shown shown = {.first = _i % 2 ? 0 : 12345 + (uint64_t)_i * 30011, .rows = _i % 4 < 2 ? '[' : '\0'};
    UiLogText text = {.ctx = &shown, .extent = shown_extent, .read = shown_read};
    UiHost host = {.log = &text};
    LogLines lines = {.host = &host};
    VEC(uint64_t) begins = {0};
    fill(&shown, (uint64_t)_i + 77);
    ck_assert(log_lines_refresh(&lines, false));
    uint64_t at = shown.first;
    for (LogLine line; log_line_at(&lines, at, &line); at = line.next) {
        ck_assert_uint_eq(line.begin, at);
        ck_assert_uint_gt(line.next, at);
        ck_assert_uint_le(line.next - at, LOG_LINE_MAX);
        vec_push(&begins, at);
    }
    ck_assert_uint_eq(at, shown.first + shown.text.len);
    ck_assert_uint_eq(log_line_last(&lines), vec_last(&begins));
    for (size_t i = begins.len; i-- > 0;) {
        uint64_t begin = begins.items[i], next = i + 1 < begins.len ? begins.items[i + 1] : at;
        ck_assert_uint_eq(log_line_begin(&lines, begin), begin);
        ck_assert_uint_eq(log_line_begin(&lines, next - 1), begin);
        ck_assert_uint_eq(log_line_begin(&lines, begin + (next - begin) / 2), begin);
        ck_assert_uint_eq(log_line_before(&lines, begin), i ? begins.items[i - 1] : begin);
    }
    vec_free(&begins);
    log_lines_free(&lines);
    buffer_free(&shown.text);
}
END_TEST

static LogSlice search_all(LogSearch *search, LogLines *lines)
{
    LogSlice slice;
    do
        slice = log_search_slice(search, lines, 0);
    while (slice == SLICE_GOES_ON);
    return slice;
}

/* Plain text is looked for in blocks, anything else line by line: with the same result. */
START_TEST(searches_find_every_line_in_both_directions)
{
    static const char *const patterns[] = {"NEEDLE", "N[E]EDLE"};
    Shown shown = {.first = 0};
    UiLogText text = {.ctx = &shown, .extent = shown_extent, .read = shown_read};
    UiHost host = {.log = &text};
    LogLines lines = {.host = &host};
    LogSearch search;
    VEC(uint64_t) hits = {0};
    for (int i = 0; i < 60000; i++) {
        if (i % 17111 == 5)
            vec_push(&hits, shown.text.len);
        buffer_printf(&shown.text, "line %d%s\n", i, i % 17111 == 5 ? " NEEDLE" : "");
    }
    ck_assert(log_lines_refresh(&lines, false));
    for (int forward = 0; forward < 2; forward++) {
        Pattern *pattern = pattern_new(span_of(patterns[_i]), NULL);
        uint64_t at = hits.items[0];
        for (size_t n = 1; n <= 2 * hits.len; n++) {
            log_search_begin(&search, &lines, pattern, at, forward, false);
            ck_assert_int_eq(search_all(&search, &lines), SLICE_FOUND);
            at = search.hit;
            ck_assert_uint_eq(at, hits.items[forward ? n % hits.len : (2 * hits.len - n) % hits.len]);
        }
        log_search_begin(&search, &lines, pattern, at, true, true);
        ck_assert_int_eq(search_all(&search, &lines), SLICE_FOUND);
        ck_assert_uint_eq(search.hit, at);
        pattern_free(pattern);
        pattern = pattern_new(SPAN("nowhere"), NULL);
        log_search_begin(&search, &lines, pattern, at, forward, false);
        ck_assert_int_eq(search_all(&search, &lines), SLICE_NOTHING);
        ck_assert_int_ge(log_search_percent(&search, &lines), 99);
        pattern_free(pattern);
    }
    vec_free(&hits);
    log_lines_free(&lines);
    buffer_free(&shown.text);
}
END_TEST

/* However lines come, and whatever goes away at the front: what is counted is what counting all of them finds. */
START_TEST(hits_are_counted_as_lines_come_and_go)
{
    static const char *const patterns[] = {"needle", "n[e]edle", "^b"};
    Shown shown = {.first = 0};
    UiLogText text = {.ctx = &shown, .extent = shown_extent, .read = shown_read};
    UiHost host = {.log = &text};
    LogLines lines = {.host = &host};
    LogHits hits = {.at = 0};
    Pattern *pattern = pattern_new(span_of(patterns[_i]), NULL);
    uint64_t seed = 11;
    for (int round = 0; round < 60; round++) {
        for (int i = 0; i < 3000; i++) {
            uint64_t random = test_random(&seed);
            buffer_printf(&shown.text, "%s%llu%s", random % 5 ? "a" : "b", (unsigned long long)random, random % 7 ? "" : " needle");
            buffer_append_byte(&shown.text, i % 1000 == 999 ? ' ' : '\n'); /* the last one has no end yet */
        }
        if (round > 20 && round % 3 == 0) {
            size_t gone = (size_t)(test_random(&seed) % 300000), newline = gone;
            while (newline && shown.text.data[newline - 1] != '\n')
                newline--;
            memmove(shown.text.data, shown.text.data + newline, shown.text.len - newline);
            shown.text.len -= newline;
            shown.first += newline;
        }
        ck_assert(log_lines_refresh(&lines, false));
        log_hits_hold(&hits, &lines, pattern);
        for (int slice = 0; slice < round % 4 * 100 && log_hits_slice(&hits, &lines, pattern, lines.extent.end, 0);)
            slice++;
        if (round % 5)
            continue;
        while (log_hits_slice(&hits, &lines, pattern, lines.extent.end, 0))
            continue;
        ck_assert(hits.done);
        uint64_t count = 0, at = lines.extent.first;
        for (LogLine line; log_line_at(&lines, at, &line); at = line.next) {
            bool hit = pattern_matches(pattern, line.text);
            count += hit;
            if (line.begin % 40 == 0 || !line.ended)
                ck_assert_uint_eq(log_hits_position(&hits, &lines, pattern, line.begin), hit ? count : 0);
        }
        ck_assert_uint_gt(count, 0);
        ck_assert_uint_eq(log_hits_count(&hits), count);
    }
    log_hits_free(&hits);
    pattern_free(pattern);
    log_lines_free(&lines);
    buffer_free(&shown.text);
}
END_TEST

START_TEST(lines_are_found_by_number)
{
    Shown shown = {.first = 0};
    UiLogText text = {.ctx = &shown, .extent = shown_extent, .read = shown_read};
    UiHost host = {.log = &text};
    LogLines lines = {.host = &host};
    LogIndex index = {{0}};
    LogLine line;
    Buffer want = {0};
    uint64_t begin;
    for (int i = 1; i <= 200000; i++)
        buffer_printf(&shown.text, "%d\n", i);
    ck_assert(log_lines_refresh(&lines, false));
    for (uint64_t number = 1; number <= 200000; number = number * 3 + 1) {
        while (log_index_find(&index, &lines, number, &begin, 0) == SLICE_GOES_ON)
            continue;
        ck_assert(log_line_at(&lines, begin, &line));
        buffer_clear(&want);
        buffer_printf(&want, "%llu", (unsigned long long)number);
        assert_span(line.text, buffer_text(&want));
        ck_assert_uint_eq(log_index_number(&index, &lines, begin), number);
    }
    ck_assert_int_eq(log_index_find(&index, &lines, 200000, &begin, INT64_MAX), SLICE_FOUND);
    ck_assert_int_eq(log_index_find(&index, &lines, 200001, &begin, INT64_MAX), SLICE_NOTHING);
    vec_free(&index.before);
    log_lines_free(&lines);
    buffer_free(&want);
    buffer_free(&shown.text);
}
END_TEST

/* Marks. */

/* A capture as the screen has it: a model and the text. */
typedef struct Shelf {
    Reading reading;
    LogTexts *texts;
    LogHost host;
    UiLogText log;
    UiHost ui;
    LogLines lines;
} Shelf;

static void shelf_open_text(Shelf *s, Span text)
{
    *s = (Shelf){.reading = reading_begin(), .texts = log_texts_new()};
    reading_feed(&s->reading, text);
    reading_end(&s->reading);
    log_texts_feed(s->texts, s->reading.source, text.ptr, text.len);
    log_texts_end(s->texts, s->reading.source);
    s->host = (LogHost){.model = s->reading.model, .texts = s->texts};
    s->log = log_host_text(&s->host);
    s->ui = (UiHost){.log = &s->log};
    s->lines = (LogLines){.host = &s->ui, .source = s->reading.source};
    ck_assert(log_lines_refresh(&s->lines, false));
}

static void shelf_open(Shelf *s, const char *capture)
{
    Buffer path = {0};
    buffer_printf(&path, "%s/tests/corpus/%s", getenv("srcdir") ? getenv("srcdir") : ".", capture);
    Buffer text = test_read(buffer_text(&path));
    shelf_open_text(s, buffer_span(&text));
    buffer_free(&text);
    buffer_free(&path);
}

static void shelf_close(Shelf *s)
{
    log_lines_free(&s->lines);
    log_host_free(&s->host);
    log_texts_free(s->texts);
    reading_free(&s->reading);
}

START_TEST(lines_are_marked_in_every_format)
{
    static const char *const captures[] = {
        "sequential-true.log",      "sequential-false.log",       "hostfile.log",   "docker-console.log",
        "sequential-true-ansi.log", "sequential-true-windows.log", "portal.csv",    "dataexport.ndjson",
        "functionapplogs.ndjson",   "rest.json",                  "az-appinsights.json", "loganalytics.json",
        "continuousexport.blob",    "sequential-true-coretools2.log",
    };
    for (size_t i = 0; i < sizeof captures / sizeof *captures; i++) {
        Shelf shelf;
        LogLooks looks = {0};
        size_t kinds[UI_LINE_KINDS] = {0};
        shelf_open(&shelf, captures[i]);
        LogLine line;
        for (uint64_t at = shelf.lines.extent.first; log_line_at(&shelf.lines, at, &line); at = line.next) {
            log_looks_ask(&looks, &shelf.lines, at, 1);
            ck_assert_uint_eq(log_looks_count(&looks), 1);
            const UiLogLine *look = log_looks_line(&looks, 0);
            ck_assert_uint_eq(look->begin, at);
            bool row = span_find(look->text, SPAN(" MiB  ")) >= 0, begins = span_find(look->text, SPAN("Executing 'Functions.")) >= 0;
            bool ends = span_find(look->text, SPAN("Executed 'Functions.")) >= 0;
            ck_assert_msg(!row || look->kind == UI_LINE_PROFILER, "%s: %.*s", captures[i], SPAN_ARG(look->text));
            ck_assert_msg(!begins || look->kind == UI_LINE_BEGIN, "%s: %.*s", captures[i], SPAN_ARG(look->text));
            ck_assert_msg(!ends || look->kind == UI_LINE_END, "%s: %.*s", captures[i], SPAN_ARG(look->text));
            ck_assert(look->record < look->end && look->record_end > look->begin);
            kinds[look->kind] += look->kind != UI_LINE_OTHER && look->begin == log_raw_line_begin(&shelf.lines, look->record);
        }
        const Model *m = shelf.reading.model;
        uint64_t rows = 0;
        for (Id id = 0; id < m->reports.len; id++)
            rows += m->reports.items[id].rows;
        ck_assert_msg(kinds[UI_LINE_BEGIN] == m->invocations.len && kinds[UI_LINE_END] == m->invocations.len, "%s", captures[i]);
        ck_assert_msg(kinds[UI_LINE_PROFILER] >= rows + m->reports.len, "%s", captures[i]);
        log_looks_free(&looks);
        shelf_close(&shelf);
    }
}
END_TEST

/* Whatever the bytes are: what is said of lines stays within them, and each line is found again. */
START_TEST(broken_documents_are_looked_at)
{
    static const char *const captures[] = {"rest.json", "az-appinsights.json", "loganalytics.json", "dataexport.ndjson", "portal.csv",
                                           "kustoquery.csv", "continuousexport.blob", "sequential-true-ansi.log"};
    uint64_t seed = (uint64_t)_i + 1;
    Buffer path = {0}, scratch = {0};
    buffer_printf(&path, "%s/tests/corpus/%s", getenv("srcdir") ? getenv("srcdir") : ".", captures[_i % 8]);
    Buffer text = test_read(buffer_text(&path));
    size_t front, cut = test_random(&seed) % text.len;
    for (int i = 0; i < 60; i++)
        text.data[test_random(&seed) % text.len] = "\n\"[]{},\\ \x1b\0:1"[test_random(&seed) % 13];
    Shelf shelf;
    LogLooks looks = {0};
    shelf_open_text(&shelf, span_from(buffer_span(&text), _i < 8 ? 0 : cut)); /* some without their beginning */
    for (int i = 0; i < 40; i++) {
        uint64_t begin = log_line_begin(&shelf.lines, test_random(&seed) % (shelf.lines.extent.end + 1));
        log_looks_ask(&looks, &shelf.lines, begin, 24);
        ck_assert_uint_gt(log_looks_count(&looks), 0);
        for (size_t k = 0; k < log_looks_count(&looks); k++) {
            const UiLogLine *line = log_looks_line(&looks, k);
            ck_assert(line->begin < line->end && line->record < line->record_end && line->front.length <= line->text.len);
            ck_assert_uint_eq(log_raw_line_begin(&shelf.lines, line->end - 1), line->begin);
            Span brief = log_look_text(line, LOOK_SHORT, &scratch, &front);
            ck_assert(front <= brief.len && brief.len <= line->text.len);
            shelf.log.time(shelf.log.ctx, shelf.lines.source, line->text);
        }
    }
    log_looks_free(&looks);
    shelf_close(&shelf);
    buffer_free(&scratch);
    buffer_free(&text);
    buffer_free(&path);
}
END_TEST

/* Of a stream of records whose beginning is not kept any more, those that are lines are still told. */
START_TEST(rows_are_marked_where_the_beginning_is_gone)
{
    Buffer path = {0}, text = {0};
    buffer_printf(&path, "%s/tests/corpus/dataexport.ndjson", getenv("srcdir") ? getenv("srcdir") : ".");
    Buffer capture = test_read(buffer_text(&path));
    for (unsigned minute = 0; text.len < LOG_KEPT_BYTES + LOG_BLOCK; minute++) {
        char time[] = "T00:00:";
        snprintf(time, sizeof time, "T%02u:%02u:", minute / 60 % 24, minute % 60);
        for (ptrdiff_t at; (at = span_find(buffer_span(&capture), SPAN("T11:31:"))) >= 0;)
            capture.data[at] = '\x01'; /* where a time of day begins */
        size_t begin = text.len;
        buffer_append_span(&text, buffer_span(&capture));
        for (size_t at = begin; at < text.len; at++)
            if (text.data[at] == '\x01')
                memcpy(text.data + at, time, sizeof time - 1);
    }
    Shelf shelf;
    LogLooks looks = {0};
    shelf_open_text(&shelf, buffer_span(&text));
    ck_assert_uint_gt(shelf.lines.extent.first, 0);
    log_looks_ask(&looks, &shelf.lines, shelf.lines.extent.first, 1000);
    ck_assert_uint_eq(log_looks_count(&looks), 1000);
    for (size_t i = 1; i < 1000; i++) { /* the first is cut */
        const UiLogLine *line = log_looks_line(&looks, i);
        bool matters = span_find(line->text, SPAN("memory_profiler_logs:")) >= 0 || span_find(line->text, SPAN("Execut")) >= 0;
        ck_assert_msg((line->kind != UI_LINE_OTHER) == matters, "%zu: %.*s", i, SPAN_ARG(line->text));
    }
    log_looks_free(&looks);
    shelf_close(&shelf);
    buffer_free(&capture);
    buffer_free(&path);
    buffer_free(&text);
}
END_TEST

/* Times. */

enum { TIMED_LINES = 30000 };

/* A line a second, in text with some that have no time, or rows of an export; in order, or the newest first. */
static void write_timed(Buffer *out, bool export, bool descending)
{
    for (int i = 0; i < TIMED_LINES; i++) {
        char time[MOMENT_TEXT_MAX];
        int second = descending ? TIMED_LINES - 1 - i : i;
        moment_format(time, (Moment){(moment_seconds(2021, 3, 22, 20, 0, 0) + second) * MOMENT_SECOND, 3});
        if (export)
            buffer_printf(out, "{\"timestamp\":\"%s\",\"message\":\"said at %s\",\"operation_Name\":\"F\"}\n", time, time);
        else
            buffer_printf(out, "[%s] said\n%s", time, i % 3 ? "" : "  on 2030-01-01T00:00:00Z, says the app\n\n");
    }
}

static void assert_found_at(Shelf *s, LogOrder order, int second)
{
    uint64_t begin;
    LogLine line;
    int64_t ns = (moment_seconds(2021, 3, 22, 20, 0, 0) + second) * MOMENT_SECOND;
    bool found = log_time_find(&s->lines, order, ns, &begin);
    ck_assert_msg(found == (second < TIMED_LINES), "second %d", second);
    if (!found)
        return;
    ck_assert(log_raw_line_at(&s->lines, begin, &line));
    ck_assert_int_eq(s->log.time(s->log.ctx, s->lines.source, line.text).ns,
                     ns + (second < 0 ? -(int64_t)second * MOMENT_SECOND : 0));
}

START_TEST(times_are_found_without_reading_all)
{
    bool export = _i % 2, descending = _i / 2;
    Buffer text = {0};
    Shelf shelf;
    write_timed(&text, export, descending);
    shelf_open_text(&shelf, buffer_span(&text));
    LogTimes times = log_times_see(&shelf.lines);
    ck_assert_int_eq(times.order, descending ? LOG_DESCENDING : LOG_ASCENDING);
    for (int second = -5; second < TIMED_LINES + 5; second += second % 11 + 7)
        assert_found_at(&shelf, times.order, second);
    assert_found_at(&shelf, times.order, 0);
    assert_found_at(&shelf, times.order, TIMED_LINES - 1);
    shelf_close(&shelf);
    buffer_free(&text);
}
END_TEST

START_TEST(logs_without_times_or_order_say_so)
{
    Shelf shelf;
    shelf_open(&shelf, "report-0.61.txt");
    ck_assert_int_eq(log_times_see(&shelf.lines).order, LOG_TIMELESS);
    ck_assert(log_time_at(&shelf.lines, 0) == MOMENT_UNKNOWN);
    shelf_close(&shelf);
    shelf_open(&shelf, "rest.json");
    ck_assert_int_eq(log_times_see(&shelf.lines).order, LOG_UNORDERED);
    shelf_close(&shelf);
}
END_TEST

/* What is asked for is told by its form; a time of day is that of the day that has one. */
START_TEST(times_are_asked_for)
{
    static const struct Asked {
        const char *text;
        const char *want; /* NULL: it is no time */
    } asked[] = {
        {"2021-03-22T19:20:10Z", "2021-03-22T19:20:10Z"}, {"2021-03-22T19:20", "2021-03-22T19:20:00Z"},
        {"2021-03-22 19:20:10.5", "2021-03-22T19:20:10Z"}, {"2021-03-22T21:20:10+02:00", "2021-03-22T19:20:10Z"},
        {"2021-03-22", "2021-03-22T00:00:00Z"},           {"23:30", "2021-03-22T23:30:00Z"},
        {"00:15:30", "2021-03-23T00:15:30Z"},             {"12:00", "2021-03-22T12:00:00Z"},
        {"15m", "2021-03-23T01:45:00Z"},                  {"1d", "2021-03-22T02:00:00Z"},
        {"12", NULL},  {"50%", NULL}, {"25:00", NULL}, {"12:3", NULL}, {"12:30x", NULL}, {"", NULL}, {"m", NULL}, {"2021-02-30", NULL},
        {"99999999999999d", NULL}, {"12:30:99", NULL}, {"help", NULL},
    };
    int64_t day = moment_seconds(2021, 3, 22, 0, 0, 0), hour = 3600;
    Moment newest = {(day + 26 * hour) * MOMENT_SECOND, 0};
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        When when;
        char text[MOMENT_TEXT_MAX];
        bool is_time = when_parse(span_of(asked[i].text), &when);
        ck_assert_msg(is_time == (asked[i].want != NULL), "%s", asked[i].text);
        if (!is_time)
            continue;
        int64_t ns = when_resolve(&when, (day + 20 * hour) * MOMENT_SECOND, newest.ns, (day + 22 * hour) * MOMENT_SECOND, newest);
        moment_format(text, (Moment){ns, 0});
        ck_assert_str_eq(text, asked[i].want);
    }
    ck_assert(when_resolve(&(When){WHEN_AGE, 5}, 0, 1, 0, MOMENT_NONE) == MOMENT_UNKNOWN);
    ck_assert(when_resolve(&(When){WHEN_CLOCK, 5}, 0, 1, MOMENT_UNKNOWN, newest) == MOMENT_UNKNOWN);
}
END_TEST

/* Short forms. */

START_TEST(short_lines_keep_what_they_say)
{
    static const struct ShortCase {
        const char *line, *want;
        const char *hit; /* is found in the short form, too; NULL: any is */
    } cases[] = {
        {"[2021-03-22T19:20:10.123Z] root: x", "[19:20:10.123] root: x", "root"},
        {"[2021-03-22T19:20:10.123Z] memory_profiler_logs:     17     38.4 MiB     38.4 MiB           1   @profile",
         "[19:20:10.123]     17     38.4 MiB     38.4 MiB           1   @profile", "38.4"},
        {"2021-03-22T19:20:10.123 [Information] x", "19:20:10.123 [Information] x", NULL},
        {"func-1  | [2021-03-22T19:20:10.123Z] x", "func-1  | [19:20:10.123] x", NULL},
        {"[pod/func-7d9f-x2x/func] [2021-03-22T19:20:10.123Z] y", "[19:20:10.123] y", "y"},
        {"Mar 22 19:20:10 host func[123]: [2021-03-22T19:20:10.123Z] memory_profiler_logs: x", "[19:20:10.123] memory_profiler_logs: x",
         "logs"},
        {"[22/03/2021 19:20:10] x", "[19:20:10] x", NULL},
        {"2021-03-22T19:20:10.126789123Z stdout F [2021-03-22T19:20:10.123Z] x", "[19:20:10.123] x", "x"},
        {"2021-03-22T19:20:10.126789123+01:00 stderr P \x1b[90m[2021-03-22T19:20:10.123Z] \x1b[36mx", "[19:20:10.123] x", "x"},
        {"2021-03-22T19:20:10.126789123Z [2021-03-22T19:20:10.123Z] root: y", "[19:20:10.123] root: y", "root"},
        {"func-1  | 2021-03-22T19:20:10.126789123Z 2021-03-22T19:20:10.123Z x", "19:20:10.123 x", "x"},
        {"2021-03-22T19:20:10.126789123Z stdout F it was 2021-03-22T19:20:10.123Z",
         "19:20:10.126789123 stdout F it was 2021-03-22T19:20:10.123Z", "it was 2021-03-22"},
        {"\x1b[90m[2021-03-22T19:20:10.123Z] \x1b[36mx\x1b[0m", "[19:20:10.123] x", "x"},
        {"it was 2021-03-22T19:20:10.123Z then", "it was 2021-03-22T19:20:10.123Z then", NULL},
        {"\x1b[", "\x1b[", NULL},
        {"", "", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        UiLogLine line = {.begin = 0, .end = strlen(cases[i].line), .text = span_of(cases[i].line)};
        Buffer scratch = {0};
        size_t front;
        log_kinds(&line, 1);
        Span text = log_look_text(&line, LOOK_SHORT, &scratch, &front);
        assert_span(text, cases[i].want);
        ck_assert_uint_le(front, text.len);
        for (size_t at = 0; at < line.text.len; at++) {
            size_t place = log_look_place(&line, LOOK_SHORT, at, at + 1);
            ck_assert(place == SIZE_MAX || (text.ptr[place] == line.text.ptr[at] && log_look_byte(&line, LOOK_SHORT, place) == at));
        }
        if (cases[i].hit) {
            size_t at = (size_t)span_find(line.text, span_of(cases[i].hit)), place = log_look_place(&line, LOOK_SHORT, at, at + strlen(cases[i].hit));
            ck_assert_int_eq((ptrdiff_t)place, span_find(text, span_of(cases[i].hit)));
        }
        assert_span(log_look_text(&line, LOOK_FULL, &scratch, &front), cases[i].line);
        ck_assert(!log_look_has_cuts(&line, LOOK_FULL));
        buffer_free(&scratch);
    }
}
END_TEST

START_TEST(short_rows_have_a_blank_behind_their_time)
{
    static const struct RowCase {
        const char *line, *says, *want; /* `says`: where that begins which the row says, NULL: it is not known */
    } cases[] = {
        {"\"11/22/2026, 11:31:04.082 AM\",\"Executing 'Functions.F' (\",1", "Executing", "11:31:04.082 AM Executing 'Functions.F' (\",1"},
        {"\"11/22/2026, 11:31:04.082 AM\",x: 17,1", "17", "11:31:04.082 AM 17,1"},
        {"\"11/22/2026, 11:31:04.082 AM\",root: x,1", NULL, "11:31:04.082 AM root: x,1"},
        {"2021-03-22T19:20:10.123Z\troot: x\t1", NULL, "19:20:10.123 root: x\t1"},
        {"[\"2021-03-22T19:20:10.123Z\", \"root: x\", 1],", NULL, "19:20:10.123 root: x\", 1],"},
        {"  \"2021-03-22T19:20:10.123Z\",", NULL, "  \"19:20:10.123\","},
        {"{\"time\":\"2021-03-22T19:20:10.123Z\",\"message\":\"x\"}", NULL, "{\"time\":\"19:20:10.123\",\"message\":\"x\"}"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        UiLogLine line = {.text = span_of(cases[i].line)};
        Buffer scratch = {0};
        size_t front, said = cases[i].says ? (size_t)span_find(line.text, span_of(cases[i].says)) : 0;
        line.front = log_front_find(line.text, true, said);
        assert_span(log_look_text(&line, LOOK_SHORT, &scratch, &front), cases[i].want);
        if (line.front.blank) /* what is hit there would not be seen */
            ck_assert_uint_eq(log_look_place(&line, LOOK_SHORT, line.front.blank - 1, line.front.blank + 2), SIZE_MAX);
        buffer_free(&scratch);
    }
}
END_TEST

START_TEST(plain_lines_have_their_front)
{
    UiLogLine line = {.text = SPAN("\x1b[90m[2021-03-22T19:20:10.123Z] \x1b[36mmemory_profiler_logs: 1 \x1b[x\x1b[0m")};
    Buffer scratch = {0};
    size_t front;
    log_kinds(&line, 1);
    assert_span(log_look_text(&line, LOOK_PLAIN, &scratch, &front), "[2021-03-22T19:20:10.123Z] memory_profiler_logs: 1 ");
    assert_span(span_to(buffer_span(&scratch), front), "[2021-03-22T19:20:10.123Z] memory_profiler_logs: ");
    ck_assert_uint_eq(log_look_place(&line, LOOK_PLAIN, 5, 6), 0);
    ck_assert_uint_eq(log_look_byte(&line, LOOK_PLAIN, 27), 5 + 27 + 5);
    ck_assert_uint_eq(log_look_place(&line, LOOK_PLAIN, 4, 6), SIZE_MAX);
    buffer_free(&scratch);
}
END_TEST

/* From rows to lines and back: for every row of every report, and for every invocation. */

static Span line_at(Span text, uint64_t offset)
{
    Span rest = span_from(text, (size_t)offset);
    ptrdiff_t end = span_find_byte(rest, '\n');
    return end < 0 ? rest : span_to(rest, (size_t)end);
}

START_TEST(rows_and_lines_find_each_other)
{
    static const char *const captures[] = {"sequential-true.log", "sequential-false.log", "concurrent.log", "nested.log", "hostfile.log",
                                           "docker-console.log", "report-0.61.txt"};
    Buffer path = {0};
    buffer_printf(&path, "%s/tests/corpus/%s", getenv("srcdir") ? getenv("srcdir") : ".", captures[_i]);
    Buffer text = test_read(buffer_text(&path));
    Reading reading = reading_of_capture(captures[_i]);
    const Model *m = reading.model;
    LogPlaces places = {.seen = 0};
    size_t rows = 0, back = 0;
    for (Id id = 0; id < m->reports.len; id++) {
        const Report *r = &m->reports.items[id];
        for (uint32_t row = 0; r->closed && row < r->rows; row++) {
            Scope scope = SCOPE_ALL;
            LogPlace place;
            uint32_t shown;
            scope.report = id;
            scope.line = report_row(m, r, row).source_line;
            ck_assert(log_place_of(m, scope, &place));
            ck_assert_uint_eq(place.report, id);
            uint64_t at = place.begin;
            while (at <= place.last && !log_line_shows(m, r, row, line_at(buffer_span(&text), at)))
                at += line_at(buffer_span(&text), at).len + 1;
            ck_assert_msg(at <= place.last, "%s: report %u, row %u", captures[_i], id, row);
            Span line = line_at(buffer_span(&text), at);
            rows++;
            back += log_report_at(&places, m, reading.source, at, at + line.len + 1, line, &shown) == id && shown == row;
        }
    }
    ck_assert_uint_gt(rows, 0);
    ck_assert_uint_ge(back * 100, rows * (strcmp(captures[_i], "concurrent.log") == 0 ? 60 : 90)); /* reports that are alike overlap */
    for (Id id = 0; id < m->invocations.len; id++) {
        Scope scope = SCOPE_ALL;
        LogPlace place;
        scope.invocation = id;
        ck_assert(log_place_of(m, scope, &place));
        Span line = line_at(buffer_span(&text), place.begin);
        ck_assert_int_ge(span_find(line, test_call_id(m, id)), 0);
        ck_assert_uint_eq(log_invocation_at(m, reading.source, line), id);
    }
    log_places_free(&places);
    reading_free(&reading);
    buffer_free(&text);
    buffer_free(&path);
}
END_TEST

START_TEST(a_line_of_no_report_has_none)
{
    Reading reading = reading_of_capture("sequential-true.log");
    LogPlaces places = {.seen = 0};
    uint32_t row;
    ck_assert_uint_eq(log_report_at(&places, reading.model, reading.source, 0, 1, SPAN(""), &row), NO_ID);
    ck_assert_uint_eq(row, NO_ID);
    ck_assert_uint_eq(log_invocation_at(reading.model, reading.source, SPAN("nothing")), NO_ID);
    ck_assert_uint_eq(log_report_at(&places, reading.model, reading.source + 1, 0, UINT64_MAX, SPAN(""), &row), NO_ID);
    ck_assert_uint_ne(log_report_at(&places, reading.model, reading.source, 0, UINT64_MAX, SPAN(""), &row), NO_ID);
    log_places_free(&places);
    reading_free(&reading);
}
END_TEST

/* The reports of a log in the order of their beginnings, forward and back, also where there are many. */
START_TEST(reports_follow_one_another)
{
    Buffer text = {0};
    LogPlaces places = {.seen = 0};
    for (int i = 0; i < 700; i++)
        buffer_printf(&text,
                      "[2021-03-22T19:20:10.123Z] memory_profiler_logs: Filename: /a/f%d.py\n[2021-03-22T19:20:10.123Z] memory_profiler_logs: "
                      "    17     38.4 MiB     38.4 MiB           1   @profile\n",
                      i);
    Reading reading = reading_of(buffer_text(&text));
    const Model *m = reading.model;
    ck_assert_uint_eq(m->closed.len, 700);
    size_t count = 0;
    Id last = NO_ID;
    for (Id id = log_report_next(&places, m, reading.source, 0, 1); id != NO_ID; count++) {
        uint64_t offset = report_number(m, &m->reports.items[id], REPORT_OFFSET);
        ck_assert(last == NO_ID || offset > report_number(m, &m->reports.items[last], REPORT_OFFSET));
        ck_assert_uint_eq(log_report_next(&places, m, reading.source, offset, -1), last == NO_ID ? 0 : last);
        last = id;
        id = log_report_next(&places, m, reading.source, offset, 1);
    }
    ck_assert_uint_eq(count, 699); /* the first one begins at the first byte */
    ck_assert_uint_eq(log_report_next(&places, m, reading.source, 0, -1), NO_ID);
    ck_assert_uint_eq(log_report_next(&places, m, reading.source + 1, 0, 1), NO_ID);
    const Report *r = &m->reports.items[last];
    uint64_t first_offset = report_number(m, r, REPORT_OFFSET), last_offset = report_number(m, r, REPORT_LAST_OFFSET);
    Span line = line_at(buffer_span(&text), last_offset);
    ck_assert(log_line_is_of(m, last, last_offset, last_offset + line.len, line));
    ck_assert(!log_line_is_of(m, last, first_offset - 10, first_offset, SPAN("")));
    log_places_free(&places);
    reading_free(&reading);
    buffer_free(&text);
}
END_TEST

/* Source files. */

START_TEST(only_regular_files_are_read)
{
    static const char *const others[] = {"pipe", "/dev/null", "/dev/tty", "to-device", "to-pipe", ".", "nowhere", "", "huge"};
    Buffer text = {0};
    write_file("code.py", "wb", SPAN("def f():\n    pass\n"));
    ck_assert_int_eq(mkfifo("pipe", 0600), 0);
    ck_assert_int_eq(symlink("/dev/null", "to-device"), 0);
    ck_assert_int_eq(symlink("pipe", "to-pipe"), 0);
    ck_assert_int_eq(symlink("code.py", "to-code"), 0);
    write_file("huge", "wb", SPAN("x"));
    ck_assert_int_eq(truncate("huge", CODE_BYTES_MAX + 1), 0);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        buffer_clear(&text);
        ck_assert_msg(!code_read(NULL, 0, span_of(others[i]), &text), "%s", others[i]);
    }
    ck_assert(!code_read(NULL, 0, (Span){"code.py\0x", 9}, &text));
    buffer_clear(&text);
    ck_assert(code_read(NULL, 0, SPAN("to-code"), &text));
    ck_assert_str_eq(buffer_text(&text), "def f():\n    pass\n");
    buffer_free(&text);
}
END_TEST

static void assert_found(const PathMap *maps, size_t count, const char *path, const char *want)
{
    Buffer name = {0};
    bool found = code_find(maps, count, span_of(path), &name);
    ck_assert_msg(found == (want != NULL), "%s: %s", path, buffer_text(&name));
    if (want)
        ck_assert_str_eq(buffer_text(&name), want);
    buffer_free(&name);
}

START_TEST(paths_are_mapped)
{
    const PathMap maps[] = {
        {SPAN("/home/site/wwwroot"), "nowhere"},
        {SPAN("/home/site/wwwroot/"), "app"},
        {SPAN("C:\\app"), "app"},
        {SPAN("\\\\server\\share"), "app"},
    };
    ck_assert_int_eq(mkdir("app", 0700), 0);
    ck_assert_int_eq(mkdir("app/fn", 0700), 0);
    write_file("app/fn/a.py", "wb", SPAN("x\n"));
    write_file("app/b\\c.py", "wb", SPAN("x\n"));
    assert_found(maps, 4, "/home/site/wwwroot/fn/a.py", "app/fn/a.py");
    assert_found(maps, 4, "/home/site/wwwroot2/fn/a.py", NULL);
    assert_found(maps, 4, "/home/site/wwwroot", NULL);
    assert_found(maps, 4, "C:\\app\\fn\\a.py", "app/fn/a.py");
    assert_found(maps, 4, "C:/app/fn\\a.py", "app/fn/a.py");
    assert_found(maps, 4, "\\\\server\\share\\fn\\a.py", "app/fn/a.py");
    assert_found(maps, 4, "/home/site/wwwroot/b\\c.py", "app/b\\c.py");
    assert_found(maps, 4, "app/fn/a.py", "app/fn/a.py");
    assert_found(NULL, 0, "C:\\app\\fn\\a.py", NULL);
}
END_TEST

START_TEST(functions_end_where_the_indentation_does)
{
    static const char text[] = "@profile\n"               /* 1 */
                               "def f(\n"                 /* 2 */
                               "    a,\n"                 /* 3 */
                               "):\n"                     /* 4 */
                               "    x = 1\r\n"            /* 5 */
                               "\n"                       /* 6 */
                               "# a remark\n"             /* 7 */
                               "\ty = 2\n"                /* 8 */
                               "\n"                       /* 9 */
                               "z = 3\n"                  /* 10 */
                               "class C:\n"               /* 11 */
                               "    @profile\n"           /* 12 */
                               "    async  def g(self):\n" /* 13 */
                               "        pass\n"           /* 14 */
                               "    def h(self):\n"       /* 15 */
                               "        return 1";        /* 16 */
    SourceText source = {0};
    Buffer copy = {0};
    buffer_append(&copy, text, sizeof text - 1);
    source_text_set(&source, copy);
    ck_assert_uint_eq(source.lines.len, 16);
    assert_span(source_text_line(&source, 5), "    x = 1");
    assert_span(source_text_line(&source, 16), "        return 1");
    assert_span(source_text_line(&source, 17), "");
    assert_span(source_text_line(&source, 0), "");
    ck_assert_uint_eq(source_text_function_end(&source, 1, 2), 8);
    ck_assert_uint_eq(source_text_function_end(&source, 1, 5), 8);
    ck_assert_uint_eq(source_text_function_end(&source, 12, 13), 14);
    ck_assert_uint_eq(source_text_function_end(&source, 15, 15), 16);
    ck_assert_uint_eq(source_text_function_end(&source, 15, 40), 40);
    ck_assert_uint_eq(source_text_function_end(&source, 10, 10), 10); /* no "def" */
    source_text_free(&source);
}
END_TEST

/* What the file adds are rows of their own; those of the log stay what they are. */
START_TEST(reports_show_the_rest_of_the_function)
{
    Reading reading = reading_of_capture("sequential-true.log");
    Scope scope = SCOPE_ALL;
    SourceText source = {0};
    Buffer text = {0}, explained = {0};
    scope.report = 0;
    Table *table = table_new(reading.model, TABLE_REPORT, scope);
    table_refresh(table);
    ck_assert_uint_eq(table_length(table), 3); /* lines 17 and 19, and the gap between them */
    RowKey first = table_row(table, 0), last = table_row(table, 2);
    const TableKind *kind = table_kind(table);
    size_t line = table_column_named(kind, SPAN("line")), contents = table_column_named(kind, SPAN("contents"));
    buffer_append_repeated(&text, '\n', 16);
    buffer_append_span(&text, SPAN("@memory_profiler.profile(stream=profiler_logstream)  \n"
                                   "def f():\n    changed\n    return 1\n\nx = 1\n"));
    source_text_set(&source, text);
    ck_assert_uint_eq(table_source_differences(table, &source), 1);
    table_set_source(table, &source);
    ck_assert(table_refresh(table));
    ck_assert_uint_eq(table_length(table), 4);
    ck_assert_uint_eq(table_row(table, 0), first);
    ck_assert_uint_eq(table_row(table, 2), last);
    ck_assert_int_eq(table_cell(table, table_row(table, 1), line).number, 18);
    assert_span(table_cell(table, table_row(table, 1), contents).text, "def f():");
    assert_span(span_trim(table_cell(table, last, contents).text), "response = requests.get(url)"); /* the log's word */
    ck_assert_int_eq(table_cell(table, table_row(table, 3), line).number, 20);
    table_explain(table, table_row(table, 3), &explained);
    assert_contains(&explained, "not in the log");
    TableId id;
    ck_assert(!table_open_row(table, table_row(table, 3), &id, &scope));
    table_set_sort(table, (TableSort){table_column_named(table_kind(table), SPAN("memory")), true});
    table_refresh(table);
    ck_assert_uint_eq(table_length(table), 2); /* only what was measured can be put in order */
    table_set_sort(table, (TableSort){line, false});
    source.lines.len = 17; /* a file that ends before the gap does */
    table_set_source(table, &source);
    table_refresh(table);
    ck_assert_uint_eq(table_length(table), 3);
    ck_assert_uint_eq(table_cell(table, table_row(table, 1), line).type, CELL_NONE);
    table_free(table);
    source_text_free(&source);
    buffer_free(&explained);
    reading_free(&reading);
}
END_TEST

START_TEST(the_editor_is_the_persons)
{
    setenv("VISUAL", "", 1);
    setenv("EDITOR", "ed -s", 1);
    ck_assert_str_eq(editor_command(), "ed -s");
    setenv("VISUAL", "code --wait", 1);
    ck_assert_str_eq(editor_command(), "code --wait");
    unsetenv("VISUAL");
    unsetenv("EDITOR");
    ck_assert_str_eq(editor_command(), "vi");
}
END_TEST

/* Copies of lines, with a text that is in memory and may lose its beginning. */

typedef struct Held {
    Span text;
    uint64_t first;
    char rows;
} Held;

static bool held_extent(void *ctx, Id source, UiLogExtent *extent)
{
    const Held *held = ctx;
    (void)source;
    *extent = (UiLogExtent){.first = held->first, .end = held->text.len, .rows = held->rows};
    return true;
}

static size_t held_read(void *ctx, Id source, uint64_t offset, char *bytes, size_t len)
{
    const Held *held = ctx;
    (void)source;
    if (offset < held->first || offset >= held->text.len)
        return 0;
    len = len < held->text.len - offset ? len : (size_t)(held->text.len - offset);
    memcpy(bytes, held->text.ptr + offset, len);
    return len;
}

/* A copy, a portion at a time; the text is another one after the first of them (`then`, if it is one). */
static Buffer copy_of(Held held, const char *filter, bool negated, const Held *then, const char **lost)
{
    UiLogText text = {.ctx = &held, .extent = held_extent, .read = held_read};
    UiHost host = {.log = &text};
    LogLines lines = {.host = &host};
    Buffer copy = {0};
    ck_assert(log_lines_refresh(&lines, false));
    Portions portions = log_copy(&lines, filter ? pattern_new(span_of(filter), NULL) : NULL, negated);
    ck_assert_int_eq(portions.kind->percent(portions.ctx), 0);
    Buffer portion = {0};
    for (bool goes_on = true; goes_on; held = then ? *then : held) {
        goes_on = portions.kind->more(portions.ctx, &portion, INT64_MAX);
        ck_assert_uint_lt(portion.len, 2 * (size_t)PORTION_BYTES);
        buffer_append_span(&copy, buffer_span(&portion));
        buffer_clear(&portion);
    }
    buffer_free(&portion);
    *lost = portions.kind->lost(portions.ctx);
    if (!*lost)
        ck_assert_int_eq(portions.kind->percent(portions.ctx), 100);
    portions.kind->free(portions.ctx);
    log_lines_free(&lines);
    return copy;
}

static void check_copy(Held held, const char *filter, bool negated, const char *expected)
{
    const char *lost;
    Buffer copy = copy_of(held, filter, negated, NULL, &lost);
    ck_assert_ptr_null(lost);
    assert_span(buffer_span(&copy), expected);
    buffer_free(&copy);
}

START_TEST(lines_are_copied_as_they_are)
{
    Held held = {SPAN("one\r\n\x1b[1mtwo\x1b[0m\n\nthree \xff\nfour"), 0, 0};
    check_copy(held, NULL, false, "one\r\n\x1b[1mtwo\x1b[0m\n\nthree \xff\nfour");
    check_copy(held, "t", false, "\x1b[1mtwo\x1b[0m\nthree \xff\n");
    check_copy(held, "t", true, "one\r\n\nfour");
    check_copy(held, "nothing", false, "");
    held.first = 5; /* the first line is gone */
    check_copy(held, NULL, false, "\x1b[1mtwo\x1b[0m\n\nthree \xff\nfour");
}
END_TEST

/* A line that is cut into pieces of which some pass: they stay lines of their own. */
START_TEST(pieces_of_long_lines_are_copied)
{
    Buffer text = {0};
    const char *lost;
    buffer_append_repeated(&text, 'a', 3 * (size_t)LOG_BLOCK);
    buffer_append_span(&text, SPAN("end\nnext\n"));
    text.data[0] = 'X';
    Buffer copy = copy_of((Held){buffer_span(&text), 0, 0}, NULL, false, NULL, &lost);
    ck_assert(span_eq(buffer_span(&copy), buffer_span(&text)));
    buffer_free(&copy);
    copy = copy_of((Held){buffer_span(&text), 0, 0}, "X|next", false, NULL, &lost);
    ck_assert_ptr_null(lost);
    ck_assert_uint_eq(copy.len, (size_t)LOG_BLOCK + 1 + strlen("next\n"));
    assert_span(span_from(buffer_span(&copy), (size_t)LOG_BLOCK - 1), "a\nnext\n");
    buffer_free(&copy);
    copy = copy_of((Held){buffer_span(&text), 0, 0}, "a", false, NULL, &lost); /* all pieces but the last */
    ck_assert_uint_eq(copy.len, 3 * (size_t)LOG_BLOCK);
    ck_assert_ptr_null(memchr(copy.data, '\n', copy.len));
    buffer_free(&copy);
    buffer_free(&text);
}
END_TEST

/* Rows that stand on one line are lines where only some are copied. */
START_TEST(rows_of_documents_are_copied)
{
    Held held = {SPAN("{\"rows\": [[\"a\", 1], [\"ab\", 2], [\"b\", 3], [\"a\", 4]]}"), 0, '['};
    check_copy(held, NULL, false, "{\"rows\": [[\"a\", 1], [\"ab\", 2], [\"b\", 3], [\"a\", 4]]}");
    check_copy(held, "a", false, "[\"a\", 1], \n[\"ab\", 2], \n[\"a\", 4]]}");
    check_copy(held, "a", true, "{\"rows\": [\n[\"b\", 3], ");
}
END_TEST

/* What is gone before it was copied is said; what comes behind the end is not copied. */
START_TEST(a_copy_is_whole_or_said_not_to_be)
{
    Buffer text = {0};
    const char *lost;
    for (int i = 0; i < 400000; i++)
        buffer_printf(&text, "line %d\n", i);
    Span all = buffer_span(&text);
    Buffer copy = copy_of((Held){span_to(all, all.len / 2), 0, 0}, "line", false, &(Held){all, 0, 0}, &lost);
    ck_assert_ptr_null(lost);
    ck_assert(span_eq(buffer_span(&copy), span_to(all, all.len / 2)));
    buffer_free(&copy);
    copy = copy_of((Held){all, 0, 0}, "line", false, &(Held){all, all.len / 2, 0}, &lost);
    ck_assert_ptr_nonnull(lost);
    buffer_free(&copy);
    copy = copy_of((Held){all, 0, 0}, "line", false, &(Held){span_to(all, all.len / 2), 0, 0}, &lost);
    ck_assert_ptr_nonnull(lost);
    buffer_free(&copy);
    buffer_free(&text);
}
END_TEST

Suite *log_suite(void)
{
    Suite *suite = suite_create("log");
    TCase *texts = tcase_create("texts");
    tcase_add_checked_fixture(texts, enter_folder, leave_folder);
    tcase_add_test(texts, files_are_read_by_offset);
    tcase_add_test(texts, files_of_one_log_stand_one_behind_the_other);
    tcase_add_test(texts, standard_input_that_is_a_file_is_read_from_it);
    tcase_add_test(texts, a_file_that_was_replaced_is_still_read);
    tcase_add_test(texts, files_that_were_replaced_long_ago_are_gone);
    tcase_add_test(texts, many_files_of_one_log_are_read);
    tcase_add_test(texts, a_file_that_was_replaced_unseen_is_gone);
    tcase_add_test(texts, a_file_that_was_written_over_is_gone);
    tcase_add_test(texts, what_is_no_file_is_kept_in_memory);
    tcase_add_test(texts, memory_is_bounded_over_all_logs);
    tcase_add_test(texts, offsets_are_those_of_the_decoded_text);
    tcase_add_test(texts, a_byte_order_mark_does_not_shift_offsets);
    tcase_add_test(texts, only_regular_files_are_read);
    tcase_add_test(texts, paths_are_mapped);
    suite_add_tcase(suite, texts);
    TCase *lines = tcase_create("lines");
    tcase_add_loop_test(lines, lines_are_the_same_from_both_sides, 0, 24);
    tcase_add_loop_test(lines, searches_find_every_line_in_both_directions, 0, 2);
    tcase_add_loop_test(lines, hits_are_counted_as_lines_come_and_go, 0, 3);
    tcase_add_test(lines, lines_are_found_by_number);
    tcase_add_test(lines, lines_are_marked_in_every_format);
    tcase_add_loop_test(lines, broken_documents_are_looked_at, 0, 48);
    tcase_add_test(lines, rows_are_marked_where_the_beginning_is_gone);
    tcase_add_loop_test(lines, times_are_found_without_reading_all, 0, 4);
    tcase_add_test(lines, logs_without_times_or_order_say_so);
    tcase_add_test(lines, times_are_asked_for);
    tcase_add_test(lines, short_lines_keep_what_they_say);
    tcase_add_test(lines, plain_lines_have_their_front);
    tcase_add_test(lines, short_rows_have_a_blank_behind_their_time);
    tcase_add_loop_test(lines, rows_and_lines_find_each_other, 0, 7);
    tcase_add_test(lines, a_line_of_no_report_has_none);
    tcase_add_test(lines, reports_follow_one_another);
    tcase_add_test(lines, functions_end_where_the_indentation_does);
    tcase_add_test(lines, reports_show_the_rest_of_the_function);
    tcase_add_test(lines, the_editor_is_the_persons);
    tcase_add_test(lines, lines_are_copied_as_they_are);
    tcase_add_test(lines, pieces_of_long_lines_are_copied);
    tcase_add_test(lines, rows_of_documents_are_copied);
    tcase_add_test(lines, a_copy_is_whole_or_said_not_to_be);
    suite_add_tcase(suite, lines);
    return suite;
}
