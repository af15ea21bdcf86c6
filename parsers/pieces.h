/*
 * Bytes that come in pieces, for a reader of records that may begin in one piece and end in another: it looks at them where they
 * stand, and only what such a record needs is copied.
 */
#ifndef PARSERS_PIECES_H
#define PARSERS_PIECES_H

#include "base/buffer.h"

/*
 * Gives `look` the bytes in views, each of which begins with as many bytes as it said at the end of the one before that it still
 * needs. At the end those are in `kept`, which begins zeroed and is the caller's to free.
 */
void pieces_feed(Buffer *kept, Span bytes, size_t (*look)(void *ctx, Span view), void *ctx);

#endif
