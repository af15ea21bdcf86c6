#include "src/log_rows.h"

#include <stdlib.h>

#include "base/partition_point.h"
#include "parsers/export_reader.h"
#include "parsers/json_cutter.h"

enum {
    HEAD_MAX = 1 << 20,    /* of a document: looked through for its first row */
    NEAR_BYTES = 8 << 10,  /* looked through for the beginning of the row that goes on in the first line, and the end of the last */
    FAR_BYTES = 256 << 10, /* the same when it is not there */
    AHEAD = 2,             /* bytes that tell a row from its bracket on */
};

void log_form_free(LogForm *form)
{
    buffer_free(&form->indent);
    buffer_free(&form->head);
}

static Span read_piece(LogTexts *texts, Id id, uint64_t at, Buffer *bytes, size_t len)
{
    buffer_clear(bytes);
    buffer_reserve(bytes, len);
    bytes->len = log_texts_read(texts, id, at, bytes->data, len);
    return buffer_span(bytes);
}

/* The form of a document. */

typedef struct Search {
    uint64_t rows[2]; /* where the first two begin */
    size_t count;
    char opener;
} Search;

static void on_cut(void *ctx, const JsonCut *cut)
{
    Search *s = ctx;
    if (s->count == 2 || (cut->part != JSON_PART_ROW && cut->part != JSON_PART_RECORD))
        return;
    s->rows[s->count++] = cut->offset;
    s->opener = cut->part == JSON_PART_ROW ? '[' : '{';
}

/* The blanks between the beginning of a line and a row; false when something else stands there. */
static bool find_indent(Span text, size_t row, Buffer *indent)
{
    size_t begin = row;
    while (begin && text.ptr[begin - 1] != '\n')
        begin--;
    Span before = span_to(span_from(text, begin), row - begin);
    bool blank = span_trim(before).len == 0;
    buffer_clear(indent);
    if (blank)
        buffer_append_span(indent, before);
    return blank;
}

static void learn_json(LogForm *f, Span head)
{
    Search search = {.count = 0};
    JsonCutter cutter = {.sink = {&search, on_cut}};
    json_cutter_feed(&cutter, head.ptr, head.len);
    json_cutter_free(&cutter);
    if (!search.count)
        return;
    f->known = true;
    f->opener = search.opener;
    f->own_line = find_indent(head, (size_t)search.rows[search.count - 1], &f->indent);
    buffer_append_span(&f->head, span_to(head, (size_t)search.rows[0]));
}

static bool learn_csv(LogForm *f, Span head)
{
    ptrdiff_t end = span_find_byte(head, '\n');
    if (end >= 0)
        buffer_append_span(&f->head, span_to(head, (size_t)end + 1));
    return end >= 0;
}

/* Where the beginning is gone, records that are lines can still be told; they need nothing of it. */
static void learn_rest(LogForm *f, Span text)
{
    ptrdiff_t end = span_find_byte(text, '\n');
    learn_json(f, span_from(text, end < 0 ? text.len : (size_t)end + 1));
    f->known = f->known && f->opener == '{' && f->own_line;
    buffer_clear(&f->head);
}

void log_form_learn(LogForm *f, LogTexts *texts, Id id, InputKind kind)
{
    LogExtent extent;
    Buffer head = {0};
    if (f->known || !log_texts_extent(texts, id, &extent) || extent.end == f->tried ||
        (f->tried >= extent.first + HEAD_MAX && extent.end >= f->tried))
        return;
    f->tried = extent.end;
    Span text = read_piece(texts, id, extent.first, &head, HEAD_MAX);
    if (kind == INPUT_CSV)
        f->known = !extent.first && learn_csv(f, text);
    else if (extent.first)
        learn_rest(f, text);
    else
        learn_json(f, text);
    buffer_free(&head);
}

/* Where rows begin. */

static bool json_row_begins(const LogForm *f, Span text, size_t at)
{
    if (text.ptr[at] != f->opener)
        return false;
    if (f->own_line) {
        Span indent = buffer_span(&f->indent);
        size_t begin = at - indent.len;
        return at >= indent.len && (!begin || text.ptr[begin - 1] == '\n') &&
               span_eq(span_to(span_from(text, begin), indent.len), indent);
    }
    char closer = f->opener == '[' ? ']' : '}';
    size_t blank = at && text.ptr[at - 1] == ' ';
    return at + 1 < text.len && text.ptr[at + 1] == '"' && at >= 2 + blank && text.ptr[at - 1 - blank] == ',' &&
           text.ptr[at - 2 - blank] == closer;
}

static bool row_begins(const LogForm *f, InputKind kind, Span text, size_t at)
{
    return kind == INPUT_JSON ? json_row_begins(f, text, at) : !at || text.ptr[at - 1] == '\n';
}

/* Where the row begins that goes on at `begin`, if that is at most `far` bytes before it; UINT64_MAX when it is not. */
static uint64_t row_before(const LogForm *f, LogTexts *texts, Id id, InputKind kind, uint64_t begin, uint64_t far)
{
    LogExtent extent = {0};
    log_texts_extent(texts, id, &extent);
    uint64_t first = extent.first > f->head.len ? extent.first : f->head.len, found = UINT64_MAX;
    uint64_t from = begin > first + far ? begin - far : first;
    Buffer bytes = {0};
    if (begin <= first)
        return first;
    Span text = read_piece(texts, id, from, &bytes, (size_t)(begin - from) + AHEAD);
    size_t at = (size_t)(begin - from);
    while (at > 0 && (at >= text.len || !row_begins(f, kind, text, at)))
        at--;
    if (at || from == first)
        found = from + at;
    buffer_free(&bytes);
    return found;
}

