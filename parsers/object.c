#include "parsers/object.h"

#include "base/utf8.h"
#include "parsers/codepoint.h"

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void skip_blanks(Span *s)
{
    while (s->len && is_blank(s->ptr[0]))
        *s = span_from(*s, 1);
}

bool object_open(Span *rest)
{
    skip_blanks(rest);
    return span_take(rest, SPAN("{"));
}

/* Whether an odd number of backslashes stands before a byte. */
static bool is_escaped(Span s, size_t at)
{
    size_t n = 0;
    while (n < at && s.ptr[at - 1 - n] == '\\')
        n++;
    return n % 2 == 1;
}

/* A text in quotes at the front of `*rest`; one that does not end takes all. */
static bool take_text(Span *rest, char quote, Span *text, bool *cut)
{
    if (!rest->len || rest->ptr[0] != quote)
        return false;
    size_t at = 1;
    for (;; at++) {
        ptrdiff_t found = span_find_byte(span_from(*rest, at), quote);
        at = found < 0 ? rest->len : at + (size_t)found;
        if (found < 0 || !is_escaped(*rest, at))
            break;
    }
    *cut = at >= rest->len;
    *text = span_from(span_to(*rest, at), 1);
    *rest = span_from(*rest, at + 1);
    return true;
}

/* A number, a word, or a whole inner object or array, which nobody asks for. */
static Span take_other(Span *rest, char quote)
{
    size_t depth = 0, at = 0;
    bool in_text = false;
    for (; at < rest->len; at++) {
        char c = rest->ptr[at];
        if (in_text && c == '\\')
            at++;
        else if (c == quote)
            in_text = !in_text;
        else if (in_text)
            continue;
        else if (c == '{' || c == '[')
            depth++;
        else if ((c == '}' || c == ']' || c == ',') && !depth)
            break;
        else if (c == '}' || c == ']')
            depth--;
    }
    Span value = span_to(*rest, at);
    *rest = span_from(*rest, at);
    return value;
}

bool object_next(Span *rest, char quote, ObjectMember *member)
{
    *member = (ObjectMember){0};
    skip_blanks(rest);
    if (span_take(rest, SPAN(",")))
        skip_blanks(rest);
    if (!take_text(rest, quote, &member->key, &member->cut) || member->cut)
        return false;
    skip_blanks(rest);
    if (!span_take(rest, SPAN(":")))
        return false;
    skip_blanks(rest);
    member->text = take_text(rest, quote, &member->value, &member->cut);
    if (!member->text)
        member->value = take_other(rest, quote);
    return true;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* "\uXXXX" at the front of `s`. */
static bool unit_at(Span s, uint32_t *unit)
{
    *unit = 0;
    if (s.len < 6 || s.ptr[0] != '\\' || s.ptr[1] != 'u')
        return false;
    for (size_t i = 2; i < 6; i++) {
        int digit = hex_value(s.ptr[i]);
        if (digit < 0)
            return false;
        *unit = *unit << 4 | (uint32_t)digit;
    }
    return true;
}

static void append_code(Buffer *out, uint32_t code)
{
    char bytes[CODEPOINT_BYTES_MAX];
    buffer_append(out, bytes, codepoint_put(bytes, code));
}

/* A code point in one or two units at the front of `s`; returns how many bytes it took, 0 when there is none. */
static size_t append_units(Buffer *out, Span s)
{
    uint32_t unit, low;
    if (!unit_at(s, &unit))
        return 0;
    if (codepoint_is_high(unit) && unit_at(span_from(s, 6), &low) && codepoint_is_low(low)) {
        append_code(out, codepoint_joined(unit, low));
        return 12;
    }
    append_code(out, codepoint_is_high(unit) || codepoint_is_low(unit) ? UTF8_REPLACEMENT : unit);
    return 6;
}

/* One-letter escapes and what they stand for. */
static const char escapes[][2] = {
    {'n', '\n'}, {'"', '"'}, {'\\', '\\'}, {'t', '\t'}, {'r', '\r'}, {'/', '/'}, {'\'', '"'}, {'b', '\b'}, {'f', '\f'},
};

enum { ESCAPES = sizeof escapes / sizeof *escapes };

static size_t append_escape(Buffer *out, Span s)
{
    for (size_t i = 0; s.len > 1 && i < ESCAPES; i++) {
        if (s.ptr[1] == escapes[i][0]) {
            buffer_append_byte(out, escapes[i][1]);
            return 2;
        }
    }
    return append_units(out, s);
}

void object_unescape(Span value, Buffer *out)
{
    for (ptrdiff_t at; (at = span_find_byte(value, '\\')) >= 0;) {
        buffer_append(out, value.ptr, (size_t)at);
        value = span_from(value, (size_t)at);
        size_t took = append_escape(out, value);
        if (!took) {
            buffer_append_byte(out, '\\');
            took = 1;
        }
        value = span_from(value, took);
    }
    buffer_append_span(out, value);
}
