/*
 * What text logs look like on their way to funcmem: encodings, wrappers, and every format of console and file. Most tests rewrite a
 * capture as somebody else's tool would have and expect the same reports.
 */
#include "tests/unit/support.h"

#include <stdio.h>
#include <stdlib.h>

#include "parsers/decoder.h"
#include "parsers/object.h"
#include "parsers/stamp.h"
#include "parsers/wrapper.h"

Suite *inputs_suite(void);

enum { CHUNK_MAX = 300, ROUNDS = 3 };

/* Reading. */

static const InputFormat *no_format;

static Buffer json_in_chunks(Span bytes, const InputFormat *format, uint64_t seed)
{
    Model *model = model_new();
    Id source = model_source_add(model, SPAN("test.log"));
    Parser *parser = parser_new(format, model_source_sink(model, source));
    for (size_t at = 0, size; at < bytes.len; at += size) {
        size = seed == 0 ? bytes.len : seed == 1 ? 1 : 1 + test_random(&seed) % CHUNK_MAX;
        Span piece = span_to(span_from(bytes, at), size);
        char *copy = alloc_text(piece.ptr, piece.len); /* so that reading beyond it shows */
        parser_feed(parser, copy, piece.len);
        free(copy);
    }
    parser_finish(parser);
    ParserStats stats = parser_stats(parser);
    model_source_progress(model, source, stats.format, stats.bytes, stats.lines, stats.damaged);
    model_source_end(model, source);
    Buffer json = test_export(model, "json", NULL);
    parser_free(parser);
    model_free(model);
    return json;
}

static Buffer json_of(Span bytes)
{
    return json_in_chunks(bytes, no_format, 0);
}

static Buffer json_of_text(const char *log)
{
    return json_of(span_of(log));
}

/* What was read, without the source, which says how. */
static Span without_source(const Buffer *json)
{
    ptrdiff_t at = span_find(buffer_span(json), SPAN("\"invocations\": ["));
    ck_assert_int_ge(at, 0);
    return span_from(buffer_span(json), (size_t)at);
}

/* Replaces the times in place: wrappers may add some. */
static void forget_times(Buffer *json)
{
    static const char *const keys[] = {"\"started\": ", "\"ended\": ", "\"time\": "};
    for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {
        Buffer out = {0};
        Span rest = buffer_span(json);
        for (ptrdiff_t at; (at = span_find(rest, span_of(keys[k]))) >= 0;) {
            size_t value = (size_t)at + strlen(keys[k]);
            buffer_append(&out, rest.ptr, value);
            buffer_append(&out, "null", 4);
            rest = span_from(rest, value);
            rest = span_from(rest, (size_t)span_find_byte(rest, ','));
        }
        buffer_append_span(&out, rest);
        buffer_free(json);
        *json = out;
    }
}

/* Fails where two texts differ, and shows the place. */
static void assert_same_text(Span got, Span want, const char *name)
{
    size_t at = 0, before;
    while (at < got.len && at < want.len && got.ptr[at] == want.ptr[at])
        at++;
    before = at < 300 ? at : 300;
    ck_assert_msg(span_eq(got, want), "%s:\ngot  ...%.*s\nwant ...%.*s", name, SPAN_ARG(span_to(span_from(got, at - before), 600)),
                  SPAN_ARG(span_to(span_from(want, at - before), 600)));
}

static void assert_same_reports(Span original, Span variant, const char *name, bool times)
{
    Buffer want = json_of(original), got = json_of(variant);
    if (!times) {
        forget_times(&want);
        forget_times(&got);
    }
    assert_same_text(without_source(&got), without_source(&want), name);
    buffer_free(&want);
    buffer_free(&got);
}

static void assert_chunks_do_not_matter(Span bytes, const char *name)
{
    Buffer whole = json_in_chunks(bytes, no_format, 0);
    for (uint64_t seed = 1; seed <= ROUNDS; seed++) {
        Buffer cut = json_in_chunks(bytes, no_format, seed);
        assert_same_text(buffer_span(&cut), buffer_span(&whole), name);
        buffer_free(&cut);
    }
    buffer_free(&whole);
}

/* What the parser itself hands over: "invocation|function|logger|file: line=contents; ..." for each report. */

static void ignore_record(void *ctx, const Record *record)
{
    (void)ctx;
    (void)record;
}

static void ignore_opened(void *ctx, const ParsedReport *report)
{
    (void)ctx;
    (void)report;
}

static ReportProspect never_over(void *ctx, const ParsedReport *report)
{
    (void)ctx;
    (void)report;
    return REPORT_GOES_ON;
}

static bool never_prints(void *ctx, Span function, const ParsedReport *report)
{
    (void)ctx;
    (void)function;
    (void)report;
    return false;
}

static void list_report(void *ctx, const ParsedReport *p)
{
    Buffer *out = ctx;
    const Buffer *parts[] = {&p->invocation, &p->function, &p->logger, &p->file};
    for (size_t i = 0; i < 4; i++)
        buffer_printf(out, i < 3 ? "%.*s|" : "%.*s:", SPAN_ARG(buffer_span(parts[i])));
    for (size_t i = 0; i < p->rows.len; i++)
        buffer_printf(out, " %u=%.*s;", p->rows.items[i].row.line, SPAN_ARG(parsed_report_contents(p, i)));
    buffer_append_byte(out, '\n');
}

static Buffer list_of(Span bytes)
{
    Buffer out = {0};
    Parser *parser = parser_new(NULL, (ReportSink){&out, ignore_record, ignore_opened, never_over, never_prints, list_report});
    parser_feed(parser, bytes.ptr, bytes.len);
    parser_finish(parser);
    parser_free(parser);
    return out;
}

/* Rewriting. */

typedef struct Variant {
    const char *name;
    void (*line)(Buffer *out, Span line, size_t index); /* rewrites one line, its end included; or */
    void (*all)(Buffer *out, Span text);                /* everything */
} Variant;

static Buffer rewrite(Span text, const Variant *variant)
{
    Buffer out = {0};
    size_t index = 0;
    if (variant->all) {
        variant->all(&out, text);
        return out;
    }
    while (text.len) {
        ptrdiff_t end = span_find_byte(text, '\n');
        variant->line(&out, span_to(text, end < 0 ? text.len : (size_t)end), index++);
        text = span_from(text, end < 0 ? text.len : (size_t)end + 1);
    }
    return out;
}

static void append_escaped(Buffer *out, Span text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if (c == '"' || c == '\\')
            buffer_append_byte(out, '\\');
        if (c < 0x20 || c == '<')
            buffer_printf(out, "\\u%04x", c);
        else
            buffer_append_byte(out, (char)c);
    }
}

static void with_crlf(Buffer *out, Span line, size_t index)
{
    (void)index;
    buffer_append_span(out, line);
    buffer_append(out, "\r\n", 2);
}

static void stamp(Buffer *out, size_t index)
{
    buffer_printf(out, "2019-03-18T21:%02zu:%02zu.%09zuZ ", index / 60 % 60, index % 60, index * 1001 % 1000000000);
}

static void with_docker_times(Buffer *out, Span line, size_t index)
{
    stamp(out, index);
    buffer_printf(out, "%.*s\n", SPAN_ARG(line));
}

static void with_compose_v1(Buffer *out, Span line, size_t index)
{
    (void)index;
    buffer_printf(out, "func_1     | %.*s\n", SPAN_ARG(line));
}

static void with_compose_v2(Buffer *out, Span line, size_t index)
{
    (void)index;
    buffer_printf(out, "\x1b[36mmy.func-app-1  | \x1b[0m%.*s\n", SPAN_ARG(line));
}

