#include "ui/ui.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "ui/draw.h"
#include "ui/keyboard.h"
#include "ui/log_view.h"
#include "ui/rescue.h"
#include "ui/table_view.h"
#include "ui/terminal.h"
#include "ui/ui_private.h"

enum {
    MESSAGE_MS = 4000, /* a sentence is shown so long, and a long one longer: what reading it takes */
    MESSAGE_BYTE_MS = 60,
    NEWS_MS = 2000, /* no key takes news away before */
    NS_PER_MS = 1000000,
};

static const TableId root_tables[ROOT_LOG] = {TABLE_FUNCTIONS, TABLE_INVOCATIONS, TABLE_LINES};

/* The stack. */

View *ui_top(const Ui *ui)
{
    return vec_last(&ui->stack);
}

View *ui_below(const Ui *ui, const View *view)
{
    for (size_t i = 1; i < ui->stack.len; i++)
        if (ui->stack.items[i] == view)
            return ui->stack.items[i - 1];
    return NULL;
}

View *ui_main_view(const Ui *ui)
{
    size_t i = ui->stack.len;
    while (i > 1 && ui->stack.items[i - 1]->kind->popup)
        i--;
    return ui->stack.items[i - 1];
}

void ui_push(Ui *ui, View *view)
{
    vec_push(&ui->stack, view);
    ui_changed(ui);
}

void ui_pop(Ui *ui)
{
    if (ui->stack.len <= 1)
        return;
    View *view = ui_top(ui);
    ui->stack.len--;
    view->kind->free(view);
    ui_changed(ui);
}

void ui_pop_popups(Ui *ui)
{
    while (ui_top(ui)->kind->popup)
        ui_pop(ui);
}

void ui_show_root(Ui *ui, size_t root)
{
    while (ui->stack.len > 1)
        ui_pop(ui);
    ui->root = root;
    ui->stack.items[0] = ui->roots[root];
    ui_changed(ui);
}

/* What views ask. */

void ui_changed(Ui *ui)
{
    ui->changed = true;
}

bool ui_postpone(Ui *ui, unsigned ms)
{
    if (!ui->host.draw_later)
        return false;
    ui->host.draw_later(ui->host.ctx, ms);
    ui->postponed = true;
    return true;
}

const Model *ui_model(const Ui *ui)
{
    return ui->model;
}

const Selection *ui_selection(const Ui *ui)
{
    return ui->selection;
}

bool ui_is_paused(const Ui *ui)
{
    return ui->paused;
}

const UiInput *ui_inputs(const Ui *ui, size_t *count)
{
    *count = 0;
    return ui->host.inputs ? ui->host.inputs(ui->host.ctx, count) : NULL;
}

bool ui_saving(const Ui *ui, UiSaving *saving)
{
    return ui->host.saving && ui->host.saving(ui->host.ctx, saving);
}

bool ui_is_saving(Ui *ui)
{
    UiSaving saving;
    if (!ui_saving(ui, &saving))
        return false;
    ui_message(ui, false, "%s is still being written (%d %%): Esc stops that.", saving.name, saving.percent);
    return true;
}

void ui_saved(Ui *ui, UiSaved saved, Buffer *message, void (*replace)(void *ctx), void *ctx)
{
    if (saved == UI_SAVE_EXISTS)
        confirm_open(ui, buffer_text(message), replace, ctx);
    else if (saved == UI_SAVE_FAILED)
        ui_message(ui, true, "%s", buffer_text(message));
}

const UiHost *ui_host(const Ui *ui)
{
    return &ui->host;
}

static void say(Ui *ui, bool bad, int64_t kept_ms, const char *format, va_list args)
{
    char *text = NULL;
    int len = vasprintf(&text, format, args);
    buffer_clear(&ui->message);
    if (len > 0)
        buffer_append(&ui->message, text, (size_t)len);
    free(text);
    ui->message_bad = bad;
    int64_t ms = len * MESSAGE_BYTE_MS > MESSAGE_MS ? len * MESSAGE_BYTE_MS : MESSAGE_MS, now = clock_ns();
    ui->message_until_ns = bad ? INT64_MAX : now + ms * NS_PER_MS;
    ui->message_kept_ns = now + kept_ms * NS_PER_MS;
    ui_changed(ui);
}

void ui_message(Ui *ui, bool bad, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say(ui, bad, 0, format, args);
    va_end(args);
}

void ui_news(Ui *ui, bool bad, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say(ui, bad, NEWS_MS, format, args);
    va_end(args);
}

