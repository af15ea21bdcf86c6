#include "src/writer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"

Writer writer_to_fd(int fd)
{
    return (Writer){.fd = fd};
}

static mode_t permissions_of(const char *path)
{
    struct stat st;
    if (stat(path, &st) == 0)
        return st.st_mode & 07777;
    mode_t mask = umask(0);
    umask(mask);
    return 0666 & ~mask;
}

/* A symbolic link stays one: what is replaced is the file behind it. */
static char *real_target(const char *path)
{
    char *real = realpath(path, NULL);
    return real ? real : alloc_text(path, strlen(path));
}

Writer writer_to_file(const char *path)
{
    Writer w = {.fd = -1};
    struct stat st;
    bool exists = stat(path, &st) == 0, dangling = !exists && lstat(path, &st) == 0;
    if (dangling || (exists && !S_ISREG(st.st_mode))) {
        w.fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
        w.error = w.fd < 0 ? errno : 0;
        w.path = alloc_text(path, strlen(path));
        return w;
    }
    w.path = real_target(path);
    Buffer name = {0};
    buffer_printf(&name, "%s.XXXXXX", w.path);
    w.temporary = alloc_text(name.data, name.len);
    buffer_free(&name);
    w.fd = mkostemp(w.temporary, O_CLOEXEC);
    if (w.fd < 0) {
        w.error = errno;
        free(w.temporary);
        w.temporary = NULL;
    } else if (fchmod(w.fd, permissions_of(w.path)) != 0) {
        w.error = errno;
    }
    return w;
}

void writer_flush(Writer *w)
{
    size_t done = 0;
    while (!w->error && done < w->buffer.len) {
        ssize_t n = write(w->fd, w->buffer.data + done, w->buffer.len - done);
        if (n >= 0)
            done += (size_t)n;
        else if (errno != EINTR)
            w->error = errno;
    }
    buffer_clear(&w->buffer);
}

void writer_send(Writer *w)
{
    if (w->error)
        buffer_clear(&w->buffer);
    else if (!w->by_hand)
        writer_flush(w);
}

void writer_printf(Writer *w, const char *format, ...)
{
    char small[256];
    va_list args;
    va_start(args, format);
    int len = vsnprintf(small, sizeof small, format, args);
    va_end(args);
    if (len < 0)
        return;
    if ((size_t)len < sizeof small) {
        writer_bytes(w, small, (size_t)len);
        return;
    }
    char *large = alloc_bytes((size_t)len + 1);
    va_start(args, format);
    vsnprintf(large, (size_t)len + 1, format, args);
    va_end(args);
    writer_bytes(w, large, (size_t)len);
    free(large);
}

void writer_abandon(Writer *w)
{
    w->error = ECANCELED;
    writer_close(w);
}

int writer_close(Writer *w)
{
    writer_flush(w);
    if (w->path && w->fd >= 0) {
        if (w->temporary && !w->error && fsync(w->fd) != 0 && errno != EINVAL && errno != EROFS)
            w->error = errno;
        if (close(w->fd) != 0 && !w->error)
            w->error = errno;
    }
    if (w->temporary) {
        if (!w->error && rename(w->temporary, w->path) != 0)
            w->error = errno;
        if (w->error)
            unlink(w->temporary);
    }
    int error = w->error;
    free(w->path);
    free(w->temporary);
    buffer_free(&w->buffer);
    *w = (Writer){.fd = -1, .error = error};
    return error;
}
