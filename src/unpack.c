#include "src/unpack.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include <archive.h>
#include <archive_entry.h>
#include <zlib.h>

#include "base/alloc.h"
#include "base/utf8.h"
#include "src/gunzip.h"
#include "src/packed.h"

enum {
    NAME_BYTES_MAX = 400,  /* of a member, as people are shown it */
    NAMES_SHOWN = 3,       /* of the members that are skipped for one reason */
    PROBLEMS_MAX = 20,     /* that are told one by one */
    STANDSTILL_MAX = 1000, /* headers that cannot be read, without a byte of progress */
    RETRIES_MAX = 100,
    REOPENINGS_MAX = 20,
    EXCESSES_MAX = 4, /* members without measure, before the archive is given up */
    TEXT_PROBE = 4096,
};

const UnpackLimits unpack_limits = {
    .log_bytes = UINT64_C(64) << 30,
    .ratio = 1000, /* real logs reach 100 */
    .ratio_from = UINT64_C(256) << 20,
    .logs = 10000,
};

#define GZIP_MAGIC SPAN("\x1f\x8b\x08")

typedef enum Skip { SKIP_ENCRYPTED, SKIP_NESTED, SKIP_BINARY, SKIP_HUGE, SKIP_SPECIAL, SKIPS } Skip;

/* One, and more of them. */
static const char *const skip_words[SKIPS][2] = {
    [SKIP_ENCRYPTED] = {"encrypted member", "encrypted members"},
    [SKIP_NESTED] = {"member that is packed itself", "members that are packed themselves"},
    [SKIP_BINARY] = {"member that is no text", "members that are no text"},
    [SKIP_HUGE] = {"member that is too large", "members that are too large"},
    [SKIP_SPECIAL] = {"link or device", "links or devices"},
};

typedef struct Skipped {
    uint64_t count;
    Buffer names; /* of the first few */
} Skipped;

typedef enum Place {
    AT_START,   /* nothing was opened */
    AT_HEADER,  /* between two members */
    AT_LOG,     /* nothing of the member's data was read */
    IN_LOG,     /* something of it was handed over */
    AT_SUMMARY, /* what was skipped is still to be said */
    AT_END,
} Place;

struct Unpacker {
    UnpackInput input;
    UnpackLimits limits;
    struct archive *archive;
    struct archive_entry *entry; /* the archive's */
    Gunzip *gunzip;              /* NULL unless the input is gzip */
    Place place;
    bool forwards; /* no seeking */
    bool fatal;    /* libarchive goes no further */
    bool single;   /* the input is one log */
    bool gzip_told;
    Buffer head;                        /* what the input began with */
    Span pushed;                        /* the part of it that is to be read again */
    uint64_t at;                        /* offset in the input behind what libarchive has */
    uint64_t packed;                    /* bytes taken from the input */
    uint64_t out;                       /* bytes made of it */
    uint64_t packed_before, out_before; /* the member */
    uint64_t given_up;                  /* the part of `out` that was without measure */
    uint64_t given;                     /* bytes handed over */
    uint64_t logs;
    Span left;  /* of libarchive's latest block, not yet copied */
    int result; /* what comes behind that */
    Buffer name, problem, warning, reason;
    bool told; /* `problem` was handed over */
    unsigned problems;
    unsigned excesses;
    unsigned reopened;
    uint64_t headers; /* that were read */
    uint64_t untold;  /* problems beyond PROBLEMS_MAX */
    unsigned bad;     /* what could not be read, though it should be */
    Skipped skipped[SKIPS];
};

/* Names and texts. */

/* Controls, and what turns the direction of a line or breaks it. */
static bool is_unsafe(uint32_t code)
{
    return code < 0x20 || (code >= 0x7f && code < 0xa0) || (code >= 0x200e && code <= 0x200f) ||
           (code >= 0x2028 && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069) || code == 0xfeff;
}

static void append_safe(Buffer *out, Span text)
{
    uint32_t code;
    while (text.len) {
        size_t len = utf8_next(text, &code);
        if (!len || is_unsafe(code))
            buffer_append_span(out, SPAN("\xef\xbf\xbd"));
        else
            buffer_append(out, text.ptr, len);
        text = span_from(text, len ? len : utf8_skip_invalid(text));
    }
}

