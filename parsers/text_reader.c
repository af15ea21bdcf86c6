#include "parsers/text_reader.h"

#include "base/attributes.h"
#include "parsers/ansi.h"
#include "parsers/glue.h"
#include "parsers/host.h"
#include "parsers/object.h"
#include "parsers/profiler.h"

enum { FAILURE_LINES_MAX = 400 }; /* a traceback is rarely longer; other records may stand between its lines */

/* What the wrappers of a line told. */
typedef struct Outside {
    Span stamp;
    Moment (*time)(Span stamp);
    bool joined; /* one of them writes parts of lines */
    unsigned depth;
} Outside;

static void note_damage(TextReader *r, uint64_t line, const char *what)
{
    if (!r->damaged++) {
        r->damaged_line = line;
        r->damage = what;
    }
}

/* Messages to records. */

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
        bool announced = announces_report(message);
        record->kind = announced && record->partial ? RECORD_CUT : RECORD_TEXT;
        if (announced)
            note_damage(r, r->line,
                        record->partial ? "cut off within a memory_profiler report" : "no piece of a memory_profiler report");
    }
}

static void buffer_set(Buffer *b, Span s)
{
    buffer_clear(b);
    buffer_append_span(b, s);
}

/* The first line of a record whose further lines can be told. */
static void classify_first(TextReader *r, Record *record)
{
    r->failure_lines = 0;
    classify(r, record);
    r->front.report = record->kind == RECORD_PROFILER &&
                      (record->profiler.piece == PROFILER_FILENAME || record->profiler.piece == PROFILER_HEADER);
    if (!r->front.report)
        return;
    buffer_set(&r->front.logger, record->profiler.logger);
    buffer_set(&r->front.function, record->function);
    buffer_set(&r->front.invocation, record->invocation);
}

/* The host says that it dropped lines in a line of its own, wherever that falls. */
static bool is_loss(Span message, Record *record)
{
    return host_parse(message, record) && record->kind == RECORD_LOSS;
}

static void classify_further(TextReader *r, Record *record)
{
    Span message = record->message;
    if (!message.len) {
        record->kind = RECORD_BLANK;
    } else if (r->front.report && profiler_parse(message, r->columns, &record->profiler) && !record->profiler.logger.len) {
        record->kind = RECORD_PROFILER;
        record->profiler.logger = buffer_span(&r->front.logger);
        record->function = buffer_span(&r->front.function);
        record->invocation = buffer_span(&r->front.invocation);
        r->columns = record->profiler.columns;
    } else if (is_failure_text(r, message)) {
        record->kind = RECORD_FAILURE;
    } else if (!is_loss(message, record)) {
        record->kind = RECORD_TEXT;
    }
}

/* The format of the first line that matters; until one does, that of the first line that has a prefix. */
static void note_format(TextReader *r, const Record *record)
{
    if (!record->prefixed || !r->prefix)
        return;
    r->format_sure = record->kind == RECORD_PROFILER || record->kind == RECORD_EXECUTING || record->kind == RECORD_EXECUTED;
    if (r->format_sure || !r->format)
        r->format = r->prefix->format;
}

/* Formats of one line a record put the exception behind the host's sentence. */
static void hand_over_reason(TextReader *r, Record record)
{
    ptrdiff_t at = span_find(record.message, SPAN(" Exception: "));
    if (at < 0)
        return;
    record.message = span_from(record.message, (size_t)at + 1);
    at = span_find(record.message, SPAN(" Stack: "));
    record.message = span_to(record.message, at < 0 ? record.message.len : (size_t)at);
    record.kind = RECORD_FAILURE;
    record.number = ++r->records;
    r->sink.record(r->sink.ctx, &record);
}

/* Nothing that a report or an invocation is made of: most lines. An empty line may end a report where nothing stands before it. */
static bool is_mere_text(const Record *record)
{
    return record->kind == RECORD_TEXT || (record->kind == RECORD_BLANK && record->prefixed);
}

