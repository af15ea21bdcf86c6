#include "ui/log_hits.h"

#include "base/clock.h"
#include "base/partition_point.h"
#include "ui/log_search.h"

enum { BLOCK = 64 << 10, LINES_AT_ONCE = 16 };

void log_hits_restart(LogHits *h)
{
    h->blocks.len = 0;
    h->at = h->total = 0;
    h->open = h->done = h->asked.known = false;
}

void log_hits_free(LogHits *h)
{
    vec_free(&h->blocks);
}

/* Hits in the lines that begin from `at` on and before `end`. */
static uint64_t count_between(LogLines *lines, const Pattern *pattern, uint64_t at, uint64_t end)
{
    uint64_t count = 0;
    for (LogLine line; at < end && log_line_at(lines, at, &line) && line.begin < end; at = line.next)
        count += pattern_matches(pattern, line.text);
    return count;
}

static uint64_t block_end(const LogHits *h, size_t block)
{
    return block + 1 < h->blocks.len ? h->blocks.items[block + 1].begin : h->at;
}

static uint64_t before_end(const LogHits *h, size_t block)
{
    return block + 1 < h->blocks.len ? h->blocks.items[block + 1].before : h->total;
}

void log_hits_hold(LogHits *h, LogLines *lines, const Pattern *pattern)
{
    uint64_t first = lines->extent.first;
    size_t gone = 0;
    if (h->at > lines->extent.end || (h->blocks.len && h->at < first)) /* another log, or faster than its lines were counted */
        log_hits_restart(h);
    if (!h->blocks.len || h->blocks.items[0].begin >= first)
        return;
    while (gone + 1 < h->blocks.len && h->blocks.items[gone + 1].begin <= first)
        gone++;
    h->blocks.len -= gone;
    memmove(h->blocks.items, h->blocks.items + gone, h->blocks.len * sizeof *h->blocks.items);
    h->blocks.items[0] = (HitBlock){first, before_end(h, 0) - count_between(lines, pattern, first, block_end(h, 0))};
    h->asked.known = false;
}

/* Counts the line at `at`, or a block without a hit; false at the end. */
static bool count_step(LogHits *h, LogLines *lines, const Pattern *pattern, uint64_t limit, uint64_t *tried)
{
    LogLine line;
    size_t barren = h->at >= *tried ? log_barren_bytes(lines, pattern, h->at, limit) : 0;
    h->open = false;
    if (barren) {
        h->at += barren;
        return true;
    }
    *tried = h->at >= *tried ? h->at + BLOCK : *tried;
    if (!log_line_at(lines, h->at, &line)) {
        h->at = limit > h->at ? limit : h->at;
        return false;
    }
    bool hit = pattern_matches(pattern, line.text);
    if (line.begin >= limit || (line.end == lines->extent.end && !line.ended)) {
        h->open = hit;
        h->at = line.begin < limit ? line.begin : h->at;
        return false;
    }
    h->total += hit;
    h->at = line.next < limit ? line.next : limit;
    return true;
}

bool log_hits_slice(LogHits *h, LogLines *lines, const Pattern *pattern, uint64_t limit, int64_t until_ns)
{
    uint64_t tried = 0;
    bool more = lines->extent.end > 0;
    if (!h->blocks.len) {
        h->at = lines->extent.first;
        vec_push(&h->blocks, (HitBlock){h->at, 0});
    }
    do {
        for (int i = 0; more && i < LINES_AT_ONCE; i++) {
            more = count_step(h, lines, pattern, limit, &tried);
            if (more && h->at - vec_last(&h->blocks).begin >= BLOCK)
                vec_push(&h->blocks, (HitBlock){h->at, h->total});
        }
    } while (more && clock_ns() < until_ns);
    h->done = !more;
    return more;
}

uint64_t log_hits_count(const LogHits *h)
{
    return h->blocks.len ? h->total - h->blocks.items[0].before + h->open : 0;
}

static uint64_t position_of(const LogHits *h, LogLines *lines, const Pattern *pattern, uint64_t begin)
{
    LogLine line;
    size_t block;
    if (!log_line_at(lines, begin, &line) || line.begin != begin || !pattern_matches(pattern, line.text))
        return 0;
    PARTITION_POINT(block, h->blocks.len, h->blocks.items[block].begin <= begin);
    if (!block)
        return 0;
    HitBlock from = h->blocks.items[block - 1];
    return from.before - h->blocks.items[0].before + count_between(lines, pattern, from.begin, begin) + 1;
}

uint64_t log_hits_position(LogHits *h, LogLines *lines, const Pattern *pattern, uint64_t begin)
{
    if (begin >= h->at)
        return h->open ? log_hits_count(h) : 0;
    if (!h->asked.known || h->asked.line != begin) {
        h->asked.line = begin;
        h->asked.position = position_of(h, lines, pattern, begin);
        h->asked.known = true;
    }
    return h->asked.position;
}
