#include "src/options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/size.h"
#include "src/config.h"
#include "src/screenshot.h"

/* Takes an option's argument; on a wrong one returns a sentence that the caller frees, else NULL. */
typedef char *(*OptionSetter)(Options *options, char *argument);

static char *complaint(const char *format, const char *what)
{
    Buffer text = {0};
    buffer_printf(&text, format, what);
    buffer_append_byte(&text, '\0');
    return text.data;
}

static char *set_format(Options *o, char *argument)
{
    o->format = export_format_named(argument);
    return o->format ? NULL : complaint("unknown format \"%s\"; --list-formats names them", argument);
}

static char *set_input_format(Options *o, char *argument)
{
    o->input_format = input_format_named(span_of(argument));
    return o->input_format ? NULL : complaint("unknown input format \"%s\"; --list-formats names them", argument);
}

static char *set_output(Options *o, char *argument)
{
    o->output = argument;
    return *argument ? NULL : complaint("--output needs a file name%s", "");
}

static char *set_tee(Options *o, char *argument)
{
    o->tee = argument;
    return *argument ? NULL : complaint("--tee needs a file name%s", "");
}

static char *set_follow(Options *o, char *argument)
{
    (void)argument;
    o->follow = 1;
    return NULL;
}

static char *set_no_follow(Options *o, char *argument)
{
    (void)argument;
    o->follow = 0;
    return NULL;
}

/* Lets the command line say a setting: what it is called in the file, and its value. */
static char *choose(Options *o, size_t index, Span value)
{
    Setting setting = setting_at(index);
    char *error = setting_parse(&o->settings, &setting, value);
    if (!error)
        vec_push(&o->choices, (SettingChoice){index, alloc_text(value.ptr, value.len)});
    return error;
}

/* The same, of an option with the setting's name. */
static char *choose_named(Options *o, const char *name, const char *argument)
{
    Buffer text = {0};
    char *error = choose(o, setting_named(span_of(name)), span_of(argument));
    if (!error)
        return NULL;
    buffer_printf(&text, "--%s: %s", name, error);
    free(error);
    return buffer_text(&text), text.data;
}

/* "[VIEW.]COLUMN[:asc|:desc]"; without VIEW it is for every kind that has the column. */
static char *set_sort(Options *o, char *argument)
{
    Span value = span_of(argument), view = {0};
    ptrdiff_t dot = span_find_byte(value, '.');
    size_t found = o->choices.len;
    if (dot >= 0) {
        view = span_to(value, (size_t)dot);
        value = span_from(value, (size_t)dot + 1);
    }
    for (size_t i = 0, count = setting_count(); i < count; i++) {
        Setting setting = setting_at(i);
        if (setting.section == SECTION_SORT && (dot < 0 || span_eq(view, span_of(setting.name))))
            free(choose(o, i, value)); /* a table without the column */
    }
    return o->choices.len > found ? NULL : complaint("no column \"%s\" to sort by; --list-columns names them", argument);
}

static char *set_top(Options *o, char *argument)
{
    return choose_named(o, "top", argument);
}

static char *set_theme(Options *o, char *argument)
{
    return choose_named(o, "theme", argument);
}

static char *set_quiet_only(Options *o, char *argument)
{
    (void)argument;
    o->rules.quiet_only = true;
    return choose(o, setting_named(SPAN("quiet")), SPAN("on"));
}

static char *set_config(Options *o, char *argument)
{
    o->config = argument;
    o->no_config = false;
    return *argument ? NULL : complaint("--config needs a file name; --no-config reads none%s", "");
}

static char *set_no_config(Options *o, char *argument)
{
    (void)argument;
    o->config = NULL;
    o->no_config = true;
    return NULL;
}

static char *set_filter(Options *o, char *argument)
{
    o->rules.filter = argument;
    return NULL;
}

static char *set_function(Options *o, char *argument)
{
    o->rules.function = argument;
    return NULL;
}

static char *set_since(Options *o, char *argument)
{
    o->rules.since = argument;
    return NULL;
}

static char *set_until(Options *o, char *argument)
{
    o->rules.until = argument;
    return NULL;
}

static char *set_join(Options *o, char *argument)
{
    (void)argument;
    o->join = true;
    return NULL;
}

static char *set_map(Options *o, char *argument)
{
    char *equals = strchr(argument, '=');
    if (!equals || equals == argument || !equals[1])
        return complaint("--map wants FROM=TO, not \"%s\"", argument);
    vec_push(&o->maps, (PathMap){{argument, (size_t)(equals - argument)}, equals + 1});
    return NULL;
}

