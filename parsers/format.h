/* The input formats that funcmem reads, as names for people and scripts. */
#ifndef PARSERS_FORMAT_H
#define PARSERS_FORMAT_H

#include "base/span.h"

typedef struct InputFormat {
    const char *name;
    const char *help;
} InputFormat;

/* All formats, ended by a row without name. */
extern const InputFormat input_formats[];

/* The format of that name, or NULL. */
const InputFormat *input_format_named(Span name);

#endif
