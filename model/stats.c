#include "model/stats.h"

static const InvocationStats nothing = {.entry = MIB_NONE, .peak = MIB_NONE, .largest = MIB_NONE, .hot_report = NO_ID};

/* The lowest baseline of an invocation's reports. */
static Mib entry_of(const Model *m, const Invocation *call)
{
    Mib entry = MIB_NONE;
    for (Id i = call->first_report; i != NO_ID; i = m->reports.items[i].next_of_invocation) {
        Mib baseline = report_baseline(m, &m->reports.items[i]);
        if (baseline != MIB_NONE && (entry == MIB_NONE || baseline < entry))
            entry = baseline;
    }
    return entry;
}

static void add_report(InvocationStats *stats, const Model *m, Id id)
{
    const Report *r = &m->reports.items[id];
    Mib peak = report_peak(m, r), largest = report_largest(m, r), baseline = report_baseline(m, r);
    if (baseline != MIB_NONE && (stats->entry == MIB_NONE || baseline < stats->entry))
        stats->entry = baseline;
    if (peak > stats->peak)
        stats->peak = peak;
    if (largest > stats->largest) {
        stats->largest = largest;
        stats->hot_report = id;
    }
    stats->flags |= report_flags(m, r);
    if (r->decimals > stats->decimals)
        stats->decimals = r->decimals;
}

InvocationStats invocation_stats(const Model *m, const Invocation *call, Id target)
{
    InvocationStats stats = nothing;
    for (Id i = call->first_report; i != NO_ID; i = m->reports.items[i].next_of_invocation)
        if (target == NO_ID || m->reports.items[i].target == target)
            add_report(&stats, m, i);
    if (call->contended)
        stats.flags |= FLAG_CONTENDED;
    return stats;
}

InvocationStats lone_report_stats(const Model *m, Id report)
{
    InvocationStats stats = nothing;
    add_report(&stats, m, report);
    return stats;
}

/* The baseline of the next report of the target in the same process and invocation. */
static Mib next_of_target(const Model *m, const Report *r)
{
    for (Id i = r->next_of_target; i != NO_ID; i = m->reports.items[i].next_of_target) {
        const Report *next = &m->reports.items[i];
        if (report_process(m, next) != report_process(m, r) || next->invocation != r->invocation)
            return MIB_NONE;
        Mib baseline = report_baseline(m, next);
        if (baseline != MIB_NONE)
            return baseline;
    }
    return MIB_NONE;
}

static Id next_of_process(const Model *m, const Invocation *call)
{
    return (Id)invocation_number(m, call, INVOCATION_NEXT_OF_PROCESS);
}

/* The entry of the next invocation that began in the process when this one had ended. */
static Mib next_entry(const Model *m, Id invocation)
{
    const Invocation *call = &m->invocations.items[invocation];
    uint64_t end = invocation_last(m, call);
    if (end == UINT64_MAX)
        return MIB_NONE;
    for (Id i = next_of_process(m, call); i != NO_ID; i = next_of_process(m, &m->invocations.items[i])) {
        const Invocation *next = &m->invocations.items[i];
        if (invocation_first(m, next) < end)
            continue;
        Mib entry = entry_of(m, next);
        if (entry != MIB_NONE)
            return entry;
    }
    return MIB_NONE;
}

Mib report_kept(const Model *m, Id id)
{
    const Report *r = &m->reports.items[id];
    Mib before = report_baseline(m, r), after = next_of_target(m, r);
    if (after == MIB_NONE && r->invocation != NO_ID && invocation_last_report(m, &m->invocations.items[r->invocation]) == id)
        after = next_entry(m, r->invocation);
    return before == MIB_NONE || after == MIB_NONE ? MIB_NONE : after - before;
}

/* Quickselect: values below, then at, then above the place. */
Mib mib_median(MibList *list)
{
    if (!list->len)
        return MIB_NONE;
    Mib *v = list->items;
    size_t low = 0, high = list->len - 1, middle = (list->len - 1) / 2;
    while (low < high) {
        Mib pivot = v[low + (high - low) / 2];
        size_t i = low, j = high;
        while (i <= j) {
            while (v[i] < pivot)
                i++;
            while (v[j] > pivot)
                j--;
            if (i <= j) {
                Mib swapped = v[i];
                v[i++] = v[j];
                v[j] = swapped;
                if (!j)
                    break;
                j--;
            }
        }
        if (middle <= j && j < high)
            high = j;
        else if (middle >= i)
            low = i;
        else
            break;
    }
    return v[middle];
}
