#include "parsers/decoder.h"

#include <string.h>

#include "base/utf8.h"
#include "parsers/codepoint.h"

enum {
    PLAIN_BYTES = 4, /* that tell UTF-16 without a mark */
    OUT_BYTES = 8192,
};

static const struct Mark {
    unsigned char bytes[3];
    size_t len;
    Encoding encoding;
} marks[] = {
    {{0xef, 0xbb, 0xbf}, 3, ENCODING_UTF8},
    {{0xff, 0xfe}, 2, ENCODING_UTF16LE},
    {{0xfe, 0xff}, 2, ENCODING_UTF16BE},
};

enum { MARKS = sizeof marks / sizeof *marks };

/* The mark at the front of what was held back, NULL without one; `*maybe` when more bytes could make one. */
static const struct Mark *mark_of(const Decoder *d, bool *maybe)
{
    *maybe = false;
    for (size_t i = 0; i < MARKS; i++) {
        size_t common = d->head_len < marks[i].len ? d->head_len : marks[i].len;
        if (memcmp(d->head, marks[i].bytes, common) != 0)
            continue;
        if (common == marks[i].len)
            return &marks[i];
        *maybe = true;
    }
    return NULL;
}

/* What the places of the NUL bytes say; ENCODING_OPEN when they say nothing. */
static Encoding encoding_of_nuls(const unsigned char *bytes, size_t len)
{
    size_t nuls[2] = {0, 0};
    for (size_t i = 0; i < len; i++)
        nuls[i & 1] += bytes[i] == 0;
    if (nuls[0] == nuls[1])
        return ENCODING_OPEN;
    return nuls[1] > nuls[0] ? ENCODING_UTF16LE : ENCODING_UTF16BE;
}

static bool is_ascii(const unsigned char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (bytes[i] >= 0x80)
            return false;
    return true;
}

/* The encoding of what begins with these bytes behind a mark of UTF-16. */
static Encoding encoding_marked(Encoding mark, const unsigned char *body, size_t len)
{
    Encoding by_nuls = encoding_of_nuls(body, len);
    if (by_nuls != ENCODING_OPEN)
        return by_nuls;
    return len && is_ascii(body, len) && !memchr(body, 0, len) ? ENCODING_UTF8 : mark;
}

/* The same without a mark, or behind that of UTF-8: only a clear pattern counts. */
static Encoding encoding_plain(const unsigned char *body, size_t len)
{
    if (len < 2 || (body[0] == 0) == (body[1] == 0))
        return ENCODING_UTF8;
    if (len >= PLAIN_BYTES && ((body[0] == 0) != (body[2] == 0) || (body[1] == 0) != (body[3] == 0)))
        return ENCODING_UTF8;
    return encoding_of_nuls(body, 2);
}

/* Decides as soon as the first bytes allow it; `*skip` is the length of the mark. */
static Encoding encoding_of(const Decoder *d, bool ended, size_t *skip)
{
    bool maybe_mark;
    const struct Mark *mark = mark_of(d, &maybe_mark);
    if (maybe_mark && !mark && !ended)
        return ENCODING_OPEN;
    *skip = mark ? mark->len : 0;
    const unsigned char *body = d->head + *skip;
    size_t len = d->head_len - *skip;
    if (mark && mark->encoding != ENCODING_UTF8)
        return ended || d->head_len == DECODER_HEAD_MAX ? encoding_marked(mark->encoding, body, len) : ENCODING_OPEN;
    bool enough = len >= PLAIN_BYTES || (len >= 2 && body[0] && body[1]);
    return enough || ended ? encoding_plain(body, len) : ENCODING_OPEN;
}

/* One code unit; writes at most two code points. */
static size_t put_unit(Decoder *d, char *out, uint32_t unit)
{
    size_t len = 0;
    if (d->high && codepoint_is_low(unit)) {
        len = codepoint_put(out, codepoint_joined(d->high, unit));
        d->high = 0;
        return len;
    }
    if (d->high)
        len = codepoint_put(out, UTF8_REPLACEMENT);
    d->high = codepoint_is_high(unit) ? unit : 0;
    if (d->high)
        return len;
    return len + codepoint_put(out + len, codepoint_is_low(unit) ? UTF8_REPLACEMENT : unit);
}

static void decode_utf16(Decoder *d, const unsigned char *bytes, size_t len, DecodedHandler handler, void *ctx)
{
    char out[OUT_BYTES];
    size_t used = 0, at = 0;
    bool little = d->encoding == ENCODING_UTF16LE;
    while (at + !d->has_odd < len) {
        unsigned first = d->has_odd ? d->odd : bytes[at++];
        unsigned second = bytes[at++];
        unsigned unit = little ? first | second << 8 : first << 8 | second;
        d->has_odd = false;
        if (unit < 0x80 && !d->high)
            out[used++] = (char)unit;
        else
            used += put_unit(d, out + used, unit);
        if (used > OUT_BYTES - 2 * CODEPOINT_BYTES_MAX) {
            handler(ctx, out, used);
            used = 0;
        }
    }
    if (at < len) {
        d->odd = bytes[at];
        d->has_odd = true;
    }
    if (used)
        handler(ctx, out, used);
}

static void decode(Decoder *d, const char *bytes, size_t len, DecodedHandler handler, void *ctx)
{
    if (!len)
        return;
    if (d->encoding == ENCODING_UTF8)
        handler(ctx, bytes, len);
    else
        decode_utf16(d, (const unsigned char *)bytes, len, handler, ctx);
}

static void hand_over_head(Decoder *d, size_t skip, DecodedHandler handler, void *ctx)
{
    size_t len = d->head_len - skip;
    d->head_len = 0;
    d->mark = d->encoding == ENCODING_UTF8 ? skip : 0;
    decode(d, (const char *)d->head + skip, len, handler, ctx);
}

void decoder_feed(Decoder *d, const char *bytes, size_t len, DecodedHandler handler, void *ctx)
{
    while (d->encoding == ENCODING_OPEN && len) {
        size_t skip;
        d->head[d->head_len++] = (unsigned char)*bytes++;
        len--;
        d->encoding = encoding_of(d, false, &skip);
        if (d->encoding != ENCODING_OPEN)
            hand_over_head(d, skip, handler, ctx);
    }
    decode(d, bytes, len, handler, ctx);
}

void decoder_finish(Decoder *d, DecodedHandler handler, void *ctx)
{
    if (d->encoding == ENCODING_OPEN) {
        size_t skip;
        d->encoding = encoding_of(d, true, &skip);
        hand_over_head(d, skip, handler, ctx);
    }
    if (d->has_odd || d->high) {
        char out[CODEPOINT_BYTES_MAX];
        handler(ctx, out, codepoint_put(out, UTF8_REPLACEMENT));
    }
    *d = (Decoder){0};
}
