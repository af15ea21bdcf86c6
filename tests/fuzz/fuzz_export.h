/* What the fuzz targets of exports share: reads the input whole and in pieces, and aborts when the two differ. */
#ifndef TESTS_FUZZ_FUZZ_EXPORT_H
#define TESTS_FUZZ_FUZZ_EXPORT_H

#include <stdlib.h>

#include "base/hash.h"
#include "model/invocation.h"
#include "model/report.h"
#include "parsers/parser.h"

typedef struct FuzzResult {
    uint64_t hash; /* of all that was read */
    ParserStats stats;
} FuzzResult;

static uint64_t fuzz_hash_report(const Model *m, const Report *r, uint64_t hash)
{
    uint64_t place = (uint64_t)report_time(m, r).ns ^ report_number(m, r, REPORT_OFFSET);
    hash = hash_pair(hash, place ^ (uint64_t)r->attribution << 56 ^ report_flags(m, r));
    hash = hash_pair(hash, (uint64_t)r->invocation << 32 | report_process(m, r));
    for (uint32_t i = 0; i < r->rows; i++) {
        ReportRow row = report_row(m, r, i);
        hash = hash_bytes(row.contents.ptr, row.contents.len, hash);
        hash = hash_pair(hash, (uint64_t)row.memory ^ (uint64_t)row.increment << 7 ^ (uint64_t)row.occurrences << 13 ^ row.line);
    }
    return hash;
}

static FuzzResult fuzz_read(const char *format, const char *bytes, size_t len, size_t piece)
{
    Model *m = model_new();
    Id source = model_source_add(m, SPAN("fuzz"));
    Parser *p = parser_new(format ? input_format_named(span_of(format)) : NULL, model_source_sink(m, source));
    FuzzResult result = {.hash = 0};
    for (size_t at = 0, n; at < len; at += n) {
        n = piece && piece < len - at ? piece : len - at;
        parser_feed(p, bytes + at, n);
    }
    parser_finish(p);
    result.stats = parser_stats(p);
    model_source_end(m, source);
    for (Id i = 0; i < m->reports.len; i++)
        result.hash = fuzz_hash_report(m, &m->reports.items[i], result.hash);
    for (Id i = 0; i < m->invocations.len; i++) {
        const Invocation *call = &m->invocations.items[i];
        result.hash = hash_pair(result.hash, (uint64_t)invocation_ended(m, call).ns ^ call->outcome);
    }
    parser_free(p);
    model_free(m);
    return result;
}

static int fuzz_export(const char *format, const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    /* the first byte says whether detection takes part, the second how long the pieces are */
    const char *forced = data[0] & 1 ? format : NULL;
    const char *bytes = (const char *)data + 2;
    FuzzResult whole = fuzz_read(forced, bytes, size - 2, 0), pieces = fuzz_read(forced, bytes, size - 2, 1 + data[1] % 64);
    if (whole.hash != pieces.hash || whole.stats.damaged != pieces.stats.damaged ||
        whole.stats.damaged_line != pieces.stats.damaged_line || whole.stats.lines != pieces.stats.lines ||
        whole.stats.bytes != pieces.stats.bytes || whole.stats.format != pieces.stats.format)
        abort();
    return 0;
}

#endif
