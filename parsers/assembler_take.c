#include "parsers/assembler_private.h"
#include "parsers/profiler.h"

/* The records of old hosts may be taken in another order than theirs. */
static void note_place(ParsedReport *r, const Record *record)
{
    uint64_t number = record->number;
    if (number < r->first_number) {
        r->first_number = number;
        r->offset = record->offset;
    }
    if (number < r->last_number && r->previous_number == r->last_number)
        r->previous_number = number;
    if (number >= r->last_number) {
        r->previous_number = r->last_number;
        r->last_number = number;
        r->last_offset = record->offset;
    } else if (number > r->previous_number) {
        r->previous_number = number;
    }
}

void assembler_touch(Assembler *a, OpenReport *o, const Record *record)
{
    if (o->last_piece && o->last_piece + 1 != record->profiler.ordinal)
        o->report.interleaved = true;
    o->last_piece = record->profiler.ordinal;
    o->track.last_ns = record->profiler.time_ns;
    note_place(&o->report, record);
    o->probably_over = false;
    o->report.gap |= record->sampled;
    o->blank_seen = false;
    a->latest = o;
}

/* Other programs say "Filename: upload.csv" as well. */
static bool has_python_file(const OpenReport *o)
{
    Span file = buffer_span(&o->report.file);
    return span_ends(file, SPAN(".py")) || span_starts(file, SPAN("<"));
}

/* The oldest report of this channel that lacks its header; an entry row may have been given to it before. */
static OpenReport *without_header(Assembler *a, const Record *record)
{
    OpenReport *other = NULL;
    for (size_t i = 0; i < a->open.len; i++) {
        OpenReport *o = a->open.items[i];
        if (o->has_header || !same_channel(o, record))
            continue;
        if (has_python_file(o))
            return o;
        if (!other)
            other = o;
    }
    return other;
}

static void take_header(Assembler *a, const Record *record)
{
    OpenReport *o = without_header(a, record);
    if (!o) {
        assembler_close_previous(a, record);
        assembler_close_crowded(a);
        o = assembler_open(a, record);
        o->report.gap |= record->invocation.len > 0; /* its Filename is lost */
    }
    o->report.columns = record->profiler.columns;
    o->has_header = true;
    if (record->profiler.logger.len)
        a->reporter = hash_text(record->profiler.logger);
    assembler_touch(a, o, record);
    assembler_announce(a, o);
}

/* Whether the report shows every line, as far as it has rows. */
static bool may_be_dense(const OpenReport *o)
{
    return !o->track.first_line || o->track.last_line - o->track.first_line + 1 == o->report.rows.len;
}

/*
 * The oldest one that has its header, and nothing behind it; else the oldest that may lack its rule, because rows were given to it
 * before it came.
 */
static OpenReport *without_rule(Assembler *a, const Record *record)
{
    OpenReport *found = NULL;
    for (size_t i = 0; i < a->open.len; i++) {
        OpenReport *o = a->open.items[i];
        if (!o->has_header || o->report.dense || !same_channel(o, record) || !may_be_dense(o))
            continue;
        if (!o->track.first_line)
            return o;
        if (!found)
            found = o;
    }
    return found;
}

static void take_rule(Assembler *a, const Record *record)
{
    OpenReport *o = without_rule(a, record);
    if (!o)
        return;
    o->report.dense = true;
    assembler_touch(a, o, record);
}

/* Whether a Filename alone is a report that was cut: the logger is one that writes reports. */
static bool is_reporter(const Assembler *a, Span logger)
{
    return logger.len && (span_eq(logger, profiler_logger) || hash_text(logger) == a->reporter);
}

static void take_filename(Assembler *a, const Record *record)
{
    assembler_close_predecessors(a, record);
    assembler_close_crowded(a);
    OpenReport *o = assembler_open(a, record);
    assembler_touch(a, o, record);
    if (is_reporter(a, record->profiler.logger))
        assembler_announce(a, o);
}

void assembler_take_heading(Assembler *a, const Record *record)
{
    static void (*const take[])(Assembler *, const Record *) = {
        [PROFILER_FILENAME] = take_filename,
        [PROFILER_HEADER] = take_header,
        [PROFILER_RULE] = take_rule,
    };
    take[record->profiler.piece](a, record);
}

