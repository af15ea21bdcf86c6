#include "parsers/sieve.h"

#include "parsers/host.h"
#include "parsers/profiler.h"

enum { HEAD_BITS = 15 }; /* besides that of pieces; more heads than that share them */

/* The `n`th way to begin. */
static void add_head(Sieve *v, Span head, size_t n)
{
    for (size_t i = 0; i < SIEVE_HEAD; i++)
        v->heads[i][(unsigned char)head.ptr[i]] |= (uint16_t)(SIEVE_PIECE << (1 + n % HEAD_BITS));
}

/* Ends of lines count as pieces, too: what has nothing behind its logger is one. */
static void add_pieces(Sieve *v)
{
    for (int byte = 0; byte <= UCHAR_MAX; byte++) {
        if (byte == '\n' || byte == '\r' || profiler_may_begin((char)byte))
            v->heads[0][byte] |= SIEVE_PIECE;
        for (size_t i = 1; i < SIEVE_HEAD; i++)
            v->heads[i][byte] |= SIEVE_PIECE;
    }
}

void sieve_init(Sieve *v)
{
    *v = (Sieve){0};
    add_pieces(v);
    add_head(v, profiler_logger, 0);
    for (size_t i = 0; host_head(i).len; i++)
        add_head(v, host_head(i), i + 1);
}
