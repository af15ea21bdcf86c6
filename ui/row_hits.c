#include "ui/row_hits.h"

void row_text(const Table *table, RowKey row, Span separator, Buffer *out, CellPlace *places)
{
    const TableKind *kind = table_kind(table);
    for (size_t i = 0; i < kind->column_count; i++) {
        bool picture = cell_type_is_picture(kind->columns[i].type);
        if (i > 0 && !picture)
            buffer_append_span(out, separator);
        size_t from = out->len;
        if (!picture) {
            Cell cell = table_cell(table, row, i);
            cell_text(&cell, out);
        }
        if (places)
            places[i] = (CellPlace){from, out->len};
    }
}

void row_hits_begin(RowHits *hits, RowKey row)
{
    hits->row = row;
    hits->items.len = 0;
}

void row_hits_read(RowHits *hits, const Table *table)
{
    size_t count = table_kind(table)->column_count;
    buffer_clear(&hits->text);
    hits->places.len = 0;
    vec_reserve(&hits->places, count);
    row_text(table, hits->row, ROW_SEPARATOR, &hits->text, hits->places.items);
    hits->places.len = count;
}

void row_hits_add(RowHits *hits, const Pattern *pattern, Light light)
{
    size_t at = 0, len;
    for (; pattern_find(pattern, buffer_span(&hits->text), &at, &len); at += len) {
        for (size_t i = 0; i < hits->places.len; i++) {
            CellPlace place = hits->places.items[i];
            size_t from = at > place.from ? at : place.from, to = at + len < place.to ? at + len : place.to;
            if (from < to)
                vec_push(&hits->items, (RowHit){i, from - place.from, to - place.from, light});
        }
    }
}

void row_hits_free(RowHits *hits)
{
    vec_free(&hits->items);
    vec_free(&hits->places);
    buffer_free(&hits->text);
}
