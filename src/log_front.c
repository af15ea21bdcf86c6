#include "src/log_front.h"

#include "parsers/wrapper.h"

enum {
    FRONT_BYTES = 256,  /* looked through for a time */
    CULTURE_BYTES = 48, /* of a time in the manner of a culture, at most */
    WRAPPER_BYTES = 16, /* what stands before a time and is longer is left out, too: names of pods, the journal's own front */
};

/* A time in a line, and where the time of day stands in it: offsets in the line. */
typedef struct Place {
    size_t begin, clock, clock_end, end;
    bool iso, export;
} Place;

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Whether a time may begin behind this: brackets and quotes open it, what wraps a line ends in a bar or a bracket and a blank. */
static bool opens(Span before, bool export)
{
    if (!before.len)
        return true;
    char last = before.ptr[before.len - 1], other = before.len > 1 ? before.ptr[before.len - 2] : '\0';
    if (last == '[' || (export && (last == '"' || last == ',' || last == ';' || last == '\t')))
        return true;
    bool escaped = last == 'm' && memchr(before.ptr, '\x1b', before.len);
    return escaped || (last == ' ' && (other == '|' || other == ']' || other == '>')) || span_trim(before).len == 0;
}

/* The end of the cell or the brackets that are open before `at`. */
static size_t closing(Span text, size_t at)
{
    char opener = at ? text.ptr[at - 1] : '\0';
    size_t end = at;
    while (end < text.len && end - at < CULTURE_BYTES) {
        char c = text.ptr[end];
        if (opener == '"' ? c == '"' : opener == '[' ? c == ']' : c == ',' || c == ';' || c == '\t')
            break;
        end++;
    }
    return end;
}

static void find_clock(Span text, Place *place)
{
    size_t colon = place->begin;
    while (colon < place->end && text.ptr[colon] != ':')
        colon++;
    place->clock = colon;
    while (place->clock > place->begin && is_digit(text.ptr[place->clock - 1]))
        place->clock--;
    place->clock_end = place->end;
    if (place->iso && (text.ptr[place->end - 1] == 'Z' || text.ptr[place->end - 1] == 'z'))
        place->clock_end--;
}

static bool is_time_of_culture(Span text, bool export)
{
    DateEvidence evidence = {0};
    return export ? moment_known(export_time_parse(text, &evidence).moment) : stamp_is_culture(text);
}

static bool place_at(Span text, size_t at, bool export, Place *place)
{
    IsoStamp iso;
    size_t len = stamp_iso(span_from(text, at), &iso);
    *place = (Place){.begin = at, .end = at + len, .iso = true, .export = export};
    if (!len) {
        place->iso = false;
        place->end = closing(text, at);
        if (place->end == at || !is_time_of_culture(span_to(span_from(text, at), place->end - at), export))
            return false;
    }
    find_clock(text, place);
    return true;
}

static bool find_time(Span text, bool export, Place *place)
{
    Span head = span_to(text, FRONT_BYTES);
    for (size_t i = 0; i < head.len; i++)
        if (is_digit(head.ptr[i]) && opens(span_to(head, i), export) && place_at(text, i, export, place))
            return true;
    return false;
}

Moment log_front_time(Span text, bool export, LogClock *clock)
{
    Place place;
    if (!find_time(text, export, &place))
        return MOMENT_NONE;
    Span stamp = span_to(span_from(text, place.begin), place.end - place.begin);
    if (place.iso)
        return stamp_iso_time(stamp);
    if (!export)
        return culture_clock_see(&clock->text, stamp)(stamp);
    ExportTime time = export_time_parse(stamp, &clock->export);
    return time.ambiguous && date_has_day_first(&clock->export) ? date_swapped(time.moment) : time.moment;
}

size_t log_front_behind_logger(Span text, Span logger)
{
    ptrdiff_t at = logger.len ? span_find(text, logger) : -1;
    size_t end = at < 0 ? 0 : (size_t)at + logger.len;
    if (at < 0 || end >= text.len || text.ptr[end] != ':')
        return 0;
    end++;
    return end + (end < text.len && text.ptr[end] == ' ');
}

