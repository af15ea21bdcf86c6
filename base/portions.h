/*
 * Bytes that are made a piece at a time, because all of them would take too long at once or too much memory: what is written to a
 * file while keys are answered.
 */
#ifndef BASE_PORTIONS_H
#define BASE_PORTIONS_H

#include "base/buffer.h"
#include "base/clock.h"

enum { PORTION_BYTES = 1 << 20 /* a piece has hardly more */ };

typedef struct PortionsKind {
    /* Appends what comes next to `out`, until clock_ns() is `until_ns` or there are PORTION_BYTES in it; false when that was the
     * last. */
    bool (*more)(void *ctx, Buffer *out, int64_t until_ns);
    int (*percent)(const void *ctx); /* how much was made, 0 to 100 */
    /* Why it ended too early, for people; NULL while all is well. */
    const char *(*lost)(const void *ctx);
    void (*append_count)(const void *ctx, Buffer *out); /* how much it is, for people: "12 rows" */
    void (*free)(void *ctx);
} PortionsKind;

typedef struct Portions {
    const PortionsKind *kind;
    void *ctx;
    bool settled; /* what it is made of must stay as it is meanwhile: whoever takes pieces lets nothing new in until the last one */
} Portions;

/* Whether to go on with this piece. */
static inline bool portion_may_go_on(const Buffer *out, int64_t until_ns)
{
    return out->len < PORTION_BYTES && clock_ns() < until_ns;
}

#endif