static char *set_color(Options *o, char *argument)
{
    return choose_named(o, "color", argument);
}

static char *set_keep(Options *o, char *argument)
{
    if (!span_to_uint(span_of(argument), &o->retention.reports_per_target) || !o->retention.reports_per_target)
        return complaint("--keep wants a number above 0, not \"%s\"", argument);
    return NULL;
}

static char *set_max_memory(Options *o, char *argument)
{
    if (!size_parse(span_of(argument), &o->retention.bytes) || !o->retention.bytes)
        return complaint("--max-memory wants a size such as 64M, not \"%s\"", argument);
    return NULL;
}

static char *set_screenshot(Options *o, char *argument)
{
    o->screenshot = argument;
    return screenshot_kind_known(argument) ? NULL : complaint("--screenshot wants a name that ends in .svg or .txt, not \"%s\"", argument);
}

static char *set_keys(Options *o, char *argument)
{
    o->keys = argument;
    return NULL;
}

/* "80x24" */
static char *set_size(Options *o, char *argument)
{
    enum { SIZE_MIN = 1, SIZE_MOST = 500 };
    Span text = span_of(argument);
    ptrdiff_t by = span_find_byte(text, 'x');
    uint64_t columns = 0, rows = 0;
    bool read = by > 0 && span_to_uint(span_to(text, (size_t)by), &columns) && span_to_uint(span_from(text, (size_t)by + 1), &rows);
    if (!read || columns < SIZE_MIN || rows < SIZE_MIN || columns > SIZE_MOST || rows > SIZE_MOST)
        return complaint("--size wants columns and rows such as 80x24, not \"%s\"", argument);
    o->columns = (int)columns;
    o->rows = (int)rows;
    return NULL;
}

#define COMMAND_SETTER(name, value)                       \
    static char *name(Options *o, char *argument)         \
    {                                                     \
        (void)argument;                                   \
        o->command = value;                               \
        return NULL;                                      \
    }

COMMAND_SETTER(set_list_columns, COMMAND_LIST_COLUMNS)
COMMAND_SETTER(set_list_keys, COMMAND_LIST_KEYS)
COMMAND_SETTER(set_list_formats, COMMAND_LIST_FORMATS)
COMMAND_SETTER(set_list_settings, COMMAND_LIST_SETTINGS)
COMMAND_SETTER(set_help, COMMAND_HELP)
COMMAND_SETTER(set_version, COMMAND_VERSION)

static const struct OptionRow {
    char letter; /* '\0' for none */
    const char *name;
    const char *argument; /* NULL for none */
    const char *help;
    OptionSetter set;
} rows[] = {
    {'F', "format", "FORMAT", "print text, json, ndjson, csv or markdown and exit, without a screen", set_format},
    {'o', "output", "FILE", "write that to FILE, which is replaced only when all is written", set_output},
    {'f', "follow", NULL, "keep reading a file that grows (default in the screen)", set_follow},
    {'\0', "no-follow", NULL, "read to the end and stop (default with --format)", set_no_follow},
    {'i', "input-format", "NAME", "take the input for NAME instead of finding out", set_input_format},
    {'t', "tee", "FILE", "append every byte read from standard input or COMMAND to FILE", set_tee},
    {'s', "sort", "[VIEW.]COLUMN[:asc|:desc]", "first sort order; without VIEW, of every view with that column", set_sort},
    {'n', "top", "N", "at most N rows per table in text and markdown", set_top},
    {'g', "filter", "REGEX", "only what matches in function, file or source text", set_filter},
    {'\0', "function", "GLOB", "only invocations of functions whose name matches", set_function},
    {'\0', "since", "TIME", "only invocations from TIME on: RFC 3339, a date, or an age such as 15m", set_since},
    {'\0', "until", "TIME", "only invocations up to TIME", set_until},
    {'\0', "quiet-only", NULL, "leave out contended reports: others ran in the same process", set_quiet_only},
    {'\0', "join", NULL, "the FILEs are parts of one log, in this order", set_join},
    {'\0', "map", "FROM=TO", "look for source files under TO where the log says FROM (repeatable)", set_map},
    {'\0', "color", "WHEN", "use colours: auto, always or never", set_color},
    {'\0', "theme", "THEME", "colours for that background: auto, dark, light or mono", set_theme},
    {'\0', "config", "FILE", "read settings from FILE instead of the usual one", set_config},
    {'\0', "no-config", NULL, "read no settings", set_no_config},
    {'\0', "keep", "N", "keep the rows of at most N reports per profiled function, and totals of all", set_keep},
    {'\0', "max-memory", "SIZE", "keep rows of at most SIZE bytes (K, M, G), and totals of all", set_max_memory},
    {'\0', "screenshot", "FILE", "draw the screen into FILE (.svg or .txt) instead of opening it", set_screenshot},
    {'\0', "size", "COLUMNSxROWS", "size of that picture (default 80x24)", set_size},
    {'\0', "keys", "KEYS", "keys to press before, such as 2 Enter / 'text' Enter", set_keys},
    {'\0', "list-columns", NULL, "print all views and columns, tab separated", set_list_columns},
    {'\0', "list-keys", NULL, "print all keys and actions, tab separated", set_list_keys},
    {'\0', "list-formats", NULL, "print all input and export formats, tab separated", set_list_formats},
    {'\0', "list-settings", NULL, "print all settings, tab separated", set_list_settings},
    {'h', "help", NULL, "print this", set_help},
    {'V', "version", NULL, "print the version and the libraries that are used", set_version},
};

