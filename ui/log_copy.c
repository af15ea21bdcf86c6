#include "ui/log_copy.h"

#include <inttypes.h>

enum {
    LINES_AT_ONCE = 16,
    SMALL_BYTES = 64 << 20, /* what is no longer than that may be in memory, from where it would be dropped */
};

typedef struct LogCopy {
    LogLines lines;
    Pattern *filter; /* or NULL */
    bool negated;
    uint64_t first, end; /* what is copied ... */
    uint64_t at;         /* ... and what comes next of it */
    uint64_t copied_to;  /* the end of what was copied last, and ... */
    bool parted;         /* ... whether what stands behind it is another line */
    uint64_t count;      /* lines */
    bool ended;          /* what was copied last ends with a newline, or is nothing */
    bool lost;
} LogCopy;

static uint64_t count_newlines(Span text)
{
    uint64_t count = 0;
    const char *at = text.ptr, *end = text.ptr + text.len;
    while (at < end && (at = memchr(at, '\n', (size_t)(end - at)))) {
        count++;
        at++;
    }
    return count;
}

static void append(LogCopy *c, Buffer *out, uint64_t begin, Span bytes)
{
    if (!c->ended && (c->parted || begin != c->copied_to)) { /* what stood behind it is left out, its newline with it */
        buffer_append_byte(out, '\n');
        c->count++;
    }
    buffer_append_span(out, bytes);
    c->count += count_newlines(bytes);
    c->ended = bytes.ptr[bytes.len - 1] == '\n';
    c->copied_to = begin + bytes.len;
    c->parted = false;
}

/* Each copies some more; false when nothing can be read. */

static bool copy_all(LogCopy *c, Buffer *out)
{
    Span bytes = log_bytes(&c->lines, c->at, (size_t)(c->end - c->at));
    if (!bytes.len)
        return false;
    append(c, out, c->at, bytes);
    c->at += bytes.len;
    return true;
}

static bool copy_passing(LogCopy *c, Buffer *out)
{
    LogLine line;
    for (int i = 0; i < LINES_AT_ONCE && c->at < c->end; i++) {
        if (!log_raw_line_at(&c->lines, c->at, &line))
            return false;
        if (pattern_matches(c->filter, line.text) != c->negated) {
            append(c, out, line.begin, (Span){line.text.ptr, (size_t)(line.end - line.begin)});
            c->parted = !line.cut; /* rows of a document need no newline, on the screen each is a line */
        }
        c->at = line.end;
    }
    return true;
}

/* The beginning may go meanwhile, and a file may be cut. */
static bool is_there(LogCopy *c)
{
    bool there = log_lines_refresh(&c->lines, false) && c->lines.extent.first <= c->at && c->lines.extent.end >= c->end;
    c->lines.extent.end = c->end;
    return there;
}

static bool more(void *ctx, Buffer *out, int64_t until_ns)
{
    LogCopy *c = ctx;
    c->lost = c->at < c->end && !is_there(c);
    while (!c->lost && c->at < c->end && portion_may_go_on(out, until_ns))
        c->lost = !(c->filter ? copy_passing(c, out) : copy_all(c, out));
    return !c->lost && c->at < c->end;
}

static int percent(const void *ctx)
{
    const LogCopy *c = ctx;
    return c->end > c->first ? (int)((double)(c->at - c->first) * 100.0 / (double)(c->end - c->first)) : 100;
}

static const char *lost(const void *ctx)
{
    return ((const LogCopy *)ctx)->lost ? "part of the log is not kept any more" : NULL;
}

static void append_count(const void *ctx, Buffer *out)
{
    const LogCopy *c = ctx;
    uint64_t count = c->count + !c->ended;
    buffer_printf(out, "%" PRIu64 " line%s", count, count == 1 ? "" : "s");
}

static void copy_free(void *ctx)
{
    LogCopy *c = ctx;
    log_lines_free(&c->lines);
    pattern_free(c->filter);
    free(c);
}

Portions log_copy(const LogLines *lines, Pattern *filter, bool negated)
{
    static const PortionsKind kind = {more, percent, lost, append_count, copy_free};
    UiLogExtent extent = lines->extent;
    LogCopy *c = alloc_zeroed(1, sizeof *c);
    c->lines = (LogLines){.host = lines->host, .source = lines->source};
    c->filter = filter;
    c->negated = negated;
    c->first = c->at = c->copied_to = extent.first;
    c->end = extent.end;
    c->ended = true;
    return (Portions){&kind, c, extent.end - extent.first <= SMALL_BYTES};
}
