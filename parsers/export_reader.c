#include "parsers/export_reader.h"

#include <stdlib.h>

#include "parsers/csv_reader.h"
#include "parsers/json_reader.h"

struct ExportReader {
    InputKind kind;
    ExportOrder *order;
    ExportRecords records;
    char last;           /* byte of the input */
    uint64_t open_lines; /* lines without an end that the end of a document ended */
    bool finishing;      /* its records are being passed on */
    union {
        JsonReader json;
        CsvReader csv;
    };
};

ExportReader *export_reader_new(InputKind kind, RecordSink sink)
{
    ExportReader *r = alloc_zeroed(1, sizeof *r);
    r->kind = kind;
    r->order = export_order_new(sink);
    r->records.order = r->order;
    if (kind == INPUT_JSON)
        json_reader_init(&r->json, &r->records);
    else
        csv_reader_init(&r->csv, &r->records);
    return r;
}

void export_reader_feed(ExportReader *r, const char *bytes, size_t len)
{
    if (!len)
        return;
    r->last = bytes[len - 1];
    if (r->kind == INPUT_JSON)
        json_cutter_feed(&r->json.cutter, bytes, len);
    else
        csv_reader_feed(&r->csv, bytes, len);
}

/* Rows of a table whose end has not come may still be followed by earlier ones. */
void export_reader_settle(ExportReader *r)
{
    bool open = r->kind == INPUT_JSON && !json_cutter_is_complete(&r->json.cutter);
    export_order_release(r->order, &r->records.dates, open);
}

static void end_document(ExportReader *r)
{
    if (r->kind == INPUT_JSON)
        json_cutter_finish(&r->json.cutter);
    else
        csv_reader_finish(&r->csv);
    r->open_lines += r->last && r->last != '\n';
    r->last = '\n';
}

bool export_reader_finish(ExportReader *r, int64_t end_ns)
{
    if (!r->finishing)
        end_document(r);
    r->finishing = !export_order_finish(r->order, &r->records.dates, end_ns);
    return !r->finishing;
}

const char *export_reader_format(const ExportReader *r)
{
    if (r->kind == INPUT_CSV)
        return "csv";
    return r->json.cutter.saw_record ? "ndjson" : "json";
}

uint64_t export_reader_bytes(const ExportReader *r)
{
    return r->kind == INPUT_JSON ? json_cutter_bytes(&r->json.cutter) : csv_reader_bytes(&r->csv);
}

uint64_t export_reader_lines(const ExportReader *r)
{
    return r->open_lines + (r->kind == INPUT_JSON ? json_cutter_lines(&r->json.cutter) : r->csv.lines);
}

uint64_t export_reader_number(const ExportReader *r)
{
    return export_order_number(r->order);
}

static void add_damage(Damage *sum, const Damage *more)
{
    bool first = more->count && (!sum->count || more->line < sum->line);
    if (first) {
        sum->line = more->line;
        sum->what = more->what;
    }
    sum->count += more->count;
}

Damage export_reader_damage(const ExportReader *r)
{
    Damage sum = r->records.damage;
    if (r->kind == INPUT_JSON) {
        add_damage(&sum, &r->json.damage);
        add_damage(&sum, &r->json.cutter.damage);
    } else {
        add_damage(&sum, &r->csv.damage);
    }
    return sum;
}

void export_reader_free(ExportReader *r)
{
    if (!r)
        return;
    if (r->kind == INPUT_JSON)
        json_reader_free(&r->json);
    else
        csv_reader_free(&r->csv);
    export_records_free(&r->records);
    export_order_free(r->order);
    free(r);
}