static void with_other_services(Buffer *out, Span line, size_t index)
{
    if (index % 3 == 0)
        buffer_printf(out, "azurite-1  | Azurite Blob service is successfully listening at http://0.0.0.0:10000\n");
    buffer_printf(out, "func-1     | ");
    stamp(out, index);
    buffer_printf(out, "%.*s\n", SPAN_ARG(line));
}

static void with_kubernetes_json(Buffer *out, Span line, size_t index)
{
    buffer_printf(out, "{\"log\":\"");
    append_escaped(out, line);
    buffer_printf(out, "\\n\",\"stream\":\"stdout\",\"time\":\"2024-01-01T00:00:00.%09zuZ\"}\n", index);
}

static void with_collector_json(Buffer *out, Span line, size_t index)
{
    buffer_printf(out, "{\"time\": \"2024-01-01T00:00:00.%09zuZ\", \"kubernetes\": {\"labels\": [\"a}\", 1]}, \"log\": \"", index);
    append_escaped(out, line);
    buffer_printf(out, "\", \"stream\": \"stderr\"}\r\n");
}

static void with_cri(Buffer *out, Span line, size_t index)
{
    buffer_printf(out, "2024-01-01T00:00:00.%09zuZ stdout F %.*s\n", index, SPAN_ARG(line));
}

static void with_cri_parts(Buffer *out, Span line, size_t index)
{
    for (; line.len > 31; line = span_from(line, 31)) {
        buffer_printf(out, "2024-01-01T00:00:00.%09zu+00:00 stdout P %.*s\n", index, 31, line.ptr);
        buffer_printf(out, "2024-01-01T00:00:00.%09zu+00:00 stderr %c noise\n", index, index % 2 ? 'P' : 'F');
    }
    buffer_printf(out, "2024-01-01T00:00:00.%09zu+00:00 stdout F %.*s\n", index, SPAN_ARG(line));
}

static void with_journal(Buffer *out, Span line, size_t index)
{
    buffer_printf(out, "Mar %2zu 19:20:10 my-host func[123]: %.*s\n", 1 + index % 28, SPAN_ARG(line));
}

static void with_journal_precise(Buffer *out, Span line, size_t index)
{
    buffer_printf(out, "Mar %2zu 19:20:10.%06zu my-host func[123]: %.*s\n", 1 + index % 28, index, SPAN_ARG(line));
}

static void with_journal_full(Buffer *out, Span line, size_t index)
{
    (void)index;
    buffer_printf(out, "Fri 2024-03-22 19:20:10 CET my-host func[123]: %.*s\n", SPAN_ARG(line));
}

static void with_journal_iso(Buffer *out, Span line, size_t index)
{
    (void)index;
    buffer_printf(out, "2024-03-22T19:20:10+0100 my-host func[123]: %.*s\n", SPAN_ARG(line));
}

static void with_journal_iso_precise(Buffer *out, Span line, size_t index)
{
    buffer_printf(out, "2024-03-22T19:20:10.%06zu+01:00 my-host dotnet: %.*s\n", index, SPAN_ARG(line));
}

static void with_kubectl_prefix(Buffer *out, Span line, size_t index)
{
    (void)index;
    buffer_printf(out, "[pod/func-6d4cf56db6-xyz/func] %.*s\n", SPAN_ARG(line));
}

static void with_quotes(Buffer *out, Span line, size_t index)
{
    (void)index;
    buffer_printf(out, line.len ? "> %.*s\n" : ">%.*s\n", SPAN_ARG(line));
}

static void with_ansi(Buffer *out, Span line, size_t index)
{
    (void)index;
    buffer_printf(out, "\x1b[90m%.*s\x1b[0m\x1b[K\n", SPAN_ARG(line));
}

static void with_utf8_mark(Buffer *out, Span text)
{
    buffer_append(out, "\xef\xbb\xbf", 3);
    buffer_append_span(out, text);
}

static void append_utf16(Buffer *out, Span text, bool little)
{
    for (size_t i = 0; i < text.len; i++) {
        ck_assert_uint_lt((unsigned char)text.ptr[i], 0x80);
        buffer_append_byte(out, little ? text.ptr[i] : '\0');
        buffer_append_byte(out, little ? '\0' : text.ptr[i]);
    }
}

static void as_utf16le(Buffer *out, Span text)
{
    append_utf16(out, text, true);
}

static void as_utf16be(Buffer *out, Span text)
{
    append_utf16(out, text, false);
}

static void as_utf16le_marked(Buffer *out, Span text)
{
    buffer_append(out, "\xff\xfe", 2);
    append_utf16(out, text, true);
}

static void as_utf16be_marked(Buffer *out, Span text)
{
    buffer_append(out, "\xfe\xff", 2);
    append_utf16(out, text, false);
}

static void as_utf16le_marked_be(Buffer *out, Span text)
{
    buffer_append(out, "\xfe\xff", 2);
    append_utf16(out, text, true);
}

static void as_utf16le_marked_utf8(Buffer *out, Span text)
{
    buffer_append(out, "\xef\xbb\xbf", 3);
    append_utf16(out, text, true);
}

static void as_utf8_marked_utf16(Buffer *out, Span text)
{
    buffer_append(out, "\xff\xfe", 2);
    buffer_append_span(out, text);
}

/* What PowerShell makes of a docker log: lines split again, and in UTF-16. */
static void as_powershell(Buffer *out, Span text)
{
    static const Variant docker = {.line = with_docker_times}, crlf = {.line = with_crlf};
    Buffer stamped = rewrite(text, &docker), lines = rewrite(buffer_span(&stamped), &crlf);
    as_utf16le_marked(out, buffer_span(&lines));
    buffer_free(&stamped);
    buffer_free(&lines);
}

static const Variant variants[] = {
    {"as it is", NULL, NULL},
    {"CRLF", with_crlf, NULL},
    {"docker logs -t", with_docker_times, NULL},
    {"compose 1", with_compose_v1, NULL},
    {"compose 2", with_compose_v2, NULL},
    {"compose, other services, times", with_other_services, NULL},
    {"Kubernetes JSON", with_kubernetes_json, NULL},
    {"JSON of a collector", with_collector_json, NULL},
    {"CRI", with_cri, NULL},
    {"CRI in parts", with_cri_parts, NULL},
    {"journalctl", with_journal, NULL},
    {"journalctl -o short-precise", with_journal_precise, NULL},
    {"journalctl -o short-full", with_journal_full, NULL},
    {"journalctl -o short-iso", with_journal_iso, NULL},
    {"journalctl -o short-iso-precise", with_journal_iso_precise, NULL},
    {"kubectl logs --prefix", with_kubectl_prefix, NULL},
    {"quoted", with_quotes, NULL},
    {"ANSI", with_ansi, NULL},
    {"UTF-8 with mark", NULL, with_utf8_mark},
    {"UTF-16LE", NULL, as_utf16le},
    {"UTF-16BE", NULL, as_utf16be},
    {"UTF-16LE with mark", NULL, as_utf16le_marked},
    {"UTF-16BE with mark", NULL, as_utf16be_marked},
    {"UTF-16LE with the other mark", NULL, as_utf16le_marked_be},
    {"UTF-16LE with mark of UTF-8", NULL, as_utf16le_marked_utf8},
    {"UTF-8 with mark of UTF-16", NULL, as_utf8_marked_utf16},
    {"docker logs -t > file in PowerShell", NULL, as_powershell},
};

enum { VARIANTS = sizeof variants / sizeof *variants };

static bool is_ascii(Span text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.ptr[i] >= 0x80)
            return false;
    return true;
}

/* A format may be without times of its own: then those of a wrapper count. */
static bool has_times(Span text)
{
    return span_starts(text, SPAN("[")) || span_starts(text, SPAN("20"));
}

static bool is_variant_of(const Variant *variant, Span text)
{
    return (variant->line || variant->all) && (is_ascii(text) || !variant->all || variant->all == with_utf8_mark);
}

