/* Records that are cut because they are like earlier ones: the cuts and the damage must be what they are without that. */
#include "tests/unit/support.h"

#include <inttypes.h>

#include "parsers/json_cutter.h"

Suite *layouts_suite(void);

/* What a cutter made of a document. */
typedef struct Made {
    Buffer cuts;
    size_t count, alike; /* records, and those with a known layout */
} Made;

static void note_cut(void *ctx, const JsonCut *cut)
{
    Made *m = ctx;
    m->count += cut->text.len > 0;
    m->alike += cut->layout > 0;
    buffer_printf(&m->cuts, "%d @%" PRIu64 " line %" PRIu64 ":", (int)cut->part, cut->offset, cut->line);
    for (size_t i = 0; i < cut->mark_count; i++)
        buffer_printf(&m->cuts, " %" PRIu32, cut->marks[i]);
    buffer_printf(&m->cuts, " %.*s\n", SPAN_ARG(cut->text));
}

static Made cut_document(Span document, size_t piece)
{
    Made m = {0};
    JsonCutter cutter = {.sink = {&m, note_cut}};
    for (size_t at = 0; at < document.len; at += piece) {
        Span part = span_to(span_from(document, at), piece);
        char *copy = alloc_text(part.ptr, part.len); /* of its own, so that reading beyond it shows */
        json_cutter_feed(&cutter, copy, part.len);
        free(copy);
    }
    json_cutter_finish(&cutter);
    buffer_printf(&m.cuts, "%" PRIu64 " bytes, %" PRIu64 " lines, %" PRIu64 " damaged, first %" PRIu64 " %s\n",
                  json_cutter_bytes(&cutter), json_cutter_lines(&cutter), cutter.damage.count, cutter.damage.line,
                  cutter.damage.what ? cutter.damage.what : "");
    json_cutter_free(&cutter);
    return m;
}

static void append_scalar(Buffer *out, uint64_t *seed)
{
    static const char *const scalars[] = {"null", "1", "12345", "-1.5e+3", "true", "NaN"};
    buffer_append_span(out, span_of(scalars[test_random(seed) % (sizeof scalars / sizeof *scalars)]));
}

static void append_string(Buffer *out, uint64_t *seed)
{
    static const char *const strings[] = {
        "",
        "trace",
        "a, b: [c] {d}",
        "\\\"",
        "\\\\",
        "{\\\"InvocationId\\\":\\\"9e3779bd\\\",\\\"ProcessId\\\":\\\"57\\\"}",
        "[2026-03-01T00:00:00.001Z] a text",
    };
    buffer_append_byte(out, '"');
    buffer_append_span(out, span_of(strings[test_random(seed) % (sizeof strings / sizeof *strings)]));
    if (test_random(seed) % 4 == 0)
        buffer_append_repeated(out, 'x', test_random(seed) % 200);
    buffer_append_byte(out, '"');
}

/* Mostly of the sort that the column has. */
static void append_value(Buffer *out, unsigned column, uint64_t *seed)
{
    bool other = test_random(seed) % 64 == 0;
    if ((column % 2 == 1) != other)
        append_string(out, seed);
    else
        append_scalar(out, seed);
}

enum { COLUMNS = 9 };

/* A row of an array or the members of an object; those columns that have no bit in `changing` are always the same. */
static void append_record(Buffer *out, bool object, unsigned changing, bool more, uint64_t *seed)
{
    static const char *const names[COLUMNS] = {"time", "message", "n", "rows", "Properties", "", "a\\\"b", "error", "last"};
    buffer_append_byte(out, object ? '{' : '[');
    for (unsigned i = 0; i < COLUMNS; i++) {
        buffer_append_span(out, i ? SPAN(",") : SPAN(""));
        if (object)
            buffer_printf(out, "\"%s\": ", names[i]);
        if (i == 4)
            buffer_append_span(out, SPAN("{\"inner\":"));
        if (changing >> i & 1)
            append_value(out, i, seed);
        else
            buffer_printf(out, i % 2 ? "\"column %u\"" : "%u", i);
        if (i == 4)
            buffer_append_span(out, more ? SPAN(",\"more\":\"x\"}") : SPAN("}"));
    }
    buffer_append_byte(out, object ? '}' : ']');
}