static struct UiLogCut cut(size_t from, size_t to)
{
    return from < to ? (struct UiLogCut){(uint32_t)from, (uint32_t)to} : (struct UiLogCut){(uint32_t)from, (uint32_t)from};
}

/*
 * In a row of an export other cells may stand before the time. Of what stands between it and the text one byte is kept as a blank.
 */
static void cut_row(UiLogFront *front, const Place *place, size_t said)
{
    front->cuts[0] = cut(0, place->clock);
    front->cuts[1] = cut(place->clock_end, said - 1);
    front->blank = (uint32_t)(said - 1);
    front->length = (uint32_t)said;
}

/* Where the cell behind that of the time begins, if the time is the first one of a row; else 0. */
static size_t second_cell(Span text, const Place *place)
{
    size_t at = place->end;
    for (size_t i = 0; i < place->begin; i++)
        if (span_find_byte(SPAN("[\" "), text.ptr[i]) < 0)
            return 0;
    bool quoted = place->begin && text.ptr[place->begin - 1] == '"';
    if (quoted && (at >= text.len || text.ptr[at++] != '"'))
        return 0;
    if (at >= text.len || span_find_byte(SPAN(",;\t"), text.ptr[at]) < 0)
        return 0;
    at++;
    at += at < text.len && text.ptr[at] == ' ';
    at += at < text.len && text.ptr[at] == '"';
    return at < text.len ? at : 0;
}

/* How many bytes are put around the line up to the first wrapper that has a time of its own, that included; 0 without one. */
static size_t wrapper_length(Span text)
{
    Span rest = text;
    for (const Wrapper *w = wrappers; w->take;) {
        Wrapped wrapped = {0};
        size_t before = rest.len;
        bool taken = w->take(&rest, &wrapped);
        if (taken && wrapped.kind == WRAPPED_ESCAPED)
            return 0;
        if (taken && wrapped.stamp.len)
            return text.len - rest.len;
        w = taken && rest.len < before ? wrappers : w + 1;
    }
    return 0;
}

/* The time at the front of a line; where it was also collected at a time, that of the line itself. */
static bool find_own_time(Span text, Place *place)
{
    Place own;
    size_t skip = wrapper_length(text);
    Span rest = span_from(text, skip);
    bool wrapped = skip && rest.len && find_time(rest, false, &own) && (own.begin <= 1 || rest.ptr[0] == '\x1b');
    if (!wrapped)
        return find_time(text, false, place);
    *place = own;
    place->begin += skip;
    place->clock += skip;
    place->clock_end += skip;
    place->end += skip;
    return true;
}

UiLogFront log_front_find(Span text, bool export, size_t said)
{
    UiLogFront front = {0};
    Place place = {0};
    size_t end = 0;
    bool found = export ? find_time(text, true, &place) : find_own_time(text, &place);
    bool timed = found && (!said || place.end < said); /* a time behind what is said is no front */
    if (timed && export && !said)
        said = second_cell(text, &place);
    if (timed && export && said) {
        cut_row(&front, &place, said);
        return front;
    }
    if (timed) {
        end = place.end;
        end += end < text.len && (text.ptr[end] == ']' || text.ptr[end] == '"');
        end += end < text.len && (text.ptr[end] == ' ' || (export && text.ptr[end] != '}'));
        size_t bracket = place.begin && text.ptr[place.begin - 1] == '[';
        front.cuts[0] = cut(0, !export && place.begin > WRAPPER_BYTES ? place.begin - bracket : 0);
        front.cuts[1] = cut(place.begin, place.clock);
        front.cuts[2] = cut(place.clock_end, place.end);
    }
    front.cuts[3] = cut(end, said);
    front.length = (uint32_t)(said > end ? said : end);
    return front;
}
