/*
 * Files: read at once where the system has the bytes in memory, else ahead by two requests in worker threads; followed by the
 * change events of their folder and themselves.
 *
 * At the end of a followed file a probe looks in a worker thread whether it is still the same file with the same content. A
 * change event only asks for the next probe, so that any number of events while one is under way costs one more. With no
 * event, nothing runs.
 */
#include "src/source_private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/epoll.h>
#endif

#include "base/alloc.h"
#include "base/buffer.h"

enum {
    CHUNKS = 2,
    CHUNK_BYTES = 256 << 10, /* what is copied in stays in the processor's cache until it is parsed */
    SIGNATURE_BYTES = 256,   /* by whose change a file is known to have been written over */
    POLL_MS = 1000,          /* where no change events come */
};

typedef struct FileSource FileSource;

typedef struct Chunk {
    uv_fs_t request;
    char *data;
    size_t at;  /* handed over already */
    bool busy;  /* the request is under way */
    bool stale; /* read from an offset that turned out wrong */
} Chunk;

/* The bytes last seen at `offset`. */
typedef struct Signature {
    uint64_t offset;
    size_t len;
    char bytes[SIGNATURE_BYTES];
} Signature;

/* A job for a worker thread: while it is under way the source's descriptor, position and signatures stay as they are. */
typedef struct Probe {
    uv_work_t work;
    bool busy;
    int error;      /* libuv's: the file cannot be read any more */
    int path_error; /* libuv's: nothing at the path that can be read */
    bool truncated; /* other content than was read */
    bool replaced;  /* another file is at the path ... */
    int next;       /* ... open for reading, once the old one is read to its end; else -1 */
    uint64_t size;
    uint64_t next_size;
} Probe;

typedef enum Watch {
    WATCH_FILE,
    WATCH_FOLDER, /* of the path */
    WATCH_TARGET, /* the folder that a symbolic link leads to */
    WATCH_PARENT, /* of the folder */
    WATCHES,
} Watch;

struct FileSource {
    Source base;
    int fd;
    char *path;      /* NULL: cannot be followed */
    bool sequential; /* a device without offsets */
    bool delivering; /* pieces of a chunk are being handed over */
    Chunk chunks[CHUNKS];
    unsigned first; /* the oldest chunk in use */
    unsigned used;  /* how many are */
    uint64_t ahead; /* where the next request reads */
    Signature head; /* the first bytes */
    Signature tail; /* the last ones before the position */
    Probe probe;
    bool dirty;  /* something may have changed since the last probe began */
    bool at_end; /* a request found nothing more */
    bool lost;   /* nothing at the path that can be read */
    bool rearm;  /* the watches may look at the wrong things */
    bool watching;
    bool no_events; /* the file system tells no changes that others make */
    uv_fs_event_t watches[WATCHES];
    char *watched[WATCHES];
    uv_timer_t poll;
};

static FileSource *file_of(Source *s)
{
    return (FileSource *)s;
}

/* No other thread uses its descriptor or memory. */
static bool is_idle(const FileSource *f)
{
    bool busy = f->probe.busy;
    for (unsigned i = 0; i < CHUNKS; i++)
        busy |= f->chunks[i].busy;
    return !busy;
}

/* Descriptors of the standard streams are not ours to close. */
static void close_descriptor(FileSource *f)
{
    if (f->fd > STDERR_FILENO)
        close(f->fd);
    f->fd = -1;
}

/* Gives back early what is not needed once it is over. */
static void give_back(FileSource *f)
{
    if (!is_idle(f) || f->delivering)
        return;
    close_descriptor(f);
    for (unsigned i = 0; i < CHUNKS; i++) {
        free(f->chunks[i].data);
        f->chunks[i].data = NULL;
    }
}

static void stop_watching(FileSource *f)
{
    for (int i = 0; i < WATCHES; i++)
        uv_fs_event_stop(&f->watches[i]);
    uv_timer_stop(&f->poll);
    f->watching = false;
}

static void finish(FileSource *f)
{
    stop_watching(f);
    source_set_state(&f->base, SOURCE_ENDED);
    give_back(f);
}

