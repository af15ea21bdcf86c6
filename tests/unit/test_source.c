/* Sources and the tee, with real files, FIFOs, pipes and processes in a temporary folder that is the working directory. */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buffer.h"
#include "src/source.h"
#include "src/tee.h"

enum {
    DEADLINE_S = 20,
    TICK_MS = 5, /* how often a waiting test looks at its condition and its deadline */
};

typedef struct Seen {
    Buffer bytes;
    unsigned pieces;
    unsigned truncated;
    unsigned rotated;
    size_t restart_at; /* bytes before the latest restart */
    unsigned changes;
    uint64_t busy_ns_per_byte;
    size_t shortest; /* piece */
    unsigned pieces_in_turn;
    unsigned pieces_in_turn_max;
    uint64_t busy_ns;         /* what handling a piece takes */
    void (*react)(Source *s); /* called within the bytes callback */
} Seen;

static char folder[64];
static uv_loop_t loop;
static uv_timer_t tick;
static Seen seen;
static Source *source;

static const SourceOptions once = {.follow = false, .budget_ms = 0};
static const SourceOptions follow = {.follow = true, .budget_ms = 8};

/* The harness. */

static void on_bytes(void *ctx, Source *s, const char *data, size_t len)
{
    Seen *into = ctx;
    ck_assert_uint_gt(len, 0);
    buffer_append(&into->bytes, data, len);
    into->pieces++;
    into->pieces_in_turn++;
    if (into->pieces_in_turn > into->pieces_in_turn_max)
        into->pieces_in_turn_max = into->pieces_in_turn;
    into->shortest = !into->shortest || len < into->shortest ? len : into->shortest;
    uint64_t began = uv_hrtime();
    while (uv_hrtime() - began < into->busy_ns + len * into->busy_ns_per_byte)
        continue;
    if (into->react)
        into->react(s);
}

static void on_restarted(void *ctx, Source *s, SourceRestart why)
{
    Seen *into = ctx;
    ck_assert_uint_eq(source_position(s), 0);
    into->truncated += why == SOURCE_TRUNCATED;
    into->rotated += why == SOURCE_ROTATED;
    into->restart_at = into->bytes.len;
}

static void on_changed(void *ctx, Source *s)
{
    (void)s;
    ((Seen *)ctx)->changes++;
}

static const SourceEvents events = {.ctx = &seen, .bytes = on_bytes, .restarted = on_restarted, .changed = on_changed};

static void on_tick(uv_timer_t *timer)
{
    (void)timer;
}

static void turn(void)
{
    seen.pieces_in_turn = 0;
    uv_run(&loop, UV_RUN_ONCE);
}

