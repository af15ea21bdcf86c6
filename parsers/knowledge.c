#include "parsers/knowledge.h"

#include "base/attributes.h"
#include "base/partition_point.h"

enum { KNOWN_LINES_MAX = 1 << 20 }; /* more source lines than any app profiles: then a log of noise is read */

typedef struct LineKey {
    uint64_t file;
    uint32_t line;
} LineKey;

uint64_t hash_text(Span text)
{
    return hash_bytes(text.ptr, text.len, 0);
}

static bool same_line(const void *ctx, uint32_t item, const void *key)
{
    const KnownLine *known = &((const Knowledge *)ctx)->lines.items[item];
    const LineKey *k = key;
    return known->file == k->file && known->line == k->line;
}

/* `guess` is where it may stand: lines of a function are mostly learnt one after the other. */
static int64_t find_near(const Knowledge *k, uint64_t file, uint32_t line, size_t guess)
{
    LineKey key = {file, line};
    if (guess < k->lines.len && same_line(k, (uint32_t)guess, &key))
        return (int64_t)guess;
    return hash_index_find(&k->line_index, hash_pair(file, line), same_line, k, &key);
}

static int64_t find(const Knowledge *k, uint64_t file, uint32_t line)
{
    return find_near(k, file, line, SIZE_MAX);
}

static bool same_function(const void *ctx, uint32_t item, const void *key)
{
    const KnownFunction *known = &((const Knowledge *)ctx)->functions.items[item];
    const LineKey *k = key;
    return known->file == k->file && known->first_line == k->line;
}

static int64_t find_function(const Knowledge *k, uint64_t file, uint32_t first_line)
{
    LineKey key = {file, first_line};
    return hash_index_find(&k->function_index, hash_pair(file, first_line), same_function, k, &key);
}

uint32_t knowledge_last_line(const Knowledge *k, uint64_t file, uint32_t first_line)
{
    int64_t known = find_function(k, file, first_line);
    return known < 0 ? 0 : k->functions.items[known].last_line;
}

/*
 * Where a function ends: as with lines, what reports say alike is trusted more. An end record that was taken for another report's makes
 * one too short, hardly ever too long.
 */
static void learn_function(Knowledge *k, KnownFunction function)
{
    int64_t found = find_function(k, function.file, function.first_line);
    if (found >= 0) {
        KnownFunction *known = &k->functions.items[found];
        known->trust += known->last_line == function.last_line ? function.trust : -function.trust;
        if (known->trust <= 0 || known->last_line < function.last_line) {
            k->learnt += known->last_line != function.last_line;
            *known = function;
        } else if (known->trust > TRUST_MOST) {
            known->trust = TRUST_MOST;
        }
    } else if (k->functions.len < KNOWN_LINES_MAX) {
        k->learnt++;
        hash_index_add(&k->function_index, hash_pair(function.file, function.first_line), (uint32_t)k->functions.len);
        vec_push(&k->functions, function);
    }
}

static bool same_file(const void *ctx, uint32_t item, const void *key)
{
    return ((const Knowledge *)ctx)->files.items[item].file == *(const uint64_t *)key;
}

static KnownFile *find_file(const Knowledge *k, uint64_t file)
{
    int64_t known = hash_index_find(&k->file_index, hash_pair(file, 0), same_file, k, &file);
    return known < 0 ? NULL : &k->files.items[known];
}

/* Where in the list the first beginning at or behind `line` stands. */
static size_t first_beginning_from(const KnownFile *file, uint32_t line)
{
    size_t at;
    PARTITION_POINT(at, file->beginnings.len, file->beginnings.items[at] < line);
    return at;
}

void knowledge_learn_beginning(Knowledge *k, uint64_t file, uint32_t line)
{
    KnownFile *known = find_file(k, file);
    if (!known) {
        if (k->files.len == KNOWN_LINES_MAX)
            return;
        hash_index_add(&k->file_index, hash_pair(file, 0), (uint32_t)k->files.len);
        vec_push(&k->files, (KnownFile){.file = file});
        known = &vec_last(&k->files);
    }
    size_t place = first_beginning_from(known, line);
    if (place < known->beginnings.len && known->beginnings.items[place] == line)
        return;
    k->learnt++;
    vec_push(&known->beginnings, line);
    memmove(&known->beginnings.items[place + 1], &known->beginnings.items[place],
            (known->beginnings.len - 1 - place) * sizeof *known->beginnings.items);
    known->beginnings.items[place] = line;
}

