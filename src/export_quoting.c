#include "src/export_quoting.h"

#include "base/attributes.h"
#include "base/utf8.h"

/* The same in each of eight bytes. */
#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

/* Which of eight bytes need a look: their highest bits. */
typedef uint64_t OddBytes(uint64_t word);

/* For words whose bytes are below 0x80: the highest bits of those that are `byte`, or below it. Other bits may be set, too. */
static inline uint64_t bytes_equal(uint64_t word, unsigned char byte)
{
    return ~((word ^ EACH(byte)) + EACH(0x7f));
}

static inline uint64_t bytes_below(uint64_t word, unsigned char byte)
{
    return ~(word + EACH(0x80u - byte));
}

/* At most eight bytes, the first one in the lowest bits, and zeros behind the last. */
static inline uint64_t load(const char *p, size_t len)
{
    uint64_t word = 0;
    if (len >= CELLS_BYTES && CELLS_KNOWN)
        return cells_load(p);
    for (size_t i = len < CELLS_BYTES ? len : CELLS_BYTES; i-- > 0;)
        word = word << 8 | (unsigned char)p[i];
    return word;
}

/* Puts the bytes at the front of `*text` that need no look, and cuts them off. What follows them is touched, too. */
static ALWAYS_INLINE char *put_plain(char *at, Span *text, OddBytes *odd)
{
    size_t plain = CELLS_BYTES;
    while (plain == CELLS_BYTES) {
        uint64_t word = load(text->ptr, text->len), marks = odd(word) & EACH(0x80);
        put_cells(at, word);
        plain = marks ? (size_t)__builtin_ctzll(marks) / 8 : CELLS_BYTES;
        plain = plain < text->len ? plain : text->len;
        at += plain;
        *text = span_from(*text, plain);
    }
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

static inline uint64_t odd_in_json(uint64_t word)
{
    uint64_t low = word & EACH(0x7f);
    return word | bytes_below(low, 0x20) | bytes_equal(low, '"') | bytes_equal(low, '\\') | bytes_equal(low, 0x7f);
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
        at = put_plain(at, &text, odd_in_json);
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

static bool needs_quotes(Span s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] == ',' || s.ptr[i] == '"' || s.ptr[i] == '\r' || s.ptr[i] == '\n')
            return true;
    return false;
}

static inline uint64_t odd_in_cell(uint64_t word)
{
    uint64_t low = word & EACH(0x7f);
    return word | bytes_equal(low, '"') | bytes_equal(low, ',') | bytes_equal(low, '\r') | bytes_equal(low, '\n');
}

static inline uint64_t odd_in_quotes(uint64_t word)
{
    return word | bytes_equal(word & EACH(0x7f), '"');
}

/* What has something odd in it. */
static char *put_odd_cell(char *at, Span text)
{
    Span quote = needs_quotes(text) ? SPAN("\"") : SPAN("");
    at = put_span(at, quote);
    at = put_span(at, is_formula(text) ? SPAN("'") : SPAN(""));
    for (;;) {
        at = put_plain(at, &text, odd_in_quotes);
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

static char *put_cell(char *at, Span text)
{
    Span rest = text;
    *at = '\'';
    char *end = put_plain(at + is_formula(text), &rest, odd_in_cell);
    return rest.len ? put_odd_cell(at, text) : end;
}

const Quoting export_csv_cell = {put_cell, sizeof "\xef\xbf\xbd" - 1};
