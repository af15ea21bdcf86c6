/* How records are held while their order is found. Private to export_order.c and export_arrange.c. */
#ifndef PARSERS_EXPORT_ORDER_PRIVATE_H
#define PARSERS_EXPORT_ORDER_PRIVATE_H

#include "base/intern.h"
#include "base/vec.h"
#include "parsers/export_order.h"

enum {
    RECENT_CHANNELS = 8, /* as many invocations as mostly run at once */
};

/* How a record is held. */
enum {
    HELD_SAMPLED = 1 << 0,
    HELD_CONSOLE = 1 << 1,
    HELD_TAKEN_APART = 1 << 2,
    HELD_REQUEST = 1 << 3,
    HELD_AMBIGUOUS = 1 << 4, /* its date */
    HELD_TIMELESS = 1 << 5,  /* `time` is only that of the record before */
    HELD_WHOLE = 1 << 6,     /* a row whose `text` is the whole message: it does not fit, or no header was seen before it */
    HELD_MEASURED = 1 << 7,
};

typedef struct Held {
    int64_t time; /* ns; where it is sorted */
    uint64_t offset;
    union {
        struct {
            uint32_t line;
            uint32_t occurrences;
            int32_t memory, increment; /* in steps of the last decimal */
        } row;
        struct {
            bool known, increment, occurrences;
        } columns;
        int64_t shown; /* of the host: its own time, where `time` was moved */
    };
    uint32_t channel;
    TextId text; /* a row's contents, a path, a host's message */
    uint32_t item;
    uint8_t kind, piece, flags;
    uint8_t digits; /* of the time; those of the memory in the upper half */
} Held;

_Static_assert(sizeof(Held) == 48, "millions of these are held");

/* Records of one logger in one invocation. */
typedef struct Channel {
    uint32_t call;
    TextId function, instance, logger;
} Channel;

/* An invocation; one of the empty id for records that name none. */
typedef struct Call {
    TextId id;
    uint64_t latest;     /* number of its latest record that was passed on */
    int64_t first, last; /* times of its records in a batch */
    uint32_t records;    /* held, of any kind */
    uint32_t cursor;     /* scratch */
    uint32_t last_line;  /* the state of its latest report: */
    uint8_t last_kind, last_piece;
    bool any;                         /* a record was passed on */
    bool has_executing, has_executed; /* from traces */
    uint32_t headless;                /* Filename records without a header yet */
    ProfilerColumns columns;
} Call;

typedef VEC(uint32_t) Indices;

struct ExportOrder {
    size_t passed;  /* of `order`, while it is passed on ... */
    bool finishing; /* ... at the end, a slice at a time */
    RecordSink sink;
    VEC(Held) held;
    VEC(Channel) channels;
    VEC(Call) calls;
    uint32_t recent[RECENT_CHANNELS]; /* channels of the latest records, in a circle */
    unsigned recent_count, recent_latest;
    HashIndex channel_index, call_index;
    Intern texts;
    ProfilerColumns columns;  /* of the latest header of any invocation */
    int64_t newest;           /* time of the latest row in the file */
    int64_t lateness;         /* longest time by which a row was written before one that it stood behind */
    size_t release_at;        /* so many held records are looked through for those that can be passed on */
    size_t forget_at;         /* so many bytes of texts */
    int64_t latest;           /* time of the row before */
    uint64_t rising, falling; /* rows that are later or earlier than the row before */
    bool keyed;               /* `held` is not in the order of time */
    bool ambiguous;           /* some date is */
    uint64_t number;
    Indices order; /* scratch: indices of `held` in the order in which they go */
    Indices group, arranged;
};

/* Call of the record with that index. */
static inline uint32_t held_call(const ExportOrder *o, uint32_t index)
{
    return o->channels.items[o->held.items[index].channel].call;
}

/*
 * Puts the records of one time, whose indices are in the order of the file, in the order in which they go, those of each call in
 * the places that its records had, and leaves out copies. Returns how many are left.
 */
size_t export_arrange(ExportOrder *order, uint32_t *indices, size_t count);

#endif
