#include "ui/log_heights.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "model/display.h"
#include "ui/terminal.h"

enum { PLACES = 4096 };

static size_t place_of(uint64_t begin)
{
    return (size_t)((begin * UINT64_C(0x9e3779b97f4a7c15)) >> 32) % PLACES;
}

void log_heights_forget(LogHeights *h)
{
    if (h->known)
        memset(h->known, 0, PLACES * sizeof *h->known);
}

static void forget_line(LogHeights *h, uint64_t begin)
{
    struct LogHeight *known = h->known ? &h->known[place_of(begin)] : NULL;
    if (known && known->begin == begin)
        known->rows = 0;
}

void log_heights_hold(LogHeights *h, LogFold fold, uint64_t end)
{
    bool same =
        h->fold.width == fold.width && h->fold.most == fold.most && h->fold.brief == fold.brief && h->fold.bare == fold.bare;
    if (!same || end < h->end)
        log_heights_forget(h);
    else if (end > h->end)
        forget_line(h, h->last);
    h->fold = fold;
    h->end = end;
}

int log_heights_find(const LogHeights *h, uint64_t begin)
{
    const struct LogHeight *known = h->known ? &h->known[place_of(begin)] : NULL;
    return known && known->begin == begin ? known->rows : 0;
}

size_t log_fold_length(const LogFold *fold, Span text)
{
    size_t fit = display_fit(text, (size_t)fold->width, terminal_style());
    return fit ? fit : text.len;
}

void log_heights_add(LogHeights *h, uint64_t begin, uint64_t end, Span text)
{
    int rows = 0;
    if (!h->known)
        h->known = alloc_zeroed(PLACES, sizeof *h->known);
    do {
        text = span_from(text, log_fold_length(&h->fold, text));
        rows++;
    } while (text.len && rows < h->fold.most);
    h->known[place_of(begin)] = (struct LogHeight){begin, rows};
    h->last = end >= h->end ? begin : h->last;
}

void log_heights_free(LogHeights *h)
{
    free(h->known);
}