enum { ROWS = sizeof rows / sizeof *rows, FIRST_LONG = 256 };

static void fill_getopt(struct option *longs, char *letters)
{
    char *at = letters;
    *at++ = ':';
    for (int i = 0; i < ROWS; i++) {
        longs[i] = (struct option){rows[i].name, rows[i].argument ? required_argument : no_argument, NULL, FIRST_LONG + i};
        if (!rows[i].letter)
            continue;
        *at++ = rows[i].letter;
        if (rows[i].argument)
            *at++ = ':';
    }
    *at = '\0';
    longs[ROWS] = (struct option){0};
}

static const struct OptionRow *row_of(int code)
{
    if (code >= FIRST_LONG)
        return &rows[code - FIRST_LONG];
    for (int i = 0; code && i < ROWS; i++)
        if (rows[i].letter == code)
            return &rows[i];
    return NULL;
}

/* Whether a word such as "--list" or "--fo=json" is the beginning of more than one option's name. */
static bool is_ambiguous(const char *word)
{
    size_t len = strcspn(word, "="), found = 0;
    for (int i = 0; len > 2 && i < ROWS; i++)
        found += strncmp(rows[i].name, word + 2, len - 2) == 0;
    return found > 1;
}

/* What getopt could not take; its own word for it is in `argv[optind - 1]` or `optopt`. */
static char *getopt_complaint(int code, char **argv)
{
    const struct OptionRow *row = row_of(optopt);
    char letter[3] = {'-', (char)optopt, '\0'};
    bool is_letter = optopt > 0 && optopt < FIRST_LONG;
    if (code == ':')
        return complaint("option --%s needs an argument", row ? row->name : argv[optind - 1]);
    if (row)
        return complaint("option --%s takes no argument", row->name);
    if (!is_letter && is_ambiguous(argv[optind - 1]))
        return complaint("option %s could be one of several", argv[optind - 1]);
    return complaint("unknown option %s", is_letter ? letter : argv[optind - 1]);
}

/* Everything behind the first "--" is COMMAND: returns where the options and FILEs end. */
static int split_command(Options *o, int argc, char **argv, char **error)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--") != 0)
            continue;
        o->child = &argv[i + 1];
        if (!argv[i + 1])
            *error = complaint("no COMMAND behind --%s", "");
        return i;
    }
    return argc;
}

static char *check_combination(const Options *o)
{
    if (o->child && o->file_count)
        return complaint("FILEs and a COMMAND at once: \"%s\" is which?", o->files[0]);
    size_t streams = 0;
    for (size_t i = 0; i < o->file_count; i++)
        streams += strcmp(o->files[i], "-") == 0;
    if (streams > 1)
        return complaint("standard input can be read only once, not as %s twice", "-");
    if (o->tee && o->file_count && !(o->file_count == 1 && strcmp(o->files[0], "-") == 0))
        return complaint("--tee copies standard input or COMMAND, not %s", o->files[0]);
    if ((o->keys || o->columns) && !o->screenshot)
        return complaint("%s is for --screenshot", o->keys ? "--keys" : "--size");
    if (o->screenshot && (o->format || o->output))
        return complaint("--screenshot%s writes no report: leave --format and --output out", "");
    return NULL;
}

