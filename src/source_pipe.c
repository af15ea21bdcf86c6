/* Sources that are read as a stream: pipes, FIFOs, sockets, terminals. */
#include "src/source_private.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/alloc.h"

enum {
    STREAM_BYTES = 64 << 10,
    PIPE_BYTES = 1 << 20, /* what Linux gives to everybody */
    CALM_MS = 100, /* without a flood for so long: it is caught up */
};

static SourceStream *stream_of(Source *s)
{
    return (SourceStream *)s;
}

static void on_calm(uv_timer_t *timer)
{
    source_set_state(timer->data, SOURCE_FOLLOWING);
}

static void stop_reading(SourceStream *t)
{
    if (t->reading)
        uv_read_stop((uv_stream_t *)&t->pipe);
    t->reading = false;
}

/* More came than one turn may take: lets the rest of the loop live before going on. */
static void yield_turn(SourceStream *t)
{
    stop_reading(t);
    source_set_state(&t->base, SOURCE_LOADING);
    uv_timer_start(&t->calm, on_calm, CALM_MS, 0);
    source_wake(&t->base);
}

/* One buffer does: what is in it is handed over before libuv reads again. */
static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
    (void)suggested;
    *buf = uv_buf_init(stream_of(handle->data)->buffer, STREAM_BYTES);
}

static bool may_go_on(const Source *s)
{
    return !s->closing && !s->paused && !source_is_over(s);
}

/* Hands over what was read, as far as this turn may. */
static void hand_over(SourceStream *t)
{
    Source *s = &t->base;
    bool going = may_go_on(s);
    while (going && t->at < t->len) {
        size_t size = source_piece(s, t->len - t->at), from = t->at;
        t->at += size;
        source_deliver(s, t->buffer + from, size);
        going = may_go_on(s) && !source_over_budget(s);
    }
    if (may_go_on(s) && t->arrived)
        t->arrived(t);
}

static void on_read(uv_stream_t *pipe, ssize_t n, const uv_buf_t *buf)
{
    SourceStream *t = stream_of(pipe->data);
    (void)buf;
    if (n < 0) {
        source_stream_stop(t);
        t->end(t, n == UV_EOF ? 0 : (int)n);
        return;
    }
    if (!n)
        return;
    t->at = 0;
    t->len = (size_t)n;
    hand_over(t);
    if (t->reading && (t->at < t->len || source_over_budget(&t->base)))
        yield_turn(t);
}

void source_stream_turn(Source *s)
{
    SourceStream *t = stream_of(s);
    if (s->state == SOURCE_OPENING)
        source_set_state(s, SOURCE_FOLLOWING);
    if (t->reading || t->at_end || s->paused)
        return;
    if (t->at < t->len) {
        hand_over(t);
        if (may_go_on(s))
            yield_turn(t); /* a read would be handed over in this turn as well */
        return;
    }
    int error = uv_read_start((uv_stream_t *)&t->pipe, on_alloc, on_read);
    if (error) {
        source_stream_stop(t);
        t->end(t, error);
        return;
    }
    t->reading = true;
}

void source_stream_paused(Source *s)
{
    if (s->paused)
        stop_reading(stream_of(s));
    else
        source_wake(s);
}

void source_stream_stop(SourceStream *t)
{
    stop_reading(t);
    t->at_end = true;
    uv_timer_stop(&t->calm);
}

/* O_NONBLOCK belongs to the open file, which other processes may share: libuv sets it, who comes after us must not see it. */
static void restore_flags(SourceStream *t)
{
    if (t->fd >= 0 && t->flags >= 0)
        fcntl(t->fd, F_SETFL, t->flags);
    t->flags = -1;
}

void source_stream_close(Source *s)
{
    SourceStream *t = stream_of(s);
    source_stream_stop(t);
    restore_flags(t);
    source_drop(s, &t->pipe);
    source_drop(s, &t->calm);
}

void source_stream_free(Source *s)
{
    free(stream_of(s)->buffer);
}

/* A larger pipe lets its writer go on while we work: with the usual one both wait for each other at every piece. */
static void widen(int fd)
{
#ifdef F_SETPIPE_SZ
    if (fd >= 0)
        fcntl(fd, F_SETPIPE_SZ, PIPE_BYTES); /* no pipe, or not allowed: then it stays as it is */
#else
    (void)fd;
#endif
}

void source_stream_init(SourceStream *t, int fd)
{
    Source *s = &t->base;
    t->fd = fd;
    t->flags = fd >= 0 ? fcntl(fd, F_GETFL) : -1;
    widen(fd);
    t->buffer = alloc_pages(STREAM_BYTES);
    uv_timer_init(s->loop, &t->calm);
    source_adopt(s, &t->calm);
    uv_pipe_init(s->loop, &t->pipe, 0);
    source_adopt(s, &t->pipe);
    t->at_end = fd < 0;
    int error = fd >= 0 ? uv_pipe_open(&t->pipe, fd) : 0;
    if (!error)
        return;
    t->at_end = true;
    restore_flags(t);
    if (fd > STDERR_FILENO)
        close(fd);
    t->fd = -1;
    source_fail(s, "cannot read", uv_strerror(error));
}

/* A stream that is a source by itself. */

static void pipe_end(SourceStream *t, int error)
{
    if (error)
        source_fail(&t->base, "cannot read", uv_strerror(error));
    else
        source_set_state(&t->base, SOURCE_ENDED);
}

/* What was taken out of the pipe is nowhere else any more. */
static void pipe_interrupt(Source *s)
{
    SourceStream *t = stream_of(s);
    size_t from = t->at;
    t->at = t->len;
    if (from < t->len)
        source_deliver(s, t->buffer + from, t->len - from);
    source_stream_stop(stream_of(s));
    source_set_state(s, SOURCE_ENDED);
}

static const SourceKind pipe_kind = {
    .turn = source_stream_turn,
    .paused = source_stream_paused,
    .interrupt = pipe_interrupt,
    .stop = pipe_interrupt,
    .close = source_stream_close,
    .free = source_stream_free,
};

Source *source_new_pipe(uv_loop_t *loop, int fd, const char *name, SourceOptions options, SourceEvents events)
{
    SourceStream *t = alloc_zeroed(1, sizeof *t);
    source_init(&t->base, &pipe_kind, loop, name, options, events);
    t->end = pipe_end;
    source_stream_init(t, fd);
    return &t->base;
}