#define WAIT_FOR(condition)                                                                                                        \
    do {                                                                                                                           \
        uint64_t wait_end = uv_hrtime() + DEADLINE_S * UINT64_C(1000000000);                                                       \
        while (!(condition)) {                                                                                                     \
            ck_assert_msg(uv_hrtime() < wait_end, "waited in vain for %s", #condition);                                            \
            turn();                                                                                                                \
        }                                                                                                                          \
    } while (0)

static void set_up(void)
{
    snprintf(folder, sizeof folder, "/tmp/funcmem-source-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_int_eq(chdir(folder), 0);
    signal(SIGPIPE, SIG_IGN);
    seen = (Seen){0};
    source = NULL;
    ck_assert_int_eq(uv_loop_init(&loop), 0);
    uv_timer_init(&loop, &tick);
    uv_timer_start(&tick, on_tick, TICK_MS, TICK_MS);
}

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *at)
{
    (void)st, (void)type, (void)at;
    return remove(path);
}

static void close_source(void)
{
    source_close(source);
    source = NULL;
}

/* The loop must come to its end by itself: nothing that a source opened may be left. */
static void tear_down(void)
{
    close_source();
    uv_close((uv_handle_t *)&tick, NULL);
    uv_run(&loop, UV_RUN_DEFAULT);
    ck_assert_int_eq(uv_loop_close(&loop), 0);
    buffer_free(&seen.bytes);
    ck_assert_int_eq(chdir("/"), 0);
    nftw(folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

static void put(const char *path, int flags, const char *text, size_t len)
{
    int fd = open(path, O_WRONLY | O_CREAT | flags, 0600);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, text, len), (ssize_t)len);
    close(fd);
}

static void write_file(const char *path, const char *text)
{
    put(path, O_TRUNC, text, strlen(text));
}

static void append(const char *path, const char *text)
{
    put(path, O_APPEND, text, strlen(text));
}

static void say(int fd, const char *text)
{
    ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
}

static bool saw(const char *text)
{
    return span_eq(buffer_span(&seen.bytes), span_of(text));
}

static bool saw_somewhere(const char *text)
{
    return span_find(buffer_span(&seen.bytes), span_of(text)) >= 0;
}

static SourceState state(void)
{
    return source_state(source);
}

static void follow_file(const char *path)
{
    source = source_open_file(&loop, path, follow, events);
    WAIT_FOR(state() == SOURCE_FOLLOWING);
}

static void run_shell(const char *script)
{
    source = source_open_command(&loop, (char *[]){"/bin/sh", "-c", (char *)script, NULL}, follow, events);
}

static SourceExit exit_of(void)
{
    SourceExit end = {-1, -1};
    ck_assert(source_exit(source, &end));
    return end;
}

/* Seeded, so that a failure comes again. */
static Buffer random_bytes(size_t len)
{
    Buffer b = {0};
    uint64_t x = 88172645463325252u;
    for (size_t i = 0; i < len; i++) {
        x ^= x << 13, x ^= x >> 7, x ^= x << 17;
        buffer_append_byte(&b, (char)(x >> 24));
    }
    return b;
}

static void ck_assert_seen_is(const Buffer *expected)
{
    ck_assert_uint_eq(seen.bytes.len, expected->len);
    ck_assert(memcmp(seen.bytes.data, expected->data, expected->len) == 0);
}

static bool process_lives(int pid)
{
    char path[64], text[256] = "";
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    FILE *f = fopen(path, "r");
    if (!f)
        return kill(pid, 0) == 0 && access("/proc/self/stat", F_OK) != 0;
    size_t n = fread(text, 1, sizeof text - 1, f);
    text[n] = '\0';
    fclose(f);
    const char *behind_name = strrchr(text, ')');
    return behind_name && behind_name[2] != 'Z' && behind_name[2] != 'X';
}

/* Files. */

START_TEST(a_file_is_read_to_its_end)
{
    write_file("log", "one\ntwo\n");
    source = source_open_file(&loop, "log", once, events);
    ck_assert_int_eq(state(), SOURCE_OPENING);
    ck_assert_uint_eq(source_size(source), 8);
    ck_assert_uint_eq(seen.changes, 0);
    WAIT_FOR(state() == SOURCE_ENDED && seen.changes);
    ck_assert(saw("one\ntwo\n"));
    ck_assert_str_eq(source_name(source), "log");
    ck_assert_ptr_null(source_error(source));
    ck_assert_uint_eq(source_bytes(source), 8);
    ck_assert_uint_eq(source_position(source), 8);
    ck_assert_int_eq(source_pid(source), 0);
    ck_assert(!source_exit(source, &(SourceExit){0}));
}
END_TEST

START_TEST(an_empty_file_ends_at_once)
{
    write_file("log", "");
    source = source_open_file(&loop, "log", once, events);
    WAIT_FOR(state() == SOURCE_ENDED);
    ck_assert_uint_eq(seen.pieces, 0);
}
END_TEST

static void read_big(SourceOptions options)
{
    Buffer big = random_bytes((5 << 20) + 12345);
    put("log", 0, big.data, big.len);
    source = source_open_file(&loop, "log", options, events);
    WAIT_FOR(state() == SOURCE_ENDED || state() == SOURCE_FOLLOWING);
    ck_assert_seen_is(&big);
    buffer_free(&big);
}

START_TEST(two_reads_in_flight_keep_the_order)
{
    read_big(_i ? follow : once);
}
END_TEST

static void pause_now(Source *s)
{
    source_pause(s);
}

START_TEST(a_pause_after_every_piece_loses_nothing)
{
    Buffer big = random_bytes((3 << 20) + 1);
    put("log", 0, big.data, big.len);
    seen.react = pause_now;
    source = source_open_file(&loop, "log", follow, events);
    for (unsigned pieces = 1; seen.bytes.len < big.len; pieces++) {
        WAIT_FOR(state() == SOURCE_PAUSED);
        turn();
        turn();
        ck_assert_uint_eq(seen.pieces, pieces);
        source_resume(source);
    }
    source_resume(source);
    WAIT_FOR(state() == SOURCE_FOLLOWING);
    ck_assert_seen_is(&big);
    buffer_free(&big);
}
END_TEST

START_TEST(the_budget_leaves_time_for_others)
{
    Buffer big = random_bytes(4 << 20);
    put("log", 0, big.data, big.len);
    seen.busy_ns = 1000000;
    source = source_open_file(&loop, "log", follow, events);
    WAIT_FOR(state() == SOURCE_FOLLOWING);
    ck_assert_seen_is(&big);
    ck_assert_uint_le(seen.pieces_in_turn_max, follow.budget_ms + 2);
    buffer_free(&big);
}
END_TEST

static void interrupt_now(Source *s)
{
    source_interrupt(s);
}

static void close_now(Source *s)
{
    source_close(s);
    source = NULL;
}

START_TEST(loading_can_be_interrupted_from_the_callback)
{
    Buffer big = random_bytes(3 << 20);
    put("log", 0, big.data, big.len);
    seen.react = interrupt_now;
    source = source_open_file(&loop, "log", follow, events);
    WAIT_FOR(state() == SOURCE_ENDED && seen.changes);
    ck_assert_uint_eq(seen.pieces, 1);
    buffer_free(&big);
}
END_TEST

START_TEST(a_source_can_be_closed_from_the_callback)
{
    Buffer big = random_bytes(3 << 20);
    put("log", 0, big.data, big.len);
    seen.react = close_now;
    source = source_open_file(&loop, "log", follow, events);
    WAIT_FOR(!source);
    ck_assert_uint_eq(seen.pieces, 1);
    buffer_free(&big);
}
END_TEST

START_TEST(a_source_can_be_closed_before_the_loop_runs)
{
    write_file("log", "text");
    source_close(source_open_file(&loop, "log", follow, events));
    source_close(source_open_file(&loop, "missing", follow, events));
    source_close(source_open_command(&loop, (char *[]){"cat", "log", NULL}, follow, events));
    turn();
    ck_assert_uint_eq(seen.pieces + seen.changes, 0);
}
END_TEST

START_TEST(a_source_can_be_closed_while_requests_are_under_way)
{
    Buffer big = random_bytes(3 << 20);
    put("log", 0, big.data, big.len);
    for (unsigned turns = 0; turns < 40; turns++) {
        source = source_open_file(&loop, "log", follow, events);
        for (unsigned i = 0; i < turns; i++)
            uv_run(&loop, UV_RUN_NOWAIT);
        if (turns % 2)
            source_interrupt(source);
        close_source();
    }
    buffer_free(&big);
}
END_TEST

START_TEST(a_growing_file_is_followed)
{
    write_file("log", "one\n");
    follow_file("log");
    append("log", "two\n");
    WAIT_FOR(saw("one\ntwo\n"));
    append("log", "three\n");
    WAIT_FOR(saw("one\ntwo\nthree\n"));
    ck_assert_uint_eq(seen.truncated + seen.rotated, 0);
    WAIT_FOR(source_size(source) == 14);
    ck_assert_int_eq(state(), SOURCE_FOLLOWING);
}
END_TEST

START_TEST(a_file_that_grows_in_many_small_writes_is_followed)
{
    Buffer all = random_bytes(200000);
    write_file("log", "");
    follow_file("log");
    size_t step = 1;
    for (size_t at = 0; at < all.len; at += step) {
        step = at % 1777 + 1 < all.len - at ? at % 1777 + 1 : all.len - at;
        put("log", O_APPEND, all.data + at, step);
        if (at % 3 == 0)
            uv_run(&loop, UV_RUN_NOWAIT);
    }
    WAIT_FOR(seen.bytes.len == all.len);
    ck_assert_seen_is(&all);
    buffer_free(&all);
}
END_TEST

START_TEST(growth_during_a_pause_is_read_after_it)
{
    write_file("log", "one\n");
    follow_file("log");
    source_pause(source);
    append("log", "two\n");
    for (int i = 0; i < 20; i++)
        turn();
    ck_assert(saw("one\n"));
    source_resume(source);
    WAIT_FOR(saw("one\ntwo\n"));
}
END_TEST

START_TEST(rotation_reads_the_old_file_to_its_end_first)
{
    write_file("log", "old\n");
    follow_file("log");
    ck_assert_int_eq(rename("log", "log.1"), 0);
    append("log.1", "last words\n");
    write_file("log", "new\n");
    WAIT_FOR(saw("old\nlast words\nnew\n"));
    ck_assert_uint_eq(seen.rotated, 1);
    ck_assert_uint_eq(seen.truncated, 0);
    ck_assert_uint_eq(seen.restart_at, 15);
    append("log", "more\n");
    WAIT_FOR(saw("old\nlast words\nnew\nmore\n"));
}
END_TEST

START_TEST(a_renamed_file_is_followed_until_a_new_one_appears)
{
    write_file("log", "old\n");
    follow_file("log");
    ck_assert_int_eq(rename("log", "log.1"), 0);
    WAIT_FOR(source_note(source));
    append("log.1", "still\n");
    WAIT_FOR(saw("old\nstill\n"));
    write_file("log", "new\n");
    WAIT_FOR(saw("old\nstill\nnew\n"));
    ck_assert_uint_eq(seen.rotated, 1);
    WAIT_FOR(!source_note(source));
}
END_TEST

START_TEST(many_rotations_in_a_row)
{
    write_file("log", "0\n");
    follow_file("log");
    for (unsigned i = 1; i <= 20; i++) {
        char text[16];
        snprintf(text, sizeof text, "%u\n", i);
        write_file("fresh", text);
        ck_assert_int_eq(rename("fresh", "log"), 0);
        WAIT_FOR(seen.rotated == i && saw_somewhere(text));
    }
    ck_assert_uint_eq(seen.truncated, 0);
}
END_TEST

START_TEST(an_emptied_file_begins_anew)
{
    write_file("log", "old and long\n");
    follow_file("log");
    write_file("log", "new\n");
    WAIT_FOR(saw("old and long\nnew\n"));
    ck_assert_uint_eq(seen.truncated, 1);
    ck_assert_uint_eq(seen.restart_at, 13);
    ck_assert_int_eq(truncate("log", 0), 0);
    WAIT_FOR(seen.truncated == 2);
    append("log", "again\n");
    WAIT_FOR(saw("old and long\nnew\nagain\n"));
    ck_assert_uint_eq(seen.rotated, 0);
}
END_TEST

START_TEST(a_rewrite_of_the_same_or_a_larger_size_is_noticed)
{
    write_file("log", "AAAA\n");
    follow_file("log");
    write_file("log", _i ? "BBBB\nCCCC\n" : "BBBB\n");
    WAIT_FOR(saw(_i ? "AAAA\nBBBB\nCCCC\n" : "AAAA\nBBBB\n"));
    ck_assert_uint_eq(seen.truncated, 1);
}
END_TEST

START_TEST(a_rewrite_with_the_same_beginning_is_noticed)
{
    Buffer old = {0}, other = {0};
    buffer_append_repeated(&old, '=', 1000);
    buffer_append_repeated(&other, '=', 1000);
    buffer_append_span(&old, SPAN("first run\n"));
    buffer_append_span(&other, SPAN("other run, a longer one\n"));
    put("log", 0, old.data, old.len);
    follow_file("log");
    put("log", O_TRUNC, other.data, other.len);
    WAIT_FOR(seen.bytes.len == old.len + other.len);
    ck_assert_uint_eq(seen.truncated, 1);
    buffer_free(&old);
    buffer_free(&other);
}
END_TEST

static void shrink_now(Source *s)
{
    (void)s;
    ck_assert_int_eq(truncate("log", 100000), 0);
    seen.react = NULL;
}

START_TEST(a_file_may_shrink_while_it_is_loaded)
{
    Buffer big = random_bytes(6 << 20);
    put("log", 0, big.data, big.len);
    seen.react = shrink_now;
    source = source_open_file(&loop, "log", _i ? follow : once, events);
    WAIT_FOR(_i ? seen.truncated && state() == SOURCE_FOLLOWING : state() == SOURCE_ENDED);
    ck_assert_uint_le(seen.bytes.len, (2 << 20) + (_i ? 100000 : 0));
    ck_assert(memcmp(seen.bytes.data, big.data, _i ? seen.restart_at : seen.bytes.len) == 0);
    if (_i)
        ck_assert(memcmp(seen.bytes.data + seen.restart_at, big.data, seen.bytes.len - seen.restart_at) == 0);
    buffer_free(&big);
}
END_TEST

START_TEST(a_deleted_file_is_waited_for)
{
    write_file("log", "old\n");
    follow_file("log");
    ck_assert_int_eq(unlink("log"), 0);
    WAIT_FOR(source_note(source));
    ck_assert_str_eq(source_note(source), "log is gone; waiting for it to come back");
    ck_assert_int_eq(state(), SOURCE_FOLLOWING);
    write_file("log", "new\n");
    WAIT_FOR(saw("old\nnew\n"));
    ck_assert_uint_eq(seen.rotated, 1);
}
END_TEST

START_TEST(a_deleted_folder_is_waited_for)
{
    ck_assert_int_eq(mkdir("logs", 0700), 0);
    write_file("logs/log", "old\n");
    follow_file("logs/log");
    ck_assert_int_eq(unlink("logs/log"), 0);
    ck_assert_int_eq(rmdir("logs"), 0);
    WAIT_FOR(source_note(source));
    ck_assert_int_eq(mkdir("logs", 0700), 0);
    write_file("logs/log", "new\n");
    WAIT_FOR(saw("old\nnew\n"));
    append("logs/log", "more\n");
    WAIT_FOR(saw("old\nnew\nmore\n"));
}
END_TEST

START_TEST(a_symbolic_link_is_followed_to_where_it_leads)
{
    ck_assert_int_eq(mkdir("a", 0700), 0);
    write_file("a/1", "one\n");
    write_file("2", "two\n");
    ck_assert_int_eq(symlink("a/1", "log"), 0);
    follow_file("log");
    append("a/1", "more\n");
    WAIT_FOR(saw("one\nmore\n"));
    ck_assert_int_eq(unlink("a/1"), 0);
    write_file("a/1", "again\n");
    WAIT_FOR(saw("one\nmore\nagain\n"));
    ck_assert_int_eq(symlink("2", "fresh"), 0);
    ck_assert_int_eq(rename("fresh", "log"), 0);
    WAIT_FOR(saw("one\nmore\nagain\ntwo\n"));
    ck_assert_uint_eq(seen.rotated, 2);
}
END_TEST

START_TEST(a_folder_in_place_of_the_file_is_waited_out)
{
    write_file("log", "old\n");
    follow_file("log");
    ck_assert_int_eq(unlink("log"), 0);
    ck_assert_int_eq(mkdir("log", 0700), 0);
    WAIT_FOR(source_note(source) && strstr(source_note(source), "cannot read what log is now"));
    ck_assert_int_eq(rmdir("log"), 0);
    write_file("log", "new\n");
    WAIT_FOR(saw("old\nnew\n"));
}
END_TEST

/* Without a descriptor to spare there is no inotify. */
START_TEST(where_nothing_can_be_watched_the_file_is_polled)
{
    struct rlimit all, few;
    write_file("log", "one\n");
    int writer = open("log", O_WRONLY | O_APPEND | O_CLOEXEC);
    source = source_open_file(&loop, "log", follow, events);
    int spare = dup(writer);
    close(spare);
    ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &all), 0);
    few = (struct rlimit){.rlim_cur = (rlim_t)spare, .rlim_max = all.rlim_max};
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &few), 0);
    WAIT_FOR(state() == SOURCE_FOLLOWING);
    say(writer, "two\n");
    WAIT_FOR(saw("one\ntwo\n"));
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &all), 0);
    write_file("fresh", "three\n");
    ck_assert_int_eq(rename("fresh", "log"), 0);
    WAIT_FOR(saw("one\ntwo\nthree\n"));
    append("log", "four\n");
    WAIT_FOR(saw("one\ntwo\nthree\nfour\n"));
    close(writer);
}
END_TEST

