/* Compare: the lines of two calls side by side, ranked by what the later one added more. */
#include "model/align.h"
#include "model/compare_side.h"
#include "model/display.h"

#include <inttypes.h>

#include "base/saturate.h"

static CompareSide side_of(const Table *t, bool other)
{
    const Scope *s = &t->scope;
    return other ? (CompareSide){s->other_invocation, s->other_report, s->target} : (CompareSide){s->invocation, s->report, s->target};
}

/* Which function is which. */

static bool is_same(const Model *m, Id a, Id b)
{
    (void)m;
    return a == b;
}

/* It has moved within its file. */
static bool has_same_name(const Model *m, Id a, Id b)
{
    const Target *x = &m->targets.items[a], *y = &m->targets.items[b];
    return x->file == y->file && x->name == y->name && x->name != m->empty;
}

static bool has_same_file(const Model *m, Id a, Id b)
{
    const Target *x = &m->targets.items[a], *y = &m->targets.items[b];
    return x->file == y->file && (x->name == m->empty || y->name == m->empty);
}

static bool is_only_choice(const Model *m, Id a, Id b)
{
    (void)m;
    (void)a;
    (void)b;
    return true;
}

/* Building the rows. */

static bool same_row(const void *ctx, uint32_t item, const void *key)
{
    const Table *t = ctx;
    return t->stats->compared.items[item].row == *(const RowKey *)key;
}

static uint64_t hash_row(RowKey row)
{
    return hash_pair(row >> 32, row & UINT32_MAX);
}

static RowKey key_of(Id a, Id b)
{
    return (RowKey)(uint32_t)(a + 1) << 32 | (uint32_t)(b + 1);
}

static void add_compared(Table *t, const CompareLine *a, const CompareLine *b)
{
    ComparedLine line = {.line_a = a ? a->line : NO_ID, .line_b = b ? b->line : NO_ID, .a = compare_no_values, .b = compare_no_values};
    line.a = a ? a->values : line.a;
    line.b = b ? b->values : line.b;
    if (!line.a.measured && !line.b.measured)
        return;
    line.row = key_of(line.line_a, line.line_b);
    hash_index_add(&t->stats->compared_index, hash_row(line.row), (uint32_t)t->stats->compared.len);
    vec_push(&t->stats->compared, line);
    table_push(t, line.row);
}

static AlignLine *align_input(const Model *m, const CompareLines *lines)
{
    AlignLine *input = alloc_zeroed(lines->len, sizeof *input);
    for (size_t i = 0; i < lines->len; i++) {
        const SourceLine *line = &m->lines.items[lines->items[i].line];
        input[i] = (AlignLine){line->number, model_text(m, line->contents)};
    }
    return input;
}

/* The lines of a target of one side and of one of the other; either may be NO_ID. `edited`: one is a version of the other. */
static void compare_targets(Table *t, Id target_a, Id target_b, bool edited)
{
    const Model *m = t->model;
    CompareSide side_a = side_of(t, false), side_b = side_of(t, true);
    CompareLines a = {0}, b = {0};
    AlignPairs pairs = {0};
    if (target_a != NO_ID)
        a = compare_lines(m, &side_a, target_a);
    if (target_b != NO_ID)
        b = compare_lines(m, &side_b, target_b);
    AlignLine *text_a = align_input(m, &a), *text_b = align_input(m, &b);
    align_lines(text_a, a.len, text_b, b.len, edited, &pairs);
    for (size_t i = 0; i < pairs.len; i++)
        add_compared(t, pairs.items[i].a == ALIGN_NONE ? NULL : &a.items[pairs.items[i].a],
                     pairs.items[i].b == ALIGN_NONE ? NULL : &b.items[pairs.items[i].b]);
    free(text_a);
    free(text_b);
    vec_free(&a);
    vec_free(&b);
    vec_free(&pairs);
}