/* The end of a long path tells more than its beginning. */
static Span name_end(Span name)
{
    Span end = span_from(name, name.len > NAME_BYTES_MAX ? name.len - NAME_BYTES_MAX : 0);
    while (end.len && end.len < name.len && ((uint8_t)*end.ptr & 0xc0) == 0x80)
        end = span_from(end, 1);
    return end;
}

static void read_name(Unpacker *u)
{
    const char *path = archive_entry_pathname_utf8(u->entry);
    if (!path)
        path = archive_entry_pathname(u->entry);
    Span name = span_of(path), end = name_end(name);
    buffer_clear(&u->name);
    if (end.len < name.len)
        buffer_append_span(&u->name, SPAN("\xe2\x80\xa6"));
    append_safe(&u->name, end);
    if (!u->name.len)
        buffer_append_span(&u->name, SPAN("a member without a name"));
}

/* The libraries have many words for the most common damage; among them zlib's and liblzma's that they make no progress. */
static bool says_truncated(Span error)
{
    return span_find(error, SPAN("runcated")) >= 0 || span_find(error, SPAN("ZIP decompression failed (-5)")) >= 0 ||
           span_find(error, SPAN("No progress")) >= 0;
}

static Span library_error(const Unpacker *u)
{
    const char *text = u->archive ? archive_error_string(u->archive) : NULL;
    Span error = text ? span_of(text) : SPAN("libarchive does not say why");
    if (says_truncated(error))
        return SPAN("its end is missing");
    while (error.len && (error.ptr[error.len - 1] == '\n' || error.ptr[error.len - 1] == ' '))
        error.len--;
    return error;
}

/* Why libarchive stopped. What is wrong with the bytes below it is the better reason for all that follows from it. */
static void find_reason(Unpacker *u)
{
    const char *gzip = u->gunzip ? gunzip_error(u->gunzip) : NULL;
    u->gzip_told |= gzip != NULL;
    buffer_clear(&u->reason);
    if (gzip)
        buffer_append_span(&u->reason, span_of(gzip));
    else if (u->warning.len)
        buffer_append_span(&u->reason, buffer_span(&u->warning));
    else
        append_safe(&u->reason, library_error(u));
}

static void keep_warning(Unpacker *u)
{
    if (!u->warning.len)
        append_safe(&u->warning, library_error(u));
}

/* A sentence to be handed over, unless there were too many. A damage of what is one log is told at the end if nothing came before
 * it. */
static void tell(Unpacker *u, const char *what, const char *rest)
{
    u->bad++;
    if (u->problems >= PROBLEMS_MAX) {
        u->untold++;
        return;
    }
    u->problems++;
    buffer_append(&u->problem, "; ", u->problem.len ? 2 : 0);
    if (!u->single && u->name.len)
        buffer_printf(&u->problem, "%s: ", buffer_text(&u->name));
    buffer_printf(&u->problem, "%s%s", what, rest);
}

static void tell_damage(Unpacker *u)
{
    bool kept = u->place == IN_LOG;
    find_reason(u);
    if (u->single && !u->given) {
        u->bad++;
        return;
    }
    Buffer what = {0};
    buffer_printf(&what, "damaged (%s); ", buffer_text(&u->reason));
    tell(u, buffer_text(&what), kept ? "what could be read of it is kept" : "nothing of it could be read");
    buffer_free(&what);
}

static void skip(Unpacker *u, Skip why)
{
    Skipped *s = &u->skipped[why];
    if (s->count++ >= NAMES_SHOWN)
        return;
    buffer_append(&s->names, ", ", s->names.len ? 2 : 0);
    buffer_append_span(&s->names, buffer_span(&u->name));
}

