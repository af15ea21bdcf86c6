/*
 * Following a file. At its end a probe looks in a worker thread whether it is still the same file with the same content. A change
 * event only asks for the next probe, so that any number of events while one is under way costs one more.
 */
#include "src/source_file_private.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"

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
        p->truncated = shorter || !signature_is_there(&f->head, f->fd) || !signature_is_there(&f->tail, f->fd);
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
        file_source_watch(f);
    f->dirty = false;
    f->probe = (Probe){.work = {.data = f}, .busy = true, .next = -1};
    int error = uv_queue_work(f->base.loop, &f->probe.work, on_probe, on_probed);
    if (error) {
        f->probe.busy = false;
        file_source_fail(f, error);
        return;
    }
    source_hold(&f->base);
}

void file_source_look_again(FileSource *f)
{
    const Source *s = &f->base;
    f->dirty = true;
    if (s->state == SOURCE_FOLLOWING && !s->paused && !f->used && file_source_is_idle(f))
        probe(f);
}

/* What a probe means. */

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
    file_source_close_descriptor(f);
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
        file_source_look_again(f);
}

static void act_on_probe(FileSource *f)
{
    Source *s = &f->base;
    const Probe *p = &f->probe;
    if (p->error) {
        file_source_fail(f, p->error);
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
        file_source_give_back(f);
    } else {
        act_on_probe(f);
    }
    source_release(s);
}

void file_source_reach_end(FileSource *f)
{
    Source *s = &f->base;
    if (!s->options.follow || !f->path)
        file_source_finish(f);
    else if (f->dirty || !f->watching)
        probe(f);
    else
        source_set_state(s, SOURCE_FOLLOWING);
}
