#include <stdlib.h>

#include "ui/command.h"
#include "ui/draw.h"
#include "ui/terminal.h"
#include "ui/view.h"

/* A line to type in, at the bottom of the screen. */

typedef struct PromptView {
    View view;
    PromptKind kind;
    Buffer text;
    size_t cursor; /* byte */
    size_t older;  /* how far back in the history; 0 is what is being typed */
    Buffer typed;  /* kept while the history is looked through */
    Words words;   /* what Tab found for the word at the cursor ... */
    size_t word_at, chosen; /* ... its first byte, and which was taken; SIZE_MAX: none */
} PromptView;

static const struct PromptSign {
    const char *sign, *hint;
} prompt_signs[PROMPT_KINDS] = {
    [PROMPT_SEARCH] = {"/", "search: regular expression"},
    [PROMPT_FILTER] = {"\\", "filter: regular expression, !text leaves out, empty shows all"},
    [PROMPT_SAVE] = {">", "file to write to"},
    [PROMPT_COMMAND] = {":", "row number, time, action or command; Tab completes"},
};

char prompt_sign(PromptKind kind)
{
    return *prompt_signs[kind].sign;
}

/* Editing. */

static void replace(PromptView *prompt, size_t from, size_t to, Span text)
{
    Buffer result = {0};
    buffer_append(&result, prompt->text.data, from);
    buffer_append_span(&result, text);
    buffer_append_span(&result, span_from(buffer_span(&prompt->text), to));
    buffer_free(&prompt->text);
    prompt->text = result;
    prompt->cursor = from + text.len;
}

static void set_text(PromptView *prompt, Span text)
{
    buffer_clear(&prompt->text);
    buffer_append_span(&prompt->text, text);
    prompt->cursor = text.len;
}

static bool is_continuation(const PromptView *prompt, size_t at)
{
    return at < prompt->text.len && ((unsigned char)prompt->text.data[at] & 0xc0) == 0x80;
}

static size_t before_cursor(const PromptView *prompt)
{
    size_t at = prompt->cursor;
    do
        at -= at > 0;
    while (at > 0 && is_continuation(prompt, at));
    return at;
}

static size_t behind_cursor(const PromptView *prompt)
{
    size_t at = prompt->cursor;
    do
        at += at < prompt->text.len;
    while (is_continuation(prompt, at));
    return at;
}

static size_t word_start(const PromptView *prompt)
{
    size_t at = prompt->cursor;
    while (at > 0 && prompt->text.data[at - 1] == ' ')
        at--;
    while (at > 0 && prompt->text.data[at - 1] != ' ')
        at--;
    return at;
}

/* What was typed before. */

static void recall(PromptView *prompt, int step)
{
    const History *history = ui_history(prompt->view.ui, prompt->kind);
    if (step > 0 ? prompt->older == history->len : prompt->older == 0)
        return;
    if (prompt->older == 0) {
        buffer_clear(&prompt->typed);
        buffer_append_span(&prompt->typed, buffer_span(&prompt->text));
    }
    prompt->older += step > 0 ? 1 : (size_t)-1;
    set_text(prompt, prompt->older ? span_of(history->items[history->len - prompt->older]) : buffer_span(&prompt->typed));
}

/* Completion: first to what all candidates have in common, then one after the other. */

static size_t common_length(const Words *words)
{
    size_t len = strlen(words->items[0]);
    for (size_t i = 1; i < words->len; i++)
        for (size_t k = 0; k < len; k++)
            if (words->items[i][k] != words->items[0][k])
                len = k;
    return len;
}

static void put_word(PromptView *prompt, Span word)
{
    replace(prompt, prompt->word_at, prompt->cursor, word);
}

static void find_words(PromptView *prompt)
{
    Span before = span_to(buffer_span(&prompt->text), prompt->cursor);
    prompt->word_at = 0;
    if (prompt->kind == PROMPT_COMMAND)
        command_complete(prompt->view.ui, before, &prompt->words, &prompt->word_at);
    else
        command_complete_history(prompt->view.ui, prompt->kind, before, &prompt->words);
    prompt->chosen = SIZE_MAX;
    if (!prompt->words.len) {
        ui_message(prompt->view.ui, true,
                   prompt->kind == PROMPT_COMMAND ? "Nothing begins like this." : "Nothing like this was typed before.");
        return;
    }
    size_t len = common_length(&prompt->words);
    bool more = len > prompt->cursor - prompt->word_at;
    if (more)
        put_word(prompt, (Span){prompt->words.items[0], len});
    if (prompt->words.len == 1)
        words_free(&prompt->words);
}

static void complete(PromptView *prompt, int direction)
{
    size_t count = prompt->words.len;
    if (!count) {
        find_words(prompt);
        return;
    }
    if (prompt->chosen == SIZE_MAX)
        prompt->chosen = direction > 0 ? 0 : count - 1;
    else
        prompt->chosen = (prompt->chosen + (direction > 0 ? 1 : count - 1)) % count;
    put_word(prompt, span_of(prompt->words.items[prompt->chosen]));
}