/* What it is comes first: most lines are mere text, for which nothing else needs to be set. */
static void hand_over(TextReader *r, Span message, const Opening *opening, bool prefixed)
{
    Record record;
    r->records++;
    record.message = SPAN_FRESH(message);
    record.invocation = SPAN_FRESH(opening->invocation);
    record.function = SPAN_FRESH(opening->function);
    record.prefixed = prefixed;
    record.partial = r->unended;
    switch (opening->place) {
    case LINE_ANY:
        classify(r, &record);
        break;
    case LINE_FIRST:
        classify_first(r, &record);
        break;
    case LINE_MORE:
        classify_further(r, &record);
        break;
    case LINE_HEAD:
        record.kind = RECORD_TEXT;
        break;
    }
    if (!r->format_sure)
        note_format(r, &record);
    if (is_mere_text(&record))
        return;
    record.number = r->records;
    record.offset = r->offset;
    record.stamp = SPAN_FRESH(opening->stamp);
    record.time = opening->time;
    record.instance = (Span){0};
    record.sampled = false;
    r->sink.record(r->sink.ctx, &record);
    if (record.kind == RECORD_EXECUTED && record.host.failed)
        hand_over_reason(r, record);
}

/* Lines to messages. */

static void owe(TextReader *r, Span stamp)
{
    r->owed_len = stamp.len < sizeof r->owed ? stamp.len : 0;
    if (r->owed_len)
        memcpy(r->owed, stamp.ptr, r->owed_len);
}

/*
 * A line of a writer that is not atomic: it may hold the prefix of a second record, whose text may stand behind it or on the next
 * line. A record without text may get it from there, too.
 */
static void hand_over_glued(TextReader *r, Span message, Opening *opening, bool prefixed)
{
    ptrdiff_t at;
    while (r->bracketed && message.len && memchr(message.ptr, '[', message.len) &&
           (at = glue_find(r->prefix, &r->memory, message, opening, r->columns)) >= 0) {
        hand_over(r, span_to(message, (size_t)at), opening, prefixed);
        if (!at)
            owe(r, opening->stamp);
        message = span_from(message, (size_t)at);
        *opening = (Opening){0};
        r->prefix->take(&r->memory, &message, opening);
        prefixed = true;
    }
    if (!message.len)
        owe(r, opening->stamp);
    if (!message.len && prefixed && r->format_sure)
        r->records++;
    else
        hand_over(r, message, opening, prefixed);
}

/* A message of several lines that came on one. */
static void hand_over_lines(TextReader *r, Span message, Opening *opening)
{
    for (;;) {
        ptrdiff_t end = span_find_byte(message, '\n');
        Span first = end < 0 ? message : span_to(message, (size_t)end);
        if (first.len && first.ptr[first.len - 1] == '\r')
            first.len--;
        hand_over(r, first, opening, true);
        if (end < 0)
            return;
        message = span_from(message, (size_t)end + 1);
        opening->place = LINE_MORE;
    }
}

static void read_prefixed(TextReader *r, Span message, Opening *opening, const Outside *outside)
{
    if (r->prefix->learn)
        opening->time = r->prefix->learn(&r->memory, opening->stamp);
    if (!opening->stamp.len) {
        opening->stamp = outside->stamp;
        opening->time = outside->time;
    }
    r->owed_len = 0;
    if (r->prefix->glues)
        hand_over_glued(r, message, opening, true);
    else if (opening->many_lines)
        hand_over_lines(r, message, opening);
    else
        hand_over(r, message, opening, true);
}

/* A report that begins behind what shows progress, which a carriage return takes back. */
static Span without_progress(Span message, ProfilerColumns columns)
{
    ProfilerText text;
    if (!message.len || !memchr(message.ptr, '\r', message.len))
        return message;
    Span behind = span_from(message, (size_t)span_find_last(message, SPAN("\r")) + 1);
    bool begins = profiler_parse(behind, columns, &text) && text.piece == PROFILER_FILENAME;
    return begins ? behind : message;
}

