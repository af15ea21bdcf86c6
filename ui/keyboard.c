#include "ui/keyboard.h"

#include <curses.h>

#include "ui/background.h"

enum { SEQUENCE_MAX = 32, ANSWER_MAX = 64 };

/* An answer of the terminal that has not come to its end yet. */
static struct {
    bool open, escaped;
    size_t len;
    char text[ANSWER_MAX];
} answer;

static const struct CursesKey {
    int code;
    Key key;
} curses_keys[] = {
    {KEY_UP, KEYCODE_UP},
    {KEY_DOWN, KEYCODE_DOWN},
    {KEY_LEFT, KEYCODE_LEFT},
    {KEY_RIGHT, KEYCODE_RIGHT},
    {KEY_SLEFT, KEYCODE_LEFT | KEYMOD_SHIFT},
    {KEY_SRIGHT, KEYCODE_RIGHT | KEYMOD_SHIFT},
    {KEY_SR, KEYCODE_UP | KEYMOD_SHIFT},
    {KEY_SF, KEYCODE_DOWN | KEYMOD_SHIFT},
    {KEY_HOME, KEYCODE_HOME},
    {KEY_FIND, KEYCODE_HOME},
    {KEY_END, KEYCODE_END},
    {KEY_SELECT, KEYCODE_END},
    {KEY_PPAGE, KEYCODE_PAGE_UP},
    {KEY_NPAGE, KEYCODE_PAGE_DOWN},
    {KEY_IC, KEYCODE_INSERT},
    {KEY_DC, KEYCODE_DELETE},
    {KEY_BACKSPACE, KEYCODE_BACKSPACE},
    {KEY_BTAB, KEYCODE_TAB | KEYMOD_SHIFT},
    {KEY_ENTER, KEYCODE_ENTER},
    {KEY_MOUSE, KEYCODE_MOUSE},
    {KEY_RESIZE, KEYCODE_RESIZE},
};

static Key key_of_code(int code)
{
    for (size_t i = 0; i < sizeof curses_keys / sizeof *curses_keys; i++)
        if (curses_keys[i].code == code)
            return curses_keys[i].key;
    if (code > KEY_F0 && code <= KEY_F0 + KEYCODE_F_LAST - KEYCODE_F0)
        return KEYCODE_F0 + (Key)(code - KEY_F0);
    return KEYCODE_NONE;
}

static Key key_of_character(wint_t c)
{
    switch (c) {
    case 8:
    case 127:
        return KEYCODE_BACKSPACE;
    case '\t':
        return KEYCODE_TAB;
    case '\r':
    case '\n':
        return KEYCODE_ENTER;
    case 27:
        return KEYCODE_ESC;
    case 0:
        return ' ' | KEYMOD_CTRL;
    default:
        break;
    }
    if (c < 27)
        return (Key)(c - 1 + 'a') | KEYMOD_CTRL;
    if (c < ' ')
        return (Key)(c - 1 + 'A') | KEYMOD_CTRL;
    return (Key)c;
}

/* Sequences that terminals send although the description by TERM does not know them: "1;2D" is Shift-Left, "15~" is F5. */
static const struct Sequence {
    const char *parameters;
    char final;
    Key key;
} sequences[] = {
    {"", 'A', KEYCODE_UP},
    {"", 'B', KEYCODE_DOWN},
    {"", 'C', KEYCODE_RIGHT},
    {"", 'D', KEYCODE_LEFT},
    {"", 'H', KEYCODE_HOME},
    {"", 'F', KEYCODE_END},
    {"", 'Z', KEYCODE_TAB | KEYMOD_SHIFT},
    {"", 'P', KEYCODE_F0 + 1},
    {"", 'Q', KEYCODE_F0 + 2},
    {"", 'R', KEYCODE_F0 + 3},
    {"", 'S', KEYCODE_F0 + 4},
    {"1;2", 'A', KEYCODE_UP | KEYMOD_SHIFT},
    {"1;2", 'B', KEYCODE_DOWN | KEYMOD_SHIFT},
    {"1;2", 'C', KEYCODE_RIGHT | KEYMOD_SHIFT},
    {"1;2", 'D', KEYCODE_LEFT | KEYMOD_SHIFT},
    {"1", '~', KEYCODE_HOME},
    {"2", '~', KEYCODE_INSERT},
    {"3", '~', KEYCODE_DELETE},
    {"4", '~', KEYCODE_END},
    {"5", '~', KEYCODE_PAGE_UP},
    {"6", '~', KEYCODE_PAGE_DOWN},
    {"7", '~', KEYCODE_HOME},
    {"8", '~', KEYCODE_END},
    {"11", '~', KEYCODE_F0 + 1},
    {"12", '~', KEYCODE_F0 + 2},
    {"13", '~', KEYCODE_F0 + 3},
    {"14", '~', KEYCODE_F0 + 4},
    {"15", '~', KEYCODE_F0 + 5},
    {"17", '~', KEYCODE_F0 + 6},
    {"18", '~', KEYCODE_F0 + 7},
    {"19", '~', KEYCODE_F0 + 8},
    {"20", '~', KEYCODE_F0 + 9},
    {"21", '~', KEYCODE_F0 + 10},
};

