#include "src/painter.h"

#include <poll.h>
#include <termios.h>

enum { STUCK_MS = 200 };

static void on_write(uv_work_t *work)
{
    (void)work;
    ui_flush();
}

static void on_written(uv_work_t *work, int status)
{
    Painter *p = work->data;
    (void)status;
    p->busy = false;
    p->painted(p->ctx);
    if (p->again && !p->busy)
        painter_paint(p);
}

void painter_paint(Painter *p)
{
    p->again = p->busy;
    if (p->busy || !ui_compose(p->ui))
        return;
    p->work.data = p;
    p->busy = uv_queue_work(p->loop, &p->work, on_write, on_written) == 0;
    if (!p->busy)
        ui_flush();
}

static bool takes_bytes(int fd)
{
    struct pollfd terminal = {.fd = fd, .events = POLLOUT};
    return poll(&terminal, 1, 0) == 1 && (terminal.revents & POLLOUT);
}

void painter_answer(Painter *p)
{
    if (p->busy || !takes_bytes(p->fd))
        painter_paint(p);
    else if (ui_compose(p->ui))
        ui_flush();
}

static void on_stuck(uv_timer_t *timer)
{
    const Painter *p = timer->data;
    tcflush(p->fd, TCOFLUSH);
}

static void on_closed(uv_handle_t *handle)
{
    handle->data = NULL;
}

void painter_finish(Painter *p)
{
    uv_timer_t stuck;
    p->again = false;
    uv_timer_init(p->loop, &stuck);
    stuck.data = p;
    uv_timer_start(&stuck, on_stuck, STUCK_MS, STUCK_MS);
    while (p->busy)
        uv_run(p->loop, UV_RUN_ONCE);
    uv_close((uv_handle_t *)&stuck, on_closed);
    while (p->busy || stuck.data)
        uv_run(p->loop, UV_RUN_ONCE);
}
