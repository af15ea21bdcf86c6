/*
 * Keys and their names. A key is a character, or a special key, with modifiers. Names read both ways: "j", "C-d", "S-Left", "F6",
 * "Space". Reading keys from the terminal is terminal.h's.
 */
#ifndef UI_KEY_H
#define UI_KEY_H

#include "base/buffer.h"

typedef uint32_t Key;

enum {
    KEYCODE_NONE = 0,
    KEYCODE_SPECIAL = 1 << 24, /* above every character */
    KEYCODE_UP,
    KEYCODE_DOWN,
    KEYCODE_LEFT,
    KEYCODE_RIGHT,
    KEYCODE_HOME,
    KEYCODE_END,
    KEYCODE_PAGE_UP,
    KEYCODE_PAGE_DOWN,
    KEYCODE_INSERT,
    KEYCODE_DELETE,
    KEYCODE_BACKSPACE,
    KEYCODE_TAB,
    KEYCODE_ENTER,
    KEYCODE_ESC,
    KEYCODE_MOUSE,      /* see KeyEvent */
    KEYCODE_RESIZE,     /* the terminal library saw a new size */
    KEYCODE_BACKGROUND, /* the terminal said what its background is: see background.h */
    KEYCODE_F0,         /* F1 is KEYCODE_F0 + 1, up to F24 */
    KEYCODE_F_LAST = KEYCODE_F0 + 24,
    KEYMOD_CTRL = 1 << 28,
    KEYMOD_SHIFT = 1 << 29,
    KEYMOD_ALT = 1 << 30,
};

typedef enum MouseAction { MOUSE_NONE, MOUSE_CLICK, MOUSE_DOUBLE_CLICK, MOUSE_WHEEL_UP, MOUSE_WHEEL_DOWN } MouseAction;

typedef struct KeyEvent {
    Key key;
    MouseAction mouse; /* with KEYCODE_MOUSE */
    int row, column;   /* of the mouse, cells from the top left */
} KeyEvent;

/* Whether the key writes a character into a prompt. */
bool key_is_text(Key key);

/* Appends that character. */
void key_append_text(Key key, Buffer *out);

/* Whether a terminal can send it as a key of its own: C-i is Tab, and there is no telling M-x from Esc and x. */
bool key_can_arrive(Key key);

/* Appends the key's name, as key_parse() reads it. */
void key_append_name(Key key, Buffer *out);

/* Reads a name that fills `name` wholly; false when there is no such key. */
bool key_parse(Span name, Key *key);

/* Calls `take` with the name of every key that is not a character of its own and that a terminal can send. */
void key_words(void (*take)(void *ctx, Span word), void *ctx);

/* Cuts the next name off the front of a blank-separated list; false at its end. */
bool key_names_take(Span *names, Span *name);
/* The same where text to be typed may stand between apostrophes, blanks included: it is cut off as one, with its apostrophes. */
bool key_presses_take(Span *names, Span *name);

#endif
