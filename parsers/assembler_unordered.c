#include "parsers/assembler_private.h"

static OpenReport *begin_unordered(void *ctx, const Record *first)
{
    Assembler *a = ctx;
    bool whole = first->profiler.piece == PROFILER_FILENAME;
    a->now_ns = first->profiler.time_ns;
    assembler_close_crowded(a);
    OpenReport *o = assembler_open(a, first);
    o->report.gap = o->has_header = !whole;
    if (!whole || first->profiler.logger.len)
        assembler_announce(a, o);
    return o;
}

/* A heading says nothing about when the report's rows were written. */
static void take_unordered_heading(OpenReport *o, const Record *piece)
{
    o->last_piece += o->last_piece + 1 == piece->profiler.ordinal;
    if (piece->profiler.piece == PROFILER_RULE) {
        o->report.dense = true;
        return;
    }
    o->has_header = true;
    o->report.columns = piece->profiler.columns;
}

static void take_unordered(void *ctx, OpenReport *o, const Record *piece)
{
    Assembler *a = ctx;
    a->now_ns = piece->profiler.time_ns;
    switch (piece->profiler.piece) {
    case PROFILER_HEADER:
    case PROFILER_RULE:
        take_unordered_heading(o, piece);
        break;
    case PROFILER_END:
        o->report.ended = true;
        break;
    case PROFILER_FILENAME:
        assembler_touch(a, o, piece);
        break;
    case PROFILER_ROW:
        assembler_touch(a, o, piece);
        assembler_announce(a, o);
        o->report.doubtful |= piece->profiler.contested && piece->profiler.row.measured; /* others are alike in all reports */
        assembler_add_row(o, piece);
        track_advance(&o->track, piece);
        o->track.first_line = o->report.rows.items[0].row.line;
        break;
    }
}

static bool prints_unordered(void *ctx, Span function, const ParsedReport *report)
{
    const Assembler *a = ctx;
    return a->sink.prints(a->sink.ctx, function, report);
}

static void learn_unordered(void *ctx, OpenReport *o)
{
    assembler_learn(ctx, o);
}

UnorderedSink assembler_unordered_sink(Assembler *a, void (*record)(void *ctx, const Record *record))
{
    return (UnorderedSink){a, record, begin_unordered, take_unordered, learn_unordered, prints_unordered};
}
