/* How tables work inside. Private to model/. */
#ifndef MODEL_TABLE_PRIVATE_H
#define MODEL_TABLE_PRIVATE_H

#include "model/series.h"
#include "model/stats.h"
#include "model/table.h"
#include "model/table_sort.h"

enum { TABLE_COLUMNS_MAX = 24 };

/* Rows of a second sort (lone reports among invocations, gaps among rows) carry this bit. */
#define ROW_TAG (UINT64_C(1) << 32)

/* Lines of the source file that no report shows; the key holds their number. */
#define ROW_SOURCE (UINT64_C(1) << 33)

/* What a kind of table does; functions that it does not need are NULL. */
typedef struct TableOps {
    /* Takes in one more completed report that the scope and the selection pass. */
    void (*fold)(Table *table, Id report);
    /*
     * Calls table_push() for each row, in the table's own order. It begins with `collect_at` 0 and goes on where that says until it
     * has looked at `*allowance` items, which it lowers; true when that were all. A kind whose rows are few need not heed it.
     */
    bool (*collect)(Table *table, size_t *allowance);
    bool (*open)(const Table *table, RowKey row, TableId *id, Scope *scope);
    Scope (*row_scope)(const Table *table, RowKey row);
    RowKey (*row_of_report)(const Table *table, Id report);
    void (*explain)(const Table *table, RowKey row, Buffer *out);
    /* The rankable increment of a row, for the scale of the heat; MIB_NONE when it has none. */
    Mib (*largest)(const Table *table, RowKey row);
    /* Before the first report is folded in: what is known of those whose rows are gone. */
    void (*begin)(Table *table);
} TableOps;

/* What is known of a target over the reports of a table. */
typedef struct TargetStats {
    Id target;
    uint32_t calls;
    Mib first_entry, latest_entry, peak, growth, largest;
    Id hot_line;    /* SourceLine of the largest increment */
    uint8_t decimals;
    Latest *entries;    /* of the latest calls; NULL while there are none */
    MibList all_kept;   /* what each call kept, while that is gathered ... */
    Mib kept;           /* ... and the median of it, as of the last refresh */
} TargetStats;

/* What is known of a source line over the reports of a table. */
typedef struct LineStats {
    Id line;
    LineTotals totals;
} LineStats;

/* Statistics by the id of what they are about. */
typedef struct StatsSlots {
    VEC(uint32_t) slot_of; /* by id: index + 1 of its statistics, 0 for none */
} StatsSlots;

/* How far a refresh has come. */
typedef enum RefreshPhase {
    REFRESH_NONE,
    REFRESH_BEGIN,
    REFRESH_FOLD,
    REFRESH_COLLECT,
    REFRESH_LARGEST,
    REFRESH_SORT
} RefreshPhase;

/* What the reports of a row of TABLE_INVOCATIONS add up to. */
typedef struct CallNumbers {
    RowKey row;
    uint64_t version; /* of the model when they were added up; 0: never */
    InvocationStats stats;
    uint32_t reports; /* those that the table is about ... */
    Id last;          /* ... and the last of them, or NO_ID */
} CallNumbers;

enum { CALLS_REMEMBERED = 1024 }; /* more than a screen shows, and the rows whose widths are measured */

/* What one call says of a line. */
typedef struct ComparedValues {
    Mib memory, increment; /* MIB_NONE when there is none */
    bool measured, entry, suspect;
} ComparedValues;

/* A line of two calls; NO_ID where a call does not show it. */
typedef struct ComparedLine {
    RowKey row;
    Id line_a, line_b;
    ComparedValues a, b;
} ComparedLine;

/*
 * What a table has added up for its rows beside the rows themselves. A snapshot shares it; who would begin anew then takes a new
 * one, and nothing is added to one that is shared.
 */
typedef struct TableStats {
    unsigned users;
    StatsSlots slots;
    VEC(TargetStats) targets;   /* TABLE_FUNCTIONS */
    VEC(LineStats) lines;       /* TABLE_LINES */
    VEC(ComparedLine) compared; /* TABLE_COMPARE */
    HashIndex compared_index;   /* by row */
} TableStats;

