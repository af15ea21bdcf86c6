#include "src/code_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_separator(char c)
{
    return c == '/' || c == '\\';
}

static bool same_character(char a, char b)
{
    return a == b || (is_separator(a) && is_separator(b));
}

/* What is left of `*path` below the folder `from`. */
static bool take_folder(Span *path, Span from)
{
    while (from.len && is_separator(from.ptr[from.len - 1]))
        from.len--;
    for (size_t i = 0; i < from.len; i++)
        if (i >= path->len || !same_character(path->ptr[i], from.ptr[i]))
            return false;
    Span rest = span_from(*path, from.len);
    if (!rest.len || !is_separator(rest.ptr[0]))
        return false;
    *path = span_from(rest, 1);
    return true;
}

/* "C:\app" or "\\server\share". */
static bool is_of_windows(Span path)
{
    return (path.len > 1 && path.ptr[1] == ':') || span_starts(path, SPAN("\\\\"));
}

static bool map_path(const PathMap *map, Span path, Buffer *name)
{
    bool windows = is_of_windows(path);
    if (!take_folder(&path, map->from))
        return false;
    buffer_clear(name);
    buffer_append_span(name, span_of(map->to));
    buffer_append_byte(name, '/');
    for (size_t i = 0; i < path.len; i++)
        buffer_append_byte(name, windows && path.ptr[i] == '\\' ? '/' : path.ptr[i]);
    return true;
}

/* Without waiting for a FIFO, becoming a device's owner, or reading anything but a file. */
static int open_regular(Buffer *name)
{
    struct stat status;
    if (!name->len || memchr(name->data, '\0', name->len))
        return -1;
    int fd = open(buffer_text(name), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0 || (fstat(fd, &status) == 0 && S_ISREG(status.st_mode)))
        return fd;
    close(fd);
    return -1;
}

static int open_code(const PathMap *maps, size_t count, Span path, Buffer *name)
{
    int fd = -1;
    for (size_t i = 0; i < count && fd < 0; i++)
        if (map_path(&maps[i], path, name))
            fd = open_regular(name);
    if (fd >= 0)
        return fd;
    buffer_clear(name);
    buffer_append_span(name, path);
    return open_regular(name);
}

bool code_find(const PathMap *maps, size_t count, Span path, Buffer *name)
{
    int fd = open_code(maps, count, path, name);
    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

static bool read_all(int fd, Buffer *text)
{
    size_t before = text->len;
    for (;;) {
        buffer_reserve(text, 64 << 10);
        ssize_t n = read(fd, text->data + text->len, 64 << 10);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n == 0;
        text->len += (size_t)n;
        if (text->len - before > CODE_BYTES_MAX)
            return false;
    }
}

bool code_read(const PathMap *maps, size_t count, Span path, Buffer *text)
{
    Buffer name = {0};
    int fd = open_code(maps, count, path, &name);
    bool done = fd >= 0 && read_all(fd, text);
    if (fd >= 0)
        close(fd);
    buffer_free(&name);
    return done;
}
