#include "ui/terminal.h"

#include <curses.h>
#include <fcntl.h>
#include <langinfo.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

#include "base/alloc.h"
#include "ui/background.h"
#include "ui/draw.h"
#include "ui/keyboard.h"
#include "ui/rescue.h"

enum {
    ESCAPE_DELAY_MS = 25, /* a lone Esc is one after so long */
    COPY_MAX = 74994,     /* bytes that every terminal with OSC 52 takes: 100000 with base64 and its frame */
    PAIRS_MAX = 200,
    ANSWER_WAIT_MS = 200, /* for an answer that is under way when the terminal is given back */
    ANSWER_BYTES = 256,
};

static struct Terminal {
    SCREEN *screen;
    FILE *in, *out;
    int fd;
    Theme theme;
    bool ascii;
    bool mouse;
    bool half_blocks_only; /* the Linux console's fonts lack the finer ones */
    int cursor_row, cursor_column;
    struct {
        short fg, bg;
    } pairs[PAIRS_MAX]; /* from 1 */
    short pair_count;
    attr_t attributes[ROLE_COUNT][EMPHASIS_COUNT];
    short pair_of[ROLE_COUNT][EMPHASIS_COUNT];
} terminal;

/* Colours. */

static short pair_for(short fg, short bg)
{
    if (terminal.theme.colours < 8 || (fg == COLOUR_DEFAULT && bg == COLOUR_DEFAULT))
        return 0;
    for (short i = 0; i < terminal.pair_count; i++)
        if (terminal.pairs[i].fg == fg && terminal.pairs[i].bg == bg)
            return (short)(i + 1);
    if (terminal.pair_count + 1 >= PAIRS_MAX || terminal.pair_count + 1 >= COLOR_PAIRS)
        return 0;
    terminal.pairs[terminal.pair_count].fg = fg;
    terminal.pairs[terminal.pair_count].bg = bg;
    init_pair(++terminal.pair_count, fg, bg);
    return terminal.pair_count;
}

static void colours_open(int wanted)
{
    int has = 0;
    if (wanted != 0 && has_colors() && start_color() == OK && use_default_colors() == OK)
        has = COLORS;
    if (wanted > 0 && wanted < has)
        has = wanted;
    terminal.theme.colours = has >= 256 ? 256 : has >= 16 ? 16 : has >= 8 ? 8 : 0;
    terminal.pair_count = 0;
    for (int role = 0; role < ROLE_COUNT; role++) {
        for (int emphasis = 0; emphasis < EMPHASIS_COUNT; emphasis++) {
            Look look = theme_look(&terminal.theme, (Role)role, (Emphasis)emphasis);
            attr_t bits = A_NORMAL;
            bits |= look.bits & LOOK_BOLD ? A_BOLD : 0;
            bits |= look.bits & LOOK_REVERSE ? A_REVERSE : 0;
            bits |= look.bits & LOOK_UNDERLINE ? A_UNDERLINE : 0;
            terminal.attributes[role][emphasis] = bits;
            terminal.pair_of[role][emphasis] = pair_for(look.fg, look.bg);
        }
    }
}

/* "15;0" or "0;default;15": the last part is the background. Without that word what the terminal itself says, when it does. */
static ThemeId theme_of_background(void)
{
    const char *hint = getenv("COLORFGBG");
    const char *last = hint ? strrchr(hint, ';') : NULL;
    int background = last ? atoi(last + 1) : 0;
    if (last)
        return background == 7 || background == 15 ? THEME_LIGHT : THEME_DARK;
    return background_known() == BACKGROUND_LIGHT ? THEME_LIGHT : THEME_DARK;
}

/* Terminals that have so many colours know the question, or know to ignore it; older ones might print it. */
static void ask_background(const TerminalOptions *options)
{
    const char *hint = getenv("COLORFGBG");
    bool told = hint && strchr(hint, ';');
    if (options->theme == THEME_AUTO && !told && terminal.theme.colours >= 256 && isatty(terminal.fd))
        background_ask(terminal.out);
}

/* Whether this byte is the last one of "ESC [ ? 1 ; 2 c"; `*at` is how far it has come. */
static bool ends_answer(char c, size_t *at)
{
    static const char begin[] = "\033[?";
    if (*at < sizeof begin - 1)
        *at = c == begin[*at] ? *at + 1 : c == begin[0];
    else if (c == 'c')
        return true;
    else if ((c < '0' || c > '9') && c != ';')
        *at = c == begin[0];
    return false;
}

/* Answers that come when the terminal is given back would be taken for keys by whoever gets it. */
static void settle_background(void)
{
    char bytes[ANSWER_BYTES];
    size_t at = 0;
    struct pollfd ready = {.fd = terminal.fd, .events = POLLIN};
    while (background_is_awaited() && poll(&ready, 1, ANSWER_WAIT_MS) > 0) {
        ssize_t len = read(terminal.fd, bytes, sizeof bytes);
        if (len <= 0)
            break;
        for (ssize_t i = 0; i < len; i++)
            if (ends_answer(bytes[i], &at))
                background_answer_end();
    }
    background_answer_end();
}