/* Some characters of it are others, more, or gone. */
static void damage(Buffer *text, uint64_t *seed)
{
    static const char bytes[] = "\"\\\n{}[],: 1x";
    for (size_t n = test_random(seed) % 4; n && text->len; n--) {
        size_t at = test_random(seed) % text->len;
        char byte = bytes[test_random(seed) % (sizeof bytes - 1)];
        if (test_random(seed) % 3) {
            text->data[at] = byte;
        } else {
            memmove(text->data + at, text->data + at + 1, text->len - at - 1);
            text->len--;
        }
    }
}

static Buffer some_document(uint64_t *seed)
{
    Buffer out = {0};
    unsigned kind = test_random(seed) % 4, changing = (unsigned)test_random(seed);
    bool object = kind % 2, lines = kind == 1;
    buffer_append_span(&out, kind == 0 ? SPAN("{\"tables\":[{\"columns\":[\"a\"],\"rows\":[") : lines ? SPAN("") : SPAN("["));
    for (size_t n = test_random(seed) % 60; n; n--) {
        append_record(&out, object, changing, test_random(seed) % 5 == 0, seed);
        buffer_append_span(&out, lines ? SPAN("\n") : n > 1 ? SPAN(",") : SPAN(""));
    }
    buffer_append_span(&out, kind == 0 ? SPAN("]}]}") : lines ? SPAN("") : SPAN("]"));
    return out;
}

START_TEST(layouts_change_nothing)
{
    uint64_t seed = 11;
    size_t count = 0, alike = 0;
    for (int round = 0; round < 4000; round++) {
        Buffer document = some_document(&seed);
        if (round % 3)
            damage(&document, &seed);
        Made bytes = cut_document(buffer_span(&document), 1); /* whole records are never in sight */
        Made whole = cut_document(buffer_span(&document), round % 2 ? SIZE_MAX / 2 : 1 + test_random(&seed) % 4000);
        ck_assert_uint_eq(bytes.alike, 0);
        ck_assert_msg(span_eq(buffer_span(&bytes.cuts), buffer_span(&whole.cuts)), "of\n%s\nby bytes\n%s\nwhole\n%s",
                      buffer_text(&document), buffer_text(&bytes.cuts), buffer_text(&whole.cuts));
        count += whole.count;
        alike += whole.alike;
        buffer_free(&bytes.cuts);
        buffer_free(&whole.cuts);
        buffer_free(&document);
    }
    ck_assert_uint_gt(alike, count / 4);
}
END_TEST

/* Where no two records are alike, not every one of them may be kept. */
START_TEST(keeping_has_a_limit)
{
    JsonLayouts layouts = {0};
    JsonMarks marks = {0};
    size_t kept = 0;
    enum { RECORDS = 10000 };
    for (unsigned i = 0; i < RECORDS; i++) {
        Buffer record = {0};
        buffer_printf(&record, "{\"name%u\":1}", i);
        size_t size = record.len;
        buffer_append_repeated(&record, ' ', 1000);
        marks.len = 0;
        ck_assert_uint_eq(json_layouts_follow(&layouts, 1, buffer_span(&record), &marks), 0);
        ck_assert_uint_eq(marks.len, 0);
        kept += layouts.wanted;
        if (layouts.wanted)
            json_layouts_keep(&layouts, buffer_span(&record), size);
        buffer_free(&record);
    }
    ck_assert_uint_gt(kept, 0);
    ck_assert_uint_lt(kept, RECORDS / 20);
    json_layouts_free(&layouts);
    vec_free(&marks);
}
END_TEST

Suite *layouts_suite(void)
{
    Suite *suite = suite_create("layouts");
    TCase *tcase = tcase_create("layouts");
    tcase_add_test(tcase, layouts_change_nothing);
    tcase_add_test(tcase, keeping_has_a_limit);
    suite_add_tcase(suite, tcase);
    return suite;
}
