#include "src/export.h"

#include <stdlib.h>

const ExportFormat export_formats[] = {
    {"text", "tables and remarks for people", export_text},
    {"json", "one JSON object, schema funcmem/1", export_json},
    {"ndjson", "one JSON object per report and line", export_ndjson},
    {"csv", "one line per row of a report", export_csv},
    {"markdown", "the tables of text for GitHub and the like", export_markdown},
    {0},
};

const ExportFormat *export_format_named(const char *name)
{
    for (const ExportFormat *f = export_formats; f->name; f++)
        if (strcmp(f->name, name) == 0)
            return f;
    return NULL;
}

Id *export_order(const Model *m, const Selection *selection, size_t *count)
{
    Id *order = alloc_zeroed(m->reports.len, sizeof *order);
    size_t n = 0;
    for (Id i = 0; i < m->reports.len; i++)
        if (m->reports.items[i].closed && selection_has_report(selection, m, i))
            order[n++] = i;
    *count = n;
    return order;
}

Table *export_table(const Model *m, TableId id, const ExportOptions *options)
{
    Table *table = table_new(m, id, SCOPE_ALL);
    table_leave_out_pictures(table);
    table_set_selection(table, options->selection);
    if (options->sorts && options->sorts[id].column != SIZE_MAX)
        table_set_sort(table, options->sorts[id]);
    table_refresh(table);
    return table;
}
