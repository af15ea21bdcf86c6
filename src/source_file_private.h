/*
 * How a file is read and followed: for source_file.c (reading), source_watch.c (events), source_follow.c (what they mean) and
 * source_open.c only.
 */
#ifndef SRC_SOURCE_FILE_PRIVATE_H
#define SRC_SOURCE_FILE_PRIVATE_H

#include "src/source_private.h"
#include "src/source_signature.h"

enum {
    CHUNKS = 2,
    CHUNK_BYTES = 256 << 10, /* what is copied in stays in the processor's cache until it is parsed */
};

typedef struct Chunk {
    uv_fs_t request;
    char *data;
    size_t at;  /* handed over already */
    bool busy;  /* the request is under way */
    bool stale; /* read from an offset that turned out wrong */
} Chunk;

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

typedef struct FileSource {
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
} FileSource;

/* A Source that reads `fd`, which it takes over as it does `path`: NULL, or what is followed. */
Source *source_new_file(uv_loop_t *loop, int fd, const char *name, char *path, uint64_t size, SourceOptions options,
                        SourceEvents events);

/* No other thread uses its descriptor or memory. */
bool file_source_is_idle(const FileSource *file);

void file_source_close_descriptor(FileSource *file);

/* Gives back early what is not needed once it is over. */
void file_source_give_back(FileSource *file);

/* It is over: at its end, or by one of libuv's errors. */
void file_source_finish(FileSource *file);
void file_source_fail(FileSource *file, int error);

/* Watches what can tell of changes; again, where that may be other folders now. */
void file_source_watch(FileSource *file);
void file_source_stop_watching(FileSource *file);

/* Something may have changed: looks now if the source rests, else when it reaches the end. */
void file_source_look_again(FileSource *file);

/* All that is there was handed over. */
void file_source_reach_end(FileSource *file);

#endif
