/* Packed inputs: how they are told, what is unpacked within limits, and the source that does so in another thread. */
#include <check.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buffer.h"
#include "src/packed.h"
#include "src/source.h"
#include "src/unpack.h"
#include "tests/unit/support.h"

enum { DEADLINE_S = 20 };

/* A log, gzipped, of which every size is known. */
static const uint8_t small_gzip[] = {
    0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xcb, 0x48, 0xcd,
    0xc9, 0xc9, 0xe7, 0x02, 0x00, 0x20, 0x30, 0x3a, 0x36, 0x06, 0x00, 0x00, 0x00,
};

/* An archive of these names, each with so many lines of `byte`; USTAR. */
static void tar_add(Buffer *tar, const char *name, char byte, size_t len)
{
    char header[512] = {0};
    unsigned sum = 8 * ' ';
    snprintf(header, 100, "%s", name);
    memcpy(header + 100,
           "0000644\0"
           "0000000\0"
           "0000000\0",
           24);
    snprintf(header + 124, 12, "%011zo", len);
    memcpy(header + 136, "00000000000", 12);
    header[156] = '0';
    memcpy(header + 257,
           "ustar\0"
           "00",
           8);
    for (size_t i = 0; i < sizeof header; i++)
        sum += (uint8_t)header[i];
    snprintf(header + 148, 8, "%06o", sum);
    header[155] = ' ';
    buffer_append(tar, header, sizeof header);
    buffer_append_repeated(tar, byte, len);
    buffer_append_repeated(tar, '\0', (512 - len % 512) % 512);
}

static void tar_end(Buffer *tar)
{
    buffer_append_repeated(tar, '\0', 1024);
}

/* Telling. */

static Packed sniff(const void *bytes, size_t len)
{
    return packed_sniff((Span){bytes, len});
}

START_TEST(packed_is_told_from_the_first_bytes)
{
    Buffer tar = {0};
    tar_add(&tar, "a.log", 'x', 10);
    for (size_t len = 0; len < 512; len++)
        ck_assert_int_eq(sniff(tar.data, len), PACKED_OPEN);
    ck_assert_int_eq(sniff(tar.data, 512), PACKED_YES);
    tar.data[0]++;
    ck_assert_int_eq(sniff(tar.data, 512), PACKED_NO);
    buffer_free(&tar);
    for (size_t len = 0; len < 5; len++)
        ck_assert_int_eq(sniff(small_gzip, len < 4 ? len : 4), PACKED_OPEN);
    ck_assert_int_eq(sniff(small_gzip, sizeof small_gzip), PACKED_YES);
    ck_assert_int_eq(sniff("PK\3\4\24\0\0\0\10\0\0\0", 12), PACKED_YES);
    ck_assert_int_eq(sniff("PK\5\6\0\0\0\0\0\0", 10), PACKED_YES);
    ck_assert_int_eq(sniff("\xfd"
                           "7zXZ\0\0\4",
                           8),
                     PACKED_YES);
    ck_assert_int_eq(sniff("BZh91AY&SY\1\2\3\4\0", 15), PACKED_YES);
    ck_assert_int_eq(sniff("\x28\xb5\x2f\xfd\x04", 5), PACKED_YES);
}
END_TEST

