/* Terminal escape sequences in logs. */
#ifndef PARSERS_ANSI_H
#define PARSERS_ANSI_H

#include "base/buffer.h"

/*
 * `text` without its escape sequences (CSI, OSC and two-byte ones, ECMA-48). Where there are none, `text` itself is returned;
 * else the result is in `scratch`, which the caller owns and which is overwritten.
 */
Span ansi_strip(Span text, Buffer *scratch);

#endif