/* A sentence that has been read makes room for what the status line says else, unless it is one that must be seen. */
static void forget_message(Ui *ui)
{
    if (!ui->message.len || clock_ns() < ui->message_until_ns)
        return;
    buffer_clear(&ui->message);
    ui_changed(ui);
}

/* A key has been pressed: what was said before is seen, but for news, which come between any two keys. */
static void dismiss_message(Ui *ui)
{
    if (ui->message_until_ns > ui->message_kept_ns)
        ui->message_until_ns = ui->message_kept_ns;
    forget_message(ui);
}

/* Asks for the frame in which the sentence will be gone, after those that are asked for already. */
static void await_message_end(Ui *ui)
{
    if (!ui->message.len || ui->message_until_ns == INT64_MAX || ui->postponed || !ui->host.draw_later)
        return;
    int64_t rest = ui->message_until_ns - clock_ns();
    ui->host.draw_later(ui->host.ctx, rest > 0 ? (unsigned)(rest / NS_PER_MS) + 1 : 1);
}

void ui_say_edge(Ui *ui, bool left)
{
    ui_message(ui, false, left ? "There is nothing more to the left." : "There is nothing more to the right.");
}

void ui_say_wrapped(Ui *ui, bool forward)
{
    ui_message(ui, false, forward ? "Search went on from the top." : "Search went on from the bottom.");
}

void ui_say_marks(Ui *ui, bool forward, uint64_t from, uint64_t to)
{
    if (to == from)
        ui_message(ui, false, "There is no other mark here.");
    else if (forward != (to > from))
        ui_message(ui, false, forward ? "This is the first mark again." : "This is the last mark again.");
}

/* What prompts call. */

void ui_search(Ui *ui, Span text, bool final)
{
    View *view = ui_main_view(ui);
    const History *history = &ui->histories[PROMPT_SEARCH];
    char *error = NULL;
    if (final && !text.len && history->len) /* as in less and vi: the last one again */
        text = span_of(vec_last(history));
    Pattern *pattern = text.len ? pattern_new(text, &error) : NULL;
    if (error && final)
        ui_message(ui, true, "No regular expression: %s", error);
    if (!error && view->kind->search)
        view->kind->search(view, pattern, final);
    else
        pattern_free(pattern);
    free(error);
}

bool ui_search_last(Ui *ui)
{
    if (ui->histories[PROMPT_SEARCH].len)
        ui_search(ui, SPAN(""), true);
    else
        ui_message(ui, false, "Nothing is searched for: / does.");
    return ui->histories[PROMPT_SEARCH].len > 0;
}

void ui_search_cancelled(Ui *ui)
{
    View *view = ui_main_view(ui);
    if (view->kind->search)
        view->kind->search(view, NULL, true);
}

void ui_filter_typed(Ui *ui, Span text)
{
    View *view = ui_main_view(ui);
    if (!log_view_preview_filter(view, text))
        table_view_preview_filter(view, text);
}

void ui_filter_cancelled(Ui *ui)
{
    View *view = ui_main_view(ui);
    if (!log_view_restore_filter(view))
        table_view_restore_filter(view);
}

void ui_filter(Ui *ui, Span text)
{
    char *error = NULL;
    View *view = ui_main_view(ui);
    if (!log_view_filter(view, text, &error) && !error && !table_view_filter(view, text, &error) && !error)
        ui_message(ui, true, "There are no rows to filter here.");
    if (error)
        ui_message(ui, true, "No regular expression: %s", error);
    free(error);
}

void ui_save(Ui *ui, Span text)
{
    View *view = ui_main_view(ui);
    text = span_trim(text);
    if (!text.len || ui_is_saving(ui))
        return;
    if (!table_view_save(view, text) && !log_view_save(view, text))
        ui_message(ui, true, "Only tables and logs can be written.");
}

/* Actions that belong to no view. */

static void quit_now(void *ctx)
{
    ui_quit(ctx, true);
}

void ui_quit(Ui *ui, bool asked)
{
    const char *question = !asked && ui->host.quit_question ? ui->host.quit_question(ui->host.ctx) : NULL;
    if (question)
        confirm_open(ui, question, quit_now, ui);
    else if (ui->host.quit)
        ui->host.quit(ui->host.ctx);
}

void ui_quit_changed(Ui *ui, bool well)
{
    if (!confirm_asks(ui, quit_now))
        return;
    ui_pop(ui);
    if (well || ui->host.quit_question(ui->host.ctx))
        ui_quit(ui, false);
}

static void go_back(Ui *ui)
{
    if (ui->stack.len > 1)
        ui_pop(ui);
    else
        ui_message(ui, false, "This is the first view. q quits.");
}

