#include "ui/theme.h"

typedef struct ThemeRow {
    char letter;
    short dark_fg, dark_bg;   /* of 256 colours */
    short light_fg, light_bg; /* of 256 colours */
    short few_fg, few_bg;     /* of 16; with 8 the bright ones become bold */
    short few_light_fg;       /* the same on a light background */
    unsigned bits;            /* with colours */
    unsigned mono;            /* without */
} ThemeRow;

enum { BLACK, RED, GREEN, YELLOW, BLUE, MAGENTA, CYAN, WHITE, BRIGHT };

/*
 * Colours that can be read on a dark and on a light background alike where it cannot be known which one it is: the terminal's own for
 * most text, middle tones for the rest.
 */
static const ThemeRow theme_rows[ROLE_COUNT] = {
    [ROLE_NORMAL] = {'.', -1, -1, -1, -1, -1, -1, -1, 0, 0},
    [ROLE_DIM] = {'d', 247, -1, 242, -1, -1, -1, -1, 0, 0},
    [ROLE_ENTRY] = {'e', 74, -1, 25, -1, CYAN, -1, BLUE, 0, 0},
    [ROLE_SUSPECT] = {'u', 139, -1, 96, -1, MAGENTA, -1, MAGENTA, 0, 0},
    [ROLE_HEAT_1] = {'1', -1, -1, -1, -1, -1, -1, -1, 0, 0},
    [ROLE_HEAT_2] = {'2', 178, -1, 94, -1, YELLOW, -1, MAGENTA, 0, 0},
    [ROLE_HEAT_3] = {'3', 208, -1, 130, -1, YELLOW + BRIGHT, -1, RED, 0, LOOK_BOLD},
    [ROLE_HEAT_4] = {'4', 203, -1, 160, -1, RED + BRIGHT, -1, RED, LOOK_BOLD, LOOK_BOLD},
    [ROLE_BAD] = {'b', 203, -1, 160, -1, RED + BRIGHT, -1, RED, LOOK_BOLD, LOOK_BOLD},
    [ROLE_NOTE] = {'n', 109, -1, 24, -1, CYAN, -1, BLUE, 0, 0},
    [ROLE_HEADER] = {'h', 250, 236, 238, 253, BLACK, GREEN, BLACK, 0, LOOK_UNDERLINE},
    [ROLE_HEADER_SORTED] = {'H', 16, 74, 231, 25, BLACK, CYAN, BLACK, LOOK_BOLD, LOOK_REVERSE},
    [ROLE_TAB] = {'t', 247, -1, 242, -1, -1, -1, -1, 0, 0},
    [ROLE_TAB_CURRENT] = {'T', -1, -1, -1, -1, -1, -1, -1, LOOK_BOLD, LOOK_BOLD | LOOK_UNDERLINE},
    [ROLE_CRUMB] = {'c', -1, -1, -1, -1, -1, -1, -1, 0, 0},
    [ROLE_CRUMB_LAST] = {'C', -1, -1, -1, -1, -1, -1, -1, LOOK_BOLD, LOOK_BOLD},
    [ROLE_STATUS] = {'s', 250, 236, 238, 253, BLACK, WHITE, BLACK, 0, LOOK_REVERSE},
    [ROLE_STATUS_LIVE] = {'L', 114, 236, 22, 253, BLACK, WHITE, BLACK, LOOK_BOLD, LOOK_REVERSE | LOOK_BOLD},
    [ROLE_STATUS_BAD] = {'B', 210, 236, 124, 253, RED, WHITE, RED, LOOK_BOLD, LOOK_REVERSE | LOOK_BOLD},
    [ROLE_STATUS_NOTE] = {'N', 222, 236, 58, 253, BLUE, WHITE, BLUE, 0, LOOK_REVERSE | LOOK_BOLD},
    [ROLE_BAR_KEY] = {'K', 74, -1, 25, -1, CYAN + BRIGHT, -1, BLUE, LOOK_BOLD, LOOK_BOLD},
    [ROLE_BAR_LABEL] = {'l', 247, -1, 242, -1, -1, -1, -1, 0, 0},
    [ROLE_BORDER] = {'+', 244, -1, 243, -1, CYAN, -1, BLUE, 0, 0},
    [ROLE_TITLE] = {'=', 74, -1, 25, -1, CYAN + BRIGHT, -1, BLUE, LOOK_BOLD, LOOK_BOLD},
    [ROLE_CODE] = {'x', 71, -1, 22, -1, GREEN, -1, BLUE, 0, 0},
    [ROLE_KEY] = {'k', 178, -1, 94, -1, YELLOW + BRIGHT, -1, MAGENTA, 0, LOOK_BOLD},
    [ROLE_MARK] = {'m', 178, -1, 94, -1, YELLOW + BRIGHT, -1, MAGENTA, LOOK_BOLD, LOOK_BOLD},
    [ROLE_CHART] = {'v', 110, -1, 24, -1, CYAN, -1, BLUE, 0, 0},
    [ROLE_SELECTED] = {'#', 231, 238, 16, 252, BLACK, CYAN, BLACK, 0, LOOK_REVERSE},
    [ROLE_HIT] = {'!', 16, 221, 16, 221, BLACK, YELLOW, BLACK, 0, LOOK_REVERSE | LOOK_BOLD},
};

