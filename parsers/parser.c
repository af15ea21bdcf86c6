#include "parsers/parser.h"

#include <stdlib.h>

#include "parsers/assembler.h"
#include "parsers/decoder.h"
#include "parsers/detect.h"
#include "parsers/export_reader.h"
#include "parsers/lines.h"
#include "parsers/text_reader.h"

enum { RUN_WAIT_FIRST = 2, RUN_WAIT_TIMES = 4, RUN_WAIT_MAX = 64 };

struct Parser {
    Decoder decoder;
    LineSplitter lines;
    TextReader text;
    ExportReader *export; /* NULL for text */
    Assembler *assembler;
    unsigned run_left; /* rows that are passed before it is tried again whether those behind make a run ... */
    unsigned run_wait; /* ... and how many these were at the last time */
    bool told;         /* it is known whether the input is text or an export */
    Buffer head;       /* its first bytes until then, decoded */
    size_t tried;      /* how many of them detection has seen */
    uint64_t marks;    /* bytes of byte order marks, which are no text, before the present decoder */
};

/* Whether the rows behind that one may make a run. Each try in vain makes tries rarer, until another report begins. */
static bool is_worth_a_try(Parser *p, const Record *record)
{
    if (record->kind != RECORD_PROFILER || record->profiler.piece != PROFILER_ROW) {
        p->run_left = p->run_wait = 0;
        return false;
    }
    if (!assembler_has_sole_taker(p->assembler))
        return false;
    return p->run_left ? (p->run_left--, false) : true;
}

static void note_try(Parser *p, size_t rows)
{
    unsigned longer = p->run_wait * RUN_WAIT_TIMES + RUN_WAIT_FIRST;
    p->run_wait = rows ? 0 : longer < RUN_WAIT_MAX ? longer : RUN_WAIT_MAX;
    p->run_left = p->run_wait;
}

static void on_record(void *ctx, Record *record)
{
    Parser *p = ctx;
    assembler_record(p->assembler, record);
    p->lines.paused |= is_worth_a_try(p, record);
}

static void on_line(void *ctx, const Line *line)
{
    Parser *p = ctx;
    text_reader_line(&p->text, line);
}

/* Gives the rows of the run to the report that it is about. */
static void hand_over_run(Parser *p, const RowRun *run, const char *bytes)
{
    uint64_t before = p->text.records;
    Span stamp = {run->last_at + p->text.usual.stamp_at, p->text.usual.stamp_len};
    Record last = {
        .kind = RECORD_PROFILER,
        .number = before + run->last,
        .offset = p->lines.offset + (uint64_t)(run->last_at - bytes),
        .stamp = stamp,
        .time = p->text.usual.time,
        .prefixed = true,
    };
    assembler_took_rows(p->assembler, run->rows, &last, run->last_but_one ? before + run->last_but_one : 0);
}

/* Takes the lines that are rows as they were expected; returns how many bytes these are. */
static size_t take_run(Parser *p, RowRun *run, const char *bytes, size_t len)
{
    size_t taken = row_run_take(run, (Span){bytes, len});
    if (run->rows)
        hand_over_run(p, run, bytes);
    if (run->lines)
        text_reader_skip(&p->text, run->lines, run->blank_at);
    lines_skip(&p->lines, taken, run->lines);
    return taken;
}

/* The same where rows are expected at all. */
static size_t take_rows(Parser *p, const char *bytes, size_t len)
{
    RowRun run = {.rows = 0};
    size_t taken = 0;
    if (assembler_has_sole_taker(p->assembler) && text_reader_expects_rows(&p->text) &&
        assembler_expect_rows(p->assembler, &p->text.sieve.shape, &run))
        taken = take_run(p, &run, bytes, len);
    note_try(p, run.rows);
    return taken;
}

static void read_text(Parser *p, const char *bytes, size_t len)
{
    for (size_t at = 0; at < len;) {
        at += lines_feed(&p->lines, bytes + at, len - at, on_line, p);
        text_reader_passed(&p->text, p->lines.count);
        if (at < len)
            at += take_rows(p, bytes + at, len - at);
    }
}

static void end_lines(Parser *p)
{
    lines_finish(&p->lines, on_line, p);
    text_reader_finish(&p->text);
}

static void set_kind(Parser *p, InputKind kind)
{
    p->told = true;
    if (kind != INPUT_TEXT)
        p->export = export_reader_new(kind, (RecordSink){p, on_record});
}