static Key key_of_sequence(const char *parameters, char final)
{
    for (size_t i = 0; i < sizeof sequences / sizeof *sequences; i++)
        if (sequences[i].final == final && strcmp(sequences[i].parameters, parameters) == 0)
            return sequences[i].key;
    return KEYCODE_NONE;
}

static Key key_after_escape(void);

/* An answer has ended; what it said. */
static Key end_answer(void)
{
    answer.open = false;
    return background_answer((Span){answer.text, answer.len}) ? KEYCODE_BACKGROUND : KEYCODE_NONE;
}

/* Goes on with an answer, which ends with BEL or Esc and a backslash; another control ends it, too, and is what it is. */
static Key read_answer(void)
{
    wint_t c;
    while (answer.open && wget_wch(stdscr, &c) == OK) {
        bool escaped = answer.escaped;
        answer.escaped = c == 27;
        if (c == '\a' || (escaped && c == '\\'))
            return end_answer();
        if (escaped || (c < ' ' && c != 27)) {
            answer.open = false;
            unget_wch((wchar_t)c);
            return escaped ? key_after_escape() : KEYCODE_NONE;
        }
        if (c != 27 && answer.len < ANSWER_MAX)
            answer.text[answer.len++] = c < 0x80 ? (char)c : '?';
    }
    return KEYCODE_NONE;
}

/*
 * Behind Esc: a sequence that curses does not know would otherwise be taken for keys. What is no sequence goes back to be read
 * again: there are no keys with Alt, so that Esc followed fast by another key is both.
 */
static Key key_after_escape(void)
{
    wint_t c, start;
    char parameters[SEQUENCE_MAX] = "";
    size_t len = 0;
    if (wget_wch(stdscr, &start) != OK)
        return KEYCODE_ESC;
    if (start == ']' && background_is_awaited()) {
        answer.open = true;
        answer.escaped = false;
        answer.len = 0;
        return read_answer();
    }
    if (start != '[' && start != 'O') {
        unget_wch((wchar_t)start);
        return KEYCODE_ESC;
    }
    while (wget_wch(stdscr, &c) == OK) {
        if (c == 'c' && parameters[0] == '?')
            background_answer_end();
        if (c >= 0x40 && c < 0x7f)
            return key_of_sequence(parameters, (char)c);
        if (c < ' ' || c >= 0x40) {
            unget_wch((wchar_t)c);
            return KEYCODE_NONE;
        }
        if (len + 1 < SEQUENCE_MAX) {
            parameters[len++] = (char)c;
            parameters[len] = '\0';
        }
    }
    if (len)
        return KEYCODE_NONE;
    unget_wch((wchar_t)start);
    return KEYCODE_ESC;
}

static bool read_mouse(KeyEvent *event)
{
    MEVENT mouse;
    if (getmouse(&mouse) != OK)
        return false;
    event->row = mouse.y;
    event->column = mouse.x;
    if (mouse.bstate & BUTTON1_DOUBLE_CLICKED)
        event->mouse = MOUSE_DOUBLE_CLICK;
    else if (mouse.bstate & (BUTTON1_PRESSED | BUTTON1_CLICKED))
        event->mouse = MOUSE_CLICK;
    else if (mouse.bstate & BUTTON4_PRESSED)
        event->mouse = MOUSE_WHEEL_UP;
    else if (mouse.bstate & BUTTON5_PRESSED)
        event->mouse = MOUSE_WHEEL_DOWN;
    return event->mouse != MOUSE_NONE;
}

bool keyboard_read(KeyEvent *event)
{
    for (;;) {
        wint_t c;
        *event = (KeyEvent){0};
        if (answer.open) {
            event->key = read_answer();
            if (event->key != KEYCODE_NONE)
                return true;
            if (answer.open)
                return false;
        }
        int result = wget_wch(stdscr, &c);
        if (result == ERR)
            return false;
        event->key = result == KEY_CODE_YES ? key_of_code((int)c) : key_of_character(c);
        if (event->key == KEYCODE_ESC)
            event->key = key_after_escape();
        if (event->key == KEYCODE_MOUSE && !read_mouse(event))
            continue;
        if (event->key != KEYCODE_NONE)
            return true;
    }
}