/* A line without a prefix. */
static void read_bare(TextReader *r, Span message, const Outside *outside)
{
    Opening opening = {.stamp = outside->stamp, .time = outside->time};
    message = without_progress(message, r->columns);
    const Prefix *prefix = r->prefix;
    if (prefix && prefix->continues)
        opening.place = LINE_MORE;
    if (!message.len || !prefix || !prefix->glues) {
        hand_over(r, message, &opening, false);
        return;
    }
    bool owed = r->owed_len > 0;
    char stamp[STAMP_TEXT_MAX];
    if (owed) {
        memcpy(stamp, r->owed, r->owed_len);
        opening.stamp = (Span){stamp, r->owed_len};
        opening.time = prefix->learn ? prefix->learn(&r->memory, opening.stamp) : stamp_iso_time;
        r->owed_len = 0;
    }
    if (message.len > 1 && message.ptr[0] == ' ' && message.ptr[1] != ' ')
        message = span_from(message, 1); /* the blank behind a prefix that stands on the line before */
    hand_over_glued(r, message, &opening, owed);
}

static bool prefix_allowed(const TextReader *r, const Prefix *prefix)
{
    return !r->forced || span_eq(span_of(r->forced->name), span_of(prefix->format));
}

/* Remembers the front of a line whose prefix told no more than a time. */
static void learn_shape(TextReader *r, Span line, Span message, const Opening *opening)
{
    Shape *shape = &r->sieve.shape;
    Span front = span_to(line, line.len - message.len);
    bool fixed = !r->prefix->learn && opening->fixed && opening->stamp.len;
    if (fixed && front.len == shape->len && shape_matches(shape, front))
        return; /* as it was: the line is an unusual one for something else */
    shape->len = 0;
    if (!fixed)
        return;
    r->usual = (UsualFront){opening->place, (size_t)(opening->stamp.ptr - line.ptr), opening->stamp.len, opening->time};
    shape_learn(shape, front);
}

/* The prefix of this line: most often that of the line before. */
static bool take_prefix(TextReader *r, Span *text, Opening *opening)
{
    Span line = *text;
    if (r->prefix && r->prefix->take(&r->memory, text, opening)) {
        learn_shape(r, line, *text, opening);
        return true;
    }
    r->sieve.shape.len = 0;
    for (const Prefix *p = prefixes; p->format; p++) {
        if (p == r->prefix || !prefix_allowed(r, p) || !p->take(&r->memory, text, opening))
            continue;
        r->prefix = p;
        return true;
    }
    return false;
}

/* The wrapper of this line: most often that of the line before. */
static const Wrapper *take_wrapper(TextReader *r, Span *text, const Outside *outside, Wrapped *wrapped)
{
    const Wrapper *usual = r->wrappers[outside->depth];
    if (usual && usual->take(text, wrapped))
        return usual;
    for (const Wrapper *w = wrappers; w->take; w++) {
        *wrapped = (Wrapped){0};
        if (w != usual && !(w->joins && outside->joined) && w->take(text, wrapped))
            return w;
    }
    return NULL;
}

static void read_text(TextReader *r, Span text, const Outside *outside);

static void read_whole_lines(TextReader *r, Span text, const Outside *outside)
{
    for (;;) {
        ptrdiff_t end = span_find_byte(text, '\n');
        Span line = end < 0 ? text : span_to(text, (size_t)end);
        if (line.len && line.ptr[line.len - 1] == '\r')
            line.len--;
        read_text(r, ansi_strip(line, &r->whole_plain), outside);
        if (end < 0 || (size_t)end + 1 == text.len)
            return;
        text = span_from(text, (size_t)end + 1);
    }
}

static void keep_part(TextReader *r, LineParts *parts, Span text)
{
    size_t room = LINE_BYTES_MAX - parts->text.len;
    if (!parts->text.len)
        *parts = (LineParts){.text = parts->text, .offset = r->offset};
    if (text.len > room && !parts->cut)
        note_damage(r, r->line, "line longer than 1 MiB, cut");
    parts->cut |= text.len > room;
    buffer_append_span(&parts->text, span_to(text, room));
}

