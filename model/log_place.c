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

static uint64_t lower(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* Inputs that are not in the order of time may have the last record first. */
static uint64_t first_byte(const Report *r)
{
    return lower(r->offset, r->last_offset);
}

static uint64_t last_byte(const Report *r)
{
    return r->offset + r->last_offset - first_byte(r);
}

static void place_report(const Model *m, Id report, Id line, LogPlace *place)
{
    const Report *r = &m->reports.items[report];
    Id source = m->processes.items[r->process].source;
    *place = (LogPlace){source, first_byte(r), last_byte(r), report, row_of_line(m, r, line)};
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
        *place = (LogPlace){m->processes.items[call->process].source, call->offset, call->offset, NO_ID, NO_ID};
        if (call->offset != UINT64_MAX)
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

static uint64_t higher(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

static void see_closed(LogPlaces *p, const Model *m)
{
    for (; p->seen < m->closed.len; p->seen++) {
        const Report *r = &m->reports.items[m->closed.items[p->seen]];
        uint64_t first = first_byte(r);
        if (p->seen % STRETCH == 0)
            vec_push(&p->stretches, (LogStretch){first, first, 0});
        LogStretch *s = &vec_last(&p->stretches);
        *s = (LogStretch){lower(s->first, first), higher(s->last_first, first), higher(s->last, last_byte(r))};
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

static bool is_of_source(const Model *m, const Report *r, Id source)
{
    return m->processes.items[r->process].source == source;
}

/* Whether a record says that it is of the report's invocation: those of exports do. */
static bool names_invocation(const Model *m, const Report *r, Span text)
{
    bool named = m->intakes.items[m->processes.items[r->process].source]->named;
    Span key = r->invocation == NO_ID ? SPAN("") : model_text(m, m->invocations.items[r->invocation].key);
    return named && key.len && span_find(text, key) >= 0;
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
        if (first_byte(r) >= end || last_byte(r) < begin || !is_of_source(m, r, source))
            continue;
        uint32_t shown = row_shown(m, r, text);
        uint64_t length = last_byte(r) - first_byte(r);
        int fit = (shown != NO_ID ? 2 : first_byte(r) >= begin) + (names_invocation(m, r, text) ? 3 : 0);
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
            uint64_t first = first_byte(r);
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
    if (first_byte(r) >= end || last_byte(r) < begin)
        return false;
    bool named = m->intakes.items[m->processes.items[r->process].source]->named; /* an export, in whatever order */
    bool alone = !named && r->offset <= r->last_offset && !(r->stored_flags & FLAG_INTERLEAVED);
    if (named && names_invocation(m, r, text) && m->invocations.items[r->invocation].reports == 1)
        return true;
    return alone || report_kept_rows(r) > ROWS_LOOKED_AT || first_byte(r) >= begin || row_shown(m, r, text) != NO_ID;
}

Id log_invocation_at(const Model *m, Id source, Span text)
{
    for (size_t i = m->invocations.len; i-- > 0;) {
        Span key = model_text(m, m->invocations.items[i].key);
        if (key.len && span_find(text, key) >= 0 && m->processes.items[m->invocations.items[i].process].source == source)
            return (Id)i;
    }
    return NO_ID;
}
