#include "src/log_text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/partition_point.h"
#include "parsers/decoder.h"

enum {
    BLOCK_BYTES = 64 << 10,
    HELD_MAX = 32,      /* files that are held open, so that they can be read when they were replaced ... */
    HELD_OF_ONE_LOG = 2, /* ... the latest of each log: what was removed takes its space on the disk until it is closed */
};

/* Bytes that are kept in memory. */
typedef struct Block {
    struct Block *next; /* the one that was begun after this one, in any log */
    Id log;
    uint64_t offset;
    Buffer bytes;
} Block;

/* Where the bytes of a log from `begin` on stand: in a file, or (without a path and a descriptor) in memory. */
typedef struct Part {
    uint64_t begin;
    char *path;
    int fd;      /* below 0: not open */
    bool held;   /* it stays open; others are opened when they are read, one of a log at a time */
    uint64_t at; /* of its first byte in the file */
    dev_t device;
    ino_t inode;
} Part;

typedef struct LogText {
    LogTexts *texts;
    Id id;
    Decoder decoder;
    uint64_t raw;     /* bytes fed since the decoder was new ... */
    uint64_t decoded; /* ... and what came of them */
    uint64_t first, end;
    const char *why;
    VEC(Part) parts;
    VEC(Block *) blocks;
} LogText;

struct LogTexts {
    VEC(LogText *) logs; /* by id; NULL where nothing came yet */
    Block *oldest, *newest;
    size_t kept; /* bytes in blocks */
    unsigned held; /* parts */
};

static const char dropped[] = "only the last 32 MiB that are in no file are kept", replaced[] = "their file was replaced",
                  shortened[] = "their file was written over", unreadable[] = "their file cannot be opened any more";

LogTexts *log_texts_new(void)
{
    return alloc_zeroed(1, sizeof(LogTexts));
}

static LogText *log_of(LogTexts *t, Id id)
{
    while (t->logs.len <= id)
        vec_push(&t->logs, NULL);
    LogText *log = t->logs.items[id];
    if (!log) {
        log = t->logs.items[id] = alloc_zeroed(1, sizeof *log);
        log->texts = t;
        log->id = id;
    }
    return log;
}

static void lose(LogText *log, uint64_t before, const char *why)
{
    if (before <= log->first)
        return;
    log->first = before;
    log->why = why;
}

/* Files. */

static bool in_memory(const Part *part)
{
    return !part->path && part->fd < 0;
}

/* Whoever put something else in the file's place must not make the program wait, or act on a device. */
static int open_regular(const char *path, struct stat *status)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd >= 0 && fstat(fd, status) == 0 && S_ISREG(status->st_mode))
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

static void close_part(LogTexts *t, Part *part)
{
    if (part->fd >= 0)
        close(part->fd);
    t->held -= part->held;
    part->held = false;
    part->fd = -1;
}

/* Whether a later part stands in a file of that name: then this one's was replaced, though the number may be the same again. */
static bool is_replaced(const LogText *log, const Part *part)
{
    for (const Part *later = part + 1; later < log->parts.items + log->parts.len; later++)
        if (later->path && strcmp(later->path, part->path) == 0)
            return true;
    return false;
}

/* Whether this is the part's file; if not, what stands before `end` is gone. */
static bool is_same(LogText *log, const Part *part, bool found, const struct stat *status, uint64_t end)
{
    bool same = found && S_ISREG(status->st_mode) && status->st_dev == part->device && status->st_ino == part->inode &&
                !is_replaced(log, part);
    if (!same)
        lose(log, end, found ? replaced : unreadable);
    return same;
}

/* What the system says of a part's file; false when it is gone. */
static bool look_at_part(LogText *log, const Part *part, uint64_t end, struct stat *status)
{
    if (part->fd >= 0)
        return fstat(part->fd, status) == 0;
    return is_same(log, part, stat(part->path, status) == 0, status, end);
}

/* Opens the file of a part, if it is the same one still. */
static bool open_part(LogText *log, Part *part, uint64_t end)
{
    struct stat status;
    if (part->fd >= 0)
        return true;
    for (size_t i = 0; i < log->parts.len; i++)
        if (log->parts.items[i].path && !log->parts.items[i].held)
            close_part(log->texts, &log->parts.items[i]);
    part->fd = open_regular(part->path, &status);
    if (!is_same(log, part, part->fd >= 0, &status, end))
        close_part(log->texts, part);
    return part->fd >= 0;
}

