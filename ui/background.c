#include "ui/background.h"

static struct {
    bool asked; /* once is enough: a terminal's colours do not change while a program runs */
    bool awaited;
    Background known;
} background;

void background_reset(void)
{
    background.asked = background.awaited = false;
    background.known = BACKGROUND_UNKNOWN;
}

void background_ask(FILE *out)
{
    if (background.asked)
        return;
    background.asked = background.awaited = true;
    fputs("\033]11;?\033\\\033[c", out);
    fflush(out);
}

bool background_is_awaited(void)
{
    return background.awaited;
}

void background_answer_end(void)
{
    background.awaited = false;
}

Background background_known(void)
{
    return background.known;
}

static int digit_of(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* One to four digits: a share of the most that so many can say. */
static bool take_share(Span *text, double *share)
{
    unsigned value = 0, most = 0;
    size_t len = 0;
    for (int digit; len < text->len && len < 4 && (digit = digit_of(text->ptr[len])) >= 0; len++) {
        value = value * 16 + (unsigned)digit;
        most = most * 16 + 15;
    }
    *text = span_from(*text, len);
    *share = len ? (double)value / most : 0;
    return len > 0;
}

bool background_answer(Span text)
{
    double red, green, blue;
    if (!span_take(&text, SPAN("11;rgb:")) && !span_take(&text, SPAN("11;rgba:")))
        return false;
    if (!take_share(&text, &red) || !span_take(&text, SPAN("/")) || !take_share(&text, &green) || !span_take(&text, SPAN("/")) ||
        !take_share(&text, &blue))
        return false;
    background.known =
        0.299 * red + 0.587 * green + 0.114 * blue > 0.5 ? BACKGROUND_LIGHT : BACKGROUND_DARK; /* as bright as it seems */
    return true;
}
