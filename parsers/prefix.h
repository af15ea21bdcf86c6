/*
 * What hosts print in front of a message. One row per kind of prefix; adding one means adding its row and its function.
 *
 * Sources: azure-functions-core-tools, ColoredConsoleLogger.cs over its history ("[time] " in front of every physical line; the
 * time is UTC, in the machine's culture up to 3.0.27xx); azure-functions-host, FileLogger.cs and FileWriter.cs (file logs), Kudu's
 * Resources.resx (log streams); console.h and monitor.h for theirs.
 */
#ifndef PARSERS_PREFIX_H
#define PARSERS_PREFIX_H

#include "parsers/console.h"
#include "parsers/monitor.h"
#include "parsers/stamp.h"

/* What a line is within its record. */
typedef enum LinePlace {
    LINE_ANY,   /* nobody knows: the first line of a record or a further one */
    LINE_FIRST, /* its first */
    LINE_MORE,  /* a further one of the same record */
    LINE_HEAD,  /* it says of what record the next lines are, and has no text of its own */
} LinePlace;

/* What a prefix told. */
typedef struct Opening {
    Span stamp;    /* empty when there is no time */
    Span function; /* empty when it is not named */
    Span invocation;
    Moment (*time)(Span stamp);
    LinePlace place;
    bool many_lines; /* the text holds further lines, separated by '\n' */
    bool fixed;      /* another text behind the same front would be told the same, whatever it is */
} Opening;

/* What the prefixes remember from line to line. Zero-initialise it; end with prefix_memory_free(). */
typedef struct PrefixMemory {
    CultureClock clock;
    ConsoleRecord console;
    MonitorEvent event;
} PrefixMemory;

typedef struct Prefix {
    const char *format; /* name of the input format that it shows, as --list-formats prints it */
    /* Cuts the prefix off the front of `*text`; false when it is not there. `*opening` comes zeroed. */
    bool (*take)(PrefixMemory *memory, Span *text, Opening *opening);
    /* Learns from the stamp of a line and returns the function that reads it; NULL where take() says all. */
    Moment (*(*learn)(PrefixMemory *memory, Span stamp))(Span stamp);
    bool glues;     /* its writer is not atomic: a second prefix may stand in mid line */
    bool continues; /* a line without it goes on with the record before */
} Prefix;

/* All known prefixes, ended by a row without format. */
extern const Prefix prefixes[];

void prefix_memory_free(PrefixMemory *memory);

#endif
