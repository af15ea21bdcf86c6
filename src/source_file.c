/*
 * Files: read at once where the system has the bytes in memory, else ahead by two requests in worker threads. What follows them is
 * in source_follow.c.
 */
#include "src/source_file_private.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/alloc.h"

static FileSource *file_of(Source *s)
{
    return (FileSource *)s;
}

bool file_source_is_idle(const FileSource *f)
{
    bool busy = f->probe.busy;
    for (unsigned i = 0; i < CHUNKS; i++)
        busy |= f->chunks[i].busy;
    return !busy;
}

/* Descriptors of the standard streams are not ours to close. */
void file_source_close_descriptor(FileSource *f)
{
    if (f->fd > STDERR_FILENO)
        close(f->fd);
    f->fd = -1;
}

void file_source_give_back(FileSource *f)
{
    if (!file_source_is_idle(f) || f->delivering)
        return;
    file_source_close_descriptor(f);
    for (unsigned i = 0; i < CHUNKS; i++) {
        free(f->chunks[i].data);
        f->chunks[i].data = NULL;
    }
}

void file_source_finish(FileSource *f)
{
    file_source_stop_watching(f);
    source_set_state(&f->base, SOURCE_ENDED);
    file_source_give_back(f);
}

void file_source_fail(FileSource *f, int error)
{
    file_source_stop_watching(f);
    source_fail(&f->base, "cannot read", uv_strerror(error));
    file_source_give_back(f);
}

/* Reading and handing over. */

static void on_chunk(uv_fs_t *request)
{
    FileSource *f = request->data;
    Source *s = &f->base;
    ((Chunk *)request)->busy = false;
    uv_fs_req_cleanup(request);
    if (s->closing || source_is_over(s))
        file_source_give_back(f);
    else
        source_wake(s);
    source_release(s);
}

/* Fills the chunk without waiting for a disk or a server; false when a worker thread must. */
static bool read_at_once(const FileSource *f, Chunk *c)
{
#ifdef RWF_NOWAIT
    struct iovec buf = {c->data, CHUNK_BYTES};
    c->request.result = f->sequential ? -1 : preadv2(f->fd, &buf, 1, (off_t)f->ahead, RWF_NOWAIT);
    return c->request.result >= 0;
#else
    (void)f;
    (void)c;
    return false;
#endif
}

static void add_request(FileSource *f)
{
    f->used++;
    f->ahead += CHUNK_BYTES;
}

static void request_chunk(FileSource *f)
{
    Chunk *c = &f->chunks[(f->first + f->used) % CHUNKS];
    if (!c->data)
        c->data = alloc_pages(CHUNK_BYTES);
    c->at = 0;
    c->stale = false;
    if (read_at_once(f, c)) {
        add_request(f);
        source_wake(&f->base);
        return;
    }
    c->request.data = f;
    uv_buf_t buf = uv_buf_init(c->data, CHUNK_BYTES);
    int64_t offset = f->sequential ? -1 : (int64_t)f->ahead;
    int error = uv_fs_read(f->base.loop, &c->request, f->fd, &buf, 1, offset, on_chunk);
    if (error) {
        file_source_fail(f, error);
        return;
    }
    c->busy = true;
    add_request(f);
    source_hold(&f->base);
}

/* Keeps all chunks busy as far as there is something to read. */
static void request_ahead(FileSource *f)
{
    while (f->used < CHUNKS && f->ahead < f->base.size && !f->sequential && !source_is_over(&f->base))
        request_chunk(f);
}

static void release_chunk(FileSource *f)
{
    f->first = (f->first + 1) % CHUNKS;
    f->used--;
}

/* What was requested ahead is not what comes next. */
static void rewind_requests(FileSource *f)
{
    for (unsigned i = 0; i < f->used; i++)
        f->chunks[(f->first + i) % CHUNKS].stale = true;
    f->ahead = f->base.position;
}

/* Hands over the next piece of `c`. */
static void deliver_piece(FileSource *f, Chunk *c, size_t len)
{
    const char *piece = c->data + c->at;
    size_t size = source_piece(&f->base, len - c->at);
    c->at += size;
    signature_take_head(&f->head, f->base.position, piece, size);
    signature_take_tail(&f->tail, f->base.position, piece, size);
    source_deliver(&f->base, piece, size);
}