/* Cells that the words from `first` to `last` take in one line. */
static int words_width(const Words *words, size_t first, size_t last)
{
    int width = 0;
    for (size_t i = first; i <= last; i++)
        width += (int)display_width(span_of(words->items[i]), terminal_style()) + 2;
    return width;
}

/* On the status line; scrolled so that the chosen one is seen. */
static void draw_words(const PromptView *prompt, int row, int columns)
{
    const Words *words = &prompt->words;
    size_t chosen = prompt->chosen == SIZE_MAX ? 0 : prompt->chosen, first = 0;
    while (first < chosen && words_width(words, first, chosen) > columns - 4)
        first++;
    draw_blank(row, 0, columns, ROLE_NORMAL, EMPHASIS_NONE);
    if (first)
        draw_text(row, 0, 1, sign_text(SIGN_MORE_LEFT), 0, ROLE_NOTE, EMPHASIS_NONE);
    int column = 1;
    for (size_t i = first; i < words->len; i++) {
        Span word = span_of(words->items[i]);
        bool fits = column + (int)display_width(word, terminal_style()) < columns - 1;
        if (!fits && i > first) {
            draw_text(row, columns - 1, 1, sign_text(SIGN_MORE_RIGHT), 0, ROLE_NOTE, EMPHASIS_NONE);
            return;
        }
        Emphasis emphasis = i == prompt->chosen ? EMPHASIS_SELECTED : EMPHASIS_NONE;
        column += draw_text(row, column, columns - 1 - column, word, 0, ROLE_NORMAL, emphasis) + 2;
    }
}

/* What the prompt is for. */

/* What is searched or filtered for is shown from the first letter on. */
static void show_typed(PromptView *prompt)
{
    if (prompt->kind == PROMPT_SEARCH)
        ui_search(prompt->view.ui, buffer_span(&prompt->text), false);
    else if (prompt->kind == PROMPT_FILTER)
        ui_filter_typed(prompt->view.ui, buffer_span(&prompt->text));
}

static void cancel_prompt(PromptView *prompt)
{
    Ui *ui = prompt->view.ui;
    PromptKind kind = prompt->kind;
    ui_pop(ui);
    if (kind == PROMPT_SEARCH)
        ui_search_cancelled(ui);
    else if (kind == PROMPT_FILTER)
        ui_filter_cancelled(ui);
}

static void accept(PromptView *prompt)
{
    Ui *ui = prompt->view.ui;
    PromptKind kind = prompt->kind;
    Buffer text = prompt->text;
    prompt->text = (Buffer){0};
    ui_pop(ui);
    ui_history_add(ui, kind, buffer_span(&text));
    if (kind == PROMPT_SEARCH)
        ui_search(ui, buffer_span(&text), true);
    else if (kind == PROMPT_FILTER)
        ui_filter(ui, buffer_span(&text));
    else if (kind == PROMPT_SAVE)
        ui_save(ui, buffer_span(&text));
    else
        command_perform(ui, buffer_span(&text));
    buffer_free(&text);
}

/* Actions that change the text; false for others. */
static bool edit(PromptView *prompt, ActionId action)
{
    switch (action) {
    case ACTION_PROMPT_ERASE:
        replace(prompt, before_cursor(prompt), prompt->cursor, SPAN(""));
        return true;
    case ACTION_PROMPT_DELETE: {
        size_t at = prompt->cursor;
        replace(prompt, at, behind_cursor(prompt), SPAN(""));
        return true;
    }
    case ACTION_PROMPT_ERASE_WORD:
        replace(prompt, word_start(prompt), prompt->cursor, SPAN(""));
        return true;
    case ACTION_PROMPT_CLEAR:
        replace(prompt, 0, prompt->cursor, SPAN(""));
        return true;
    case ACTION_PROMPT_OLDER:
        recall(prompt, 1);
        return true;
    case ACTION_PROMPT_NEWER:
        recall(prompt, -1);
        return true;
    default:
        return false;
    }
}

static bool act(View *view, ActionId action)
{
    PromptView *prompt = (PromptView *)view;
    if (action == ACTION_PROMPT_ERASE && !prompt->text.len)
        action = ACTION_PROMPT_CANCEL; /* as vi and less do */
    if (action == ACTION_PROMPT_COMPLETE || action == ACTION_PROMPT_COMPLETE_BACK) {
        complete(prompt, action == ACTION_PROMPT_COMPLETE ? 1 : -1);
        show_typed(prompt);
        return true;
    }
    words_free(&prompt->words);
    if (edit(prompt, action)) {
        show_typed(prompt);
        return true;
    }
    switch (action) {
    case ACTION_PROMPT_ACCEPT:
        accept(prompt);
        break;
    case ACTION_PROMPT_CANCEL:
        cancel_prompt(prompt);
        break;
    case ACTION_PROMPT_LEFT:
        prompt->cursor = before_cursor(prompt);
        break;
    case ACTION_PROMPT_RIGHT:
        prompt->cursor = behind_cursor(prompt);
        break;
    case ACTION_PROMPT_START:
        prompt->cursor = 0;
        break;
    case ACTION_PROMPT_END:
        prompt->cursor = prompt->text.len;
        break;
    default:
        return false;
    }
    return true;
}