uint32_t knowledge_next_beginning(const Knowledge *k, uint64_t file, uint32_t first_line)
{
    const KnownFile *known = find_file(k, file);
    size_t place = known ? first_beginning_from(known, first_line + 1) : 0;
    return known && place < known->beginnings.len ? known->beginnings.items[place] : UINT32_MAX;
}

bool knowledge_begins_between(const Knowledge *k, uint64_t file, uint32_t first_line, uint32_t line)
{
    return knowledge_next_beginning(k, file, first_line) <= line;
}

/* What reports say alike is trusted more; what contradicts it wears the trust off until it takes its place. */
static inline void hold_against(KnownLine *known, const KnownLine *line)
{
    if (known->text == line->text && known->first_line == line->first_line) {
        known->trust = known->trust + line->trust > TRUST_MOST ? TRUST_MOST : known->trust + line->trust;
        return;
    }
    known->trust -= line->trust;
    if (known->trust <= 0)
        *known = *line;
}

/* Returns where it stands. */
static size_t learn_line(Knowledge *k, const KnownLine *line, size_t guess)
{
    int64_t found = find_near(k, line->file, line->line, guess);
    if (found >= 0) {
        hold_against(&k->lines.items[found], line);
        return (size_t)found;
    }
    if (k->lines.len == KNOWN_LINES_MAX)
        return guess;
    hash_index_add(&k->line_index, hash_pair(line->file, line->line), (uint32_t)k->lines.len);
    vec_push(&k->lines, *line);
    return k->lines.len - 1;
}

/* A row of a report of the function. */
static NEVER_INLINE size_t learn_row(Knowledge *k, KnownLine *line, ParsedReport *report, size_t index, size_t guess)
{
    ParsedRow *row = &report->rows.items[index];
    Span text = parsed_report_contents(report, index);
    if (!row->listed)
        row->listed = listings_add(&k->listings, line->file, line->first_line, line->line, text);
    ListedLine *listed = row->listed ? &k->listings.lines.items[row->listed - 1] : NULL;
    line->text = listed ? listed->hash : hash_text(text);
    size_t at = learn_line(k, line, listed && listed->known_at != SIZE_MAX ? listed->known_at : guess);
    if (listed)
        listed->known_at = at;
    return at;
}

/* The same for one that is listed and known: then nothing need be looked up. False where it is not. */
static inline bool learn_listed(Knowledge *k, KnownLine *line, const ParsedRow *row, size_t *at)
{
    if (!row->listed)
        return false;
    const ListedLine *listed = &k->listings.lines.items[row->listed - 1];
    if (listed->known_at >= k->lines.len)
        return false;
    KnownLine *known = &k->lines.items[listed->known_at];
    if (known->line != line->line || known->file != line->file)
        return false;
    line->text = listed->hash;
    hold_against(known, line);
    *at = listed->known_at;
    return true;
}

void knowledge_learn(Knowledge *k, ParsedReport *report)
{
    if (!report->rows.len || !report->file.len || report->guessed)
        return;
    uint64_t file = hash_text(buffer_span(&report->file));
    uint32_t first_line = report->rows.items[0].row.line;
    int32_t trust = report->interleaved ? TRUST_MIXED : TRUST_CLEAN;
    if (!report->interleaved)
        knowledge_learn_beginning(k, file, first_line);
    if (report->dense && report->ended && !report->gap)
        learn_function(k, (KnownFunction){file, first_line, vec_last(&report->rows).row.line, trust});
    KnownLine line = {.file = file, .first_line = first_line, .trust = trust};
    size_t at = SIZE_MAX - 1;
    for (size_t i = 0; i < report->rows.len; i++) {
        line.line = report->rows.items[i].row.line;
        if (!learn_listed(k, &line, &report->rows.items[i], &at))
            at = learn_row(k, &line, report, i, at + 1);
    }
}

const KnownLine *knowledge_find(const Knowledge *k, uint64_t file, uint32_t line)
{
    int64_t known = find(k, file, line);
    return known < 0 ? NULL : &k->lines.items[known];
}

void knowledge_free(Knowledge *k)
{
    vec_free(&k->lines);
    vec_free(&k->functions);
    for (size_t i = 0; i < k->files.len; i++)
        vec_free(&k->files.items[i].beginnings);
    vec_free(&k->files);
    hash_index_free(&k->file_index);
    hash_index_free(&k->line_index);
    hash_index_free(&k->function_index);
    listings_free(&k->listings);
}
