#include "model/compare_side.h"

#include "base/saturate.h"

Id compare_next_report(const Model *m, const CompareSide *side, Id before)
{
    if (side->report != NO_ID)
        return before == NO_ID ? side->report : NO_ID;
    Id i = before == NO_ID ? m->invocations.items[side->invocation].first_report : m->reports.items[before].next_of_invocation;
    while (i != NO_ID && (!m->reports.items[i].closed || (side->target != NO_ID && m->reports.items[i].target != side->target)))
        i = m->reports.items[i].next_of_invocation;
    return i;
}

Id compare_first_report(const Model *m, const CompareSide *side)
{
    return side->report == NO_ID && side->invocation == NO_ID ? NO_ID : compare_next_report(m, side, NO_ID);
}

/* Taking the rows of a side together. */

static void add_row(ComparedValues *v, const ReportRow *row)
{
    v->measured |= row->measured;
    v->entry |= row->entry;
    v->suspect |= row->suspect;
    if (row->memory > v->memory)
        v->memory = row->memory;
    if (row->increment != MIB_NONE)
        v->increment = v->increment == MIB_NONE ? row->increment : saturate_add(v->increment, row->increment);
}

/* A line that several reports of a side show is one. */
static CompareLine *line_for(CompareLines *lines, Id line)
{
    for (size_t i = 0; i < lines->len; i++)
        if (lines->items[i].line == line)
            return &lines->items[i];
    vec_push(lines, (CompareLine){line, compare_no_values});
    return &vec_last(lines);
}

static void sort_lines(const Model *m, CompareLines *lines)
{
    for (size_t i = 1; i < lines->len; i++) {
        CompareLine moved = lines->items[i];
        size_t k = i;
        for (; k && m->lines.items[lines->items[k - 1].line].number > m->lines.items[moved.line].number; k--)
            lines->items[k] = lines->items[k - 1];
        lines->items[k] = moved;
    }
}

/* The rows of a side's reports of one target, in source order. */
CompareLines compare_lines(const Model *m, const CompareSide *side, Id target)
{
    CompareLines lines = {0};
    bool several = false;
    for (Id i = compare_first_report(m, side); i != NO_ID; i = compare_next_report(m, side, i)) {
        const Report *r = &m->reports.items[i];
        if (r->target != target)
            continue;
        for (uint32_t k = 0; k < report_kept_rows(r); k++) {
            ReportRow row = report_row(m, r, k);
            if (!several)
                vec_push(&lines, (CompareLine){row.source_line, compare_no_values});
            add_row(several ? &line_for(&lines, row.source_line)->values : &vec_last(&lines).values, &row);
        }
        several = true;
    }
    sort_lines(m, &lines);
    return lines;
}

CompareTargets compare_targets_of(const Model *m, const CompareSide *side)
{
    CompareTargets targets = {0};
    for (Id i = compare_first_report(m, side); i != NO_ID; i = compare_next_report(m, side, i)) {
        bool known = false;
        for (size_t k = 0; k < targets.len; k++)
            known |= targets.items[k] == m->reports.items[i].target;
        if (!known)
            vec_push(&targets, m->reports.items[i].target);
    }
    return targets;
}
