/*
 * What container runtimes, log collectors and quoting put around each physical line, whatever the format behind it. One row per
 * wrapper; several may stand around each other (compose around docker's times).
 *
 * Sources: Docker documentation, "docker logs --timestamps" (RFC3339Nano, nine digits; App Service shows the same) and "docker
 * compose logs" ("name-1  | "; up to version 1 "name_1     | "); moby, jsonfilelog ({"log":...,"stream":...,"time":...}; lines over
 * 16 KiB are split); kubernetes/design-proposals, kubelet-cri-logging.md ("time stream P|F text"); kubectl logs --prefix
 * ("[pod/p/c] "); journalctl(1), --output=short, short-precise, short-iso and short-iso-precise. A capture may also be quoted with
 * "> " or be indented by four or more blanks or a tab, as in mail and Markdown.
 */
#ifndef PARSERS_WRAPPER_H
#define PARSERS_WRAPPER_H

#include "base/moment.h"
#include "base/span.h"

/* How the text of a wrapped line makes up lines. */
typedef enum WrappedText {
    WRAPPED_LINE,    /* it is one */
    WRAPPED_PART,    /* the line goes on in the next text of its stream */
    WRAPPED_LAST,    /* the end of a line, or a whole one, of a wrapper that also writes parts */
    WRAPPED_ESCAPED, /* a JSON text, which ends in a new line unless it is a part */
    WRAPPED_WHOLE,   /* a JSON text that is a line */
} WrappedText;

typedef struct Wrapped {
    Span stamp; /* empty when the wrapper has no time */
    Moment (*time)(Span stamp);
    WrappedText kind;
    unsigned stream; /* below WRAPPER_STREAMS */
    bool cut;        /* the wrapper itself is not complete */
} Wrapped;

enum {
    WRAPPER_STREAMS = 2,
    WRAPPER_PART_BYTES = 16384, /* an escaped text without new line that is shorter is no part: its collector strips new lines */
};

typedef struct Wrapper {
    /* Cuts the wrapper off `*text`; false when it is not there. `*wrapped` comes zeroed. */
    bool (*take)(Span *text, Wrapped *wrapped);
    bool joins; /* its texts are not always whole lines: they cannot stand in each other */
} Wrapper;

/* All known wrappers, ended by a row without function. */
extern const Wrapper wrappers[];

/* Whether a line begins with a wrapper that joins. */
bool wrapper_joins(Span line);

/* Whether a line is one that a container runtime wrote as a JSON object: such a file is a text log, not an export. */
bool wrapper_is_log_object(Span line);

#endif
