#include "parsers/unordered.h"

#include <stdlib.h>

#include "parsers/profiler.h"
#include "parsers/record_copy.h"
#include "parsers/unordered_private.h"

enum {
    HELD_MAX = 256,          /* records; of more the first half is handed over */
    HELD_NS = 2000000000,    /* so long at most they are held ... */
    SETTLED_NS = 1000000000, /* ... and handed over but for those of the last second */
    WHOLE_PIECES = 32,       /* behind so many others nothing more of a report is likely to come */
    LOST_ROUNDS = 2,         /* so often it is tried to find what belongs to reports without a Filename */
    CALLS_MAX = 4096,        /* beyond it the oldest is forgotten */
    FUNCTIONS_MAX = 1000,    /* beyond it all are taken for one */
    FINE_DIGITS = 3,         /* of times that tell something: milliseconds */
    TICKS_MAX = 15,          /* less than a millisecond */
};

#define ALL UINT64_MAX
#define CLOCK_MOST (INT64_MAX / 4) /* times beyond are not known, so that no difference is too large */

typedef struct Held {
    RecordCopy copy;
    uint32_t piece; /* NO_PIECE when it is none */
} Held;

typedef VEC(Held) HeldRecords;

struct Unordered {
    UnorderedSink sink;
    Board board;
    HeldRecords held; /* in the order of the input */
    HeldRecords spare;
    size_t running; /* calls that have not ended */
    int64_t moment; /* of the latest profiler record whose time is known ... */
    int64_t ticks;  /* ... of which so many came before it */
    uint64_t given; /* ordinal of the latest piece that was handed over */
};

/* What is taken for usual before anything was learnt. */
static const SpreadGuess usual_delays = {2, {12, 16, 24, 32, 48, 40, 24, 12, 6, 3, 2, 1, 1, 1}, {6, 6, 6, 8, 8, 4, 2, 1, 1}};
static const SpreadGuess usual_lags = {32, {32, 24, 16, 8, 4, 4, 2, 2, 2, 1, 1, 1, 1, 1, 1}, {0}};
static const SpreadGuess usual_gaps[2][2] = {
    {{120, {12, 1, 1, 1, 1, 1, 1}, {12, 8, 8, 8, 6, 4, 3, 2, 1, 1, 1, 1}}, {200, {30, 1, 1, 1, 1}, {30, 1, 1, 1, 1, 1, 1}}},
    {{60, {8, 2, 2, 2, 2, 2, 2, 1}, {8, 6, 6, 6, 6, 4, 3, 2, 1, 1, 1, 1}},
     {100, {16, 2, 2, 2, 2, 2, 2, 1}, {16, 4, 4, 4, 4, 4, 2, 1}}},
};

Unordered *unordered_new(const Knowledge *knowledge, UnorderedSink sink)
{
    Unordered *u = alloc_zeroed(1, sizeof *u);
    u->sink = sink;
    u->board.knowledge = knowledge;
    u->board.prints = sink.prints;
    u->board.ctx = sink.ctx;
    spread_init(&u->board.delays, &usual_delays);
    spread_init(&u->board.lags, &usual_lags);
    for (int i = 0; i < 4; i++)
        spread_init(&u->board.gaps[i / 2][i % 2], &usual_gaps[i / 2][i % 2]);
    return u;
}

static void sheet_free(Sheet *sheet)
{
    vec_free(&sheet->rows);
    vec_free(&sheet->judged);
    vec_free(&sheet->fixed);
    vec_free(&sheet->alone);
    vec_free(&sheet->loose);
    buffer_free(&sheet->path);
}

static void held_free(HeldRecords *held)
{
    for (size_t i = 0; i < held->len; i++)
        record_copy_free(&held->items[i].copy);
    vec_free(held);
}

void unordered_free(Unordered *u)
{
    if (!u)
        return;
    for (size_t i = 0; i < u->board.sheets.len; i++)
        sheet_free(&u->board.sheets.items[i]);
    vec_free(&u->board.sheets);
    vec_free(&u->board.pieces);
    vec_free(&u->board.files);
    vec_free(&u->board.known);
    vec_free(&u->board.calls);
    vec_free(&u->board.printers);
    vec_free(&u->board.votes);
    for (size_t i = 0; i < u->board.functions.len; i++)
        buffer_free(&u->board.functions.items[i]);
    vec_free(&u->board.functions);
    held_free(&u->held);
    held_free(&u->spare);
    free(u);
}

/* Holding. */

static void hold(Unordered *u, const Record *record, uint32_t piece)
{
    Held held = {.piece = piece};
    if (u->spare.len)
        held = u->spare.items[--u->spare.len];
    record_copy_set(&held.copy, record);
    held.piece = piece;
    vec_push(&u->held, held);
}