/* A text that is a part of a line, or ends one: lines are read when they are whole. */
static void join_parts(TextReader *r, Span text, const Wrapped *wrapped, const Outside *outside)
{
    LineParts *parts = &r->parts[wrapped->stream];
    bool part = wrapped->kind == WRAPPED_PART;
    if (wrapped->cut)
        note_damage(r, r->line, "JSON object of the log is cut");
    if (wrapped->kind == WRAPPED_ESCAPED || wrapped->kind == WRAPPED_WHOLE) {
        buffer_clear(&r->unescaped);
        object_unescape(text, &r->unescaped);
        text = buffer_span(&r->unescaped);
        part = wrapped->kind == WRAPPED_ESCAPED && text.len >= WRAPPER_PART_BYTES && !span_ends(text, SPAN("\n"));
    }
    if (part || parts->text.len)
        keep_part(r, parts, text);
    if (part)
        return;
    if (!parts->text.len) {
        read_whole_lines(r, text, outside);
        return;
    }
    r->offset = parts->offset;
    read_whole_lines(r, buffer_span(&parts->text), outside);
    buffer_clear(&parts->text);
}

static void read_wrapped(TextReader *r, Span text, const Wrapper *wrapper, const Wrapped *wrapped, Outside outside)
{
    r->wrappers[outside.depth++] = wrapper;
    if (wrapped->stamp.len) {
        outside.stamp = wrapped->stamp;
        outside.time = wrapped->time;
    }
    outside.joined |= wrapper->joins;
    r->bracketed |= wrapper->joins; /* the text may be made of other lines, or of escapes */
    if (wrapper->joins)
        join_parts(r, text, wrapped, &outside);
    else
        read_text(r, text, &outside);
}

/* Stands for a front that was learnt: in logs that have one, all lines have it. */
static bool take_nothing(Span *text, Wrapped *wrapped)
{
    (void)text, (void)wrapped;
    return false;
}

static const Wrapper learnt = {.take = take_nothing};

/* A log that begins with a host's own front has no other; a bracket before a record is seen where lines are cut. */
static bool learn_front(TextReader *r, Span text)
{
    bool banner = !r->prefix && !r->saw_profiler;
    if ((!r->bracketed && !banner) || (r->prefix && !r->learnt_front.len) || !prefix_allowed(r, prefixes))
        return false;
    return (r->bracketed && front_learn(&r->learnt_front, text, FRONT_OF_RECORD, r->columns)) ||
           (banner && front_learn(&r->learnt_front, text, FRONT_OF_BANNER, r->columns));
}

/* A front that is none of a known wrapper. */
static bool take_front(TextReader *r, Span *text)
{
    return front_take(&r->learnt_front, text) || (learn_front(r, *text) && front_take(&r->learnt_front, text));
}

/* A line that has no prefix at its front: it is wrapped, or has none. */
static void read_other(TextReader *r, Span text, const Outside *outside)
{
    bool was_wrapped = r->wrappers[outside->depth] != NULL;
    Wrapped wrapped = {0};
    const Wrapper *wrapper = outside->depth < WRAPPERS_MAX ? take_wrapper(r, &text, outside, &wrapped) : NULL;
    if (wrapper) {
        read_wrapped(r, text, wrapper, &wrapped, *outside);
    } else if (outside->depth < WRAPPERS_MAX && take_front(r, &text)) {
        read_wrapped(r, text, &learnt, &(Wrapped){0}, *outside);
    } else if (was_wrapped) {
        r->wrappers[outside->depth] = NULL;
        read_text(r, text, outside);
    } else {
        read_bare(r, text, outside);
    }
}

/* A line, or what is left of it inside of wrappers. */
static void read_text(TextReader *r, Span text, const Outside *outside)
{
    Opening opening = {0};
    if (!text.len) {
        read_bare(r, text, outside);
    } else if (!r->wrappers[outside->depth] && take_prefix(r, &text, &opening)) {
        if (!outside->depth || r->wrappers[outside->depth - 1] != &learnt)
            r->learnt_front.len = 0;
        read_prefixed(r, text, &opening, outside);
    } else {
        read_other(r, text, outside);
    }
}

static void note_line(TextReader *r, const Line *line)
{
    r->line = line->number;
    r->offset = line->offset;
    r->unended = !line->terminated;
    r->bracketed = line->bracketed;
}

