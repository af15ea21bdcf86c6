/* The change events of a file, of its folder and of what symbolic links lead to; with no event, nothing runs. */
#include "src/source_file_private.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"

enum { POLL_MS = 1000 }; /* where no change events come */

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
        file_source_look_again(f);
}

/* Also tries again to watch what could not be watched. */
static void on_poll(uv_timer_t *timer)
{
    FileSource *f = timer->data;
    f->rearm |= !f->no_events;
    file_source_look_again(f);
}

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

void file_source_watch(FileSource *f)
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

void file_source_stop_watching(FileSource *f)
{
    for (int i = 0; i < WATCHES; i++)
        uv_fs_event_stop(&f->watches[i]);
    uv_timer_stop(&f->poll);
    f->watching = false;
}
