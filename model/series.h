/* Values call by call, for charts. */
#ifndef MODEL_SERIES_H
#define MODEL_SERIES_H

#include "model/stats.h"
#include "model/table.h"

/* Values in the order of the calls, oldest first; MIB_NONE where a call has none. Zero-initialise; end with series_free(). */
typedef struct Series {
    MibList values;
    Mib low, high;     /* of the values that there are; MIB_NONE without one */
    unsigned decimals; /* digits to print */
} Series;

/* The process before each call, and what the line added, which is MIB_NONE where it was the entry row or a suspect one. */
typedef struct HistorySeries {
    Series entries, increments;
} HistorySeries;

/* What a table of the kind TABLE_HISTORY is about, whatever its order, as of its last refresh: the table's until the next one. */
const HistorySeries *table_history_series(const Table *history);

/* Appends a value. */
void series_push(Series *series, Mib value, unsigned decimals);

/*
 * Spreads the values over `count` buckets of calls that follow one another, and takes the highest of each: MIB_NONE where there is none.
 * With fewer calls than buckets a call fills several.
 */
void series_bucket(const Series *series, size_t count, Mib *buckets);

void series_clear(Series *series);
void series_free(Series *series);

#endif
