#include "model/log_place.h"

#include "model/intake.h"
#include "model/report.h"

static uint32_t row_of_line(const Model *m, const Report *r, Id line)
{
    for (uint32_t i = 0; line != NO_ID && r->closed && i < report_kept_rows(r); i++)
        if (report_row(m, r, i).source_line == line)
            return i;
    return NO_ID;
}

/* Where its records begin in the source. Inputs that are not in the order of time may have the last one first. */
typedef struct Extent {
    uint64_t first, last;
} Extent;

static Extent extent_of(const Model *m, const Report *r)
{
    uint64_t one = report_number(m, r, REPORT_OFFSET), other = report_number(m, r, REPORT_LAST_OFFSET);
    return one < other ? (Extent){one, other} : (Extent){other, one};
}

static void place_report(const Model *m, Id report, Id line, LogPlace *place)
{
    const Report *r = &m->reports.items[report];
    Id source = m->processes.items[report_process(m, r)].source;
    Extent extent = extent_of(m, r);
    *place = (LogPlace){source, extent.first, extent.last, report, row_of_line(m, r, line)};
}

/* The newest report of the target; with a line the newest one that has it. */
static Id newest_report(const Model *m, Id target, Id line)
{
    const Target *t = &m->targets.items[target];
    Id found = t->last_report;
    if (line == NO_ID || found == NO_ID || row_of_line(m, &m->reports.items[found], line) != NO_ID)
        return found;
    for (Id i = t->first_report; i != NO_ID; i = m->reports.items[i].next_of_target)
        if (row_of_line(m, &m->reports.items[i], line) != NO_ID)
            found = i;
    return found;
}

bool log_place_of(const Model *m, Scope scope, LogPlace *place)
{
    Id report = scope.report;
    if (report == NO_ID && scope.invocation != NO_ID) {
        const Invocation *call = &m->invocations.items[scope.invocation];
        uint64_t offset = invocation_number(m, call, INVOCATION_OFFSET);
        *place = (LogPlace){m->processes.items[invocation_process(m, call)].source, offset, offset, NO_ID, NO_ID};
        if (offset != NUMBER_NONE)
            return true;
        report = call->first_report;
    }
    if (report == NO_ID && scope.target != NO_ID)
        report = newest_report(m, scope.target, scope.line);
    if (report != NO_ID)
        place_report(m, report, scope.line, place);
    return report != NO_ID;
}

