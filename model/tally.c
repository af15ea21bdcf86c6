#include "model/tally.h"

#include <stdlib.h>

enum { FRESH_MIN = 16 }; /* beyond it and half of the counts, fresh values are sorted in */

/* The first count whose value is not below. */
static size_t place_of(const Tally *t, Mib value)
{
    size_t low = 0, high = t->counts.len;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (t->counts.items[middle].value < value)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static int by_value(const void *a, const void *b)
{
    Mib x = *(const Mib *)a, y = *(const Mib *)b;
    return (x > y) - (x < y);
}

/* Moves the fresh values, sorted, to the counts: from the end, so that nothing is overwritten that is still to be read. */
static void merge_fresh(Tally *t)
{
    size_t from = t->counts.len, at = from + t->fresh.len;
    if (!t->fresh.len)
        return;
    qsort(t->fresh.items, t->fresh.len, sizeof *t->fresh.items, by_value);
    vec_reserve(&t->counts, t->fresh.len);
    TallyCount *counts = t->counts.items;
    for (size_t i = t->fresh.len; i > 0; i--) {
        while (from && counts[from - 1].value > t->fresh.items[i - 1])
            counts[--at] = counts[--from];
        counts[--at] = (TallyCount){t->fresh.items[i - 1], 1};
    }
    t->counts.len += t->fresh.len;
    t->fresh.len = 0;
    size_t kept = 0;
    for (size_t i = 1; i < t->counts.len; i++) {
        if (counts[i].value == counts[kept].value)
            counts[kept].count += counts[i].count;
        else
            counts[++kept] = counts[i];
    }
    t->counts.len = kept + 1;
}

void tally_add(Tally *t, Mib value)
{
    size_t place = place_of(t, value);
    if (place < t->counts.len && t->counts.items[place].value == value) {
        t->counts.items[place].count++;
        return;
    }
    vec_push(&t->fresh, value);
    if (t->fresh.len > FRESH_MIN + t->counts.len / 2)
        merge_fresh(t);
}

Mib tally_median(Tally *t)
{
    uint64_t total = 0, seen = 0;
    merge_fresh(t);
    for (size_t i = 0; i < t->counts.len; i++)
        total += t->counts.items[i].count;
    for (size_t i = 0; i < t->counts.len; i++) {
        seen += t->counts.items[i].count;
        if (seen > (total - 1) / 2)
            return t->counts.items[i].value;
    }
    return MIB_NONE;
}

void tally_free(Tally *t)
{
    vec_free(&t->counts);
    vec_free(&t->fresh);
}