static Part part_of_file(LogTexts *t, LogOrigin origin, uint64_t begin)
{
    struct stat status;
    Part part = {.begin = begin, .at = origin.at, .fd = -1};
    int fd = origin.path ? open_regular(origin.path, &status) : origin.fd >= 0 ? fcntl(origin.fd, F_DUPFD_CLOEXEC, 3) : -1;
    if (fd < 0 || fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) {
        if (fd >= 0)
            close(fd);
        return part;
    }
    part.device = status.st_dev;
    part.inode = status.st_ino;
    part.fd = fd;
    part.held = !origin.path || t->held < HELD_MAX;
    t->held += part.held;
    if (origin.path)
        part.path = alloc_text(origin.path, strlen(origin.path));
    if (!part.held)
        close_part(t, &part);
    return part;
}

void log_texts_origin(LogTexts *t, Id id, LogOrigin origin)
{
    LogText *log = log_of(t, id);
    vec_push(&log->parts, part_of_file(t, origin, log->end + log->decoder.head_len));
    if (log->parts.len > HELD_OF_ONE_LOG && log->parts.items[log->parts.len - 1 - HELD_OF_ONE_LOG].path)
        close_part(t, &log->parts.items[log->parts.len - 1 - HELD_OF_ONE_LOG]);
}

static void free_part(LogTexts *t, Part *part)
{
    close_part(t, part);
    free(part->path);
}

void log_texts_restart(LogTexts *t, Id id)
{
    log_texts_end(t, id);
    LogText *log = log_of(t, id);
    lose(log, log->end, shortened);
    log->raw = log->decoded = 0;
}

/* Memory. */

static void drop_oldest(LogTexts *t)
{
    Block *block = t->oldest;
    LogText *log = t->logs.items[block->log];
    t->oldest = block->next;
    t->newest = t->oldest ? t->newest : NULL;
    t->kept -= block->bytes.len;
    lose(log, block->offset + block->bytes.len, dropped);
    vec_remove(&log->blocks, 0);
    buffer_free(&block->bytes);
    free(block);
}

static Block *new_block(LogText *log)
{
    LogTexts *t = log->texts;
    Block *block = alloc_zeroed(1, sizeof *block);
    block->log = log->id;
    block->offset = log->end;
    if (t->newest)
        t->newest->next = block;
    else
        t->oldest = block;
    t->newest = block;
    vec_push(&log->blocks, block);
    return block;
}

static void keep(LogText *log, const char *bytes, size_t len)
{
    LogTexts *t = log->texts;
    while (len) {
        Block *block = log->blocks.len ? vec_last(&log->blocks) : NULL;
        if (!block || block->bytes.len == BLOCK_BYTES || block->offset + block->bytes.len != log->end)
            block = new_block(log);
        size_t room = BLOCK_BYTES - block->bytes.len, n = len < room ? len : room;
        while (t->kept + n > LOG_KEPT_BYTES && t->oldest != block)
            drop_oldest(t);
        buffer_append(&block->bytes, bytes, n);
        t->kept += n;
        log->end += n;
        bytes += n;
        len -= n;
    }
}

/* Feeding. */

static void on_decoded(void *ctx, const char *bytes, size_t len)
{
    LogText *log = ctx;
    Part *part = &vec_last(&log->parts);
    if (!in_memory(part) && log->decoder.encoding != ENCODING_UTF8 && log->decoder.encoding != ENCODING_OPEN) {
        free_part(log->texts, part); /* offsets are those of the decoded text, which the file does not hold */
        *part = (Part){.begin = log->end, .fd = -1};
    }
    log->decoded += len;
    if (in_memory(part))
        keep(log, bytes, len);
    else
        log->end += len;
}

/* The decoder leaves a byte order mark out: the text begins behind it in the file, too. */
static void skip_mark(LogText *log)
{
    vec_last(&log->parts).at += log->raw - log->decoded;
    log->raw = log->decoded;
}

void log_texts_feed(LogTexts *t, Id id, const char *bytes, size_t len)
{
    LogText *log = log_of(t, id);
    if (!log->parts.len)
        log_texts_origin(t, id, LOG_IN_MEMORY);
    log->raw += len;
    decoder_feed(&log->decoder, bytes, len, on_decoded, log);
    if (log->decoder.encoding == ENCODING_UTF8)
        skip_mark(log);
}

