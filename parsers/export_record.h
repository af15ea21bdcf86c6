/*
 * Rows of exports to records: what a row's message says, which invocation it belongs to, when it was written. Rows that say nothing
 * about memory or invocations are passed over as soon as their message is known.
 *
 * Sources: Application Insights SDK, Property.TrimAndTruncate (messages are trimmed and cut at 32768 characters);
 * azure-functions-host, ApplicationInsightsLogger.cs (InvocationId, Category and HostInstanceId in customDimensions; the text of an
 * exception behind the first line of "Executed ... (Failed"); the article's query (see export_field.h) for rows that were taken
 * apart into columns.
 */
#ifndef PARSERS_EXPORT_RECORD_H
#define PARSERS_EXPORT_RECORD_H

#include "parsers/damage.h"
#include "parsers/export_details.h"
#include "parsers/export_order.h"

/* A row as its reader sees it. */
typedef struct ExportRow {
    void *ctx;
    /* The text of a field, empty where the row has none; valid until the next row. An object's text is JSON. */
    Span (*text)(void *ctx, ExportField field);
    /* What that text is made from, as it stands in the source. Where it is the same in another row, so is the text. */
    Span (*source)(void *ctx, ExportField field);
    uint64_t offset; /* of the row in the source */
    uint64_t line;
} ExportRow;

/* Zero-initialise and set `order`; end with export_records_free(). */
typedef struct ExportRecords {
    ExportOrder *order; /* the caller's */
    Damage damage;
    DetailsMemory dimensions, context;
    DateEvidence dates;
    ProfilerColumns columns; /* of the latest header */
    Buffer composed;         /* a message that was put together from columns */
} ExportRecords;

/* Takes the next row. */
void export_records_take(ExportRecords *records, const ExportRow *row);

/* Whether a row with this message, of which only the beginning counts, is one that export_records_take() does not pass over. */
bool export_records_want(const ExportRecords *records, Span message);

void export_records_free(ExportRecords *records);

#endif
