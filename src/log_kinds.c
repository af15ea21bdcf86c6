#include "src/log_kinds.h"

#include "parsers/text_reader.h"
#include "src/log_front.h"

typedef struct Marking {
    UiLogLine *lines;
    size_t count;
    bool in_report; /* the record before was a piece of a report */
} Marking;

/* Records say at which byte their line begins; here that is the number of the line. */
static void on_record(void *ctx, Record *record)
{
    static const UiLineKind kind_of[] = {
        [RECORD_PROFILER] = UI_LINE_PROFILER,
        [RECORD_EXECUTING] = UI_LINE_BEGIN,
        [RECORD_EXECUTED] = UI_LINE_END,
        [RECORD_BLANK] = UI_LINE_OTHER, /* and all others */
    };
    Marking *m = ctx;
    UiLineKind kind = kind_of[record->kind];
    if (kind == UI_LINE_PROFILER && record->profiler.piece == PROFILER_END && !m->in_report)
        kind = UI_LINE_OTHER; /* "Functions:" of the banner looks like one */
    if (record->kind != RECORD_BLANK)
        m->in_report = kind == UI_LINE_PROFILER;
    if (record->offset >= m->count)
        return;
    UiLogLine *line = &m->lines[record->offset];
    line->failed |= record->kind == RECORD_FAILURE;
    if (kind == UI_LINE_OTHER)
        return;
    line->kind = kind;
    line->failed |= kind == UI_LINE_END && record->host.failed;
    if (kind == UI_LINE_PROFILER)
        line->front = log_front_find(line->text, false, log_front_behind_logger(line->text, record->profiler.logger));
}

void log_kinds(UiLogLine *lines, size_t count)
{
    Marking marking = {.lines = lines, .count = count};
    TextReader reader = {.sink = {&marking, on_record}};
    for (size_t i = 0; i < count; i++) {
        lines[i].kind = UI_LINE_OTHER;
        lines[i].failed = false;
        lines[i].record = lines[i].begin;
        lines[i].record_end = lines[i].end;
        lines[i].front = log_front_find(lines[i].text, false, 0);
    }
    for (size_t i = 0; i < count; i++) {
        Line line = {.text = lines[i].text, .number = i + 1, .offset = i, .terminated = true};
        text_reader_line(&reader, &line);
    }
    text_reader_finish(&reader);
    text_reader_free(&reader);
}