/* Compares each target that has one in the other list that is `same`, and takes both out. */
static void compare_matching(Table *t, CompareTargets *a, CompareTargets *b, bool (*same)(const Model *m, Id a, Id b), bool edited)
{
    for (size_t i = 0; i < a->len; i++) {
        size_t k = 0;
        while (k < b->len && !same(t->model, a->items[i], b->items[k]))
            k++;
        if (k == b->len)
            continue;
        compare_targets(t, a->items[i], b->items[k], edited);
        vec_remove(a, i);
        vec_remove(b, k);
        i--;
    }
}

static void note_decimals(Table *t, bool other)
{
    CompareSide side = side_of(t, other);
    t->compared_decimals[other] = 0;
    for (Id i = compare_first_report(t->model, &side); i != NO_ID; i = compare_next_report(t->model, &side, i))
        if (t->model->reports.items[i].decimals > t->compared_decimals[other])
            t->compared_decimals[other] = t->model->reports.items[i].decimals;
}

static bool collect(Table *t, size_t *allowance)
{
    (void)allowance;
    CompareSide side_a = side_of(t, false), side_b = side_of(t, true);
    CompareTargets a = compare_targets_of(t->model, &side_a), b = compare_targets_of(t->model, &side_b);
    bool one_each = a.len == 1 && b.len == 1;
    table_own_stats(t);
    t->compared_several = !one_each;
    t->stats->compared.len = t->rows.len = 0; /* of the rows from before nothing is known any more */
    note_decimals(t, false);
    note_decimals(t, true);
    hash_index_free(&t->stats->compared_index);
    compare_matching(t, &a, &b, is_same, true);
    compare_matching(t, &a, &b, has_same_name, true);
    compare_matching(t, &a, &b, has_same_file, false);
    if (one_each)
        compare_matching(t, &a, &b, is_only_choice, false);
    for (size_t i = 0; i < a.len; i++)
        compare_targets(t, a.items[i], NO_ID, false);
    for (size_t i = 0; i < b.len; i++)
        compare_targets(t, NO_ID, b.items[i], false);
    vec_free(&a);
    vec_free(&b);
    return true;
}

/* Rows. */

static const ComparedLine *line_at(const Table *t, RowKey row)
{
    return &t->stats->compared.items[hash_index_find(&t->stats->compared_index, hash_row(row), same_row, t, &row)];
}

/* The line where it stands in the later call, if it does. */
static const SourceLine *source_of(const Table *t, const ComparedLine *line)
{
    return &t->model->lines.items[line->line_b == NO_ID ? line->line_a : line->line_b];
}

static bool is_entry(const ComparedLine *line)
{
    return line->a.entry || line->b.entry;
}

static Mib ranked(const ComparedValues *v)
{
    return v->increment == MIB_NONE ? 0 : v->increment;
}

/* What the later call added more; a line that a side lacks added nothing there. */
static Mib difference(const ComparedLine *line)
{
    return is_entry(line) || line->a.suspect || line->b.suspect ? MIB_NONE : saturate_subtract(ranked(&line->b), ranked(&line->a));
}

static bool open(const Table *t, RowKey row, TableId *id, Scope *scope)
{
    const ComparedLine *line = line_at(t, row);
    *id = TABLE_HISTORY;
    *scope = SCOPE_ALL;
    scope->line = line->line_b == NO_ID ? line->line_a : line->line_b;
    scope->target = source_of(t, line)->target;
    return true;
}

static Scope row_scope(const Table *t, RowKey row)
{
    const ComparedLine *line = line_at(t, row);
    Scope scope = t->scope;
    scope.line = line->line_b == NO_ID ? line->line_a : line->line_b;
    scope.target = source_of(t, line)->target;
    return scope;
}

static Mib largest(const Table *t, RowKey row)
{
    return difference(line_at(t, row));
}