/* Opening and closing. */

static FILE *stream_on(int fd, const char *mode)
{
    int copy = fcntl(fd, F_DUPFD_CLOEXEC, 3);
    FILE *stream = copy < 0 ? NULL : fdopen(copy, mode);
    if (!stream && copy >= 0)
        close(copy);
    return stream;
}

static void streams_close(void)
{
    if (terminal.in)
        fclose(terminal.in);
    if (terminal.out)
        fclose(terminal.out);
    terminal.in = terminal.out = NULL;
}

static char *open_error(const char *type)
{
    Buffer text = {0};
    if (!type || !*type)
        type = getenv("TERM");
    if (type && *type)
        buffer_printf(&text, "the terminal type \"%s\" is unknown or cannot move its cursor", type);
    else
        buffer_printf(&text, "TERM is not set, so the terminal's type is not known");
    return buffer_text(&text), text.data;
}

static void modes_open(void)
{
    raw();
    noecho();
    nonl();
    keypad(stdscr, TRUE);
    nodelay(stdscr, TRUE);
    leaveok(stdscr, FALSE);
    set_escdelay(ESCAPE_DELAY_MS);
    curs_set(0);
    mouseinterval(0);
}

static void mouse_open(bool wanted)
{
    static const mmask_t events =
        BUTTON1_PRESSED | BUTTON1_RELEASED | BUTTON1_CLICKED | BUTTON1_DOUBLE_CLICKED | BUTTON4_PRESSED | BUTTON5_PRESSED;
    if (terminal.mouse == wanted)
        return;
    terminal.mouse = wanted;
    mousemask(wanted ? events : 0, NULL);
    rescue_prepare(wanted);
}

void terminal_restyle(const TerminalOptions *options)
{
    terminal.theme.id = options->theme == THEME_AUTO ? theme_of_background() : options->theme;
    terminal.theme.looks = options->looks;
    terminal.ascii = options->ascii || strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
    colours_open(options->colours);
    mouse_open(options->mouse);
    ask_background(options);
}

bool terminal_open(const TerminalOptions *options, char **error)
{
    terminal = (struct Terminal){.fd = options->fd, .cursor_row = -1};
    const char *type = options->type ? options->type : getenv("TERM");
    background_reset();
    rescue_remember(options->fd);
    terminal.in = stream_on(options->fd, "r");
    terminal.out = stream_on(options->fd, "w");
    if (terminal.in && terminal.out && type && *type)
        terminal.screen = newterm(type, terminal.out, terminal.in);
    if (!terminal.screen) {
        streams_close();
        *error = open_error(options->type);
        return false;
    }
    set_term(terminal.screen);
    terminal.half_blocks_only = strncmp(type, "linux", 5) == 0;
    modes_open();
    rescue_prepare(false);
    terminal_restyle(options);
    terminal_resize(0, 0); /* LINES and COLUMNS may be older than the window */
    return true;
}

void terminal_close(void)
{
    if (!terminal.screen)
        return;
    settle_background();
    rescue_set_active(false);
    curs_set(1);
    endwin();
    delscreen(terminal.screen);
    streams_close();
    terminal.screen = NULL;
    draw_release();
}

void terminal_suspend(void)
{
    settle_background();
    def_prog_mode();
    endwin();
    rescue_set_active(false);
}

void terminal_resume(void)
{
    reset_prog_mode();
    rescue_set_active(true);
    terminal_resize(0, 0);
    clearok(curscr, TRUE);
}

int terminal_fd(void)
{
    return terminal.fd;
}

int terminal_rows(void)
{
    return LINES;
}

int terminal_columns(void)
{
    return COLS;
}

bool terminal_has_fine_blocks(void)
{
    return !terminal.half_blocks_only;
}

bool terminal_is_ascii(void)
{
    return terminal.ascii;
}

bool terminal_is_light(void)
{
    return terminal.theme.id == THEME_LIGHT;
}

void terminal_resize(int rows, int columns)
{
    struct winsize size;
    if (rows <= 0 || columns <= 0) {
        if (ioctl(terminal.fd, TIOCGWINSZ, &size) != 0 || !size.ws_row || !size.ws_col)
            return;
        rows = size.ws_row;
        columns = size.ws_col;
    }
    resizeterm(rows, columns);
    terminal_forget();
}

/* Frames. */

void terminal_begin(void)
{
    terminal.cursor_row = -1;
    attr_set(A_NORMAL, 0, NULL);
    erase();
}

void terminal_end(void)
{
    if (terminal.cursor_row >= 0) {
        move(terminal.cursor_row, terminal.cursor_column);
        curs_set(1);
    } else {
        curs_set(0);
        move(LINES - 1, COLS - 1);
    }
    wnoutrefresh(stdscr);
}

void terminal_flush(void)
{
    doupdate();
}

void terminal_forget(void)
{
    clearok(curscr, TRUE);
}