START_TEST(every_capture_reads_the_same_in_every_wrapping)
{
    PathList paths = test_captures(_i ? ".txt" : ".log");
    for (size_t i = 0; i < paths.len; i++) {
        Buffer text = test_read(paths.items[i]);
        Span original = buffer_span(&text);
        for (size_t v = 0; v < VARIANTS; v++) {
            if (!is_variant_of(&variants[v], original))
                continue;
            Buffer name = {0}, variant = rewrite(original, &variants[v]);
            buffer_printf(&name, "%s, %s", paths.items[i], variants[v].name);
            assert_same_reports(original, buffer_span(&variant), buffer_text(&name), has_times(original));
            buffer_free(&variant);
            buffer_free(&name);
        }
        buffer_free(&text);
    }
    path_list_free(&paths);
}
END_TEST

START_TEST(chunks_do_not_matter)
{
    static const char *const names[] = {"failing.log",
                                        "docker-console-failing.log",
                                        "hostfile-failing.log",
                                        "sequential-true-windows.log",
                                        "sequential-true-coretools2.log",
                                        "report-0.61.txt"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        PathList paths = test_captures(names[i]);
        Buffer text = test_read(paths.items[0]);
        for (size_t v = 0; v < VARIANTS; v++) {
            Buffer variant = {0};
            if (is_variant_of(&variants[v], buffer_span(&text)))
                variant = rewrite(buffer_span(&text), &variants[v]);
            else
                buffer_append_span(&variant, buffer_span(&text));
            assert_chunks_do_not_matter(buffer_span(&variant), variants[v].name);
            buffer_free(&variant);
        }
        buffer_free(&text);
        path_list_free(&paths);
    }
}
END_TEST

/* Indentation is only taken off where a time follows. */
static void with_four_blanks(Buffer *out, Span line, size_t index)
{
    (void)index;
    buffer_printf(out, "    %.*s\n", SPAN_ARG(line));
}

static void with_tab(Buffer *out, Span line, size_t index)
{
    (void)index;
    buffer_printf(out, "\t%.*s\n", SPAN_ARG(line));
}

START_TEST(markdown_indentation)
{
    static const Variant indented[] = {{"blanks", with_four_blanks, NULL}, {"tab", with_tab, NULL}};
    static const char *const names[] = {"sequential-true.log", "sequential-true-coretools2.log", "hostfile.log", "leak.log"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        PathList paths = test_captures(names[i]);
        Buffer text = test_read(paths.items[0]);
        for (size_t v = 0; v < 2; v++) {
            Buffer variant = rewrite(buffer_span(&text), &indented[v]);
            assert_same_reports(buffer_span(&text), buffer_span(&variant), names[i], true);
            buffer_free(&variant);
        }
        buffer_free(&text);
        path_list_free(&paths);
    }
}
END_TEST

/* Encodings. */

static void append_bytes(void *ctx, const char *bytes, size_t len)
{
    buffer_append(ctx, bytes, len);
}

static void assert_decodes(Span bytes, const char *expected)
{
    for (size_t size = 1; size <= bytes.len + 1; size++) {
        Decoder decoder = {0};
        Buffer out = {0};
        for (size_t at = 0; at < bytes.len; at += size) {
            Span piece = span_to(span_from(bytes, at), size);
            decoder_feed(&decoder, piece.ptr, piece.len, append_bytes, &out);
        }
        decoder_finish(&decoder, append_bytes, &out);
        assert_span(buffer_span(&out), expected);
        buffer_free(&out);
    }
}

START_TEST(decoder_reads_marks_and_units)
{
    assert_decodes(SPAN(""), "");
    assert_decodes(SPAN("a"), "a");
    assert_decodes(SPAN("a\n"), "a\n");
    assert_decodes(SPAN("\xef\xbb"), "\xef\xbb");
    assert_decodes(SPAN("\xef\xbb\xbf"), "");
    assert_decodes(SPAN("\xef\xbb\xbfx"), "x");
    assert_decodes(SPAN("\xff\xfe"), "");
    assert_decodes(SPAN("\xff\xfe"
                        "a\0b\0"),
                   "ab");
    assert_decodes(SPAN("\xfe\xff\0a\0b"), "ab");
    assert_decodes(SPAN("a\0b\0c\0"), "abc");
    assert_decodes(SPAN("\0a\0b\0c"), "abc");
    assert_decodes(SPAN("a\0"), "a");
    assert_decodes(SPAN("caf\xe9 au lait"), "caf\xe9 au lait");
}
END_TEST

START_TEST(decoder_replaces_what_is_no_text)
{
    assert_decodes(SPAN("\xff\xfe"
                        "a\0\x3d\xd8\x00\xde"),
                   "a\xf0\x9f\x98\x80"); /* a pair */
    assert_decodes(SPAN("\xff\xfe"
                        "a\0\x3d\xd8"
                        "b\0"),
                   "a\xef\xbf\xbd"
                   "b"); /* high alone */
    assert_decodes(SPAN("\xff\xfe"
                        "a\0\x00\xde"
                        "b\0"),
                   "a\xef\xbf\xbd"
                   "b"); /* low alone */
    assert_decodes(SPAN("\xff\xfe"
                        "a\0\x3d\xd8\x3d\xd8"),
                   "a\xef\xbf\xbd\xef\xbf\xbd"); /* two high ones at the end */
    assert_decodes(SPAN("\xff\xfe"
                        "a\0b"),
                   "a\xef\xbf\xbd");                                              /* half a unit */
    assert_decodes(SPAN("\xff\xfe\x2d\x4e\x87\x65"), "\xe4\xb8\xad\xe6\x96\x87"); /* no NUL at all: the mark counts */
    assert_decodes(SPAN("\xff\xfeplain"), "plain");                               /* ... unless it is ASCII */
    assert_decodes(SPAN("\xfe\xff"
                        "a\0b\0"),
                   "ab"); /* the NULs know better */
}
END_TEST

START_TEST(bytes_and_lines_count_what_was_decoded)
{
    Buffer json = json_of(SPAN("\xff\xfe"
                               "a\0\r\0\n\0"
                               "\xe9\0"));
    assert_contains(&json, "\"bytes\": 5, \"lines\": 2");
    buffer_free(&json);
}
END_TEST

START_TEST(marks_inside_an_input_do_not_hide_a_line)
{
    Buffer json = json_of_text("\xef\xbb\xbf[2021-03-22T19:20:10.123Z] Executing 'Functions.A' (Reason='', Id=a-1)\n"
                               "\xef\xbb\xbf[2021-03-22T19:20:11.123Z] Executed 'Functions.A' (Succeeded, Id=a-1, Duration=5ms)\n");
    assert_contains(&json, "\"started\": \"2021-03-22T19:20:10.123Z\", \"ended\": \"2021-03-22T19:20:11.123Z\"");
    buffer_free(&json);
}
END_TEST

/* Times in the manner of cultures. */

static void assert_time(Moment moment, const char *expected)
{
    char text[MOMENT_TEXT_MAX];
    moment_format(text, moment);
    ck_assert_str_eq(text, expected);
}

