/* Looking at many bytes at once (parsers/scan.h, shape.h, json_scan.h), beside the same a byte at a time. Built once more with
 * SIMD_NONE by test_scan_plain.c. */
#include "parsers/json_scan.h"
#include "parsers/lines.h"
#include "parsers/scan.h"
#include "parsers/shape.h"
#include "tests/unit/support.h"

#ifndef SCAN_SUITE
#define SCAN_SUITE scan_suite
#define SCAN_NAME "scan"
#endif

Suite *SCAN_SUITE(void);

enum { TEXT_BYTES = 400, ROUNDS = 500 };

/* What matters often, and bytes that differ from it by a bit. */
static const char often[] = "\n\r[\x1b]{};:,\"\\ \t09/:;\x8a\xdb\x9b{~a";

static void fill(char *text, size_t len, uint64_t *seed)
{
    uint64_t rare = test_random(seed) % 12 + 1;
    for (size_t i = 0; i < len; i++)
        text[i] = test_random(seed) % rare ? 'x' : often[test_random(seed) % (sizeof often - 1)];
}

static uint64_t bits_of(const char *p, const char *set)
{
    uint64_t bits = 0;
    for (int i = 0; i < SCAN_BLOCK; i++)
        bits |= (uint64_t)(strchr(set, p[i]) != NULL) << i;
    return bits;
}

static void check_marks(ScanMarks marks, const char *p)
{
    ck_assert(marks.newlines == bits_of(p, "\n"));
    ck_assert(marks.odd == bits_of(p, "[\x1b"));
}

START_TEST(blocks_are_looked_through)
{
    uint64_t seed = 3;
    char text[SCAN_BLOCK];
    for (int round = 0; round < ROUNDS; round++) {
        fill(text, sizeof text, &seed);
        check_marks(scan_block(text), text);
        if (scan_can_be_wide())
            check_marks(scan_block_wide(text), text);
        ck_assert(scan_either(text, '"', '\\') == bits_of(text, "\"\\"));
        JsonBytes bytes = json_load(text);
        ck_assert(json_where(&bytes, ',') == bits_of(text, ","));
        ck_assert(json_where_end(&bytes) == bits_of(text, "\"\\\n"));
        ck_assert(json_where_blank(&bytes) == bits_of(text, " \t\r"));
        ck_assert(json_where_sign(&bytes) == bits_of(text, ":{}[]"));
    }
}
END_TEST

START_TEST(bytes_are_found)
{
    uint64_t seed = 4;
    char text[TEXT_BYTES];
    for (int round = 0; round < ROUNDS; round++) {
        fill(text, sizeof text, &seed);
        const char *end = text + test_random(&seed) % sizeof text, *p = text + test_random(&seed) % (size_t)(end - text + 1);
        size_t count = 0, same = 0, near = 0, cell = 0, len = (size_t)(end - p);
        for (const char *at = p; at < end; at++)
            count += *at == 'x';
        while (same < len && p[same] == 'x')
            same++;
        while (near < len && p[near] != '"')
            near++;
        while (cell < len && !strchr(";\r\n", p[cell]))
            cell++;
        ck_assert_uint_eq(scan_count(p, end, 'x'), count);
        ck_assert_uint_eq((size_t)(scan_past(p, end, 'x') - p), same);
        ck_assert_uint_eq((size_t)(scan_to(p, end, '"') - p), near);
        ck_assert_uint_eq((size_t)(scan_csv_cell(p, end, ';') - p), cell);
    }
}
END_TEST

/* More of one byte than a byte can count. */
START_TEST(many_bytes_are_counted)
{
    static char text[20 * 255 * 16];
    memset(text, 'x', sizeof text);
    ck_assert_uint_eq(scan_count(text, text + sizeof text, 'x'), sizeof text);
    ck_assert_uint_eq(scan_count(text + 1, text + sizeof text - 3, 'x'), sizeof text - 4);
}
END_TEST

