#include "parsers/json_value.h"

#include "base/utf8.h"

static bool is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

static Span skip_space(Span s)
{
    size_t n = 0;
    while (n < s.len && is_space(s.ptr[n]))
        n++;
    return span_from(s, n);
}

Span json_trim_blanks(Span s)
{
    s = skip_space(s);
    while (s.len && is_space(s.ptr[s.len - 1]))
        s.len--;
    return s;
}

/* Strings. */

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The four digits behind "\u" at the front of `s`; -1 when they are not there. */
static int32_t unit_at(Span s)
{
    int32_t unit = 0;
    if (s.len < 6 || s.ptr[0] != '\\' || s.ptr[1] != 'u')
        return -1;
    for (size_t i = 2; i < 6; i++) {
        int digit = hex_digit(s.ptr[i]);
        if (digit < 0)
            return -1;
        unit = unit * 16 + digit;
    }
    return unit;
}

static void append_code(Buffer *out, uint32_t code)
{
    char bytes[4];
    size_t len = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    static const unsigned char lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
    for (size_t i = len; i-- > 1; code >>= 6)
        bytes[i] = (char)(0x80 | (code & 0x3f));
    bytes[0] = (char)(lead[len] | code);
    buffer_append(out, bytes, len);
}

/* "\uXXXX", or two of them that are one code point; returns how many bytes were read, 0 when they are none. */
static size_t append_unicode(Buffer *out, Span s)
{
    int32_t unit = unit_at(s);
    if (unit < 0)
        return 0;
    if (unit >= 0xd800 && unit < 0xdc00) {
        int32_t low = unit_at(span_from(s, 6));
        if (low >= 0xdc00 && low < 0xe000) {
            append_code(out, 0x10000 + ((uint32_t)(unit - 0xd800) << 10) + (uint32_t)(low - 0xdc00));
            return 12;
        }
    }
    append_code(out, unit >= 0xd800 && unit < 0xe000 ? UTF8_REPLACEMENT : (uint32_t)unit);
    return 6;
}

/* One escape at the front of `s`; returns its length, 0 when it is none. */
static size_t append_escape(Buffer *out, Span s)
{
    static const char names[] = "\"\\/bfnrt", bytes[] = "\"\\/\b\f\n\r\t";
    if (s.len < 2)
        return 0;
    if (s.ptr[1] == 'u')
        return append_unicode(out, s);
    const char *known = memchr(names, s.ptr[1], sizeof names - 1);
    if (!known)
        return 0;
    buffer_append_byte(out, bytes[known - names]);
    return 2;
}

static bool unescape(Span s, Buffer *out)
{
    buffer_clear(out);
    while (s.len) {
        ptrdiff_t at = span_find_byte(s, '\\');
        size_t plain = at < 0 ? s.len : (size_t)at;
        buffer_append(out, s.ptr, plain);
        s = span_from(s, plain);
        if (!s.len)
            break;
        size_t len = append_escape(out, s);
        if (!len)
            return false;
        s = span_from(s, len);
    }
    return true;
}

bool json_scalar(Span raw, Buffer *scratch, Span *text)
{
    raw = json_trim(raw);
    *text = raw;
    if (!raw.len || raw.ptr[0] == '{' || raw.ptr[0] == '[')
        return false;
    if (raw.ptr[0] != '"') {
        if (span_eq(raw, SPAN("null")))
            *text = (Span){0};
        return true;
    }
    if (raw.len < 2 || raw.ptr[raw.len - 1] != '"')
        return false;
    *text = (Span){raw.ptr + 1, raw.len - 2};
    if (span_find_byte(*text, '\\') < 0)
        return true;
    if (!unescape(*text, scratch))
        return false;
    *text = buffer_span(scratch);
    return true;
}

/* Walking. */

