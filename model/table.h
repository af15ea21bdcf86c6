/*
 * Tables: what the screen and the text report show. A kind of table says what a row is, which columns it has and what drilling into
 * a row opens; a table is one kind over one scope, sorted and filtered. Columns are data: header, sort menu, --sort, --list-columns,
 * filter text, exports and the man page all come from the same rows.
 */
#ifndef MODEL_TABLE_H
#define MODEL_TABLE_H

#include "base/vec.h"
#include "model/model.h"
#include "model/selection.h"
#include "model/source_text.h"

/* What a cell holds; it decides alignment and how text is made of it. */
typedef enum CellType {
    CELL_NONE,  /* empty; sorts last in both directions */
    CELL_TEXT,
    CELL_MIB,
    CELL_COUNT,
    CELL_MS,   /* milliseconds */
    CELL_TIME,
    CELL_HEAT, /* bar: share of the table's largest rankable increment */
    CELL_SPARK, /* the latest values, oldest first, drawn as a row of little bars */
} CellType;

/* "text", "mib", "count", "ms", "time", "heat" or "spark". */
const char *cell_type_name(CellType type);

/* How a cell is to look; themes turn this into colours and attributes. */
typedef enum CellStyle {
    STYLE_NORMAL,
    STYLE_DIM,     /* not measured, not ranked, zero */
    STYLE_ENTRY,   /* the entry row of a report */
    STYLE_SUSPECT, /* an artefact that is shown and not ranked */
    STYLE_HOT,     /* a rankable increment; `heat` says how hot */
    STYLE_BAD,     /* failed, lost */
    STYLE_NOTE,    /* flags and other remarks */
} CellStyle;

typedef struct Cell {
    CellType type;
    CellStyle style;
    int64_t number;     /* CELL_MIB: nano-MiB; CELL_COUNT, CELL_MS; CELL_TIME: ns; CELL_HEAT: nano-MiB;
                         CELL_SPARK: nano-MiB from its first value to its last;
                         CELL_TEXT: sorts before the text */
    uint8_t decimals;   /* CELL_MIB: digits to print; CELL_TIME: digits of the second */
    uint16_t heat;      /* 0 to 1000: share of the largest rankable increment, for STYLE_HOT and CELL_HEAT */
    Span text;          /* CELL_TEXT: belongs to the model, or to the table until its next cell of the same column */
    const int64_t *values; /* CELL_SPARK: nano-MiB, `value_count` of them; the table's until its next refresh */
    size_t value_count;
} Cell;

enum { SPARK_VALUES = LATEST_VALUES }; /* the most that a cell of CELL_SPARK has */

/* Whether cells of that type are pictures: they have no text, and stand in no export. */
static inline bool cell_type_is_picture(CellType type)
{
    return type == CELL_HEAT || type == CELL_SPARK;
}

/* Which rows a table is about: those of one target, invocation, report or source line; NO_ID where any. */
typedef struct Scope {
    Id target;
    Id invocation;
    Id report;
    Id line;
    Id other_invocation, other_report; /* TABLE_COMPARE: what the report or invocation is compared with */
} Scope;

#define SCOPE_ALL ((Scope){NO_ID, NO_ID, NO_ID, NO_ID, NO_ID, NO_ID})

/*
 * A row's identity, the same as long as the model lives: an id, and for tables whose rows are of two sorts a tag. Selection and
 * marks hold keys, so that new data never moves them.
 */
typedef uint64_t RowKey;
#define NO_ROW UINT64_MAX

typedef struct Table Table;

typedef struct Column {
    const char *id;    /* as --sort and --list-columns name it */
    const char *title; /* header; says the unit */
    const char *help;  /* one sentence */
    CellType type;
    bool descending;   /* first direction when it is sorted by */
    bool flexible;     /* takes the width that is left (source text, paths) */
    uint8_t min_width; /* cells; 0: as wide as its title */
    uint8_t rank;      /* columns with a higher rank leave first when the screen is narrow; 0 never leaves */
    void (*cell)(const Table *table, RowKey row, Cell *cell); /* `*cell` is CELL_NONE when called */
} Column;

typedef enum TableId {
    TABLE_FUNCTIONS,   /* a row is a target */
    TABLE_INVOCATIONS, /* a row is an invocation, or a report without one */
    TABLE_LINES,       /* a row is a source line over all reports */
    TABLE_REPORTS,     /* a row is a report */
    TABLE_REPORT,      /* a row is a row of one report (scope.report) */
    TABLE_HISTORY,     /* a row is one report's row for one source line (scope.line) */
    TABLE_COMPARE,     /* a row is a source line in two calls (scope.other_...); see compare_scope() */
    TABLE_COUNT
} TableId;

typedef struct TableKind {
    TableId id;
    const char *name;  /* "functions": as --sort and --list-columns name it */
    const char *title; /* "Functions" */
    const char *help;  /* what a row is */
    const Column *columns;
    size_t column_count;
    const char *parts;  /* ids of columns that tell its rows apart: each of these ... */
    const char *either; /* ... and one of these; both separated by blanks, or NULL */
    size_t default_column;
    bool default_descending;
    bool input_order;  /* rows have an order of their own, which is the default; `default_column` is then the one that shows it */
    const struct TableOps *ops; /* private to model/ */
} TableKind;

