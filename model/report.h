/* Reading one report: closed ones only, but for what its first record tells. */
#ifndef MODEL_REPORT_H
#define MODEL_REPORT_H

#include "model/invocation.h"

static inline Id report_id(const Model *model, const Report *report)
{
    return (Id)(report - model->reports.items);
}

static inline uint64_t report_number(const Model *model, const Report *report, ReportNumber column)
{
    return numbers_get(&model->report_numbers, report_id(model, report), column);
}

/* Of the columns that hold an id or an index: NO_ID where there is none. */
static inline Id report_item(const Model *model, const Report *report, ReportNumber column)
{
    return (Id)report_number(model, report, column);
}

/* Numbers of its first and its last record in the source. */
static inline uint64_t report_first(const Model *model, const Report *report)
{
    return report_number(model, report, REPORT_FIRST);
}

static inline uint64_t report_last(const Model *model, const Report *report)
{
    return report_number(model, report, REPORT_LAST);
}

static inline Id report_process(const Model *model, const Report *report)
{
    return report_item(model, report, REPORT_PROCESS);
}

/* Index of its entry row, or NO_ID. */
static inline Id report_entry(const Model *model, const Report *report)
{
    return report_item(model, report, REPORT_ENTRY);
}

/* Index of its row with the largest rankable increment above zero, or NO_ID. */
static inline Id report_hot(const Model *model, const Report *report)
{
    return report_item(model, report, REPORT_HOT);
}

#define ROW_SUSPECT_BIT (UINT32_C(1) << 31)

/* How many rows of it are here: none when it was summarised. */
static inline uint32_t report_kept_rows(const Report *report)
{
    return report->summarised ? 0 : report->rows;
}

/* Row `index` of `report`; of one that was summarised, a row with nothing in it whose line is NO_ID. */
ReportRow report_row(const Model *model, const Report *report, uint32_t index);

/* Memory of the process before the first line ran, MIB_NONE when the report does not show it. */
Mib report_baseline(const Model *model, const Report *report);

/* Highest Mem usage, MIB_NONE when no row was measured. */
Mib report_peak(const Model *model, const Report *report);

/* Peak less baseline, MIB_NONE without a baseline. */
Mib report_growth(const Model *model, const Report *report);

/* The largest rankable increment, MIB_NONE when none is above zero. */
Mib report_largest(const Model *model, const Report *report);

/* The SourceLine of that, or NO_ID. */
Id report_hot_line(const Model *model, const Report *report);

/* The kept rows of a report, as totals take them; valid until the model takes its next record. */
typedef struct ReportRows {
    const Row *compact;
    const WideRow *wide; /* NULL where they are compact */
    uint32_t count;
    uint32_t entry; /* index of the entry row, or NO_ID */
    Mib unit;       /* of compact ones */
    unsigned decimals;
} ReportRows;

ReportRows report_rows(const Model *model, const Report *report);

static inline Mib row_scaled(int32_t steps, Mib unit)
{
    return steps == INT32_MIN ? MIB_NONE : steps * unit;
}

/* Row `index` and its SourceLine; false where it was not measured. */
static inline bool report_rows_read(const ReportRows *rows, uint32_t index, Id *line, LineReading *reading)
{
    uint32_t packed;
    if (rows->wide) {
        const WideRow *row = &rows->wide[index];
        packed = row->line;
        reading->memory = row->memory;
        reading->increment = row->increment;
        reading->occurrences = row->occurrences == OCCURRENCES_NONE ? -1 : row->occurrences;
    } else {
        const Row *row = &rows->compact[index];
        packed = row->line;
        reading->memory = row_scaled(row->memory, rows->unit);
        reading->increment = row_scaled(row->increment, rows->unit);
        reading->occurrences = row->occurrences == UINT32_MAX ? -1 : (int64_t)row->occurrences;
    }
    *line = packed & ~ROW_SUSPECT_BIT;
    reading->entry = index == rows->entry;
    reading->suspect = packed & ROW_SUSPECT_BIT;
    reading->decimals = rows->decimals;
    return reading->memory != MIB_NONE;
}

/* Row `index` for its reader. */
static inline ReportRow report_rows_at(const Model *model, const ReportRows *rows, uint32_t index)
{
    LineReading reading;
    Id source_line;
    bool measured = report_rows_read(rows, index, &source_line, &reading);
    const SourceLine *line = &model->lines.items[source_line];
    return (ReportRow){
        .source_line = source_line,
        .line = line->number,
        .measured = measured,
        .entry = reading.entry,
        .suspect = reading.suspect,
        .memory = reading.memory,
        .increment = reading.increment,
        .occurrences = reading.occurrences < 0 ? OCCURRENCES_NONE : reading.occurrences,
        .contents = model_text(model, line->contents),
    };
}

/* All flags of a report as ReportFlag bits, those included that depend on its invocation. */
unsigned report_flags(const Model *model, const Report *report);

/* The Azure function of a report: its invocation's, else what its records named; NO_ID when unknown. */
Id report_function(const Model *model, const Report *report);

Moment report_time(const Model *model, const Report *report);

/* Name of a flag as exports write it; `bit` counts from 0 to FLAG_COUNT - 1. */
const char *report_flag_name(unsigned bit);

/* What it means, half a sentence. */
const char *report_flag_help(unsigned bit);

/* One letter for a flag in a table. */
char report_flag_letter(unsigned bit);

/* "exact", "inferred", "ambiguous" or "none". */
const char *attribution_name(uint8_t attribution);

#endif
