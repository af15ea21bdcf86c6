/* What all sources share, and those that are read as a stream: pipes, FIFOs, sockets, terminals. */
#include "src/source.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buffer.h"

enum {
    STREAM_BYTES = 64 << 10,
    CALM_MS = 100, /* without a flood for so long: it is caught up */
};

static char *text_copy(const char *text)
{
    return text ? alloc_text(text, strlen(text)) : NULL;
}

/* Turns of the loop. */

static void on_turn(uv_idle_t *turn)
{
    Source *s = turn->data;
    uv_idle_stop(turn);
    if (!s->closing && !source_is_over(s))
        s->kind->turn(s);
    if (!s->closing && s->news) {
        s->news = false;
        s->events.changed(s->events.ctx, s);
    }
}

void source_wake(Source *s)
{
    if (!s->closing)
        uv_idle_start(&s->turn, on_turn);
}

/* uv_now() stands still within a turn, so whatever else the turn did counts as well. */
bool source_over_budget(const Source *s)
{
    if (!s->options.budget_ms)
        return false;
    uint64_t now = uv_hrtime() / 1000000, began = uv_now(s->loop);
    return now > began && now - began >= s->options.budget_ms;
}

void source_deliver(Source *s, const char *data, size_t len)
{
    s->bytes += len;
    s->position += len;
    s->events.bytes(s->events.ctx, s, data, len);
}

static void announce(Source *s)
{
    s->news = true;
    source_wake(s);
}

void source_set_state(Source *s, SourceState state)
{
    if (s->state == state || source_is_over(s))
        return;
    s->state = state;
    announce(s);
}

void source_set_note(Source *s, const char *note)
{
    if (!note && !s->note)
        return;
    free(s->note);
    s->note = text_copy(note);
    announce(s);
}

void source_fail(Source *s, const char *what, const char *reason)
{
    if (source_is_over(s))
        return;
    Buffer text = {0};
    buffer_printf(&text, "%s %s: %s", what, s->name, reason);
    s->error = text_copy(buffer_text(&text));
    buffer_free(&text);
    source_set_state(s, SOURCE_FAILED);
}

/* From the first handle to the last. */

void source_init(Source *s, const SourceKind *kind, uv_loop_t *loop, const char *name, SourceOptions options, SourceEvents events)
{
    s->kind = kind;
    s->loop = loop;
    s->events = events;
    s->options = options;
    s->name = text_copy(name);
    s->size = SOURCE_SIZE_UNKNOWN;
    uv_idle_init(loop, &s->turn);
    source_adopt(s, &s->turn);
    announce(s);
}

void source_hold(Source *s)
{
    s->held++;
}

void source_release(Source *s)
{
    if (--s->held || !s->closing)
        return;
    s->kind->free(s);
    free(s->name);
    free(s->error);
    free(s->note);
    free(s);
}

void source_adopt(Source *s, void *handle)
{
    ((uv_handle_t *)handle)->data = s;
    source_hold(s);
}

static void on_closed(uv_handle_t *handle)
{
    source_release(handle->data);
}

void source_drop(Source *s, void *handle)
{
    (void)s;
    uv_close(handle, on_closed);
}

/* The public face. */

void source_close(Source *s)
{
    if (!s || s->closing)
        return;
    s->closing = true;
    s->kind->close(s);
    source_drop(s, &s->turn);
}

static void set_paused(Source *s, bool paused)
{
    if (s->paused == paused || s->closing || source_is_over(s))
        return;
    s->paused = paused;
    s->kind->paused(s);
    announce(s);
}

void source_pause(Source *s)
{
    set_paused(s, true);
}

void source_resume(Source *s)
{
    set_paused(s, false);
}

void source_interrupt(Source *s)
{
    if (!s->closing && !source_is_over(s))
        s->kind->interrupt(s);
}

void source_stop(Source *s)
{
    if (s->closing || source_is_over(s))
        return;
    source_resume(s);
    s->kind->stop(s);
}

bool source_is_over(const Source *s)
{
    return s->state == SOURCE_ENDED || s->state == SOURCE_FAILED;
}

SourceState source_state(const Source *s)
{
    return s->paused && !source_is_over(s) ? SOURCE_PAUSED : s->state;
}

const char *source_name(const Source *s)
{
    return s->name;
}

const char *source_error(const Source *s)
{
    return s->error;
}

const char *source_note(const Source *s)
{
    return s->note;
}

uint64_t source_bytes(const Source *s)
{
    return s->bytes;
}

uint64_t source_position(const Source *s)
{
    return s->position;
}

uint64_t source_size(const Source *s)
{
    return s->size;
}

int source_pid(const Source *s)
{
    return s->pid;
}

bool source_exit(const Source *s, SourceExit *end)
{
    if (s->exited)
        *end = s->exit;
    return s->exited;
}

/* A source that never was. */

static void do_nothing(Source *s)
{
    (void)s;
}

static const SourceKind failed_kind = {
    .turn = do_nothing,
    .paused = do_nothing,
    .interrupt = do_nothing,
    .stop = do_nothing,
    .close = do_nothing,
    .free = do_nothing,
};

Source *source_new_failed(uv_loop_t *loop, const char *what, const char *name, const char *reason, SourceEvents events)
{
    Source *s = alloc_zeroed(1, sizeof *s);
    source_init(s, &failed_kind, loop, name, (SourceOptions){0}, events);
    source_fail(s, what, reason);
    return s;
}

/* Streams. */

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

/* More came than one turn may take: lets the rest of the loop live before reading on. */
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

static void on_read(uv_stream_t *pipe, ssize_t n, const uv_buf_t *buf)
{
    SourceStream *t = stream_of(pipe->data);
    if (n < 0) {
        source_stream_stop(t);
        t->end(t, n == UV_EOF ? 0 : (int)n);
        return;
    }
    if (!n)
        return;
    source_deliver(&t->base, buf->base, (size_t)n);
    if (!t->reading)
        return;
    if (t->arrived)
        t->arrived(t);
    if (source_over_budget(&t->base))
        yield_turn(t);
}

void source_stream_turn(Source *s)
{
    SourceStream *t = stream_of(s);
    if (s->state == SOURCE_OPENING)
        source_set_state(s, SOURCE_FOLLOWING);
    if (t->reading || t->at_end || s->paused)
        return;
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

void source_stream_init(SourceStream *t, int fd)
{
    Source *s = &t->base;
    t->fd = fd;
    t->flags = fd >= 0 ? fcntl(fd, F_GETFL) : -1;
    t->buffer = alloc_bytes(STREAM_BYTES);
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

static void pipe_interrupt(Source *s)
{
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
