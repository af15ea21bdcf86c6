/* Reads text logs: one physical line at a time, its prefix cut off, what is left told apart as a record. */
#ifndef PARSERS_TEXT_READER_H
#define PARSERS_TEXT_READER_H

#include "base/buffer.h"
#include "parsers/format.h"
#include "parsers/lines.h"
#include "parsers/prefix.h"
#include "parsers/record.h"

typedef struct TextReader {
    RecordSink sink;
    const InputFormat *forced;  /* what the user said, or NULL: every line tells its own prefix */
    const Prefix *prefix;       /* that of the line before; tried first */
    ProfilerColumns columns;    /* of the last header */
    unsigned failure_lines;     /* lines that may still say why an invocation failed */
    bool saw_host, saw_profiler;
    uint64_t damaged;           /* lines that could not be read; the first of them and what is wrong with it: */
    uint64_t damaged_line;
    const char *damage;
    Buffer scratch;
} TextReader;

/* Takes one line and hands its record to the sink. */
void text_reader_line(TextReader *reader, const Line *line);

/* The format of what was read so far; NULL while nothing tells it. */
const InputFormat *text_reader_format(const TextReader *reader);

void text_reader_free(TextReader *reader);

#endif