static void tell_skipped(Unpacker *u)
{
    uint64_t count = 0;
    Buffer *out = &u->problem;
    for (int i = 0; i < SKIPS; i++) {
        Skipped *s = &u->skipped[i];
        if (!s->count)
            continue;
        buffer_printf(out, "%s%" PRIu64 " %s (%s%s)", count ? ", " : "skipped ", s->count, skip_words[i][s->count > 1],
                      buffer_text(&s->names), s->count > NAMES_SHOWN ? ", \xe2\x80\xa6" : "");
        count += s->count;
    }
    u->bad += (unsigned)(u->skipped[SKIP_ENCRYPTED].count > 0);
    if (u->untold)
        buffer_printf(out, "%s%" PRIu64 " more damages", count ? ", " : "", u->untold);
}

/* What libarchive reads from. */

static size_t read_input(Unpacker *u, const char **data)
{
    if (u->pushed.len) {
        Span pushed = u->pushed;
        u->pushed = (Span){0};
        *data = pushed.ptr;
        return pushed.len;
    }
    size_t len = u->input.read(u->input.ctx, data);
    u->packed += len;
    return len;
}

static size_t read_for_gunzip(void *ctx, const char **data)
{
    return read_input(ctx, data);
}

static la_ssize_t on_read(struct archive *archive, void *ctx, const void **data)
{
    Unpacker *u = ctx;
    const char *bytes = NULL;
    (void)archive;
    size_t len = u->gunzip ? gunzip_read(u->gunzip, &bytes) : read_input(u, &bytes);
    *data = bytes;
    u->at += len;
    return (la_ssize_t)len;
}

static uint64_t seek_target(const Unpacker *u, la_int64_t offset, int whence)
{
    int64_t base = whence == SEEK_CUR ? (int64_t)u->at : whence == SEEK_END ? (int64_t)u->input.size : 0;
    int64_t target = 0;
    if (__builtin_add_overflow(base, offset, &target) || target < 0)
        return 0;
    return (uint64_t)target < u->input.size ? (uint64_t)target : u->input.size;
}

static la_int64_t on_seek(struct archive *archive, void *ctx, la_int64_t offset, int whence)
{
    Unpacker *u = ctx;
    (void)archive;
    u->at = seek_target(u, offset, whence);
    u->pushed = (Span){0};
    u->input.seek(u->input.ctx, u->at);
    return (la_int64_t)u->at;
}

/* Other formats than these are not asked for: every one more is code that strangers' bytes run through. */
static void choose_formats(struct archive *a)
{
    archive_read_support_filter_gzip(a);
    archive_read_support_filter_bzip2(a);
    archive_read_support_filter_xz(a);
    archive_read_support_filter_zstd(a);
    archive_read_support_format_tar(a);
    archive_read_support_format_zip(a);
    archive_read_support_format_raw(a);
    archive_read_support_format_empty(a);
}

static bool open_archive(Unpacker *u)
{
    u->archive = archive_read_new();
    if (!u->archive)
        return false;
    choose_formats(u->archive);
    archive_read_set_callback_data(u->archive, u);
    archive_read_set_read_callback(u->archive, on_read);
    if (!u->forwards)
        archive_read_set_seek_callback(u->archive, on_seek);
    return archive_read_open1(u->archive) >= ARCHIVE_WARN;
}

static void open_input(Unpacker *u)
{
    const char *data = NULL;
    for (size_t len = 1; len && u->head.len < GZIP_MAGIC.len;) {
        len = read_input(u, &data);
        buffer_append(&u->head, data, len);
    }
    u->pushed = buffer_span(&u->head);
    if (span_starts(u->pushed, GZIP_MAGIC))
        u->gunzip = gunzip_new((UnpackInput){.ctx = u, .read = read_for_gunzip});
    u->forwards = u->gunzip || !u->input.seek;
    u->fatal = !open_archive(u);
    if (u->fatal)
        find_reason(u);
    u->bad += u->fatal;
}

static bool open_again(Unpacker *u)
{
    archive_read_free(u->archive);
    u->at = 0;
    u->input.seek(u->input.ctx, 0);
    return open_archive(u);
}

/* A zip whose list of members at the end is damaged may still be read from its beginning. */
static bool open_forwards(Unpacker *u)
{
    if (u->forwards)
        return false;
    u->forwards = true;
    return open_again(u);
}