static void close_top(Ui *ui)
{
    if (ui->stack.len > 1)
        ui_pop(ui);
    else
        ui_quit(ui, false);
}

static void cancel(Ui *ui)
{
    View *view = ui_top(ui);
    UiSaving saving;
    if (ui_saving(ui, &saving)) {
        ui->host.stop_saving(ui->host.ctx);
        return;
    }
    if (view->kind->cancel && view->kind->cancel(view))
        return;
    if (ui->stack.len > 1)
        ui_pop(ui);
    else
        ui_message(ui, false, "This is the first view. q quits.");
}

static void toggle_quiet(Ui *ui)
{
    bool quiet = ui->settings.quiet = !ui->settings.quiet;
    ui_settings_changed(ui);
    ui_message(ui, false, quiet ? "Contended reports are left out: other invocations ran during them." : "Contended reports are shown.");
}

static void toggle_pause(Ui *ui)
{
    ui->paused = !ui->paused;
    ui->reports_seen = ui->model->closed.len;
    ui_message(ui, false, ui->paused ? "Paused: reading goes on, the view stays as it is." : "Goes on.");
}

static bool perform_view(Ui *ui, ActionId action)
{
    switch (action) {
    case ACTION_VIEW_FUNCTIONS:
        ui_show_root(ui, 0);
        return true;
    case ACTION_VIEW_INVOCATIONS:
        ui_show_root(ui, 1);
        return true;
    case ACTION_VIEW_LINES:
        ui_show_root(ui, 2);
        return true;
    case ACTION_VIEW_LOG:
        ui_show_root(ui, ROOT_LOG);
        return true;
    case ACTION_VIEW_NEXT:
        ui_show_root(ui, (ui->root + 1) % ROOTS);
        return true;
    case ACTION_VIEW_PREVIOUS:
        ui_show_root(ui, (ui->root + ROOTS - 1) % ROOTS);
        return true;
    case ACTION_BACK:
        go_back(ui);
        return true;
    case ACTION_CLOSE:
        close_top(ui);
        return true;
    case ACTION_CANCEL:
        cancel(ui);
        return true;
    default:
        return false;
    }
}

static bool perform_program(Ui *ui, ActionId action)
{
    switch (action) {
    case ACTION_QUIT:
        ui_quit(ui, false);
        return true;
    case ACTION_HELP:
        ui_pop_popups(ui);
        ui_push(ui, help_view_new(ui, ACTION_NONE));
        return true;
    case ACTION_OPTIONS:
        ui_pop_popups(ui);
        ui_push(ui, options_view_new(ui));
        return true;
    case ACTION_COMMAND:
        prompt_open(ui, PROMPT_COMMAND, SPAN(""));
        return true;
    case ACTION_SEARCH:
        ui_pop_popups(ui);
        prompt_open(ui, PROMPT_SEARCH, SPAN(""));
        return true;
    case ACTION_QUIET:
        toggle_quiet(ui);
        return true;
    case ACTION_PAUSE:
        toggle_pause(ui);
        return true;
    case ACTION_REDRAW:
        terminal_resize(0, 0);
        terminal_forget();
        return true;
    case ACTION_SUSPEND:
        if (ui->host.suspend)
            ui->host.suspend(ui->host.ctx);
        return true;
    case ACTION_INTERRUPT:
        if (ui->host.interrupt)
            ui->host.interrupt(ui->host.ctx);
        return true;
    default:
        return false;
    }
}

/* An action that nothing here takes: where it is for. */
static void say_elsewhere(Ui *ui, ActionId action)
{
    const char *name = actions[action].name;
    Buffer key = {0};
    keymap_keys(&ui->settings.keymap, ACTION_VIEW_LOG, 1, &key);
    if (action == ACTION_COLUMNS_LEFT || action == ACTION_COLUMNS_FIRST || action == ACTION_COLUMNS_RIGHT ||
        action == ACTION_COLUMNS_LAST)
        ui_say_edge(ui, action == ACTION_COLUMNS_LEFT || action == ACTION_COLUMNS_FIRST); /* pages are as wide as the screen */
    else if (actions[action].context == CONTEXT_TABLE)
        ui_message(ui, false, "That is for tables (%s).", name);
    else if (actions[action].context == CONTEXT_LOG && key.len)
        ui_message(ui, false, "That is for the log (%s): %s shows it.", name, buffer_text(&key));
    else if (actions[action].context == CONTEXT_LOG)
        ui_message(ui, false, "That is for the log (%s).", name);
    else
        ui_message(ui, false, "There is nothing to do that with here (%s).", name);
    buffer_free(&key);
}

