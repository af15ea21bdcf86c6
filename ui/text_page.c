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
    PageRun run = {page->lines, page->text.len, text.len, column, role};
    buffer_append_span(&page->text, text);
    vec_push(&page->runs, run);
}

/* Bytes of `text` that make a line of `width` cells: up to a blank, or in the middle of a long word. */
static size_t line_length(Span text, int width)
{
    size_t fits = 0, blank = 0;
    for (size_t i = 0; i <= text.len; i++) {
        bool boundary = i == text.len || ((unsigned char)text.ptr[i] & 0xc0) != 0x80;
        if (!boundary)
            continue;
        if (display_width(span_to(text, i), terminal_style()) > (size_t)width)
            break;
        fits = i;
        if (i == text.len || text.ptr[i] == ' ')
            blank = i;
    }
    return blank ? blank : fits ? fits : text.len;
}

void page_wrap(TextPage *page, int column, int width, Role role, Span text)
{
    if (width < 8)
        width = 8;
    text = span_trim_right(text);
    do {
        size_t len = line_length(text, width);
        page_write(page, column, role, span_to(text, len));
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

static void draw_hits(const TextPage *page, int row, int column, Span text)
{
    size_t found = 0, len;
    while (pattern_find(page->search, text, &found, &len)) {
        int before = (int)display_width(span_to(text, found), terminal_style());
        draw_text(row, column + before, terminal_columns(), span_to(span_from(text, found), len), 0, ROLE_NORMAL, EMPHASIS_HIT);
        found += len;
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
            draw_hits(page, row, area.column + run->column, run_text(page, run));
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

void page_built(TextPage *page)
{
    page->hits.len = 0;
    for (size_t i = 0; page->search && i < page->runs.len; i++) {
        const PageRun *run = &page->runs.items[i];
        bool known = page->hits.len && vec_last(&page->hits) == run->line;
        if (!known && pattern_matches(page->search, run_text(page, run)))
            vec_push(&page->hits, run->line);
    }
    if (page->hit >= page->hits.len)
        page->hit = 0;
}

bool page_search(TextPage *page, Pattern *pattern)
{
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
