#include "ui/log_look.h"

enum {
    CONTEXT_BYTES = 32 << 10,   /* looked at before the screen, to know what the first lines on it belong to */
    CONTEXT_OF_SHOWN = 4 << 10, /* the same before each line, where only some are shown */
};

/* Adds the lines from `begin` on up to the one at `last`, and `more` behind it. Their texts are offsets until all are there. */
static void gather(LogLooks *l, LogLines *lines, uint64_t begin, uint64_t last, int more)
{
    LogLine line;
    while ((begin <= last || more > 0) && log_raw_line_at(lines, begin, &line)) {
        if (line.begin >= last) {
            vec_push(&l->asked, l->lines.len);
            more -= line.begin > last;
        }
        vec_push(&l->lines, (UiLogLine){.begin = line.begin, .end = line.end, .text = {NULL, line.text.len}});
        buffer_append_span(&l->text, line.text);
        begin = line.end;
    }
}

static void look(LogLooks *l, LogLines *lines, size_t from)
{
    const UiLogText *log = lines->host->log;
    for (size_t i = from; i < l->lines.len; i++) {
        UiLogLine *line = &l->lines.items[i];
        line->record = line->begin;
        line->record_end = line->end;
    }
    if (log->look && l->lines.len > from)
        log->look(log->ctx, lines->source, l->lines.items + from, l->lines.len - from);
}

static void place_texts(LogLooks *l)
{
    size_t at = 0;
    for (size_t i = 0; i < l->lines.len; i++) {
        l->lines.items[i].text.ptr = l->text.len ? l->text.data + at : "";
        at += l->lines.items[i].text.len;
    }
}

static uint64_t context(LogLines *lines, uint64_t begin, uint64_t bytes)
{
    uint64_t first = lines->extent.first;
    return log_raw_line_begin(lines, begin - first > bytes ? begin - bytes : first);
}

void log_looks_ask(LogLooks *l, LogLines *lines, uint64_t top, int rows)
{
    VEC(size_t) groups = {0}; /* where those begin that follow one another */
    LogLine line;
    l->lines.len = l->asked.len = 0;
    buffer_clear(&l->text);
    if (!lines->shown && rows > 0 && log_line_at(lines, top, &line)) {
        vec_push(&groups, 0);
        gather(l, lines, context(lines, top, CONTEXT_BYTES), top, rows - 1);
    }
    for (uint64_t at = top; lines->shown && rows-- > 0 && log_line_at(lines, at, &line);) {
        LogLine shown = line;
        vec_push(&groups, l->lines.len);
        gather(l, lines, context(lines, shown.begin, CONTEXT_OF_SHOWN), shown.begin, 0);
        at = shown.next;
    }
    place_texts(l);
    size_t end = l->lines.len;
    for (size_t i = groups.len; i-- > 0;) {
        l->lines.len = i + 1 < groups.len ? groups.items[i + 1] : end;
        look(l, lines, groups.items[i]);
    }
    l->lines.len = end;
    vec_free(&groups);
}

size_t log_looks_count(const LogLooks *l)
{
    return l->asked.len;
}

const UiLogLine *log_looks_line(const LogLooks *l, size_t index)
{
    return &l->lines.items[l->asked.items[index]];
}

void log_looks_bare(LogLooks *l)
{
    for (size_t i = 0; i < l->lines.len; i++) {
        UiLogFront *front = &l->lines.items[i].front;
        if (l->lines.items[i].kind == UI_LINE_PROFILER)
            *front = (UiLogFront){.length = front->length, .cuts = {{0, front->length}}};
    }
}

void log_looks_free(LogLooks *l)
{
    vec_free(&l->lines);
    vec_free(&l->asked);
    buffer_free(&l->text);
}

/* Forms. */

/* The length of the escape sequence for colours and the like at the front of `text`, 0 where there is none. */
static size_t escape_length(Span text)
{
    size_t at = 2;
    if (text.len < 3 || text.ptr[0] != '\x1b' || text.ptr[1] != '[')
        return 0;
    while (at < text.len && text.ptr[at] >= ' ' && text.ptr[at] < '@')
        at++;
    return at < text.len && text.ptr[at] >= '@' && text.ptr[at] <= '~' ? at + 1 : 0;
}

/* The first cut at or behind `at`; false when there is none. */
static bool next_cut(const UiLogLine *line, LookForm form, size_t at, struct UiLogCut *found)
{
    Span text = form == LOOK_FULL ? (Span){0} : line->text;
    *found = (struct UiLogCut){UINT32_MAX, UINT32_MAX};
    for (size_t i = 0; form == LOOK_SHORT && i < UI_LOG_CUTS && found->from == UINT32_MAX; i++)
        if (line->front.cuts[i].from >= at && line->front.cuts[i].from < line->front.cuts[i].to)
            *found = line->front.cuts[i];
    size_t end = found->from < text.len ? found->from : text.len;
    for (const char *p; at < end && (p = memchr(text.ptr + at, '\x1b', end - at)); at++) {
        at = (size_t)(p - text.ptr);
        size_t len = escape_length(span_from(text, at));
        if (len) {
            *found = (struct UiLogCut){(uint32_t)at, (uint32_t)(at + len)};
            return true;
        }
    }
    return found->from != UINT32_MAX;
}

bool log_look_has_cuts(const UiLogLine *line, LookForm form)
{
    struct UiLogCut cut;
    return next_cut(line, form, 0, &cut);
}

size_t log_look_place(const UiLogLine *line, LookForm form, size_t at, size_t end)
{
    struct UiLogCut cut;
    size_t gone = 0, blank = form == LOOK_SHORT ? line->front.blank : 0;
    if (blank && at <= blank && blank < end)
        return SIZE_MAX;
    for (size_t from = 0; next_cut(line, form, from, &cut) && cut.from < end; from = cut.to) {
        if (at < cut.to)
            return SIZE_MAX;
        gone += cut.to - cut.from;
    }
    return at - gone;
}

size_t log_look_near(const UiLogLine *line, LookForm form, size_t at)
{
    struct UiLogCut cut;
    size_t gone = 0;
    for (size_t from = 0; next_cut(line, form, from, &cut) && cut.from <= at; from = cut.to) {
        if (at < cut.to)
            return cut.from - gone;
        gone += cut.to - cut.from;
    }
    return at - gone;
}

size_t log_look_byte(const UiLogLine *line, LookForm form, size_t place)
{
    struct UiLogCut cut;
    for (size_t from = 0; next_cut(line, form, from, &cut) && cut.from <= place; from = cut.to)
        place += cut.to - cut.from;
    return place;
}

static void append_piece(const UiLogLine *line, LookForm form, size_t from, size_t to, Buffer *out)
{
    size_t blank = form == LOOK_SHORT ? line->front.blank : 0;
    buffer_append_span(out, span_to(span_from(line->text, from), to - from));
    if (blank && blank >= from && blank < to)
        out->data[out->len - (to - blank)] = ' ';
}

Span log_look_text(const UiLogLine *line, LookForm form, Buffer *scratch, size_t *front)
{
    Span text = line->text;
    struct UiLogCut cut;
    size_t at = 0, length = line->front.length < text.len ? line->front.length : text.len;
    *front = length;
    if (!next_cut(line, form, 0, &cut))
        return text;
    buffer_clear(scratch);
    for (; next_cut(line, form, at, &cut); at = cut.to) {
        append_piece(line, form, at, cut.from, scratch);
        *front -= cut.from >= length ? 0 : cut.to < length ? cut.to - cut.from : length - cut.from;
    }
    append_piece(line, form, at, text.len, scratch);
    return buffer_span(scratch);
}