/* A line whose front is like that of the lines before: what is left to tell is its message. */
static NEVER_INLINE void read_usual(TextReader *r, const Line *line)
{
    static const Outside nothing;
    Span text = line->text;
    note_line(r, line);
    Span message = {text.ptr + r->sieve.shape.len, text.len - r->sieve.shape.len};
    Opening opening = {.place = r->usual.place, .stamp = {text.ptr + r->usual.stamp_at, r->usual.stamp_len}, .time = r->usual.time};
    if (r->prefix->glues && (r->bracketed || !message.len)) {
        read_prefixed(r, message, &opening, &nothing);
        return;
    }
    r->owed_len = 0;
    hand_over(r, message, &opening, true);
}

static NEVER_INLINE void read_unusual(TextReader *r, const Line *line)
{
    static const Outside nothing;
    Span text = line->text;
    note_line(r, line);
    if (!line->plain && !wrapper_joins(text)) /* a part of a line may end within a sequence: stripped when it is whole */
        text = ansi_strip(text, &r->plain);
    if (line->cut)
        note_damage(r, line->number, "line longer than 1 MiB, cut");
    if (text.len && text.ptr[0] == '\xef')
        span_take(&text, SPAN("\xef\xbb\xbf")); /* files that were put together, each with its mark */
    read_text(r, text, &nothing);
}

Sieve *text_reader_sieve(TextReader *r)
{
    sieve_init(&r->sieve);
    return &r->sieve;
}

/* Which lines need not come here: those that would be records of which nothing is to be noted but that they were there. */
static void set_sieve(TextReader *r)
{
    Sieve *v = &r->sieve;
    bool first = r->usual.place == LINE_FIRST;
    v->blanks = r->format_sure && !r->wrappers[0];
    v->texts = v->blanks && (first || (r->usual.place == LINE_ANY && !r->failure_lines));
    v->brackets = !r->prefix || !r->prefix->glues;
}

void text_reader_passed(TextReader *r, uint64_t count)
{
    const Sieve *v = &r->sieve;
    if (count <= r->seen)
        return;
    r->records += count - r->seen;
    r->seen = count;
    r->owed_len = 0;
    if (v->blank_line == count && r->prefix->glues)
        owe(r, (Span){v->blank + r->usual.stamp_at, r->usual.stamp_len});
    if (r->usual.place == LINE_FIRST) {
        r->failure_lines = 0;
        r->front.report = false;
    }
}

void text_reader_line(TextReader *r, const Line *line)
{
    text_reader_passed(r, line->number - 1);
    r->seen = line->number;
    if (line->shaped && !line->cut && !r->wrappers[0])
        read_usual(r, line);
    else
        read_unusual(r, line);
    set_sieve(r);
}

bool text_reader_expects_rows(const TextReader *r)
{
    return r->sieve.shape.len && !r->wrappers[0] && r->prefix->glues && r->format_sure && r->usual.place == LINE_ANY &&
           r->columns.known && r->columns.increment && r->columns.occurrences;
}

void text_reader_skip(TextReader *r, size_t count, const char *blank)
{
    r->records += count;
    r->seen += count;
    r->owed_len = 0;
    if (blank)
        owe(r, (Span){blank + r->usual.stamp_at, r->usual.stamp_len});
}

void text_reader_finish(TextReader *r)
{
    r->unended = r->bracketed = true;
    for (size_t i = 0; i < WRAPPER_STREAMS; i++) {
        LineParts *parts = &r->parts[i];
        if (!parts->text.len)
            continue;
        r->offset = parts->offset;
        read_whole_lines(r, buffer_span(&parts->text), &(Outside){.joined = true, .depth = WRAPPERS_MAX});
        buffer_clear(&parts->text);
    }
}

const InputFormat *text_reader_format(const TextReader *r)
{
    if (r->forced)
        return r->forced;
    if (r->format)
        return input_format_named(span_of(r->format));
    if (r->saw_host)
        return input_format_named(SPAN("coretools"));
    return r->saw_profiler ? input_format_named(SPAN("profiler")) : NULL;
}

void text_reader_free(TextReader *r)
{
    prefix_memory_free(&r->memory);
    for (size_t i = 0; i < WRAPPER_STREAMS; i++)
        buffer_free(&r->parts[i].text);
    buffer_free(&r->front.logger);
    buffer_free(&r->front.function);
    buffer_free(&r->front.invocation);
    buffer_free(&r->plain);
    buffer_free(&r->unescaped);
    buffer_free(&r->whole_plain);
}
