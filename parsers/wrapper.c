#include "parsers/wrapper.h"

#include "parsers/object.h"
#include "parsers/stamp.h"

enum { NAME_MAX_BYTES = 128 };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Up to the next blank; false when that is nothing, or too long. */
static bool take_word(Span *s, Span *word)
{
    ptrdiff_t end = span_find_byte(span_to(*s, NAME_MAX_BYTES), ' ');
    if (end <= 0)
        return false;
    *word = span_to(*s, (size_t)end);
    *s = span_from(*s, (size_t)end + 1);
    return true;
}

/* A blank, which is lost at the end of a line whose trailing blanks were stripped. */
static bool take_blank_or_end(Span *s)
{
    return !s->len || span_take(s, SPAN(" "));
}

/* "2019-03-18T21:27:02.701180167Z text"; a time without fraction or zone is that of something else. */
static bool take_docker(Span *text, Wrapped *wrapped)
{
    IsoStamp iso;
    size_t len = stamp_iso(*text, &iso);
    Span rest = span_from(*text, len);
    if (!len || !iso.fraction || !iso.zulu || !take_blank_or_end(&rest))
        return false;
    wrapped->stamp = span_to(*text, len);
    wrapped->time = stamp_iso_time;
    *text = rest;
    return true;
}

static const Span streams[WRAPPER_STREAMS] = {{"stdout", 6}, {"stderr", 6}};

/* "2024-01-01T00:00:00.000000000Z stdout F text", P for a part of a line. */
static bool take_cri(Span *text, Wrapped *wrapped)
{
    IsoStamp iso;
    Span stream, rest;
    size_t len = stamp_iso(*text, &iso);
    rest = span_from(*text, len);
    if (!len || !span_take(&rest, SPAN(" ")) || !take_word(&rest, &stream))
        return false;
    while (wrapped->stream < WRAPPER_STREAMS && !span_eq(stream, streams[wrapped->stream]))
        wrapped->stream++;
    if (wrapped->stream == WRAPPER_STREAMS || !rest.len || (rest.ptr[0] != 'F' && rest.ptr[0] != 'P'))
        return false;
    wrapped->kind = rest.ptr[0] == 'P' ? WRAPPED_PART : WRAPPED_LAST;
    rest = span_from(rest, 1);
    if (!take_blank_or_end(&rest))
        return false;
    wrapped->stamp = span_to(*text, len);
    wrapped->time = stamp_iso_time;
    *text = rest;
    return true;
}

/* How those who write an object around each line name its members. */
static const struct LogObject {
    Span text, time, stream;
    Moment (*read_time)(Span stamp);
    bool whole; /* a text is a whole line, whatever its length */
} log_objects[] = {
    {{"log", 3}, {"time", 4}, {"stream", 6}, stamp_iso_time, false},
    {{"MESSAGE", 7}, {"__REALTIME_TIMESTAMP", 20}, {"", 0}, stamp_micros_time, true},
};

enum { LOG_OBJECTS = sizeof log_objects / sizeof *log_objects };

/* One member; true for the text of the line. */
static bool take_log_member(const struct LogObject *names, const ObjectMember *member, Span *log, Wrapped *wrapped)
{
    if (member->text && span_eq(member->key, names->text)) {
        *log = member->value;
        return true;
    }
    if (member->text && span_eq(member->key, names->time))
        wrapped->stamp = member->value;
    else if (span_eq(member->key, names->stream))
        wrapped->stream = span_eq(member->value, streams[1]);
    return false;
}

static bool take_object_of(const struct LogObject *names, Span *text, Wrapped *wrapped)
{
    ObjectMember member;
    Span log = {0}, rest = *text;
    bool found = false;
    if (!object_open(&rest))
        return false;
    while (object_next(&rest, '"', &member)) {
        wrapped->cut |= member.cut;
        found |= take_log_member(names, &member, &log, wrapped);
    }
    if (!found)
        return false;
    wrapped->time = names->read_time;
    wrapped->kind = names->whole ? WRAPPED_WHOLE : WRAPPED_ESCAPED;
    *text = log;
    return true;
}

