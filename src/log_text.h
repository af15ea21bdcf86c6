/*
 * The raw text of the logs, to be shown. Each log of the model has its bytes here, at the offsets that its records carry: decoded, and
 * from its first byte on, also when it was put together of several files.
 *
 * What stands in a regular file stays there and is read when it is asked for. What came through a pipe, from COMMAND, out of an
 * archive or in UTF-16 is kept in memory: of all logs together the last LOG_KEPT_BYTES, and the oldest go first. What is gone (dropped
 * from memory, or in a file that was replaced or cut) is gone from the front: what can be read is always one piece up to the end.
 */
#ifndef SRC_LOG_TEXT_H
#define SRC_LOG_TEXT_H

#include "model/model.h"

enum { LOG_KEPT_BYTES = 32 << 20 };

typedef struct LogTexts LogTexts;

/* What there is of a log, in bytes of it. */
typedef struct LogExtent {
    uint64_t first;  /* what stands before is gone */
    uint64_t end;
    const char *why; /* why it is gone, static text; NULL when nothing is */
} LogExtent;

/* Where the next bytes of a log can be read again. */
typedef struct LogOrigin {
    const char *path; /* a regular file; NULL with `fd` */
    int fd;           /* below 0: nowhere; else it is copied */
    uint64_t at;      /* of the first of them in the file */
} LogOrigin;

#define LOG_IN_MEMORY ((LogOrigin){NULL, -1, 0})

LogTexts *log_texts_new(void);
void log_texts_free(LogTexts *texts);

/*
 * What the log `id` of the model gets from here on comes from there. Where that is no regular file, or cannot be opened, it is kept in
 * memory.
 */
void log_texts_origin(LogTexts *texts, Id id, LogOrigin origin);

/* The file was written over from its beginning, and the parser was told so: what stood in it is gone. */
void log_texts_restart(LogTexts *texts, Id id);

/* The parser of the log was fed these bytes. */
void log_texts_feed(LogTexts *texts, Id id, const char *bytes, size_t len);

/* The parser of the log was told that there are no more. */
void log_texts_end(LogTexts *texts, Id id);

/* False when there is no such log. */
bool log_texts_extent(LogTexts *texts, Id id, LogExtent *extent);

/* Reads up to `len` bytes at `offset`; returns how many. Fewer than asked for means that there are no more, or that they are gone. */
size_t log_texts_read(LogTexts *texts, Id id, uint64_t offset, char *bytes, size_t len);

#endif
