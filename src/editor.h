/* The person's editor, in the foreground of the terminal while the loop goes on. */
#ifndef SRC_EDITOR_H
#define SRC_EDITOR_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include <uv.h>

/* Zero-initialise it; one may run at a time. */
typedef struct Editor {
    uv_signal_t child; /* tells that it stopped or ended */
    pid_t pid;         /* also its process group; 0: none runs */
    int terminal;
    void (*ended)(void *ctx, int status);
    void *ctx;
} Editor;

/* What $VISUAL or $EDITOR say, or "vi": words for the shell. */
const char *editor_command(void);

/*
 * Starts the editor with `+LINE PATH` (`line` 0: no line) on the descriptor `terminal`, in a process group of its own that owns the
 * terminal. The command is a piece of shell as everywhere; the path never is. `ended` is called from the loop with the status that
 * waitpid() gives; a stop in between stops this program's group as well, and both go on together. False when no process can be had.
 */
bool editor_start(Editor *editor, uv_loop_t *loop, int terminal, const char *path, uint32_t line);

/* Hangs up on an editor that runs and takes the terminal back; `ended` is not called. */
void editor_stop(Editor *editor);

#endif
