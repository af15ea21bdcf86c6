#include "ui/text_page.h"

#include "ui/draw.h"
#include "ui/terminal.h"

void page_clear(TextPage *page)
{
    buffer_clear(&page->text);
    page->runs.len = 0;
    page->lines = 0;
}

void page_end_line(TextPage *page)
{
    page->lines++;
}

void page_write(TextPage *page, int column, Role role, Span text)
{
    size_t at = page->text.len;
    buffer_append_span(&page->text, text);
    vec_push(&page->runs, (PageRun){page->lines, at, text.len, at, text.len, column, role});
}

/* Bytes of `text` that make a line of `width` cells: up to a blank, or in the middle of a long word. */
static size_t line_length(Span text, int width)
{
    size_t fits = display_fit(text, (size_t)width, terminal_style()), blank = fits;
    while (blank && blank < text.len && text.ptr[blank] != ' ')
        blank--;
    return blank ? blank : fits ? fits : text.len;
}

void page_wrap(TextPage *page, int column, int width, Role role, Span text)
{
    if (width < 8)
        width = 8;
    text = span_trim_right(text);
    size_t whole = page->text.len, whole_len = text.len;
    const char *start = text.ptr;
    buffer_append_span(&page->text, text);
    do {
        size_t len = line_length(text, width), at = whole + (size_t)(text.ptr - start);
        vec_push(&page->runs, (PageRun){page->lines, at, len, whole, whole_len, column, role});
        page_end_line(page);
        text = span_trim_left(span_from(text, len));
    } while (text.len);
}

static size_t last_top(const TextPage *page)
{
    size_t rows = page->rows > 0 ? (size_t)page->rows : 1;
    return page->lines > rows ? page->lines - rows : 0;
}

static Span run_text(const TextPage *page, const PageRun *run)
{
    return (Span){page->text.data + run->text_at, run->text_len};
}

static Span whole_text(const TextPage *page, const PageRun *run)
{
    return (Span){page->text.data + run->whole_at, run->whole_len};
}

/* What of the hits stands in this run. */
static void draw_hits(const TextPage *page, const PageRun *run, int row, int column)
{
    Span text = run_text(page, run);
    size_t found = 0, len, skipped = run->text_at - run->whole_at;
    for (; pattern_find(page->search, whole_text(page, run), &found, &len); found += len) {
        size_t from = found > skipped ? found - skipped : 0, to = found + len > skipped ? found + len - skipped : 0;
        Span hit = span_to(span_from(text, from), to > from ? to - from : 0);
        int before = (int)display_width(span_to(text, from), terminal_style());
        if (hit.len)
            draw_text(row, column + before, terminal_columns(), hit, 0, ROLE_NORMAL, EMPHASIS_HIT);
    }
}

void page_draw(TextPage *page, Area area)
{
    page->rows = area.rows;
    if (page->top > last_top(page))
        page->top = last_top(page);
    for (size_t i = 0; i < page->runs.len; i++) {
        const PageRun *run = &page->runs.items[i];
        if (run->line < page->top || run->line >= page->top + (size_t)area.rows)
            continue;
        int row = area.row + (int)(run->line - page->top);
        draw_text(row, area.column + run->column, area.columns - run->column, run_text(page, run), 0, run->role, EMPHASIS_NONE);
        if (page->search)
            draw_hits(page, run, row, area.column + run->column);
    }
}

static void scroll(TextPage *page, ptrdiff_t by)
{
    if (by < 0 && (size_t)-by > page->top)
        page->top = 0;
    else
        page->top = (size_t)((ptrdiff_t)page->top + by);
    if (page->top > last_top(page))
        page->top = last_top(page);
}

bool page_act(TextPage *page, ActionId action)
{
    ptrdiff_t rows = page->rows > 1 ? page->rows - 1 : 1;
    switch (action) {
    case ACTION_MOVE_DOWN:
        scroll(page, 1);
        return true;
    case ACTION_MOVE_UP:
        scroll(page, -1);
        return true;
    case ACTION_PAGE_DOWN:
        scroll(page, rows);
        return true;
    case ACTION_PAGE_UP:
        scroll(page, -rows);
        return true;
    case ACTION_HALF_DOWN:
        scroll(page, rows / 2 + 1);
        return true;
    case ACTION_HALF_UP:
        scroll(page, -(rows / 2 + 1));
        return true;
    case ACTION_FIRST:
        page->top = 0;
        return true;
    case ACTION_LAST:
        page->top = last_top(page);
        return true;
    default:
        return false;
    }
}

static void show_hit(TextPage *page)
{
    size_t line = page->hits.items[page->hit], rows = page->rows > 0 ? (size_t)page->rows : 1;
    if (line < page->top || line >= page->top + rows)
        page->top = line > rows / 2 ? line - rows / 2 : 0;
}

/* The lines in which hits of the text begin of which run `first` is the first. */
static void collect_hits(TextPage *page, size_t first)
{
    Span whole = whole_text(page, &page->runs.items[first]);
    size_t found = 0, len, i = first;
    for (; pattern_find(page->search, whole, &found, &len); found += len) {
        size_t at = page->runs.items[first].whole_at + found;
        while (i + 1 < page->runs.len && page->runs.items[i + 1].whole_at == page->runs.items[first].whole_at &&
               page->runs.items[i + 1].text_at <= at)
            i++;
        size_t line = page->runs.items[i].line;
        if (!page->hits.len || vec_last(&page->hits) != line)
            vec_push(&page->hits, line);
    }
}

void page_built(TextPage *page)
{
    page->hits.len = 0;
    for (size_t i = 0; page->search && i < page->runs.len; i++)
        if (page->runs.items[i].text_at == page->runs.items[i].whole_at)
            collect_hits(page, i);
    if (page->hit >= page->hits.len)
        page->hit = 0;
}

bool page_search(TextPage *page, Pattern *pattern, bool final)
{
    if (!page->previewing)
        page->search_from = page->top;
    page->top = page->search_from;
    page->previewing = !final;
    pattern_free(page->search);
    page->search = pattern;
    page->hit = 0;
    page_built(page);
    if (!page->hits.len)
        return false;
    while (page->hit + 1 < page->hits.len && page->hits.items[page->hit] < page->top)
        page->hit++;
    show_hit(page);
    return true;
}

bool page_search_next(TextPage *page, int direction, bool *wrapped)
{
    size_t count = page->hits.len;
    *wrapped = false;
    if (!count)
        return false;
    if (direction > 0) {
        *wrapped = page->hit + 1 == count;
        page->hit = (page->hit + 1) % count;
    } else {
        *wrapped = page->hit == 0;
        page->hit = (page->hit + count - 1) % count;
    }
    show_hit(page);
    return true;
}

void page_free(TextPage *page)
{
    buffer_free(&page->text);
    vec_free(&page->runs);
    vec_free(&page->hits);
    pattern_free(page->search);
}
