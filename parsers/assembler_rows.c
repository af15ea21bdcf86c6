/* Rows that come as an earlier report of the function showed them: see row_run.h. */
#include "parsers/assembler_private.h"

bool assembler_has_sole_taker(const Assembler *a)
{
    const OpenReport *o = a->latest;
    return o && a->open.len == 1 && o->last_piece == a->pieces && o->track.first_line && !o->track.ended && o->report.logger.len &&
           !o->report.invocation.len && !o->report.function.len && !a->unordered && !a->backlog.records.len &&
           !matcher_is_undecided(a->matcher);
}

bool assembler_expect_rows(Assembler *a, const Shape *front, RowRun *run)
{
    OpenReport *o = a->latest;
    run->listings = &a->knowledge.listings;
    run->listing = listings_find(run->listings, o->file, o->track.first_line);
    run->report = &o->report;
    if (run->listing)
        row_run_begin(run, front, buffer_span(&o->report.logger));
    return run->listing != NULL;
}

/* The track stands where it would if each of the rows had come by. */
static void pass_rows(Track *track, const ParsedReport *report, size_t rows)
{
    const ParsedRow *row = &vec_last(&report->rows), *first = row + 1 - rows;
    track_pass_row(track, &row->row);
    while (row > first && !row->row.measured)
        row--;
    track_pass_row(track, &row->row);
}

void assembler_took_rows(Assembler *a, size_t rows, Record *last, uint64_t last_but_one)
{
    OpenReport *o = a->latest;
    a->pieces += rows;
    last->profiler.ordinal = a->pieces;
    last->profiler.time_ns = a->now_ns = assembler_fine_time(a, last);
    o->last_piece = a->pieces - 1;
    if (last_but_one)
        o->report.last_number = last_but_one;
    assembler_touch(a, o, last);
    pass_rows(&o->track, &o->report, rows);
    matcher_passed_by(a->matcher, 0);
}
