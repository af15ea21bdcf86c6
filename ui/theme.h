/* What things look like: roles, and how each is drawn with many colours, few, or none. No meaning is carried by colour alone. */
#ifndef UI_THEME_H
#define UI_THEME_H

#include "base/buffer.h"
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
    ROLE_SELECTED, /* what emphasis makes of a cell */
    ROLE_HIT,
    ROLE_COUNT
} Role;

/* What may be true of a cell besides its role. */
typedef enum Emphasis {
    EMPHASIS_NONE,
    EMPHASIS_SELECTED,
    EMPHASIS_HIT, /* the search found it */
    EMPHASIS_COUNT
} Emphasis;

/* Why text is lit that was drawn already. */
typedef enum Light {
    LIGHT_HIT,    /* the search found it */
    LIGHT_PASSED, /* the filter let its row or line through for it: whatever it looks like, it stands out a little */
} Light;

typedef enum ThemeId { THEME_AUTO, THEME_DARK, THEME_LIGHT, THEME_MONO } ThemeId;

/* Bits of a look; the terminal turns them into its library's. */
enum { LOOK_BOLD = 1, LOOK_REVERSE = 2, LOOK_UNDERLINE = 4, LOOK_CHOSEN = 8 /* by a person: see Theme */ };

enum { COLOUR_DEFAULT = -1 };

typedef struct Look {
    short fg, bg; /* COLOUR_DEFAULT: the terminal's own */
    unsigned bits;
} Look;

typedef struct Theme {
    ThemeId id;        /* THEME_AUTO is taken for dark */
    int colours;       /* that the terminal has: 0, 8, 16, 256 */
    const Look *looks; /* ROLE_COUNT of them; those with LOOK_CHOSEN go before the theme's. NULL: none */
} Theme;

/* The look of a role. A chosen colour that the terminal does not have, or any on one without colours, leaves the theme's. */
Look theme_look(const Theme *theme, Role role, Emphasis emphasis);

/* "heat-4", and what it is the look of; in the configuration file. */
const char *role_name(Role role);
const char *role_help(Role role);

/*
 * Reads "FOREGROUND [BACKGROUND] [ATTRIBUTE]...": colours are names ("red", "bright-red", "default") or numbers below 256,
 * attributes bold, underline and reverse. On a mistake `*look` stays, and a sentence comes back that the caller frees.
 */
char *look_parse(Span text, Look *look);
void look_append(const Look *look, Buffer *out);
/* Calls `take` for the words that look_parse() knows, but for the numbers. */
void look_words(void (*take)(void *ctx, Span word), void *ctx);

/* The role of a table's cell. */
Role role_of_cell(const Cell *cell);

/* One letter for a role, for pictures of a screen's colours in text. */
char role_letter(Role role);

#endif