static void fail(FileSource *f, int error)
{
    stop_watching(f);
    source_fail(&f->base, "cannot read", uv_strerror(error));
    give_back(f);
}

/* Signatures. */

static void remember_head(Signature *head, uint64_t position, const char *data, size_t len)
{
    if (position != head->len || head->len == SIGNATURE_BYTES)
        return;
    size_t room = SIGNATURE_BYTES - head->len;
    memcpy(head->bytes + head->len, data, len < room ? len : room);
    head->len += len < room ? len : room;
}

static void remember_tail(Signature *tail, uint64_t position, const char *data, size_t len)
{
    size_t fresh = len < SIGNATURE_BYTES ? len : SIGNATURE_BYTES;
    size_t kept = tail->len < SIGNATURE_BYTES - fresh ? tail->len : SIGNATURE_BYTES - fresh;
    memmove(tail->bytes, tail->bytes + tail->len - kept, kept);
    memcpy(tail->bytes + kept, data + len - fresh, fresh);
    tail->len = kept + fresh;
    tail->offset = position + len - tail->len;
}

static bool is_still_there(const Signature *g, int fd)
{
    char bytes[SIGNATURE_BYTES];
    size_t got = 0;
    while (got < g->len) {
        ssize_t n = pread(fd, bytes + got, g->len - got, (off_t)(g->offset + got));
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        got += (size_t)n;
    }
    return memcmp(bytes, g->bytes, g->len) == 0;
}

/* Reading and handing over. */

static void on_chunk(uv_fs_t *request)
{
    FileSource *f = request->data;
    Source *s = &f->base;
    ((Chunk *)request)->busy = false;
    uv_fs_req_cleanup(request);
    if (s->closing || source_is_over(s))
        give_back(f);
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
        fail(f, error);
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
    remember_head(&f->head, f->base.position, piece, size);
    remember_tail(&f->tail, f->base.position, piece, size);
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
        give_back(f);
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
        fail(f, (int)result);
    if (result < CHUNK_BYTES && !f->sequential)
        rewind_requests(f);
    if (result == 0) {
        s->size = s->position;
        f->at_end = true;
    }
    return result >= 0;
}

static void reach_end(FileSource *f);

/* Nothing is read ahead: what next? */
static void go_on(FileSource *f)
{
    const Source *s = &f->base;
    bool caught_up = s->state == SOURCE_FOLLOWING && s->position >= s->size;
    if (f->at_end || caught_up)
        reach_end(f);
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

/* Watching. */

static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static char *folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    if (!slash)
        return alloc_text(".", 1);
    return slash == path ? alloc_text("/", 1) : alloc_text(path, (size_t)(slash - path));
}

static void on_change(uv_fs_event_t *handle, const char *name, int events, int status);

/* Watches `path` (taken over; NULL: nothing). True when events will come. */
static bool watch_path(FileSource *f, Watch which, char *path)
{
    uv_fs_event_stop(&f->watches[which]);
    free(f->watched[which]);
    f->watched[which] = path;
    return path && uv_fs_event_start(&f->watches[which], on_change, path, 0) == 0;
}

/* The folder of what a symbolic link leads to, unless it is the link's own. */
static char *target_folder(const FileSource *f, const char *folder)
{
    char *target = realpath(f->path, NULL), *real = realpath(folder, NULL);
    char *result = target ? folder_of(target) : NULL;
    if (result && real && strcmp(result, real) == 0) {
        free(result);
        result = NULL;
    }
    free(target);
    free(real);
    return result;
}

/*
 * Kinds of file systems, by the numbers of statfs(2), on which another machine (or the host of a virtual one) may write without
 * an event here.
 */
