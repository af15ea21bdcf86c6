/* Binary search in anything that is in order. */
#ifndef BASE_PARTITION_POINT_H
#define BASE_PARTITION_POINT_H

#include <stddef.h>

/*
 * Sets `at`, a size_t, to the first index below `len` for which the expression `before`, in which `at` stands, is false; to `len`
 * where it is true for all. It must be true for none behind one for which it is false.
 */
#define PARTITION_POINT(at, len, before)           \
    do {                                           \
        size_t pp_low = 0, pp_high = (len);        \
        while (pp_low < pp_high) {                 \
            (at) = pp_low + (pp_high - pp_low) / 2; \
            if (before)                            \
                pp_low = (at) + 1;                 \
            else                                   \
                pp_high = (at);                    \
        }                                          \
        (at) = pp_low;                             \
    } while (0)

#endif
