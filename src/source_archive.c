/*
 * Compressed logs and archives: unpacked in a worker thread, one block ahead of what is handed over.
 *
 * A regular file is read by the worker itself, which may seek: a zip's list of members stands at its end. All else is read on the
 * loop by the source that was there before, into a queue from which the worker takes; the queue's room is the back-pressure.
 */
#include "src/source_private.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buffer.h"
#include "src/unpack.h"

enum {
    BLOCKS = 2,
    BLOCK_BYTES = 256 << 10,
    WINDOW_BYTES = 64 << 10,
    QUEUE_BYTES = 512 << 10,
    QUEUE_FULL = 256 << 10, /* reading stops: one more piece of a source still has room */
};

/* What one turn of the worker made. */
typedef struct Block {
    char *data; /* BLOCK_BYTES */
    size_t at;  /* handed over already */
    UnpackPiece piece;
    char *text; /* the piece's name or text */
    uint64_t position;
} Block;

/* Packed bytes on their way from the loop to the worker. */
typedef struct Queue {
    uv_mutex_t mutex;
    uv_cond_t news;
    char *ring; /* QUEUE_BYTES */
    size_t first;
    size_t len;
    uint64_t taken;
    bool at_end;
    bool full;      /* the loop waits for room */
    bool cancelled; /* the worker shall come to its end; `room` is not to be used any more */
} Queue;

typedef struct ArchiveSource {
    Source base;
    SourceArchiveEvents more;
    Source *packed;     /* gives the packed bytes; NULL for a file and once they were all read */
    int fd;             /* of a file; -1: none */
    uint64_t base_at;   /* where the file's content begins for us */
    uint64_t at;        /* the worker's, in the file */
    int error;          /* the worker's: libuv's, why the file could not be read on */
    char *window;       /* the worker's */
    Unpacker *unpacker; /* the worker's while it works */
    uv_work_t work;
    uv_async_t room;
    Block *making; /* what the worker fills; NULL: it rests */
    bool delivering;
    bool complete; /* all that can be read was handed over; what is still packed is not needed */
    bool failed;   /* ... and that is nothing, because of `failure` */
    char *failure;
    Block blocks[BLOCKS];
    unsigned first; /* the oldest block that is ready */
    unsigned used;  /* how many are */
    Queue queue;
} ArchiveSource;

static ArchiveSource *archive_of(Source *s)
{
    return (ArchiveSource *)s;
}

/* In the worker. */

static bool is_cancelled(ArchiveSource *a)
{
    uv_mutex_lock(&a->queue.mutex);
    bool cancelled = a->queue.cancelled;
    uv_mutex_unlock(&a->queue.mutex);
    return cancelled;
}

static size_t read_file(void *ctx, const char **data)
{
    ArchiveSource *a = ctx;
    ssize_t n;
    if (is_cancelled(a))
        return 0;
    do
        n = pread(a->fd, a->window, WINDOW_BYTES, (off_t)(a->base_at + a->at));
    while (n < 0 && errno == EINTR);
    if (n < 0)
        a->error = uv_translate_sys_error(errno);
    *data = a->window;
    a->at += n > 0 ? (uint64_t)n : 0;
    return n > 0 ? (size_t)n : 0;
}

static void seek_file(void *ctx, uint64_t offset)
{
    archive_of(ctx)->at = offset;
}

static size_t take(Queue *q, char *window)
{
    size_t len = q->len < WINDOW_BYTES ? q->len : WINDOW_BYTES;
    if (len > QUEUE_BYTES - q->first)
        len = QUEUE_BYTES - q->first;
    memcpy(window, q->ring + q->first, len);
    q->first = (q->first + len) % QUEUE_BYTES;
    q->len -= len;
    q->taken += len;
    return len;
}

static size_t read_queue(void *ctx, const char **data)
{
    ArchiveSource *a = ctx;
    Queue *q = &a->queue;
    size_t len = 0;
    uv_mutex_lock(&q->mutex);
    while (!q->len && !q->at_end && !q->cancelled)
        uv_cond_wait(&q->news, &q->mutex);
    if (!q->cancelled) {
        len = take(q, a->window);
        if (q->full)
            uv_async_send(&a->room);
    }
    uv_mutex_unlock(&q->mutex);
    *data = a->window;
    return len;
}

static uint64_t position_now(ArchiveSource *a)
{
    if (a->fd >= 0)
        return a->at;
    uv_mutex_lock(&a->queue.mutex);
    uint64_t taken = a->queue.taken;
    uv_mutex_unlock(&a->queue.mutex);
    return taken;
}

static void on_work(uv_work_t *work)
{
    ArchiveSource *a = work->data;
    Block *b = a->making;
    unpack_next(a->unpacker, b->data, BLOCK_BYTES, &b->piece);
    const char *text = b->piece.name ? b->piece.name : b->piece.text;
    free(b->text);
    b->text = text ? alloc_text(text, strlen(text)) : NULL;
    b->at = 0;
    b->position = position_now(a);
}

/* On the loop. */

