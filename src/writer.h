/*
 * Buffered output that remembers its first error: to a file descriptor, or to a file that appears under its name only when it is
 * complete.
 */
#ifndef SRC_WRITER_H
#define SRC_WRITER_H

#include "base/buffer.h"
#include "base/put.h"

enum { WRITER_PIECE = 256 * 1024 /* bytes that are sent at once, as soon as they are there */ };

typedef struct Writer {
    int fd;
    int error;       /* errno of the first write that failed, 0 while all is well */
    char *path;      /* the file's final name, NULL when writing to a descriptor */
    char *temporary; /* its name until then */
    bool by_hand;    /* nothing is sent but by writer_flush() and writer_close() */
    Buffer buffer;
} Writer;

/* Writes to a descriptor that the caller keeps. */
Writer writer_to_fd(int fd);

/*
 * Writes to a temporary beside `path`, which writer_close() renames. A `path` that exists and is no regular file (a device, a FIFO,
 * a link to nothing) is written to directly. On failure `error` is set and writing does nothing.
 */
Writer writer_to_file(const char *path);

/* Room for `bytes` more bytes to put something there (base/put.h); then writer_filled() has to say where it ended. */
static inline char *writer_room(Writer *w, size_t bytes)
{
    return buffer_room(&w->buffer, bytes);
}

/* writer_filled() where a piece is complete, or nothing is written any more. */
void writer_send(Writer *w);

static inline void writer_filled(Writer *w, const char *end)
{
    buffer_filled(&w->buffer, end);
    if (w->buffer.len >= WRITER_PIECE || w->error)
        writer_send(w);
}

static inline void writer_span(Writer *w, Span s)
{
    if (s.len)
        writer_filled(w, put_span(writer_room(w, s.len), s));
}

static inline void writer_bytes(Writer *w, const char *bytes, size_t len)
{
    writer_span(w, (Span){bytes, len});
}

static inline void writer_text(Writer *w, const char *text)
{
    writer_bytes(w, text, strlen(text));
}

static inline void writer_uint(Writer *w, uint64_t value)
{
    writer_filled(w, put_uint(writer_room(w, PUT_NUMBER_MAX), value));
}

/* Formatted text: for what is not written again and again. */
void writer_printf(Writer *w, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Sends what is buffered. */
void writer_flush(Writer *w);

/* Ends the output and frees what it held. Returns 0, or the errno of its first failure; then the file at `path` is what it was. */
int writer_close(Writer *w);

/* Gives the output up: what is buffered is dropped, and the file at `path` stays what it was. */
void writer_abandon(Writer *w);

/* Removes the latest unfinished file, if there is one. For a program that dies: may be called from a signal handler. */
void writer_rescue(void);

#endif