/* libarchive goes no further behind damaged data; but where it can seek, the members behind can be found again. */
static bool open_behind(Unpacker *u)
{
    bool zip = (archive_format(u->archive) & ARCHIVE_FORMAT_BASE_MASK) == ARCHIVE_FORMAT_ZIP;
    if (u->forwards || !zip || u->reopened++ >= REOPENINGS_MAX || !open_again(u))
        return false;
    for (uint64_t i = 0; i < u->headers; i++)
        if (archive_read_next_header(u->archive, &u->entry) < ARCHIVE_WARN)
            return false;
    return true;
}

/* Limits. */

static bool is_too_dense(const Unpacker *u, uint64_t out, uint64_t packed)
{
    return out > u->limits.ratio_from && out / u->limits.ratio > packed;
}

/* What all of it makes, less what was given up. Members of a zip may share their packed bytes, so these count once. */
static bool is_all_too_dense(const Unpacker *u)
{
    return is_too_dense(u, u->out - u->given_up, u->packed < u->input.size ? u->packed : u->input.size);
}

static const char *find_excess(const Unpacker *u)
{
    uint64_t out = u->out - u->out_before;
    if (out > u->limits.log_bytes)
        return "it is too large";
    if (is_too_dense(u, out, u->packed - u->packed_before) || is_all_too_dense(u))
        return "it unpacks to far more than any log would";
    return NULL;
}

/* Only where it costs nothing to step over the rest of a member does reading go on behind it. */
static bool costs_to_skip(const Unpacker *u)
{
    return u->gunzip || archive_filter_count(u->archive) > 1;
}

static bool stop_at_excess(Unpacker *u)
{
    const char *excess = find_excess(u);
    if (!excess)
        return false;
    buffer_clear(&u->reason);
    buffer_printf(&u->reason, "not read to its end: %s", excess);
    tell(u, buffer_text(&u->reason), "");
    u->given_up += u->out - u->out_before;
    u->out_before = u->out;
    u->fatal = u->single || costs_to_skip(u) || ++u->excesses >= EXCESSES_MAX || is_all_too_dense(u);
    return true;
}

/* Members. */

/* Reads libarchive's next block; `result` is not ARCHIVE_OK when there is none. A warning comes with a block: a sum is wrong. */
static void read_block(Unpacker *u)
{
    const void *block = NULL;
    size_t len = 0;
    la_int64_t offset;
    int r = ARCHIVE_RETRY;
    for (int i = 0; i < RETRIES_MAX && r == ARCHIVE_RETRY; i++)
        r = archive_read_data_block(u->archive, &block, &len, &offset);
    if (r == ARCHIVE_WARN)
        keep_warning(u);
    u->result = r == ARCHIVE_WARN ? ARCHIVE_OK : r;
    u->left = u->result == ARCHIVE_OK && block ? (Span){block, len} : (Span){0};
    u->out += u->left.len;
}

/* Fills `room` with what comes next of the member. */
static size_t read_data(Unpacker *u, char *room, size_t size)
{
    size_t len = 0;
    while (len < size) {
        if (!u->left.len && u->result == ARCHIVE_OK)
            read_block(u);
        if (!u->left.len && u->result != ARCHIVE_OK)
            break;
        Span now = span_to(u->left, size - len);
        if (!now.len)
            continue;
        memcpy(room + len, now.ptr, now.len);
        len += now.len;
        u->left = span_from(u->left, now.len);
    }
    return len;
}

/* Steps over the rest of a member; where that means to unpack it, within the limits. */
static void leave_member(Unpacker *u)
{
    u->place = AT_HEADER;
    while (costs_to_skip(u) && u->result == ARCHIVE_OK && !u->fatal) {
        read_block(u);
        stop_at_excess(u);
    }
    u->left = (Span){0};
    if (u->result == ARCHIVE_FATAL && !u->fatal)
        u->fatal = !open_behind(u);
}

