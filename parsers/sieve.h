/*
 * Most lines of a log have the same front and behind it a text that tells nothing. The sieve knows them by a few looks, where lines
 * are cut, and holds back all others: what it lets pass is only counted.
 */
#ifndef PARSERS_SIEVE_H
#define PARSERS_SIEVE_H

#include <limits.h>

#include "parsers/scan.h"
#include "parsers/shape.h"

enum {
    SIEVE_HEAD = 4,               /* first bytes of a message that are looked at */
    SIEVE_BYTES = SCAN_BLOCK + 2, /* so many must be there to be read, whether they are the message's or not */
    SIEVE_PIECE = 1,              /* the bit of a byte that a piece of a report may begin with */
};

/* Set up by sieve_init(). What the lines are like says who reads those that are held back. */
typedef struct Sieve {
    Shape shape;                               /* of the front; without a length nothing passes */
    bool texts;                                /* what tells nothing passes ... */
    bool brackets;                             /* ... even with a '[' in it */
    bool blanks;                               /* so does a front with nothing behind it */
    uint16_t heads[SIEVE_HEAD][UCHAR_MAX + 1]; /* has a bit for each way to begin, where the byte fits: see sieve_has_head() */
    const char *blank;                         /* the last line that passed with nothing behind its front ... */
    uint64_t blank_line;                       /* ... and its number; 0: none did */
} Sieve;

void sieve_init(Sieve *sieve);

/* Whether the bytes at `message` begin like a record, but for the names of loggers. */
static inline bool sieve_has_head(const Sieve *v, const char *message)
{
    unsigned fitting = v->heads[0][(unsigned char)message[0]];
    for (int i = 1; i < SIEVE_HEAD; i++)
        fitting &= v->heads[i][(unsigned char)message[i]];
    return fitting != 0;
}

/* Whether a piece of a report may stand behind the name of a logger, which has no blank and ends with a colon. */
static inline bool sieve_has_logger(const Sieve *v, const char *message, size_t len)
{
    uint64_t ends = scan_either(message, ':', ' ');
    size_t end = (size_t)__builtin_ctzll(ends | UINT64_C(1) << (SCAN_BLOCK - 1));
    const char *behind = message + end + 1;
    behind += *behind == ' ';
    return end < len && (!ends || (message[end] == ':' && (v->heads[0][(unsigned char)*behind] & SIEVE_PIECE)));
}

/* Whether the line of that number passes, whose front has the shape. Bytes can be read up to `end`. */
static inline bool sieve_lets_pass(Sieve *v, Span line, const char *end, bool bracketed, uint64_t number)
{
    const char *message = line.ptr + v->shape.len;
    size_t len = line.len - v->shape.len;
    if (!len && v->blanks) {
        v->blank = line.ptr;
        v->blank_line = number;
        return true;
    }
    return len && v->texts && (!bracketed || v->brackets) && end - message >= SIEVE_BYTES && !sieve_has_head(v, message) &&
           !sieve_has_logger(v, message, len);
}

#endif
