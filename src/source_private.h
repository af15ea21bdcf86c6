/* How sources work inside: for their kinds only (source_file.c, source_pipe.c, source_child.c, source_archive.c). */
#ifndef SRC_SOURCE_PRIVATE_H
#define SRC_SOURCE_PRIVATE_H

#include "src/source.h"

/* What a kind does. `turn`, `interrupt`, `stop` are not called once it is over. */
typedef struct SourceKind {
    void (*turn)(Source *source);      /* from the loop, once after each source_wake(): goes on where it left off */
    void (*paused)(Source *source);    /* `paused` has changed */
    void (*interrupt)(Source *source); /* as the functions above */
    void (*stop)(Source *source);
    void (*close)(Source *source); /* gives back its handles by source_drop(), cancels its requests */
    void (*free)(Source *source);  /* no handle or request is left: frees its memory and descriptors, but not the Source */
} SourceKind;

/* The first member of every kind's struct. */
struct Source {
    const SourceKind *kind;
    uv_loop_t *loop;
    SourceEvents events;
    SourceOptions options;
    SourceState state; /* beneath a pause */
    bool paused;
    bool closing;
    bool news; /* changed() is due */
    bool exited;
    int pid;
    SourceExit exit;
    char *name;
    char *error;
    char *note;
    uint64_t bytes;
    uint64_t position;
    uint64_t size;
    size_t piece; /* so many bytes may be handed over between two looks at the clock */
    uv_idle_t turn;
    unsigned held; /* handles and requests that still need the memory */
};

/* Sets up a zeroed Source; copies `name`. */
void source_init(Source *source, const SourceKind *kind, uv_loop_t *loop, const char *name, SourceOptions options,
                 SourceEvents events);

/* A Source that has failed with "<what> <name>: <reason>". */
Source *source_new_failed(uv_loop_t *loop, const char *what, const char *name, const char *reason, SourceEvents events);

/* The kind's turn() comes in the next turn of the loop. */
void source_wake(Source *source);

/* True when this turn of the loop has taken its time. */
bool source_over_budget(const Source *source);

/* How many of `len` bytes to hand over before source_over_budget() is asked. */
size_t source_piece(const Source *source, size_t len);

/* Hands over bytes, and notes how long they took; the position is the caller's. */
void source_hand_over(Source *source, const char *data, size_t len);

/* Hands over bytes and counts them. */
void source_deliver(Source *source, const char *data, size_t len);

void source_set_state(Source *source, SourceState state);
void source_set_note(Source *source, const char *note); /* copied; NULL: none */
void source_fail(Source *source, const char *what, const char *reason);

/* Keeps the memory for a request under way. */
void source_hold(Source *source);
void source_release(Source *source);

/* An initialised handle becomes part of the source: its `data` is the Source. */
void source_adopt(Source *source, void *handle);

/* Closes an adopted handle. */
void source_drop(Source *source, void *handle);

/* A descriptor that is read through uv_pipe; what pipes and commands share. */
typedef struct SourceStream {
    Source base;
    uv_pipe_t pipe;
    uv_timer_t calm;                               /* one-shot: not flooded any more */
    char *buffer;                                  /* STREAM_BYTES ... */
    size_t len, at;                                /* ... of which `len` were read and those before `at` handed over */
    int flags;                                     /* of an inherited descriptor, to be set again; -1: none */
    int fd;                                        /* -1 when none is open */
    bool reading;                                  /* uv_read_start() is on */
    bool at_end;                                   /* no more bytes will come */
    void (*arrived)(struct SourceStream *);        /* bytes were handed over; NULL: no matter */
    void (*end)(struct SourceStream *, int error); /* 0 at the end, else libuv's error */
} SourceStream;

/* Sets up the stream's own part, source_init() being done. With `fd` -1 there is nothing to read. Fails as a Source does. */
void source_stream_init(SourceStream *stream, int fd);

/* The parts of a SourceKind that concern the stream. */
void source_stream_turn(Source *source);
void source_stream_paused(Source *source);
void source_stream_close(Source *source);
void source_stream_free(Source *source);

/* No more reading. */
void source_stream_stop(SourceStream *stream);

/* A descriptor of the same file, for reading at offsets, where `source` is one that has offsets; else -1. close() it. */
int source_file_dup(const Source *source);

/* A Source that reads a FIFO, pipe, socket or terminal. */
Source *source_new_pipe(uv_loop_t *loop, int fd, const char *name, SourceOptions options, SourceEvents events);

#endif