void ui_perform(Ui *ui, ActionId action)
{
    View *top = ui_top(ui);
    ui_changed(ui);
    if (action == ACTION_NONE || (top->kind->act && top->kind->act(top, action)))
        return;
    if (perform_view(ui, action) || perform_program(ui, action))
        return;
    say_elsewhere(ui, action);
}

/* Keys. */

static void unbound(Ui *ui, Key key)
{
    bool typing = ui_top(ui)->kind->prompt;
    Buffer name = {0}, help = {0};
    key_append_name(key, &name);
    keymap_keys(&ui->settings.keymap, typing ? ACTION_PROMPT_CANCEL : ACTION_HELP, 1, &help);
    ui_message(ui, false, "%s does nothing here. %s %s.", buffer_text(&name), buffer_text(&help),
               typing ? "leaves the prompt" : "shows the keys");
    buffer_free(&name);
    buffer_free(&help);
}

static bool spot_clicked(Ui *ui, const KeyEvent *event)
{
    for (size_t i = 0; i < ui->spot_count; i++) {
        const Spot *spot = &ui->spots[i];
        if (spot->row != event->row || event->column < spot->column || event->column >= spot->column + spot->width)
            continue;
        if (spot->action != ACTION_NONE)
            ui_perform(ui, spot->action);
        while (spot->action == ACTION_NONE && ui->stack.len > spot->depth)
            ui_pop(ui);
        return true;
    }
    return false;
}

static void mouse(Ui *ui, const KeyEvent *event)
{
    View *top = ui_top(ui);
    bool click = event->mouse == MOUSE_CLICK || event->mouse == MOUSE_DOUBLE_CLICK;
    if (click && spot_clicked(ui, event))
        return;
    if (top->kind->mouse && top->kind->mouse(top, event))
        return;
    if (event->mouse == MOUSE_WHEEL_UP || event->mouse == MOUSE_WHEEL_DOWN)
        for (int i = 0; i < 3; i++)
            ui_perform(ui, event->mouse == MOUSE_WHEEL_UP ? ACTION_MOVE_UP : ACTION_MOVE_DOWN);
}

/* What a key does to the terminal it does while something is typed, too. */
static ActionId action_of_terminal(const Ui *ui, Key key)
{
    ActionId action = keymap_find(&ui->settings.keymap, false, key);
    return action == ACTION_SUSPEND || action == ACTION_REDRAW ? action : ACTION_NONE;
}

void ui_key(Ui *ui, KeyEvent event)
{
    View *top = ui_top(ui);
    if (event.key == KEYCODE_BACKGROUND || event.key == KEYCODE_RESIZE) { /* no person's: what is said stays */
        ui_changed(ui);
        if (event.key == KEYCODE_BACKGROUND)
            ui_restyle(ui);
        return;
    }
    dismiss_message(ui);
    ui_changed(ui);
    if (!ui->paused)
        ui->reports_seen = ui->model->closed.len;
    if (event.key == KEYCODE_MOUSE) {
        mouse(ui, &event);
        return;
    }
    if (top->kind->key && top->kind->key(top, event.key))
        return;
    ActionId action = keymap_find(&ui->settings.keymap, top->kind->prompt, event.key);
    if (action == ACTION_NONE && top->kind->prompt)
        action = action_of_terminal(ui, event.key);
    if (action != ACTION_NONE)
        ui_perform(ui, action);
    else
        unbound(ui, event.key);
}

static void press(Ui *ui, Key key)
{
    ui_key(ui, (KeyEvent){.key = key});
    ui_draw(ui);
}

bool ui_press(Ui *ui, Span name)
{
    Key key;
    bool typed = name.len > 2 && name.ptr[0] == '\'' && name.ptr[name.len - 1] == '\'';
    if (!typed) {
        bool known = key_parse(name, &key);
        if (known)
            press(ui, key);
        return known;
    }
    uint32_t code;
    for (Span text = span_to(span_from(name, 1), name.len - 2); text.len;) {
        size_t len = utf8_next(text, &code);
        if (!len)
            return false;
        press(ui, code);
        text = span_from(text, len);
    }
    return true;
}

void ui_input(Ui *ui)
{
    KeyEvent event;
    while (keyboard_read(&event))
        ui_key(ui, event);
}

/* Drawing. */

static void draw_too_small(void)
{
    draw_format(terminal_rows() / 2, 0, terminal_columns(), ROLE_NORMAL, EMPHASIS_NONE, "funcmem needs %d x %d, this is %d x %d",
                COLUMNS_MIN, ROWS_MIN, terminal_columns(), terminal_rows());
}