Parser *parser_new(const InputFormat *format, ReportSink sink)
{
    Parser *p = alloc_zeroed(1, sizeof *p);
    p->assembler = assembler_new(sink);
    p->text.sink = (RecordSink){p, on_record};
    p->lines.sieve = text_reader_sieve(&p->text);
    if (format)
        set_kind(p, format->kind);
    if (format && format->kind == INPUT_TEXT)
        p->text.forced = format;
    return p;
}

static void read_decoded(Parser *p, const char *bytes, size_t len)
{
    if (p->export)
        export_reader_feed(p->export, bytes, len);
    else
        read_text(p, bytes, len);
}

/* Finds out what the input is, if `head` tells, and reads that. */
static void detect(Parser *p, bool whole)
{
    static const InputKind kinds[] = {[DETECT_TEXT] = INPUT_TEXT, [DETECT_JSON] = INPUT_JSON, [DETECT_CSV] = INPUT_CSV};
    DetectResult result = detect_input(buffer_span(&p->head), whole);
    p->tried = p->head.len;
    if (result == DETECT_MORE)
        return;
    set_kind(p, kinds[result]);
    if (p->head.len)
        read_decoded(p, p->head.data, p->head.len);
    buffer_free(&p->head);
}

/* Asks again when a line ended, or when there is an eighth more than at the last time: so that single bytes cost no more. */
static bool is_worth_asking(const Parser *p, const char *bytes, size_t len)
{
    return memchr(bytes, '\n', len) || p->head.len >= p->tried + p->tried / 8 || p->head.len >= DETECT_BYTES_MAX;
}

static void on_decoded(void *ctx, const char *bytes, size_t len)
{
    Parser *p = ctx;
    if (p->told) {
        read_decoded(p, bytes, len);
        return;
    }
    buffer_append(&p->head, bytes, len);
    if (is_worth_asking(p, bytes, len))
        detect(p, false);
}

void parser_feed(Parser *p, const char *bytes, size_t len)
{
    if (len)
        decoder_feed(&p->decoder, bytes, len, on_decoded, p);
}

bool parser_settle(Parser *p, bool long_silence)
{
    if (p->export)
        export_reader_settle(p->export);
    return assembler_settle(p->assembler, long_silence);
}

bool parser_is_in_line(const Parser *p)
{
    return !p->export && p->lines.partial_size > 0;
}

void parser_hurry(Parser *p)
{
    assembler_hurry(p->assembler);
}

/*
 * Reads what is left of an input that has ended, or of one that another takes the place of. False when that takes longer than
 * `end_ns`.
 */
static bool read_rest(Parser *p, int64_t end_ns)
{
    p->marks += p->decoder.mark;
    decoder_finish(&p->decoder, on_decoded, p);
    if (!p->told)
        detect(p, true);
    if (p->export)
        return export_reader_finish(p->export, end_ns);
    end_lines(p);
    return true;
}

void parser_restart(Parser *p)
{
    if (!p->told && !p->head.len && !p->decoder.head_len)
        return;
    read_rest(p, INT64_MAX);
    uint64_t number = p->export ? export_reader_number(p->export) : ++p->text.records;
    Record restart = {.kind = RECORD_WORKER_STARTED, .number = number};
    assembler_record(p->assembler, &restart);
}

bool parser_finish_until(Parser *p, int64_t end_ns)
{
    if (!read_rest(p, end_ns))
        return false;
    assembler_finish(p->assembler);
    return true;
}

void parser_finish(Parser *p)
{
    parser_finish_until(p, INT64_MAX);
}

static ParserStats stats_of_export(const Parser *p)
{
    Damage damage = export_reader_damage(p->export);
    return (ParserStats){
        .format = export_reader_format(p->export),
        .bytes = export_reader_bytes(p->export) + p->marks + p->decoder.mark,
        .lines = export_reader_lines(p->export),
        .damaged = damage.count,
        .damaged_line = damage.line,
        .damage = damage.what,
    };
}

ParserStats parser_stats(const Parser *p)
{
    if (p->export)
        return stats_of_export(p);
    const InputFormat *format = text_reader_format(&p->text);
    return (ParserStats){
        .format = format ? format->name : NULL,
        .bytes = p->lines.offset + p->head.len + p->marks + p->decoder.mark,
        .lines = p->lines.count,
        .damaged = p->text.damaged,
        .damaged_line = p->text.damaged_line,
        .damage = p->text.damage,
    };
}

void parser_free(Parser *p)
{
    if (!p)
        return;
    assembler_free(p->assembler);
    export_reader_free(p->export);
    lines_free(&p->lines);
    text_reader_free(&p->text);
    buffer_free(&p->head);
    free(p);
}
