/*
 * What is inside a compressed log or an archive, piece by piece: the only place that knows libarchive, and it knows no loop.
 *
 * An Unpacker may be used by any one thread at a time. Its memory is bounded, whatever the input: a few blocks, and the names of a
 * few members. Nothing is ever written to a file, so names are for people only; they are valid UTF-8 without control characters.
 *
 * One input is either one log (compressed, or, where libarchive does not recognise it, just as it is), or an archive of members in
 * the order in which they stand there. Members that are archives or compressed themselves are not opened.
 */
#ifndef SRC_UNPACK_H
#define SRC_UNPACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"

typedef struct Unpacker Unpacker;

#define UNPACK_SIZE_UNKNOWN UINT64_MAX

/* Where packed bytes come from. */
typedef struct UnpackInput {
    void *ctx;

    /* The next bytes at `*data`, valid until the next call: how many; 0 at the end, by an error too. */
    size_t (*read)(void *ctx, const char **data);

    /* Goes to `offset`, at most `size`; NULL: only forwards. */
    void (*seek)(void *ctx, uint64_t offset);
    uint64_t size; /* of all packed bytes */
} UnpackInput;

/* Where to stop. Ratios are bytes per packed byte, and count only from `ratio_from` bytes on. */
typedef struct UnpackLimits {
    uint64_t log_bytes;
    uint64_t ratio;
    uint64_t ratio_from;
    uint64_t logs;
} UnpackLimits;

extern const UnpackLimits unpack_limits;

typedef enum UnpackStep {
    UNPACK_BYTES,   /* of a log */
    UNPACK_PROBLEM, /* something is not read, or not to its end: `text` says what */
    UNPACK_END,     /* all was read, or nothing of it can be: then `text` says why */
} UnpackStep;

typedef struct UnpackPiece {
    UnpackStep step;
    size_t len;       /* never 0 for UNPACK_BYTES */
    bool begins;      /* the first bytes of a log ... */
    const char *name; /* ... of this member; NULL when the input is one log */
    const char *text; /* or NULL; it does not name the input */
} UnpackPiece;

/* An Unpacker of `input`, whose context must outlive it; NULL in a build without libarchive. End it with unpack_free(). */
Unpacker *unpack_new(UnpackInput input, UnpackLimits limits);

/* The next piece, its bytes in `room`. Texts are valid until the next call. After UNPACK_END that comes again. */
void unpack_next(Unpacker *unpacker, char *room, size_t size, UnpackPiece *piece);

void unpack_free(Unpacker *unpacker);

/* Appends the names and versions of the libraries, a line each; nothing in a build without them. */
void unpack_versions(Buffer *out);

#endif
