#include "model/source_text.h"

enum { TAB = 8, FUNCTION_LINES_MAX = 10000 };

void source_text_set(SourceText *s, Buffer text)
{
    source_text_free(s);
    s->text = text;
    for (size_t at = 0; at < text.len;) {
        const char *end = memchr(text.data + at, '\n', text.len - at);
        vec_push(&s->lines, at);
        at = end ? (size_t)(end - text.data) + 1 : text.len;
    }
}

Span source_text_line(const SourceText *s, uint32_t number)
{
    if (!number || number > s->lines.len)
        return (Span){0};
    size_t begin = s->lines.items[number - 1], end = number < s->lines.len ? s->lines.items[number] : s->text.len;
    Span line = {s->text.data + begin, end - begin};
    while (line.len && (line.ptr[line.len - 1] == '\n' || line.ptr[line.len - 1] == '\r'))
        line.len--;
    return line;
}

static unsigned indentation(Span line)
{
    unsigned column = 0;
    for (size_t i = 0; i < line.len && (line.ptr[i] == ' ' || line.ptr[i] == '\t'); i++)
        column = line.ptr[i] == '\t' ? (column / TAB + 1) * TAB : column + 1;
    return column;
}

static bool begins_function(Span line)
{
    line = span_trim_left(line);
    if (span_take(&line, SPAN("async ")))
        line = span_trim_left(line);
    return span_starts(line, SPAN("def "));
}

uint32_t source_text_function_end(const SourceText *s, uint32_t first, uint32_t known)
{
    uint32_t def = first, end = known;
    while (def <= known && !begins_function(source_text_line(s, def)))
        def++;
    if (def > known)
        return known;
    unsigned outside = indentation(source_text_line(s, def));
    for (uint32_t n = known + 1; n <= s->lines.len && n - known < FUNCTION_LINES_MAX; n++) {
        Span line = span_trim(source_text_line(s, n));
        if (!line.len || line.ptr[0] == '#')
            continue;
        if (indentation(source_text_line(s, n)) <= outside && line.ptr[0] != ')') /* the end of a list of arguments */
            break;
        end = n;
    }
    return end;
}

void source_text_free(SourceText *s)
{
    buffer_free(&s->text);
    vec_free(&s->lines);
}
