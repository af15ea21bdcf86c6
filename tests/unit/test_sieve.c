/* Lines that are passed over: none that matters may be, and what is made of all others must be the same. */
#include "tests/unit/support.h"

#include <inttypes.h>

#include "parsers/host.h"
#include "parsers/profiler.h"
#include "parsers/scan.h"
#include "parsers/text_reader.h"

Suite *sieve_suite(void);

#define FRONT "[2021-03-22T19:20:10.123Z] "

/* Whether a line with that message passes a sieve that lets texts and blanks pass. */
static bool passes(const char *message, bool bracketed)
{
    Sieve sieve;
    Buffer line = {0};
    sieve_init(&sieve);
    sieve.texts = sieve.blanks = true;
    shape_learn(&sieve.shape, SPAN(FRONT));
    buffer_append_span(&line, SPAN(FRONT));
    buffer_append_span(&line, span_of(message));
    size_t len = line.len;
    buffer_append_span(&line, SPAN("\n" FRONT));
    buffer_append_repeated(&line, 'x', SIEVE_BYTES);
    bool result = sieve_lets_pass(&sieve, (Span){line.data, len}, line.data + line.len, bracketed, 1);
    buffer_free(&line);
    return result;
}

START_TEST(what_matters_is_held_back)
{
    static const char *const host[] = {
        "Executing 'Functions.X' (Reason='y', Id=00000000-0000-4000-8000-000000000000)",
        "Executed 'Functions.X' (Succeeded, Id=00000000-0000-4000-8000-000000000000)",
        "Worker process started and initialized.",
        "Function Runtime Version: 4.1036.1.23224",
        "Killed",
        "A function timeout has occurred. Restarting worker process",
        "Restarting worker process",
        "Language Worker Process exited",
        "Log output threshold exceeded.",
        "python exited with code 1",
        "python3 exited with code 1",
        "python3.11 exited with code 1",
        "System.X: Restarting worker process",
        "Microsoft.X: Restarting worker process",
    };
    Record record;
    for (size_t i = 0; i < sizeof host / sizeof *host; i++)
        ck_assert_msg(host_parse(span_of(host[i]), &record) && !passes(host[i], false), "%s", host[i]);
    static const char *const pieces[] = {
        "Filename: /a.py",
        "memory_profiler_logs: Filename: /a.py",
        "other.logger:Filename: /a.py",
        "memory_profiler_logs: ",
        "x:",
        "x: ",
        "    17     38.4 MiB",
        "17 38.4 MiB",
        "Line #    Mem usage   Line Contents",
        "a-b_c.d:  \t ",
        "============================================================",
        "a.logger.whose.name.is.longer.than.anything.that.is.looked.at.when.a.line.is.told: Filename: /a.py",
    };
    ProfilerText text;
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++)
        ck_assert_msg(profiler_parse(span_of(pieces[i]), (ProfilerColumns){0}, &text) && !passes(pieces[i], false), "%s",
                      pieces[i]);
    ck_assert(!passes("memory_profiler_logs: no piece", false)); /* that is damage */
    ck_assert(!passes("root: a [", true));
}
END_TEST

