#include "model/twins.h"

#include <stdlib.h>

#include "model/report.h"

enum { NEAR = 64 };

static Report *report_of(Model *m, Id id)
{
    return &m->reports.items[id];
}

static Id source_of(const Model *m, const Invocation *call)
{
    return m->processes.items[invocation_process(m, call)].source;
}

/* Between their members wide rows have bytes that say nothing. */
static bool same_wide_rows(const WideRow *a, const WideRow *b, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (a[i].line != b[i].line || a[i].memory != b[i].memory || a[i].increment != b[i].increment ||
            a[i].occurrences != b[i].occurrences)
            return false;
    return true;
}

static bool same_rows(const Model *m, const Report *a, const Report *b)
{
    if (a->summarised || b->summarised || a->rows != b->rows || a->decimals != b->decimals || a->wide != b->wide)
        return false;
    if (!a->rows)
        return true;
    uint64_t of_a = report_number(m, a, REPORT_ROWS_AT), of_b = report_number(m, b, REPORT_ROWS_AT);
    if (a->wide)
        return same_wide_rows(&m->wide_rows.items[of_a], &m->wide_rows.items[of_b], a->rows);
    return memcmp(&m->rows.items[of_a], &m->rows.items[of_b], a->rows * sizeof(Row)) == 0;
}

/* Whether `b` says more than `a`, or the same more surely. Rows that were summarised count in the totals of lines already. */
static bool is_better(const Report *a, const Report *b)
{
    if (a->summarised != b->summarised)
        return b->summarised;
    return b->attribution != a->attribution ? b->attribution > a->attribution : b->rows > a->rows;
}

static void mark(Report *a, Report *b)
{
    Report *duplicate = is_better(a, b) ? a : b;
    duplicate->duplicate = true;
}

static bool is_free(const Report *r, Id target)
{
    return r->closed && !r->duplicate && !r->twinned && r->target == target;
}

/*
 * Pairs the reports of two invocations, those whose rows are equal or, with `any`, the others of a target in their order. Both lists
 * are in the order of printing: a partner stands near where the last one stood.
 */
static void pair_reports(Model *m, const Invocation *earlier, const Invocation *later, bool any)
{
    Id from = earlier->first_report;
    for (Id i = later->first_report; i != NO_ID; i = report_of(m, i)->next_of_invocation) {
        Report *b = report_of(m, i);
        Id next = from;
        for (size_t looked_at = 0; is_free(b, b->target) && next != NO_ID && looked_at < NEAR; looked_at++) {
            Report *a = report_of(m, next);
            next = a->next_of_invocation;
            if (!is_free(a, b->target) || (!any && !same_rows(m, a, b)))
                continue;
            mark(a, b);
            a->twinned = b->twinned = true;
        }
        while (from != NO_ID && report_of(m, from)->twinned)
            from = report_of(m, from)->next_of_invocation;
    }
}

/* Whether they were logged at one time, as far as both say one: the console of .NET does not. */
static bool same_time(const Model *m, const Report *a, const Report *b)
{
    Moment of_a = report_time(m, a), of_b = report_time(m, b);
    return !moment_known(of_a) || !moment_known(of_b) || of_a.ns == of_b.ns;
}

/* Pairs the reports of an invocation that are there twice. */
static bool pair_doubles(Model *m, const Invocation *call)
{
    bool found = false;
    for (Id i = call->first_report; i != NO_ID; i = report_of(m, i)->next_of_invocation) {
        Report *a = report_of(m, i);
        Id next = a->next_of_invocation;
        for (size_t looked_at = 0; is_free(a, a->target) && next != NO_ID && looked_at < NEAR; looked_at++) {
            Report *b = report_of(m, next);
            next = b->next_of_invocation;
            if (!is_free(b, a->target) || !same_time(m, a, b) || !same_rows(m, a, b))
                continue;
            mark(a, b);
            a->twinned = b->twinned = found = true;
        }
    }
    return found;
}

static void forget_pairs(Model *m, const Invocation *call)
{
    for (Id i = call->first_report; i != NO_ID; i = report_of(m, i)->next_of_invocation)
        report_of(m, i)->twinned = false;
}

static bool has_only_duplicates(Model *m, const Invocation *call)
{
    for (Id i = call->first_report; i != NO_ID; i = report_of(m, i)->next_of_invocation)
        if (!report_of(m, i)->duplicate)
            return false;
    return true;
}

static void copy_numbers(Model *m, const Invocation *to, const Invocation *from, InvocationNumber first, InvocationNumber last)
{
    for (InvocationNumber column = first; column <= last; column++)
        numbers_set(&m->invocation_numbers, invocation_index(m, to), column, invocation_number(m, from, column));
}

/* What `from` shows of the invocation and `to` does not. */
static void complete(Model *m, Invocation *to, const Invocation *from)
{
    bool ended = to->outcome == OUTCOME_SUCCEEDED || to->outcome == OUTCOME_FAILED;
    if (!moment_known(invocation_started(m, to)))
        copy_numbers(m, to, from, INVOCATION_STARTED, INVOCATION_STARTED_DIGITS);
    if (!ended) {
        copy_numbers(m, to, from, INVOCATION_ENDED, INVOCATION_ENDED_DIGITS);
        copy_numbers(m, to, from, INVOCATION_DURATION_MS, INVOCATION_DURATION_MS);
        to->outcome = from->outcome;
    }
    if (!invocation_reason(m, to).len)
        copy_numbers(m, to, from, INVOCATION_REASON, INVOCATION_REASON);
    if (!invocation_error(m, to).len)
        copy_numbers(m, to, from, INVOCATION_ERROR, INVOCATION_ERROR);
    to->contended |= from->contended;
    to->profiler_failed |= from->profiler_failed;
}

static void join(Model *m, Invocation *earlier, Invocation *later)
{
    forget_pairs(m, earlier);
    forget_pairs(m, later);
    pair_reports(m, earlier, later, false);
    pair_reports(m, earlier, later, true);
    complete(m, earlier, later);
    complete(m, later, earlier);
    if (has_only_duplicates(m, later))
        later->hidden = true;
    else if (has_only_duplicates(m, earlier))
        earlier->hidden = true;
}

static bool same_key(const void *ctx, uint32_t item, const void *key)
{
    return call_key_equal(&((const Model *)ctx)->invocations.items[item].key, key);
}

void twins_find_doubles(Model *m, Id source)
{
    bool found = false;
    for (Id i = 0; i < m->invocations.len; i++)
        if (m->invocations.items[i].doubled && source_of(m, &m->invocations.items[i]) == source)
            found |= pair_doubles(m, &m->invocations.items[i]);
    m->recounts += found;
    m->version += found;
}

void twins_find(Model *m, Id source)
{
    HashIndex first = {0}; /* the first invocation of each id in earlier sources, by the id */
    bool found = false;
    for (Id i = 0; i < m->invocations.len; i++) {
        Invocation *call = &m->invocations.items[i];
        if (call->hidden || source_of(m, call) > source)
            continue;
        uint64_t hash = call_key_hash(&call->key, NO_ID);
        int64_t known = hash_index_find(&first, hash, same_key, m, &call->key);
        if (source_of(m, call) == source && known >= 0) {
            join(m, &m->invocations.items[known], call);
            found = true;
        } else if (source_of(m, call) != source && known < 0) {
            hash_index_add(&first, hash, i);
        }
    }
    hash_index_free(&first);
    m->recounts += found;
    m->version += found;
}
