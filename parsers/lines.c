#include "parsers/lines.h"

#include "base/attributes.h"
#include "parsers/scan.h"

enum {
    ESC = 0x1b,
    STRETCH_BYTES = 4096,      /* so much is looked at at most before its lines are cut ... */
    STRETCH_BYTES_FIRST = 512, /* ... and so much at first, then twice as much: the handler may pause soon */
    AT_ONCE = 2,               /* marks of a block */
};

/* Programs that write CRLF where it is made of LF once more end lines in several. */
static Span without_return(Span text)
{
    while (text.len && text.ptr[text.len - 1] == '\r')
        text.len--;
    return text;
}

static void keep_partial(LineSplitter *s, const char *bytes, size_t len, bool plain)
{
    s->partial_plain = plain && (s->partial_plain || !s->partial_size);
    size_t room = LINE_BYTES_MAX - s->partial.len;
    buffer_append(&s->partial, bytes, len < room ? len : room);
    s->partial_size += len;
}

static void hand_over_partial(LineSplitter *s, bool terminated, LineHandler handler, void *ctx)
{
    uint64_t size = s->partial_size;
    Line line = {
        .text = without_return(buffer_span(&s->partial)),
        .number = ++s->count,
        .offset = s->offset - size,
        .terminated = terminated,
        .cut = size > LINE_BYTES_MAX,
        .plain = s->partial_plain,
        .bracketed = true,
    };
    s->partial_size = 0;
    handler(ctx, &line);
    buffer_clear(&s->partial);
}

/* Ends the line whose front came before; returns how many of the bytes it takes, all of them where it does not end in them. */
static size_t complete_partial(LineSplitter *s, const char *bytes, size_t len, LineHandler handler, void *ctx)
{
    const char *newline = memchr(bytes, '\n', len);
    size_t size = newline ? (size_t)(newline - bytes) : len;
    keep_partial(s, bytes, size, !memchr(bytes, ESC, size));
    s->offset += size;
    if (!newline)
        return size;
    hand_over_partial(s, true, handler, ctx);
    s->offset++;
    return size + 1;
}

/* Where new lines stand in a stretch of bytes, and between them brackets and escape characters but at the front of a line. */
typedef struct Stretch {
    uint16_t at[STRETCH_BYTES + AT_ONCE];
    size_t count;
} Stretch;

/*
 * Notes where `marks` are; returns how many are noted then. The first two are noted whether they are there or not: mostly there are
 * no more, and what need not be foreseen cannot be so wrongly.
 */
static ALWAYS_INLINE size_t note_marks(uint16_t *at, size_t count, uint64_t marks, size_t base)
{
    const uint64_t last = UINT64_C(1) << (SCAN_BLOCK - 1);
    for (int i = 0; i < AT_ONCE; i++) {
        at[count] = (uint16_t)(base + (size_t)__builtin_ctzll(marks | last));
        count += marks != 0;
        marks &= marks - 1;
    }
    for (; marks; marks &= marks - 1)
        at[count++] = (uint16_t)(base + (size_t)__builtin_ctzll(marks));
    return count;
}

/* The marks of what is less than a block. */
static NEVER_INLINE ScanMarks scan_rest(const char *bytes, size_t len)
{
    char block[SCAN_BLOCK] = {0};
    memcpy(block, bytes, len);
    return scan_block(block);
}

/* Finds the marks of a stretch; `fresh` when its first byte begins a line. Returns whether the next one does. */
static ALWAYS_INLINE bool mark_by(ScanMarks (*scan)(const char *), Stretch *stretch, const char *bytes, size_t len, bool fresh)
{
    uint64_t first_byte = fresh;
    size_t count = 0;
    for (size_t at = 0; at < len; at += SCAN_BLOCK) {
        ScanMarks marks = len - at < SCAN_BLOCK ? scan_rest(bytes + at, len - at) : scan(bytes + at);
        uint64_t inner = marks.odd & ~(marks.newlines << 1 | first_byte);
        first_byte = marks.newlines >> (SCAN_BLOCK - 1);
        count = note_marks(stretch->at, count, marks.newlines | inner, at);
    }
    stretch->count = count;
    return first_byte;
}

SCAN_WIDE static bool mark_stretch_wide(Stretch *stretch, const char *bytes, size_t len, bool fresh)
{
    return mark_by(scan_block_wide, stretch, bytes, len, fresh);
}

static bool mark_stretch(Stretch *stretch, const char *bytes, size_t len, bool fresh)
{
    return mark_by(scan_block, stretch, bytes, len, fresh);
}