/* UTF-16 has a NUL for every character of ASCII, at the same side of each pair. */
static bool is_utf16(Span text)
{
    size_t nuls[2] = {0};
    if (span_starts(text, SPAN("\xff\xfe")) || span_starts(text, SPAN("\xfe\xff")))
        return true;
    for (size_t i = 0; i < text.len; i++)
        nuls[i % 2] += !text.ptr[i];
    return (!nuls[0] || !nuls[1]) && nuls[0] + nuls[1] > text.len / 4;
}

static bool is_text(Span head)
{
    Span probe = span_to(head, TEXT_PROBE);
    return !memchr(head.ptr, 0, head.len) || is_utf16(probe);
}

/* What the header alone says against a member; SKIPS: nothing. */
static Skip judge_header(const Unpacker *u)
{
    struct archive_entry *e = u->entry;
    if (archive_entry_is_encrypted(e))
        return SKIP_ENCRYPTED;
    if (archive_entry_filetype(e) != AE_IFREG || archive_entry_hardlink(e) || archive_entry_symlink(e))
        return SKIP_SPECIAL;
    if (archive_entry_size_is_set(e) && (uint64_t)archive_entry_size(e) > u->limits.log_bytes)
        return SKIP_HUGE;
    return SKIPS;
}

static Skip judge_head(Span head)
{
    if (packed_sniff(head) == PACKED_YES)
        return SKIP_NESTED;
    return is_text(head) ? SKIPS : SKIP_BINARY;
}

static void enter_member(Unpacker *u)
{
    u->headers++;
    u->single = (archive_format(u->archive) & ARCHIVE_FORMAT_BASE_MASK) == ARCHIVE_FORMAT_RAW;
    u->packed_before = u->single ? 0 : u->packed;
    u->out_before = u->out;
    u->result = ARCHIVE_OK;
    u->left = (Span){0};
    buffer_clear(&u->warning);
    u->place = AT_LOG;
    if (u->single)
        return;
    read_name(u);
    Skip why = judge_header(u);
    if (why == SKIPS)
        return;
    if (archive_entry_filetype(u->entry) != AE_IFDIR)
        skip(u, why);
    leave_member(u);
}

/* Where no header can be read, the name is still that of the member before. */
static void fail_at_header(Unpacker *u)
{
    buffer_clear(&u->name);
    find_reason(u);
    if (u->given || u->problems || u->logs)
        tell(u, "damaged, what follows could not be read: ", buffer_text(&u->reason));
    else
        u->bad++;
}

/* The next header that can be read; what is between it and the one before is damaged. */
static int find_header(Unpacker *u)
{
    int r = archive_read_next_header(u->archive, &u->entry);
    if (r != ARCHIVE_FAILED && r != ARCHIVE_RETRY)
        return r;
    buffer_clear(&u->name);
    find_reason(u);
    tell(u, "a part cannot be read: ", buffer_text(&u->reason));
    uint64_t at = u->at;
    for (int i = 0; i < STANDSTILL_MAX && (r == ARCHIVE_FAILED || r == ARCHIVE_RETRY); i++) {
        r = archive_read_next_header(u->archive, &u->entry);
        i = u->at == at ? i : 0;
        at = u->at;
    }
    return r;
}

static void read_header(Unpacker *u)
{
    int r = find_header(u);
    if (r == ARCHIVE_OK || r == ARCHIVE_WARN) {
        enter_member(u);
        return;
    }
    if (r != ARCHIVE_EOF && !u->logs && !u->given && !u->bad && open_forwards(u))
        return;
    if (r != ARCHIVE_EOF)
        fail_at_header(u);
    u->place = AT_SUMMARY;
}

/* Reading a log. */

static void end_log(Unpacker *u)
{
    bool lost = !u->single && u->result == ARCHIVE_FATAL;
    bool damaged = u->result != ARCHIVE_EOF || u->warning.len || (u->single && u->gunzip && gunzip_error(u->gunzip));
    if (damaged)
        tell_damage(u);
    leave_member(u);
    if (lost && u->fatal && u->problem.len)
        buffer_append_span(&u->problem, SPAN(", and nothing behind it can be read"));
}

