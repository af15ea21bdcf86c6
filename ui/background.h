/*
 * The colour of the terminal's background, asked from the terminal (OSC 11). The answer comes among the keys, whenever it comes,
 * and nothing waits for it. Behind the question stands another one that every terminal answers: when that answer comes, there will
 * be none to the first. Private to ui/.
 */
#ifndef UI_BACKGROUND_H
#define UI_BACKGROUND_H

#include <stdio.h>

#include "base/span.h"

typedef enum Background { BACKGROUND_UNKNOWN, BACKGROUND_DARK, BACKGROUND_LIGHT } Background;

/* Forgets what was known. */
void background_reset(void);

/* Asks, once. */
void background_ask(FILE *out);

/* Whether answers may still come. */
bool background_is_awaited(void);

/* An answer has come: to the question itself ("11;rgb:ffff/ffff/ffff"; true when it tells something), to the one behind it. */
bool background_answer(Span text);
void background_answer_end(void);

Background background_known(void);

#endif
