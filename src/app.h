/* Runs with the screen: one loop for keys, inputs, signals and painting. */
#ifndef SRC_APP_H
#define SRC_APP_H

#include "src/options.h"

/* Opens the screen and lives in it until the person leaves; returns the exit code. */
int app_run(const Options *options);

#endif
