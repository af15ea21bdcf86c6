/* The assignment problem: every row gets a column of its own, at the least total cost. */
#ifndef BASE_ASSIGNMENT_H
#define BASE_ASSIGNMENT_H

#include <stddef.h>
#include <stdint.h>

/* The cost of what must not be. Other costs, and their sum, must stay far below it in size. */
#define ASSIGNMENT_NEVER (INT64_C(1) << 56)

/*
 * Solves it for `rows` rows and at least as many columns; `costs` has a line of `columns` costs for each row, and `groups` says for
 * each column to which group it belongs. Row i gets column `chosen[i]`, and the total cost would be `margins[i]` higher if it had
 * to take one of another group: 0 when another way is as good. A margin of `enough` may be any from there on. Without `margins`
 * (NULL), `groups` is not looked at. Takes about rows x rows x columns steps, by the Hungarian method.
 */
void assignment_solve(size_t rows, size_t columns, const int64_t *costs, const size_t *groups, size_t *chosen, int64_t *margins,
                      int64_t enough);

#endif
