/*
 * What a key can do. An action is one row of one table: from it come dispatch, rebinding, the help view, the bottom line,
 * --list-keys and the man page. No terminal is needed to read it.
 */
#ifndef UI_ACTION_H
#define UI_ACTION_H

#include "base/vec.h"
#include "ui/key.h"

/* Where an action works. */
typedef enum ActionContext {
    CONTEXT_EVERYWHERE, /* in every view and popup */
    CONTEXT_TABLE,      /* in tables */
    CONTEXT_LOG,        /* in the raw log */
    CONTEXT_PROMPT,     /* while something is typed; keys mean nothing else there */
} ActionContext;

/* Sections of the help. */
typedef enum ActionGroup {
    GROUP_MOVE,
    GROUP_VIEW,
    GROUP_SORT,
    GROUP_FIND,
    GROUP_LIVE,
    GROUP_ROW,
    GROUP_PROGRAM,
    GROUP_PROMPT,
    GROUP_COUNT
} ActionGroup;

/* X(id, name, default keys, context, group, label on the bottom line or NULL, sentence for the help) */
#define ACTIONS(X)                                                                                                                 \
    X(MOVE_DOWN, "move-down", "j Down", EVERYWHERE, MOVE, NULL, "Move down one row")                                               \
    X(MOVE_UP, "move-up", "k Up", EVERYWHERE, MOVE, NULL, "Move up one row")                                                       \
    X(PAGE_DOWN, "page-down", "Space PgDn C-f", EVERYWHERE, MOVE, "more", "Move down one page")                                    \
    X(PAGE_UP, "page-up", "b PgUp C-b", EVERYWHERE, MOVE, NULL, "Move up one page")                                                \
    X(HALF_DOWN, "half-page-down", "C-d", EVERYWHERE, MOVE, NULL, "Move down half a page")                                         \
    X(HALF_UP, "half-page-up", "C-u", EVERYWHERE, MOVE, NULL, "Move up half a page")                                               \
    X(FIRST, "first-row", "g Home", EVERYWHERE, MOVE, NULL, "Go to the first row")                                                 \
    X(LAST, "last-row", "G End", EVERYWHERE, MOVE, NULL, "Go to the last row")                                                     \
    X(COLUMNS_LEFT, "columns-left", "S-Left H", EVERYWHERE, MOVE, NULL, "Scroll left, by columns or within a long text")           \
    X(COLUMNS_RIGHT, "columns-right", "S-Right L", EVERYWHERE, MOVE, NULL, "Scroll right, to what the width hides")                \
    X(COLUMNS_FIRST, "columns-first", "0", EVERYWHERE, MOVE, NULL, "Scroll back to the first column")                              \
    X(COLUMNS_LAST, "columns-last", "$", EVERYWHERE, MOVE, NULL, "Scroll to the last column")                                      \
    X(OPEN, "open", "Enter l Right", EVERYWHERE, VIEW, "open", "Open the selected row, or choose it in a menu")                    \
    X(BACK, "back", "h Left Backspace", EVERYWHERE, VIEW, "back", "Go back to where this was opened")                              \
    X(SIBLING_PREVIOUS, "previous-sibling", "[", EVERYWHERE, VIEW, NULL,                                                           \
      "Go to the one before this: function, call or report; in the log to the report before")                                      \
    X(SIBLING_NEXT, "next-sibling", "]", EVERYWHERE, VIEW, "next",                                                                 \
      "Go to the one after this: function, call or report; in the log to the next report")                                         \
    X(LOG_PREVIOUS, "previous-log", "{", LOG, VIEW, NULL, "Of several logs, show the one before this")                             \
    X(LOG_NEXT, "next-log", "}", LOG, VIEW, "next log", "Of several logs, show the next one")                                      \
    X(VIEW_FUNCTIONS, "view-functions", "1", EVERYWHERE, VIEW, NULL, "Show all profiled functions")                                \
    X(VIEW_INVOCATIONS, "view-invocations", "2", EVERYWHERE, VIEW, NULL, "Show all invocations")                                   \
    X(VIEW_LINES, "view-lines", "3", EVERYWHERE, VIEW, NULL, "Show source lines over all reports")                                 \
    X(VIEW_LOG, "view-log", "4", EVERYWHERE, VIEW, NULL, "Show the raw log; Enter there opens the report of a line")               \
    X(VIEW_NEXT, "view-next", "Tab", EVERYWHERE, VIEW, NULL, "Show the next of these views")                                       \
    X(VIEW_PREVIOUS, "view-previous", "S-Tab", EVERYWHERE, VIEW, NULL, "Show the previous of these views")                         \
    X(SORT_MENU, "sort-menu", "s F6", TABLE, SORT, "sort", "Choose the column to sort by; the same one again reverses")            \
    X(SORT_LEFT, "sort-left", "<", TABLE, SORT, NULL, "Sort by the column to the left")                                            \
    X(SORT_RIGHT, "sort-right", ">", TABLE, SORT, NULL, "Sort by the column to the right")                                         \
    X(SORT_REVERSE, "sort-reverse", "I", TABLE, SORT, "reverse", "Reverse the order")                                              \
    X(SORT_MEMORY, "sort-memory", "M", TABLE, SORT, NULL, "Sort by memory")                                                        \
    X(SORT_TIME, "sort-time", "T", TABLE, SORT, NULL, "Sort by time")                                                              \
    X(SEARCH, "search", "/ F3", EVERYWHERE, FIND, "search", "Search (regular expression; upper case letters make it exact)")       \
    X(SEARCH_NEXT, "search-next", "n", EVERYWHERE, FIND, NULL, "Go to the next hit")                                               \
    X(SEARCH_PREVIOUS, "search-previous", "N", EVERYWHERE, FIND, NULL, "Go to the previous hit")                                   \
    X(FILTER, "filter", "\\ F4 &", EVERYWHERE, FIND, "filter",                                                                     \
      "Show only matching rows or lines; !text leaves them out, empty shows all")                                                  \
    X(FILTER_TOGGLE, "filter-toggle", "C-t", EVERYWHERE, FIND, NULL, "Switch the filter off and on")                               \
    X(QUIET, "quiet", "c", EVERYWHERE, FIND, "quiet", "Leave out contended reports: others ran in the same process")               \
    X(HIDE_ZERO, "hide-zero", "z F7", TABLE, FIND, "hide zero", "In a report, leave out the entry row and rows without increment") \
    X(LOG_FRONTS, "log-fronts", "D", LOG, FIND, "fronts",                                                                          \
      "In the log, shorten times and names before what lines say, or show them in full")                                           \
    X(LOG_WRAP, "log-wrap", "W", LOG, FIND, "wrap", "In the log, wrap long lines, or cut them at the edge of the screen")          \
    X(FOLLOW, "follow", "F F5", EVERYWHERE, LIVE, "follow", "Keep the newest row selected; in the log, stay at its end")           \
    X(PAUSE, "pause", "p", EVERYWHERE, LIVE, "pause", "Freeze what is shown; reading goes on")                                     \
    X(MARK, "mark", "m", EVERYWHERE, ROW, "mark", "Mark the row or line, or take the mark away")                                   \
    X(MARK_NEXT, "next-mark", "u", EVERYWHERE, ROW, NULL, "Go to the next mark")                                                   \
    X(MARK_PREVIOUS, "previous-mark", "U", EVERYWHERE, ROW, NULL, "Go to the previous mark")                                       \
    X(EXPLAIN, "explain", "x", EVERYWHERE, ROW, "explain", "Explain the row and the columns, a line of the log, or a setting")     \
    X(RAW_LOG, "raw-log", "v", TABLE, ROW, "log", "Show the row in the raw log")                                                   \
    X(EDIT, "edit", "e", EVERYWHERE, ROW, "edit", "Open the source in $VISUAL or $EDITOR, at the line of the row")                 \
    X(COPY_ROW, "copy-row", "y", EVERYWHERE, ROW, "copy", "Copy the row or line to the clipboard; in the options, all of them")    \
    X(COPY_CELL, "copy-cell", "Y", TABLE, ROW, NULL, "Choose a cell of the row and copy it to the clipboard")                      \
    X(COMPARE, "compare", "d F8", TABLE, ROW, "compare", "Compare the marked row with the selected one, or two marked rows")       \
    X(EXPORT, "export", "w F9", EVERYWHERE, ROW, "export",                                                                         \
      "Write what is shown to a file: .txt, .csv, .md or .json; a log as it is")                                                   \
    X(COMMAND, "command", ":", EVERYWHERE, PROGRAM, NULL,                                                                          \
      "Type a row or line number, a time (12:31), a share of them (50%), an action or a command")                                  \
    X(OPTIONS, "options", "o F2", EVERYWHERE, PROGRAM, "options", "Show the settings and change them")                             \
    X(HELP, "help", "? F1", EVERYWHERE, PROGRAM, "help", "Show all keys")                                                          \
    X(REDRAW, "redraw", "C-l", EVERYWHERE, PROGRAM, NULL, "Draw the screen anew")                                                  \
    X(SUSPEND, "suspend", "C-z", EVERYWHERE, PROGRAM, NULL, "Suspend the program (fg brings it back)")                             \
    X(INTERRUPT, "interrupt", "C-c", EVERYWHERE, PROGRAM, NULL, "Interrupt the input; a second time quits")                        \
    X(CANCEL, "cancel", "Esc", EVERYWHERE, PROGRAM, NULL, "Drop the search, then the filter, then go back; never quits")           \
    X(CLOSE, "close", "q", EVERYWHERE, PROGRAM, "quit", "Close the top view; quit in the first one")                               \
    X(QUIT, "quit", "Q F10", EVERYWHERE, PROGRAM, NULL, "Quit")                                                                    \
    X(PROMPT_ACCEPT, "prompt-accept", "Enter", PROMPT, PROMPT, "accept", "Accept what was typed")                                  \
    X(PROMPT_CANCEL, "prompt-cancel", "Esc C-c C-g", PROMPT, PROMPT, "cancel", "Leave the prompt and change nothing")              \
    X(PROMPT_ERASE, "prompt-erase", "Backspace", PROMPT, PROMPT, NULL, "Erase the character before the cursor")                    \
    X(PROMPT_DELETE, "prompt-delete", "Delete C-d", PROMPT, PROMPT, NULL, "Erase the character under the cursor")                  \
    X(PROMPT_ERASE_WORD, "prompt-erase-word", "C-w", PROMPT, PROMPT, NULL, "Erase the word before the cursor")                     \
    X(PROMPT_CLEAR, "prompt-clear", "C-u", PROMPT, PROMPT, "clear", "Erase all before the cursor")                                 \
    X(PROMPT_LEFT, "prompt-left", "Left C-b", PROMPT, PROMPT, NULL, "Move the cursor left")                                        \
    X(PROMPT_RIGHT, "prompt-right", "Right C-f", PROMPT, PROMPT, NULL, "Move the cursor right")                                    \
    X(PROMPT_START, "prompt-start", "Home C-a", PROMPT, PROMPT, NULL, "Move the cursor to the beginning")                          \
    X(PROMPT_END, "prompt-end", "End C-e", PROMPT, PROMPT, NULL, "Move the cursor to the end")                                     \
    X(PROMPT_OLDER, "prompt-older", "Up C-p", PROMPT, PROMPT, "older", "Take what was typed before")                               \
    X(PROMPT_NEWER, "prompt-newer", "Down C-n", PROMPT, PROMPT, NULL, "Take what was typed after that")                            \
    X(PROMPT_COMPLETE, "prompt-complete", "Tab", PROMPT, PROMPT, NULL,                                                             \
      "Complete the word, or what was typed before; then take the next that fits")                                                 \
    X(PROMPT_COMPLETE_BACK, "prompt-complete-back", "S-Tab", PROMPT, PROMPT, NULL, "Take the one before that fits")

