/* Which lines of one text are which lines of another, though some came, went, moved down or were edited in between. */
#ifndef MODEL_ALIGN_H
#define MODEL_ALIGN_H

#include "base/span.h"
#include "base/vec.h"

typedef struct AlignLine {
    uint32_t number; /* in its file */
    Span text;
} AlignLine;

#define ALIGN_NONE SIZE_MAX

/* A line of the one and of the other, by index; ALIGN_NONE where a line stands only on one side. */
typedef struct AlignPair {
    size_t a, b;
} AlignPair;

typedef VEC(AlignPair) AlignPairs;

/*
 * Appends to `pairs` all lines of both, in their order, those together that are the same: by their texts, in which white space does not
 * count (a longest common subsequence); between those and `by_number`, lines that are as far from the line before them in both, as one
 * is that was edited. Lines ascend on both sides. Texts that are too long for this (some thousand lines that differ) go by number alone.
 */
void align_lines(const AlignLine *a, size_t a_count, const AlignLine *b, size_t b_count, bool by_number, AlignPairs *pairs);

#endif