/* What is being cut, and how far that is. */
typedef struct Cutting {
    LineSplitter *splitter;
    LineHandler handler;
    void *ctx;
    const char *bytes, *end; /* what was fed */
    const char *start;       /* the line that has not ended yet */
    unsigned odd;            /* what was found in it */
} Cutting;

enum { ODD_BRACKET = 1, ODD_ESCAPE = 2 };

/* What stands at `mark` and is no new line. Behind a bracket that matters stands a digit; the end of what was fed hides it. */
static unsigned odd_at(const char *mark, const char *end)
{
    if (*mark == ESC)
        return ODD_ESCAPE;
    return mark + 1 == end || (mark[1] >= '0' && mark[1] <= '9') ? ODD_BRACKET : 0;
}

/* Hands over the line from `start` to `newline`. */
static NEVER_INLINE void hand_over(const Cutting *c, const char *start, const char *newline, unsigned odd, bool shaped)
{
    LineSplitter *s = c->splitter;
    Span text = {start, (size_t)(newline - start)};
    bool plain = !(odd & ODD_ESCAPE) && *start != ESC;
    Line line = {
        .text = without_return(span_to(text, LINE_BYTES_MAX)),
        .number = s->count,
        .offset = s->offset + (uint64_t)(start - c->bytes),
        .terminated = true,
        .cut = text.len > LINE_BYTES_MAX,
        .plain = plain,
        .bracketed = !plain || (odd & ODD_BRACKET), /* without the sequence in between the digit may stand behind the bracket */
        .shaped = shaped,
    };
    c->handler(c->ctx, &line);
}

/* Hands over those lines that end in the stretch, but for what passes the sieve. */
static void cut_stretch(Cutting *c, const Stretch *stretch, const char *bytes)
{
    LineSplitter *s = c->splitter;
    Sieve *sieve = s->sieve;
    const char *start = c->start;
    unsigned odd = c->odd;
    for (size_t i = 0; i < stretch->count; i++) {
        const char *mark = bytes + stretch->at[i];
        if (*mark != '\n') {
            odd |= odd_at(mark, c->end);
            continue;
        }
        Span text = without_return((Span){start, (size_t)(mark - start)});
        bool shaped = sieve && shape_matches(&sieve->shape, text) && !(odd & ODD_ESCAPE) && mark - start <= LINE_BYTES_MAX;
        s->count++;
        if (!shaped || !sieve_lets_pass(sieve, text, c->end, odd & ODD_BRACKET, s->count))
            hand_over(c, start, mark, odd, shaped);
        start = mark + 1;
        odd = 0;
        if (s->paused)
            break;
    }
    c->start = start;
    c->odd = odd;
}

/*
 * All that matters of a stretch is found first, and lines are cut by its marks: that costs less than a search for each line, and
 * the processor foresees more of it.
 */
size_t lines_feed(LineSplitter *s, const char *bytes, size_t len, LineHandler handler, void *ctx)
{
    const char *rest = bytes, *end = bytes + len;
    s->paused = false;
    if (s->partial_size)
        rest += complete_partial(s, bytes, len, handler, ctx);
    Cutting c = {s, handler, ctx, rest, end, rest, 0};
    Stretch stretch;
    bool fresh = true, wide = !s->narrow && scan_can_be_wide();
    size_t size = STRETCH_BYTES_FIRST;
    for (const char *at = rest; at < end && !s->paused; at += size, size = size < STRETCH_BYTES ? 2 * size : STRETCH_BYTES) {
        size_t here = (size_t)(end - at) < size ? (size_t)(end - at) : size;
        fresh = (wide ? mark_stretch_wide : mark_stretch)(&stretch, at, here, fresh);
        cut_stretch(&c, &stretch, at);
    }
    if (!s->paused && c.start < end) {
        keep_partial(s, c.start, (size_t)(end - c.start), !(c.odd & ODD_ESCAPE) && *c.start != ESC);
        c.start = end;
    }
    s->offset += (size_t)(c.start - rest);
    return (size_t)(c.start - bytes);
}

void lines_skip(LineSplitter *s, size_t len, size_t count)
{
    s->count += count;
    s->offset += len;
}

void lines_finish(LineSplitter *s, LineHandler handler, void *ctx)
{
    if (s->partial_size)
        hand_over_partial(s, false, handler, ctx);
}

void lines_free(LineSplitter *s)
{
    buffer_free(&s->partial);
}
