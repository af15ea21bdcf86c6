#include <inttypes.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "model/report.h"
#include "src/export.h"
#include "src/export_parts.h"

static const char header[] =
    "report,invocation,attribution,function,file,name,first_line,time,line,mem_mib,increment_mib,occurrences,baseline,contents\r\n";

/* Cells. */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static Span skip_digits(Span s)
{
    while (s.len && is_digit(s.ptr[0]))
        s = span_from(s, 1);
    return s;
}

/* "-0.5", "+3", "1e-9": what a spreadsheet reads as a number and not as a formula. */
static bool is_number(Span s)
{
    if (!span_take(&s, SPAN("-")))
        span_take(&s, SPAN("+"));
    Span rest = skip_digits(s);
    bool digits = rest.len < s.len;
    if (span_take(&rest, SPAN("."))) {
        digits |= rest.len && is_digit(rest.ptr[0]);
        rest = skip_digits(rest);
    }
    if (!digits || !rest.len || (rest.ptr[0] != 'e' && rest.ptr[0] != 'E'))
        return digits && !rest.len;
    rest = span_from(rest, 1);
    if (!span_take(&rest, SPAN("-")))
        span_take(&rest, SPAN("+"));
    return rest.len && !skip_digits(rest).len;
}

/* Spreadsheets would run such a text. */
static bool is_formula(Span s)
{
    return s.len && memchr("=+-@\t\r", s.ptr[0], 6) && !is_number(s);
}

static bool needs_quotes(Span s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] == ',' || s.ptr[i] == '"' || s.ptr[i] == '\r' || s.ptr[i] == '\n')
            return true;
    return false;
}

/* Valid UTF-8 of any bytes, with quotes doubled. */
static void print_text(Writer *w, Span s)
{
    while (s.len) {
        uint32_t code;
        size_t len = utf8_next(s, &code);
        if (!len)
            writer_text(w, "\xef\xbf\xbd");
        else if (code == '"')
            writer_text(w, "\"\"");
        else
            writer_span(w, span_to(s, len));
        s = span_from(s, len ? len : utf8_skip_invalid(s));
    }
}

void export_csv_cell(Writer *w, Span s)
{
    const char *quote = needs_quotes(s) ? "\"" : "";
    writer_text(w, quote);
    if (is_formula(s))
        writer_text(w, "'");
    print_text(w, s);
    writer_text(w, quote);
}

static void print_mib(Writer *w, Mib value, unsigned decimals)
{
    char text[MIB_TEXT_MAX];
    if (value != MIB_NONE)
        writer_bytes(w, text, mib_format(text, value, decimals));
}

static void print_time(Writer *w, Moment time)
{
    char text[MOMENT_TEXT_MAX];
    writer_bytes(w, text, moment_format(text, time));
}

static void print_comma(Writer *w)
{
    writer_text(w, ",");
}

/* Lines. */

/* The cells that all rows of a report begin with. */
static void print_report_cells(Writer *w, const Model *m, const Report *r, size_t number)
{
    const Target *target = &m->targets.items[r->target];
    Id function = report_function(m, r);
    char guid[GUID_TEXT];
    Span cells[] = {
        r->invocation == NO_ID ? SPAN("") : invocation_id(m, &m->invocations.items[r->invocation], guid),
        span_of(attribution_name(r->attribution)),
        function == NO_ID ? SPAN("") : model_text(m, m->functions.items[function].name),
        model_text(m, target->file),
        model_text(m, target->name),
    };
    writer_printf(w, "%zu,", number);
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
        export_csv_cell(w, cells[i]);
        print_comma(w);
    }
    writer_printf(w, "%" PRIu32 ",", target->first_line);
    print_time(w, report_time(m, r));
    print_comma(w);
}

static void print_row_cells(Writer *w, const Report *r, const ReportRow *row)
{
    writer_printf(w, "%" PRIu32 ",", row->line);
    print_mib(w, row->memory, r->decimals);
    print_comma(w);
    print_mib(w, row->increment, r->decimals);
    print_comma(w);
    if (row->occurrences != OCCURRENCES_NONE)
        writer_printf(w, "%" PRId64, row->occurrences);
    writer_text(w, row->entry ? ",true," : ",false,");
    export_csv_cell(w, row->contents);
    writer_text(w, "\r\n");
}

void export_csv(Writer *w, const Model *m, const ExportOptions *options)
{
    size_t count;
    Id *order = export_order(m, options->selection, &count);
    writer_text(w, header);
    for (size_t i = 0; i < count; i++) {
        const Report *r = &m->reports.items[order[i]];
        for (uint32_t j = 0; j < report_kept_rows(r); j++) {
            ReportRow row = report_row(m, r, j);
            print_report_cells(w, m, r, i + 1);
            print_row_cells(w, r, &row);
        }
    }
    free(order);
}
