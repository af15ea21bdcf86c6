/* Runs without a screen: reads the input to its end, prints it, says by the exit code how that went. */
#ifndef SRC_BATCH_H
#define SRC_BATCH_H

#include "src/options.h"

/* Exit codes that scripts rely on; COMMAND's own are 64 + code. */
enum {
    EXIT_USAGE = 2,
    EXIT_INPUT = 3,
    EXIT_EMPTY = 4,
    EXIT_OUTPUT = 6,
    EXIT_CHILD = 64,
    EXIT_SIGNAL = 128,
};

/* Reads and prints; returns the exit code. */
int batch_run(const Options *options);

#endif
