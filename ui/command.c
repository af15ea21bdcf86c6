#include "ui/command.h"

#include <stdlib.h>

#include "ui/log_view.h"
#include "ui/table_view.h"
#include "ui/when.h"

/* The words that may follow; those that do not begin as typed are left aside. */
typedef struct Taker {
    Words *out;
    Span typed;
    const char *behind; /* is put behind each */
} Taker;

static void take_word(void *ctx, Span word)
{
    Taker *taker = ctx;
    Buffer text = {0};
    if (!span_starts(word, taker->typed))
        return;
    buffer_append_span(&text, word);
    buffer_append_span(&text, span_of(taker->behind));
    buffer_text(&text);
    for (size_t i = 0; i < taker->out->len; i++) {
        if (span_eq(span_of(taker->out->items[i]), buffer_span(&text))) {
            buffer_free(&text);
            return;
        }
    }
    vec_push(taker->out, text.data);
}

/* Arguments. Each completer says at which byte of the argument the word begins that it completes. */

static bool setting_in(const char *section, const char *name, Setting *setting)
{
    Buffer full = {0};
    buffer_printf(&full, "%s.%s", section, name);
    size_t index = setting_named(buffer_span(&full));
    buffer_free(&full);
    if (index != SIZE_MAX)
        *setting = setting_at(index);
    return index != SIZE_MAX;
}

static size_t complete_value(const Setting *setting, Span value, Taker *taker)
{
    ptrdiff_t last = -1;
    for (size_t i = 0; setting_is_list(setting) && i < value.len; i++)
        last = value.ptr[i] == ' ' ? (ptrdiff_t)i : last;
    taker->typed = span_from(value, (size_t)(last + 1));
    setting_words(setting, take_word, taker);
    return (size_t)(last + 1);
}

static void set(Ui *ui, Span argument)
{
    ptrdiff_t equals = span_find_byte(argument, '=');
    Span name = span_trim(equals < 0 ? argument : span_to(argument, (size_t)equals));
    if (!name.len) {
        ui_perform(ui, ACTION_OPTIONS);
        return;
    }
    size_t index = setting_named(name);
    if (index == SIZE_MAX) {
        ui_message(ui, true, "There is no setting \"%.*s\": Tab completes names, :set lists them.", SPAN_ARG(name));
        return;
    }
    Setting setting = setting_at(index);
    if (equals < 0)
        ui_tell_setting(ui, &setting, false);
    else
        ui_set(ui, &setting, span_from(argument, (size_t)equals + 1));
}

static size_t complete_set(Ui *ui, Span argument, Taker *taker)
{
    (void)ui;
    ptrdiff_t equals = span_find_byte(argument, '=');
    if (equals >= 0) {
        size_t index = setting_named(span_trim(span_to(argument, (size_t)equals)));
        if (index == SIZE_MAX)
            return 0;
        Setting setting = setting_at(index);
        Span value = span_trim_left(span_from(argument, (size_t)equals + 1));
        return argument.len - value.len + complete_value(&setting, value, taker);
    }
    taker->behind = "=";
    taker->typed = argument;
    for (size_t i = 0, count = setting_count(); i < count; i++) {
        Setting setting = setting_at(i);
        Buffer name = {0};
        setting_append_name(&setting, &name);
        take_word(taker, buffer_span(&name));
        buffer_free(&name);
    }
    return 0;
}