START_TEST(culture_stamps_are_read)
{
    static const struct {
        const char *stamp, *time;
    } stamps[] = {
        {"1/16/2020 6:10:07 AM", "2020-01-16T06:10:07Z"},
        {"10/22/19 4:01:30 AM", "2019-10-22T04:01:30Z"},
        {"16.01.2020 06:10:07", "2020-01-16T06:10:07Z"},
        {"16/01/2020 06:10:07", "2020-01-16T06:10:07Z"},
        {"1/2/2020 12:10:07 AM", "2020-01-02T00:10:07Z"},
        {"1/2/2020 12:10:07 PM", "2020-01-02T12:10:07Z"},
        {"1/2/2020 1:10:07\xe2\x80\xafPM", "2020-01-02T13:10:07Z"},
        {"1-2-2020 06:10:07", "2020-02-01T06:10:07Z"},
        {"1.2.2020 6.10.07", "2020-02-01T06:10:07Z"},
        {"16. 1. 2020 6:10:07", "2020-01-16T06:10:07Z"},
        {"1/02/2020 6:10:07 AM", "2020-02-01T06:10:07Z"},
        {"01/02/2020 06:10:07", "2020-02-01T06:10:07Z"},
        {"1/02/2020 6:10:07 p. m.", "2020-02-01T18:10:07Z"},
        {"2020-01-16 06:10:07", "2020-01-16T06:10:07Z"},
        {"2020/1/16 6:10:07", "2020-01-16T06:10:07Z"},
        {"2020/1/16 \xe4\xb8\x8b\xe5\x8d\x88 06:10:07", "2020-01-16T18:10:07Z"},
        {"16/1/2020 6:10:07 \xcf\x80.\xce\xbc.", "2020-01-16T06:10:07Z"},
        {"16/1/2020 6:10:07 \xce\xbc.\xce\xbc.", "2020-01-16T18:10:07Z"},
        {"16.1.2020 \xd0\xb3. 06:10:07", "2020-01-16T06:10:07Z"},
        {"2020. 01. 16. 6:10:07", "2020-01-16T06:10:07Z"},
    };
    for (size_t i = 0; i < sizeof stamps / sizeof *stamps; i++) {
        CultureClock clock = {0};
        ck_assert_msg(stamp_is_culture(span_of(stamps[i].stamp)), "\"%s\" is a time", stamps[i].stamp);
        assert_time(culture_clock_see(&clock, span_of(stamps[i].stamp))(span_of(stamps[i].stamp)), stamps[i].time);
    }
}
END_TEST

