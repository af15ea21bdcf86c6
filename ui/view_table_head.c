#include "ui/view_table_private.h"

#include "ui/chart.h"
#include "ui/draw.h"

/* What stands above a table and belongs to all of it. */

enum { CHART_GAP = 2, UNIT_ROOM = 30, HEADING_ROWS = 2, COMPARE_ROWS_MIN = 8 };

static void draw_history(TableView *t, Area area)
{
    int width = (area.columns - 2 - CHART_GAP) / 2;
    bool unit = width >= UNIT_ROOM;
    const HistorySeries *series = table_history_series(table_of(t));
    chart_draw((Area){area.row, area.column + 1, area.rows, width}, unit ? "Entry MiB" : "Entry", &series->entries);
    chart_draw((Area){area.row, area.column + 1 + width + CHART_GAP, area.rows, width}, unit ? "Incr MiB" : "Incr",
               &series->increments);
}

static int heading_rows(int rows)
{
    return rows < COMPARE_ROWS_MIN ? 0 : HEADING_ROWS;
}

static void draw_compared(TableView *t, Area area)
{
    for (int i = 0; i < HEADING_ROWS; i++) {
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
    {TABLE_HISTORY, chart_rows, draw_history},
    {TABLE_COMPARE, heading_rows, draw_compared},
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
