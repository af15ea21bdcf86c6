#include "model/retention.h"

#include "model/report.h"

enum {
    DEAD_BYTES_MIN = 64 * 1024, /* fewer are not worth moving the others for */
    DEAD_BYTES_PER_REPORT = 4,  /* of those that are looked through to move them */
    MOVED_PER_SUMMARISED = 32,  /* reports whose rows may be moved in the time that it takes to summarise one */
};

static uint64_t row_bytes(const Report *r)
{
    return r->rows * (r->wide ? sizeof(WideRow) : sizeof(Row));
}

static size_t rows_at(const Model *m, const Report *r)
{
    return (size_t)report_number(m, r, REPORT_ROWS_AT);
}

static uint64_t stored_bytes(const Model *m)
{
    return m->rows.len * sizeof(Row) + m->wide_rows.len * sizeof(WideRow);
}

/* Summarising one. */

static LineTotals *totals_for(Model *m, Id line)
{
    while (m->totals_of_line.len <= line)
        vec_push(&m->totals_of_line, 0);
    uint32_t *slot = &m->totals_of_line.items[line];
    if (!*slot) {
        vec_push(&m->line_totals, LINE_TOTALS_NONE);
        *slot = (uint32_t)m->line_totals.len;
    }
    return &m->line_totals.items[*slot - 1];
}

static void add_rows(Model *m, const Report *r)
{
    ReportRows rows = report_rows(m, r);
    for (uint32_t i = 0; i < rows.count; i++) {
        LineReading reading;
        Id line;
        if (report_rows_read(&rows, i, &line, &reading))
            line_totals_add(totals_for(m, line), &reading, true);
    }
}

static bool was_moved(const Model *m, const Report *r)
{
    return m->compaction.running && rows_at(m, r) < (r->wide ? m->compaction.wide_rows : m->compaction.rows);
}

static void summarise(Model *m, Id id)
{
    Report *r = &m->reports.items[id];
    ReportSummary summary = {report_baseline(m, r), report_peak(m, r), report_largest(m, r), report_hot_line(m, r)};
    r->stored_flags |= (uint8_t)(report_flags(m, r) & FLAG_NESTED); /* the only one that is told by rows */
    if (!r->duplicate)
        add_rows(m, r);
    m->dead_bytes += row_bytes(r);
    m->compaction.dead_bytes += was_moved(m, r) ? row_bytes(r) : 0;
    r->summarised = true;
    numbers_set(&m->report_numbers, id, REPORT_ROWS_AT, m->summaries.len);
    vec_push(&m->summaries, summary);
    m->targets.items[r->target].summarised++;
    m->version++;
}

static bool may_be_summarised(const Report *r)
{
    return !r->summarised && r->attribution != ATTRIBUTION_PENDING;
}

/* What one target may have. */

static void retain_target(Model *m, Target *target, uint64_t limit)
{
    Id *at = &target->first_kept;
    if (*at == NO_ID)
        *at = target->first_report;
    for (; target->retained - target->summarised > limit && *at != target->last_report; *at = m->reports.items[*at].next_of_target) {
        if (!m->reports.items[*at].summarised && !may_be_summarised(&m->reports.items[*at]))
            return;
        if (may_be_summarised(&m->reports.items[*at]))
            summarise(m, *at);
    }
}

static void retain_targets(Model *m, uint64_t limit, size_t closed_count)
{
    for (; m->retained < closed_count; m->retained++) {
        Target *target = &m->targets.items[m->reports.items[m->closed.items[m->retained]].target];
        target->retained++;
        if (limit)
            retain_target(m, target, limit);
    }
}

/* What all may have. */

/*
 * The oldest reports, until the rows of those that are left take no more than three quarters: room for what comes next. True when
 * there is more to be done.
 */
static bool retain_bytes(Model *m, const Retention *limits, size_t closed_count)
{
    size_t count = 0;
    if (!limits->bytes || stored_bytes(m) <= limits->bytes)
        return false;
    for (size_t i = m->oldest_kept; i < closed_count && stored_bytes(m) - m->dead_bytes > limits->bytes / 4 * 3; i++) {
        if (!may_be_summarised(&m->reports.items[m->closed.items[i]]))
            continue;
        if (limits->at_once && count++ == limits->at_once)
            return true;
        summarise(m, m->closed.items[i]);
    }
    return false;
}

/* Closing the gaps. */

static void move_rows(Model *m, Id id)
{
    struct Compaction *c = &m->compaction;
    const Report *r = &m->reports.items[id];
    size_t from = rows_at(m, r), *kept = r->wide ? &c->wide_rows : &c->rows, to = *kept;
    if (r->wide)
        memmove(&m->wide_rows.items[to], &m->wide_rows.items[from], r->rows * sizeof(WideRow));
    else
        memmove(&m->rows.items[to], &m->rows.items[from], r->rows * sizeof(Row));
    *kept += r->rows;
    numbers_set(&m->report_numbers, id, REPORT_ROWS_AT, to);
}

/*
 * Rows stand in the order in which their reports were closed, so each moves down, `count` at most in one call. Reports that are
 * closed in between stand behind all others.
 */
static void compact(Model *m, size_t count)
{
    struct Compaction *c = &m->compaction;
    if (!c->running)
        *c = (struct Compaction){.running = true, .next = m->oldest_kept};
    for (; c->next < m->closed.len && count; c->next++, count--) {
        const Report *r = &m->reports.items[m->closed.items[c->next]];
        if (!r->summarised && r->rows)
            move_rows(m, m->closed.items[c->next]);
    }
    if (c->next < m->closed.len)
        return;
    c->running = false;
    m->rows.len = c->rows;
    m->wide_rows.len = c->wide_rows;
    m->dead_bytes = c->dead_bytes;
}

static bool needs_compacting(const Model *m, const Retention *limits)
{
    uint64_t stored = stored_bytes(m), reports = m->closed.len - m->oldest_kept;
    if (limits->bytes && stored > limits->bytes)
        return m->dead_bytes > 0;
    return m->dead_bytes > DEAD_BYTES_MIN && m->dead_bytes > stored / 2 && m->dead_bytes > reports * DEAD_BYTES_PER_REPORT;
}

void model_retain(Model *m, const Retention *limits, size_t closed_count)
{
    retain_targets(m, limits->reports_per_target, closed_count);
    bool unfinished = retain_bytes(m, limits, closed_count);
    while (m->oldest_kept < m->closed.len && m->reports.items[m->closed.items[m->oldest_kept]].summarised)
        m->oldest_kept++;
    if (m->compaction.running || (!unfinished && needs_compacting(m, limits)))
        compact(m, limits->at_once ? limits->at_once * MOVED_PER_SUMMARISED : SIZE_MAX);
}