START_TEST(what_is_common_is_measured)
{
    char a[TEXT_BYTES + JSON_BLOCK_BYTES] = {0}, b[TEXT_BYTES + JSON_BLOCK_BYTES] = {0};
    for (size_t differ = 0; differ <= TEXT_BYTES; differ++) {
        memset(a, 'x', TEXT_BYTES);
        memset(b, 'x', TEXT_BYTES);
        b[differ] = 'y';
        ck_assert_uint_eq(json_common(a, b, TEXT_BYTES), differ);
        ck_assert_uint_eq(json_common(a, b, differ / 2), differ / 2);
    }
}
END_TEST

START_TEST(shapes_are_of_digits)
{
    const Span front = SPAN("[2021-03-22T19:20:10.123Z] name: ");
    char text[SHAPE_MAX];
    Shape shape = {0};
    ck_assert(!shape_matches(&shape, front));
    shape_learn(&shape, front);
    for (size_t i = 0; i < front.len; i++)
        for (int byte = 0; byte < 256; byte++) {
            bool digit = front.ptr[i] >= '0' && front.ptr[i] <= '9', is_digit = byte >= '0' && byte <= '9';
            memcpy(text, front.ptr, front.len);
            text[i] = (char)byte;
            ck_assert(shape_matches(&shape, (Span){text, front.len}) == (digit ? is_digit : (char)byte == front.ptr[i]));
        }
    ck_assert(!shape_matches(&shape, span_to(front, front.len - 1)));
    shape_learn(&shape, SPAN("[short]"));
    ck_assert(!shape_matches(&shape, front));
}
END_TEST

/* A front that becomes too long has no shape, and one without a shape gets none. */
START_TEST(shapes_have_room_for_so_much)
{
    char text[SHAPE_MAX + 1];
    Shape shape = {0};
    memset(text, 'x', sizeof text);
    shape_learn(&shape, (Span){text, SHAPE_MAX - 1});
    shape_extend(&shape, SPAN("x"));
    ck_assert(shape_matches(&shape, (Span){text, SHAPE_MAX}));
    shape_extend(&shape, SPAN("x"));
    ck_assert(!shape_matches(&shape, (Span){text, sizeof text}));
    shape_extend(&shape, SPAN("x"));
    ck_assert_uint_eq(shape.len, 0);
}
END_TEST

static void note_line(void *ctx, const Line *line)
{
    buffer_printf(ctx, "%llu %llu %d%d%d%d %.*s|", (unsigned long long)line->number, (unsigned long long)line->offset,
                  line->terminated, line->cut, line->plain, line->bracketed, SPAN_ARG(line->text));
}

static Buffer lines_of(const char *text, size_t len, size_t piece, bool narrow)
{
    Buffer lines = {0};
    LineSplitter splitter = {.narrow = narrow};
    for (size_t at = 0; at < len; at += piece)
        lines_feed(&splitter, text + at, len - at < piece ? len - at : piece, note_line, &lines);
    lines_finish(&splitter, note_line, &lines);
    lines_free(&splitter);
    return lines;
}

/* Lines are the same with the instructions of every processor. */
START_TEST(lines_are_the_same_on_every_processor)
{
    uint64_t seed = 5;
    static char text[20000];
    for (int round = 0; round < 50; round++) {
        fill(text, sizeof text, &seed);
        for (size_t piece = sizeof text; piece > 100; piece /= 3) {
            Buffer wide = lines_of(text, sizeof text, piece, false), narrow = lines_of(text, sizeof text, piece, true);
            ck_assert(wide.len > sizeof text / 2 && span_eq(buffer_span(&wide), buffer_span(&narrow)));
            buffer_free(&wide);
            buffer_free(&narrow);
        }
    }
}
END_TEST

Suite *SCAN_SUITE(void)
{
    Suite *suite = suite_create(SCAN_NAME);
    TCase *tcase = tcase_create(SCAN_NAME);
    tcase_add_test(tcase, blocks_are_looked_through);
    tcase_add_test(tcase, bytes_are_found);
    tcase_add_test(tcase, many_bytes_are_counted);
    tcase_add_test(tcase, what_is_common_is_measured);
    tcase_add_test(tcase, shapes_are_of_digits);
    tcase_add_test(tcase, shapes_have_room_for_so_much);
    tcase_add_test(tcase, lines_are_the_same_on_every_processor);
    suite_add_tcase(suite, tcase);
    return suite;
}
