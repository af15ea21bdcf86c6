/* What can be typed behind ":". Private to ui/. */
#ifndef UI_COMMAND_H
#define UI_COMMAND_H

#include "ui/view.h"

/* Performs it: a row's number, an action's name, or a command with its argument. Says what is wrong with it. */
void command_perform(Ui *ui, Span text);

/* Commands beside the actions, for the help: "sort", "COLUMN[:asc|:desc]"; false at the end of the table. */
typedef struct CommandHelp {
    const char *name, *argument, *help;
} CommandHelp;
bool command_help(size_t index, CommandHelp *help);

typedef VEC(char *) Words;

/*
 * Finds what may stand where `text` ends: each of `out` (whose strings the caller frees) would replace what begins at byte `*from`.
 */
void command_complete(Ui *ui, Span text, Words *out, size_t *from);

/* Appends what was typed into the prompt `kind` before and begins with `text`, the newest first. */
void command_complete_history(Ui *ui, PromptKind kind, Span text, Words *out);

void words_free(Words *words);

#endif
