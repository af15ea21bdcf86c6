#include "parsers/parser.h"

#include <stdlib.h>

#include "parsers/assembler.h"
#include "parsers/decoder.h"
#include "parsers/lines.h"
#include "parsers/text_reader.h"

struct Parser {
    Decoder decoder;
    LineSplitter lines;
    TextReader text;
    Assembler *assembler;
};

static void on_record(void *ctx, const Record *record)
{
    Parser *p = ctx;
    assembler_record(p->assembler, record);
}

static void on_line(void *ctx, const Line *line)
{
    Parser *p = ctx;
    text_reader_line(&p->text, line);
}

static void on_text(void *ctx, const char *bytes, size_t len)
{
    Parser *p = ctx;
    lines_feed(&p->lines, bytes, len, on_line, p);
}

static void end_lines(Parser *p)
{
    decoder_finish(&p->decoder, on_text, p);
    lines_finish(&p->lines, on_line, p);
    text_reader_finish(&p->text);
}

Parser *parser_new(const InputFormat *format, ReportSink sink)
{
    Parser *p = alloc_zeroed(1, sizeof *p);
    p->assembler = assembler_new(sink);
    p->text.forced = format;
    p->text.sink = (RecordSink){p, on_record};
    return p;
}

void parser_feed(Parser *p, const char *bytes, size_t len)
{
    decoder_feed(&p->decoder, bytes, len, on_text, p);
}

void parser_settle(Parser *p)
{
    assembler_settle(p->assembler);
}

void parser_restart(Parser *p)
{
    end_lines(p);
    Record restart = {.kind = RECORD_WORKER_STARTED, .number = ++p->text.records};
    assembler_record(p->assembler, &restart);
}

void parser_finish(Parser *p)
{
    end_lines(p);
    assembler_finish(p->assembler);
}

ParserStats parser_stats(const Parser *p)
{
    const InputFormat *format = text_reader_format(&p->text);
    return (ParserStats){
        .format = format ? format->name : NULL,
        .bytes = p->lines.offset,
        .lines = p->lines.count,
        .damaged = p->text.damaged,
        .damaged_line = p->text.damaged_line,
        .damage = p->text.damage,
    };
}

void parser_free(Parser *p)
{
    if (!p)
        return;
    assembler_free(p->assembler);
    lines_free(&p->lines);
    text_reader_free(&p->text);
    free(p);
}
