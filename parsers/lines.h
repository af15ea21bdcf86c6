/*
 * Bytes to physical lines. A line ends at LF; CRs before it are dropped. A line longer than LINE_BYTES_MAX is handed over cut,
 * so that memory stays bounded whatever arrives.
 */
#ifndef PARSERS_LINES_H
#define PARSERS_LINES_H

#include "base/buffer.h"
#include "parsers/sieve.h"

enum { LINE_BYTES_MAX = 1 << 20 };

typedef struct Line {
    Span text;       /* without its end; valid during the call */
    uint64_t number; /* from 1 */
    uint64_t offset; /* of its first byte in the source */
    bool terminated; /* false for a last line without newline */
    bool cut;        /* it was longer than LINE_BYTES_MAX */
    bool plain;      /* it has no escape sequences */
    bool bracketed;  /* a '[' and a digit stand in it behind its first byte, or may do so: like those of a second prefix */
    bool shaped;     /* its front has the shape that the sieve knows */
} Line;

typedef void (*LineHandler)(void *ctx, const Line *line);

typedef struct LineSplitter {
    Sieve *sieve;          /* whose lines are not handed over, only counted; NULL: all are. Not owned */
    Buffer partial;        /* the line that has not ended yet */
    uint64_t partial_size; /* its bytes, those beyond LINE_BYTES_MAX included */
    uint64_t count;        /* lines, those that passed the sieve among them */
    uint64_t offset;       /* bytes fed */
    bool partial_plain;    /* as in Line, of the line that has not ended yet */
    bool narrow;           /* is to do without the instructions that not every processor has */
    bool paused;           /* the handler wants a look at the bytes behind its line; see lines_feed() */
} LineSplitter;

/*
 * Splits `len` more bytes and hands each line that ends in them and does not pass the sieve to `handler`. Returns how many of them
 * it took: all, unless the handler paused it; then the bytes behind that line have not been looked at.
 */
size_t lines_feed(LineSplitter *splitter, const char *bytes, size_t len, LineHandler handler, void *ctx);

/* The caller has read `count` lines itself: the `len` bytes that come next. No line may have begun before them. */
void lines_skip(LineSplitter *splitter, size_t len, size_t count);

/* Hands over what is left when the input has ended. */
void lines_finish(LineSplitter *splitter, LineHandler handler, void *ctx);

/* Frees what the splitter holds. */
void lines_free(LineSplitter *splitter);

#endif
