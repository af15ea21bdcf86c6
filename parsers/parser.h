/*
 * Bytes in, reports and host records out: the whole of this layer behind one door.
 *
 * Feeding is synchronous and deterministic: the same bytes in any pieces give the same calls of the sink.
 */
#ifndef PARSERS_PARSER_H
#define PARSERS_PARSER_H

#include "parsers/format.h"
#include "parsers/report.h"

typedef struct Parser Parser;

typedef struct ParserStats {
    const char *format; /* name of the input format, NULL while nothing tells it */
    uint64_t bytes;     /* of UTF-8, without a byte order mark */
    uint64_t lines;
    uint64_t damaged;      /* records that could not be read */
    uint64_t damaged_line; /* line of the first of them */
    const char *damage;    /* what is wrong with it, in a few words; NULL without one */
} ParserStats;

/* A parser that hands what it finds to `sink`. `format` overrides detection, NULL detects. End it with parser_free(). */
Parser *parser_new(const InputFormat *format, ReportSink sink);

/* Reads `len` more bytes. */
void parser_feed(Parser *parser, const char *bytes, size_t len);

/*
 * A live input has been silent for a while: hands over what is complete for all one can tell. After a short silence that is a
 * report that is alone, and of which no end of an invocation will tell; after a long one, all. Returns whether a long one is worth
 * waiting for.
 */
bool parser_settle(Parser *parser, bool long_silence);

/* Whether what was fed of a text ends within a line. */
bool parser_is_in_line(const Parser *parser);

/* A live input goes on: hands over what waits for records that may come later, but leaves reports open. To be called every second
 * or two. */
void parser_hurry(Parser *parser);

/* The input was truncated or replaced: what comes next begins a new line in a new process. */
void parser_restart(Parser *parser);

/* The input has ended: reads a last line without newline, then closes what is open. */
void parser_finish(Parser *parser);

/*
 * The same until about `end_ns` of clock_ns(): of an export all records may still be to be put together. False when there is more:
 * then nothing else may be done with the parser before it was called again.
 */
bool parser_finish_until(Parser *parser, int64_t end_ns);

ParserStats parser_stats(const Parser *parser);

void parser_free(Parser *parser);

#endif
