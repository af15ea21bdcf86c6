/* What all sources share. */
#include "src/source_private.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/buffer.h"

enum {
    PIECE_BYTES_MIN = 4 << 10, /* less would not be worth the call */
    PIECE_BYTES_MAX = 64 << 10,
    PIECE_NS = 1000000, /* what taking a piece in may cost */
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

size_t source_piece(const Source *s, size_t len)
{
    size_t most = s->options.budget_ms ? s->piece : PIECE_BYTES_MAX;
    return len < most ? len : most;
}

/* What a byte costs differs a hundredfold, with how many reports are mixed: pieces are as long as one may take. */
void source_hand_over(Source *s, const char *data, size_t len)
{
    uint64_t began = uv_hrtime();
    s->bytes += len;
    s->events.bytes(s->events.ctx, s, data, len);
    uint64_t took = uv_hrtime() - began;
    if (took > PIECE_NS && s->piece > PIECE_BYTES_MIN)
        s->piece /= 2;
    else if (took < PIECE_NS / 4 && len >= s->piece && s->piece < PIECE_BYTES_MAX)
        s->piece *= 2;
}

void source_deliver(Source *s, const char *data, size_t len)
{
    s->position += len;
    source_hand_over(s, data, len);
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
    s->piece = PIECE_BYTES_MAX;
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
