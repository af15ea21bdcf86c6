#include "parsers/judge.h"

#include "parsers/evidence.h"
#include "parsers/profiler.h"

enum {
    FOR_ENTRY = 100, /* the first row is the line at which a function begins */
    AGAINST_LATE_ENTRY = 200,
    AGAINST_NO_ENTRY = 60,  /* a report without its entry row: possible, rare */
    AGAINST_NO_HEADER = 15, /* its header may have been taken for another's */
    AGAINST_NO_RULE = 15,   /* complete reports of the code were seen: they have one in front of their rows */
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

void judge_begin(Judge *j, const Knowledge *knowledge, const Record *piece)
{
    j->knowledge = knowledge;
    j->piece = piece;
    j->number++;
    j->text = is_end(piece) ? 0 : hash_text(piece->profiler.row.contents);
}

static const KnownLine *known_line(const Judge *j, const OpenReport *o, Insight *insight)
{
    if (insight->number != j->number)
        insight->known = knowledge_find(j->knowledge, o->file, j->piece->profiler.row.line);
    insight->number = j->number;
    return insight->known;
}

/* Looks up the function in which the report stands, if that is not known yet. */
static void look_around(const Judge *j, const OpenReport *o, const Track *track, Insight *insight)
{
    if (insight->first_line == track->first_line && insight->learnt == j->knowledge->learnt)
        return;
    insight->learnt = j->knowledge->learnt;
    insight->first_line = track->first_line;
    insight->last_line = knowledge_last_line(j->knowledge, o->file, track->first_line);
    insight->next_function = knowledge_next_beginning(j->knowledge, o->file, track->first_line);
}

static int judge_first(const Judge *j, const OpenReport *o, const KnownLine *known)
{
    const ProfilerRow *row = &j->piece->profiler.row;
    int score = o->has_header ? 0 : -AGAINST_NO_HEADER;
    if (profiler_is_entry(row))
        score += FOR_ENTRY;
    else if (!o->report.dense && row->measured)
        score -= AGAINST_NO_ENTRY;
    if (!o->report.dense && knowledge_last_line(j->knowledge, o->file, row->line))
        score -= AGAINST_NO_RULE;
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

static int judge_source(const Judge *j, const OpenReport *o, const Track *track, Insight *insight)
{
    const ProfilerRow *row = &j->piece->profiler.row;
    const KnownLine *known = known_line(j, o, insight);
    if (known && known->text != j->text)
        return -AGAINST_OTHER_TEXT;
    if (known)
        return known->first_line == track->first_line ? FOR_KNOWN_FUNCTION : -AGAINST_OTHER_FUNCTION;
    look_around(j, o, track, insight);
    bool is_complete = insight->last_line && track->last_line >= insight->last_line;
    return is_complete || insight->next_function <= row->line ? -AGAINST_OTHER_FUNCTION : judge_jump(track, row);
}

static int judge_end(const Judge *j, const OpenReport *o, const Track *track, Insight *insight)
{
    look_around(j, o, track, insight);
    if (!insight->last_line)
        return 0;
    return track->last_line >= insight->last_line ? FOR_LAST_LINE : -AGAINST_EARLY_END;
}

int judge_points(const Judge *j, const OpenReport *o, const Track *track, Insight *insight)
{
    const ProfilerRow *row = &j->piece->profiler.row;
    int score = evidence_age(track, j->piece) - (o->probably_over ? AGAINST_OVER : 0);
    if (is_end(j->piece))
        return score + judge_end(j, o, track, insight);
    if (!track->first_line)
        return score + judge_first(j, o, known_line(j, o, insight));
    if (profiler_is_entry(row))
        score -= AGAINST_LATE_ENTRY;
    if (row->occurrences > 1 && row->occurrences == track->last_occurrences)
        score += FOR_OCCURRENCES;
    return score + judge_source(j, o, track, insight) + evidence_memory(track->last_memory, row, o->report.dense);
}
