/* Keys as they come from the terminal that is open. */
#ifndef UI_KEYBOARD_H
#define UI_KEYBOARD_H

#include "ui/key.h"

/* The next key that waits; false when there is none. Never blocks for longer than it takes to tell Esc from a longer sequence. */
bool keyboard_read(KeyEvent *event);

#endif