static const struct RoleName {
    const char *name, *help;
} role_names[ROLE_COUNT] = {
    [ROLE_NORMAL] = {"normal", "plain text and numbers"},
    [ROLE_DIM] = {"dim", "what was not measured or is not ranked"},
    [ROLE_ENTRY] = {"entry", "the entry row of a report"},
    [ROLE_SUSPECT] = {"suspect", "an increment that is shown and not ranked"},
    [ROLE_HEAT_1] = {"heat-1", "the smallest increments"},
    [ROLE_HEAT_2] = {"heat-2", "increments from 12 % of the largest on"},
    [ROLE_HEAT_3] = {"heat-3", "increments from 40 % of the largest on"},
    [ROLE_HEAT_4] = {"heat-4", "increments from 80 % of the largest on"},
    [ROLE_BAD] = {"bad", "what failed or was lost"},
    [ROLE_NOTE] = {"note", "flags and remarks"},
    [ROLE_HEADER] = {"header", "titles of columns"},
    [ROLE_HEADER_SORTED] = {"header-sorted", "the title of the column that is sorted by"},
    [ROLE_TAB] = {"tab", "names of the main views"},
    [ROLE_TAB_CURRENT] = {"tab-current", "the name of the present one"},
    [ROLE_CRUMB] = {"crumb", "the way to this view"},
    [ROLE_CRUMB_LAST] = {"crumb-last", "this view at its end"},
    [ROLE_STATUS] = {"status", "the status line"},
    [ROLE_STATUS_LIVE] = {"status-live", "in it, that data comes in"},
    [ROLE_STATUS_BAD] = {"status-bad", "in it, what went wrong"},
    [ROLE_STATUS_NOTE] = {"status-note", "in it, what to know"},
    [ROLE_BAR_KEY] = {"bar-key", "keys on the bottom line"},
    [ROLE_BAR_LABEL] = {"bar-label", "what they do"},
    [ROLE_BORDER] = {"border", "borders of popups"},
    [ROLE_TITLE] = {"title", "titles of popups and headings"},
    [ROLE_CODE] = {"code", "code and commands"},
    [ROLE_KEY] = {"key", "keys and names in help and options"},
    [ROLE_MARK] = {"mark", "signs of marked rows"},
    [ROLE_CHART] = {"chart", "charts of memory and the little ones of the latest calls"},
    [ROLE_SELECTED] = {"selected", "the selected row"},
    [ROLE_HIT] = {"hit", "what the search found"},
};

const char *role_name(Role role)
{
    return role_names[role].name;
}

const char *role_help(Role role)
{
    return role_names[role].help;
}

char role_letter(Role role)
{
    return theme_rows[role].letter;
}

static Look theme_own_look(const Theme *theme, Role role)
{
    const ThemeRow *row = &theme_rows[role];
    bool light = theme->id == THEME_LIGHT;
    if (theme->colours >= 256)
        return light ? (Look){row->light_fg, row->light_bg, row->bits} : (Look){row->dark_fg, row->dark_bg, row->bits};
    return (Look){light ? row->few_light_fg : row->few_fg, row->few_bg, row->bits};
}

static bool has_colour(const Theme *theme, short colour)
{
    return colour < 2 * BRIGHT || colour < theme->colours;
}

static const Look *chosen_look(const Theme *theme, Role role)
{
    const Look *look = theme->looks ? &theme->looks[role] : NULL;
    return look && look->bits & LOOK_CHOSEN && has_colour(theme, look->fg) && has_colour(theme, look->bg) ? look : NULL;
}

static Look base_look(const Theme *theme, Role role)
{
    const Look *chosen = chosen_look(theme, role);
    if (!chosen)
        return theme_own_look(theme, role);
    return (Look){chosen->fg, chosen->bg, chosen->bits & ~(unsigned)LOOK_CHOSEN};
}

/* With many colours a selected cell keeps its own; a person's choice for the selected row is taken as it is. */
static Look selected_look(const Theme *theme, Role role)
{
    Look own = base_look(theme, role), look = base_look(theme, ROLE_SELECTED);
    if (theme->colours < 256 || chosen_look(theme, ROLE_SELECTED))
        return look;
    return (Look){own.fg == COLOUR_DEFAULT ? look.fg : own.fg, look.bg, own.bits};
}

static Look mono_look(Role role, Emphasis emphasis)
{
    unsigned bits = theme_rows[role].mono;
    if (emphasis == EMPHASIS_SELECTED)
        bits |= LOOK_REVERSE;
    else if (emphasis == EMPHASIS_HIT)
        bits = (bits ^ LOOK_REVERSE) | LOOK_BOLD;
    return (Look){COLOUR_DEFAULT, COLOUR_DEFAULT, bits};
}

Look theme_look(const Theme *theme, Role role, Emphasis emphasis)
{
    if (theme->colours < 8 || theme->id == THEME_MONO)
        return mono_look(role, emphasis);
    Look look = emphasis == EMPHASIS_SELECTED ? selected_look(theme, role) : base_look(theme, emphasis == EMPHASIS_HIT ? ROLE_HIT : role);
    if (theme->colours < 16 && look.fg >= BRIGHT) {
        look.fg = (short)(look.fg - BRIGHT);
        look.bits |= LOOK_BOLD;
    }
    if (theme->colours < 16 && look.bg >= BRIGHT)
        look.bg = (short)(look.bg - BRIGHT);
    return look;
}

static Role role_of_heat(unsigned heat)
{
    if (heat >= 800)
        return ROLE_HEAT_4;
    if (heat >= 400)
        return ROLE_HEAT_3;
    return heat >= 120 ? ROLE_HEAT_2 : ROLE_HEAT_1;
}

Role role_of_cell(const Cell *cell)
{
    switch (cell->style) {
    case STYLE_DIM:
        return ROLE_DIM;
    case STYLE_ENTRY:
        return ROLE_ENTRY;
    case STYLE_SUSPECT:
        return ROLE_SUSPECT;
    case STYLE_HOT:
        return role_of_heat(cell->heat);
    case STYLE_BAD:
        return ROLE_BAD;
    case STYLE_NOTE:
        return ROLE_NOTE;
    case STYLE_NORMAL:
        break;
    }
    return ROLE_NORMAL;
}
