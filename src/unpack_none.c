/* Stands in for unpack.c in a build without libarchive. */
#include "src/unpack.h"

Unpacker *unpack_new(UnpackInput input, UnpackLimits limits)
{
    (void)input, (void)limits;
    return NULL;
}

const UnpackLimits unpack_limits = {0};

void unpack_next(Unpacker *unpacker, char *room, size_t size, UnpackPiece *piece)
{
    (void)unpacker, (void)room, (void)size;
    *piece = (UnpackPiece){.step = UNPACK_END};
}

void unpack_free(Unpacker *unpacker)
{
    (void)unpacker;
}

void unpack_versions(Buffer *out)
{
    (void)out;
}