/* The worker does not wait any more, and wakes nobody. */
static void cancel(ArchiveSource *a)
{
    uv_mutex_lock(&a->queue.mutex);
    a->queue.cancelled = true;
    uv_cond_signal(&a->queue.news);
    uv_mutex_unlock(&a->queue.mutex);
}

/* Gives back early what is not needed once it is over. */
static void give_back(ArchiveSource *a)
{
    if (a->making || a->delivering)
        return;
    unpack_free(a->unpacker);
    a->unpacker = NULL;
    for (int i = 0; i < BLOCKS; i++) {
        free(a->blocks[i].data);
        free(a->blocks[i].text);
        a->blocks[i] = (Block){0};
    }
    free(a->window);
    free(a->queue.ring);
    a->window = a->queue.ring = NULL;
    if (a->fd >= 0)
        close(a->fd);
    a->fd = -1;
}

static void tell(ArchiveSource *a, const char *text)
{
    Buffer sentence = {0};
    buffer_printf(&sentence, "%s: %s", a->base.name, text);
    a->more.problem(a->base.events.ctx, &a->base, buffer_text(&sentence));
    buffer_free(&sentence);
}

/* An input that broke off is the reason for whatever else is wrong. */
static const char *input_error(const ArchiveSource *a)
{
    if (a->error)
        return uv_strerror(a->error);
    return a->packed && a->packed->state == SOURCE_FAILED ? "reading it failed" : NULL;
}

static void settle(ArchiveSource *a)
{
    Source *s = &a->base;
    const char *error = input_error(a);
    if (a->failed)
        source_fail(s, "cannot read", error ? error : a->failure);
    else if (error)
        tell(a, error);
    source_set_state(s, SOURCE_ENDED);
    give_back(a);
}

/*
 * The last packed bytes may not be needed for what they hold; but the command that writes them into a pipe shall not be broken off,
 * and a copy shall have them.
 */
static void complete(ArchiveSource *a, const Block *b)
{
    a->complete = true;
    a->failed = b->text != NULL;
    a->failure = b->text ? alloc_text(b->text, strlen(b->text)) : NULL;
    if (a->packed && !source_is_over(a->packed))
        source_resume(a->packed);
    else
        settle(a);
}

static void on_worked(uv_work_t *work, int status)
{
    ArchiveSource *a = work->data;
    Source *s = &a->base;
    a->making = NULL;
    if (status == 0)
        a->used++;
    if (s->closing || source_is_over(s))
        give_back(a);
    else
        source_wake(s);
    source_release(s);
}

/* Keeps the worker busy as long as a block is free. */
static void work_on(ArchiveSource *a)
{
    if (a->making || a->complete || a->used == BLOCKS)
        return;
    Block *b = &a->blocks[(a->first + a->used) % BLOCKS];
    if (!b->data)
        b->data = alloc_bytes(BLOCK_BYTES);
    a->making = b;
    int error = uv_queue_work(a->base.loop, &a->work, on_work, on_worked);
    if (!error) {
        source_hold(&a->base);
        return;
    }
    a->making = NULL;
    source_fail(&a->base, "cannot read", uv_strerror(error));
    give_back(a);
}

static bool may_go_on(const Source *s)
{
    return !s->closing && !s->paused && !source_is_over(s);
}

static void deliver_piece(ArchiveSource *a, Block *b)
{
    Source *s = &a->base;
    const char *piece = b->data + b->at;
    size_t size = source_piece(s, b->piece.len - b->at);
    bool begins = b->piece.begins && !b->at;
    s->position = b->position;
    if (begins)
        a->more.log(s->events.ctx, s, b->text);
    b->at += size;
    source_hand_over(s, piece, size);
}

/* Hands over what is left of `b`; false when it must stop before the end. */
static bool deliver_block(ArchiveSource *a, Block *b)
{
    Source *s = &a->base;
    bool going = true;
    while (going && b->at < b->piece.len) {
        deliver_piece(a, b);
        going = may_go_on(s) && !source_over_budget(s);
    }
    return b->at == b->piece.len;
}

/* Uses up the oldest block; false when that has to go on later. */
static bool take_block(ArchiveSource *a)
{
    Block *b = &a->blocks[a->first];
    if (b->piece.step == UNPACK_BYTES && !deliver_block(a, b))
        return false;
    if (b->piece.step == UNPACK_PROBLEM)
        tell(a, b->text);
    if (b->piece.step == UNPACK_END)
        complete(a, b);
    a->first = (a->first + 1) % BLOCKS;
    a->used--;
    return true;
}

static void archive_turn(Source *s)
{
    ArchiveSource *a = archive_of(s);
    if (s->state == SOURCE_OPENING)
        source_set_state(s, SOURCE_LOADING);
    bool going = !s->paused && !a->complete;
    a->delivering = true;
    while (going && a->used) {
        going = take_block(a) && may_go_on(s) && !a->complete && !source_over_budget(s);
        if (may_go_on(s))
            work_on(a);
    }
    a->delivering = false;
    if (s->closing || source_is_over(s)) {
        give_back(a);
        return;
    }
    if (s->paused || a->complete)
        return;
    work_on(a);
    if (a->used)
        source_wake(s);
}

