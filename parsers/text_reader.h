/*
 * Reads text logs: takes off each physical line what wraps it and what the host put in front, and tells what is left apart as a
 * record.
 *
 * Where the format shows which lines make up one record, the first line decides what it is: its further lines are the exception of
 * a failed invocation, the rest of a report that was logged whole, or text, whatever they look like. On the console of Core Tools
 * every line is taken for itself, since there nothing shows it.
 */
#ifndef PARSERS_TEXT_READER_H
#define PARSERS_TEXT_READER_H

#include "base/buffer.h"
#include "parsers/format.h"
#include "parsers/front.h"
#include "parsers/lines.h"
#include "parsers/prefix.h"
#include "parsers/record.h"
#include "parsers/wrapper.h"

enum { WRAPPERS_MAX = 3 }; /* that may stand around each other */

/* The front of a line whose end has not come yet; collectors cut lines. */
typedef struct LineParts {
    Buffer text;
    uint64_t offset; /* of its first part */
    bool cut;        /* there was more than is kept */
} LineParts;

/* What the prefix of a line told whose front had the shape of those before. */
typedef struct UsualFront {
    LinePlace place;
    size_t stamp_at, stamp_len; /* where the time stands in the front, bytes */
    Moment (*time)(Span stamp);
} UsualFront;

/* The record whose further lines may follow, as far as they need it. */
typedef struct RecordFront {
    bool report; /* it began a report: its further lines may be the rest of it */
    Buffer logger;
    Buffer function;
    Buffer invocation;
} RecordFront;

typedef struct TextReader {
    RecordSink sink;
    const InputFormat *forced; /* what the user said, or NULL: every line tells its own prefix */
    const Prefix *prefix;      /* the latest; tried first */
    Sieve sieve;               /* with the shape of its front, where that tells all of it but the time: see `usual` */
    UsualFront usual;
    const Wrapper *wrappers[WRAPPERS_MAX + 1]; /* those of the line before, outermost first; NULL behind the last */
    Front learnt_front;
    PrefixMemory memory;
    LineParts parts[WRAPPER_STREAMS];
    RecordFront front;
    char owed[STAMP_TEXT_MAX]; /* stamp of a line that had no text: that may stand on the next line, without a prefix */
    size_t owed_len;
    ProfilerColumns columns; /* of the last header */
    unsigned failure_lines;  /* lines that may still say why an invocation failed */
    uint64_t line;           /* number of the line that is being read ... */
    uint64_t offset;         /* ... and where it, or its first part, begins */
    uint64_t seen;           /* lines that were taken or passed the sieve */
    bool unended;            /* it is the last, without its end */
    bool bracketed;          /* a second prefix may stand in it: see Line */
    uint64_t records;        /* handed over */
    const char *format;      /* name of the format that told most about the input, NULL before */
    bool format_sure;        /* a record that matters had it */
    bool saw_host, saw_profiler;
    uint64_t damaged; /* lines that could not be read; the first of them and what is wrong with it: */
    uint64_t damaged_line;
    const char *damage;
    Buffer plain;       /* the line without escape sequences */
    Buffer unescaped;   /* a text out of JSON */
    Buffer whole_plain; /* a line that was put together, without escape sequences */
} TextReader;

/* The sieve for lines that need not be taken. Their bytes may go when it was told that all up to the `count`th were cut. */
Sieve *text_reader_sieve(TextReader *reader);
void text_reader_passed(TextReader *reader, uint64_t count);

/* Takes one line and hands its records to the sink. */
void text_reader_line(TextReader *reader, const Line *line);

/*
 * Whether lines that have the shape of `reader->sieve.shape` at their front are empty, where nothing is behind it, or else messages
 * of one record each, in which rows have all columns.
 */
bool text_reader_expects_rows(const TextReader *reader);

/* The caller has read `count` such lines itself, the last of which is empty if `blank` is not NULL: there it begins. */
void text_reader_skip(TextReader *reader, size_t count, const char *blank);

/* The input has ended: hands over lines whose end never came. */
void text_reader_finish(TextReader *reader);

/* The format of what was read so far; NULL while nothing tells it. */
const InputFormat *text_reader_format(const TextReader *reader);

void text_reader_free(TextReader *reader);

#endif