/* Text up to what JSON would write in another way. */
static Span plain_front(Span text)
{
    size_t len = 0;
    text = span_trim(text);
    while (len < text.len && text.ptr[len] != '"' && text.ptr[len] != '\\' && (unsigned char)text.ptr[len] >= ' ')
        len++;
    return span_trim_right(span_to(text, len));
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The number `line` as a word of its own. */
static bool has_number(Span text, uint32_t line)
{
    Buffer number = {0};
    bool found = false;
    buffer_printf(&number, "%u", line);
    for (ptrdiff_t at; !found && (at = span_find(text, buffer_span(&number))) >= 0; text = span_from(text, (size_t)at + number.len)) {
        size_t begin = (size_t)at, end = begin + number.len;
        found = (!begin || !is_digit(text.ptr[begin - 1])) && (end == text.len || !is_digit(text.ptr[end]));
    }
    buffer_free(&number);
    return found;
}

static bool has_memory(Span text, const ReportRow *row, unsigned decimals)
{
    char memory[MIB_TEXT_MAX];
    if (!row->measured)
        return true;
    size_t len = mib_format(memory, row->memory, decimals);
    return span_find(text, (Span){memory, len}) >= 0;
}

bool log_line_shows(const Model *m, const Report *r, uint32_t index, Span text)
{
    ReportRow row = report_row(m, r, index);
    Span contents = plain_front(row.contents);
    return (!contents.len || span_find(text, contents) >= 0) && has_memory(text, &row, r->decimals) && has_number(text, row.line);
}

static uint32_t row_shown(const Model *m, const Report *r, Span text)
{
    for (uint32_t i = 0; i < report_kept_rows(r); i++)
        if (log_line_shows(m, r, i, text))
            return i;
    return NO_ID;
}

/* Reports by place. */

enum { STRETCH = 256, ROWS_LOOKED_AT = 1000 };

static uint64_t lower(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static uint64_t higher(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

static void see_closed(LogPlaces *p, const Model *m)
{
    for (; p->seen < m->closed.len; p->seen++) {
        const Report *r = &m->reports.items[m->closed.items[p->seen]];
        Extent extent = extent_of(m, r);
        if (p->seen % STRETCH == 0)
            vec_push(&p->stretches, (LogStretch){extent.first, extent.first, 0});
        LogStretch *s = &vec_last(&p->stretches);
        *s = (LogStretch){lower(s->first, extent.first), higher(s->last_first, extent.first), higher(s->last, extent.last)};
    }
}

void log_places_free(LogPlaces *p)
{
    vec_free(&p->stretches);
}

static size_t end_of_stretch(const LogPlaces *p, size_t stretch)
{
    return (stretch + 1) * STRETCH < p->seen ? (stretch + 1) * STRETCH : p->seen;
}

static Id source_of(const Model *m, const Report *r)
{
    return m->processes.items[report_process(m, r)].source;
}

static bool is_of_source(const Model *m, const Report *r, Id source)
{
    return source_of(m, r) == source;
}

/* Whether its records name their invocations, as those of exports do: then they may be in any order. */
static bool is_of_export(const Model *m, const Report *r)
{
    return m->intakes.items[source_of(m, r)]->named;
}

/* Whether a record says that it is of the report's invocation. */
static bool names_invocation(const Model *m, const Report *r, Span text)
{
    char guid[GUID_TEXT];
    if (r->invocation == NO_ID || !is_of_export(m, r))
        return false;
    Span id = invocation_id(m, &m->invocations.items[r->invocation], guid);
    return id.len && span_find(text, id) >= 0;
}

Id log_report_at(LogPlaces *p, const Model *m, Id source, uint64_t begin, uint64_t end, Span text, uint32_t *row)
{
    Id best = NO_ID;
    int best_fit = -1;
    uint64_t best_length = 0;
    *row = NO_ID;
    see_closed(p, m);
    for (size_t i = 0; i < p->seen; i++) {
        const LogStretch *stretch = &p->stretches.items[i / STRETCH];
        if (i % STRETCH == 0 && (stretch->first >= end || stretch->last < begin)) {
            i += STRETCH - 1;
            continue;
        }
        const Report *r = &m->reports.items[m->closed.items[i]];
        Extent extent = extent_of(m, r);
        if (extent.first >= end || extent.last < begin || !is_of_source(m, r, source))
            continue;
        uint32_t shown = row_shown(m, r, text);
        uint64_t length = extent.last - extent.first;
        int fit = (shown != NO_ID ? 2 : extent.first >= begin) + (names_invocation(m, r, text) ? 3 : 0);
        if (fit < best_fit || (fit == best_fit && length >= best_length))
            continue;
        best = m->closed.items[i];
        best_fit = fit;
        best_length = length;
        *row = shown;
    }
    return best;
}

Id log_report_next(LogPlaces *p, const Model *m, Id source, uint64_t offset, int direction)
{
    Id best = NO_ID;
    uint64_t at = direction > 0 ? UINT64_MAX : 0; /* where it begins */
    see_closed(p, m);
    for (size_t k = 0; k < p->stretches.len; k++) {
        const LogStretch *stretch = &p->stretches.items[k];
        if (direction > 0 ? stretch->last_first <= offset || stretch->first >= at
                          : stretch->first >= offset || (best != NO_ID && stretch->last_first <= at))
            continue;
        for (size_t i = k * STRETCH, end = end_of_stretch(p, k); i < end; i++) {
            const Report *r = &m->reports.items[m->closed.items[i]];
            uint64_t first = extent_of(m, r).first;
            bool better = direction > 0 ? first > offset && first < at : first < offset && (best == NO_ID || first > at);
            if (!better || !is_of_source(m, r, source))
                continue;
            best = m->closed.items[i];
            at = first;
        }
    }
    return best;
}

bool log_line_is_of(const Model *m, Id id, uint64_t begin, uint64_t end, Span text)
{
    const Report *r = &m->reports.items[id];
    Extent extent = extent_of(m, r);
    if (extent.first >= end || extent.last < begin)
        return false;
    bool in_order = report_number(m, r, REPORT_OFFSET) <= report_number(m, r, REPORT_LAST_OFFSET);
    bool alone = in_order && !is_of_export(m, r) && !(r->stored_flags & FLAG_INTERLEAVED);
    if (names_invocation(m, r, text) && invocation_reports(m, &m->invocations.items[r->invocation]) == 1)
        return true;
    return alone || report_kept_rows(r) > ROWS_LOOKED_AT || extent.first >= begin || row_shown(m, r, text) != NO_ID;
}

/* What a text may say of invocations. */
typedef struct Mentions {
    Span text;
    VEC(CallKey) guids; /* all in it */
} Mentions;

static Mentions mentions_in(Span text)
{
    Mentions mentions = {.text = text};
    CallKey key = {.is_guid = true};
    for (; text.len >= GUID_TEXT; text = span_from(text, 1))
        if (guid_read(span_to(text, GUID_TEXT), key.bytes))
            vec_push(&mentions.guids, key);
    return mentions;
}

static bool mentions(const Mentions *mentions, const Model *m, const Invocation *call)
{
    char guid[GUID_TEXT];
    for (size_t i = 0; i < mentions->guids.len; i++)
        if (call_key_equal(&mentions->guids.items[i], &call->key))
            return true;
    Span id = call->key.is_guid ? SPAN("") : invocation_id(m, call, guid);
    return id.len && span_find(mentions->text, id) >= 0;
}

Id log_invocation_at(const Model *m, Id source, Span text)
{
    Mentions of = mentions_in(text);
    Id found = NO_ID;
    for (size_t i = m->invocations.len; found == NO_ID && i-- > 0;) {
        const Invocation *call = &m->invocations.items[i];
        if (mentions(&of, m, call) && m->processes.items[invocation_process(m, call)].source == source)
            found = (Id)i;
    }
    vec_free(&of.guids);
    return found;
}