START_TEST(a_missing_file_fails)
{
    source = source_open_file(&loop, "no/such.log", follow, events);
    ck_assert_int_eq(state(), SOURCE_FAILED);
    ck_assert_str_eq(source_error(source), "cannot read no/such.log: no such file or directory");
    ck_assert_uint_eq(seen.changes, 0);
    WAIT_FOR(seen.changes == 1);
}
END_TEST

START_TEST(a_directory_fails)
{
    source = source_open_file(&loop, ".", follow, events);
    WAIT_FOR(seen.changes);
    ck_assert_int_eq(state(), SOURCE_FAILED);
    ck_assert_str_eq(source_error(source), "cannot read .: it is a directory");
}
END_TEST

START_TEST(an_unreadable_file_fails)
{
    if (geteuid() == 0)
        return; /* nothing is unreadable for root */
    write_file("log", "text");
    ck_assert_int_eq(chmod("log", 0), 0);
    source = source_open_file(&loop, "log", follow, events);
    WAIT_FOR(seen.changes);
    ck_assert_str_eq(source_error(source), "cannot read log: permission denied");
}
END_TEST

/* Descriptors. */

START_TEST(an_open_file_is_read_from_its_offset)
{
    write_file("log", "skipped, read");
    int fd = open("log", O_RDONLY | O_CLOEXEC);
    lseek(fd, 9, SEEK_SET);
    source = source_open_fd(&loop, fd, "standard input", _i ? follow : once, events);
    WAIT_FOR(state() == (_i ? SOURCE_FOLLOWING : SOURCE_ENDED));
    ck_assert(saw("read"));
    ck_assert_uint_eq(source_position(source), 13);
    if (!_i)
        return;
    append("log", " on");
    WAIT_FOR(saw("read on"));
    write_file("log", "anew");
    WAIT_FOR(saw("read onanew"));
    ck_assert_uint_eq(seen.truncated, 1);
}
END_TEST