START_TEST(other_text_in_brackets_is_no_stamp)
{
    static const char *const texts[] = {"",
                                        "1",
                                        "1, 2, 3",
                                        "1/16/2020",
                                        "6:10:07 AM",
                                        "1/16/2020 6:10",
                                        "INFO",
                                        "1.2.3.4.5.6",
                                        "111/16/2020 6:10:07 AM",
                                        "1/16/2020 6:10:7 AM",
                                        "1/16/20201 6:10:07 AM",
                                        "0/1",
                                        "1/16/2020 6:10:07 and something more",
                                        "2021-03-22T19:20:10.123Z"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        ck_assert_msg(!stamp_is_culture(span_of(texts[i])), "\"%s\" is no time", texts[i]);
    assert_time(stamp_month_first_time(SPAN("31/31/2020 06:10:07")), "");
    assert_time(stamp_month_first_time(SPAN("2/30/2020 06:10:07")), "");
    assert_time(stamp_month_first_time(SPAN("1/1/2020 26:10:07")), "");
}
END_TEST

static void assert_clock(CultureClock *clock, const char *text, const char *time)
{
    assert_time(culture_clock_see(clock, span_of(text))(span_of(text)), time);
}

START_TEST(the_log_decides_whether_day_or_month_comes_first)
{
    CultureClock american = {0}, british = {0}, moving = {0}, wrong = {0};
    assert_clock(&american, "1/2/2020 6:10:07 AM", "2020-01-02T06:10:07Z");
    assert_clock(&american, "1/16/2020 6:10:07 AM", "2020-01-16T06:10:07Z");
    assert_clock(&american, "2/1/2020 6:10:07 AM", "2020-02-01T06:10:07Z");
    assert_clock(&british, "1/2/2020 6:10:07 AM", "2020-01-02T06:10:07Z"); /* the guess, until there is proof */
    assert_clock(&british, "16/2/2020 6:10:07 AM", "2020-02-16T06:10:07Z");
    assert_clock(&british, "1/2/2020 6:10:07 AM", "2020-02-01T06:10:07Z");
    assert_clock(&moving, "1/2/2020 11:59:59 PM", "2020-01-02T23:59:59Z");
    assert_clock(&moving, "2/2/2020 12:00:01 AM", "2020-02-02T00:00:01Z"); /* the first field moved over night */
    assert_clock(&moving, "3/2/2020 12:00:01 AM", "2020-02-03T00:00:01Z");
    assert_clock(&wrong, "1/16/2020 6:10:07 AM", "2020-01-16T06:10:07Z");
    assert_clock(&wrong, "16/1/2020 6:10:07 AM", "2020-01-16T06:10:07Z"); /* makes sense only so */
}
END_TEST

/* Rewrites "[11/22/2026 11:31:04 AM] " for other cultures. */
static void with_german_times(Buffer *out, Span line, size_t index)
{
    (void)index;
    if (span_take(&line, SPAN("[11/22/2026 ")))
        buffer_printf(out, "[22.11.2026 %.*s]%.*s\n", 8, line.ptr, (int)(line.len - 12), line.ptr + 12);
    else
        buffer_printf(out, "%.*s\n", SPAN_ARG(line));
}

static void with_short_years(Buffer *out, Span line, size_t index)
{
    (void)index;
    if (span_take(&line, SPAN("[11/22/2026 ")))
        buffer_printf(out, "[11/22/26 ");
    buffer_printf(out, "%.*s\n", SPAN_ARG(line));
}

static void without_prefix(Buffer *out, Span line, size_t index)
{
    (void)index;
    ptrdiff_t end = span_starts(line, SPAN("[")) ? span_find(line, SPAN("] ")) : -2;
    buffer_append_span(out, span_from(line, (size_t)end + 2));
    buffer_append_byte(out, '\n');
}

static void without_zone(Buffer *out, Span line, size_t index)
{
    (void)index;
    ptrdiff_t end = span_find(line, SPAN("Z] "));
    if (end >= 0)
        buffer_append_span(out, span_to(line, (size_t)end));
    buffer_append_span(out, span_from(line, end < 0 ? 0 : (size_t)end + 1));
    buffer_append_byte(out, '\n');
}

static void without_trailing_blanks(Buffer *out, Span line, size_t index)
{
    (void)index;
    buffer_append_span(out, span_trim_right(line));
    buffer_append_byte(out, '\n');
}

START_TEST(consoles_of_every_age)
{
    static const struct {
        const char *capture;
        Variant variant;
        bool times;
    } cases[] = {
        {"sequential-true-coretools2.log", {"German", with_german_times, NULL}, true},
        {"sequential-true-coretools2.log", {"short years", with_short_years, NULL}, true},
        {"sequential-true-coretools2.log", {"no prefix", without_prefix, NULL}, false},
        {"sequential-true.log", {"no prefix", without_prefix, NULL}, false},
        {"sequential-false.log", {"no prefix", without_prefix, NULL}, false},
        {"failing.log", {"no prefix", without_prefix, NULL}, false},
        {"sequential-false.log", {"no zone", without_zone, NULL}, true},
        {"sequential-false.log", {"blanks stripped", without_trailing_blanks, NULL}, true},
        {"failing.log", {"blanks stripped", without_trailing_blanks, NULL}, true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        PathList paths = test_captures(cases[i].capture);
        Buffer text = test_read(paths.items[0]), variant = rewrite(buffer_span(&text), &cases[i].variant);
        assert_same_reports(buffer_span(&text), buffer_span(&variant), cases[i].variant.name, cases[i].times);
        buffer_free(&text);
        buffer_free(&variant);
        path_list_free(&paths);
    }
}
END_TEST

/* Windows. */

START_TEST(windows_blank_lines_do_not_end_a_report)
{
    Buffer json =
        json_of_text("[2021-03-22T19:20:10.123Z] memory_profiler_logs: Filename: C:\\app\\a.py\n\n\r\n"
                     "[2021-03-22T19:20:10.123Z] memory_profiler_logs: Line #    Mem usage    Increment  Occurrences   "
                     "Line Contents\n\r\n"
                     "[2021-03-22T19:20:10.123Z] memory_profiler_logs:     17     38.4 MiB     38.4 MiB           1   @p\n"
                     "\r\n\r\n\r\n"
                     "[2021-03-22T19:20:10.123Z] memory_profiler_logs:     19     39.7 MiB      1.3 MiB           1       x\n"
                     "\r\n");
    assert_contains(&json, "\"file\": \"C:\\\\app\\\\a.py\"");
    assert_contains(&json, "\"line\": 19");
    assert_lacks(&json, "\"id\": 2");
    buffer_free(&json);
}
END_TEST

/* The .NET console. */

#define HEADER "memory_profiler_logs: Line #    Mem usage    Increment  Occurrences   Line Contents\n"
#define ENTRY "memory_profiler_logs:     17     38.4 MiB     38.4 MiB           1   @memory_profiler.profile\n"

static const char console_log[] =
    "\x1b[40m\x1b[32minfo\x1b[39m\x1b[22m\x1b[49m: Function.A[1]\n"
    "      => SpanId:1, TraceId:2, ParentId:0 => Executing 'Functions.Fake' (Reason='', Id=f-0)\n"
    "      Executing 'Functions.A' (Reason='', Id=a-1)\n"
    "info: Function.B[1]\n"
    "      Executing 'Functions.B' (Reason='', Id=b-1)\n"
    "info: Function.A.User[0]\n"
    "      memory_profiler_logs: Filename: /app/shared.py\n      \n\n"
    "info: Function.B.User[0]\n"
    "      memory_profiler_logs: Filename: /app/shared.py\n      \n      \n"
    "info: Function.A.User[0]\n"
    "      " HEADER "      \n"
    "info: Function.B.User[0]\n"
    "      " HEADER "      \n"
    "info: Function.B.User[0]\n"
    "      " ENTRY "      \n"
    "info: Function.A.User[0]\n"
    "      " ENTRY "      \n"
    "warn: Function.A.User[0]\n"
    "      root: two lines\n"
    "      Executed 'Functions.A' (Succeeded, Id=a-1, Duration=1ms)\n"
    "info: Function.A.User[0]\n"
    "      memory_profiler_logs:     19     39.7 MiB      1.3 MiB           1       a()\n      \n"
    "info: Function.B.User[0]\n"
    "      memory_profiler_logs:     18     39.7 MiB      1.3 MiB           1       b()\n      \n"
    "info: Function.B[2]\n"
    "      Executed 'Functions.B' (Succeeded, Id=b-1, Duration=7ms)\n"
    "fail: Function.A[3]\n"
    "      Executed 'Functions.A' (Failed, Id=a-1, Duration=9ms)\n"
    "Microsoft.Azure.WebJobs.Host.FunctionInvocationException: Exception while executing function: Functions.A\n"
    " ---> Microsoft.Azure.WebJobs.Script.Workers.Rpc.RpcException: Result: Failure\n"
    "Exception: KeyError: 'x'\n"
    "Stack:   File \"x.py\", line 1, in main\n";

START_TEST(console_category_tells_the_function_of_every_record)
{
    Buffer json = json_of_text(console_log), list = list_of(SPAN(console_log));
    assert_contains(&json, "\"format\": \"console\"");
    assert_contains(&list, "|A|memory_profiler_logs|/app/shared.py: 17=@memory_profiler.profile; 19=    a();\n");
    assert_contains(&list, "|B|memory_profiler_logs|/app/shared.py: 17=@memory_profiler.profile; 18=    b();\n");
    assert_contains(&json, "\"duration_ms\": 9, \"outcome\": \"failed\", \"error\": \"KeyError: 'x'\"");
    assert_lacks(&json, "Fake");
    buffer_free(&json);
    buffer_free(&list);
}
END_TEST

/* Each record of the console on one line. */
static Buffer console_flat(const char *level)
{
    Buffer out = {0};
    Span text = span_of(console_log);
    bool message = false, open = false;
    while (text.len) {
        ptrdiff_t end = span_find_byte(text, '\n');
        Span line = span_to(text, (size_t)end);
        text = span_from(text, (size_t)end + 1);
        ptrdiff_t category = span_find(line, SPAN(": Function."));
        if (category >= 0 && span_ends(line, SPAN("]"))) {
            buffer_printf(&out, open ? "\n%s%.*s" : "%s%.*s", level, SPAN_ARG(span_from(line, (size_t)category + 2)));
            open = true;
            message = false;
        } else if (span_starts(line, SPAN("      => "))) {
            continue;
        } else if (line.len && line.ptr[0] != ' ') {
            buffer_printf(&out, " %.*s", SPAN_ARG(line));
        } else if (!message || span_find(line, SPAN("memory_profiler_logs")) >= 0) {
            span_take(&line, SPAN("      "));
            buffer_printf(&out, " %.*s", SPAN_ARG(line));
            message = true;
        } else {
            buffer_append_byte(&out, ' ');
        }
    }
    buffer_append_byte(&out, '\n');
    return out;
}

START_TEST(console_on_single_lines)
{
    static const char *const levels[] = {"info: ", "<6>"};
    for (size_t i = 0; i < 2; i++) {
        Buffer flat = console_flat(levels[i]), json = json_of(buffer_span(&flat)), list = list_of(buffer_span(&flat));
        assert_contains(&json, "\"format\": \"console\"");
        assert_contains(&json, "\"duration_ms\": 7, \"outcome\": \"succeeded\"");
        assert_contains(&json, "\"duration_ms\": 9, \"outcome\": \"failed\", \"error\": \"KeyError: 'x'\"");
        assert_contains(&list, "|A|memory_profiler_logs|/app/shared.py: 17=@memory_profiler.profile; 19=    a();\n");
        assert_contains(&list, "|B|memory_profiler_logs|/app/shared.py: 17=@memory_profiler.profile; 18=    b();\n");
        buffer_free(&list);
        buffer_free(&flat);
        buffer_free(&json);
    }
}
END_TEST

START_TEST(indented_text_without_a_console_record_is_read)
{
    Buffer json = json_of_text("      17     38.4 MiB     38.4 MiB           1   @profile\n"
                               "note: this[0]\n"
                               "      19     39.4 MiB      1.0 MiB           1       x\n");
    assert_contains(&json, "\"line\": 19");
    buffer_free(&json);
}
END_TEST

/* Host files and streams. */

START_TEST(hostfile_dense_report_has_its_end)
{
    Buffer json =
        json_of_text("2026-11-22T11:14:58.127 [Information] memory_profiler_logs: Filename: /app/a.py\n"
                     "2026-11-22T11:14:58.127 [Information] " HEADER "2026-11-22T11:14:58.127 [Information] memory_profiler_logs: "
                     "=============================================================\n"
                     "2026-11-22T11:14:58.127 [Information] " ENTRY
                     "2026-11-22T11:14:58.127 [Information] memory_profiler_logs:     18                                "
                     "         def f(x):\n"
                     "2026-11-22T11:14:58.127 [Information] memory_profiler_logs:     19\n"
                     "2026-11-22T11:14:58.127 [Information] memory_profiler_logs:\n"
                     "2026-11-22T11:14:58.130 [Information] done\n");
    assert_contains(&json, "\"format\": \"hostfile\"");
    assert_contains(&json, "\"name\": \"f\"");
    assert_contains(&json, "\"flags\": []");
    assert_contains(&json, "\"line\": 19, \"mem_mib\": null");
    buffer_free(&json);
}
END_TEST

START_TEST(streams_with_wide_gaps_levels_and_remarks)
{
    Buffer json = json_of_text(
        "2021-02-24T15:03:30  Welcome, you are now connected to log-streaming service. The default timeout is 2 hours.\n"
        "2021-02-24T15:03:41Z   [Information]   Executing 'Functions.A' (Reason='', Id=a-1)\n"
        "2021-02-24T15:03:41Z   [Verbose]   Sending invocation id: 'a-1\n"
        "\n"
        "2021-02-24T15:03:41   [Information,A]   memory_profiler_logs: Filename: /app/a.py\n"
        "2021-02-24T15:03:41   [Information,A]   " HEADER "2021-02-24T15:03:51  No new trace in the past 1 min(s).\n"
        "2021-02-24T15:03:41   [Information,A]   " ENTRY "Log output threshold exceeded.\n"
        "2021-02-24T15:03:42   [Error]   Executed 'Functions.A' (Failed, Id=a-1, Duration=12ms)\n"
        "Result: Failure\n"
        "Exception: ValueError: bad\n"
        "  memory_profiler_logs:     99     40.0 MiB      1.0 MiB           1       text of an exception\n"
        "    20     40.0 MiB      1.0 MiB           1       text of an exception\n"
        "Executing 'Functions.Fake' (Reason='', Id=f-0)\n"
        "2021-02-24T15:03:43   [Information]   Exception: no failure of anybody\n");
    assert_contains(&json, "\"format\": \"hostfile\"");
    assert_contains(&json, "\"started\": \"2021-02-24T15:03:41Z\", \"ended\": \"2021-02-24T15:03:42Z\", \"duration_ms\": 12");
    assert_contains(&json, "\"error\": \"ValueError: bad\"");
    assert_contains(&json, "\"line\": 17");
    assert_lacks(&json, "text of an exception");
    assert_lacks(&json, "Fake");
    buffer_free(&json);
}
END_TEST

/* A report that an app logs as one message. */
START_TEST(a_whole_report_in_one_record)
{
    static const char body[] = "root: Filename: /app/a.py\n\n"
                               "Line #    Mem usage    Increment  Occurrences   Line Contents\n"
                               "=============================================================\n"
                               "    17     38.4 MiB     38.4 MiB           1   @profile\n"
                               "    18     39.4 MiB      1.0 MiB           1   x = 1\n";
    Buffer log = {0};
    buffer_printf(&log, "2021-02-24T15:03:41.000 [Information] %s2021-02-24T15:03:41.000 [Information] next\n", body);
    Buffer json = json_of(buffer_span(&log));
    assert_contains(&json, "\"file\": \"/app/a.py\"");
    assert_contains(&json, "\"line\": 18");
    assert_lacks(&json, "\"id\": 2");
    buffer_free(&json);
    buffer_free(&log);
}
END_TEST

/* Records as events for Azure Monitor. */

static void append_damaged(Buffer *out, Span text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '"' || c == '\\')
            buffer_printf(out, "\\%c", c == '"' ? '\'' : c);
        else if (c != '\'')
            buffer_append_byte(out, c);
    }
}

