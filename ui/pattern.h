/*
 * What a person types as a search or a filter: a regular expression (PCRE2). Letter case counts only when the pattern has an upper
 * case letter. Matching has a limit: a pattern that explodes matches nothing instead of freezing the screen.
 */
#ifndef UI_PATTERN_H
#define UI_PATTERN_H

#include "base/span.h"

typedef struct Pattern Pattern;

/* Compiles `text`. On a mistake returns NULL with one sentence for people in `*error` (NULL allowed), which the caller frees. */
Pattern *pattern_new(Span text, char **error);
void pattern_free(Pattern *pattern);

/* Whether it is found in `subject`. */
bool pattern_matches(const Pattern *pattern, Span subject);

/* The first place at or behind `*at` where a piece that is not empty is found: `*at` and `*len` in bytes. */
bool pattern_find(const Pattern *pattern, Span subject, size_t *at, size_t *len);

/* Whether it is mere text: then it is found in lines exactly where it is found in a block of them. */
bool pattern_is_plain(const Pattern *pattern);

/* As it was typed. */
Span pattern_text(const Pattern *pattern);

#endif
