/*
 * Views and what they share. A view is one struct of operations; views live on a stack. Popups and prompts are views as well: there
 * are no loops inside. Private to ui/.
 */
#ifndef UI_VIEW_H
#define UI_VIEW_H

#include "model/table.h"
#include "ui/pattern.h"
#include "ui/ui.h"

/* A rectangle of cells. */
typedef struct Area {
    int row, column;
    int rows, columns;
} Area;

typedef struct View View;
typedef struct Status Status;

typedef struct ViewKind {
    bool popup;  /* drawn over the view below it */
    bool prompt; /* takes the bottom line and all keys */
    void (*draw)(View *view, Area area);
    /* False when the action is not the view's. */
    bool (*act)(View *view, ActionId action);
    /* Sees a key before its action; true when that was all. */
    bool (*key)(View *view, Key key);
    bool (*mouse)(View *view, const KeyEvent *event);
    /* Its part of the breadcrumb; NULL for none. */
    void (*label)(const View *view, Buffer *out);
    /* Its parts of the status line, the important ones first. */
    void (*status)(View *view, Status *status);
    const char *open_label; /* what the action open is called on its bottom line; NULL: as everywhere */
    /* Actions for the bottom line, ended by ACTION_NONE. */
    const ActionId *(*bar)(const View *view);
    /* Takes over `pattern` (NULL: no search) and goes to the first hit at or behind where the search began. */
    void (*search)(View *view, Pattern *pattern, bool final);
    /* Drops the search, then the filter; false when there was neither. */
    bool (*cancel)(View *view);
    void (*free)(View *view);
} ViewKind;

struct View {
    const ViewKind *kind;
    Ui *ui;
    Area area; /* where it was drawn last */
};

/* The stack. Pushed views belong to it. */
void ui_push(Ui *ui, View *view);
/* Ends the top view; the first one stays. */
void ui_pop(Ui *ui);
/* Ends all popups and prompts at the top. */
void ui_pop_popups(Ui *ui);
View *ui_top(const Ui *ui);
/* The view under this one, or NULL. */
View *ui_below(const Ui *ui, const View *view);
/* The topmost view that is no popup. */
View *ui_main_view(const Ui *ui);
void ui_changed(Ui *ui);
/* Says that the screen shows all there is to the left, or to the right. */
void ui_say_edge(Ui *ui, bool left);
/* Says that a search has come to the end and gone on at the other one. */
void ui_say_wrapped(Ui *ui, bool forward);
/* Says so of going from mark to mark, if it has; or that there was nowhere to go. */
void ui_say_marks(Ui *ui, bool forward, uint64_t from, uint64_t to);
/* Asks for another frame in so many milliseconds; false when the application cannot do that. */
bool ui_postpone(Ui *ui, unsigned ms);

/* What views ask of the Ui. */
const Model *ui_model(const Ui *ui);
const Selection *ui_selection(const Ui *ui);
const Keymap *ui_keymap(const Ui *ui);
bool ui_is_paused(const Ui *ui);
void ui_quit(Ui *ui, bool asked);
const UiInput *ui_inputs(const Ui *ui, size_t *count);
/* The shortest name of a source that is no other's, cut at slashes; part of the model's texts. */
Span ui_source_name(const Ui *ui, Id source);
const UiHost *ui_host(const Ui *ui);

/* What a person chose last, in the file or here. Whoever changes it calls ui_settings_changed(). */
Settings *ui_settings(Ui *ui);
void ui_settings_changed(Ui *ui);
/* Reads a value and lets it take effect; says what is wrong with it, or how to keep it. */
void ui_set(Ui *ui, const Setting *setting, Span value);
/* Says what the value is; of one that was changed, how to keep it. */
void ui_tell_setting(Ui *ui, const Setting *setting, bool changed);
/* Where settings are kept, for people. */
const char *ui_settings_file(Ui *ui);
/* UiHost.saving; false where the application has none. */
bool ui_saving(const Ui *ui, UiSaving *saving);
/* Says what is being written, if something is: one file is written at a time. */
bool ui_is_saving(Ui *ui);
/* Goes on with what UiHost.save or the like answered: says it, or asks whether to replace the file. */
void ui_saved(Ui *ui, UiSaved saved, Buffer *message, void (*replace)(void *ctx), void *ctx);

/* The order in which tables of a kind are shown: a person's last choice. */
TableSort ui_sort(const Ui *ui, TableId id);
void ui_set_sort(Ui *ui, TableId id, TableSort sort);

/* Which of the prompts' histories. */
typedef enum PromptKind { PROMPT_SEARCH, PROMPT_FILTER, PROMPT_COMMAND, PROMPT_SAVE, PROMPT_KINDS } PromptKind;

/* Opens a prompt with `text` in it. */
void prompt_open(Ui *ui, PromptKind kind, Span text);
/* Asks a question; `yes` is called when it is answered with yes, after the question has gone. */
void confirm_open(Ui *ui, const char *question, void (*yes)(void *ctx), void *ctx);
/* Whether the question that calls `yes` is open. */
bool confirm_asks(const Ui *ui, void (*yes)(void *ctx));

/* What prompts call when they are accepted or typed in. */
void ui_search(Ui *ui, Span text, bool final);
void ui_search_cancelled(Ui *ui);
/* Searches the view for what was searched for last, in whichever view; says so and returns false when nothing was. */
bool ui_search_last(Ui *ui);
void ui_filter(Ui *ui, Span text);
void ui_filter_typed(Ui *ui, Span text);
void ui_filter_cancelled(Ui *ui);
void ui_save(Ui *ui, Span text);
/* Shows a main view, from 0. */
void ui_show_root(Ui *ui, size_t root);

/* What was typed before, oldest first. */
typedef VEC(char *) History;
History *ui_history(Ui *ui, PromptKind kind);
void ui_history_add(Ui *ui, PromptKind kind, Span text);
/* The character of a prompt. */
char prompt_sign(PromptKind kind);

/* The views. */
View *table_view_new(Ui *ui, TableId id, Scope scope);
/* Begins at `action`, or at the top (ACTION_NONE). */
View *help_view_new(Ui *ui, ActionId action);
View *options_view_new(Ui *ui);
View *explain_view_new(Ui *ui, const Table *table, RowKey row);
/* A popup with some sentences, which it takes over. */
View *note_view_new(Ui *ui, Buffer text);

/* A popup with a list to choose from. */
typedef struct MenuItem {
    char *label; /* the menu frees it */
    char *note;  /* at the right, or NULL; the menu frees it */
    size_t value;
} MenuItem;

typedef VEC(MenuItem) MenuItems;

/* Takes over `items`. `choose` is called with the value of the chosen one after the menu has ended. */
View *menu_view_new(Ui *ui, const char *title, MenuItems items, size_t selected, void (*choose)(void *ctx, size_t value), void *ctx);

/* Parts of the status line; the first are the last to leave when it is narrow. */
void status_add(Status *status, Role role, const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
