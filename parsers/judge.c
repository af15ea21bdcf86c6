#include "parsers/judge.h"

#include "parsers/evidence.h"
#include "parsers/profiler.h"

enum {
    FOR_ENTRY = 100, /* the first row is the line at which a function begins */
    AGAINST_LATE_ENTRY = 200,
    AGAINST_NO_ENTRY = 60,  /* a report without its entry row: possible, rare */
    AGAINST_NO_HEADER = 15, /* its header may have been taken for another's */
    FOR_KNOWN_FUNCTION = 30,
    AGAINST_OTHER_FUNCTION = 50,
    AGAINST_OTHER_TEXT = 80,
    AGAINST_JUMP = 4, /* for each doubling of the lines that are left out, where nothing is known of the line ... */
    AGAINST_JUMP_MAX = 32,
    FOR_OCCURRENCES = 15,
    FOR_LAST_LINE = 40, /* the end comes behind the function's last line */
    AGAINST_EARLY_END = 60,
    AGAINST_OVER = 25, /* the invocation that it seems to belong to has ended */
};

static bool is_end(const Record *piece)
{
    return piece->profiler.piece == PROFILER_END;
}

Judge judge_begin(const Knowledge *knowledge, const Record *piece)
{
    return (Judge){knowledge, piece, is_end(piece) ? 0 : hash_text(piece->profiler.row.contents)};
}

Fit judge_fit(const OpenReport *o, const Track *track, const Record *piece)
{
    const ProfilerRow *row = &piece->profiler.row;
    if (track->ended)
        return FIT_NONE;
    if (is_end(piece))
        return o->report.dense && track->first_line ? FIT_STRICT : FIT_NONE;
    if (!track->first_line)
        return FIT_STRICT;
    if (row->line <= track->last_line)
        return FIT_NONE;
    if (o->report.dense)
        return row->line == track->last_line + 1 ? FIT_STRICT : FIT_LOOSE;
    return row->measured || o->report.logger.len ? FIT_STRICT : FIT_NONE;
}

static int judge_first(const OpenReport *o, const KnownLine *known, const ProfilerRow *row)
{
    int score = o->has_header ? 0 : -AGAINST_NO_HEADER;
    if (profiler_is_entry(row))
        score += FOR_ENTRY;
    else if (!o->report.dense && row->measured)
        score -= AGAINST_NO_ENTRY;
    if (known)
        score += known->first_line == row->line ? FOR_KNOWN_FUNCTION : -AGAINST_OTHER_FUNCTION;
    return score;
}

/* Lines of a function that are near each other are likelier to be measured one after the other. */
static int judge_jump(const Track *track, const ProfilerRow *row)
{
    int points = AGAINST_JUMP * (evidence_doublings(row->line - track->last_line) - 1);
    return points < AGAINST_JUMP_MAX ? -points : -AGAINST_JUMP_MAX;
}

/* Whether the report has the last line of its function. */
static bool is_complete(const Knowledge *knowledge, const OpenReport *o, const Track *track)
{
    uint32_t last = knowledge_last_line(knowledge, o->file, track->first_line);
    return last && track->last_line >= last;
}

static int judge_source(const Judge *j, const OpenReport *o, const Track *track, const KnownLine *known)
{
    const ProfilerRow *row = &j->piece->profiler.row;
    if (!known && knowledge_begins_between(j->knowledge, o->file, track->first_line, row->line))
        return -AGAINST_OTHER_FUNCTION;
    if (!known && is_complete(j->knowledge, o, track))
        return -AGAINST_OTHER_FUNCTION;
    if (!known)
        return judge_jump(track, row);
    if (known->text != j->text)
        return -AGAINST_OTHER_TEXT;
    return known->first_line == track->first_line ? FOR_KNOWN_FUNCTION : -AGAINST_OTHER_FUNCTION;
}

static int judge_end(const Knowledge *knowledge, const OpenReport *o, const Track *track)
{
    uint32_t last = knowledge_last_line(knowledge, o->file, track->first_line);
    if (!last)
        return 0;
    return track->last_line >= last ? FOR_LAST_LINE : -AGAINST_EARLY_END;
}

int judge_points(const Judge *j, const OpenReport *o, const Track *track, const KnownLine *known)
{
    const ProfilerRow *row = &j->piece->profiler.row;
    int score = evidence_age(track, j->piece) - (o->probably_over ? AGAINST_OVER : 0);
    if (is_end(j->piece))
        return score + judge_end(j->knowledge, o, track);
    if (!track->first_line)
        return score + judge_first(o, known, row);
    if (profiler_is_entry(row))
        score -= AGAINST_LATE_ENTRY;
    if (row->occurrences > 1 && row->occurrences == track->last_occurrences)
        score += FOR_OCCURRENCES;
    return score + judge_source(j, o, track, known) + evidence_memory(track->last_memory, row, o->report.dense);
}
