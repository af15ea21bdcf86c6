/*
 * What hosts and shells print in front of a message on a physical line. One row per text format; adding a format means adding
 * its row and its function.
 */
#ifndef PARSERS_PREFIX_H
#define PARSERS_PREFIX_H

#include "base/moment.h"
#include "base/span.h"

typedef struct Prefix {
    const char *format; /* name of the input format that it shows, as --list-formats prints it */
    /* Cuts the prefix off the front of `*text` and leaves its time stamp's text in `*stamp`; false when it is not there. */
    bool (*take)(Span *text, Span *stamp);
    /* The time of such a stamp. */
    Moment (*time)(Span stamp);
} Prefix;

/* All known prefixes, ended by a row without format. */
extern const Prefix prefixes[];

#endif