/* Some rows and columns of a table, in that order: what is on the screen, for a file. End with table_extract_free(). */
typedef struct TableExtract {
    Table *table; /* a snapshot */
    Buffer title; /* for people: where it is from */
    VEC(RowKey) rows;
    VEC(size_t) columns; /* indexes */
    VEC(bool) marked;    /* by row; empty when none is */
} TableExtract;

void table_extract_free(TableExtract *extract);

/* The unit of a column's numbers, "MiB", where its title does not say it; else NULL. */
const char *column_unit(const Column *column);

/* All kinds, by id. */
const TableKind *table_kind_of(TableId id);

typedef struct TableSort {
    size_t column;
    bool descending;
} TableSort;

/* A new table of that kind over `model`, empty until table_refresh(). End with table_free(). */
Table *table_new(const Model *model, TableId id, Scope scope);
void table_free(Table *table);

const TableKind *table_kind(const Table *table);
Scope table_scope(const Table *table);
const Model *table_model(const Table *table);

/*
 * A table that answers table_cell() and the like as `table` does now, for rows that it knows now, whatever becomes of `table`: it
 * may be sorted otherwise, or end. It has no rows of its own and is not to be refreshed; the model must stay as it is. Costs next
 * to nothing.
 */
Table *table_snapshot(const Table *table);

/* Changes what is shown; takes effect at the next table_refresh(). The selection stays the caller's; NULL selects all. */
void table_set_sort(Table *table, TableSort sort);
TableSort table_sort(const Table *table);
void table_set_selection(Table *table, const Selection *selection);
/* Leaves out contended reports ("quiet only"). */
void table_set_quiet(Table *table, bool quiet);
/* Pictures of values over calls will be empty; the table takes much less room. To be said before the order is set. */
void table_leave_out_pictures(Table *table);
/* TABLE_REPORT: leaves out the entry row and rows without an increment. */
void table_set_hide_zero(Table *table, bool hide);
/*
 * TABLE_REPORT: shows the lines of the function that the log leaves out, as they stand in its source file, in source order. The text
 * stays the caller's, longer than the table; NULL takes them away. Rows of the log show the log's text whatever the file says.
 */
void table_set_source(Table *table, const SourceText *source);
/* In how many rows of a closed report the log and the text differ. */
uint32_t table_source_differences(const Table *table, const SourceText *source);

/* Takes in what is new in the model and sorts. Returns whether anything may look different than before. */
bool table_refresh(Table *table);

typedef enum TableProgress {
    TABLE_SAME,       /* nothing was to be done */
    TABLE_UNFINISHED, /* the rows are still those of the last refresh */
    TABLE_CHANGED,
} TableProgress;

/* The same in steps, each about as long as it takes to look at so many rows: for tables of a million of them. */
TableProgress table_refresh_step(Table *table, size_t rows);

/* Whether a refresh is under way, or was asked for by a change of order, selection and the like: not by new data. */
bool table_is_unsettled(const Table *table);

/* Rows after the last refresh. */
size_t table_length(const Table *table);
RowKey table_row(const Table *table, size_t index);
/* The index of a row, or SIZE_MAX when it is not shown. */
size_t table_find(const Table *table, RowKey row);
/* How many rows the selection, quiet or hiding leaves out. */
size_t table_left_out(const Table *table);
/* How many reports of its scope were summarised (model/retention.h): their rows are in no history and no report any more. */
size_t table_summarised(const Table *table);
/* TABLE_LINES: whether those are not even in its totals, because reports are chosen and totals cannot be taken apart. */
bool table_lacks_summarised(const Table *table);
/* The largest rankable increment among the rows, to which heat is relative; 0 without one. */
Mib table_largest(const Table *table);

/* The typed value of a cell. */
Cell table_cell(const Table *table, RowKey row, size_t column);

/*
 * The cell as text for people, without padding, appended to `out`: "38.4", "51 ms", "19:20:10.123". Source text is appended raw; a
 * screen makes it safe (see model/display.h).
 */
void cell_text(const Cell *cell, Buffer *out);

/* What opening a row leads to: the table's id and scope; false when a row cannot be opened. */
bool table_open_row(const Table *table, RowKey row, TableId *id, Scope *scope);

/* The row that a completed report is in, be it shown or not; NO_ROW where rows are no reports or something that reports add up to.
 */
RowKey table_row_of_report(const Table *table, Id report);

/* What the row is of, as far as it is of one: ids or NO_ID. */
Scope table_row_scope(const Table *table, RowKey row);

/* One or two plain sentences that explain the row (and what its numbers do not mean), appended to `out`. */
void table_explain(const Table *table, RowKey row, Buffer *out);

/* Finds "VIEW.COLUMN" or "COLUMN" for a kind: the column's index, or SIZE_MAX. */
size_t table_column_named(const TableKind *kind, Span name);

/*
 * What it takes to compare two rows of TABLE_INVOCATIONS or TABLE_REPORTS: the scope of a TABLE_COMPARE, the earlier call first. False
 * when one of them has no rows: no report, or only summarised ones.
 */
bool compare_scope(const Table *table, RowKey first, RowKey second, Scope *scope);

/* One of the two calls (A, or B when `other`) in a line: function, id, time, entry, peak and growth; appended to `out`. */
void compare_heading(const Table *table, bool other, Buffer *out);

/* A name for the scope's innermost part, for the breadcrumb: a function's name, a short invocation id, ":19". */
void scope_label(const Model *model, TableId id, Scope scope, Buffer *out);

#endif