struct Table {
    const Model *model;
    const TableKind *kind;
    Scope scope;
    TableSort sort;
    const Selection *selection;
    bool quiet;
    bool hide_zero;
    bool without_pictures;
    const SourceText *source; /* TABLE_REPORT: the file, or NULL */
    SourceText own_source;    /* that of a snapshot */
    bool stale;        /* other rows are to be shown: start over */
    bool unsorted;     /* the same rows are to be shown in another order */
    uint64_t recounts; /* of the model when rows were folded last */
    uint64_t version;  /* of the model at the last refresh */
    RefreshPhase phase;
    uint64_t pending_version; /* of the model when the refresh that is under way began */
    VEC(RowKey) pending;      /* the rows that it will show ... */
    size_t pending_at;        /* ... of which so many were looked at ... */
    Mib pending_largest;      /* ... and what will be their largest increment */
    size_t pending_left_out;  /* what will be left out */
    uint64_t collect_at;      /* how far `collect` has come; what it counts is its own */
    size_t collect_calls;     /* TABLE_INVOCATIONS: how many of what it counts are invocations */
    bool same_rows;           /* only their order will be another */
    TableSorter sorter;
    size_t folded;    /* how many of model->closed were taken in ... */
    size_t summaries; /* ... when so many were summarised, of which none is behind them */
    size_t left_out;
    Mib largest;
    VEC(RowKey) rows;
    TableStats *stats;
    HistorySeries history, pending_history; /* TABLE_HISTORY: of the rows, and of those that will be shown */
    uint8_t compared_decimals[2];
    bool compared_several;      /* functions: rows must say of which they are */
    struct TableScratch {
        Buffer text[TABLE_COLUMNS_MAX];
        Mib values[TABLE_COLUMNS_MAX][LATEST_VALUES];
        size_t column; /* the one whose cell is being made */
        CallNumbers *calls; /* CALLS_REMEMBERED of them, by row; NULL until the first is asked for */
    } *scratch; /* behind a pointer, so that asking a const table for a cell may use it */
};

/* An empty buffer for the text of the cell that is being made. */
Buffer *table_scratch(const Table *table);

/* Appends a row. */
void table_push(Table *table, RowKey row);

/* Leaves what a snapshot shares to the snapshot: the table then has stats of its own, which are empty. */
void table_own_stats(Table *table);

/* Whether one more item may be looked at in this step; then the allowance is lowered. */
static inline bool table_may_look(size_t *allowance)
{
    return *allowance && (--*allowance, true);
}

/* The slot for an id, a new one (equal to `*count`) when there is none: the caller then adds its statistics. */
static inline size_t slot_for(StatsSlots *slots, Id id, size_t count)
{
    while (slots->slot_of.len <= id)
        vec_push(&slots->slot_of, 0);
    if (!slots->slot_of.items[id])
        slots->slot_of.items[id] = (uint32_t)count + 1;
    return slots->slot_of.items[id] - 1;
}

/* Whether the report passes scope, selection and quiet. */
bool table_passes(const Table *table, Id report);

/* Whether the latest values are wanted: for pictures of them, or to sort by these. */
bool table_keeps_latest(const Table *table);

/* Cells. */
void cell_mib(Cell *cell, Mib value, unsigned decimals);
/* The same of what came or went: nothing is dim, so that the rest is seen. */
void cell_change(Cell *cell, Mib value, unsigned decimals);
void cell_increment(Cell *cell, const Table *table, Mib value, unsigned decimals);
void cell_heat(Cell *cell, const Table *table, Mib value);
void cell_spark(Cell *cell, const Table *table, const Latest *latest);
void cell_count(Cell *cell, int64_t value);
void cell_span(Cell *cell, Span text);
void cell_time(Cell *cell, Moment time);
void cell_flags(Cell *cell, const Table *table, unsigned flags);

/* The last part of a path: "__init__.py". */
Span file_base(Span path);

/* What people call a target: its Python name, else "folder/file.py:17". */
void target_label(const Model *model, Id target, Buffer *out);

/* The first eight bytes of an invocation's id: appended to `out`, and as the cell that is being made. */
void append_short_id(const Model *model, Id invocation, Buffer *out);
void cell_call_id(Cell *cell, const Table *table, Id invocation);

/* What a reader should know about a report, appended to `out`. */
void explain_report(const Table *table, const Report *report, Buffer *out);

/* The scope's two calls in a few characters. */
void compare_label(const Model *model, Scope scope, Buffer *out);

extern const TableKind table_functions, table_invocations, table_lines, table_reports, table_report, table_history, table_compare;

#endif
