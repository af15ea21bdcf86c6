/* The raw log on the stack, and the parts of what keys do with it. Private to view_log*.c. */
#ifndef UI_VIEW_LOG_PRIVATE_H
#define UI_VIEW_LOG_PRIVATE_H

#include "ui/log_filter.h"
#include "ui/log_hits.h"
#include "ui/log_picture.h"
#include "ui/log_search.h"
#include "ui/log_view.h"

enum {
    SLICE_NS = 20000000,   /* of work between two looks at the keys */
    BRIEF_NS = 2000000,    /* of it before a key that would end it */
    PLACE_BYTES = 8 << 20, /* looked through for the line of a row */
    FULL_COLUMNS = 120,    /* have room for lines in full ... */
    NARROW_COLUMNS = 60,   /* ... fewer than these not even for times */
};

typedef enum Job { JOB_NONE, JOB_SEARCH, JOB_LINE } Job;

typedef struct LogView {
    View view;
    LogLines lines;
    LogIndex index;
    bool there; /* there is text of this source */
    LogCursor cursor;
    LogPicture picture;
    LogLooks asked; /* the selected line, when something is asked of it */
    LogPlaces places;
    struct SelectedReport { /* that the selected line belongs to, remembered until another one may be */
        uint64_t at;
        size_t closed; /* reports when it was looked for */
        Id source, id;
        bool known;
    } report;
    LogMarks marks;
    LogFilter filter;
    struct HeldLogFilter { /* the filter from before another one was begun to be typed */
        bool held;
        Pattern *pattern;
        bool negated, off;
        uint64_t at, top;
    } before;
    bool anchored; /* the filter has not come to where the selected line is to be */
    uint64_t anchor, anchor_top;
    bool follow;
    Pattern *pattern; /* or NULL */
    bool previewing;  /* it is being typed: where that began */
    uint64_t from, from_top;
    Job job; /* what goes on in slices */
    LogSearch search;
    LogHits hits;   /* of the pattern */
    bool answering; /* a key: the next frame is to come at once */
    LogSlice found; /* how the last search ended */
    uint64_t number; /* JOB_LINE: the line to go to */
    Buffer save_name; /* of the file that was asked for last */
} LogView;

/* Asks for the name of a file to write the lines to. */
void log_view_ask_file(LogView *v);

/* NULL when the view is no log. */
LogView *log_view_of(View *view);

/* Brings what is shown up to date with the input, the settings and the size. */
void log_view_refresh(LogView *v);

/* Searching, and looking for a line by its number. Goes on with it, for a frame; the rest is for later ones. */
void log_view_work(LogView *v);
/* Whether a search came to its end: what was stopped is not to go on by another way. */
bool log_view_has_searched(const LogView *v);
/* Counts what the pattern finds, for "3 of 17"; the rest of it is for later frames. */
void log_view_count_hits(LogView *v);
void log_view_say_hits(LogView *v, Status *status);
void log_view_search_again(LogView *v, bool forward);
/* Of the view's kind. */
bool log_view_key(View *view, Key pressed);
void log_view_search(View *view, Pattern *pattern, bool final);
bool log_view_cancel(View *view);

/* Filtering. Looks at more lines for the filter; the rest of them is for later frames. */
void log_view_go_on_filtering(LogView *v);
void log_view_open_filter(LogView *v);
void log_view_toggle_filter(LogView *v);
/* False when there is none. */
bool log_view_drop_filter(LogView *v);
void log_view_say_filter(const LogView *v, Status *status);
void log_view_draw_nothing(const LogView *v, Area area);

#endif
