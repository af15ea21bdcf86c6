#include <stdlib.h>

#include "ui/draw.h"
#include "ui/terminal.h"
#include "ui/text_page.h"

/* A popup that explains a row, and what the columns mean. */

typedef struct ExplainView {
    View view;
    TextPage page;
    const TableKind *kind; /* NULL: there is only the text */
    size_t sorted; /* column */
    Buffer text;   /* about the row */
} ExplainView;

enum { TITLE_WIDTH = 14, WIDTH_MAX = 84, BOX_ROWS_MIN = 7 };

static void write_column(TextPage *page, const Column *column, int width)
{
    page_write(page, 1, ROLE_KEY, span_of(column->title));
    page_wrap(page, 1 + TITLE_WIDTH, width - TITLE_WIDTH - 2, ROLE_NORMAL, span_of(column->help));
}

static void write_paragraphs(TextPage *page, Span text, int width)
{
    while (text.len) {
        ptrdiff_t end = span_find_byte(text, '\n');
        Span line = end < 0 ? text : span_to(text, (size_t)end);
        if (line.len)
            page_wrap(page, 1, width - 2, ROLE_NORMAL, line);
        else
            page_end_line(page);
        text = span_from(text, line.len + (end >= 0));
    }
}

static void write_page(ExplainView *explain, int width)
{
    TextPage *page = &explain->page;
    page_clear(page);
    write_paragraphs(page, buffer_span(&explain->text), width);
    if (!explain->kind)
        return;
    if (explain->text.len)
        page_end_line(page);
    write_column(page, &explain->kind->columns[explain->sorted], width);
    page_write(page, 1, ROLE_TITLE, SPAN("A row"));
    page_wrap(page, 1 + TITLE_WIDTH, width - TITLE_WIDTH - 2, ROLE_NORMAL, span_of(explain->kind->help));
    for (size_t i = 0; i < explain->kind->column_count; i++)
        if (i != explain->sorted)
            write_column(page, &explain->kind->columns[i], width);
}

static void draw(View *view, Area area)
{
    ExplainView *explain = (ExplainView *)view;
    int columns = area.columns < WIDTH_MAX ? area.columns : WIDTH_MAX;
    int border = area.rows < BOX_ROWS_MIN ? 0 : 1; /* where there are few lines, all are for the text */
    write_page(explain, columns - 2 * border);
    int lines = (int)explain->page.lines + 2 * border, rows = border && lines < area.rows ? lines : area.rows;
    Area box = {area.row + (area.rows - rows) / 2, area.column + (area.columns - columns) / 2, rows, columns};
    for (int i = 0; i < rows; i++)
        draw_blank(box.row + i, box.column, columns, ROLE_NORMAL, EMPHASIS_NONE);
    if (border)
        draw_box(box.row, box.column, box.rows, box.columns, SPAN("What this means"));
    page_draw(&explain->page, (Area){box.row + border, box.column + border, rows - 2 * border, columns - 2 * border});
}

static bool act(View *view, ActionId action)
{
    ExplainView *explain = (ExplainView *)view;
    if (action == ACTION_EXPLAIN || action == ACTION_OPEN) {
        ui_pop(view->ui);
        return true;
    }
    return page_act(&explain->page, action);
}

static void status(View *view, Status *status)
{
    const TextPage *page = &((ExplainView *)view)->page;
    size_t last = page->top + (size_t)page->rows;
    status_add(status, ROLE_STATUS, "lines %zu to %zu of %zu", page->top + 1, last < page->lines ? last : page->lines, page->lines);
}

static const ActionId *bar(const View *view)
{
    static const ActionId ids[] = {ACTION_CLOSE, ACTION_HELP, ACTION_NONE};
    (void)view;
    return ids;
}

static void explain_free(View *view)
{
    ExplainView *explain = (ExplainView *)view;
    page_free(&explain->page);
    buffer_free(&explain->text);
    free(explain);
}

static ExplainView *explain_new(Ui *ui)
{
    static const ViewKind kind = {.popup = true, .draw = draw, .act = act, .status = status, .bar = bar, .free = explain_free};
    ExplainView *explain = alloc_zeroed(1, sizeof *explain);
    explain->view = (View){.kind = &kind, .ui = ui};
    return explain;
}

View *explain_view_new(Ui *ui, const Table *table, RowKey row)
{
    ExplainView *explain = explain_new(ui);
    explain->kind = table_kind(table);
    explain->sorted = table_sort(table).column;
    table_explain(table, row, &explain->text);
    write_page(explain, terminal_columns()); /* keys may come before the first frame */
    return &explain->view;
}

View *note_view_new(Ui *ui, Buffer text)
{
    ExplainView *explain = explain_new(ui);
    explain->text = text;
    write_page(explain, terminal_columns());
    return &explain->view;
}