static void explain(const Table *t, RowKey row, Buffer *out)
{
    const ComparedLine *line = line_at(t, row);
    if (is_entry(line))
        buffer_append_span(out, SPAN("Entry: what the process used before the first line ran, in each of the two calls. Not ranked. "));
    else if (line->line_a == NO_ID || line->line_b == NO_ID)
        buffer_printf(out, "Only %s shows this line. ", line->line_a == NO_ID ? "the later call (B)" : "the earlier call (A)");
    else
        buffer_append_span(out, SPAN("The same line in two calls, found by its text. "));
    buffer_append_span(out, SPAN("A is the earlier call, B the later one; Diff is the increment of B less that of A. A report may lack a "
                                 "line because its increment was not above zero."));
}

/* Columns. */

static void cell_target(const Table *t, RowKey row, Cell *cell)
{
    if (!t->compared_several)
        return;
    Buffer *text = table_scratch(t);
    target_label(t->model, source_of(t, line_at(t, row))->target, text);
    cell_span(cell, buffer_span(text));
}

static void append_number(const Table *t, Id line, Buffer *out)
{
    if (line == NO_ID)
        buffer_append_byte(out, '-');
    else
        buffer_printf(out, "%" PRIu32, t->model->lines.items[line].number);
}

static void cell_line(const Table *t, RowKey row, Cell *cell)
{
    const ComparedLine *line = line_at(t, row);
    Buffer *text = table_scratch(t);
    bool both = line->line_a != NO_ID && line->line_b != NO_ID;
    append_number(t, line->line_a, text);
    if (!both || t->model->lines.items[line->line_a].number != t->model->lines.items[line->line_b].number) {
        buffer_append_span(text, SPAN("\xe2\x86\x92"));
        append_number(t, line->line_b, text);
    }
    cell_span(cell, buffer_span(text));
    cell->number = source_of(t, line)->number;
}

static void cell_memory(const Table *t, const ComparedValues *v, bool other, Cell *cell)
{
    cell_mib(cell, v->memory, t->compared_decimals[other]);
    if (v->entry)
        cell->style = STYLE_ENTRY;
}

static void cell_memory_a(const Table *t, RowKey row, Cell *cell)
{
    cell_memory(t, &line_at(t, row)->a, false, cell);
}

static void cell_memory_b(const Table *t, RowKey row, Cell *cell)
{
    cell_memory(t, &line_at(t, row)->b, true, cell);
}

static void cell_one_increment(const Table *t, const ComparedValues *v, bool other, Cell *cell)
{
    if (v->entry) {
        cell_span(cell, SPAN("entry"));
        cell->style = STYLE_ENTRY;
        return;
    }
    cell_mib(cell, v->increment, t->compared_decimals[other]);
    if (v->suspect)
        cell->style = STYLE_SUSPECT;
}

static void cell_increment_a(const Table *t, RowKey row, Cell *cell)
{
    cell_one_increment(t, &line_at(t, row)->a, false, cell);
}

static void cell_increment_b(const Table *t, RowKey row, Cell *cell)
{
    cell_one_increment(t, &line_at(t, row)->b, true, cell);
}

static void cell_difference(const Table *t, RowKey row, Cell *cell)
{
    unsigned a = t->compared_decimals[false], b = t->compared_decimals[true];
    cell_increment(cell, t, difference(line_at(t, row)), a > b ? a : b);
}

static void cell_bar(const Table *t, RowKey row, Cell *cell)
{
    cell_heat(cell, t, difference(line_at(t, row)));
}

static void cell_where(const Table *t, RowKey row, Cell *cell)
{
    const ComparedLine *line = line_at(t, row);
    if (line->line_a != NO_ID && line->line_b != NO_ID)
        return;
    cell_span(cell, line->line_a == NO_ID ? SPAN("only B") : SPAN("only A"));
    cell->style = STYLE_NOTE;
}

static void cell_contents(const Table *t, RowKey row, Cell *cell)
{
    const ComparedLine *line = line_at(t, row);
    cell_span(cell, model_text(t->model, source_of(t, line)->contents));
    if (is_entry(line))
        cell->style = STYLE_ENTRY;
}