static uint64_t channel_of(const Record *record)
{
    return hash_pair(hash_text(record->profiler.logger), hash_pair(hash_text(record->invocation), hash_text(record->function)));
}

static void add_sheet(Unordered *u, uint32_t filename, uint32_t first)
{
    const Piece *p = &u->board.pieces.items[first];
    vec_push(&u->board.sheets, (Sheet){.file = filename == NO_PIECE ? 0 : p->text,
                                       .channel = p->channel,
                                       .clock = p->clock,
                                       .filename = filename,
                                       .owner = NO_CALL});
}

static uint32_t order_of(const ProfilerText *text)
{
    switch (text->piece) {
    case PROFILER_RULE:
        return ORDER_RULE;
    case PROFILER_ROW:
        return text->row.line < ORDER_END - ORDER_ROWS ? ORDER_ROWS + text->row.line : ORDER_END - 1;
    case PROFILER_END:
        return ORDER_END;
    default:
        return ORDER_HEADER;
    }
}

/* The order of records that were logged in one moment tells something, too. */
static int64_t clock_of(Unordered *u, int64_t time_ns)
{
    if (time_ns <= -CLOCK_MOST || time_ns >= CLOCK_MOST)
        return u->board.clock + MS;
    u->ticks = time_ns != u->moment ? 0 : u->ticks + 1 < TICKS_MAX ? u->ticks + 1 : TICKS_MAX;
    u->moment = time_ns;
    return time_ns + u->ticks * TICK;
}

static void hold_piece(Unordered *u, const Record *record)
{
    const ProfilerText *text = &record->profiler;
    uint32_t index = (uint32_t)u->board.pieces.len;
    u->board.clock = clock_of(u, text->time_ns);
    Piece piece = {
        .number = record->number,
        .ordinal = text->ordinal,
        .clock = u->board.clock,
        .channel = channel_of(record),
        .kind = text->piece,
        .order = order_of(text),
        .sheet = NO_SHEET,
    };
    if (text->piece == PROFILER_FILENAME)
        piece.text = hash_text(text->file);
    if (text->piece == PROFILER_ROW) {
        piece.row = text->row;
        piece.row.contents = (Span){0};
        piece.text = hash_text(text->row.contents);
        piece.entry = profiler_is_entry(&text->row);
    }
    vec_push(&u->board.pieces, piece);
    hold(u, record, index);
    if (piece.kind == PROFILER_FILENAME) {
        u->board.pieces.items[index].sheet = (uint32_t)u->board.sheets.len;
        add_sheet(u, index, index);
        buffer_append_span(&vec_last(&u->board.sheets).path, text->file);
    }
}

/* Placing. */

/* A measured row up to record `last` that no report takes; an unmeasured one is far more likely a user's own text. */
static bool is_stray(const Piece *p, uint64_t last)
{
    return p->number <= last && p->kind == PROFILER_ROW && p->sheet == NO_SHEET && !p->given && p->row.measured;
}

static void begin_lost(Unordered *u, uint32_t piece)
{
    u->board.pieces.items[piece].sheet = (uint32_t)u->board.sheets.len;
    add_sheet(u, NO_PIECE, piece);
    vec_push(&vec_last(&u->board.sheets).rows, piece);
}

/* Begins reports that lack their Filename: with each entry row that is left, without any with the first row. Whether there is one.
 */
static bool begin_all_lost(Unordered *u, uint64_t last)
{
    uint32_t first = NO_PIECE;
    bool begun = false;
    for (uint32_t i = 0; i < u->board.pieces.len; i++) {
        if (!is_stray(&u->board.pieces.items[i], last))
            continue;
        first = first == NO_PIECE ? i : first;
        if (!u->board.pieces.items[i].entry)
            continue;
        begin_lost(u, i);
        begun = true;
    }
    if (begun || first == NO_PIECE)
        return begun;
    begin_lost(u, first);
    return true;
}

/* No row is lost, though nothing may be known of what it belongs to. */
static void place_strays(Unordered *u, uint64_t last)
{
    int rounds = 0;
    while (rounds++ < LOST_ROUNDS && begin_all_lost(u, last))
        unordered_search(&u->board);
    for (uint32_t i = 0; i < u->board.pieces.len; i++)
        if (is_stray(&u->board.pieces.items[i], last))
            begin_lost(u, i);
}

/* Handing over. */

static const Record *record_of(const Unordered *u, uint32_t piece)
{
    for (size_t i = 0; i < u->held.len; i++)
        if (u->held.items[i].piece == piece)
            return &u->held.items[i].copy.record;
    return NULL;
}