/* A new row of the report for that line. Rows stand by line number, also when they came in another order. */
static ParsedRow *insert_row(ParsedReport *r, uint32_t line)
{
    vec_reserve(&r->rows, 1);
    ParsedRow *row = &r->rows.items[r->rows.len++];
    for (; row > r->rows.items && row[-1].row.line > line; row--)
        *row = row[-1];
    return row;
}

/* One by one, because they were written a moment ago: see SPAN_FRESH(). */
static void copy_values(ProfilerRow *to, const ProfilerRow *row)
{
    to->line = row->line;
    to->measured = row->measured;
    to->memory = row->memory;
    to->increment = row->increment;
    to->occurrences = row->occurrences;
    to->decimals = row->decimals;
    to->contents = (Span){0};
}

void assembler_add_row(OpenReport *o, const Record *piece)
{
    const ProfilerRow *row = &piece->profiler.row;
    ParsedReport *r = &o->report;
    ParsedRow *parsed = insert_row(r, row->line);
    copy_values(&parsed->row, row);
    parsed->text_at = r->text.len;
    parsed->text_len = row->contents.len;
    parsed->listed = 0;
    buffer_append_span(&r->text, row->contents);
    if (row->decimals > r->decimals)
        r->decimals = row->decimals;
    r->truncated |= piece->partial;
}

/* The same where rows come in order: a complete report shows every line. */
static void add_next_row(OpenReport *o, const Record *piece)
{
    o->report.gap |= o->report.dense && o->report.rows.len && piece->profiler.row.line > o->track.last_line + 1;
    assembler_add_row(o, piece);
}

/* A row that no open report takes: its report's first records are lost. */
static OpenReport *open_headless(Assembler *a, const Record *piece)
{
    if (piece->profiler.piece == PROFILER_END || !piece->profiler.row.measured || a->open.len >= OPEN_REPORTS_MAX)
        return NULL; /* an unmeasured row is far more likely a user's own text */
    OpenReport *o = assembler_open(a, piece);
    o->report.gap = true;
    o->has_header = true;
    assembler_announce(a, o);
    return o;
}

/* Where all reports that wait for their first row are of one file, there is no doubt in which file a function begins. */
static bool beginning_is_certain(const Assembler *a, const OpenReport *o)
{
    for (size_t i = 0; i < a->open.len; i++)
        if (!a->open.items[i]->track.first_line && a->open.items[i]->file != o->file)
            return false;
    return true;
}

void assembler_take_piece(void *ctx, size_t owner, const Record *piece)
{
    Assembler *a = ctx;
    OpenReport *o = owner == NO_OWNER ? open_headless(a, piece) : a->open.items[owner];
    if (!o)
        return;
    assembler_touch(a, o, piece);
    assembler_announce(a, o);
    o->report.doubtful |= piece->profiler.contested;
    o->report.guessed |= piece->profiler.guessed;
    if (!o->track.first_line && o->report.file.len && beginning_is_certain(a, o))
        knowledge_learn_beginning(&a->knowledge, o->file, piece->profiler.row.line);
    if (piece->profiler.piece == PROFILER_END)
        o->report.ended = true;
    else
        add_next_row(o, piece);
    track_advance(&o->track, piece);
}

static size_t index_of(const Assembler *a, const OpenReport *o)
{
    size_t i = 0;
    while (a->open.items[i] != o)
        i++;
    return i;
}

static void end_report(Assembler *a, OpenReport *o, uint64_t number)
{
    matcher_settle(a->matcher);
    o->report.ended = true;
    o->report.last_number = number;
    assembler_close(a, index_of(a, o));
}

void assembler_take_blank(Assembler *a, const Record *record)
{
    OpenReport *o = a->latest;
    if (!o || record->prefixed || o->on_stdout || o->report.logger.len || !o->track.first_line)
        return;
    o->report.ended = true;
    if (o->blank_seen)
        end_report(a, o, record->number);
    else
        o->blank_seen = true;
}