/* The first byte from `begin` on at which a row begins, `text.len` where none does. */
static size_t row_behind(const LogForm *f, InputKind kind, Span text, size_t begin)
{
    while (begin < text.len && !row_begins(f, kind, text, begin))
        begin++;
    return begin;
}

/* How many bytes of `text` the row takes at its front. */
static size_t row_length(InputKind kind, Span text)
{
    size_t depth = 0;
    bool quoted = false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (kind == INPUT_JSON && quoted && c == '\\')
            i++;
        else if (c == '"')
            quoted = !quoted;
        else if (quoted)
            continue;
        else if (kind == INPUT_CSV && c == '\n')
            return i + 1;
        else if (kind == INPUT_JSON && (c == '[' || c == '{'))
            depth++;
        else if (kind == INPUT_JSON && (c == ']' || c == '}') && --depth == 0)
            return i + 1;
    }
    return text.len;
}

/* Reading them again. */

typedef struct Marking {
    InputKind kind;
    UiLogLine *lines;
    size_t count;
    size_t head;    /* so many bytes were read before ... */
    uint64_t begin; /* ... those from here on, which are: */
    Buffer bytes;
} Marking;

static size_t line_behind(const Marking *m, uint64_t offset)
{
    size_t at;
    PARTITION_POINT(at, m->count, m->lines[at].end <= offset);
    return at;
}

/* Where in the line that begins which the row says; 0 when it is not known. */
static size_t said_at(Span text, const Record *record)
{
    if (record->kind == RECORD_PROFILER)
        return log_front_behind_logger(text, record->profiler.logger);
    ptrdiff_t at = span_find(text, record->kind == RECORD_EXECUTING ? SPAN("Executing '") : SPAN("Executed '"));
    return at > 0 ? (size_t)at : 0;
}

static void on_record(void *ctx, Record *record)
{
    Marking *m = ctx;
    UiLineKind kind = record->kind == RECORD_PROFILER    ? UI_LINE_PROFILER
                      : record->kind == RECORD_EXECUTING ? UI_LINE_BEGIN
                      : record->kind == RECORD_EXECUTED  ? UI_LINE_END
                                                         : UI_LINE_OTHER;
    if (kind == UI_LINE_OTHER || record->offset < m->head || record->offset - m->head >= m->bytes.len)
        return;
    size_t at = (size_t)(record->offset - m->head);
    uint64_t begin = m->begin + at, end = begin + row_length(m->kind, span_from(buffer_span(&m->bytes), at));
    size_t said = 0;
    for (size_t i = line_behind(m, begin); i < m->count && m->lines[i].begin < end; i++) {
        UiLogLine *line = &m->lines[i];
        if (line->kind != UI_LINE_OTHER) /* several records in a line: the first of them is it */
            continue;
        line->kind = kind;
        line->failed = kind == UI_LINE_END && record->host.failed;
        line->record = begin;
        line->record_end = end;
        if (said) /* the words of others, such as the message's template in customDimensions */
            continue;
        said = said_at(line->text, record);
        line->front = log_front_find(line->text, true, said);
    }
}

/* Reads the bytes of the rows in the lines. Rows of which neither end is near are left aside. */
static bool read_rows(const LogForm *f, LogTexts *texts, Id id, Marking *m)
{
    uint64_t first = m->lines[0].begin, end = m->lines[m->count - 1].end;
    m->begin = row_before(f, texts, id, m->kind, first, NEAR_BYTES);
    if (m->begin == UINT64_MAX)
        m->begin = row_before(f, texts, id, m->kind, first, FAR_BYTES);
    for (size_t more = NEAR_BYTES; more <= FAR_BYTES; more *= FAR_BYTES / NEAR_BYTES) {
        uint64_t from = m->begin == UINT64_MAX ? first : m->begin;
        if (from >= end)
            return false;
        Span text = read_piece(texts, id, from, &m->bytes, (size_t)(end - from) + more);
        if (text.len < end - from + more || row_behind(f, m->kind, text, (size_t)(end - from)) < text.len)
            break;
    }
    if (m->begin != UINT64_MAX)
        return true;
    size_t skipped = row_behind(f, m->kind, buffer_span(&m->bytes), 0);
    m->begin = first + skipped;
    m->bytes.len -= skipped;
    if (skipped)
        memmove(m->bytes.data, m->bytes.data + skipped, m->bytes.len);
    return m->bytes.len > 0;
}

void log_rows(LogForm *f, LogTexts *texts, Id id, InputKind kind, UiLogLine *lines, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        lines[i].kind = UI_LINE_OTHER;
        lines[i].failed = false;
        lines[i].record = lines[i].begin;
        lines[i].record_end = lines[i].end;
        lines[i].front = log_front_find(lines[i].text, true, 0);
    }
    log_form_learn(f, texts, id, kind);
    if (!f->known || !count)
        return;
    Marking m = {.kind = kind, .lines = lines, .count = count, .head = f->head.len};
    if (!read_rows(f, texts, id, &m)) {
        buffer_free(&m.bytes);
        return;
    }
    ExportReader *reader = export_reader_new(kind, (RecordSink){&m, on_record});
    export_reader_feed(reader, f->head.data, f->head.len);
    export_reader_feed(reader, m.bytes.data, m.bytes.len);
    export_reader_finish(reader, INT64_MAX);
    export_reader_free(reader);
    buffer_free(&m.bytes);
}
