#include "src/history.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { OWNER_ONLY = 0600, FOLDER_OWNER_ONLY = 0700 };

char *history_path(void)
{
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    Buffer path = {0};
    if (state && *state == '/')
        buffer_printf(&path, "%s/funcmem/history", state);
    else if (home && *home == '/')
        buffer_printf(&path, "%s/.local/state/funcmem/history", home);
    else
        return NULL;
    return buffer_text(&path), path.data;
}

static void read_all(int fd, size_t size, Buffer *out)
{
    char piece[4096];
    for (ssize_t n; out->len < size && (n = read(fd, piece, sizeof piece)) > 0;)
        buffer_append(out, piece, (size_t)n);
}

void history_read(const char *path, Buffer *lines)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return;
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size <= HISTORY_BYTES_MAX)
        read_all(fd, (size_t)st.st_size, lines);
    close(fd);
    if (lines->len && lines->data[lines->len - 1] != '\n')
        buffer_append_byte(lines, '\n');
}

static void make_folders(const char *path)
{
    Buffer folder = {0};
    for (const char *end = strchr(path + 1, '/'); end; end = strchr(end + 1, '/')) {
        buffer_clear(&folder);
        buffer_append(&folder, path, (size_t)(end - path));
        mkdir(buffer_text(&folder), FOLDER_OWNER_ONLY);
    }
    buffer_free(&folder);
}

/* The last lines of `all`. */
static Span newest(Span all)
{
    size_t lines = 0, at = all.len;
    while (at > 0 && (all.ptr[at - 1] != '\n' || lines++ < HISTORY_LINES))
        at--;
    return span_from(all, at);
}

static bool write_all(int fd, Span text)
{
    while (text.len) {
        ssize_t n = write(fd, text.ptr, text.len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        text = span_from(text, (size_t)n);
    }
    return true;
}

/* Another file that takes its place: who reads meanwhile sees one of the two. */
static bool replace(const char *path, Span text)
{
    Buffer temporary = {0};
    buffer_printf(&temporary, "%s.XXXXXX", path);
    buffer_text(&temporary);
    int fd = mkstemp(temporary.data);
    bool done = fd >= 0 && fchmod(fd, OWNER_ONLY) == 0 && write_all(fd, text);
    if (fd >= 0)
        done &= close(fd) == 0;
    done = done && rename(temporary.data, path) == 0;
    if (fd >= 0 && !done)
        unlink(temporary.data);
    buffer_free(&temporary);
    return done;
}

bool history_add(const char *path, Span lines)
{
    struct stat st;
    Buffer all = {0};
    if (!lines.len)
        return true;
    make_folders(path);
    if (lstat(path, &st) == 0 && !S_ISREG(st.st_mode))
        return false;
    history_read(path, &all);
    buffer_append_span(&all, lines);
    bool done = replace(path, newest(buffer_span(&all)));
    buffer_free(&all);
    return done;
}
