#include "model/series.h"

void series_push(Series *s, Mib value, unsigned decimals)
{
    vec_push(&s->values, value);
    if (value == MIB_NONE)
        return;
    bool first = s->high == MIB_NONE;
    s->low = first || value < s->low ? value : s->low;
    s->high = value > s->high ? value : s->high;
    s->decimals = decimals > s->decimals ? decimals : s->decimals;
}

void series_bucket(const Series *s, size_t count, Mib *buckets)
{
    size_t len = s->values.len;
    for (size_t i = 0; i < count; i++) {
        size_t from = i * len / count, to = (i + 1) * len / count;
        buckets[i] = MIB_NONE;
        for (size_t k = from; k < len && (k < to || k == from); k++)
            if (s->values.items[k] > buckets[i])
                buckets[i] = s->values.items[k];
    }
}

void series_clear(Series *s)
{
    s->values.len = 0;
    s->low = s->high = MIB_NONE;
    s->decimals = 0;
}

void series_free(Series *s)
{
    vec_free(&s->values);
}
