#include "src/gunzip.h"

#include <stdbool.h>
#include <stdlib.h>

#include <zlib.h>

#include "base/alloc.h"

enum {
    OUT_BYTES = 64 << 10,
    GZIP_FIRST = 0x1f,
    GZIP_WINDOW = 15 + 16, /* as inflateInit2() has it: the largest window, in gzip's wrapping only */
};

struct Gunzip {
    UnpackInput input;
    z_stream stream;
    const char *error;
    bool open;   /* inflate's state is there */
    bool later;  /* this is not the first stream */
    bool within; /* a stream has begun */
    bool over;
    bool full; /* zlib may have more without further input: it had no room */
    char out[OUT_BYTES];
};

Gunzip *gunzip_new(UnpackInput input)
{
    Gunzip *g = alloc_zeroed(1, sizeof *g);
    g->input = input;
    g->open = inflateInit2(&g->stream, GZIP_WINDOW) == Z_OK;
    g->over = !g->open;
    g->error = g->open ? NULL : "not enough memory";
    return g;
}

static void fail(Gunzip *g, const char *error)
{
    g->error = error;
    g->over = true;
}

/* False at the end of the input. */
static bool refill(Gunzip *g)
{
    const char *data;
    if (g->stream.avail_in)
        return true;
    size_t len = g->input.read(g->input.ctx, &data);
    g->stream.next_in = (Bytef *)(uintptr_t)data;
    g->stream.avail_in = (uInt)len;
    return len > 0;
}

static void end_of_input(Gunzip *g)
{
    if (g->within)
        fail(g, "its end is missing");
    g->over = true;
}

/* What stands behind a stream and is no other one is no matter, as for gzip itself: tapes and disks fill up with zeros. */
static bool is_padding(const Gunzip *g)
{
    return g->later && !g->within && g->stream.avail_in && *g->stream.next_in != GZIP_FIRST;
}

static void inflate_some(Gunzip *g)
{
    if (is_padding(g)) {
        g->over = true;
        return;
    }
    g->within |= g->stream.avail_in > 0;
    int result = inflate(&g->stream, Z_NO_FLUSH);
    if (result == Z_STREAM_END) {
        g->within = false;
        g->later = true;
        inflateReset(&g->stream);
    } else if (result != Z_OK && result != Z_BUF_ERROR) {
        fail(g, g->stream.msg ? g->stream.msg : "the gzip data is damaged");
    }
}

size_t gunzip_read(Gunzip *g, const char **data)
{
    g->stream.next_out = (Bytef *)g->out;
    g->stream.avail_out = OUT_BYTES;
    while (!g->over && g->stream.avail_out) {
        if (g->full || refill(g))
            inflate_some(g);
        else
            end_of_input(g);
        g->full = !g->stream.avail_out;
    }
    *data = g->out;
    return OUT_BYTES - g->stream.avail_out;
}

const char *gunzip_error(const Gunzip *g)
{
    return g->error;
}

void gunzip_free(Gunzip *g)
{
    if (!g)
        return;
    if (g->open)
        inflateEnd(&g->stream);
    free(g);
}