START_TEST(texts_pass)
{
    static const char *const texts[] = {
        "", "x", "ab", "a:b", "Res", "root: text", "Request took 17 ms", "azure.core: Response status: 200",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        ck_assert_msg(passes(texts[i], false), "%s", texts[i]);
}
END_TEST

/* What a reader made of a log. */
typedef struct Made {
    Buffer records;
    TextReader reader;
    LineSplitter lines;
    uint64_t handed_over;
} Made;

static void note_record(void *ctx, Record *record)
{
    Made *m = ctx;
    Moment time = record_time(record);
    buffer_printf(&m->records, "%d #%" PRIu64 " @%" PRIu64 " t=%" PRId64 "/%u %d%d %.*s\n", (int)record->kind, record->number,
                  record->offset, time.ns, time.digits, record->prefixed, record->partial, SPAN_ARG(record->message));
}

static void read_line(void *ctx, const Line *line)
{
    Made *m = ctx;
    m->handed_over++;
    text_reader_line(&m->reader, line);
}

static Made read_log(Span log, bool sieving, size_t piece)
{
    Made m = {0};
    if (sieving)
        m.lines.sieve = text_reader_sieve(&m.reader);
    for (size_t at = 0; at < log.len; at += piece) {
        Span part = span_to(span_from(log, at), piece);
        char *copy = alloc_text(part.ptr, part.len); /* of its own, so that reading beyond it shows */
        m.reader.sink = (RecordSink){&m, note_record};
        lines_feed(&m.lines, copy, part.len, read_line, &m);
        text_reader_passed(&m.reader, m.lines.count);
        free(copy);
    }
    lines_finish(&m.lines, read_line, &m);
    text_reader_finish(&m.reader);
    buffer_printf(&m.records,
                  "%" PRIu64 " lines, %" PRIu64 " records, %" PRIu64 " bytes, %" PRIu64 " damaged, the first %" PRIu64 "\n",
                  m.lines.count, m.reader.records, m.lines.offset, m.reader.damaged, m.reader.damaged_line);
    return m;
}

static void free_made(Made *m)
{
    buffer_free(&m->records);
    text_reader_free(&m->reader);
    lines_free(&m->lines);
}

static const char *pick(const char *const *from, size_t count, uint64_t *seed)
{
    return from[test_random(seed) % count];
}

/* A log in which most lines have the front `usual`. */
static Buffer some_log(const char *usual, uint64_t *seed)
{
    static const char *const fronts[] = {
        "",
        "[2021-03-22T19:20:11.523Z] ",
        "[2021-03-22T19:20:12.623Z]",
        "2021-02-24T15:03:41   [Information]   ",
        "2021-02-24T15:03:42Z   [Error]   ",
        "\x1b[36m[2021-03-22T19:20:13.123Z] ",
        "2019-03-18T21:27:02.701180167Z [2021-03-22T19:20:13.123Z] ",
    };
    static const char *const messages[] = {
        "",
        "root: text of an app",
        "Request successfully matched the route with name 'a' and template 'b' in attempt 1",
        "",
        "x",
        "a [b] c",
        "memory_profiler_logs: Filename: /a.py",
        "memory_profiler_logs: Line #    Mem usage    Increment  Occurrences   Line Contents",
        "memory_profiler_logs:     17     38.4 MiB     38.4 MiB           1   @profile",
        "memory_profiler_logs:     18         def f():",
        "Executing 'Functions.X' (Reason='y', Id=00000000-0000-4000-8000-000000000000)",
        "Executed 'Functions.X' (Failed, Id=00000000-0000-4000-8000-000000000000, Duration=4ms)",
        "memory_profiler_logs: odd",
        "System.Private.CoreLib: Exception while executing function: Functions.X.",
        "Exception: ValueError: x",
        "\x1b[0mcolour",
        "text [2021-03-22T19:20:10.125Z] memory_profiler_logs: Filename: /b.py",
        "name:",
        "\r",
    };
    Buffer log = {0};
    for (size_t n = test_random(seed) % 80; n; n--) {
        bool rare = test_random(seed) % 8 == 0;
        buffer_append_span(&log, span_of(rare ? pick(fronts, sizeof fronts / sizeof *fronts, seed) : usual));
        buffer_append_span(&log, span_of(pick(messages, sizeof messages / sizeof *messages, seed)));
        buffer_append_span(&log, test_random(seed) % 16 ? SPAN("\n") : SPAN("\r\n"));
    }
    return log;
}

START_TEST(the_sieve_changes_nothing)
{
    static const char *const usual[] = {FRONT, "2021-02-24T15:03:41.170Z   [Information]   ", "[1/16/2020 6:10:07 AM] "};
    uint64_t seed = 7, lines = 0, handed_over = 0;
    for (int round = 0; round < 6000; round++) {
        Buffer log = some_log(usual[round % 3], &seed);
        Made plain = read_log(buffer_span(&log), false, SIZE_MAX / 2);
        Made sieved = read_log(buffer_span(&log), true, round % 2 ? SIZE_MAX / 2 : 1 + test_random(&seed) % 3000);
        ck_assert_msg(span_eq(buffer_span(&plain.records), buffer_span(&sieved.records)), "of\n%s\nwithout\n%s\nwith\n%s",
                      buffer_text(&log), buffer_text(&plain.records), buffer_text(&sieved.records));
        lines += sieved.lines.count;
        handed_over += sieved.handed_over;
        free_made(&plain);
        free_made(&sieved);
        buffer_free(&log);
    }
    ck_assert_uint_lt(handed_over, lines * 9 / 10);
}
END_TEST

/* A line longer than is kept must be seen, since it is cut. */
START_TEST(a_long_line_does_not_pass)
{
    Buffer log = {0};
    buffer_append_span(&log, SPAN(FRONT "Executing 'Functions.X' (Reason='y', Id=00000000-0000-4000-8000-000000000000)\n"));
    buffer_append_span(&log, SPAN(FRONT "root: "));
    buffer_append_repeated(&log, 'x', LINE_BYTES_MAX);
    buffer_append_span(&log, SPAN("\n" FRONT "root: text\n"));
    Made made = read_log(buffer_span(&log), true, SIZE_MAX / 2);
    ck_assert_uint_eq(made.reader.damaged, 1);
    ck_assert_uint_eq(made.reader.damaged_line, 2);
    free_made(&made);
    buffer_free(&log);
}
END_TEST

START_TEST(wide_looks_see_the_same)
{
    static const char bytes[] = "[\n\x1b;{\x0b\xdb\x9b a";
    uint64_t seed = 5;
    for (int round = 0; round < 10000; round++) {
        char block[SCAN_BLOCK];
        uint64_t newlines = 0, odd = 0;
        for (size_t i = 0; i < SCAN_BLOCK; i++) {
            block[i] = round % 2 ? (char)test_random(&seed) : bytes[test_random(&seed) % (sizeof bytes - 1)];
            newlines |= (uint64_t)(block[i] == '\n') << i;
            odd |= (uint64_t)(block[i] == '[' || block[i] == '\x1b') << i;
        }
        ScanMarks plain = scan_block(block), wide = scan_can_be_wide() ? scan_block_wide(block) : plain;
        ck_assert(plain.newlines == newlines && plain.odd == odd);
        ck_assert(wide.newlines == newlines && wide.odd == odd);
    }
}
END_TEST

Suite *sieve_suite(void)
{
    Suite *suite = suite_create("sieve");
    TCase *tcase = tcase_create("sieve");
    tcase_add_test(tcase, what_matters_is_held_back);
    tcase_add_test(tcase, texts_pass);
    tcase_add_test(tcase, the_sieve_changes_nothing);
    tcase_add_test(tcase, a_long_line_does_not_pass);
    tcase_add_test(tcase, wide_looks_see_the_same);
    suite_add_tcase(suite, tcase);
    return suite;
}
