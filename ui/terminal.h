/*
 * The terminal: taking it over, giving it back, its size and colours. There is one at a time, kept here. Keys are read by keyboard.h,
 * drawing is draw.h. Coordinates are cells from the top left.
 */
#ifndef UI_TERMINAL_H
#define UI_TERMINAL_H

#include "model/display.h"
#include "ui/theme.h"

typedef struct TerminalOptions {
    int fd;           /* the terminal, for reading and writing; stays the caller's */
    const char *type; /* NULL: what TERM says */
    int colours;      /* at most so many; 0 for none, below 0 for what the terminal has */
    ThemeId theme;
    const Look *looks; /* a person's: see Theme; stays the caller's, as long as the terminal is open */
    bool ascii;        /* draw nothing but ASCII */
    bool mouse;
} TerminalOptions;

/* Takes the terminal over. False with one sentence for people in `*error`, which the caller frees. */
bool terminal_open(const TerminalOptions *options, char **error);

/* Changes all of it but `fd` and `type`. */
void terminal_restyle(const TerminalOptions *options);

/* Gives the terminal back as it was. Does nothing when it is not open. */
void terminal_close(void);

/* Leaves the terminal to others, and takes it again with everything drawn anew. */
void terminal_suspend(void);
void terminal_resume(void);

/* The descriptor that becomes readable when there are keys. */
int terminal_fd(void);

int terminal_rows(void);
int terminal_columns(void);
bool terminal_is_ascii(void);
/* Whether the theme is one for a light background. */
bool terminal_is_light(void);
/* Whether eighths of a block can be drawn, not only halves. */
bool terminal_has_fine_blocks(void);

/* The size has changed to this; 0 by 0 asks the terminal. */
void terminal_resize(int rows, int columns);

/* Drawing: begin, draw, end. `terminal_begin` clears what was drawn; nothing reaches the terminal before `terminal_flush`. */
void terminal_begin(void);
void terminal_end(void);

/* Writes what was drawn; see ui_flush(). */
void terminal_flush(void);

/* Everything is drawn anew at the next terminal_end(): something else may have written to the screen. */
void terminal_forget(void);

/* Shows the cursor there when the frame is complete; below 0 hides it. */
void terminal_cursor(int row, int column);

/* What is drawn next looks like this. */
void terminal_set_look(Role role, Emphasis emphasis);

/* Lights cells in which something was drawn. */
void terminal_light(int row, int column, int width, Light light);

/* How text is made safe for this terminal. */
DisplayStyle terminal_style(void);

/*
 * Asks the terminal to put `text` on the clipboard (OSC 52). Whether it does cannot be known. False when there is too much of it
 * for terminals.
 */
bool terminal_copy(Span text);

/*
 * What stands in a cell after terminal_end(), for pictures: appends its text, `*look` is the letter of its role ('#' selected, '!'
 * a hit, '_' what a filter lets through, '?' no look of ours). Returns the cells that it takes, 1 or 2.
 */
int terminal_read_back(int row, int column, Buffer *text, char *look);

/* The same with the look itself. */
int terminal_read_look(int row, int column, Buffer *text, Look *look);

#endif
