/*
 * Sums of numbers that are as large as a log makes them: one that does not fit becomes the largest, or the lowest, that does. None
 * is INT64_MIN, which stands for no number; nor may what they are made of be that.
 */
#ifndef BASE_SATURATE_H
#define BASE_SATURATE_H

#include <stdint.h>

static inline int64_t saturate_add(int64_t a, int64_t b)
{
    int64_t sum;
    if (__builtin_add_overflow(a, b, &sum) || (b < 0 && sum == INT64_MIN))
        return b < 0 ? -INT64_MAX : INT64_MAX;
    return sum;
}

static inline int64_t saturate_subtract(int64_t a, int64_t b)
{
    int64_t difference;
    if (__builtin_sub_overflow(a, b, &difference) || (b > 0 && difference == INT64_MIN))
        return b > 0 ? -INT64_MAX : INT64_MAX;
    return difference;
}

#endif
