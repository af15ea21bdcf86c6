/*
 * The console logger of .NET, with which the functions image prints when AzureFunctionsJobHost__Logging__Console__IsEnabled is
 * set:
 *
 *   info: Function.HttpTriggerSync.User[0]
 *         => SpanId:..., TraceId:... => ...
 *         the message, its further lines indented as well
 *
 * dotnet/runtime, Microsoft.Extensions.Logging.Console: SimpleConsoleFormatter.cs (level words, six cells of indentation, scopes,
 * SingleLine) and SystemdConsoleFormatter.cs ("<6>Category[0] message", new lines become blanks). Exceptions are indented by new
 * versions and flush left in old ones.
 */
#ifndef PARSERS_CONSOLE_H
#define PARSERS_CONSOLE_H

#include "base/buffer.h"

typedef enum ConsoleLine {
    CONSOLE_NONE,    /* no line of such a record */
    CONSOLE_HEAD,    /* level and category, or a scope: the message comes on the next line */
    CONSOLE_MESSAGE, /* the first line of the message */
    CONSOLE_MORE,    /* a further one */
    CONSOLE_WHOLE,   /* level, category and message on one line */
} ConsoleLine;

/* The record that is being read. Zero-initialise it; end with console_free(). */
typedef struct ConsoleRecord {
    bool open; /* its first line was read */
    bool in_message;
    Buffer function; /* that its category names */
} ConsoleRecord;

/* Cuts what the formatter put there off the front of `*text`, and keeps count of the record. */
ConsoleLine console_take(ConsoleRecord *record, Span *text);

void console_free(ConsoleRecord *record);

#endif