/* The whole first line of a live log may be all there is for a while. */
START_TEST(packed_is_no_text_line)
{
    static const char *const lines[] = {
        "\n",        "PK\n", "PK is no zip\n", "BZh9 1AY\n", "BZh91AY&SY and so on for a line\n", "Azure Functions Core Tools\n",
        "0000644\n",
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        ck_assert_msg(sniff(lines[i], strlen(lines[i])) == PACKED_NO, "%s", lines[i]);
    char line[120];
    memset(line, 'a', sizeof line);
    ck_assert_int_eq(sniff(line, 100), PACKED_OPEN);
    ck_assert_int_eq(sniff(line, 101), PACKED_NO);
}
END_TEST

/* The unpacker, fed from memory. */

typedef struct Memory {
    const char *data;
    size_t len;
    size_t at;
    size_t chunk;
} Memory;

static size_t memory_read(void *ctx, const char **data)
{
    Memory *m = ctx;
    size_t len = m->len - m->at < m->chunk ? m->len - m->at : m->chunk;
    *data = m->data + m->at;
    m->at += len;
    return len;
}

/* All that comes of it: "[name]" where a log begins, its bytes counted, "<problem>", and at last "=" with the reason of a failure.
 */
static Buffer unpack_all(Buffer *packed, size_t chunk, UnpackLimits limits)
{
    Memory memory = {packed->data, packed->len, 0, chunk};
    Unpacker *u = unpack_new((UnpackInput){&memory, memory_read, NULL, UNPACK_SIZE_UNKNOWN}, limits);
    Buffer all = {0};
    UnpackPiece piece = {0};
    char room[1000];
    size_t len = 0;
    do {
        unpack_next(u, room, sizeof room, &piece);
        if (len && (piece.step != UNPACK_BYTES || piece.begins))
            buffer_printf(&all, "%zu", len);
        len = piece.step == UNPACK_BYTES ? len * !piece.begins + piece.len : 0;
        if (piece.step == UNPACK_BYTES && piece.begins)
            buffer_printf(&all, "[%s]", piece.name ? piece.name : "");
        if (piece.step == UNPACK_PROBLEM)
            buffer_printf(&all, "<%s>", piece.text);
    } while (piece.step != UNPACK_END);
    buffer_printf(&all, "=%s", piece.text ? piece.text : "");
    unpack_next(u, room, sizeof room, &piece);
    ck_assert_int_eq(piece.step, UNPACK_END);
    unpack_free(u);
    return all;
}

static void assert_unpacks(Buffer *packed, UnpackLimits limits, const char *expected)
{
    static const size_t chunks[] = {1, 7, 512, 1 << 20};
    for (size_t i = 0; i < sizeof chunks / sizeof *chunks; i++) {
        Buffer all = unpack_all(packed, chunks[i], limits);
        ck_assert_str_eq(buffer_text(&all), expected);
        buffer_free(&all);
    }
}

START_TEST(unpack_gives_members_and_problems)
{
    Buffer tar = {0};
    tar_add(&tar, "a.log", 'a', 2500);
    tar_add(&tar, "nuls", '\0', 3000);
    tar_add(&tar, "empty", 'x', 0);
    tar_add(&tar, "b.log", 'b', 1000);
    assert_unpacks(&tar, unpack_limits, "[a.log]2500[b.log]1000<skipped 1 member that is no text (nuls)>=");
    tar_end(&tar);
    assert_unpacks(&tar, unpack_limits, "[a.log]2500[b.log]1000<skipped 1 member that is no text (nuls)>=");
    tar.len = 1500;
    assert_unpacks(
        &tar, unpack_limits,
        "[a.log]988<a.log: damaged (its end is missing); what could be read of it is kept, and nothing behind it can be read>=");
    buffer_free(&tar);
}
END_TEST

START_TEST(unpack_gives_one_log)
{
    Buffer packed = {0};
    buffer_append(&packed, (const char *)small_gzip, sizeof small_gzip);
    assert_unpacks(&packed, unpack_limits, "[]6=");
    packed.len -= 5;
    assert_unpacks(&packed, unpack_limits, "[]6<damaged (its end is missing); what could be read of it is kept>=");
    packed.len = 11;
    assert_unpacks(&packed, unpack_limits, "=its end is missing");
    buffer_clear(&packed);
    buffer_append_span(&packed, SPAN("just text"));
    assert_unpacks(&packed, unpack_limits, "[]9=");
    buffer_free(&packed);
}
END_TEST

START_TEST(unpack_keeps_limits)
{
    Buffer tar = {0};
    tar_add(&tar, "a", 'a', 5000);
    tar_add(&tar, "b", 'b', 500);
    tar_add(&tar, "c", 'c', 5);
    tar_end(&tar);
    UnpackLimits limits = {.log_bytes = 1000, .ratio = 1000, .ratio_from = 10000, .logs = 10};
    assert_unpacks(&tar, limits, "[b]500[c]5<skipped 1 member that is too large (a)>=");
    limits.log_bytes = 10000;
    limits.logs = 2;
    assert_unpacks(&tar, limits, "[a]5000[b]500<too many members; the others are not read>=");
    buffer_free(&tar);
}
END_TEST

/* The source. */

typedef struct Seen {
    Buffer bytes;
    Buffer packed;
    Buffer problems;
    Buffer logs;
    uint64_t position; /* the highest so far */
    void (*react)(Source *source);
} Seen;

static char folder[FOLDER_PATH_MAX];
static uv_loop_t loop;
static uv_timer_t tick;
static Seen seen;
static Source *opened;
static Source *source; /* what `opened` unpacks to */
static bool with_copy;
static Buffer archive;

static void on_unpacked(void *ctx, Source *s, const char *data, size_t len)
{
    Seen *into = ctx;
    ck_assert_uint_gt(len, 0);
    ck_assert_uint_ge(source_position(s), into->position);
    into->position = source_position(s);
    buffer_append(&into->bytes, data, len);
    if (into->react)
        into->react(s);
}

static void on_restarted(void *ctx, Source *s, SourceRestart why)
{
    (void)ctx, (void)s, (void)why;
}

static void on_changed(void *ctx, Source *s)
{
    (void)ctx, (void)s;
}

static void on_log(void *ctx, Source *s, const char *name)
{
    (void)s;
    buffer_printf(&((Seen *)ctx)->logs, "[%s]", name ? name : "");
}

static void on_problem(void *ctx, Source *s, const char *text)
{
    (void)s;
    buffer_printf(&((Seen *)ctx)->problems, "<%s>", text);
}

static void on_copy(void *ctx, Source *s, const char *data, size_t len)
{
    (void)s;
    buffer_append(&((Seen *)ctx)->packed, data, len);
}

/* From the first piece on, the source that was opened is another's. */
static void on_packed(void *ctx, Source *s, const char *data, size_t len)
{
    SourceEvents events = {ctx, on_unpacked, on_restarted, on_changed};
    SourceArchiveEvents more = {on_log, on_problem, with_copy ? on_copy : NULL};
    ck_assert_ptr_null(source);
    buffer_append(&((Seen *)ctx)->packed, data, len);
    source = source_unpack(s, data, len, events, more);
    opened = NULL;
}

static const SourceEvents events = {&seen, on_packed, on_restarted, on_changed};
static const SourceOptions options = {.follow = true, .budget_ms = 8};

static void on_tick(uv_timer_t *timer)
{
    (void)timer;
}

#define WAIT_FOR(condition)                                                                                                        \
    do {                                                                                                                           \
        uint64_t end_ = uv_hrtime() + DEADLINE_S * UINT64_C(1000000000);                                                           \
        while (!(condition)) {                                                                                                     \
            ck_assert_msg(uv_hrtime() < end_, "waited in vain for %s", #condition);                                                \
            uv_run(&loop, UV_RUN_ONCE);                                                                                            \
        }                                                                                                                          \
    } while (0)

static void set_up(void)
{
    folder_make(folder);
    ck_assert_int_eq(chdir(folder), 0);
    signal(SIGPIPE, SIG_IGN);
    seen = (Seen){0};
    opened = source = NULL;
    with_copy = false;
    archive = (Buffer){0};
    for (char c = 'a'; c < 'a' + 8; c++)
        tar_add(&archive, (char[]){c, 0}, c, 1 << 20);
    tar_end(&archive);
    ck_assert_int_eq(uv_loop_init(&loop), 0);
    uv_timer_init(&loop, &tick);
    uv_timer_start(&tick, on_tick, 5, 5);
}

/* The loop must come to its end by itself. */
static void tear_down(void)
{
    source_close(opened);
    source_close(source);
    uv_close((uv_handle_t *)&tick, NULL);
    uv_run(&loop, UV_RUN_DEFAULT);
    ck_assert_int_eq(uv_loop_close(&loop), 0);
    buffer_free(&seen.bytes);
    buffer_free(&seen.packed);
    buffer_free(&seen.problems);
    buffer_free(&seen.logs);
    buffer_free(&archive);
    ck_assert_int_eq(chdir("/"), 0);
    folder_remove(folder);
}

static void open_file(void)
{
    FILE *file = fopen("a.tar", "wb");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(archive.data, 1, archive.len, file), archive.len);
    ck_assert_int_eq(fclose(file), 0);
    opened = source_open_file(&loop, "a.tar", options, events);
}

static void *write_archive(void *fd)
{
    size_t at = 0;
    while (at < archive.len) {
        ssize_t n = write(*(int *)fd, archive.data + at, archive.len - at);
        if (n <= 0)
            break;
        at += (size_t)n;
    }
    close(*(int *)fd);
    return NULL;
}

static int pipe_end;
static uv_thread_t writer;

static void write_in_thread(void *unused)
{
    (void)unused;
    write_archive(&pipe_end);
}

static void open_pipe(void)
{
    int ends[2];
    ck_assert_int_eq(pipe(ends), 0);
    pipe_end = ends[1];
    opened = source_open_fd(&loop, ends[0], "a pipe", options, events);
    uv_thread_create(&writer, write_in_thread, NULL);
}

static void assert_all_came(void)
{
    ck_assert_int_eq(source_state(source), SOURCE_ENDED);
    ck_assert_str_eq(buffer_text(&seen.logs), "[a][b][c][d][e][f][g][h]");
    ck_assert_str_eq(buffer_text(&seen.problems), "");
    ck_assert_uint_eq(seen.bytes.len, 8 << 20);
    ck_assert_uint_eq(source_bytes(source), 8 << 20);
    for (size_t i = 0; i < seen.bytes.len; i += 1 << 18)
        ck_assert_int_eq(seen.bytes.data[i], 'a' + (int)(i >> 20));
}

START_TEST(source_unpacks_a_file)
{
    open_file();
    WAIT_FOR(source && source_is_over(source));
    assert_all_came();
    ck_assert_uint_eq(source_size(source), archive.len);
    ck_assert_uint_le(source_position(source), archive.len);
    ck_assert_uint_gt(source_position(source), archive.len - (1 << 20));
}
END_TEST

START_TEST(source_unpacks_a_pipe)
{
    open_pipe();
    WAIT_FOR(source && source_is_over(source));
    uv_thread_join(&writer);
    assert_all_came();
}
END_TEST

START_TEST(source_gives_the_packed_bytes)
{
    with_copy = true;
    if (_i)
        open_pipe();
    else
        open_file();
    WAIT_FOR(source && source_is_over(source));
    if (_i)
        uv_thread_join(&writer);
    assert_all_came();
    ck_assert_uint_eq(seen.packed.len, archive.len);
    ck_assert_int_eq(memcmp(seen.packed.data, archive.data, archive.len), 0);
}
END_TEST

START_TEST(source_rests_while_paused)
{
    seen.react = source_pause;
    if (_i)
        open_pipe();
    else
        open_file();
    for (size_t turns = 0; !source || !source_is_over(source); turns++) {
        uv_run(&loop, UV_RUN_ONCE);
        if (!source || source_state(source) != SOURCE_PAUSED)
            continue;
        size_t len = seen.bytes.len;
        for (int i = 0; i < 3 && turns < 50; i++)
            uv_run(&loop, UV_RUN_ONCE);
        ck_assert_uint_eq(seen.bytes.len, len);
        source_resume(source);
    }
    if (_i)
        uv_thread_join(&writer);
    assert_all_came();
}
END_TEST

static void close_at_once(Source *s)
{
    source_close(s);
    source = NULL;
}

/* Ended from within a callback, while the worker works, waits, or may have something ready. */
START_TEST(source_ends_at_any_time)
{
    static void (*const ways[])(Source *) = {source_interrupt, source_stop, close_at_once};
    seen.react = ways[_i / 2];
    if (_i % 2)
        open_pipe();
    else
        open_file();
    WAIT_FOR(seen.bytes.len > 0);
    size_t len = seen.bytes.len;
    if (source)
        ck_assert_int_eq(source_state(source), SOURCE_ENDED);
    source_close(source);
    source = NULL;
    for (int i = 0; i < 5; i++)
        uv_run(&loop, UV_RUN_ONCE);
    ck_assert_uint_eq(seen.bytes.len, len);
    if (_i % 2)
        uv_thread_join(&writer);
}
END_TEST

/* The worker waits for bytes that never come. */
START_TEST(source_ends_while_it_waits)
{
    int ends[2];
    ck_assert_int_eq(pipe(ends), 0);
    opened = source_open_fd(&loop, ends[0], "a pipe", options, events);
    ck_assert_int_eq(write(ends[1], archive.data, 1000), 1000);
    WAIT_FOR(source != NULL);
    for (int i = 0; i < 5; i++)
        uv_run(&loop, UV_RUN_ONCE);
    if (_i)
        source_interrupt(source);
    source_close(source);
    source = NULL;
    uv_run(&loop, UV_RUN_ONCE);
    close(ends[1]);
}
END_TEST

START_TEST(source_fails_when_nothing_can_be_read)
{
    buffer_clear(&archive);
    buffer_append(&archive, (const char *)small_gzip, 11);
    open_file();
    WAIT_FOR(source && source_is_over(source));
    ck_assert_int_eq(source_state(source), SOURCE_FAILED);
    ck_assert_str_eq(source_error(source), "cannot read a.tar: its end is missing");
    ck_assert_str_eq(buffer_text(&seen.problems), "");
}
END_TEST

START_TEST(source_says_what_it_is_built_without)
{
    open_file();
    WAIT_FOR(source && source_is_over(source));
    ck_assert_str_eq(source_error(source), "cannot read a.tar: funcmem was built without libarchive; unpack it first");
}
END_TEST

static bool has_libarchive(void)
{
    Buffer versions = {0};
    unpack_versions(&versions);
    bool has = versions.len > 0;
    buffer_free(&versions);
    return has;
}

static TCase *add_case(Suite *suite, const char *name, bool with_source)
{
    TCase *tests = tcase_create(name);
    if (with_source)
        tcase_add_checked_fixture(tests, set_up, tear_down);
    suite_add_tcase(suite, tests);
    return tests;
}

Suite *archive_suite(void)
{
    Suite *suite = suite_create("archive");
    TCase *packed = add_case(suite, "packed", false);
    tcase_add_test(packed, packed_is_told_from_the_first_bytes);
    tcase_add_test(packed, packed_is_no_text_line);
    TCase *sources = add_case(suite, "source", true);
    if (!has_libarchive()) {
        tcase_add_test(sources, source_says_what_it_is_built_without);
        return suite;
    }
    TCase *unpack = add_case(suite, "unpack", false);
    tcase_add_test(unpack, unpack_gives_members_and_problems);
    tcase_add_test(unpack, unpack_gives_one_log);
    tcase_add_test(unpack, unpack_keeps_limits);
    tcase_add_test(sources, source_unpacks_a_file);
    tcase_add_test(sources, source_unpacks_a_pipe);
    tcase_add_loop_test(sources, source_gives_the_packed_bytes, 0, 2);
    tcase_add_loop_test(sources, source_rests_while_paused, 0, 2);
    tcase_add_loop_test(sources, source_ends_at_any_time, 0, 6);
    tcase_add_loop_test(sources, source_ends_while_it_waits, 0, 2);
    tcase_add_test(sources, source_fails_when_nothing_can_be_read);
    return suite;
}
