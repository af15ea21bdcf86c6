#include "parsers/console.h"

#include "parsers/host.h"

static const Span levels[] = {{"info", 4}, {"fail", 4}, {"warn", 4}, {"dbug", 4}, {"trce", 4}, {"crit", 4}};
static const Span indentation = {"      ", 6};

enum { LEVELS = sizeof levels / sizeof *levels };

/* "info: ", or "<6>" as systemd wants it. */
static bool take_level(Span *text)
{
    if (text->len > 3 && text->ptr[0] == '<' && text->ptr[1] >= '0' && text->ptr[1] <= '7' && text->ptr[2] == '>') {
        *text = span_from(*text, 3);
        return true;
    }
    if (text->len < 6 || text->ptr[4] != ':' || text->ptr[5] != ' ')
        return false;
    for (size_t i = 0; i < LEVELS; i++) {
        if (span_starts(*text, levels[i])) {
            *text = span_from(*text, 6);
            return true;
        }
    }
    return false;
}

static bool is_category_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c != '\0' && strchr("._-+`", c)) ||
           (unsigned char)c >= 0x80;
}

/* "Category[7]" at the front of `*text`. */
static bool take_category(Span *text, Span *category)
{
    size_t n = 0;
    while (n < text->len && is_category_byte(text->ptr[n]))
        n++;
    *category = span_to(*text, n);
    Span rest = span_from(*text, n);
    if (!n || !span_take(&rest, SPAN("[")))
        return false;
    span_take(&rest, SPAN("-"));
    n = 0;
    while (n < rest.len && rest.ptr[n] >= '0' && rest.ptr[n] <= '9')
        n++;
    rest = span_from(rest, n);
    if (!n || !span_take(&rest, SPAN("]")))
        return false;
    *text = rest;
    return true;
}

static bool take_head(ConsoleRecord *r, Span *text)
{
    Span rest = *text, category;
    if (!take_level(&rest) || !take_category(&rest, &category) || (rest.len && rest.ptr[0] != ' '))
        return false;
    r->open = true;
    r->in_message = false;
    buffer_clear(&r->function);
    buffer_append_span(&r->function, host_function_of_category(category));
    *text = rest;
    return true;
}

ConsoleLine console_take(ConsoleRecord *r, Span *text)
{
    if (r->open && span_take(text, indentation)) {
        if (r->in_message)
            return CONSOLE_MORE;
        if (span_starts(*text, SPAN("=> ")))
            return CONSOLE_HEAD;
        r->in_message = true;
        return CONSOLE_MESSAGE;
    }
    if (!text->len || (text->ptr[0] == ' ') || !take_head(r, text))
        return CONSOLE_NONE;
    if (!span_trim(*text).len) {
        *text = (Span){0};
        return CONSOLE_HEAD;
    }
    r->in_message = true;
    *text = span_trim_right(span_from(*text, 1)); /* the blanks at the end were new lines */
    return CONSOLE_WHOLE;
}

void console_free(ConsoleRecord *r)
{
    buffer_free(&r->function);
}
