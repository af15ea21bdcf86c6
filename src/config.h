/*
 * The configuration file, read by libinih. It is a person's: nothing is ever written to it. What is wrong in it is said with its line,
 * and the rest is used.
 */
#ifndef SRC_CONFIG_H
#define SRC_CONFIG_H

#include "ui/setting.h"

enum { CONFIG_SIZE_MAX = 1 << 20 };

/* $XDG_CONFIG_HOME/funcmem/funcmem.conf, by default in ~/.config, to be freed; NULL when neither variable has an absolute path. */
char *config_path(void);

/*
 * Reads the file into `settings`. Appends a line to `problems` for each mistake: "PATH:LINE: what is wrong", without control
 * characters. False when it cannot be read at all, which is said as well; a file that does not exist is fine when `optional`. Only
 * regular files of at most CONFIG_SIZE_MAX bytes are read.
 */
bool config_read(Settings *settings, const char *path, bool optional, Buffer *problems);

#endif