static void give_piece(Unordered *u, Held *held)
{
    Board *b = &u->board;
    Piece *p = &b->pieces.items[held->piece];
    p->given = true;
    u->given = p->ordinal;
    if (p->sheet == NO_SHEET)
        return;
    Sheet *s = &b->sheets.items[p->sheet];
    if (s->closed && p->kind != PROFILER_ROW)
        return;
    if (!s->report) {
        const Record *filename = s->filename == NO_PIECE ? NULL : record_of(u, s->filename);
        s->report = u->sink.begin(u->sink.ctx, filename ? filename : &held->copy.record);
        s->report->report.gap |= s->closed; /* its first rows went out in another report */
        s->closed = false;
    }
    held->copy.record.profiler.contested = p->contested;
    u->sink.piece(u->sink.ctx, s->report, &held->copy.record);
}

/* Whether it ended, or its call did, or many others were written since: more is hardly to come. */
static bool seems_whole(const Unordered *u, const Sheet *s)
{
    const Board *b = &u->board;
    if (!s->report || s->closed)
        return false;
    uint64_t last = 0;
    bool has_entry = false;
    for (size_t i = 0; i < s->rows.len; i++) {
        const Piece *p = &b->pieces.items[s->rows.items[i]];
        if (!p->given || (p->contested && p->row.measured))
            return false;
        last = p->ordinal > last ? p->ordinal : last;
        has_entry |= p->entry;
    }
    return has_entry && (u->given > last + WHOLE_PIECES || b->pieces.items[vec_last(&s->rows)].kind == PROFILER_END ||
                         (s->owner != NO_CALL && b->calls.items[s->owner].ended != UINT64_MAX));
}

static void note_whole(Unordered *u)
{
    for (size_t i = 0; i < u->board.sheets.len; i++)
        if (seems_whole(u, &u->board.sheets.items[i]))
            u->sink.whole(u->sink.ctx, u->board.sheets.items[i].report);
}

/* Forgets reports that are closed, and fills in where each of the others is then. */
static void tidy_sheets(Board *b, uint32_t *places)
{
    size_t kept = 0;
    for (size_t i = 0; i < b->sheets.len; i++) {
        Sheet *s = &b->sheets.items[i];
        places[i] = s->closed ? NO_SHEET : (uint32_t)kept;
        if (s->closed) {
            unordered_learn(b, s);
            sheet_free(s);
        } else {
            b->sheets.items[kept++] = *s;
        }
    }
    b->sheets.len = kept;
}

/* The same for pieces that are of no use any more. */
static void tidy_pieces(Board *b, const uint32_t *sheets, uint32_t *places)
{
    size_t kept = 0;
    for (size_t i = 0; i < b->pieces.len; i++) {
        Piece *p = &b->pieces.items[i];
        p->sheet = p->sheet == NO_SHEET ? NO_SHEET : sheets[p->sheet];
        bool useless = p->given && p->sheet == NO_SHEET;
        places[i] = useless ? NO_PIECE : (uint32_t)kept;
        if (!useless)
            b->pieces.items[kept++] = *p;
    }
    b->pieces.len = kept;
}

/* Pieces are handed over in the order of the board. */
static size_t count_given(const Board *b)
{
    size_t count = 0;
    while (count < b->pieces.len && b->pieces.items[count].given)
        count++;
    return count;
}

static void tidy(Unordered *u)
{
    Board *b = &u->board;
    uint32_t *sheets = alloc_zeroed(b->sheets.len + 1, sizeof *sheets), *pieces = alloc_zeroed(b->pieces.len + 1, sizeof *pieces);
    tidy_sheets(b, sheets);
    tidy_pieces(b, sheets, pieces);
    u->board.waiting = count_given(b);
    for (size_t i = 0; i < b->sheets.len; i++) {
        Sheet *s = &b->sheets.items[i];
        s->filename = s->filename == NO_PIECE ? NO_PIECE : pieces[s->filename];
        for (size_t j = 0; j < s->rows.len; j++)
            s->rows.items[j] = pieces[s->rows.items[j]];
    }
    for (size_t i = 0; i < u->held.len; i++)
        if (u->held.items[i].piece != NO_PIECE)
            u->held.items[i].piece = pieces[u->held.items[i].piece];
    free(sheets);
    free(pieces);
}

/* Hands over what is held up to record `last`. */
static void hand_over(Unordered *u, uint64_t last)
{
    size_t count = 0;
    unordered_search(&u->board);
    place_strays(u, last);
    for (; count < u->held.len && u->held.items[count].copy.record.number <= last; count++) {
        Held *held = &u->held.items[count];
        if (held->piece == NO_PIECE)
            u->sink.record(u->sink.ctx, &held->copy.record);
        else
            give_piece(u, held);
    }
    for (size_t i = 0; i < count; i++)
        vec_push(&u->spare, u->held.items[i]);
    u->held.len -= count;
    if (count)
        memmove(u->held.items, u->held.items + count, u->held.len * sizeof *u->held.items);
    note_whole(u);
    tidy(u);
}