static const Column columns[] = {
    {"target", "Profiled", "Profiled Python function, where there are several.", CELL_TEXT, false, false, 10, 6, cell_target},
    {"line", "Line", "Line number in the earlier call (A) and, where it is another, in the later one (B).", CELL_COUNT, false, false, 0, 0,
     cell_line},
    {"memory-a", "Mem A", "Highest memory of the process seen after the line in the earlier call, MiB.", CELL_MIB, true, false, 0, 3,
     cell_memory_a},
    {"memory-b", "Mem B", "The same in the later call, MiB.", CELL_MIB, true, false, 0, 3, cell_memory_b},
    {"increment-a", "Incr A", "What the line added in the earlier call, MiB.", CELL_MIB, true, false, 0, 1, cell_increment_a},
    {"increment-b", "Incr B", "What the line added in the later call, MiB.", CELL_MIB, true, false, 0, 1, cell_increment_b},
    {"difference", "Diff", "Increment in the later call less that in the earlier one, MiB.", CELL_MIB, true, false, 0, 0, cell_difference},
    {"heat", "Heat", "Difference as a share of the largest.", CELL_HEAT, true, false, 6, 5, cell_bar},
    {"where", "Where", "Which call alone shows the line, where not both do.", CELL_TEXT, false, false, 0, 7, cell_where},
    {"contents", "Source", "Source text, of the later call where it has the line.", CELL_TEXT, false, true, 24, 0, cell_contents},
};

static const TableOps ops = {NULL, collect, open, row_scope, NULL, explain, largest, NULL};

const TableKind table_compare = {
    .id = TABLE_COMPARE,
    .name = "compare",
    .title = "Compare",
    .help = "One source line in two calls, the earlier (A) and the later (B).",
    .columns = columns,
    .column_count = sizeof columns / sizeof *columns,
    .parts = "target line",
    .default_column = 6,
    .default_descending = true,
    .ops = &ops,
};

/* What is compared. */

static bool has_rows(const Model *m, const CompareSide *side)
{
    for (Id i = compare_first_report(m, side); i != NO_ID; i = compare_next_report(m, side, i))
        if (report_kept_rows(&m->reports.items[i]))
            return true;
    return false;
}

bool compare_scope(const Table *t, RowKey first, RowKey second, Scope *scope)
{
    const Model *m = t->model;
    Scope a = table_row_scope(t, first), b = table_row_scope(t, second);
    CompareSide side_a = {a.invocation, a.report, t->scope.target}, side_b = {b.invocation, b.report, t->scope.target};
    Id report_a = compare_first_report(m, &side_a), report_b = compare_first_report(m, &side_b);
    bool swapped = report_b < report_a;
    if (!has_rows(m, &side_a) || !has_rows(m, &side_b))
        return false;
    *scope = swapped ? b : a;
    scope->target = t->scope.target;
    scope->line = NO_ID;
    scope->other_invocation = swapped ? a.invocation : b.invocation;
    scope->other_report = swapped ? a.report : b.report;
    return true;
}

/* What the reports of a side say together. */
static InvocationStats stats_of(const Model *m, const CompareSide *side)
{
    if (side->report != NO_ID)
        return lone_report_stats(m, side->report);
    return invocation_stats(m, &m->invocations.items[side->invocation], side->target);
}

/* What is said of a side, and how it stands below the other one. */
typedef enum HeadingField { HEADING_NAME, HEADING_ID, HEADING_TIME, HEADING_ENTRY, HEADING_PEAK, HEADING_GROWTH, HEADING_FIELDS } HeadingField;