/* {"log":"text\n","stream":"stdout","time":"2024-01-01T00:00:00.000000000Z"} and the like, in any order. */
static bool take_log_object(Span *text, Wrapped *wrapped)
{
    for (size_t i = 0; i < LOG_OBJECTS && text->len && text->ptr[0] == '{'; i++) {
        *wrapped = (Wrapped){0};
        if (take_object_of(&log_objects[i], text, wrapped))
            return true;
    }
    return false;
}

bool wrapper_is_log_object(Span line)
{
    Wrapped wrapped = {0};
    return take_log_object(&line, &wrapped);
}

static bool is_service_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_' || c == '.' || c == '-' || c == '@';
}

/* "name-1  | text": the name of a service, which is no number. */
static bool take_compose(Span *text, Wrapped *wrapped)
{
    (void)wrapped;
    size_t n = 0;
    bool number = true;
    for (; n < text->len && n < NAME_MAX_BYTES && is_service_byte(text->ptr[n]); n++)
        number &= is_digit(text->ptr[n]);
    if (number || n == text->len || text->ptr[n] != ' ')
        return false;
    Span rest = span_trim_left(span_from(*text, n));
    if (!span_take(&rest, SPAN("|")) || !take_blank_or_end(&rest))
        return false;
    *text = rest;
    return true;
}

/* "[pod/name/container] text" */
static bool take_kubectl(Span *text, Wrapped *wrapped)
{
    (void)wrapped;
    ptrdiff_t end = span_starts(*text, SPAN("[pod/")) ? span_find_byte(*text, ']') : -1;
    Span rest = span_from(*text, (size_t)end + 1);
    if (end < 0 || !take_blank_or_end(&rest))
        return false;
    *text = rest;
    return true;
}

/* "host name[123]: text" */
static bool take_sender(Span *text)
{
    Span host, name;
    if (!take_word(text, &host) || host.ptr[0] == '[') /* that begins a host's own time */
        return false;
    ptrdiff_t end = span_find(span_to(*text, NAME_MAX_BYTES), SPAN(": "));
    if (end < 0 && span_ends(*text, SPAN(":")) && text->len < NAME_MAX_BYTES)
        end = (ptrdiff_t)text->len - 1;
    name = span_to(*text, end < 0 ? 0 : (size_t)end);
    if (!name.len || span_find_byte(name, ' ') >= 0)
        return false;
    *text = span_from(*text, (size_t)end + 2);
    return true;
}

static bool take_journal_iso(Span *text, Wrapped *wrapped)
{
    IsoStamp iso;
    size_t len = stamp_iso(*text, &iso);
    Span rest = span_from(*text, len);
    if (!len || !iso.offset || !span_take(&rest, SPAN(" ")) || !take_sender(&rest))
        return false;
    wrapped->stamp = span_to(*text, len);
    wrapped->time = stamp_iso_time;
    *text = rest;
    return true;
}

static bool is_month(Span s)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    ptrdiff_t at = s.len < 3 ? -1 : span_find(SPAN(months), span_to(s, 3));
    return at >= 0 && at % 3 == 0;
}

/* "Mar 22 19:20:10 host func[123]: text": without a year, so its time is none. */
static bool take_journal_short(Span *text, Wrapped *wrapped)
{
    const char *p = text->ptr;
    (void)wrapped;
    if (text->len < 16 || p[3] != ' ' || p[6] != ' ' || p[9] != ':' || p[12] != ':' || !is_digit(p[5]) || !is_month(*text))
        return false;
    Span rest = span_from(*text, 15);
    if (span_take(&rest, SPAN(".")))
        while (rest.len && is_digit(rest.ptr[0]))
            rest = span_from(rest, 1);
    if (!span_take(&rest, SPAN(" ")) || !take_sender(&rest))
        return false;
    *text = rest;
    return true;
}

