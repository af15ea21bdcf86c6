/* Looks as text: "red", "black bright-yellow bold", "203 default underline". */
#include "base/buffer.h"
#include "ui/theme.h"

#include <stdlib.h>

enum { COLOURS_MAX = 256 };

static const struct ColourName {
    const char *name;
    short colour;
} colour_names[] = {
    {"default", COLOUR_DEFAULT},
    {"black", 0},
    {"red", 1},
    {"green", 2},
    {"yellow", 3},
    {"blue", 4},
    {"magenta", 5},
    {"cyan", 6},
    {"white", 7},
    {"bright-black", 8},
    {"bright-red", 9},
    {"bright-green", 10},
    {"bright-yellow", 11},
    {"bright-blue", 12},
    {"bright-magenta", 13},
    {"bright-cyan", 14},
    {"bright-white", 15},
};

static const struct AttributeName {
    const char *name;
    unsigned bit;
} attribute_names[] = {{"bold", LOOK_BOLD}, {"underline", LOOK_UNDERLINE}, {"reverse", LOOK_REVERSE}};

enum { COLOURS = sizeof colour_names / sizeof *colour_names, ATTRIBUTES = sizeof attribute_names / sizeof *attribute_names };

static bool take_colour(Span word, short *colour)
{
    uint64_t number;
    for (size_t i = 0; i < COLOURS; i++) {
        if (span_eq(word, span_of(colour_names[i].name))) {
            *colour = colour_names[i].colour;
            return true;
        }
    }
    if (!span_to_uint(word, &number) || number >= COLOURS_MAX)
        return false;
    *colour = (short)number;
    return true;
}

static bool take_attribute(Span word, unsigned *bits)
{
    for (size_t i = 0; i < ATTRIBUTES; i++) {
        if (span_eq(word, span_of(attribute_names[i].name))) {
            *bits |= attribute_names[i].bit;
            return true;
        }
    }
    return false;
}

char *look_parse(Span text, Look *look)
{
    Look read = {COLOUR_DEFAULT, COLOUR_DEFAULT, LOOK_CHOSEN};
    short *const colours[] = {&read.fg, &read.bg};
    size_t count = 0;
    while ((text = span_trim(text)).len) {
        ptrdiff_t blank = span_find_byte(text, ' ');
        Span word = blank < 0 ? text : span_to(text, (size_t)blank);
        short colour;
        text = span_from(text, word.len);
        if (take_attribute(word, &read.bits))
            continue;
        Buffer error = {0};
        if (!take_colour(word, &colour))
            buffer_printf(&error, "\"%.*s\" is no colour and no attribute", SPAN_ARG(word));
        else if (count == 2)
            buffer_printf(&error, "\"%.*s\" is a third colour; there is one for the text and one behind it", SPAN_ARG(word));
        else
            *colours[count++] = colour;
        if (error.len)
            return buffer_text(&error), error.data;
    }
    *look = count || read.bits != LOOK_CHOSEN ? read : (Look){0};
    return NULL;
}

static void append_colour(short colour, Buffer *out)
{
    for (size_t i = 0; i < COLOURS; i++) {
        if (colour_names[i].colour == colour) {
            buffer_append_span(out, span_of(colour_names[i].name));
            return;
        }
    }
    buffer_printf(out, "%d", colour);
}

void look_append(const Look *look, Buffer *out)
{
    if (!(look->bits & LOOK_CHOSEN))
        return;
    append_colour(look->fg, out);
    if (look->bg != COLOUR_DEFAULT) {
        buffer_append_byte(out, ' ');
        append_colour(look->bg, out);
    }
    for (size_t i = 0; i < ATTRIBUTES; i++)
        if (look->bits & attribute_names[i].bit)
            buffer_printf(out, " %s", attribute_names[i].name);
}

void look_words(void (*take)(void *ctx, Span word), void *ctx)
{
    for (size_t i = 0; i < COLOURS; i++)
        take(ctx, span_of(colour_names[i].name));
    for (size_t i = 0; i < ATTRIBUTES; i++)
        take(ctx, span_of(attribute_names[i].name));
}
