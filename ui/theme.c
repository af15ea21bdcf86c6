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
    [ROLE_DIM] = {'d', 245, -1, 244, -1, -1, -1, -1, 0, 0},
    [ROLE_ENTRY] = {'e', 74, -1, 25, -1, CYAN, -1, BLUE, 0, 0},
    [ROLE_SUSPECT] = {'u', 139, -1, 96, -1, MAGENTA, -1, MAGENTA, 0, 0},
    [ROLE_HEAT_1] = {'1', -1, -1, -1, -1, -1, -1, -1, 0, 0},
    [ROLE_HEAT_2] = {'2', 178, -1, 130, -1, YELLOW, -1, MAGENTA, 0, 0},
    [ROLE_HEAT_3] = {'3', 208, -1, 166, -1, YELLOW + BRIGHT, -1, RED, 0, LOOK_BOLD},
    [ROLE_HEAT_4] = {'4', 203, -1, 160, -1, RED + BRIGHT, -1, RED, LOOK_BOLD, LOOK_BOLD},
    [ROLE_BAD] = {'b', 203, -1, 160, -1, RED + BRIGHT, -1, RED, LOOK_BOLD, LOOK_BOLD},
    [ROLE_NOTE] = {'n', 109, -1, 30, -1, CYAN, -1, CYAN, 0, 0},
    [ROLE_HEADER] = {'h', 250, 236, 238, 253, BLACK, GREEN, BLACK, 0, LOOK_UNDERLINE},
    [ROLE_HEADER_SORTED] = {'H', 16, 74, 231, 25, BLACK, CYAN, BLACK, LOOK_BOLD, LOOK_REVERSE},
    [ROLE_TAB] = {'t', 245, -1, 244, -1, -1, -1, -1, 0, 0},
    [ROLE_TAB_CURRENT] = {'T', -1, -1, -1, -1, -1, -1, -1, LOOK_BOLD, LOOK_BOLD | LOOK_UNDERLINE},
    [ROLE_CRUMB] = {'c', -1, -1, -1, -1, -1, -1, -1, 0, 0},
    [ROLE_CRUMB_LAST] = {'C', -1, -1, -1, -1, -1, -1, -1, LOOK_BOLD, LOOK_BOLD},
    [ROLE_STATUS] = {'s', 250, 236, 238, 253, BLACK, WHITE, BLACK, 0, LOOK_REVERSE},
    [ROLE_STATUS_LIVE] = {'L', 114, 236, 22, 253, BLACK, WHITE, BLACK, LOOK_BOLD, LOOK_REVERSE | LOOK_BOLD},
    [ROLE_STATUS_BAD] = {'B', 210, 236, 124, 253, RED, WHITE, RED, LOOK_BOLD, LOOK_REVERSE | LOOK_BOLD},
    [ROLE_STATUS_NOTE] = {'N', 222, 236, 94, 253, BLUE, WHITE, BLUE, 0, LOOK_REVERSE | LOOK_BOLD},
    [ROLE_BAR_KEY] = {'K', 74, -1, 25, -1, CYAN + BRIGHT, -1, BLUE, LOOK_BOLD, LOOK_BOLD},
    [ROLE_BAR_LABEL] = {'l', 245, -1, 242, -1, -1, -1, -1, 0, 0},
    [ROLE_BORDER] = {'+', 244, -1, 246, -1, CYAN, -1, BLUE, 0, 0},
    [ROLE_TITLE] = {'=', 74, -1, 25, -1, CYAN + BRIGHT, -1, BLUE, LOOK_BOLD, LOOK_BOLD},
    [ROLE_CODE] = {'x', 71, -1, 22, -1, GREEN, -1, GREEN, 0, 0},
    [ROLE_KEY] = {'k', 178, -1, 94, -1, YELLOW + BRIGHT, -1, MAGENTA, 0, LOOK_BOLD},
    [ROLE_MARK] = {'m', 178, -1, 94, -1, YELLOW + BRIGHT, -1, MAGENTA, LOOK_BOLD, LOOK_BOLD},
    [ROLE_CHART] = {'v', 110, -1, 24, -1, CYAN, -1, BLUE, 0, 0},
};

char role_letter(Role role)
{
    return theme_rows[role].letter;
}

static Look base_look(const ThemeRow *row, bool light, int colours)
{
    if (colours >= 256)
        return light ? (Look){row->light_fg, row->light_bg, row->bits} : (Look){row->dark_fg, row->dark_bg, row->bits};
    if (colours < 8)
        return (Look){COLOUR_DEFAULT, COLOUR_DEFAULT, row->mono};
    return (Look){light ? row->few_light_fg : row->few_fg, row->few_bg, row->bits};
}

static void select_look(Look *look, bool light, int colours)
{
    if (colours >= 256) {
        look->bg = light ? 252 : 238;
        if (look->fg == COLOUR_DEFAULT)
            look->fg = light ? 16 : 231;
    } else if (colours >= 8) {
        *look = (Look){BLACK, CYAN, 0};
    } else {
        look->bits |= LOOK_REVERSE;
    }
}

static void hit_look(Look *look, int colours)
{
    if (colours >= 256)
        *look = (Look){16, 221, 0};
    else if (colours >= 8)
        *look = (Look){BLACK, YELLOW, 0};
    else
        look->bits = (look->bits ^ LOOK_REVERSE) | LOOK_BOLD;
}

Look theme_look(ThemeId theme, int colours, Role role, Emphasis emphasis)
{
    bool light = theme == THEME_LIGHT;
    Look look = base_look(&theme_rows[role], light, colours);
    if (emphasis == EMPHASIS_SELECTED)
        select_look(&look, light, colours);
    else if (emphasis == EMPHASIS_HIT)
        hit_look(&look, colours);
    if (colours >= 8 && colours < 16 && look.fg >= BRIGHT) {
        look.fg = (short)(look.fg - BRIGHT);
        look.bits |= LOOK_BOLD;
    }
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