void unordered_settle(Unordered *u)
{
    if (u->held.len)
        hand_over(u, ALL);
}

/* So much is held that the older part of it must go on. */
static void hand_over_older(Unordered *u)
{
    const Board *b = &u->board;
    if (u->held.len >= HELD_MAX) {
        hand_over(u, u->held.items[HELD_MAX / 2].copy.record.number);
        return;
    }
    if (u->board.waiting == b->pieces.len || b->clock - b->pieces.items[u->board.waiting].clock < HELD_NS)
        return;
    uint64_t last = 0;
    for (size_t i = 0; i < b->pieces.len; i++)
        if (b->pieces.items[i].clock <= b->clock - SETTLED_NS)
            last = b->pieces.items[i].number;
    hand_over(u, last);
}

void unordered_forget(Unordered *u, const OpenReport *report)
{
    for (size_t i = 0; i < u->board.sheets.len; i++)
        if (u->board.sheets.items[i].report == report) {
            u->board.sheets.items[i].report = NULL;
            u->board.sheets.items[i].closed = true;
        }
}

/* Invocations. */

/* Those that ended before all that is to be placed; and the oldest ones where there are very many. */
static void forget_calls(Unordered *u)
{
    Board *b = &u->board;
    uint64_t first = b->pieces.len ? b->pieces.items[0].number : UINT64_MAX;
    uint32_t *places = alloc_zeroed(b->calls.len + 1, sizeof *places);
    size_t kept = 0;
    for (size_t i = 0; i < b->calls.len; i++) {
        Call call = b->calls.items[i];
        bool many = b->calls.len - i >= CALLS_MAX;
        places[i] = NO_CALL;
        if (call.ended < first || many) {
            u->running -= call.ended == UINT64_MAX;
            continue;
        }
        places[i] = (uint32_t)kept;
        b->calls.items[kept++] = call;
    }
    b->calls.len = kept;
    for (size_t i = 0; i < b->sheets.len; i++)
        if (b->sheets.items[i].owner != NO_CALL)
            b->sheets.items[i].owner = places[b->sheets.items[i].owner];
    free(places);
}

static void forget_all_calls(Unordered *u)
{
    u->board.calls.len = u->running = 0;
    for (size_t i = 0; i < u->board.sheets.len; i++)
        u->board.sheets.items[i].owner = NO_CALL;
}

static uint32_t function_named(Unordered *u, Span name)
{
    Board *b = &u->board;
    for (uint32_t i = 0; i < b->functions.len; i++)
        if (span_eq(buffer_span(&b->functions.items[i]), name))
            return i;
    if (b->functions.len < FUNCTIONS_MAX) {
        vec_push(&b->functions, (Buffer){0});
        buffer_append_span(&vec_last(&b->functions), name);
    }
    return (uint32_t)b->functions.len - 1;
}

static void call_begins(Unordered *u, const Record *record)
{
    if (!u->running)
        unordered_settle(u); /* what came late has come by now */
    forget_calls(u);
    u->running++;
    vec_push(&u->board.calls, (Call){
                                  .id = hash_text(record->host.id),
                                  .began = record->number,
                                  .ended = UINT64_MAX,
                                  .ended_clock = INT64_MAX,
                                  .function = function_named(u, record->host.function),
                              });
}

static void call_ends(Unordered *u, const Record *record)
{
    uint64_t id = hash_text(record->host.id);
    for (size_t i = 0; i < u->board.calls.len; i++) {
        Call *call = &u->board.calls.items[i];
        if (call->id != id || call->ended != UINT64_MAX)
            continue;
        call->ended = record->number;
        Moment time = record_time(record);
        bool fine = time.digits >= FINE_DIGITS && time.ns > u->board.clock && time.ns < CLOCK_MOST;
        call->ended_clock = fine ? time.ns : u->board.clock;
        u->running--;
        return;
    }
}

void unordered_record(Unordered *u, const Record *record)
{
    switch (record->kind) {
    case RECORD_PROFILER:
        hold_piece(u, record);
        hand_over_older(u);
        return;
    case RECORD_EXECUTING:
        call_begins(u, record);
        break;
    case RECORD_EXECUTED:
        call_ends(u, record);
        break;
    case RECORD_WORKER_STARTED:
    case RECORD_WORKER_EXITED:
    case RECORD_HOST_VERSION:
        unordered_settle(u);
        forget_all_calls(u);
        break;
    default:
        break;
    }
    if (!u->held.len) {
        u->sink.record(u->sink.ctx, record);
        return;
    }
    hold(u, record, NO_PIECE);
    hand_over_older(u);
}
