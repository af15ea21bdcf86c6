#include "src/writer.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/hash.h"

enum { NAME_TRIALS = 100 };

static char unfinished[PATH_MAX]; /* the latest temporary file, for writer_rescue(); empty: there is none */

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

static void note_unfinished(const char *path)
{
    size_t len = strlen(path);
    unfinished[0] = '\0';
    if (len < sizeof unfinished)
        memcpy(unfinished, path, len + 1);
}

static void put_random(char *at, size_t len, uint64_t seed)
{
    static const char signs[] = "abcdefghijklmnopqrstuvwxyz0123456789";
    for (size_t i = 0; i < len; i++, seed /= sizeof signs - 1)
        at[i] = signs[seed % (sizeof signs - 1)];
}

/*
 * Like mkstemp(), but the name is noted before there is a file of it: a signal that comes between the two would leave the file
 * behind. `name` ends in six places for letters.
 */
static int create_temporary(char *name)
{
    char *letters = name + strlen(name) - 6;
    struct {
        int64_t now;
        int64_t pid, trial;
    } seed = {clock_ns(), getpid(), 0};
    int fd;
    do {
        put_random(letters, 6, hash_bytes((const char *)&seed, sizeof seed, 0));
        note_unfinished(name);
        fd = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    } while (fd < 0 && errno == EEXIST && ++seed.trial < NAME_TRIALS);
    if (fd < 0)
        unfinished[0] = '\0';
    return fd;
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
    w.fd = create_temporary(w.temporary);
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
        if (strcmp(w->temporary, unfinished) == 0)
            unfinished[0] = '\0';
    }
    int error = w->error;
    free(w->path);
    free(w->temporary);
    buffer_free(&w->buffer);
    *w = (Writer){.fd = -1, .error = error};
    return error;
}

void writer_rescue(void)
{
    if (unfinished[0])
        unlink(unfinished);
}
