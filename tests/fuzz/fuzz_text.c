/*
 * libFuzzer target: the whole text parser. tests/fuzz.sh builds and runs it.
 *
 * The first byte says into which pieces the rest is cut and which input format is forced. The same bytes in one piece must give the
 * same calls of the sink.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "parsers/parser.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { CUTS = 16 };

/* What the sink was told, as one number. */
typedef struct Digest {
    uint64_t value;
    uint64_t last_number;
} Digest;

static void mix(Digest *d, Span text)
{
    d->value = hash_pair(d->value, hash_bytes(text.ptr, text.len, text.len));
}

static void mix_number(Digest *d, uint64_t number)
{
    d->value = hash_pair(d->value, number);
}

static void require(bool holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "%s\n", what);
    abort();
}

static void take_record(void *ctx, const Record *record)
{
    Digest *d = ctx;
    require(record->number > d->last_number, "record numbers increase");
    d->last_number = record->number;
    mix_number(d, record->kind);
    mix_number(d, record->number);
    mix_number(d, record->offset);
    mix_number(d, (uint64_t)record_time(record).ns);
    mix(d, record->message);
    mix(d, record->function);
    mix(d, record->invocation);
    if (record->kind == RECORD_EXECUTING || record->kind == RECORD_EXECUTED) {
        mix(d, record->host.function);
        mix(d, record->host.id);
        mix_number(d, (uint64_t)record->host.duration_ms);
    }
}

static void report_opened(void *ctx, const ParsedReport *report)
{
    mix_number(ctx, report->id);
    mix_number(ctx, (uint64_t)report->time.ns);
}

static ReportProspect prospect(void *ctx, const ParsedReport *report)
{
    (void)ctx;
    return (ReportProspect)(report->id % 3);
}

static void report_closed(void *ctx, const ParsedReport *report)
{
    Digest *d = ctx;
    mix(d, buffer_span(&report->file));
    mix(d, buffer_span(&report->logger));
    mix(d, buffer_span(&report->function));
    mix(d, buffer_span(&report->invocation));
    mix_number(d, (uint64_t)report->dense << 4 | (uint64_t)report->ended << 3 | (uint64_t)report->truncated << 2 |
                      (uint64_t)report->interleaved << 1 | report->gap);
    for (size_t i = 0; i < report->rows.len; i++) {
        const ProfilerRow *row = &report->rows.items[i].row;
        require(i == 0 || row->line > report->rows.items[i - 1].row.line, "line numbers increase");
        mix_number(d, row->line);
        mix_number(d, (uint64_t)row->memory);
        mix_number(d, (uint64_t)row->increment);
        mix_number(d, (uint64_t)row->occurrences);
        mix(d, parsed_report_contents(report, i));
    }
}

static bool prints(void *ctx, Span function, const ParsedReport *report)
{
    (void)ctx;
    (void)report;
    return function.len % 2;
}

static uint64_t digest_of(const InputFormat *format, const uint8_t *data, size_t size, unsigned cut)
{
    Digest digest = {0};
    Parser *parser = parser_new(format, (ReportSink){&digest, take_record, report_opened, prospect, prints, report_closed});
    uint64_t seed = cut;
    for (size_t at = 0, piece; at < size; at += piece) {
        seed = hash_pair(seed, at);
        piece = cut == 0 ? size : cut < 4 ? cut : 1 + seed % (1u << cut % 12);
        if (piece > size - at)
            piece = size - at;
        char *copy = malloc(piece);
        require(copy != NULL, "memory");
        memcpy(copy, data + at, piece);
        parser_feed(parser, copy, piece);
        free(copy);
    }
    parser_finish(parser);
    ParserStats stats = parser_stats(parser);
    mix_number(&digest, stats.bytes);
    mix_number(&digest, stats.lines);
    mix_number(&digest, stats.damaged);
    mix(&digest, span_of(stats.format));
    parser_free(parser);
    return digest.value;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!size)
        return 0;
    size_t formats = 0;
    while (input_formats[formats].name)
        formats++;
    size_t forced = data[0] / CUTS;
    const InputFormat *format = forced < formats ? &input_formats[forced] : NULL;
    uint64_t whole = digest_of(format, data + 1, size - 1, 0);
    require(digest_of(format, data + 1, size - 1, data[0] % CUTS) == whole, "pieces do not matter");
    return 0;
}
