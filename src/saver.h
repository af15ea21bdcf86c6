/*
 * Writes a file while the screen lives: pieces of it are made on the loop, a slice at a time between keys and reading, and each
 * goes to the disk in a worker thread, so that neither many rows nor a slow disk hold anything up. One file at a time.
 */
#ifndef SRC_SAVER_H
#define SRC_SAVER_H

#include <uv.h>

#include "src/save.h"

typedef struct Saver {
    uv_work_t work;
    uv_loop_t *loop;
    void *ctx;
    void (*changed)(void *ctx);                            /* more of it is made */
    void (*ended)(void *ctx, bool done, const char *text); /* what came of it, for people */
    Save save;
    bool active; /* something is being written ... */
    bool busy;   /* ... and a thread is at it */
    bool given_up;
} Saver;

/* Goes on with what was begun in `saver->save`. */
void saver_start(Saver *saver);

/* Gives it up, as soon as the disk lets go; a file that is complete stays. */
void saver_give_up(Saver *saver);

/* Returns when nothing is being written any more: gives up what is. */
void saver_finish(Saver *saver);

/* Whether what it is made of has to stay as it is. */
bool saver_holds(const Saver *saver);

#endif