static bool take_key(View *view, Key key)
{
    PromptView *prompt = (PromptView *)view;
    if (!key_is_text(key) || keymap_find(ui_keymap(view->ui), true, key) != ACTION_NONE)
        return false;
    Buffer name = {0};
    key_append_text(key, &name);
    words_free(&prompt->words);
    replace(prompt, prompt->cursor, prompt->cursor, buffer_span(&name));
    buffer_free(&name);
    show_typed(prompt);
    return true;
}

static void draw(View *view, Area area)
{
    PromptView *prompt = (PromptView *)view;
    Span text = buffer_span(&prompt->text), sign = span_of(prompt_signs[prompt->kind].sign);
    int cursor = (int)display_width(span_to(text, prompt->cursor), terminal_style());
    int room = area.columns - 2, skip = cursor >= room ? cursor - room + 1 : 0;
    draw_blank(area.row, area.column, area.columns, ROLE_NORMAL, EMPHASIS_NONE);
    draw_text(area.row, area.column, 1, sign, 0, ROLE_BAR_KEY, EMPHASIS_NONE);
    if (text.len)
        draw_text(area.row, area.column + 1, room, text, (size_t)skip, ROLE_NORMAL, EMPHASIS_NONE);
    else
        draw_text(area.row, area.column + 3, room - 2, span_of(prompt_signs[prompt->kind].hint), 0, ROLE_DIM, EMPHASIS_NONE);
    if (prompt->words.len)
        draw_words(prompt, area.row - 1, area.columns);
    terminal_cursor(area.row, area.column + 1 + cursor - skip);
}

static void prompt_free(View *view)
{
    PromptView *prompt = (PromptView *)view;
    words_free(&prompt->words);
    buffer_free(&prompt->text);
    buffer_free(&prompt->typed);
    free(prompt);
}

void prompt_open(Ui *ui, PromptKind kind, Span text)
{
    static const ViewKind view_kind = {.popup = true, .prompt = true, .draw = draw, .act = act, .key = take_key, .free = prompt_free};
    PromptView *prompt = alloc_zeroed(1, sizeof *prompt);
    prompt->view = (View){.kind = &view_kind, .ui = ui};
    prompt->kind = kind;
    set_text(prompt, text);
    ui_push(ui, &prompt->view);
}

/* A question to answer with y or n. */

typedef struct ConfirmView {
    View view;
    char *question;
    void (*yes)(void *ctx);
    void *ctx;
} ConfirmView;

static bool answer(View *view, Key key)
{
    ConfirmView confirm = *(ConfirmView *)view;
    ui_pop(view->ui);
    if (key == 'y' || key == 'Y' || key == KEYCODE_ENTER)
        confirm.yes(confirm.ctx);
    return true;
}

static void draw_question(View *view, Area area)
{
    const ConfirmView *confirm = (ConfirmView *)view;
    int columns = area.columns - 6;
    draw_blank(area.row, area.column, area.columns, ROLE_NORMAL, EMPHASIS_NONE);
    int cells = draw_text(area.row, area.column + 1, columns, span_of(confirm->question), 0, ROLE_TITLE, EMPHASIS_NONE);
    draw_text(area.row, area.column + cells + 2, 4, SPAN("y/n"), 0, ROLE_KEY, EMPHASIS_NONE);
    terminal_cursor(area.row, area.column + cells + 6);
}

static void confirm_free(View *view)
{
    free(((ConfirmView *)view)->question);
    free(view);
}

void confirm_open(Ui *ui, const char *question, void (*yes)(void *ctx), void *ctx)
{
    static const ViewKind kind = {.popup = true, .prompt = true, .draw = draw_question, .key = answer, .free = confirm_free};
    ConfirmView *confirm = alloc_zeroed(1, sizeof *confirm);
    confirm->view = (View){.kind = &kind, .ui = ui};
    confirm->yes = yes;
    confirm->ctx = ctx;
    confirm->question = alloc_text(question, strlen(question));
    ui_push(ui, &confirm->view);
}

bool confirm_asks(const Ui *ui, void (*yes)(void *ctx))
{
    const View *top = ui_top(ui);
    return top->kind->draw == draw_question && ((const ConfirmView *)top)->yes == yes;
}
