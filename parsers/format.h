/* The input formats that funcmem reads, as names for people and scripts. */
#ifndef PARSERS_FORMAT_H
#define PARSERS_FORMAT_H

#include "base/span.h"

/* How an input is taken apart before anything in it is understood. */
typedef enum InputKind {
    INPUT_TEXT, /* physical lines */
    INPUT_JSON,
    INPUT_CSV,
} InputKind;

typedef struct InputFormat {
    const char *name;
    const char *help;
    InputKind kind;
} InputFormat;

/* All formats, ended by a row without name. */
extern const InputFormat input_formats[];

/* The format of that name, or NULL. */
const InputFormat *input_format_named(Span name);

#endif