/* Hands over what is left of `c`; false when it must stop before the end. */
static bool deliver_chunk(FileSource *f, Chunk *c, size_t len)
{
    Source *s = &f->base;
    bool going = true;
    f->delivering = true;
    while (going && c->at < len) {
        deliver_piece(f, c, len);
        going = !s->closing && !s->paused && !source_is_over(s) && !source_over_budget(s);
    }
    f->delivering = false;
    if (source_is_over(s))
        file_source_give_back(f);
    return !s->closing && !source_is_over(s) && c->at == len;
}

/* Uses up the oldest chunk; false when that has to go on later. */
static bool take_chunk(FileSource *f)
{
    Source *s = &f->base;
    Chunk *c = &f->chunks[f->first];
    ssize_t result = c->request.result;
    if (!c->stale && result > 0 && !deliver_chunk(f, c, (size_t)result))
        return false;
    release_chunk(f);
    if (c->stale)
        return true;
    if (result < 0)
        file_source_fail(f, (int)result);
    if (result < CHUNK_BYTES && !f->sequential)
        rewind_requests(f);
    if (result == 0) {
        s->size = s->position;
        f->at_end = true;
    }
    return result >= 0;
}

/* Nothing is read ahead: what next? */
static void go_on(FileSource *f)
{
    const Source *s = &f->base;
    bool caught_up = s->state == SOURCE_FOLLOWING && s->position >= s->size;
    if (f->at_end || caught_up)
        file_source_reach_end(f);
    else
        request_chunk(f);
}

static void file_turn(Source *s)
{
    FileSource *f = file_of(s);
    if (s->state == SOURCE_OPENING)
        source_set_state(s, SOURCE_LOADING);
    if (s->paused || f->probe.busy)
        return;
    if (f->used && !f->chunks[f->first].busy) { /* one a turn: signals and keys come in between */
        take_chunk(f);
        if (s->closing || s->paused || source_is_over(s))
            return;
        request_ahead(f);
    }
    if (!f->used)
        go_on(f);
    else if (!f->chunks[f->first].busy)
        source_wake(s);
}

/* The kind. */

static void file_paused(Source *s)
{
    if (!s->paused)
        source_wake(s);
}

static void file_interrupt(Source *s)
{
    file_source_finish(file_of(s));
}

static void file_close(Source *s)
{
    FileSource *f = file_of(s);
    file_source_stop_watching(f);
    for (int i = 0; i < CHUNKS; i++)
        if (f->chunks[i].busy)
            uv_cancel((uv_req_t *)&f->chunks[i].request);
    if (f->probe.busy)
        uv_cancel((uv_req_t *)&f->probe.work);
    for (int i = 0; i < WATCHES; i++)
        source_drop(s, &f->watches[i]);
    source_drop(s, &f->poll);
}

static void file_free(Source *s)
{
    FileSource *f = file_of(s);
    file_source_give_back(f);
    for (int i = 0; i < WATCHES; i++)
        free(f->watched[i]);
    free(f->path);
}

static const SourceKind file_kind = {
    .turn = file_turn,
    .paused = file_paused,
    .interrupt = file_interrupt,
    .stop = file_interrupt,
    .close = file_close,
    .free = file_free,
};

int source_file_dup(const Source *s)
{
    const FileSource *f = (const FileSource *)s;
    return s->kind == &file_kind && !f->sequential && f->fd >= 0 ? fcntl(f->fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1) : -1;
}

/* Takes over `path`, which may be NULL. */
Source *source_new_file(uv_loop_t *loop, int fd, const char *name, char *path, uint64_t size, SourceOptions options,
                        SourceEvents events)
{
    FileSource *f = alloc_zeroed(1, sizeof *f);
    Source *s = &f->base;
    source_init(s, &file_kind, loop, name, options, events);
    off_t offset = size == SOURCE_SIZE_UNKNOWN ? -1 : lseek(fd, 0, SEEK_CUR);
    f->fd = fd;
    f->path = path;
    f->sequential = offset < 0;
    f->probe.next = -1;
    s->position = f->ahead = f->sequential ? 0 : (uint64_t)offset;
    s->size = size;
    for (int i = 0; i < WATCHES; i++) {
        uv_fs_event_init(loop, &f->watches[i]);
        source_adopt(s, &f->watches[i]);
    }
    uv_timer_init(loop, &f->poll);
    source_adopt(s, &f->poll);
    return s;
}
