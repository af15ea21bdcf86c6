#include "model/table_private.h"

#include <inttypes.h>

/* Cells of tables, and the names that stand in them. */

Buffer *table_scratch(const Table *t)
{
    Buffer *buffer = &t->scratch->text[t->scratch->column];
    buffer_clear(buffer);
    return buffer;
}

void cell_mib(Cell *cell, Mib value, unsigned decimals)
{
    if (value == MIB_NONE)
        return;
    cell->type = CELL_MIB;
    cell->number = value;
    cell->decimals = (uint8_t)decimals;
}

void cell_change(Cell *cell, Mib value, unsigned decimals)
{
    cell_mib(cell, value, decimals);
    if (value == 0)
        cell->style = STYLE_DIM;
}

static uint16_t heat_of(const Table *t, Mib value)
{
    if (value <= 0 || t->largest <= 0)
        return 0;
    if (value >= t->largest)
        return 1000;
    return (uint16_t)((double)value * 1000.0 / (double)t->largest);
}

void cell_increment(Cell *cell, const Table *t, Mib value, unsigned decimals)
{
    cell_mib(cell, value, decimals);
    cell->heat = heat_of(t, value);
    cell->style = value > 0 ? STYLE_HOT : STYLE_DIM;
}

void cell_heat(Cell *cell, const Table *t, Mib value)
{
    if (value == MIB_NONE || value <= 0)
        return;
    cell->type = CELL_HEAT;
    cell->style = STYLE_HOT;
    cell->heat = heat_of(t, value);
    cell->number = value;
}

/* It sorts by how far its values rise. */
void cell_spark(Cell *cell, const Table *t, const Latest *latest)
{
    Mib *values = t->scratch->values[t->scratch->column];
    if (!latest)
        return;
    for (size_t i = 0; i < latest->count; i++)
        values[i] = latest_value(latest, i);
    cell->type = CELL_SPARK;
    cell->values = values;
    cell->value_count = latest->count;
    cell->number = values[latest->count - 1] - values[0];
}

void cell_count(Cell *cell, int64_t value)
{
    if (value < 0)
        return;
    cell->type = CELL_COUNT;
    cell->number = value;
}

void cell_span(Cell *cell, Span text)
{
    if (!text.len)
        return;
    cell->type = CELL_TEXT;
    cell->text = text;
}

void cell_time(Cell *cell, Moment time)
{
    if (!moment_known(time))
        return;
    cell->type = CELL_TIME;
    cell->number = time.ns;
    cell->decimals = (uint8_t)(time.digits > 3 ? 3 : time.digits);
}

void cell_flags(Cell *cell, const Table *t, unsigned flags)
{
    Buffer *text = table_scratch(t);
    for (unsigned bit = 0; bit < FLAG_COUNT; bit++)
        if (flags & 1u << bit)
            buffer_append_byte(text, report_flag_letter(bit));
    cell_span(cell, buffer_span(text));
    cell->style = STYLE_NOTE;
}

const char *cell_type_name(CellType type)
{
    static const char *const names[] = {
        [CELL_NONE] = "none", [CELL_TEXT] = "text", [CELL_MIB] = "mib",   [CELL_COUNT] = "count",
        [CELL_MS] = "ms",     [CELL_TIME] = "time", [CELL_HEAT] = "heat",
        [CELL_SPARK] = "spark",
    };
    return names[type];
}

const char *column_unit(const Column *column)
{
    return column->type == CELL_MIB ? "MiB" : NULL;
}

void cell_text(const Cell *cell, Buffer *out)
{
    char text[(int)MIB_TEXT_MAX + (int)MOMENT_TEXT_MAX];
    switch (cell->type) {
    case CELL_TEXT:
        buffer_append_span(out, cell->text);
        break;
    case CELL_MIB:
        buffer_append(out, text, mib_format(text, cell->number, cell->decimals));
        break;
    case CELL_TIME:
        buffer_append(out, text, moment_format_clock(text, (Moment){cell->number, cell->decimals}));
        break;
    case CELL_COUNT:
    case CELL_MS:
        buffer_append_int(out, cell->number);
        break;
    case CELL_NONE:
    case CELL_HEAT:
    case CELL_SPARK:
        break;
    }
}

/* Names for people. */

Span file_base(Span path)
{
    size_t at = path.len;
    while (at && path.ptr[at - 1] != '/' && path.ptr[at - 1] != '\\')
        at--;
    return span_from(path, at);
}

/* "HttpTriggerSync/__init__.py" of a longer path: the folder is what tells one __init__.py from another. */
static Span file_tail(Span path)
{
    Span base = file_base(path);
    size_t at = path.len - base.len;
    if (!at)
        return path;
    at--;
    while (at && path.ptr[at - 1] != '/' && path.ptr[at - 1] != '\\')
        at--;
    return span_from(path, at);
}

void target_label(const Model *m, Id id, Buffer *out)
{
    const Target *target = &m->targets.items[id];
    Span name = model_text(m, target->name), file = file_tail(model_text(m, target->file));
    if (name.len) {
        buffer_append_span(out, name);
        return;
    }
    buffer_append_span(out, file.len ? file : SPAN("(no file)"));
    if (target->first_line) {
        buffer_append_byte(out, ':');
        buffer_append_int(out, target->first_line);
    }
}

void append_short_id(const Model *m, Id invocation, Buffer *out)
{
    char text[GUID_TEXT];
    buffer_append_span(out, span_to(invocation_id(m, &m->invocations.items[invocation], text), 8));
}

void cell_call_id(Cell *cell, const Table *t, Id invocation)
{
    Buffer *text = table_scratch(t);
    append_short_id(t->model, invocation, text);
    cell_span(cell, buffer_span(text));
}

void scope_label(const Model *m, TableId id, Scope scope, Buffer *out)
{
    if (id == TABLE_COMPARE)
        compare_label(m, scope, out);
    else if (id == TABLE_HISTORY && scope.line != NO_ID)
        buffer_printf(out, ":%" PRIu32, m->lines.items[scope.line].number);
    else if (scope.report != NO_ID)
        target_label(m, m->reports.items[scope.report].target, out);
    else if (scope.invocation != NO_ID)
        append_short_id(m, scope.invocation, out);
    else if (scope.target != NO_ID)
        target_label(m, scope.target, out);
}
