#include "src/log_kinds.h"

#include "parsers/format.h"
#include "parsers/text_reader.h"

typedef struct Marking {
    LogKind *kinds;
    size_t count;
    bool in_report; /* the record before was a piece of a report */
} Marking;

/* Records say at which byte their line begins; here that is the number of the line. */
static void on_record(void *ctx, Record *record)
{
    static const LogKind kind_of[] = {
        [RECORD_PROFILER] = LOG_PROFILER, [RECORD_EXECUTING] = LOG_BEGIN, [RECORD_EXECUTED] = LOG_END, [RECORD_BLANK] = LOG_OTHER,
    };
    Marking *m = ctx;
    LogKind kind = kind_of[record->kind];
    if (kind == LOG_PROFILER && record->profiler.piece == PROFILER_END && !m->in_report)
        kind = LOG_OTHER; /* "Functions:" of the banner looks like one */
    if (record->kind != RECORD_BLANK)
        m->in_report = kind == LOG_PROFILER;
    if (kind != LOG_OTHER && record->offset < m->count)
        m->kinds[record->offset] = kind;
}

/* Takes the next line off `*text`. */
static Span take_line(Span *text)
{
    ptrdiff_t end = span_find_byte(*text, '\n');
    Span line = end < 0 ? *text : span_to(*text, (size_t)end);
    *text = span_from(*text, line.len + (end >= 0));
    if (line.len && line.ptr[line.len - 1] == '\r')
        line.len--;
    return line;
}

static void mark_text(Span text, Marking *m)
{
    TextReader reader = {.sink = {m, on_record}};
    for (size_t i = 0; i < m->count && text.len; i++) {
        Line line = {.text = take_line(&text), .number = i + 1, .offset = i, .terminated = true};
        text_reader_line(&reader, &line);
    }
    text_reader_finish(&reader);
    text_reader_free(&reader);
}

/* A line of an export is no record of its own: what it holds decides. */
static LogKind kind_of_export(Span line)
{
    static const struct Sign {
        const char *text;
        LogKind kind;
    } signs[] = {
        {"Executing 'Functions.", LOG_BEGIN}, {"Executed 'Functions.", LOG_END}, {"Filename: ", LOG_PROFILER},
        {"Line #    Mem usage", LOG_PROFILER}, {" MiB  ", LOG_PROFILER},
    };
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (span_find(line, span_of(signs[i].text)) >= 0)
            return signs[i].kind;
    return LOG_OTHER;
}

void log_kinds(const char *format, Span text, LogKind *kinds, size_t count)
{
    const InputFormat *input = format ? input_format_named(span_of(format)) : NULL;
    memset(kinds, 0, count * sizeof *kinds);
    if (!input || input->kind == INPUT_TEXT) {
        mark_text(text, &(Marking){.kinds = kinds, .count = count});
        return;
    }
    for (size_t i = 0; i < count && text.len; i++)
        kinds[i] = kind_of_export(take_line(&text));
}