/* "Mon 2021-03-22 19:20:10 UTC host func[123]: text", which has a time only where the zone is known. */
static bool take_journal_full(Span *text, Wrapped *wrapped)
{
    Moment moment;
    Span rest = span_from(*text, 4), zone;
    if (text->len < 24 || text->ptr[8] != '-' || text->ptr[14] != ' ')
        return false;
    size_t len = moment_parse(rest, &moment);
    Span stamp = span_to(rest, len);
    rest = span_from(rest, len);
    if (!len || !span_take(&rest, SPAN(" ")) || !take_word(&rest, &zone) || !take_sender(&rest))
        return false;
    if (span_eq(zone, SPAN("UTC"))) {
        wrapped->stamp = stamp;
        wrapped->time = stamp_iso_time;
    }
    *text = rest;
    return true;
}

/* Both begin with a word of three letters. */
static bool take_journal(Span *text, Wrapped *wrapped)
{
    if (text->len < 16 || text->ptr[3] != ' ' || text->ptr[0] < 'A')
        return false;
    return take_journal_short(text, wrapped) || take_journal_full(text, wrapped);
}

/* "[  123.456789] host func[123]: text": since the machine was started, which is no time. */
static bool take_journal_monotonic(Span *text, Wrapped *wrapped)
{
    (void)wrapped;
    Span rest = *text;
    if (!span_take(&rest, SPAN("[")))
        return false;
    ptrdiff_t end = span_find(span_to(rest, NAME_MAX_BYTES), SPAN("] "));
    Span seconds = span_trim_left(span_to(rest, end < 0 ? 0 : (size_t)end));
    for (size_t i = 0; i < seconds.len; i++)
        if (!is_digit(seconds.ptr[i]) && seconds.ptr[i] != '.')
            return false;
    rest = span_from(rest, (size_t)end + 2);
    if (!seconds.len || span_find_byte(seconds, '.') < 0 || !take_sender(&rest))
        return false;
    *text = rest;
    return true;
}

static bool take_bracketed(Span *text, Wrapped *wrapped)
{
    return text->len && text->ptr[0] == '[' && (take_kubectl(text, wrapped) || take_journal_monotonic(text, wrapped));
}

static bool take_quote(Span *text, Wrapped *wrapped)
{
    (void)wrapped;
    Span rest = *text;
    if ((!span_take(&rest, SPAN(">")) && !span_take(&rest, SPAN("#"))) || !take_blank_or_end(&rest))
        return false;
    *text = rest;
    return true;
}

/* Indentation in front of a time; anything else may be indented by itself. */
static bool take_indentation(Span *text, Wrapped *wrapped)
{
    IsoStamp iso;
    (void)wrapped;
    if (!text->len || (text->ptr[0] != ' ' && text->ptr[0] != '\t'))
        return false;
    Span rest = span_trim_left(*text);
    if (rest.len < 3 || (text->ptr[0] == ' ' && text->len - rest.len < 4))
        return false;
    if (!(rest.ptr[0] == '[' && is_digit(rest.ptr[1])) && !stamp_iso(rest, &iso))
        return false;
    *text = rest;
    return true;
}

const Wrapper wrappers[] = {
    {.take = take_cri, .joins = true}, /* before docker's, which it contains */
    {.take = take_docker},
    {.take = take_log_object, .joins = true},
    {.take = take_compose},
    {.take = take_journal},
    {.take = take_journal_iso},
    {.take = take_bracketed},
    {.take = take_quote},
    {.take = take_indentation},
    {0},
};

bool wrapper_joins(Span line)
{
    for (const Wrapper *w = wrappers; w->take; w++) {
        Span text = line;
        Wrapped wrapped = {0};
        if (w->joins && w->take(&text, &wrapped))
            return true;
    }
    return false;
}