START_TEST(an_open_file_without_a_path_ends)
{
    write_file("log", "text");
    int fd = open("log", O_RDONLY | O_CLOEXEC);
    ck_assert_int_eq(unlink("log"), 0);
    source = source_open_fd(&loop, fd, "standard input", follow, events);
    WAIT_FOR(state() == SOURCE_ENDED);
    ck_assert(saw("text"));
}
END_TEST

START_TEST(offsets_beyond_4_gib_work)
{
    off_t far = ((off_t)5 << 30) + 7;
    write_file("log", "begin");
    int fd = open("log", O_RDWR | O_CLOEXEC);
    if (ftruncate(fd, far) != 0) {
        close(fd);
        return; /* a file system without sparse files */
    }
    append("log", "the end");
    lseek(fd, far, SEEK_SET);
    source = source_open_fd(&loop, fd, "standard input", follow, events);
    WAIT_FOR(state() == SOURCE_FOLLOWING);
    ck_assert(saw("the end"));
    ck_assert_uint_eq(source_position(source), (uint64_t)far + 7);
    append("log", ", later");
    WAIT_FOR(saw("the end, later"));
}
END_TEST

START_TEST(a_write_only_descriptor_fails)
{
    int fd = open("log", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    source = source_open_fd(&loop, fd, "standard input", follow, events);
    WAIT_FOR(state() == SOURCE_FAILED);
    ck_assert_str_eq(source_error(source), "cannot read standard input: bad file descriptor");
}
END_TEST

START_TEST(a_closed_descriptor_fails)
{
    source = source_open_fd(&loop, 987, "standard input", follow, events);
    WAIT_FOR(state() == SOURCE_FAILED && seen.changes);
    ck_assert_str_eq(source_error(source), "cannot read standard input: bad file descriptor");
}
END_TEST

START_TEST(devices_that_cannot_be_waited_for_are_read)
{
    source = source_open_file(&loop, "/dev/null", follow, events);
    WAIT_FOR(state() == SOURCE_ENDED);
    close_source();
    seen.react = close_now;
    source = source_open_file(&loop, "/dev/zero", follow, events);
    WAIT_FOR(!source);
    ck_assert_uint_gt(seen.bytes.len, 0);
}
END_TEST

START_TEST(a_pipe_is_read_until_it_is_closed)
{
    int ends[2];
    ck_assert_int_eq(_i ? socketpair(AF_UNIX, SOCK_STREAM, 0, ends) : pipe(ends), 0);
    int keeper = dup(ends[0]);
    source = source_open_fd(&loop, ends[0], "standard input", follow, events);
    say(ends[1], "one\n");
    WAIT_FOR(saw("one\n"));
    ck_assert_int_eq(state(), SOURCE_FOLLOWING);
    ck_assert_uint_eq(source_size(source), SOURCE_SIZE_UNKNOWN);
    say(ends[1], "two\n");
    close(ends[1]);
    WAIT_FOR(state() == SOURCE_ENDED);
    ck_assert(saw("one\ntwo\n"));
    close_source();
    turn();
    ck_assert_int_eq(fcntl(keeper, F_GETFL) & O_NONBLOCK, 0);
    close(keeper);
}
END_TEST

START_TEST(standard_input_stays_open)
{
    int ends[2], own = dup(STDIN_FILENO);
    ck_assert_int_eq(pipe(ends), 0);
    ck_assert_int_eq(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
    source = source_open_stdin(&loop, follow, events);
    ck_assert_str_eq(source_name(source), "standard input");
    say(ends[1], "hello\n");
    WAIT_FOR(saw("hello\n"));
    close_source();
    turn();
    ck_assert_int_eq(fcntl(STDIN_FILENO, F_GETFL) & O_NONBLOCK, 0);
    close(ends[0]);
    close(ends[1]);
    if (own >= 0)
        dup2(own, STDIN_FILENO);
    close(own);
}
END_TEST

START_TEST(a_paused_pipe_is_not_read)
{
    int ends[2];
    ck_assert_int_eq(pipe(ends), 0);
    source = source_open_fd(&loop, ends[0], "standard input", follow, events);
    say(ends[1], "one\n");
    WAIT_FOR(saw("one\n"));
    source_pause(source);
    say(ends[1], "two\n");
    close(ends[1]);
    for (int i = 0; i < 20; i++)
        turn();
    ck_assert(saw("one\n"));
    ck_assert_int_eq(state(), SOURCE_PAUSED);
    source_resume(source);
    WAIT_FOR(state() == SOURCE_ENDED);
    ck_assert(saw("one\ntwo\n"));
}
END_TEST

START_TEST(an_interrupted_pipe_has_ended)
{
    int ends[2];
    ck_assert_int_eq(pipe(ends), 0);
    source = source_open_fd(&loop, ends[0], "standard input", follow, events);
    say(ends[1], "one\n");
    WAIT_FOR(saw("one\n"));
    source_stop(source);
    WAIT_FOR(state() == SOURCE_ENDED);
    close(ends[1]);
}
END_TEST

START_TEST(a_fifo_by_its_path_waits_for_its_writer)
{
    ck_assert_int_eq(mkfifo("fifo", 0600), 0);
    source = source_open_file(&loop, "fifo", follow, events);
    for (int i = 0; i < 20; i++)
        turn();
    ck_assert_int_eq(state(), SOURCE_FOLLOWING);
    int writer = open("fifo", O_WRONLY | O_NONBLOCK);
    ck_assert_int_ge(writer, 0);
    say(writer, "hello\n");
    WAIT_FOR(saw("hello\n"));
    close(writer);
    WAIT_FOR(state() == SOURCE_ENDED);
}
END_TEST

START_TEST(a_process_substitution_is_a_pipe)
{
    int ends[2];
    char path[32];
    ck_assert_int_eq(pipe(ends), 0);
    snprintf(path, sizeof path, "/dev/fd/%d", ends[0]);
    source = source_open_file(&loop, path, follow, events);
    say(ends[1], "hello\n");
    close(ends[1]);
    WAIT_FOR(state() == SOURCE_ENDED);
    ck_assert(saw("hello\n"));
    close(ends[0]);
}
END_TEST

/* Commands. */

START_TEST(a_flood_from_a_pipe_keeps_to_the_budget)
{
    Buffer big = random_bytes(4 << 20);
    put("log", 0, big.data, big.len);
    seen.busy_ns = 1000000;
    run_shell("cat log; exec sleep 30");
    WAIT_FOR(state() == SOURCE_LOADING);
    WAIT_FOR(state() == SOURCE_FOLLOWING && seen.bytes.len == big.len);
    ck_assert_seen_is(&big);
    ck_assert_uint_le(seen.pieces_in_turn_max, follow.budget_ms + 2);
    buffer_free(&big);
}
END_TEST

/* What takes long byte for byte is handed over in short pieces; a turn that ends in the middle of a buffer loses nothing. */
START_TEST(costly_bytes_come_in_short_pieces)
{
    Buffer big = random_bytes(256 << 10);
    put("log", 0, big.data, big.len);
    seen.busy_ns_per_byte = 1000;
    run_shell("cat log; exec sleep 30");
    WAIT_FOR(seen.bytes.len == big.len);
    ck_assert_seen_is(&big);
    ck_assert_uint_le(seen.shortest, 4 << 10);
    seen.busy_ns_per_byte = 0;
    buffer_free(&big);
}
END_TEST

START_TEST(costly_bytes_of_a_file_come_in_short_pieces)
{
    Buffer big = random_bytes(256 << 10);
    put("log", 0, big.data, big.len);
    seen.busy_ns_per_byte = 1000;
    source = source_open_file(&loop, "log", follow, events);
    WAIT_FOR(seen.bytes.len == big.len);
    ck_assert_seen_is(&big);
    ck_assert_uint_le(seen.shortest, 4 << 10);
    buffer_free(&big);
}
END_TEST

START_TEST(output_and_error_come_in_their_order)
{
    run_shell("for i in 1 2 3; do echo out$i; echo err$i >&2; done; exit 7");
    ck_assert_int_gt(source_pid(source), 0);
    WAIT_FOR(state() == SOURCE_ENDED);
    ck_assert(saw("out1\nerr1\nout2\nerr2\nout3\nerr3\n"));
    ck_assert_int_eq(exit_of().status, 7);
    ck_assert_int_eq(exit_of().signal, 0);
    ck_assert_ptr_null(source_note(source));
    ck_assert_str_eq(source_name(source), "/bin/sh -c for i in 1 2 3; do echo out$i; echo err$i >&2; done; exit 7");
}
END_TEST

START_TEST(a_signal_that_kills_the_command_is_told)
{
    run_shell("kill -SEGV $$");
    WAIT_FOR(state() == SOURCE_ENDED);
    ck_assert_int_eq(exit_of().signal, SIGSEGV);
    ck_assert_int_eq(exit_of().status, 0);
}
END_TEST

START_TEST(a_command_that_cannot_be_started_fails)
{
    write_file("data", "no program");
    source = source_open_command(&loop, (char *[]){"no-such-command", "x", NULL}, follow, events);
    ck_assert_int_eq(state(), SOURCE_FAILED);
    ck_assert_str_eq(source_error(source), "cannot start no-such-command x: command not found");
    ck_assert_int_eq(source_pid(source), 0);
    WAIT_FOR(seen.changes);
    close_source();
    source = source_open_command(&loop, (char *[]){"./data", NULL}, follow, events);
    ck_assert_str_eq(source_error(source), "cannot start ./data: permission denied");
}
END_TEST

START_TEST(a_command_has_no_input_and_no_terminal)
{
    run_shell("cat; (: </dev/tty) 2>/dev/null && echo terminal; read -r a b c d pgrp session rest </proc/self/stat 2>/dev/null"
              " && [ \"$session\" = $$ ] && [ \"$pgrp\" = $$ ] && echo own session; echo done");
    WAIT_FOR(state() == SOURCE_ENDED);
    ck_assert(saw_somewhere("done\n"));
    ck_assert(!saw_somewhere("terminal"));
    if (access("/proc/self/stat", R_OK) == 0)
        ck_assert(saw_somewhere("own session"));
}
END_TEST

START_TEST(an_interrupted_command_may_go_on)
{
    run_shell("trap 'echo interrupted' INT; echo ready; while :; do sleep 0.05; done");
    WAIT_FOR(saw_somewhere("ready"));
    source_interrupt(source);
    WAIT_FOR(saw_somewhere("interrupted"));
    ck_assert_int_eq(state(), SOURCE_FOLLOWING);
    ck_assert(!source_exit(source, &(SourceExit){0}));
}
END_TEST

START_TEST(a_command_is_stopped_gently)
{
    run_shell("trap 'echo last words; exit 3' INT; echo ready; while :; do sleep 0.05; done");
    WAIT_FOR(saw_somewhere("ready"));
    source_pause(source);
    source_stop(source);
    WAIT_FOR(state() == SOURCE_ENDED);
    ck_assert(saw("ready\nlast words\n"));
    ck_assert_int_eq(exit_of().status, 3);
}
END_TEST

START_TEST(a_stubborn_grandchild_is_killed)
{
    run_shell("sh -c 'trap \"\" INT TERM; echo $$; while :; do sleep 0.05; done' & wait");
    WAIT_FOR(saw_somewhere("\n"));
    int grandchild = atoi(buffer_text(&seen.bytes));
    ck_assert(process_lives(grandchild));
    uint64_t began = uv_hrtime();
    source_stop(source);
    WAIT_FOR(source_exit(source, &(SourceExit){0}));
    ck_assert_int_eq(exit_of().signal, SIGINT);
    ck_assert(process_lives(grandchild));
    WAIT_FOR(state() == SOURCE_ENDED);
    ck_assert(!process_lives(grandchild));
    ck_assert_uint_ge(uv_hrtime() - began, UINT64_C(5900000000));
}
END_TEST

START_TEST(a_command_that_ignores_the_interrupt_is_terminated)
{
    run_shell("trap '' INT; echo ready; while :; do sleep 0.05; done");
    WAIT_FOR(saw_somewhere("ready"));
    source_stop(source);
    WAIT_FOR(state() == SOURCE_ENDED);
    ck_assert_int_eq(exit_of().signal, SIGTERM);
}
END_TEST

START_TEST(output_held_open_by_others_is_given_up)
{
    run_shell("sleep 30 & echo $!; exit 5");
    WAIT_FOR(state() == SOURCE_ENDED);
    ck_assert_int_eq(exit_of().status, 5);
    ck_assert_ptr_nonnull(source_note(source));
    ck_assert_ptr_nonnull(strstr(source_note(source), "still holds its output open"));
    int sleeper = atoi(buffer_text(&seen.bytes));
    ck_assert(process_lives(sleeper));
    kill(sleeper, SIGKILL);
}
END_TEST

START_TEST(output_after_the_end_of_the_command_is_read)
{
    run_shell("(sleep 0.3; echo late) & exit 0");
    WAIT_FOR(state() == SOURCE_ENDED);
    ck_assert(saw("late\n"));
    ck_assert_ptr_null(source_note(source));
}
END_TEST

START_TEST(closing_a_running_command_kills_its_group)
{
    run_shell("trap '' INT TERM HUP; sh -c 'echo $$; exec sleep 30'; :");
    WAIT_FOR(saw_somewhere("\n"));
    int grandchild = atoi(buffer_text(&seen.bytes)), child = source_pid(source);
    close_source();
    WAIT_FOR(!process_lives(grandchild) && !process_lives(child));
}
END_TEST

/* The tee. */

static Buffer content_of(const char *path)
{
    Buffer b = {0};
    char piece[4096];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n;
    while (fd >= 0 && (n = read(fd, piece, sizeof piece)) > 0)
        buffer_append(&b, piece, (size_t)n);
    if (fd >= 0)
        close(fd);
    return b;
}

START_TEST(the_tee_appends_every_byte)
{
    Tee tee;
    write_file("copy", "before\n");
    ck_assert(tee_open(&tee, "copy", STDIN_FILENO));
    ck_assert(tee_write(&tee, "a\0b\xff", 4));
    ck_assert(tee_write(&tee, "", 0));
    ck_assert(tee_write(&tee, "\nend", 4));
    ck_assert_uint_eq(tee.written, 8);
    ck_assert(tee_close(&tee));
    tee_free(&tee);
    Buffer b = content_of("copy");
    ck_assert(span_eq(buffer_span(&b), SPAN("before\na\0b\xff\nend")));
    buffer_free(&b);
}
END_TEST

START_TEST(the_tee_creates_its_file_by_the_umask)
{
    Tee tee;
    mode_t mask = umask(027);
    ck_assert(tee_open(&tee, "copy", -1));
    umask(mask);
    tee_free(&tee);
    struct stat st;
    ck_assert_int_eq(stat("copy", &st), 0);
    ck_assert_uint_eq(st.st_mode & 0777, 0640);
}
END_TEST

START_TEST(the_tee_reports_an_error_once)
{
    Tee tee;
    if (access("/dev/full", W_OK) != 0)
        return;
    ck_assert(tee_open(&tee, "/dev/full", -1));
    ck_assert(!tee_write(&tee, "text", 4));
    ck_assert_str_eq(tee.error, "cannot write to /dev/full: no space left on device");
    ck_assert(tee_write(&tee, "text", 4));
    ck_assert_uint_eq(tee.written, 0);
    ck_assert(tee_close(&tee));
    tee_free(&tee);
}
END_TEST

START_TEST(the_tee_refuses_its_own_input)
{
    Tee tee;
    write_file("log", "text");
    ck_assert_int_eq(link("log", "other-name"), 0);
    int fd = open("log", O_RDONLY | O_CLOEXEC);
    ck_assert(!tee_open(&tee, "other-name", fd));
    ck_assert_str_eq(tee.error, "cannot write to other-name: it is the input");
    tee_free(&tee);
    ck_assert(!tee_open(&tee, "no/such/folder", fd));
    ck_assert_str_eq(tee.error, "cannot write to no/such/folder: no such file or directory");
    tee_free(&tee);
    ck_assert(!tee_open(&tee, ".", fd));
    tee_free(&tee);
    int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    ck_assert(tee_open(&tee, "/dev/null", null));
    tee_free(&tee);
    close(null);
    close(fd);
}
END_TEST

START_TEST(the_tee_does_not_wait_for_a_reader)
{
    Tee tee;
    ck_assert_int_eq(mkfifo("fifo", 0600), 0);
    ck_assert(!tee_open(&tee, "fifo", -1));
    tee_free(&tee);
    int reader = open("fifo", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    ck_assert(tee_open(&tee, "fifo", -1));
    ck_assert(tee_write(&tee, "text", 4));
    close(reader);
    ck_assert(!tee_write(&tee, "text", 4));
    ck_assert_ptr_nonnull(strstr(tee.error, "broken pipe"));
    tee_free(&tee);
}
END_TEST

/* The suite. */

static TCase *new_case(Suite *suite, const char *name)
{
    TCase *tc = tcase_create(name);
    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_set_timeout(tc, 2 * DEADLINE_S);
    suite_add_tcase(suite, tc);
    return tc;
}

static void add_file_tests(Suite *suite)
{
    TCase *tc = new_case(suite, "file");
    tcase_add_test(tc, a_file_is_read_to_its_end);
    tcase_add_test(tc, an_empty_file_ends_at_once);
    tcase_add_loop_test(tc, two_reads_in_flight_keep_the_order, 0, 2);
    tcase_add_test(tc, a_pause_after_every_piece_loses_nothing);
    tcase_add_test(tc, the_budget_leaves_time_for_others);
    tcase_add_test(tc, costly_bytes_of_a_file_come_in_short_pieces);
    tcase_add_test(tc, loading_can_be_interrupted_from_the_callback);
    tcase_add_test(tc, a_source_can_be_closed_from_the_callback);
    tcase_add_test(tc, a_source_can_be_closed_before_the_loop_runs);
    tcase_add_test(tc, a_source_can_be_closed_while_requests_are_under_way);
    tcase_add_loop_test(tc, a_file_may_shrink_while_it_is_loaded, 0, 2);
    tcase_add_test(tc, a_missing_file_fails);
    tcase_add_test(tc, a_directory_fails);
    tcase_add_test(tc, an_unreadable_file_fails);
}

static void add_follow_tests(Suite *suite)
{
    TCase *tc = new_case(suite, "follow");
    tcase_add_test(tc, a_growing_file_is_followed);
    tcase_add_test(tc, a_file_that_grows_in_many_small_writes_is_followed);
    tcase_add_test(tc, growth_during_a_pause_is_read_after_it);
    tcase_add_test(tc, rotation_reads_the_old_file_to_its_end_first);
    tcase_add_test(tc, a_renamed_file_is_followed_until_a_new_one_appears);
    tcase_add_test(tc, many_rotations_in_a_row);
    tcase_add_test(tc, an_emptied_file_begins_anew);
    tcase_add_loop_test(tc, a_rewrite_of_the_same_or_a_larger_size_is_noticed, 0, 2);
    tcase_add_test(tc, a_rewrite_with_the_same_beginning_is_noticed);
    tcase_add_test(tc, a_deleted_file_is_waited_for);
    tcase_add_test(tc, a_deleted_folder_is_waited_for);
    tcase_add_test(tc, a_symbolic_link_is_followed_to_where_it_leads);
    tcase_add_test(tc, a_folder_in_place_of_the_file_is_waited_out);
    tcase_add_test(tc, where_nothing_can_be_watched_the_file_is_polled);
}

static void add_descriptor_tests(Suite *suite)
{
    TCase *tc = new_case(suite, "descriptor");
    tcase_add_loop_test(tc, an_open_file_is_read_from_its_offset, 0, 2);
    tcase_add_test(tc, an_open_file_without_a_path_ends);
    tcase_add_test(tc, offsets_beyond_4_gib_work);
    tcase_add_test(tc, a_write_only_descriptor_fails);
    tcase_add_test(tc, a_closed_descriptor_fails);
    tcase_add_test(tc, devices_that_cannot_be_waited_for_are_read);
    tcase_add_loop_test(tc, a_pipe_is_read_until_it_is_closed, 0, 2);
    tcase_add_test(tc, standard_input_stays_open);
    tcase_add_test(tc, a_paused_pipe_is_not_read);
    tcase_add_test(tc, an_interrupted_pipe_has_ended);
    tcase_add_test(tc, a_fifo_by_its_path_waits_for_its_writer);
    tcase_add_test(tc, a_process_substitution_is_a_pipe);
}

static void add_command_tests(Suite *suite)
{
    TCase *tc = new_case(suite, "command");
    tcase_add_test(tc, a_flood_from_a_pipe_keeps_to_the_budget);
    tcase_add_test(tc, costly_bytes_come_in_short_pieces);
    tcase_add_test(tc, output_and_error_come_in_their_order);
    tcase_add_test(tc, a_signal_that_kills_the_command_is_told);
    tcase_add_test(tc, a_command_that_cannot_be_started_fails);
    tcase_add_test(tc, a_command_has_no_input_and_no_terminal);
    tcase_add_test(tc, an_interrupted_command_may_go_on);
    tcase_add_test(tc, a_command_is_stopped_gently);
    tcase_add_test(tc, a_stubborn_grandchild_is_killed);
    tcase_add_test(tc, a_command_that_ignores_the_interrupt_is_terminated);
    tcase_add_test(tc, output_held_open_by_others_is_given_up);
    tcase_add_test(tc, output_after_the_end_of_the_command_is_read);
    tcase_add_test(tc, closing_a_running_command_kills_its_group);
}

static void add_tee_tests(Suite *suite)
{
    TCase *tc = new_case(suite, "tee");
    tcase_add_test(tc, the_tee_appends_every_byte);
    tcase_add_test(tc, the_tee_creates_its_file_by_the_umask);
    tcase_add_test(tc, the_tee_reports_an_error_once);
    tcase_add_test(tc, the_tee_refuses_its_own_input);
    tcase_add_test(tc, the_tee_does_not_wait_for_a_reader);
}

Suite *source_suite(void);

Suite *source_suite(void)
{
    Suite *suite = suite_create("source");
    add_file_tests(suite);
    add_follow_tests(suite);
    add_descriptor_tests(suite);
    add_command_tests(suite);
    add_tee_tests(suite);
    return suite;
}

/*
 * By itself: cc -std=c11 -D_GNU_SOURCE -DSOURCE_TEST_MAIN -I. tests/unit/test_source.c src/source*.c src/tee.c base/[!m]*.c
 *            $(pkg-config --cflags --libs libuv check)
 */
#ifdef SOURCE_TEST_MAIN
int main(void)
{
    SRunner *runner = srunner_create(source_suite());
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
#endif