bool options_parse(Options *o, int argc, char **argv, char **error)
{
    struct option longs[ROWS + 1];
    char letters[2 * ROWS + 2];
    int code;
    *o = (Options){.follow = -1};
    settings_init(&o->settings);
    *error = NULL;
    fill_getopt(longs, letters);
    int end = split_command(o, argc, argv, error);
    optind = 0;
    opterr = 0;
    while (!*error && (code = getopt_long(end, argv, letters, longs, NULL)) != -1) {
        const struct OptionRow *row = code == '?' || code == ':' ? NULL : row_of(code);
        *error = row ? row->set(o, optarg) : getopt_complaint(code, argv);
    }
    if (*error)
        return false;
    o->files = &argv[optind];
    o->file_count = (size_t)(end - optind);
    *error = check_combination(o);
    return !*error;
}

/* ~ at the beginning is the home folder: no shell reads the file. */
static char *expanded(Span path)
{
    const char *home = getenv("HOME");
    Buffer text = {0};
    if (home && span_starts(path, SPAN("~/"))) {
        buffer_append_span(&text, span_of(home));
        path = span_from(path, 1);
    }
    buffer_append_span(&text, path);
    return buffer_text(&text), text.data;
}

PathMaps options_maps(const Options *o, const char *setting)
{
    PathMaps maps = {0};
    Span rest = span_of(setting), pair;
    for (size_t i = 0; i < o->maps.len; i++)
        vec_push(&maps.items, o->maps.items[i]);
    while (key_names_take(&rest, &pair)) {
        size_t equals = (size_t)span_find_byte(pair, '=');
        char *to = expanded(span_from(pair, equals + 1));
        vec_push(&maps.texts, to);
        vec_push(&maps.items, (PathMap){span_to(pair, equals), to});
    }
    return maps;
}

void path_maps_free(PathMaps *maps)
{
    for (size_t i = 0; i < maps->texts.len; i++)
        free(maps->texts.items[i]);
    vec_free(&maps->texts);
    vec_free(&maps->items);
}

bool options_configure(Options *o)
{
    o->config_file = o->no_config ? NULL : o->config ? alloc_text(o->config, strlen(o->config)) : config_path();
    if (!o->config_file)
        return true;
    settings_free(&o->settings);
    settings_init(&o->settings);
    bool read = config_read(&o->settings, o->config_file, !o->config, &o->config_problems);
    for (size_t i = 0; i < o->choices.len; i++) {
        Setting setting = setting_at(o->choices.items[i].setting);
        free(setting_parse(&o->settings, &setting, span_of(o->choices.items[i].value)));
    }
    return read || !o->config;
}

SessionOptions options_inputs(const Options *o)
{
    return (SessionOptions){
        .files = o->files,
        .file_count = o->file_count,
        .command = o->child,
        .format = o->input_format,
        .tee = o->tee,
        .join = o->join,
    };
}

void options_free(Options *o)
{
    for (size_t i = 0; i < o->choices.len; i++)
        free(o->choices.items[i].value);
    vec_free(&o->choices);
    vec_free(&o->maps);
    settings_free(&o->settings);
    free(o->config_file);
    buffer_free(&o->config_problems);
}

enum { HELP_COLUMN = 28, HELP_WIDTH = 79 };

/* Appends words from the present column, HELP_COLUMN, on, in as many lines as it takes. */
static void append_wrapped(Buffer *out, Span words)
{
    size_t column = HELP_COLUMN;
    while (words.len) {
        ptrdiff_t blank = span_find_byte(words, ' ');
        Span word = blank < 0 ? words : span_to(words, (size_t)blank);
        if (column > HELP_COLUMN && column + 1 + word.len > HELP_WIDTH) {
            buffer_append_byte(out, '\n');
            buffer_append_repeated(out, ' ', HELP_COLUMN);
            column = HELP_COLUMN;
        } else if (column > HELP_COLUMN) {
            buffer_append_byte(out, ' ');
            column++;
        }
        buffer_append_span(out, word);
        column += word.len;
        words = span_from(words, word.len + 1);
    }
    buffer_append_byte(out, '\n');
}

void options_help(Buffer *out)
{
    for (int i = 0; i < ROWS; i++) {
        size_t begin = out->len;
        buffer_append_span(out, SPAN("  "));
        if (rows[i].letter)
            buffer_printf(out, "-%c, ", rows[i].letter);
        else
            buffer_append_span(out, SPAN("    "));
        buffer_printf(out, "--%s%s%s", rows[i].name, rows[i].argument ? "=" : "", rows[i].argument ? rows[i].argument : "");
        size_t used = out->len - begin;
        if (used + 2 > HELP_COLUMN) {
            buffer_append_byte(out, '\n');
            used = 0;
        }
        buffer_append_repeated(out, ' ', HELP_COLUMN - used);
        append_wrapped(out, span_of(rows[i].help));
    }
}
