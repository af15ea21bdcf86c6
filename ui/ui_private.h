/* The Ui itself. Private to ui.c, frame.c and tests. */
#ifndef UI_UI_PRIVATE_H
#define UI_UI_PRIVATE_H

#include "ui/terminal.h"
#include "ui/view.h"

enum { ROOTS = 4, ROOT_LOG = 3, COLUMNS_MIN = 40, ROWS_MIN = 8, SPOTS_MAX = 48 };

_Static_assert((int)ROOTS == (int)SETTING_VIEWS, "every main view has a name to be chosen by");

/* A piece of the frame that can be clicked. */
typedef struct Spot {
    int row, column, width;
    ActionId action; /* ACTION_NONE: go back to the view at `depth` */
    size_t depth;
} Spot;

struct Ui {
    const Model *model;
    UiHost host;
    Settings settings;
    int colours; /* at most */
    bool newest; /* as the views know it */
    Buffer settings_file;
    View *roots[ROOTS]; /* the main views; one of them is the first of the stack */
    size_t root;
    VEC(View *) stack;
    History histories[PROMPT_KINDS];
    size_t fresh[PROMPT_KINDS]; /* the last so many of each were typed here */
    const Selection *selection;
    bool paused;
    bool loaded;         /* the inputs have been read once to where they were at the beginning */
    size_t reports_seen; /* closed reports when the person last did something, or paused */
    Buffer message;
    bool message_bad;
    int64_t message_kept_ns;  /* by clock_ns(): until then keys leave it alone */
    int64_t message_until_ns; /* the same: then it has been read, and makes room */
    bool changed;        /* anything may look different */
    bool postponed;      /* something is left for a later frame */
    bool status_changed; /* the status line may */
    Spot spots[SPOTS_MAX]; /* of the last frame */
    size_t spot_count;
};

/* What the settings mean for the terminal. */
TerminalOptions ui_terminal_options(const Ui *ui);
/* Tells the terminal what they say about looks. */
void ui_restyle(Ui *ui);

/* Draws all but the views: breadcrumb, status line, bottom line. */
void frame_draw(Ui *ui);

/* Draws the status line alone. */
void frame_draw_status(Ui *ui);

/* Where views are drawn. */
Area frame_body(void);
Area frame_bottom(void);

#endif
