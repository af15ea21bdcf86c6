#include "parsers/ansi.h"

enum { ESC = 0x1b, BEL = 0x07 };

/* Bytes of the escape sequence at the front of `s`, which begins with ESC. One that never ends takes the rest. */
static size_t sequence_length(Span s)
{
    if (s.len < 2)
        return s.len;
    size_t at = 2;
    switch (s.ptr[1]) {
    case '[':
        while (at < s.len && (s.ptr[at] < 0x40 || s.ptr[at] > 0x7e))
            at++;
        return at < s.len ? at + 1 : at;
    case ']':
        for (; at < s.len; at++) {
            if (s.ptr[at] == BEL)
                return at + 1;
            if (s.ptr[at] == ESC && at + 1 < s.len && s.ptr[at + 1] == '\\')
                return at + 2;
        }
        return at;
    case '(':
    case ')':
        return s.len < 3 ? s.len : 3;
    default:
        return 2;
    }
}

Span ansi_strip(Span text, Buffer *scratch)
{
    ptrdiff_t at = span_find_byte(text, ESC);
    if (at < 0)
        return text;
    buffer_clear(scratch);
    while (at >= 0) {
        buffer_append(scratch, text.ptr, (size_t)at);
        text = span_from(text, (size_t)at);
        text = span_from(text, sequence_length(text));
        at = span_find_byte(text, ESC);
    }
    buffer_append_span(scratch, text);
    return buffer_span(scratch);
}