void terminal_cursor(int row, int column)
{
    terminal.cursor_row = row;
    terminal.cursor_column = column;
}

DisplayStyle terminal_style(void)
{
    return (DisplayStyle){.ascii = terminal.ascii};
}

void terminal_set_look(Role role, Emphasis emphasis)
{
    attr_set(terminal.attributes[role][emphasis], terminal.pair_of[role][emphasis], NULL);
}

/* Without colours a hit in the selected row must differ from that. */
static attr_t lit(attr_t attributes, Light light)
{
    if (light == LIGHT_PASSED)
        return attributes | A_UNDERLINE | A_BOLD;
    return (attributes ^ A_REVERSE) | A_BOLD;
}

void terminal_light(int row, int column, int width, Light light)
{
    bool coloured = terminal.theme.colours >= 8 && terminal.theme.id != THEME_MONO;
    for (int i = 0; i < width; i++) {
        cchar_t cell;
        wchar_t characters[CCHARW_MAX + 1];
        attr_t attributes;
        short pair;
        if (mvin_wch(row, column + i, &cell) != OK || getcchar(&cell, characters, &attributes, &pair, NULL) != OK)
            return;
        if (light == LIGHT_HIT && coloured)
            mvchgat(row, column + i, 1, terminal.attributes[ROLE_NORMAL][EMPHASIS_HIT], terminal.pair_of[ROLE_NORMAL][EMPHASIS_HIT],
                    NULL);
        else
            mvchgat(row, column + i, 1, lit(attributes, light), pair, NULL);
    }
}

/* The clipboard. */

static void append_base64(Buffer *out, Span bytes)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < bytes.len; i += 3) {
        unsigned word = 0;
        size_t have = bytes.len - i < 3 ? bytes.len - i : 3;
        for (size_t k = 0; k < 3; k++)
            word = word << 8 | (k < have ? (unsigned char)bytes.ptr[i + k] : 0);
        for (size_t k = 0; k < 4; k++)
            buffer_append_byte(out, k <= have ? digits[word >> (18 - 6 * k) & 63] : '=');
    }
}

bool terminal_copy(Span text)
{
    if (text.len > COPY_MAX || !terminal.out)
        return false;
    Buffer sequence = {0};
    buffer_append_span(&sequence, SPAN("\033]52;c;"));
    append_base64(&sequence, text);
    buffer_append_byte(&sequence, '\a');
    fwrite(sequence.data, 1, sequence.len, terminal.out);
    fflush(terminal.out);
    buffer_free(&sequence);
    return true;
}

/* Reading back. */

static char look_letter(attr_t attributes, short pair)
{
    attributes &= A_BOLD | A_REVERSE | A_UNDERLINE;
    for (int emphasis = 0; emphasis < EMPHASIS_COUNT; emphasis++)
        for (int role = 0; role < ROLE_COUNT; role++)
            if (terminal.attributes[role][emphasis] == attributes && terminal.pair_of[role][emphasis] == pair)
                return emphasis == EMPHASIS_SELECTED ? '#' : emphasis == EMPHASIS_HIT ? '!' : role_letter((Role)role);
    return attributes & A_UNDERLINE ? '_' : '?';
}

/* What was drawn, and how it looks to the library. */
static int read_cell(int row, int column, Buffer *text, attr_t *attributes, short *pair)
{
    cchar_t cell;
    wchar_t characters[CCHARW_MAX + 1] = {0};
    if (mvin_wch(row, column, &cell) != OK || getcchar(&cell, characters, attributes, pair, NULL) != OK)
        return 1;
    char bytes[MB_LEN_MAX];
    mbstate_t state = {0};
    for (size_t i = 0; characters[i]; i++) {
        size_t len = wcrtomb(bytes, characters[i], &state);
        if (len != (size_t)-1)
            buffer_append(text, bytes, len);
    }
    return wcwidth(characters[0]) == 2 ? 2 : 1;
}

int terminal_read_back(int row, int column, Buffer *text, char *look)
{
    attr_t attributes = A_NORMAL;
    short pair = 0;
    int cells = read_cell(row, column, text, &attributes, &pair);
    *look = look_letter(attributes, pair);
    return cells;
}

int terminal_read_look(int row, int column, Buffer *text, Look *look)
{
    attr_t attributes = A_NORMAL;
    short pair = 0;
    int cells = read_cell(row, column, text, &attributes, &pair);
    *look = (Look){COLOUR_DEFAULT, COLOUR_DEFAULT, 0};
    if (pair > 0 && pair <= terminal.pair_count) {
        look->fg = terminal.pairs[pair - 1].fg;
        look->bg = terminal.pairs[pair - 1].bg;
    }
    look->bits |= attributes & A_BOLD ? LOOK_BOLD : 0;
    look->bits |= attributes & A_REVERSE ? LOOK_REVERSE : 0;
    look->bits |= attributes & A_UNDERLINE ? LOOK_UNDERLINE : 0;
    return cells;
}