static const struct HeadingKind {
    const char *label;
    bool right;
} heading_kinds[HEADING_FIELDS] = {
    [HEADING_NAME] = {"", false},      [HEADING_ID] = {"", false},       [HEADING_TIME] = {"", false},
    [HEADING_ENTRY] = {"entry ", true}, [HEADING_PEAK] = {"peak ", true}, [HEADING_GROWTH] = {"growth ", true},
};

static void append_value(Buffer *out, Mib value, unsigned decimals)
{
    char text[MIB_TEXT_MAX];
    if (value != MIB_NONE)
        buffer_append(out, text, mib_format(text, value, decimals));
}

static void heading_fields(const Table *t, bool other, Buffer *fields)
{
    const Model *m = t->model;
    CompareSide side = side_of(t, other);
    const Report *r = &m->reports.items[compare_first_report(m, &side)];
    InvocationStats stats = stats_of(m, &side);
    Id function = report_function(m, r);
    char clock[MOMENT_TEXT_MAX];
    if (side.report != NO_ID || function == NO_ID)
        target_label(m, r->target, &fields[HEADING_NAME]);
    else
        buffer_append_span(&fields[HEADING_NAME], model_text(m, m->functions.items[function].name));
    if (side.invocation != NO_ID && t->scope.invocation != t->scope.other_invocation)
        append_short_id(m, side.invocation, &fields[HEADING_ID]);
    Moment time = side.report == NO_ID ? invocation_started(m, &m->invocations.items[side.invocation]) : report_time(m, r);
    time.digits = 0;
    buffer_append(&fields[HEADING_TIME], clock, moment_format_clock(clock, time));
    append_value(&fields[HEADING_ENTRY], stats.entry, stats.decimals);
    append_value(&fields[HEADING_PEAK], stats.peak, stats.decimals);
    append_value(&fields[HEADING_GROWTH], stats.entry == MIB_NONE ? MIB_NONE : stats.peak - stats.entry, stats.decimals);
}

static void append_field(const struct HeadingKind *kind, Span text, size_t width, size_t widest, Buffer *out)
{
    buffer_append_span(out, SPAN("  "));
    buffer_append_span(out, span_of(kind->label));
    buffer_append_repeated(out, ' ', kind->right ? widest - width : 0);
    buffer_append_span(out, text);
    buffer_append_repeated(out, ' ', kind->right ? 0 : widest - width);
}

void compare_heading(const Table *t, bool other, Buffer *out)
{
    Buffer fields[2][HEADING_FIELDS] = {0};
    heading_fields(t, other, fields[0]);
    heading_fields(t, !other, fields[1]);
    buffer_append_span(out, other ? SPAN("B") : SPAN("A"));
    for (size_t i = 0; i < HEADING_FIELDS; i++) {
        Span text = buffer_span(&fields[0][i]);
        size_t width = display_width(text, (DisplayStyle){0}), widest = display_width(buffer_span(&fields[1][i]), (DisplayStyle){0});
        widest = width > widest ? width : widest;
        if (text.len || (widest && !heading_kinds[i].right))
            append_field(&heading_kinds[i], text, width, widest, out);
        buffer_free(&fields[0][i]);
        buffer_free(&fields[1][i]);
    }
}

/* A side in a few characters: an id, else a time. */
static void append_short(const Model *m, const CompareSide *side, bool by_time, Buffer *out)
{
    char clock[MOMENT_TEXT_MAX];
    Id report = compare_first_report(m, side);
    if (!by_time)
        append_short_id(m, side->invocation, out);
    else
        buffer_append(out, clock, moment_format_clock(clock, report_time(m, &m->reports.items[report])));
}

void compare_label(const Model *m, Scope scope, Buffer *out)
{
    CompareSide a = {scope.invocation, scope.report, scope.target}, b = {scope.other_invocation, scope.other_report, scope.target};
    bool by_time = a.invocation == NO_ID || b.invocation == NO_ID || a.invocation == b.invocation;
    append_short(m, &a, by_time, out);
    buffer_append_span(out, SPAN(" : "));
    append_short(m, &b, by_time, out);
}
