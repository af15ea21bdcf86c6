#include <stdlib.h>

#include "model/report.h"
#include "src/export.h"
#include "src/export_quoting.h"

static const char header[] =
    "report,invocation,attribution,function,file,name,first_line,time,line,mem_mib,increment_mib,occurrences,baseline,contents\r\n";

/* Cells. */

static char *put_mib(char *at, Mib value, unsigned decimals)
{
    return value == MIB_NONE ? at : at + mib_format(at, value, decimals);
}

static void append_cell(Buffer *out, Span text)
{
    char *at = buffer_room(out, export_quoted_room(&export_csv_cell, text.len) + 1);
    buffer_filled(out, put_byte(export_csv_cell.put(at, text), ','));
}

static void append_number(Buffer *out, uint64_t number)
{
    char *at = buffer_room(out, PUT_NUMBER_MAX + 1);
    buffer_filled(out, put_byte(put_uint(at, number), ','));
}

static void append_time(Buffer *out, Moment time)
{
    char *at = buffer_room(out, MOMENT_TEXT_MAX + 1);
    buffer_filled(out, put_byte(at + moment_format(at, time), ','));
}

/* Lines. */

/* The cells that all rows of a report begin with. */
static void append_report(Buffer *out, const Model *m, const Report *r, size_t number)
{
    const Target *target = &m->targets.items[r->target];
    Id function = report_function(m, r);
    char guid[GUID_TEXT];
    append_number(out, number);
    append_cell(out, r->invocation == NO_ID ? SPAN("") : invocation_id(m, &m->invocations.items[r->invocation], guid));
    append_cell(out, span_of(attribution_name(r->attribution)));
    append_cell(out, function == NO_ID ? SPAN("") : model_text(m, m->functions.items[function].name));
    append_cell(out, model_text(m, target->file));
    append_cell(out, model_text(m, target->name));
    append_number(out, target->first_line);
    append_time(out, report_time(m, r));
}

/* All other cells of a row are shorter. */
enum { ROW_ROOM = 128 };

static char *put_row(char *at, const ReportRow *row, unsigned decimals)
{
    at = put_byte(put_uint(at, row->line), ',');
    at = put_byte(put_mib(at, row->memory, decimals), ',');
    at = put_byte(put_mib(at, row->increment, decimals), ',');
    if (row->occurrences != OCCURRENCES_NONE)
        at = put_int(at, row->occurrences);
    at = put_span(at, row->entry ? SPAN(",true,") : SPAN(",false,"));
    at = export_csv_cell.put(at, row->contents);
    return put_span(at, SPAN("\r\n"));
}

static void print_rows(Writer *w, const Model *m, const Report *r, Span front)
{
    ReportRows rows = report_rows(m, r);
    for (uint32_t i = 0; i < rows.count; i++) {
        ReportRow row = report_rows_at(m, &rows, i);
        char *at = writer_room(w, front.len + ROW_ROOM + export_quoted_room(&export_csv_cell, row.contents.len));
        writer_filled(w, put_row(put_span(at, front), &row, rows.decimals));
    }
}

void export_csv(Writer *w, const Model *m, const ExportOptions *options)
{
    size_t count;
    Id *order = export_order(m, options->selection, &count);
    Buffer front = {0};
    writer_text(w, header);
    for (size_t i = 0; i < count; i++) {
        const Report *r = &m->reports.items[order[i]];
        buffer_clear(&front);
        append_report(&front, m, r, i + 1);
        print_rows(w, m, r, buffer_span(&front));
    }
    buffer_free(&front);
    free(order);
}