static void as_monitor_event(Buffer *out, Span line, size_t index)
{
    bool hosts = span_find(line, SPAN("] Execut")) > 0;
    buffer_printf(out, index % 2 ? "" : "MS_FUNCTION_AZURE_MONITOR_EVENT ");
    buffer_printf(out, "4,app.azurewebsites.net,Microsoft.Web/sites/functions/log,FunctionAppLogs,West Europe,\"{'appName':'app',"
                       "'roleInstance':'1','message':'");
    append_damaged(out, span_from(line, (size_t)span_find(line, SPAN("] ")) + 2));
    buffer_printf(out,
                  "%s','category':'Function.HttpTriggerSync%s','hostVersion':'4.31.1.1','functionInvocationId':'x-%zu',"
                  "'level':'Information','levelId':2,'processId':63}\",02/28/2024 14:27:47\n",
                  hosts ? "" : "\\n", hosts ? "" : ".User", (size_t)0);
}

START_TEST(azure_monitor_events)
{
    static const Variant events = {"events", as_monitor_event, NULL};
    PathList paths = test_captures("hostfile.log");
    Buffer text = test_read(paths.items[0]), variant = rewrite(buffer_span(&text), &events), json = json_of(buffer_span(&variant));
    Buffer list = list_of(buffer_span(&variant));
    assert_contains(&json, "\"format\": \"hostfile\"");
    assert_contains(&list,
                    "x-0|HttpTriggerSync|memory_profiler_logs|/home/dev/PythonMemoryProfilingDemo/HttpTriggerSync/__init__.py: ");
    assert_contains(&list, "17=@memory_profiler.profile(stream=profiler_logstream); 19=    response = requests.get(url);\n");
    assert_contains(&json, "\"line\": 19, \"mem_mib\": 40.3, \"increment_mib\": 0.5");
    assert_contains(&json, "\"time\": \"2024-02-28T14:27:47Z\"");
    assert_chunks_do_not_matter(buffer_span(&variant), "events");
    buffer_free(&list);
    buffer_free(&json);
    buffer_free(&variant);
    buffer_free(&text);
    path_list_free(&paths);
}
END_TEST

START_TEST(azure_monitor_events_say_why_a_call_failed)
{
    Buffer json = json_of_text(
        "2,h,op,FunctionAppLogs,r,\"{'message':'Executing Functions.A (Reason=New item, Id=2., Id=a-1)','category':'Function.A'}\","
        "02/28/2024 14:27:47\n"
        "2,h,op,FunctionAppLogs,r,\"{'category':'Function.A.User','message':'memory_profiler_logs:     19     39.7 MiB      1.3 MiB "
        "          1       print(\\'a\\', \\'\\\\n\\')\\n','level':'Information'}\",02/28/2024 14:27:47\n"
        "2,h,op,FunctionAppLogs,r,\"{'message':'Executed Functions.A (Failed, Id=a-1, Duration=4ms)','category':'Function.A',"
        "'exceptionDetails':'X : Exception while executing ---> Result: Failure\\nException: KeyError: \\'k\\'\\nStack: '}\","
        "02/28/2024 14:27:48\n");
    assert_contains(&json, "\"function\": \"A\", \"reason\": \"New item, Id=2.\"");
    assert_contains(&json, "\"duration_ms\": 4, \"outcome\": \"failed\", \"error\": \"KeyError: \\\"k\\\"\"");
    assert_contains(&json, "\"contents\": \"    print(\\\"a\\\", \\\"\\\\n\\\")\"");
    buffer_free(&json);
}
END_TEST

/* Records that ran into each other. */

#define TS "[2023-02-27T05:47:49.219Z]"
#define LATER "[2023-02-27T05:47:49.301Z]"

static const char glue_begin[] = TS " Executing 'Functions.A' (Reason='', Id=a-1)\n" TS
                                    " memory_profiler_logs: Filename: /app/a.py\n" TS " \n" TS " " HEADER TS " \n";

static Buffer glued(const char *rest)
{
    Buffer log = {0};
    buffer_printf(&log, "%s%s", glue_begin, rest);
    Buffer json = json_of(buffer_span(&log));
    assert_chunks_do_not_matter(buffer_span(&log), rest);
    buffer_free(&log);
    return json;
}