/* Length of the string at the front of `s` with its quotes, 0 when it does not end. */
static size_t string_length(Span s)
{
    size_t at = 1;
    while (at < s.len) {
        ptrdiff_t quote = span_find_byte(span_from(s, at), '"');
        if (quote < 0)
            return 0;
        size_t end = at + (size_t)quote, slashes = 0;
        while (end - slashes > 1 && s.ptr[end - slashes - 1] == '\\')
            slashes++;
        at = end + 1;
        if (slashes % 2 == 0)
            return at;
    }
    return 0;
}

/* Length of the value at the front of `s`, 0 when it does not end. */
static size_t value_length(Span s)
{
    size_t depth = 0, at = 0;
    while (at < s.len) {
        char c = s.ptr[at];
        size_t len = c == '"' ? string_length(span_from(s, at)) : 1;
        bool closing = c == '}' || c == ']';
        if (!len)
            return 0;
        if (!depth && (closing || c == ',' || c == ':' || is_space(c)))
            return at;
        depth += c == '{' || c == '[';
        depth -= closing;
        at += len;
        if (!depth && (closing || c == '"'))
            return at;
    }
    return depth ? 0 : at;
}

bool json_next(Span *rest, bool *inside, Span *name, Span *value)
{
    Span s = skip_space(*rest);
    if (!*inside && !span_take(&s, name ? SPAN("{") : SPAN("[")))
        return false;
    if (*inside)
        span_take(&s, SPAN(","));
    *inside = true;
    s = skip_space(s);
    if (name) {
        size_t len = s.len && s.ptr[0] == '"' ? string_length(s) : 0;
        if (!len)
            return false;
        *name = (Span){s.ptr + 1, len - 2};
        s = skip_space(span_from(s, len));
        if (!span_take(&s, SPAN(":")))
            return false;
        s = skip_space(s);
    }
    size_t len = value_length(s);
    if (!len)
        return false;
    *value = span_to(s, len);
    *rest = span_from(s, len);
    return true;
}

size_t json_depth(Span s)
{
    size_t depth = 0, deepest = 0;
    for (size_t at = 0; at < s.len; at++) {
        char c = s.ptr[at];
        if (c == '"') {
            size_t len = string_length(span_from(s, at));
            if (!len)
                break;
            at += len - 1;
        } else if (c == '{' || c == '[') {
            depth++;
            deepest = depth > deepest ? depth : deepest;
        } else if (depth && (c == '}' || c == ']')) {
            depth--;
        }
    }
    return deepest;
}

/* Pseudo JSON. */

/* A string in apostrophes at the front of `s`; returns its length. */
static size_t append_single_quoted(Span s, Buffer *out)
{
    size_t at = 1;
    buffer_append_byte(out, '"');
    for (; at < s.len && s.ptr[at] != '\''; at++) {
        if (s.ptr[at] == '"') {
            buffer_append(out, "\\\"", 2);
        } else if (s.ptr[at] == '\\' && at + 1 < s.len) {
            at++;
            buffer_append_byte(out, '\\');
            buffer_append_byte(out, s.ptr[at] == '\'' ? '"' : s.ptr[at]);
        } else {
            buffer_append_byte(out, s.ptr[at]);
        }
    }
    buffer_append_byte(out, '"');
    return at + (at < s.len);
}

/* The same names in Python's notation, which some exporters write. */
static const struct Word {
    Span python, json;
} words[] = {{{"None", 4}, {"null", 4}}, {{"True", 4}, {"true", 4}}, {{"False", 5}, {"false", 5}}};

static size_t append_word(Span s, Buffer *out)
{
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (span_starts(s, words[i].python)) {
            buffer_append_span(out, words[i].json);
            return words[i].python.len;
        }
    }
    buffer_append_byte(out, s.ptr[0]);
    return 1;
}

void json_from_single_quoted(Span s, Buffer *out)
{
    buffer_clear(out);
    while (s.len) {
        size_t len = 0;
        if (s.ptr[0] == '\'') {
            len = append_single_quoted(s, out);
        } else if (s.ptr[0] == '"' && (len = string_length(s)) > 0) {
            buffer_append(out, s.ptr, len);
        } else {
            len = append_word(s, out);
        }
        s = span_from(s, len);
    }
}
