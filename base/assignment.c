#include "base/assignment.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

#define NOBODY SIZE_MAX

/* What the search works on. A cost less the two potentials is never below 0, and 0 where row and column are matched. */
typedef struct Search {
    size_t rows, columns;
    const int64_t *costs;
    const size_t *groups;
    int64_t *row_potential, *column_potential;
    size_t *owner;     /* row that has the column, or NOBODY */
    int64_t *distance; /* of the cheapest way to the column ... */
    size_t *previous;  /* ... which comes from that column; NOBODY: from where the search began */
    char *reached;     /* the distance is final */
} Search;

static int64_t reduced_cost(const Search *s, size_t row, size_t column)
{
    return s->costs[row * s->columns + column] - s->row_potential[row] - s->column_potential[column];
}

static void begin_search(Search *s)
{
    for (size_t j = 0; j < s->columns; j++)
        s->distance[j] = INT64_MAX;
    memset(s->reached, 0, s->columns);
}

static size_t nearest(const Search *s)
{
    size_t best = NOBODY;
    for (size_t j = 0; j < s->columns; j++)
        if (!s->reached[j] && s->distance[j] != INT64_MAX && (best == NOBODY || s->distance[j] < s->distance[best]))
            best = j;
    return best;
}

/*
 * Looks at all ways on from `row`, which is `distance` away; `forbidden` is a group that it must not take, or NOBODY. Returns the
 * column that is nearest then, or NOBODY.
 */
static size_t relax(Search *s, size_t row, int64_t distance, size_t from, size_t forbidden)
{
    size_t best = NOBODY;
    int64_t least = INT64_MAX;
    for (size_t j = 0; j < s->columns; j++) {
        if (s->reached[j])
            continue;
        int64_t through = forbidden != NOBODY && s->groups[j] == forbidden ? INT64_MAX : distance + reduced_cost(s, row, j);
        if (through < s->distance[j]) {
            s->distance[j] = through;
            s->previous[j] = from;
        }
        if (s->distance[j] < least) {
            least = s->distance[j];
            best = j;
        }
    }
    return best;
}

/* Gives `row` a column, others moving on where that is cheaper. */
static void assign_row(Search *s, size_t row)
{
    size_t column;
    begin_search(s);
    for (column = relax(s, row, 0, NOBODY, NOBODY); s->owner[column] != NOBODY;) {
        s->reached[column] = 1;
        column = relax(s, s->owner[column], s->distance[column], column, NOBODY);
    }
    int64_t total = s->distance[column];
    s->row_potential[row] += total;
    for (size_t j = 0; j < s->columns; j++) {
        if (!s->reached[j])
            continue;
        s->row_potential[s->owner[j]] += total - s->distance[j];
        s->column_potential[j] -= total - s->distance[j];
    }
    for (size_t from; column != NOBODY; column = from) {
        from = s->previous[column];
        s->owner[column] = from == NOBODY ? row : s->owner[from];
    }
}

/* The same from a column that is free: as if it belonged to a row that may have any column for nothing. */
static void relax_free(Search *s, int64_t distance, size_t from)
{
    for (size_t j = 0; j < s->columns; j++) {
        int64_t through = s->reached[j] ? INT64_MAX : distance - s->column_potential[j];
        if (through < s->distance[j]) {
            s->distance[j] = through;
            s->previous[j] = from;
        }
    }
}

/*
 * What it costs more when `row` must leave its column's group: the cheapest round of changes that ends with somebody, or nobody,
 * taking the column that it leaves. From `enough` on it is not looked for how much more.
 */
static int64_t cost_of_leaving(Search *s, size_t row, size_t column, int64_t enough)
{
    bool freed = false;
    begin_search(s);
    for (size_t j = relax(s, row, 0, NOBODY, s->groups[column]); j != column;) {
        if (j == NOBODY)
            return ASSIGNMENT_NEVER;
        if (s->distance[j] >= enough)
            return enough;
        s->reached[j] = 1;
        if (s->owner[j] == NOBODY && !freed)
            relax_free(s, s->distance[j], j);
        freed |= s->owner[j] == NOBODY;
        j = s->owner[j] != NOBODY ? relax(s, s->owner[j], s->distance[j], j, NOBODY) : nearest(s);
    }
    return s->distance[column];
}

void assignment_solve(size_t rows, size_t columns, const int64_t *costs, const size_t *groups, size_t *chosen, int64_t *margins,
                      int64_t enough)
{
    Search s = {
        .rows = rows,
        .columns = columns,
        .costs = costs,
        .groups = groups,
        .row_potential = alloc_zeroed(rows + 1, sizeof(int64_t)),
        .column_potential = alloc_zeroed(columns + 1, sizeof(int64_t)),
        .owner = alloc_zeroed(columns + 1, sizeof(size_t)),
        .distance = alloc_zeroed(columns + 1, sizeof(int64_t)),
        .previous = alloc_zeroed(columns + 1, sizeof(size_t)),
        .reached = alloc_zeroed(columns + 1, 1),
    };
    for (size_t j = 0; j < columns; j++)
        s.owner[j] = NOBODY;
    for (size_t i = 0; i < rows; i++)
        assign_row(&s, i);
    for (size_t j = 0; j < columns; j++)
        if (s.owner[j] != NOBODY)
            chosen[s.owner[j]] = j;
    for (size_t i = 0; margins && i < rows; i++)
        margins[i] = cost_of_leaving(&s, i, chosen[i], enough);
    free(s.row_potential);
    free(s.column_potential);
    free(s.owner);
    free(s.distance);
    free(s.previous);
    free(s.reached);
}