START_TEST(glued_records_are_split)
{
    static const char *const cases[] = {
        /* a row, and the end of the call behind it */
        TS " memory_profiler_logs:     17     38.4 MiB     38.4 MiB           1   @p" LATER
           " Executed 'Functions.A' (Succeeded, Id=a-1, Duration=7ms)\n\n",
        /* its text on the next line */
        TS " memory_profiler_logs:     17     38.4 MiB     38.4 MiB           1   @p" LATER
           "\n Executed 'Functions.A' (Succeeded, Id=a-1, Duration=7ms)\n\n",
        TS " memory_profiler_logs:     17     38.4 MiB     38.4 MiB           1   @p" LATER
           " \nExecuted 'Functions.A' (Succeeded, Id=a-1, Duration=7ms)\n\n",
        /* an empty rest of a record, a row behind it, and the end behind a text */
        TS " " TS " memory_profiler_logs:     17     38.4 MiB     38.4 MiB           1   @p\n\n" TS " root: PMAW" LATER
           " Executed 'Functions.A' (Succeeded, Id=a-1, Duration=7ms)\n\n",
        TS " " TS "\n memory_profiler_logs:     17     38.4 MiB     38.4 MiB           1   @p\n" TS " root: PMAW" LATER
           "\n Executed 'Functions.A' (Succeeded, Id=a-1, Duration=7ms)\n\n",
        /* three */
        TS " x" TS " memory_profiler_logs:     17     38.4 MiB     38.4 MiB           1   @p" LATER
           " Executed 'Functions.A' (Succeeded, Id=a-1, Duration=7ms)\n\n\n",
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Buffer json = glued(cases[i]);
        assert_contains(&json, "\"ended\": \"2023-02-27T05:47:49.301Z\", \"duration_ms\": 7, \"outcome\": \"succeeded\"");
        assert_contains(&json, "\"contents\": \"@p\"");
        assert_contains(&json, "\"attribution\": \"exact\"");
        assert_contains(&json, "\"damaged\": 0");
        buffer_free(&json);
    }
}
END_TEST

