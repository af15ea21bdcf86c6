#include "src/export_quoting.h"

#include "base/attributes.h"
#include "base/utf8.h"

typedef bool IsPlain(unsigned char c);

/* Puts the bytes at the front of `*text` that need no look, and cuts them off. */
static ALWAYS_INLINE char *put_plain(char *at, Span *text, IsPlain *is_plain)
{
    size_t len = 0;
    while (len < text->len && is_plain((unsigned char)text->ptr[len]))
        len++;
    at = put_span(at, span_to(*text, len));
    *text = span_from(*text, len);
    return at;
}

/* The same with one character beyond ASCII, or one that is none. */
static char *put_character(char *at, Span *text)
{
    uint32_t code;
    size_t len = utf8_next(*text, &code);
    at = put_span(at, len ? span_to(*text, len) : SPAN("\xef\xbf\xbd"));
    *text = span_from(*text, len ? len : utf8_skip_invalid(*text));
    return at;
}

/* JSON. */

static bool is_plain_json(unsigned char c)
{
    return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

/* The letter of an escape, 0 for those that have none. */
static char escape_letter(unsigned char c)
{
    switch (c) {
    case '"':
    case '\\':
        return (char)c;
    case '\n':
        return 'n';
    case '\r':
        return 'r';
    case '\t':
        return 't';
    default:
        return 0;
    }
}

static char *put_escape(char *at, unsigned char c)
{
    static const char digits[] = "0123456789abcdef";
    char letter = escape_letter(c);
    at = put_byte(at, '\\');
    if (letter)
        return put_byte(at, letter);
    at = put_span(at, SPAN("u00"));
    return put_byte(put_byte(at, digits[c >> 4]), digits[c & 15]);
}

static char *put_json(char *at, Span text)
{
    at = put_byte(at, '"');
    for (;;) {
        at = put_plain(at, &text, is_plain_json);
        if (!text.len)
            return put_byte(at, '"');
        unsigned char c = (unsigned char)text.ptr[0];
        if (c >= 0x80) {
            at = put_character(at, &text);
        } else {
            at = put_escape(at, c);
            text = span_from(text, 1);
        }
    }
}

const Quoting export_json_string = {put_json, sizeof "\\u001f" - 1};

/* CSV. */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static Span skip_digits(Span s)
{
    while (s.len && is_digit(s.ptr[0]))
        s = span_from(s, 1);
    return s;
}

/* "-0.5", "+3", "1e-9": what a spreadsheet reads as a number and not as a formula. */
static bool is_number(Span s)
{
    if (!span_take(&s, SPAN("-")))
        span_take(&s, SPAN("+"));
    Span rest = skip_digits(s);
    bool digits = rest.len < s.len;
    if (span_take(&rest, SPAN("."))) {
        digits |= rest.len && is_digit(rest.ptr[0]);
        rest = skip_digits(rest);
    }
    if (!digits || !rest.len || (rest.ptr[0] != 'e' && rest.ptr[0] != 'E'))
        return digits && !rest.len;
    rest = span_from(rest, 1);
    if (!span_take(&rest, SPAN("-")))
        span_take(&rest, SPAN("+"));
    return rest.len && !skip_digits(rest).len;
}

/* Spreadsheets would run such a text. */
static bool is_formula(Span s)
{
    return s.len && memchr("=+-@\t\r", s.ptr[0], 6) && !is_number(s);
}

static bool ends_no_cell(unsigned char c)
{
    return c != ',' && c != '"' && c != '\r' && c != '\n';
}

static bool needs_quotes(Span s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!ends_no_cell((unsigned char)s.ptr[i]))
            return true;
    return false;
}

static bool is_plain_csv(unsigned char c)
{
    return c < 0x80 && c != '"';
}

static char *put_csv(char *at, Span text)
{
    Span quote = needs_quotes(text) ? SPAN("\"") : SPAN("");
    at = put_span(at, quote);
    at = put_span(at, is_formula(text) ? SPAN("'") : SPAN(""));
    for (;;) {
        at = put_plain(at, &text, is_plain_csv);
        if (!text.len)
            return put_span(at, quote);
        if (text.ptr[0] == '"') {
            at = put_span(at, SPAN("\"\""));
            text = span_from(text, 1);
        } else {
            at = put_character(at, &text);
        }
    }
}

const Quoting export_csv_cell = {put_csv, sizeof "\xef\xbf\xbd" - 1};