static bool sort_setting(Ui *ui, Setting *setting)
{
    const TableKind *kind = table_view_kind_of(ui_main_view(ui));
    return kind && setting_in("sort", kind->name, setting);
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool same_word(Span a, Span b)
{
    size_t i = 0;
    while (i < a.len && i < b.len && lower(a.ptr[i]) == lower(b.ptr[i]))
        i++;
    return i == a.len && i == b.len;
}

/* A person reads titles on the screen: where no column has the name, that of a title means its column. */
static void append_column(const TableKind *kind, Span name, Buffer *out)
{
    for (size_t i = 0; table_column_named(kind, name) == SIZE_MAX && i < kind->column_count; i++)
        if (same_word(name, span_of(kind->columns[i].title)))
            name = span_of(kind->columns[i].id);
    buffer_append_span(out, name);
}

static void sort(Ui *ui, Span argument)
{
    Setting setting;
    if (!argument.len) {
        ui_perform(ui, ACTION_SORT_MENU);
        return;
    }
    if (!sort_setting(ui, &setting)) {
        ui_message(ui, true, "Only tables can be sorted.");
        return;
    }
    Buffer value = {0};
    ptrdiff_t colon = span_find_byte(argument, ':');
    size_t end = colon < 0 ? argument.len : (size_t)colon;
    append_column(table_view_kind_of(ui_main_view(ui)), span_to(argument, end), &value);
    buffer_append_span(&value, span_from(argument, end));
    ui_set(ui, &setting, buffer_span(&value));
    buffer_free(&value);
}

static size_t complete_sort(Ui *ui, Span argument, Taker *taker)
{
    Setting setting;
    ptrdiff_t colon = span_find_byte(argument, ':');
    if (!sort_setting(ui, &setting))
        return 0;
    if (colon < 0)
        return complete_value(&setting, argument, taker);
    taker->typed = span_from(argument, (size_t)colon + 1);
    take_word(taker, SPAN("asc"));
    take_word(taker, SPAN("desc"));
    return (size_t)colon + 1;
}

static size_t complete_from_history(Ui *ui, PromptKind kind, Span argument, Taker *taker)
{
    const History *history = ui_history(ui, kind);
    taker->typed = argument;
    for (size_t i = history->len; i-- > 0;)
        take_word(taker, span_of(history->items[i]));
    return 0;
}

void command_complete_history(Ui *ui, PromptKind kind, Span text, Words *out)
{
    Taker taker = {out, text, ""};
    complete_from_history(ui, kind, text, &taker);
}

static void filter(Ui *ui, Span argument)
{
    ui_filter(ui, argument);
}

static size_t complete_filter(Ui *ui, Span argument, Taker *taker)
{
    return complete_from_history(ui, PROMPT_FILTER, argument, taker);
}

static void search(Ui *ui, Span argument)
{
    if (argument.len)
        ui_search(ui, argument, true);
    else
        ui_perform(ui, ACTION_SEARCH);
}

static size_t complete_search(Ui *ui, Span argument, Taker *taker)
{
    return complete_from_history(ui, PROMPT_SEARCH, argument, taker);
}

static void export(Ui *ui, Span argument)
{
    if (argument.len)
        ui_save(ui, argument);
    else
        ui_perform(ui, ACTION_EXPORT);
}

static void theme(Ui *ui, Span argument)
{
    Setting setting;
    if (!setting_in("screen", "theme", &setting))
        return;
    if (argument.len)
        ui_set(ui, &setting, argument);
    else
        ui_tell_setting(ui, &setting, false);
}

static size_t complete_theme(Ui *ui, Span argument, Taker *taker)
{
    Setting setting;
    (void)ui;
    return setting_in("screen", "theme", &setting) ? complete_value(&setting, argument, taker) : 0;
}

static void view(Ui *ui, Span argument)
{
    Setting setting;
    if (!setting_in("screen", "view", &setting))
        return;
    for (size_t i = 0; setting.choices[i]; i++) {
        if (span_eq(argument, span_of(setting.choices[i]))) {
            ui_show_root(ui, i);
            return;
        }
    }
    Buffer names = {0};
    setting_append_values(&setting, &names);
    ui_message(ui, true, "Which view? There are %s.", buffer_text(&names));
    buffer_free(&names);
}

static size_t complete_view(Ui *ui, Span argument, Taker *taker)
{
    Setting setting;
    (void)ui;
    return setting_in("screen", "view", &setting) ? complete_value(&setting, argument, taker) : 0;
}

static void help(Ui *ui, Span argument)
{
    ActionId action = action_named(argument);
    if (argument.len && action == ACTION_NONE) {
        ui_message(ui, true, "There is no action \"%.*s\" to explain.", SPAN_ARG(argument));
        return;
    }
    ui_pop_popups(ui);
    ui_push(ui, help_view_new(ui, action));
}

static size_t complete_help(Ui *ui, Span argument, Taker *taker)
{
    (void)ui;
    taker->typed = argument;
    for (int i = 0; i < ACTION_COUNT; i++)
        take_word(taker, span_of(actions[i].name));
    return 0;
}

/* "12" or "50%" */
static bool is_place(Span text)
{
    uint64_t number;
    return span_to_uint(span_to(text, text.len - span_ends(text, SPAN("%"))), &number);
}

/* A row or line, a share of them, or a time; false when it is none of them. */
static bool go_to(Ui *ui, Span text)
{
    When when;
    View *view = ui_main_view(ui);
    if (log_view_goto(view, text))
        return true;
    if (is_place(text)) {
        if (!table_view_goto(view, text))
            ui_message(ui, true, "There are no numbered rows here.");
    } else if (when_parse(text, &when)) {
        if (!log_view_goto_time(view, &when) && !table_view_goto_time(view, &when))
            ui_message(ui, true, "There are no times here: Invocations and the log have some.");
    } else {
        return false;
    }
    return true;
}

static void say_places(Ui *ui)
{
    ui_message(ui, true, "Where to? A row (12), a share of them (50%%), or a time (12:31, 2026-11-26T12:31:05Z, 15m).");
}

static void goto_place(Ui *ui, Span argument)
{
    if (!go_to(ui, argument))
        say_places(ui);
}

/* What can only be meant as a place, though it is none: "25:00". */
static bool is_meant_as_place(Span text)
{
    return text.len && text.ptr[0] >= '0' && text.ptr[0] <= '9' && span_find_byte(text, ':') >= 0;
}

/* A time to begin with: when something was seen last. */
static size_t complete_goto(Ui *ui, Span argument, Taker *taker)
{
    char text[MOMENT_TEXT_MAX];
    taker->typed = argument;
    take_word(taker, (Span){text, moment_format(text, ui_model(ui)->newest)});
    return 0;
}

static void quit(Ui *ui, Span argument)
{
    (void)argument;
    ui_quit(ui, false);
}

static const struct Command {
    const char *name, *argument, *help; /* `help` NULL: a short name; these come last */
    void (*run)(Ui *ui, Span argument);
    size_t (*complete)(Ui *ui, Span argument, Taker *taker); /* NULL: it takes none */
} commands[] = {
    {"sort", "COLUMN[:asc|:desc]", "Sort this table", sort, complete_sort},
    {"filter", "REGEX", "Show only matching rows; without REGEX all", filter, complete_filter},
    {"search", "REGEX", "Go to the next match", search, complete_search},
    {"goto", "TIME", "Go to the first row or line from that time on; also a row's number, or a share of them (50%)", goto_place,
     complete_goto},
    {"export", "FILE", "Write the rows that are shown to FILE: .txt, .csv, .md or .json", export, NULL},
    {"set", "NAME=VALUE", "Change a setting; without VALUE show it, without NAME all", set, complete_set},
    {"theme", "NAME", "Change the colours", theme, complete_theme},
    {"view", "NAME", "Show a main view", view, complete_view},
    {"help", "ACTION", "Explain an action", help, complete_help},
    {"h", "", NULL, help, complete_help},
    {"q", "", NULL, quit, NULL},
    {"w", "", NULL, export, NULL},
};

enum { COMMANDS = sizeof commands / sizeof *commands };

static const struct Command *command_named(Span name)
{
    for (size_t i = 0; i < COMMANDS; i++)
        if (span_eq(name, span_of(commands[i].name)))
            return &commands[i];
    return NULL;
}

bool command_help(size_t index, CommandHelp *help)
{
    if (index >= COMMANDS || !commands[index].help)
        return false;
    *help = (CommandHelp){commands[index].name, commands[index].argument, commands[index].help};
    return true;
}

static Span first_word(Span text)
{
    ptrdiff_t blank = span_find_byte(text, ' ');
    return blank < 0 ? text : span_to(text, (size_t)blank);
}

void command_perform(Ui *ui, Span text)
{
    text = span_trim(text);
    Span word = first_word(text), argument = span_trim_left(span_from(text, word.len));
    const struct Command *command = command_named(word);
    ActionId action = action_named(text);
    if (!text.len || go_to(ui, text))
        return;
    if (command) {
        command->run(ui, argument);
    } else if (action != ACTION_NONE && actions[action].context != CONTEXT_PROMPT) {
        ui_perform(ui, action);
    } else if (argument.len && action_named(word) != ACTION_NONE) {
        ui_message(ui, true, "\"%.*s\" takes nothing behind it.", SPAN_ARG(word));
    } else if (is_meant_as_place(text)) {
        say_places(ui);
    } else {
        ui_message(ui, true, "There is no action \"%.*s\": Tab completes names, ? lists them.", SPAN_ARG(text));
    }
}

void command_complete(Ui *ui, Span text, Words *out, size_t *from)
{
    Taker taker = {out, text, ""};
    Span word = first_word(text);
    *from = 0;
    if (word.len < text.len) {
        const struct Command *command = command_named(word);
        Span argument = span_trim_left(span_from(text, word.len));
        *from = text.len - argument.len;
        if (command && command->complete)
            *from += command->complete(ui, argument, &taker);
        return;
    }
    for (size_t i = 0; i < COMMANDS; i++)
        if (commands[i].help)
            take_word(&taker, span_of(commands[i].name));
    for (int i = 0; i < ACTION_COUNT; i++)
        if (actions[i].context != CONTEXT_PROMPT)
            take_word(&taker, span_of(actions[i].name));
}

void words_free(Words *words)
{
    for (size_t i = 0; i < words->len; i++)
        free(words->items[i]);
    vec_free(words);
}
