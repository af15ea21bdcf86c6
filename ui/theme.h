/* What things look like: roles, and how each is drawn with many colours, few, or none. No meaning is carried by colour alone. */
#ifndef UI_THEME_H
#define UI_THEME_H

#include "model/table.h"

typedef enum Role {
    ROLE_NORMAL,
    ROLE_DIM,
    ROLE_ENTRY,
    ROLE_SUSPECT,
    ROLE_HEAT_1, /* a rankable increment, from small ... */
    ROLE_HEAT_2,
    ROLE_HEAT_3,
    ROLE_HEAT_4, /* ... to the largest */
    ROLE_BAD,
    ROLE_NOTE,
    ROLE_HEADER,
    ROLE_HEADER_SORTED,
    ROLE_TAB,
    ROLE_TAB_CURRENT,
    ROLE_CRUMB,
    ROLE_CRUMB_LAST,
    ROLE_STATUS,
    ROLE_STATUS_LIVE,
    ROLE_STATUS_BAD,
    ROLE_STATUS_NOTE,
    ROLE_BAR_KEY,
    ROLE_BAR_LABEL,
    ROLE_BORDER,
    ROLE_TITLE,
    ROLE_CODE,
    ROLE_KEY,
    ROLE_MARK,
    ROLE_CHART,
    ROLE_COUNT
} Role;

/* What may be true of a cell besides its role. */
typedef enum Emphasis {
    EMPHASIS_NONE,
    EMPHASIS_SELECTED,
    EMPHASIS_HIT, /* the search found it */
    EMPHASIS_COUNT
} Emphasis;

typedef enum ThemeId { THEME_AUTO, THEME_DARK, THEME_LIGHT } ThemeId;

/* Bits of a look; the terminal turns them into its library's. */
enum { LOOK_BOLD = 1, LOOK_REVERSE = 2, LOOK_UNDERLINE = 4 };

enum { COLOUR_DEFAULT = -1 };

typedef struct Look {
    short fg, bg; /* COLOUR_DEFAULT: the terminal's own */
    unsigned bits;
} Look;

/* The look of a role on a terminal with that many colours (0, 8, 16, 256); THEME_AUTO is taken for dark. */
Look theme_look(ThemeId theme, int colours, Role role, Emphasis emphasis);

/* The role of a table's cell. */
Role role_of_cell(const Cell *cell);

/* One letter for a role, for pictures of a screen's colours in text. */
char role_letter(Role role);

#endif