static bool give(Unpacker *u, UnpackPiece *piece, size_t len)
{
    *piece = (UnpackPiece){.step = UNPACK_BYTES, .len = len, .begins = u->place == AT_LOG};
    if (piece->begins && !u->single)
        piece->name = buffer_text(&u->name);
    u->logs += piece->begins;
    u->given += len;
    u->place = IN_LOG;
    return true;
}

/* True when `piece` is one. */
static bool read_log(Unpacker *u, char *room, size_t size, UnpackPiece *piece)
{
    size_t len = read_data(u, room, size);
    if (!len) {
        end_log(u);
        return false;
    }
    Skip why = u->place == AT_LOG && !u->single ? judge_head((Span){room, len}) : SKIPS;
    if (why != SKIPS) {
        skip(u, why);
        leave_member(u);
        return false;
    }
    if (u->place == AT_LOG && u->logs >= u->limits.logs) {
        buffer_clear(&u->name);
        tell(u, "too many members", "; the others are not read");
        u->place = AT_SUMMARY;
        return false;
    }
    give(u, piece, len);
    if (stop_at_excess(u))
        leave_member(u);
    return true;
}

/* The sum of gzip data stands at its very end, behind all that a tar reads. */
static void check_gzip(Unpacker *u)
{
    const char *data;
    if (!u->gunzip || u->fatal)
        return;
    buffer_clear(&u->name);
    u->out_before = u->out;
    u->packed_before = u->packed;
    for (size_t len = 1; len && !find_excess(u); u->out += len)
        len = gunzip_read(u->gunzip, &data);
    if (gunzip_error(u->gunzip) && !u->gzip_told) {
        find_reason(u);
        if (u->given)
            tell(u, "damaged: ", buffer_text(&u->reason));
        else
            u->bad++;
    }
}

static void summarise(Unpacker *u)
{
    check_gzip(u);
    if (!u->problem.len)
        u->place = AT_END;
    if (u->place == AT_SUMMARY)
        return;
    tell_skipped(u);
}

static void end(Unpacker *u, UnpackPiece *piece)
{
    *piece = (UnpackPiece){.step = UNPACK_END};
    if (u->given || !u->bad)
        return;
    piece->text = u->problems || !u->reason.len ? "nothing in it can be read" : buffer_text(&u->reason);
}

/* Goes on; true when that gave a piece. */
static bool step(Unpacker *u, char *room, size_t size, UnpackPiece *piece)
{
    switch (u->place) {
    case AT_START:
        open_input(u);
        u->place = AT_HEADER;
        return false;
    case AT_HEADER:
        if (u->fatal)
            u->place = AT_SUMMARY;
        else
            read_header(u);
        return false;
    case AT_LOG:
    case IN_LOG:
        return read_log(u, room, size, piece);
    case AT_SUMMARY:
        summarise(u);
        return false;
    case AT_END:
        break;
    }
    end(u, piece);
    return true;
}

void unpack_next(Unpacker *u, char *room, size_t size, UnpackPiece *piece)
{
    if (u->told)
        buffer_clear(&u->problem);
    u->told = false;
    while (!u->problem.len)
        if (step(u, room, size, piece))
            return;
    u->told = true;
    *piece = (UnpackPiece){.step = UNPACK_PROBLEM, .text = buffer_text(&u->problem)};
}

Unpacker *unpack_new(UnpackInput input, UnpackLimits limits)
{
    Unpacker *u = alloc_zeroed(1, sizeof *u);
    u->input = input;
    u->limits = limits;
    return u;
}

void unpack_free(Unpacker *u)
{
    if (!u)
        return;
    archive_read_free(u->archive);
    gunzip_free(u->gunzip);
    buffer_free(&u->head);
    buffer_free(&u->name);
    buffer_free(&u->problem);
    buffer_free(&u->warning);
    buffer_free(&u->reason);
    for (int i = 0; i < SKIPS; i++)
        buffer_free(&u->skipped[i].names);
    free(u);
}

void unpack_versions(Buffer *out)
{
    buffer_printf(out, "%s\nzlib %s\n", archive_version_string(), zlibVersion());
}