static bool has_no_events(const char *path)
{
    static const uint32_t remote[] = {
        0x00006969, /* NFS */
        0x0000517B, /* SMB */
        0xFF534D42, /* CIFS */
        0xFE534D42, /* SMB 2 and later */
        0x01021997, /* 9p: also Windows drives in WSL 2 */
        0x53464846, /* Windows drives in WSL 1 */
        0x65735546, /* FUSE, virtiofs */
        0x786F4256, /* VirtualBox folders */
        0xBACBACBC, /* VMware folders */
        0x7C7C6673, /* Parallels folders */
        0x5346414F, /* AFS */
        0x6B414653, /* AFS of the kernel */
        0x73757245, /* Coda */
        0x00C36400, /* Ceph */
        0x0BD00BD0, /* Lustre */
        0x47504653, /* GPFS */
        0x01161970, /* GFS2 */
        0x7461636F, /* OCFS2 */
    };
    uv_fs_t request;
    bool found = false;
    if (uv_fs_statfs(NULL, &request, path, NULL) == 0) {
        uint32_t type = (uint32_t)((const uv_statfs_t *)request.ptr)->f_type;
        for (size_t i = 0; i < sizeof remote / sizeof *remote; i++)
            found |= remote[i] == type;
    }
    uv_fs_req_cleanup(&request);
    return found;
}

static void on_poll(uv_timer_t *timer);

static bool is_link(const char *path)
{
    struct stat st;
    return lstat(path, &st) == 0 && S_ISLNK(st.st_mode);
}

/*
 * The end of a folder is told to its own watch only when no process has a file of it open, so while the file is lost the
 * parent is watched too. A parent that cannot be watched is no great loss.
 */
static void watch_parent(FileSource *f, const char *folder)
{
    watch_path(f, WATCH_PARENT, f->lost || is_link(folder) ? folder_of(folder) : NULL);
}

static void watch(FileSource *f)
{
    char *folder = folder_of(f->path), *target = target_folder(f, folder);
    bool linked = target != NULL;
    watch_parent(f, folder);
    bool works = watch_path(f, WATCH_FOLDER, folder);
    works &= watch_path(f, WATCH_TARGET, target) || !linked;
    if (!f->lost) /* else what is watched is the file that was moved away, and may still grow */
        works &= watch_path(f, WATCH_FILE, alloc_text(f->path, strlen(f->path)));
    if (!f->watching)
        f->no_events = has_no_events(f->path);
    f->watching = true;
    f->rearm = false;
    if (works && !f->no_events)
        uv_timer_stop(&f->poll);
    else if (!uv_is_active((uv_handle_t *)&f->poll))
        uv_timer_start(&f->poll, on_poll, POLL_MS, POLL_MS);
}

/* Probing. */

