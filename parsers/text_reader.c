#include "parsers/text_reader.h"

#include "parsers/ansi.h"
#include "parsers/host.h"
#include "parsers/profiler.h"

enum { FAILURE_LINES_MAX = 400 }; /* a traceback is rarely longer; other records may stand between its lines */

static bool prefix_allowed(const TextReader *r, const Prefix *prefix)
{
    return !r->forced || span_eq(span_of(r->forced->name), span_of(prefix->format));
}

/* The prefix of this line: most often that of the line before. */
static const Prefix *take_prefix(TextReader *r, Span *text, Span *stamp)
{
    if (r->prefix && r->prefix->take(text, stamp))
        return r->prefix;
    for (const Prefix *p = prefixes; p->format; p++)
        if (p != r->prefix && prefix_allowed(r, p) && p->take(text, stamp))
            return r->prefix = p;
    return NULL;
}

static bool is_failure_text(TextReader *r, Span message)
{
    if (!r->failure_lines)
        return false;
    r->failure_lines--;
    return host_is_failure_text(message);
}

static bool announces_report(Span message)
{
    return span_starts(message, SPAN("memory_profiler_logs: "));
}

static void note_damage(TextReader *r, uint64_t line, const char *what)
{
    if (!r->damaged++) {
        r->damaged_line = line;
        r->damage = what;
    }
}

static void classify(TextReader *r, Record *record)
{
    Span message = record->message;
    if (!message.len) {
        record->kind = RECORD_BLANK;
    } else if (profiler_parse(message, r->columns, &record->profiler)) {
        record->kind = RECORD_PROFILER;
        r->columns = record->profiler.columns;
        r->saw_profiler |= record->profiler.piece != PROFILER_END; /* "Functions:" looks like one */
    } else if (host_parse(message, record)) {
        r->saw_host = true;
        r->failure_lines = record->kind == RECORD_EXECUTED && record->host.failed ? FAILURE_LINES_MAX : r->failure_lines;
    } else if (is_failure_text(r, message)) {
        record->kind = RECORD_FAILURE;
    } else {
        record->kind = RECORD_TEXT;
        if (announces_report(message))
            note_damage(r, record->number, "no piece of a memory_profiler report");
    }
}

void text_reader_line(TextReader *r, const Line *line)
{
    Record record = {.number = line->number, .offset = line->offset, .partial = !line->terminated};
    record.message = ansi_strip(line->text, &r->scratch);
    const Prefix *prefix = take_prefix(r, &record.message, &record.stamp);
    record.prefixed = prefix != NULL;
    record.time = prefix ? prefix->time : NULL;
    if (line->cut)
        note_damage(r, line->number, "line longer than 1 MiB, cut");
    classify(r, &record);
    r->sink.record(r->sink.ctx, &record);
}

const InputFormat *text_reader_format(const TextReader *r)
{
    if (r->forced)
        return r->forced;
    if (r->prefix)
        return input_format_named(span_of(r->prefix->format));
    if (r->saw_host)
        return input_format_named(SPAN("coretools"));
    return r->saw_profiler ? input_format_named(SPAN("profiler")) : NULL;
}

void text_reader_free(TextReader *r)
{
    buffer_free(&r->scratch);
}
