/*
 * Reads exports of Application Insights and Log Analytics: bytes in, records out, in the order of time.
 *
 * Records are held back until their order is known (see export_order.h), so they come in bursts and at the end.
 */
#ifndef PARSERS_EXPORT_READER_H
#define PARSERS_EXPORT_READER_H

#include "parsers/damage.h"
#include "parsers/format.h"
#include "parsers/record.h"

typedef struct ExportReader ExportReader;

/* A reader for JSON or CSV; end it with export_reader_free(). */
ExportReader *export_reader_new(InputKind kind, RecordSink sink);

void export_reader_feed(ExportReader *reader, const char *bytes, size_t len);

/* A live input is silent: passes on what is sure to be in order. */
void export_reader_settle(ExportReader *reader);

/*
 * The document has ended: passes on all records, until about `end_ns` of clock_ns(). False when there are more: then it must be
 * called again. Another document may follow.
 */
bool export_reader_finish(ExportReader *reader, int64_t end_ns);

/* Static text: the name of the format, as far as it is known. */
const char *export_reader_format(const ExportReader *reader);

uint64_t export_reader_bytes(const ExportReader *reader);

/* Lines read so far; one without an end counts when the input has ended. */
uint64_t export_reader_lines(const ExportReader *reader);

/* Number of the latest record that was passed on. */
uint64_t export_reader_number(const ExportReader *reader);

Damage export_reader_damage(const ExportReader *reader);

void export_reader_free(ExportReader *reader);

#endif