START_TEST(stamps_in_source_text_stay_there)
{
    static const struct {
        const char *row, *json;
    } cases[] = {
        {"x = \"" TS " memory_profiler_logs:     99     40.0 MiB      1.0 MiB           1       y\"",
         "x = \\\"" TS " memory_profiler_logs:     99     40.0 MiB      1.0 MiB           1       y\\\"\""},
        {"log('it is \"now\"" TS " Executed 'Functions.A' (Succeeded, Id=a-1, Duration=7ms)",
         "log('it is \\\"now\\\"" TS " Executed"},
        {"f(1)  # see" TS " Executed 'Functions.A' (Succeeded, Id=a-1, Duration=7ms)", "f(1)  # see" TS " Executed"},
        {"f('''a" TS, "f('''a" TS "\""},
        {"f(\"\\\"" TS " Executed 'Functions.A' (Succeeded, Id=a-1, Duration=7ms)\")", "f(\\\"\\\\\\\"" TS " Executed"},
        {"x[2021-03-22T19:20:10.123Z] Executed 'Functions.A' (Succeeded, Id=a-1, Duration=7ms)",
         "x[2021-03-22T19:20:10.123Z] Executed"},
        {"x[0][1]", "x[0][1]\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Buffer line = {0};
        buffer_printf(&line,
                      TS " memory_profiler_logs:     17     38.4 MiB     38.4 MiB           1   @p\n" TS " \n" TS
                         " memory_profiler_logs:     18     38.4 MiB      0.0 MiB           1       %s\n" TS " \n" TS
                         " memory_profiler_logs:     20     39.4 MiB      1.0 MiB           1       z\n",
                      cases[i].row);
        Buffer json = glued(buffer_text(&line));
        assert_contains(&json, cases[i].json);
        assert_contains(&json, "\"line\": 20");
        assert_contains(&json, "\"outcome\": \"unknown\"");
        assert_lacks(&json, "\"line\": 99");
        buffer_free(&json);
        buffer_free(&line);
    }
}
END_TEST

/* Quoted lines in the text of an app say nothing about calls. */
START_TEST(stamps_in_messages_stay_there)
{
    static const char *const texts[] = {
        "root: got: " TS " Executed 'Functions.A' (Succeeded, Id=a-1, Duration=7ms)",
        "root: '" TS " Executed 'Functions.A' (Succeeded, Id=a-1, Duration=7ms)'",
        "root: x[2021-03-22T19:20:10.123Z] Executed 'Functions.A' (Succeeded, Id=a-1, Duration=7ms)",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        Buffer line = {0};
        buffer_printf(&line, TS " %s\n", texts[i]);
        Buffer json = glued(buffer_text(&line));
        assert_contains(&json, "\"outcome\": \"unknown\"");
        buffer_free(&json);
        buffer_free(&line);
    }
}
END_TEST

START_TEST(glued_culture_stamps)
{
    Buffer json = json_of_text("[1/16/2020 6:10:07 AM] Executing 'Functions.A' (Reason='', Id=a-1)[1/16/2020 6:10:08 AM]\n"
                               " Executed 'Functions.A' (Succeeded, Id=a-1)\n\n");
    assert_contains(&json, "\"started\": \"2020-01-16T06:10:07Z\", \"ended\": \"2020-01-16T06:10:08Z\"");
    buffer_free(&json);
}
END_TEST

/* Loggers. */

START_TEST(any_logger_or_none)
{
    static const char *const loggers[] = {"app.memory: ", "memory_profiler_logs: ", ""};
    for (size_t i = 0; i < sizeof loggers / sizeof *loggers; i++) {
        Buffer log = {0};
        buffer_printf(&log,
                      TS " Executing 'Functions.A' (Reason='', Id=a-1)\n" TS " %sFilename: /app/A/__init__.py\n" TS " \n" TS
                         " \n" TS " %sLine #    Mem usage    Increment  Occurrences   Line Contents\n" TS " \n" TS
                         " azure_functions_worker: Received FunctionInvocationRequest, request ID: 1, function ID: 2, function "
                         "name: A, invocation ID: b-2, function type: sync, timestamp (UTC): 2024-01-01 00:00:00\n" TS
                         " %s    17     38.4 MiB     38.4 MiB           1   @p\n" TS " \n" TS
                         " Executed 'Functions.A' (Succeeded, Id=a-1, Duration=7ms)\n",
                      loggers[i], loggers[i], loggers[i]);
        Buffer json = json_of(buffer_span(&log));
        assert_contains(&json, "\"invocation\": \"a-1\"");
        assert_contains(&json, "\"line\": 17");
        assert_lacks(&json, "b-2");
        buffer_free(&json);
        buffer_free(&log);
    }
}
END_TEST

/* Containers. */

START_TEST(wrapper_times_serve_where_the_line_has_none)
{
    Buffer json =
        json_of_text("2024-01-01T00:00:01.000000005Z info: Function.A[1]\n"
                     "2024-01-01T00:00:02.000000006Z       Executing 'Functions.A' (Reason='', Id=a-1)\n"
                     "{\"log\":\"info: Function.A[2]\\n\",\"stream\":\"stdout\",\"time\":\"2024-01-01T00:00:03.5Z\"}\n"
                     "{\"log\":\"      Executed 'Functions.A' (Succeeded, Id=a-1, Duration=7ms)\\n\",\"stream\":\"stdout\","
                     "\"time\":\"2024-01-01T00:00:04.5Z\"}\n");
    assert_contains(&json, "\"started\": \"2024-01-01T00:00:02.000000006Z\", \"ended\": \"2024-01-01T00:00:04.5Z\"");
    buffer_free(&json);
}
END_TEST

START_TEST(long_json_lines_are_joined)
{
    static const char row[] = "memory_profiler_logs:     17     38.4 MiB     38.4 MiB           1   ";
    Buffer log = {0};
    buffer_printf(&log, "{\"log\":\"%s", row);
    buffer_append_repeated(&log, 'x', WRAPPER_PART_BYTES - strlen(row) - strlen("tail"));
    buffer_printf(&log, "tail\",\"stream\":\"stdout\",\"time\":\"2024-01-01T00:00:03.5Z\"}\n"
                        "{\"log\":\"noise\\n\",\"stream\":\"stderr\",\"time\":\"2024-01-01T00:00:03.5Z\"}\n"
                        "{\"log\":\" joined\\n\",\"stream\":\"stdout\",\"time\":\"2024-01-01T00:00:03.5Z\"}\n");
    Buffer json = json_of(buffer_span(&log));
    ck_assert_int_ge(span_find(buffer_span(&json), SPAN("xtail joined\"")), 0);
    ck_assert_int_ge(span_find(buffer_span(&json), SPAN("\"damaged\": 0")), 0);
    assert_chunks_do_not_matter(buffer_span(&log), "parts");
    buffer_free(&json);
    buffer_free(&log);
}
END_TEST

START_TEST(parts_without_an_end_are_read_when_the_input_ends)
{
    Buffer json =
        json_of_text("2024-01-01T00:00:00.5Z stdout P memory_profiler_logs:     17     38.4 MiB     38.4 MiB           1   @p\n");
    assert_contains(&json, "\"contents\": \"@p\"");
    assert_contains(&json, "\"truncated\"");
    buffer_free(&json);
}
END_TEST

START_TEST(parts_without_an_end_may_hold_two_records)
{
    static const char log[] = "[2026-11-22T11:31:29.114Z] Executing 'Functions.A' (Reason='', Id=a-1)\n"
                              "2024-01-01T00:00:00.5Z stdout P [2026-11-22T11:31:29.115Z] root: done[2026-11-22T11:31:29.116Z] "
                              "memory_profiler_logs: Filename: /app/a.py\n"
                              "[2026-11-22T11:31:29.117Z] Executed 'Functions.A' (Succeeded, Id=a-1, Duration=1ms)\n";
    Buffer json = json_of_text(log);
    assert_contains(&json, "\"file\": \"/app/a.py\"");
    assert_chunks_do_not_matter(SPAN(log), "parts without an end");
    buffer_free(&json);
}
END_TEST

START_TEST(cut_json_lines_are_damage)
{
    Buffer json = json_of_text("{\"log\":\"memory_profiler_logs:     17     38.4 MiB     38.4 MiB           1   @p\n");
    assert_contains(&json, "\"contents\": \"@p\"");
    assert_contains(&json, "\"damaged\": 1");
    buffer_free(&json);
}
END_TEST

static void assert_unescaped(const char *value, const char *expected)
{
    Buffer out = {0};
    object_unescape(span_of(value), &out);
    assert_span(buffer_span(&out), expected);
    buffer_free(&out);
}

START_TEST(objects_are_walked_and_unescaped)
{
    Span rest = SPAN(" {\"a\" : \"x\\\"y\", \"b\":[1,{\"c\":\"]}\"}] ,\"d\":null}");
    ObjectMember member;
    ck_assert(object_open(&rest));
    ck_assert(object_next(&rest, '"', &member));
    assert_span(member.key, "a");
    assert_span(member.value, "x\\\"y");
    ck_assert(object_next(&rest, '"', &member));
    assert_span(member.value, "[1,{\"c\":\"]}\"}] ");
    ck_assert(!member.text);
    ck_assert(object_next(&rest, '"', &member));
    assert_span(member.value, "null");
    ck_assert(!object_next(&rest, '"', &member));
    assert_unescaped("a\\n\\t\\\\\\/\\\"\\'", "a\n\t\\/\"\"");
    assert_unescaped("\\u00e9\\u4E2d\\ud83d\\ude00", "\xc3\xa9\xe4\xb8\xad\xf0\x9f\x98\x80");
    assert_unescaped("\\ud83dx\\ude00", "\xef\xbf\xbdx\xef\xbf\xbd");
    assert_unescaped("\\x\\u12\\", "\\x\\u12\\");
}
END_TEST

START_TEST(log_objects_are_told_from_exports)
{
    ck_assert(wrapper_is_log_object(SPAN("{\"log\":\"x\\n\",\"stream\":\"stdout\",\"time\":\"\"}")));
    ck_assert(!wrapper_is_log_object(SPAN("{\"tables\":[{\"name\":\"PrimaryResult\"}]}")));
    ck_assert(!wrapper_is_log_object(SPAN("{\"time\":\"x\",\"properties\":{\"log\":\"x\"}}")));
    ck_assert(!wrapper_is_log_object(SPAN("[2021-03-22T19:20:10.123Z] x")));
    ck_assert(!wrapper_is_log_object(SPAN("{")));
}
END_TEST

/* --input-format */

START_TEST(the_format_can_be_forced)
{
    static const char log[] = "2026-11-22T11:14:58.127 [Information] Executing 'Functions.A' (Reason='', Id=a-1)\n";
    Buffer as_hostfile = json_in_chunks(SPAN(log), input_format_named(SPAN("hostfile")), 0);
    Buffer as_coretools = json_in_chunks(SPAN(log), input_format_named(SPAN("coretools")), 0);
    assert_contains(&as_hostfile, "\"a-1\"");
    assert_contains(&as_coretools, "\"format\": \"coretools\"");
    assert_lacks(&as_coretools, "\"a-1\"");
    buffer_free(&as_hostfile);
    buffer_free(&as_coretools);
    ck_assert_ptr_nonnull(input_format_named(SPAN("console")));
}
END_TEST

Suite *inputs_suite(void)
{
    Suite *suite = suite_create("inputs");
    TCase *slow = tcase_create("variants of captures");
    tcase_add_loop_test(slow, every_capture_reads_the_same_in_every_wrapping, 0, 2);
    tcase_add_test(slow, chunks_do_not_matter);
    tcase_add_test(slow, markdown_indentation);
    tcase_add_test(slow, consoles_of_every_age);
    suite_add_tcase(suite, slow);
    TCase *tests = tcase_create("inputs");
    tcase_add_test(tests, decoder_reads_marks_and_units);
    tcase_add_test(tests, decoder_replaces_what_is_no_text);
    tcase_add_test(tests, bytes_and_lines_count_what_was_decoded);
    tcase_add_test(tests, marks_inside_an_input_do_not_hide_a_line);
    tcase_add_test(tests, culture_stamps_are_read);
    tcase_add_test(tests, other_text_in_brackets_is_no_stamp);
    tcase_add_test(tests, the_log_decides_whether_day_or_month_comes_first);
    tcase_add_test(tests, windows_blank_lines_do_not_end_a_report);
    tcase_add_test(tests, console_category_tells_the_function_of_every_record);
    tcase_add_test(tests, console_on_single_lines);
    tcase_add_test(tests, indented_text_without_a_console_record_is_read);
    tcase_add_test(tests, hostfile_dense_report_has_its_end);
    tcase_add_test(tests, streams_with_wide_gaps_levels_and_remarks);
    tcase_add_test(tests, a_whole_report_in_one_record);
    tcase_add_test(tests, azure_monitor_events);
    tcase_add_test(tests, azure_monitor_events_say_why_a_call_failed);
    tcase_add_test(tests, glued_records_are_split);
    tcase_add_test(tests, stamps_in_source_text_stay_there);
    tcase_add_test(tests, stamps_in_messages_stay_there);
    tcase_add_test(tests, glued_culture_stamps);
    tcase_add_test(tests, any_logger_or_none);
    tcase_add_test(tests, wrapper_times_serve_where_the_line_has_none);
    tcase_add_test(tests, long_json_lines_are_joined);
    tcase_add_test(tests, parts_without_an_end_are_read_when_the_input_ends);
    tcase_add_test(tests, parts_without_an_end_may_hold_two_records);
    tcase_add_test(tests, cut_json_lines_are_damage);
    tcase_add_test(tests, objects_are_walked_and_unescaped);
    tcase_add_test(tests, log_objects_are_told_from_exports);
    tcase_add_test(tests, the_format_can_be_forced);
    suite_add_tcase(suite, tests);
    return suite;
}
