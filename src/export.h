/* Prints a model: one row per export format. */
#ifndef SRC_EXPORT_H
#define SRC_EXPORT_H

#include "model/model.h"
#include "model/selection.h"
#include "model/table.h"
#include "src/writer.h"

typedef struct ExportOptions {
    const Selection *selection; /* what to print; NULL is everything */
    const TableSort *sorts;     /* by TableId, `column` SIZE_MAX for a table's own order; NULL: all in their own */
    size_t top;                 /* rows per table in text and markdown, 0 for the default */
    unsigned width;             /* cells of a line in text, 0 for no limit */
    bool color;
} ExportOptions;

typedef struct ExportFormat {
    const char *name;
    const char *help;
    void (*print)(Writer *writer, const Model *model, const ExportOptions *options);
} ExportFormat;

/* All export formats, ended by a row without name. */
extern const ExportFormat export_formats[];

/* The format of that name, or NULL. */
const ExportFormat *export_format_named(const char *name);

/* The reports that the selection leaves, in the order of their first records; free() the array. */
Id *export_order(const Model *model, const Selection *selection, size_t *count);

/* A refreshed table over the whole model as the options want it; end with table_free(). */
Table *export_table(const Model *model, TableId id, const ExportOptions *options);

/* One report as a line of NDJSON; `number` is its id for readers. */
void export_ndjson_report(Writer *writer, const Model *model, Id report, uint64_t number);

void export_json(Writer *writer, const Model *model, const ExportOptions *options);
void export_ndjson(Writer *writer, const Model *model, const ExportOptions *options);
void export_csv(Writer *writer, const Model *model, const ExportOptions *options);
void export_markdown(Writer *writer, const Model *model, const ExportOptions *options);
void export_text(Writer *writer, const Model *model, const ExportOptions *options);

#endif
