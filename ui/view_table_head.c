#include "ui/view_table_private.h"

#include <inttypes.h>

#include "ui/chart.h"
#include "ui/draw.h"

/* What stands above a table and belongs to all of it. */

enum { CHART_GAP = 2, UNIT_ROOM = 30, LINE_ROWS_MIN = 6, COMPARED_ROWS = 2, COMPARE_ROWS_MIN = 8 };

static int line_rows(int rows)
{
    return rows < LINE_ROWS_MIN ? 0 : 1;
}

static int history_rows(int rows)
{
    int line = line_rows(rows);
    return line + chart_rows(rows);
}

/* Which line it is, in words: the breadcrumbs have only its number. */
static void draw_line(const TableView *t, Area area)
{
    const Model *m = ui_model(t->view.ui);
    const SourceLine *line = &m->lines.items[t->scope.line];
    Buffer text = {0};
    Scope target = SCOPE_ALL;
    target.target = line->target;
    scope_label(m, TABLE_FUNCTIONS, target, &text);
    buffer_printf(&text, "  line %" PRIu32 "  ", line->number);
    int width = draw_text(area.row, area.column + 1, area.columns - 2, buffer_span(&text), 0, ROLE_NOTE, EMPHASIS_NONE);
    draw_text(area.row, area.column + 1 + width, area.columns - 2 - width, span_trim(model_text(m, line->contents)), 0, ROLE_NORMAL,
              EMPHASIS_NONE);
    buffer_free(&text);
}

static void draw_charts(TableView *t, Area area)
{
    int width = (area.columns - 2 - CHART_GAP) / 2;
    bool unit = width >= UNIT_ROOM;
    const HistorySeries *series = table_history_series(table_of(t));
    chart_draw((Area){area.row, area.column + 1, area.rows, width}, unit ? "Entry MiB" : "Entry", &series->entries);
    chart_draw((Area){area.row, area.column + 1 + width + CHART_GAP, area.rows, width}, unit ? "Incr MiB" : "Incr",
               &series->increments);
}

static void draw_history(TableView *t, Area area)
{
    draw_line(t, area);
    area.row++;
    area.rows--;
    if (area.rows)
        draw_charts(t, area);
}

static int compared_rows(int rows)
{
    return rows < COMPARE_ROWS_MIN ? 0 : COMPARED_ROWS;
}

static void draw_compared(TableView *t, Area area)
{
    for (int i = 0; i < COMPARED_ROWS; i++) {
        Buffer text = {0};
        compare_heading(table_of(t), i > 0, &text);
        draw_text(area.row + i, area.column + 1, area.columns - 2, buffer_span(&text), 0, ROLE_NOTE, EMPHASIS_NONE);
        buffer_free(&text);
    }
}

static const struct Head {
    TableId id;
    int (*rows)(int rows); /* how many it takes of so many; the table gets the rest */
    void (*draw)(TableView *t, Area area);
} heads[] = {
    {TABLE_HISTORY, history_rows, draw_history},
    {TABLE_COMPARE, compared_rows, draw_compared},
};

Area table_view_draw_head(TableView *t, Area area)
{
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        int rows = heads[i].id == t->id ? heads[i].rows(area.rows) : 0;
        if (!rows)
            continue;
        heads[i].draw(t, (Area){area.row, area.column, rows, area.columns});
        area.row += rows;
        area.rows -= rows;
    }
    return area;
}