/* Opens what is at the path now, which is not the file that was read. */
static void open_next(FileSource *f)
{
    Probe *p = &f->probe;
    struct stat other;
    int fd = open(f->path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
    if (fd < 0 || fstat(fd, &other) != 0) {
        p->path_error = uv_translate_sys_error(errno);
    } else if (!S_ISREG(other.st_mode)) {
        p->path_error = S_ISDIR(other.st_mode) ? UV_EISDIR : UV_EINVAL;
    } else {
        p->next = fd;
        p->next_size = (uint64_t)other.st_size;
        return;
    }
    if (fd >= 0)
        close(fd);
}

static void look_at_path(FileSource *f, const struct stat *mine)
{
    Probe *p = &f->probe;
    struct stat other;
    if (stat(f->path, &other) != 0) {
        p->path_error = uv_translate_sys_error(errno);
        return;
    }
    p->replaced = other.st_dev != mine->st_dev || other.st_ino != mine->st_ino;
    if (p->replaced && !p->truncated && p->size <= f->base.position)
        open_next(f);
}

/* In a worker thread. */
static void on_probe(uv_work_t *work)
{
    FileSource *f = work->data;
    Probe *p = &f->probe;
    struct stat mine = {0};
    if (fstat(f->fd, &mine) == 0) {
        p->size = (uint64_t)mine.st_size;
        bool shorter = !f->tail.len && p->size < f->base.position;
        p->truncated = shorter || !is_still_there(&f->head, f->fd) || !is_still_there(&f->tail, f->fd);
    } else if (errno == ESTALE) { /* removed on its server: only the path counts */
        p->size = f->base.position;
    } else {
        p->error = uv_translate_sys_error(errno);
        return;
    }
    look_at_path(f, &mine);
}

static void on_probed(uv_work_t *work, int status);

static void probe(FileSource *f)
{
    if (f->rearm || !f->watching)
        watch(f);
    f->dirty = false;
    f->probe = (Probe){.work = {.data = f}, .busy = true, .next = -1};
    int error = uv_queue_work(f->base.loop, &f->probe.work, on_probe, on_probed);
    if (error) {
        f->probe.busy = false;
        fail(f, error);
        return;
    }
    source_hold(&f->base);
}

/* Something may have changed: looks now if the source rests, else when it reaches the end. */
static void look_again(FileSource *f)
{
    const Source *s = &f->base;
    f->dirty = true;
    if (s->state == SOURCE_FOLLOWING && !s->paused && !f->used && is_idle(f))
        probe(f);
}

static bool is_name_of(const char *name, const char *path)
{
    return strcmp(name, last_part(path)) == 0;
}

/* A folder calls its files by their names, and itself by its own when it was moved or removed. */
static void on_change(uv_fs_event_t *handle, const char *name, int events, int status)
{
    FileSource *f = handle->data;
    Watch which = (Watch)(handle - f->watches);
    bool moved = status < 0 || !name;
    if (!moved && which == WATCH_PARENT)
        moved = is_name_of(name, f->watched[WATCH_FOLDER]);
    else if (!moved && which != WATCH_FILE)
        moved = (events & UV_RENAME) && is_name_of(name, f->watched[which]);
    f->rearm |= moved;
    if (moved || which == WATCH_FILE || which == WATCH_TARGET || is_name_of(name, f->path))
        look_again(f);
}

/* Also tries again to watch what could not be watched. */
static void on_poll(uv_timer_t *timer)
{
    FileSource *f = timer->data;
    f->rearm |= !f->no_events;
    look_again(f);
}

static void begin_anew(FileSource *f, SourceRestart why, uint64_t size)
{
    Source *s = &f->base;
    s->position = f->ahead = 0;
    s->size = size;
    f->at_end = false;
    f->head = f->tail = (Signature){0};
    source_set_note(s, NULL);
    s->events.restarted(s->events.ctx, s, why);
}

static void switch_file(FileSource *f)
{
    close_descriptor(f);
    f->fd = f->probe.next;
    f->lost = false;
    f->rearm = f->dirty = true;
    begin_anew(f, SOURCE_ROTATED, f->probe.next_size);
}

static void describe_path(FileSource *f, int error)
{
    Buffer note = {0};
    if (error == UV_ENOENT || error == UV_ENOTDIR)
        buffer_printf(&note, "%s is gone; waiting for it to come back", f->base.name);
    else if (error)
        buffer_printf(&note, "cannot read what %s is now: %s", f->base.name, uv_strerror(error));
    source_set_note(&f->base, error ? buffer_text(&note) : NULL);
    buffer_free(&note);
}

static void rest(FileSource *f)
{
    bool lost = f->probe.path_error != 0;
    describe_path(f, f->probe.path_error);
    f->rearm |= lost != f->lost;
    f->dirty |= f->rearm;
    f->lost = lost;
    source_set_state(&f->base, SOURCE_FOLLOWING);
    if (f->dirty)
        look_again(f);
}

static void act_on_probe(FileSource *f)
{
    Source *s = &f->base;
    const Probe *p = &f->probe;
    if (p->error) {
        fail(f, p->error);
        return;
    }
    if (p->truncated) {
        f->dirty |= p->replaced;
        begin_anew(f, SOURCE_TRUNCATED, p->size);
    } else if (p->next >= 0) {
        switch_file(f);
    } else if (p->size > s->position) {
        f->dirty |= p->replaced;
        f->at_end = false;
        s->size = p->size;
    } else {
        rest(f);
        return;
    }
    if (s->size > s->position + CHUNK_BYTES)
        source_set_state(s, SOURCE_LOADING);
    source_wake(s);
}

static void on_probed(uv_work_t *work, int status)
{
    FileSource *f = work->data;
    Source *s = &f->base;
    f->probe.busy = false;
    if (status < 0 || s->closing || source_is_over(s)) {
        if (status == 0 && f->probe.next >= 0)
            close(f->probe.next);
        give_back(f);
    } else {
        act_on_probe(f);
    }
    source_release(s);
}

/* All that is there was handed over. */
static void reach_end(FileSource *f)
{
    Source *s = &f->base;
    if (!s->options.follow || !f->path)
        finish(f);
    else if (f->dirty || !f->watching)
        probe(f);
    else
        source_set_state(s, SOURCE_FOLLOWING);
}

/* The kind. */

static void file_paused(Source *s)
{
    if (!s->paused)
        source_wake(s);
}

static void file_interrupt(Source *s)
{
    finish(file_of(s));
}

static void file_close(Source *s)
{
    FileSource *f = file_of(s);
    stop_watching(f);
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
    give_back(f);
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

/* Opening. */

/* Takes over `path`, which may be NULL. */
static Source *new_file(uv_loop_t *loop, int fd, const char *name, char *path, uint64_t size, SourceOptions options,
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

/* libuv aborts when it shall wait for a descriptor that the system cannot wait for (/dev/null). */
static bool can_wait_for(int fd, const struct stat *st)
{
#ifdef __linux__
    (void)st;
    int set = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event event = {.events = EPOLLIN};
    bool can = set >= 0 && epoll_ctl(set, EPOLL_CTL_ADD, fd, &event) == 0;
    if (set >= 0)
        close(set);
    return can;
#else
    return S_ISFIFO(st->st_mode) || S_ISSOCK(st->st_mode) || isatty(fd);
#endif
}

/* The path of an open regular file, as far as the system tells one that leads to it; free() it. */
static char *path_of(int fd, const struct stat *mine)
{
    Buffer link = {0};
    buffer_printf(&link, "/proc/self/fd/%d", fd);
    char *path = realpath(buffer_text(&link), NULL);
    buffer_free(&link);
    struct stat there;
    if (path && stat(path, &there) == 0 && there.st_dev == mine->st_dev && there.st_ino == mine->st_ino)
        return path;
    free(path);
    return NULL;
}

/* Takes over `fd` and finds out how to read it; `path` is NULL when it was given to us open. */
static Source *new_source(uv_loop_t *loop, int fd, const char *name, const char *path, SourceOptions options, SourceEvents events)
{
    struct stat st;
    int error = fstat(fd, &st) == 0 ? 0 : errno;
    if (error || S_ISDIR(st.st_mode)) {
        if (fd > STDERR_FILENO)
            close(fd);
        const char *reason = error ? uv_strerror(uv_translate_sys_error(error)) : "it is a directory";
        return source_new_failed(loop, "cannot read", name, reason, events);
    }
    if (!S_ISREG(st.st_mode) && can_wait_for(fd, &st))
        return source_new_pipe(loop, fd, name, options, events);
    if (!S_ISREG(st.st_mode))
        return new_file(loop, fd, name, NULL, SOURCE_SIZE_UNKNOWN, options, events);
    char *known = path ? alloc_text(path, strlen(path)) : path_of(fd, &st);
    return new_file(loop, fd, name, known, (uint64_t)st.st_size, options, events);
}

/* Without O_NONBLOCK a FIFO would keep us here until somebody writes to it. */
Source *source_open_file(uv_loop_t *loop, const char *path, SourceOptions options, SourceEvents events)
{
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return source_new_failed(loop, "cannot read", path, uv_strerror(uv_translate_sys_error(errno)), events);
    return new_source(loop, fd, path, path, options, events);
}

Source *source_open_fd(uv_loop_t *loop, int fd, const char *name, SourceOptions options, SourceEvents events)
{
    return new_source(loop, fd, name, NULL, options, events);
}

Source *source_open_stdin(uv_loop_t *loop, SourceOptions options, SourceEvents events)
{
    return source_open_fd(loop, STDIN_FILENO, "standard input", options, events);
}
