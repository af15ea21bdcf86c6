/* What a path or a descriptor is, and which kind of source reads it. */
#include "src/source_file_private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/epoll.h>
#endif

#include "base/alloc.h"
#include "base/buffer.h"

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
        return source_new_file(loop, fd, name, NULL, SOURCE_SIZE_UNKNOWN, options, events);
    char *known = path ? alloc_text(path, strlen(path)) : path_of(fd, &st);
    return source_new_file(loop, fd, name, known, (uint64_t)st.st_size, options, events);
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
