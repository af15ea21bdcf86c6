/*
 * A command: started in a session of its own, so that the terminal's Ctrl-C and hang-up do not reach it, it cannot read or
 * reconfigure the terminal by any way, and it and what it starts can be signalled as one process group.
 */
#include "src/source_private.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buffer.h"

enum {
    DRAIN_MS = 1000,     /* a silence after which an output that others hold open is given up */
    STOP_TICK_MS = 50,   /* between two looks whether the group is gone */
    TERMINATE_MS = 3000, /* since the SIGINT */
    KILL_MS = 6000,
    GIVE_UP_MS = 7000,
};

typedef struct ChildSource {
    SourceStream stream;
    uv_process_t process;
    uv_timer_t timer;
    bool spawned;
    bool stopping;
    uint64_t stop_began; /* ms, as uv_now() */
    int last_signal;     /* while stopping */
} ChildSource;

static ChildSource *child_of(Source *s)
{
    return (ChildSource *)s;
}

static bool signal_group(const ChildSource *c, int signal)
{
    int pid = c->stream.base.pid;
    return pid > 0 && kill(-pid, signal) == 0;
}

static bool group_exists(const ChildSource *c)
{
    int pid = c->stream.base.pid;
    return pid > 0 && (kill(-pid, 0) == 0 || errno == EPERM);
}

static void end(ChildSource *c)
{
    uv_timer_stop(&c->timer);
    source_stream_stop(&c->stream);
    source_set_state(&c->stream.base, SOURCE_ENDED);
}

static void on_silence(uv_timer_t *timer)
{
    ChildSource *c = timer->data;
    Buffer note = {0};
    buffer_printf(&note, "%s has ended, but something it started still holds its output open; not read any further",
                  c->stream.base.name);
    source_set_note(&c->stream.base, buffer_text(&note));
    buffer_free(&note);
    end(c);
}

/* Called whenever one of the conditions for the end may have come true. */
static void settle(ChildSource *c)
{
    Source *s = &c->stream.base;
    if (!s->exited || source_is_over(s))
        return;
    if (c->stopping && group_exists(c))
        return;
    c->stopping = false;
    uv_timer_stop(&c->timer);
    if (c->stream.at_end)
        end(c);
    else if (!s->paused)
        uv_timer_start(&c->timer, on_silence, DRAIN_MS, 0);
}

static void child_arrived(SourceStream *t)
{
    settle(child_of(&t->base));
}

/* An error while reading means the same as the end of the output: the command's own end decides. */
static void child_end(SourceStream *t, int error)
{
    if (error) {
        Buffer note = {0};
        buffer_printf(&note, "cannot read the output of %s: %s", t->base.name, uv_strerror(error));
        source_set_note(&t->base, buffer_text(&note));
        buffer_free(&note);
    }
    settle(child_of(&t->base));
}

static void on_exit_of(uv_process_t *process, int64_t status, int signal)
{
    ChildSource *c = process->data;
    Source *s = &c->stream.base;
    s->exited = true;
    s->exit = (SourceExit){.status = (int)status, .signal = signal};
    s->news = true;
    source_wake(s);
    settle(c);
}

static void child_paused(Source *s)
{
    ChildSource *c = child_of(s);
    source_stream_paused(s);
    if (!c->stopping)
        uv_timer_stop(&c->timer);
    settle(c);
}

static void child_interrupt(Source *s)
{
    signal_group(child_of(s), SIGINT);
}

static void on_stop_tick(uv_timer_t *timer)
{
    ChildSource *c = timer->data;
    uint64_t passed = uv_now(timer->loop) - c->stop_began;
    settle(c);
    if (!c->stopping)
        return;
    int signal = passed >= KILL_MS ? SIGKILL : passed >= TERMINATE_MS ? SIGTERM : SIGINT;
    if (signal != c->last_signal)
        signal_group(c, signal);
    c->last_signal = signal;
    if (passed < GIVE_UP_MS || !c->stream.base.exited)
        return;
    end(c); /* what is left of the group cannot be killed */
}

static void child_stop(Source *s)
{
    ChildSource *c = child_of(s);
    if (c->stopping)
        return;
    c->stopping = true;
    c->last_signal = SIGINT;
    uv_update_time(s->loop);
    c->stop_began = uv_now(s->loop);
    signal_group(c, SIGINT);
    uv_timer_start(&c->timer, on_stop_tick, STOP_TICK_MS, STOP_TICK_MS);
}

static void child_close(Source *s)
{
    ChildSource *c = child_of(s);
    if (!source_is_over(s) && (!s->exited || c->stopping))
        signal_group(c, SIGKILL);
    source_stream_close(s);
    source_drop(s, &c->timer);
    if (c->spawned)
        source_drop(s, &c->process);
}

static const SourceKind child_kind = {
    .turn = source_stream_turn,
    .paused = child_paused,
    .interrupt = child_interrupt,
    .stop = child_stop,
    .close = child_close,
    .free = source_stream_free,
};

static char *words_of(char *const argv[])
{
    Buffer words = {0};
    for (int i = 0; argv[i]; i++)
        buffer_printf(&words, "%s%s", i ? " " : "", argv[i]);
    char *text = alloc_text(words.data, words.len);
    buffer_free(&words);
    return text;
}

/* Both of its outputs are one descriptor, so that their order is kept. */
static int spawn(ChildSource *c, char *const argv[], int output)
{
    uv_stdio_container_t stdio[] = {
        {.flags = UV_IGNORE},
        {.flags = UV_INHERIT_FD, .data.fd = output},
        {.flags = UV_INHERIT_FD, .data.fd = output},
    };
    uv_process_options_t options = {
        .file = argv[0],
        .args = (char **)argv,
        .flags = UV_PROCESS_DETACHED,
        .exit_cb = on_exit_of,
        .stdio = stdio,
        .stdio_count = 3,
    };
    int error = uv_spawn(c->stream.base.loop, &c->process, &options);
    c->spawned = true; /* even when it failed the handle has to be closed */
    source_adopt(&c->stream.base, &c->process);
    c->stream.base.pid = error ? 0 : c->process.pid;
    return error;
}

static void start(ChildSource *c, char *const argv[])
{
    Source *s = &c->stream.base;
    int ends[2] = {-1, -1};
    int error = uv_pipe(ends, UV_NONBLOCK_PIPE, 0);
    source_stream_init(&c->stream, ends[0]);
    if (!error)
        error = spawn(c, argv, ends[1]);
    if (ends[1] >= 0)
        close(ends[1]);
    if (!error)
        return;
    source_stream_stop(&c->stream);
    source_fail(s, "cannot start", error == UV_ENOENT ? "command not found" : uv_strerror(error));
}

Source *source_open_command(uv_loop_t *loop, char *const argv[], SourceOptions options, SourceEvents events)
{
    ChildSource *c = alloc_zeroed(1, sizeof *c);
    Source *s = &c->stream.base;
    char *words = words_of(argv);
    source_init(s, &child_kind, loop, words, options, events);
    free(words);
    uv_timer_init(loop, &c->timer);
    source_adopt(s, &c->timer);
    c->stream.end = child_end;
    c->stream.arrived = child_arrived;
    start(c, argv);
    return s;
}
