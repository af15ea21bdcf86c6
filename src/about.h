/* What the program says about itself: help, version, and the tables that it uses, for people and for scripts. */
#ifndef SRC_ABOUT_H
#define SRC_ABOUT_H

#include "base/buffer.h"

/* Each appends its text, lines ended by newlines. */
void about_help(Buffer *out);
void about_usage(Buffer *out); /* when there is nothing to read */
void about_version(Buffer *out);

/* Tab separated, a header line first. */
void about_columns(Buffer *out); /* view, column, title, type, first direction, help */
void about_keys(Buffer *out);    /* action, keys, context, help */
void about_formats(Buffer *out);  /* direction ("input" or "export"), name, help */
void about_settings(Buffer *out); /* section, setting, default or -, what may be written, help */

#endif
