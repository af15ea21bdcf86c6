/*
 * A growable array of any type: `VEC(Row) rows = {0};`. The owner of the struct owns the items and ends it with vec_free().
 * Pointers into `items` are valid until the next push.
 */
#ifndef BASE_VEC_H
#define BASE_VEC_H

#include <stdlib.h>

#include "base/alloc.h"

#define VEC(T)      \
    struct {        \
        T *items;   \
        size_t len; \
        size_t cap; \
    }

/* Makes room for `extra` more items. */
#define vec_reserve(v, extra)                                                   \
    do {                                                                        \
        if ((v)->len + (extra) > (v)->cap) {                                    \
            size_t vec_cap = (v)->cap ? (v)->cap * 2 : 8;                       \
            while (vec_cap < (v)->len + (extra))                                \
                vec_cap *= 2;                                                   \
            (v)->items = alloc_resize((v)->items, vec_cap, sizeof *(v)->items); \
            (v)->cap = vec_cap;                                                 \
        }                                                                       \
    } while (0)

/* Appends a copy of `item`. */
#define vec_push(v, ...)                     \
    do {                                     \
        vec_reserve(v, 1);                   \
        (v)->items[(v)->len++] = __VA_ARGS__; \
    } while (0)

/* The last item; the vector must not be empty. */
#define vec_last(v) ((v)->items[(v)->len - 1])

/* Removes the item at `index`, keeping the order of the rest. */
#define vec_remove(v, index)                                                                                  \
    do {                                                                                                      \
        size_t vec_at = (index);                                                                              \
        memmove(&(v)->items[vec_at], &(v)->items[vec_at + 1], ((v)->len - vec_at - 1) * sizeof *(v)->items); \
        (v)->len--;                                                                                           \
    } while (0)

/* Frees the items and empties the vector. */
#define vec_free(v)         \
    do {                    \
        free((v)->items);   \
        (v)->items = NULL;  \
        (v)->len = (v)->cap = 0; \
    } while (0)

#endif
