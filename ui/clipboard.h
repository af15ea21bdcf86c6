/* Copying, with what is said about it. Private to ui/. */
#ifndef UI_CLIPBOARD_H
#define UI_CLIPBOARD_H

#include "ui/view.h"

/* Sends `text`, which is made safe for pasting, to the terminal's clipboard; `what` begins the sentence: "The row was". */
void clipboard_copy(Ui *ui, Buffer *text, const char *what);

#endif
