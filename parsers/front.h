/*
 * What else may stand in front of each line, and is known by no more than that a host's own front stands behind it: what tools
 * that start several programs print ("[api] " of the SWA CLI and of concurrently, "0|func  | " of pm2), what build servers and
 * syslog do, numbers of lines, comments. It is learnt from a line whose record matters, and is taken off all lines in which it is
 * the same but for digits and the blanks that pad them.
 */
#ifndef PARSERS_FRONT_H
#define PARSERS_FRONT_H

#include "parsers/record.h"

enum { FRONT_BYTES_MAX = 128 };

/* Zero-initialise it; it holds no memory. */
typedef struct Front {
    char text[FRONT_BYTES_MAX];
    size_t len; /* 0: none was learnt */
} Front;

/* Behind what a front is learnt. */
typedef enum FrontSign {
    FRONT_OF_RECORD, /* the time that Core Tools prints, and a record that matters */
    FRONT_OF_BANNER, /* what its banner says of the version */
} FrontSign;

/* Learns what stands before that in the line. False where it is not there, or nothing stands before it. */
bool front_learn(Front *front, Span line, FrontSign sign, ProfilerColumns columns);

/* Cuts it off `*line`; false when it is not there. */
bool front_take(const Front *front, Span *line);

#endif
