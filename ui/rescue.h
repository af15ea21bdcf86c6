/* Giving the terminal back when the program is about to end in disorder. One terminal at a time, kept here. */
#ifndef UI_RESCUE_H
#define UI_RESCUE_H

#include <stdbool.h>

/* Remembers the modes of the terminal on `fd`, before anything changes them. */
void rescue_remember(int fd);

/* Puts together what must be written, anew at each call, for the terminal type that is current in the terminal library. */
void rescue_prepare(bool mouse);

/* Whether there is anything to give back. */
void rescue_set_active(bool active);

/* Does it. Calls nothing that is not safe in a signal handler; a second call does nothing. */
void rescue_perform(void);

#endif
