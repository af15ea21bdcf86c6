#include "src/saver.h"

enum { SLICE_NS = 5000000 };

static void on_write(uv_work_t *work)
{
    Saver *s = work->data;
    save_write(&s->save);
}

static void end(Saver *s)
{
    Buffer text = {0};
    bool done = save_end(&s->save, &text);
    s->active = s->given_up = false;
    s->ended(s->ctx, done, buffer_text(&text));
    buffer_free(&text);
}

static void go_on(Saver *s);

static void on_written(uv_work_t *work, int status)
{
    Saver *s = work->data;
    (void)status;
    s->busy = false;
    if (s->save.over || s->given_up)
        end(s);
    else
        go_on(s);
}

/* One piece; the rest follows from the loop. libuv refuses no work but that without a function. */
static void go_on(Saver *s)
{
    save_make(&s->save, clock_ns() + SLICE_NS);
    s->work.data = s;
    s->busy = true;
    uv_queue_work(s->loop, &s->work, on_write, on_written);
    s->changed(s->ctx);
}

void saver_start(Saver *s)
{
    s->active = true;
    go_on(s);
}

void saver_give_up(Saver *s)
{
    s->given_up = s->active;
    if (s->active && !s->busy)
        end(s);
}

void saver_finish(Saver *s)
{
    saver_give_up(s);
    while (s->busy)
        uv_run(s->loop, UV_RUN_ONCE);
}

bool saver_holds(const Saver *s)
{
    return s->active && s->save.portions.settled && !s->save.made;
}