typedef enum ActionId {
    ACTION_NONE = -1,
#define X(id, name, keys, context, group, label, help) ACTION_##id,
    ACTIONS(X)
#undef X
        ACTION_COUNT
} ActionId;

typedef struct Action {
    const char *name;
    const char *keys; /* names of the default keys, separated by blanks */
    ActionContext context;
    ActionGroup group;
    const char *label; /* NULL: never on the bottom line */
    const char *help;  /* one sentence without its full stop */
} Action;

/* The table, in the order of the help; ACTION_COUNT rows. */
extern const Action actions[ACTION_COUNT];

const char *action_group_title(ActionGroup group);
const char *action_context_name(ActionContext context);

/* The action of that name, or ACTION_NONE. */
ActionId action_named(Span name);

typedef struct Binding {
    Key key;
    ActionId action;
} Binding;

/* Which key does what. Zero-initialise; end with keymap_free(). */
typedef struct Keymap {
    VEC(Binding) bindings;
} Keymap;

/* Binds the default keys. */
void keymap_add_defaults(Keymap *keymap);

/* Binds `key` to `action`; what it did in the same context before is forgotten. */
void keymap_bind(Keymap *keymap, Key key, ActionId action);

/* Takes all keys from `action`. */
void keymap_unbind(Keymap *keymap, ActionId action);

/* Makes `*to` the same as `from`. */
void keymap_copy(Keymap *to, const Keymap *from);

/* What the key does in a prompt or outside of one; ACTION_NONE when it does nothing. */
ActionId keymap_find(const Keymap *keymap, bool prompt, Key key);

/* Appends the names of the keys of `action`, separated by blanks; at most `max` of them. */
void keymap_keys(const Keymap *keymap, ActionId action, size_t max, Buffer *out);

void keymap_free(Keymap *keymap);

#endif