static void draw_views(Ui *ui)
{
    size_t first = ui->stack.len;
    while (first > 1 && ui->stack.items[first - 1]->kind->popup)
        first--;
    for (size_t i = first - 1; i < ui->stack.len; i++) {
        View *view = ui->stack.items[i];
        view->area = frame_body();
        if (!view->kind->prompt)
            view->kind->draw(view, view->area);
    }
    frame_draw(ui);
    View *top = ui_top(ui);
    if (top->kind->prompt)
        top->kind->draw(top, frame_bottom());
}

bool ui_compose(Ui *ui)
{
    bool too_small = terminal_columns() < COLUMNS_MIN || terminal_rows() < ROWS_MIN;
    if (ui->host.draw_later)
        forget_message(ui);
    if (!ui->changed && !ui->status_changed && !ui->postponed) {
        await_message_end(ui);
        return false;
    }
    bool all = ui->changed || ui->postponed;
    ui->changed = ui->status_changed = ui->postponed = false;
    if (!all && !too_small) {
        frame_draw_status(ui);
        terminal_end();
    } else {
        terminal_begin();
        if (too_small)
            draw_too_small();
        else
            draw_views(ui);
        terminal_end();
    }
    await_message_end(ui);
    return true;
}

void ui_flush(void)
{
    terminal_flush();
}

bool ui_draw(Ui *ui)
{
    bool drawn = ui_compose(ui);
    if (drawn)
        ui_flush();
    return drawn;
}

/* The application's side. */

static void open_roots(Ui *ui, const UiOptions *options)
{
    char *error = NULL;
    ui->roots[ROOT_LOG] = log_view_new(ui);
    for (size_t i = 0; i < ROOT_LOG; i++) {
        ui->roots[i] = table_view_new(ui, root_tables[i], SCOPE_ALL);
        if (options->filter && !table_view_filter(ui->roots[i], span_of(options->filter), &error)) {
            ui_message(ui, true, "The filter is no regular expression: %s", error ? error : "");
            free(error);
            error = NULL;
        }
        table_view_follow(ui->roots[i], ui->settings.newest);
    }
    ui->root = (size_t)ui->settings.view;
    vec_push(&ui->stack, ui->roots[ui->root]);
}

static void ui_free(Ui *ui)
{
    settings_free(&ui->settings);
    buffer_free(&ui->settings_file);
    free(ui);
}

Ui *ui_open(const UiOptions *options, const Model *model, UiHost host, char **error)
{
    Ui *ui = alloc_zeroed(1, sizeof *ui);
    settings_init(&ui->settings);
    if (options->settings)
        settings_copy(&ui->settings, options->settings);
    if (options->settings_file)
        buffer_append_span(&ui->settings_file, span_of(options->settings_file));
    ui->colours = options->colours;
    TerminalOptions terminal = ui_terminal_options(ui);
    terminal.fd = options->fd;
    terminal.type = options->terminal_type;
    if (!terminal_open(&terminal, error)) {
        ui_free(ui);
        return NULL;
    }
    ui->model = model;
    ui->host = host;
    ui->selection = options->selection;
    ui->reports_seen = model->closed.len;
    ui->changed = true;
    ui->newest = ui->settings.newest;
    open_roots(ui, options);
    return ui;
}

void ui_close(Ui *ui)
{
    if (!ui)
        return;
    while (ui->stack.len > 1)
        ui_pop(ui);
    for (size_t i = 0; i < ROOTS; i++)
        ui->roots[i]->kind->free(ui->roots[i]);
    for (size_t i = 0; i < PROMPT_KINDS; i++) {
        for (size_t k = 0; k < ui->histories[i].len; k++)
            free(ui->histories[i].items[k]);
        vec_free(&ui->histories[i]);
    }
    vec_free(&ui->stack);
    buffer_free(&ui->message);
    ui_free(ui);
    terminal_close();
}

int ui_fd(const Ui *ui)
{
    (void)ui;
    return terminal_fd();
}

/* A view that is paused stays as it is to the last digit, until a key asks something of it. */
void ui_model_changed(Ui *ui)
{
    forget_message(ui);
    if (ui->paused)
        ui->status_changed = true;
    else
        ui_changed(ui);
}

void ui_inputs_changed(Ui *ui)
{
    ui->status_changed = true;
}

void ui_resize(Ui *ui, int rows, int columns)
{
    terminal_resize(rows, columns);
    ui_changed(ui);
}

void ui_suspend(Ui *ui)
{
    (void)ui;
    terminal_suspend();
}

void ui_resume(Ui *ui)
{
    terminal_resume();
    ui_changed(ui);
}

void ui_rescue(void)
{
    rescue_perform();
}