void log_texts_end(LogTexts *t, Id id)
{
    LogText *log = log_of(t, id);
    if (!log->parts.len)
        return;
    decoder_finish(&log->decoder, on_decoded, log);
    skip_mark(log);
}

/* Reading. */

static uint64_t part_end(const LogText *log, size_t index)
{
    return index + 1 < log->parts.len ? log->parts.items[index + 1].begin : log->end;
}

/* A file may hold more than was read of it so far, or less than it did. */
static uint64_t end_of_log(LogText *log)
{
    struct stat status;
    Part *part = log->parts.len ? &vec_last(&log->parts) : NULL;
    if (!part || in_memory(part) || part->begin < log->first || !look_at_part(log, part, log->end, &status))
        return log->end;
    uint64_t size = (uint64_t)status.st_size;
    return part->begin + (size > part->at ? size - part->at : 0);
}

bool log_texts_extent(LogTexts *t, Id id, LogExtent *extent)
{
    if (id >= t->logs.len || !t->logs.items[id])
        return false;
    LogText *log = t->logs.items[id];
    struct stat status;
    for (size_t i = 0; i + 1 < log->parts.len; i++)
        if (!in_memory(&log->parts.items[i]) && log->parts.items[i].begin >= log->first)
            look_at_part(log, &log->parts.items[i], part_end(log, i), &status);
    uint64_t end = end_of_log(log);
    *extent = (LogExtent){log->first, end > log->first ? end : log->first, log->why};
    return true;
}

static size_t read_file(LogText *log, Part *part, uint64_t end, uint64_t offset, char *bytes, size_t len)
{
    if (!open_part(log, part, end))
        return 0;
    ssize_t n;
    do
        n = pread(part->fd, bytes, len, (off_t)(part->at + offset - part->begin));
    while (n < 0 && errno == EINTR);
    return n > 0 ? (size_t)n : 0;
}

static size_t read_memory(const LogText *log, uint64_t offset, char *bytes, size_t len)
{
    size_t found;
    PARTITION_POINT(found, log->blocks.len, log->blocks.items[found]->offset + log->blocks.items[found]->bytes.len <= offset);
    if (found == log->blocks.len || log->blocks.items[found]->offset > offset)
        return 0;
    const Block *block = log->blocks.items[found];
    size_t at = (size_t)(offset - block->offset), n = block->bytes.len - at;
    n = n < len ? n : len;
    memcpy(bytes, block->bytes.data + at, n);
    return n;
}

static size_t read_some(LogText *log, uint64_t offset, char *bytes, size_t len)
{
    size_t i = log->parts.len;
    while (i > 0 && log->parts.items[i - 1].begin > offset)
        i--;
    if (!i || offset < log->first)
        return 0;
    Part *part = &log->parts.items[i - 1];
    uint64_t end = i < log->parts.len ? part_end(log, i - 1) : UINT64_MAX;
    if (end - offset < len)
        len = (size_t)(end - offset);
    return in_memory(part) ? read_memory(log, offset, bytes, len) : read_file(log, part, part_end(log, i - 1), offset, bytes, len);
}

size_t log_texts_read(LogTexts *t, Id id, uint64_t offset, char *bytes, size_t len)
{
    size_t got = 0;
    LogText *log = id < t->logs.len ? t->logs.items[id] : NULL;
    for (size_t n = 1; log && n && got < len; got += n)
        n = read_some(log, offset + got, bytes + got, len - got);
    return got;
}

static void free_log(LogText *log)
{
    for (size_t i = 0; i < log->parts.len; i++)
        free_part(log->texts, &log->parts.items[i]);
    for (size_t i = 0; i < log->blocks.len; i++) {
        buffer_free(&log->blocks.items[i]->bytes);
        free(log->blocks.items[i]);
    }
    vec_free(&log->parts);
    vec_free(&log->blocks);
    free(log);
}

void log_texts_free(LogTexts *t)
{
    if (!t)
        return;
    for (size_t i = 0; i < t->logs.len; i++)
        if (t->logs.items[i])
            free_log(t->logs.items[i]);
    vec_free(&t->logs);
    free(t);
}
