/*
 * Writes frames to the terminal in a worker thread: a terminal that takes no more (held by Ctrl-S, behind a slow line) would else hold
 * up the loop, and with it the reading of what comes in.
 *
 * While a frame is written nobody may touch the terminal library: no keys are read, nothing is drawn, the size stays.
 */
#ifndef SRC_PAINTER_H
#define SRC_PAINTER_H

#include <uv.h>

#include "ui/ui.h"

typedef struct Painter {
    uv_work_t work;
    uv_loop_t *loop;
    Ui *ui;
    int fd;     /* the terminal */
    bool busy;  /* a frame is being written */
    bool again; /* another was asked for meanwhile */
    void *ctx;
    void (*painted)(void *ctx); /* the frame is written: what had to wait may go on */
} Painter;

/* Paints what looks different than before, now or when the frame before it is written. */
void painter_paint(Painter *painter);

/*
 * The same behind a key: who sends keys shows what it gets, so the frame is written at once where the terminal takes anything. Handing
 * it to another thread takes some milliseconds when all processors are busy.
 */
void painter_answer(Painter *painter);

/* Returns when no frame is being written; the caller asks for no other. Throws away what a stuck terminal does not take. */
void painter_finish(Painter *painter);

#endif