/* The packed bytes that the loop reads. */

static void enqueue(ArchiveSource *a, const char *data, size_t len)
{
    Queue *q = &a->queue;
    uv_mutex_lock(&q->mutex);
    size_t at = (q->first + q->len) % QUEUE_BYTES, behind = QUEUE_BYTES - at;
    memcpy(q->ring + at, data, len < behind ? len : behind);
    if (len > behind)
        memcpy(q->ring, data + behind, len - behind);
    q->len += len;
    q->full = q->len >= QUEUE_FULL;
    bool full = q->full;
    uv_cond_signal(&q->news);
    uv_mutex_unlock(&q->mutex);
    if (full)
        source_pause(a->packed);
}

static void on_room(uv_async_t *room)
{
    ArchiveSource *a = room->data;
    Queue *q = &a->queue;
    if (a->base.closing || !a->packed)
        return;
    uv_mutex_lock(&q->mutex);
    bool resume = q->full && q->len < QUEUE_FULL;
    q->full &= !resume;
    uv_mutex_unlock(&q->mutex);
    if (resume)
        source_resume(a->packed);
}

static void on_packed_bytes(void *ctx, Source *packed, const char *data, size_t len)
{
    ArchiveSource *a = ctx;
    if (a->more.packed)
        a->more.packed(a->base.events.ctx, &a->base, data, len);
    if (a->base.closing || source_is_over(&a->base))
        return;
    a->base.size = packed->size;
    if (!a->complete)
        enqueue(a, data, len);
}

static void on_packed_restarted(void *ctx, Source *packed, SourceRestart why)
{
    (void)ctx, (void)packed, (void)why;
}

static void on_packed_changed(void *ctx, Source *packed)
{
    ArchiveSource *a = ctx;
    if (!source_is_over(packed) || a->base.closing || source_is_over(&a->base))
        return;
    uv_mutex_lock(&a->queue.mutex);
    a->queue.at_end = true;
    uv_cond_signal(&a->queue.news);
    uv_mutex_unlock(&a->queue.mutex);
    if (a->complete)
        settle(a);
}

/* The kind. */

static void archive_paused(Source *s)
{
    if (!s->paused)
        source_wake(s);
}

static void archive_interrupt(Source *s)
{
    ArchiveSource *a = archive_of(s);
    cancel(a);
    source_close(a->packed);
    a->packed = NULL;
    source_set_state(s, SOURCE_ENDED);
    give_back(a);
}

static void archive_close(Source *s)
{
    ArchiveSource *a = archive_of(s);
    cancel(a);
    if (a->making)
        uv_cancel((uv_req_t *)&a->work);
    source_close(a->packed);
    a->packed = NULL;
    source_drop(s, &a->room);
}

static void archive_free(Source *s)
{
    ArchiveSource *a = archive_of(s);
    give_back(a);
    free(a->failure);
    uv_cond_destroy(&a->queue.news);
    uv_mutex_destroy(&a->queue.mutex);
}

static const SourceKind archive_kind = {
    .turn = archive_turn,
    .paused = archive_paused,
    .interrupt = archive_interrupt,
    .stop = archive_interrupt,
    .close = archive_close,
    .free = archive_free,
};

/* Opening. */

static void read_from_file(ArchiveSource *a, Source *packed)
{
    a->base_at = packed->position - packed->bytes;
    a->base.size = packed->size - a->base_at;
    source_close(packed);
}

static void read_from_source(ArchiveSource *a, Source *packed, const char *head, size_t len)
{
    a->packed = packed;
    a->base.size = packed->size;
    a->queue.ring = alloc_bytes(QUEUE_BYTES);
    packed->options.follow = false;
    packed->events = (SourceEvents){a, on_packed_bytes, on_packed_restarted, on_packed_changed};
    enqueue(a, head, len);
}

Source *source_unpack(Source *packed, const char *head, size_t len, SourceEvents events, SourceArchiveEvents more)
{
    ArchiveSource *a = alloc_zeroed(1, sizeof *a);
    Source *s = &a->base;
    source_init(s, &archive_kind, packed->loop, packed->name, packed->options, events);
    a->more = more;
    a->fd = more.packed ? -1 : source_file_dup(packed);
    a->window = alloc_pages(WINDOW_BYTES);
    a->work.data = a;
    uv_mutex_init(&a->queue.mutex);
    uv_cond_init(&a->queue.news);
    uv_async_init(s->loop, &a->room, on_room);
    source_adopt(s, &a->room);
    if (a->fd >= 0)
        read_from_file(a, packed);
    else
        read_from_source(a, packed, head, len);
    UnpackInput input = {a, a->fd >= 0 ? read_file : read_queue, a->fd >= 0 ? seek_file : NULL, s->size};
    a->unpacker = unpack_new(input, unpack_limits);
    if (!a->unpacker) {
        source_close(a->packed);
        a->packed = NULL;
        source_fail(s, "cannot read", "funcmem was built without libarchive; unpack it first");
    }
    return s;
}
