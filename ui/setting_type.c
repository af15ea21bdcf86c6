#include "ui/setting_type.h"

#include <stdlib.h>

static char *complaint(const char *format, Span what)
{
    Buffer text = {0};
    buffer_printf(&text, format, SPAN_ARG(what));
    return buffer_text(&text), text.data;
}

static void *place(const Settings *s, const Setting *setting)
{
    return (char *)s + setting->at;
}

/* Yes or no. */

static char *parse_switch(Settings *s, const Setting *setting, Span value)
{
    static const char *const words[] = {"no", "yes", "off", "on", "false", "true", "0", "1"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (span_eq(value, span_of(words[i]))) {
            *(bool *)place(s, setting) = i % 2;
            return NULL;
        }
    }
    return complaint("yes or no, not \"%.*s\"", value);
}

static void print_switch(const Settings *s, const Setting *setting, Buffer *out)
{
    buffer_append_span(out, *(bool *)place(s, setting) ? SPAN("yes") : SPAN("no"));
}

static void turn_switch(Settings *s, const Setting *setting)
{
    bool *value = place(s, setting);
    *value = !*value;
}

static void step_switch(Settings *s, const Setting *setting, int direction)
{
    (void)direction;
    turn_switch(s, setting);
}

static void words_of_switch(const Setting *setting, void (*take)(void *, Span), void *ctx)
{
    (void)setting;
    take(ctx, SPAN("yes"));
    take(ctx, SPAN("no"));
}

const SettingType setting_type_switch = {NULL, false, parse_switch, print_switch, step_switch, turn_switch, words_of_switch};

/* One of several words. */

static char *parse_choice(Settings *s, const Setting *setting, Span value)
{
    for (int i = 0; setting->choices[i]; i++) {
        if (span_eq(value, span_of(setting->choices[i]))) {
            *(int *)place(s, setting) = i;
            return NULL;
        }
    }
    Buffer text = {0};
    setting_append_values(setting, &text);
    buffer_printf(&text, ", not \"%.*s\"", SPAN_ARG(value));
    return buffer_text(&text), text.data;
}

static void print_choice(const Settings *s, const Setting *setting, Buffer *out)
{
    buffer_append_span(out, span_of(setting->choices[*(int *)place(s, setting)]));
}

static void step_choice(Settings *s, const Setting *setting, int direction)
{
    int *value = place(s, setting), count = 0;
    while (setting->choices[count])
        count++;
    *value = (*value + direction + count) % count;
}

static void words_of_choice(const Setting *setting, void (*take)(void *, Span), void *ctx)
{
    for (int i = 0; setting->choices[i]; i++)
        take(ctx, span_of(setting->choices[i]));
}

const SettingType setting_type_choice = {NULL, false, parse_choice, print_choice, step_choice, NULL, words_of_choice};

/* A number. */

static char *parse_number(Settings *s, const Setting *setting, Span value)
{
    uint64_t number;
    if (!span_to_uint(value, &number) || !number || number > SIZE_MAX)
        return complaint("a number above 0, not \"%.*s\"", value);
    *(size_t *)place(s, setting) = (size_t)number;
    return NULL;
}

static void print_number(const Settings *s, const Setting *setting, Buffer *out)
{
    size_t number = *(size_t *)place(s, setting);
    if (number)
        buffer_printf(out, "%zu", number);
}

const SettingType setting_type_number = {"a number above 0", false, parse_number, print_number, NULL, NULL, NULL};

/* Pairs of paths. */

static char *parse_map(Settings *s, const Setting *setting, Span value)
{
    char **text = place(s, setting);
    Span rest = value, pair;
    while (key_names_take(&rest, &pair)) {
        ptrdiff_t equals = span_find_byte(pair, '=');
        if (equals <= 0 || (size_t)equals + 1 == pair.len)
            return complaint("FROM=TO, not \"%.*s\"", pair);
    }
    free(*text);
    *text = value.len ? alloc_text(value.ptr, value.len) : NULL;
    return NULL;
}

static void print_map(const Settings *s, const Setting *setting, Buffer *out)
{
    const char *text = *(char **)place(s, setting);
    buffer_append_span(out, span_of(text));
}

const SettingType setting_type_map = {"FROM=TO pairs, separated by blanks", true, parse_map, print_map, NULL, NULL, NULL};

/* The order of a table. */

static void words_of_columns(const Setting *setting, void (*take)(void *, Span), void *ctx)
{
    const TableKind *kind = table_kind_of((TableId)setting->at);
    for (size_t i = 0; i < kind->column_count; i++)
        take(ctx, span_of(kind->columns[i].id));
}

static char *parse_sort(Settings *s, const Setting *setting, Span value)
{
    static const Span directions[] = {{":asc", 4}, {":desc", 5}};
    const TableKind *kind = table_kind_of((TableId)setting->at);
    Span name = value;
    int direction = -1;
    for (int i = 0; i < 2; i++)
        if (span_ends(value, directions[i])) {
            name = span_to(value, value.len - directions[i].len);
            direction = i;
        }
    size_t column = table_column_named(kind, name);
    if (column == SIZE_MAX)
        return complaint("there is no column \"%.*s\"", name);
    s->sorts[setting->at] = (TableSort){column, direction < 0 ? kind->columns[column].descending : direction == 1};
    return NULL;
}

static void print_sort(const Settings *s, const Setting *setting, Buffer *out)
{
    TableSort sort = s->sorts[setting->at];
    buffer_printf(out, "%s:%s", table_kind_of((TableId)setting->at)->columns[sort.column].id, sort.descending ? "desc" : "asc");
}

static void step_sort(Settings *s, const Setting *setting, int direction)
{
    const TableKind *kind = table_kind_of((TableId)setting->at);
    size_t column = (s->sorts[setting->at].column + (direction > 0 ? 1 : kind->column_count - 1)) % kind->column_count;
    s->sorts[setting->at] = (TableSort){column, kind->columns[column].descending};
}

static void turn_sort(Settings *s, const Setting *setting)
{
    s->sorts[setting->at].descending = !s->sorts[setting->at].descending;
}

const SettingType setting_type_sort = {
    "a column, and :asc or :desc behind it", false, parse_sort, print_sort, step_sort, turn_sort, words_of_columns};

/* Columns of a table. */

static char *parse_columns(Settings *s, const Setting *setting, Span value)
{
    const TableKind *kind = table_kind_of((TableId)setting->at);
    uint32_t columns = 0;
    Span name;
    while (key_names_take(&value, &name)) {
        size_t column = table_column_named(kind, name);
        if (column == SIZE_MAX)
            return complaint("there is no column \"%.*s\"", name);
        if (column == 0)
            return complaint("the first column, \"%.*s\", always stays", name);
        columns |= UINT32_C(1) << column;
    }
    s->left_out[setting->at] = columns;
    return NULL;
}

static void print_columns(const Settings *s, const Setting *setting, Buffer *out)
{
    const TableKind *kind = table_kind_of((TableId)setting->at);
    const char *gap = "";
    for (size_t i = 0; i < kind->column_count; i++) {
        if (!(s->left_out[setting->at] >> i & 1))
            continue;
        buffer_printf(out, "%s%s", gap, kind->columns[i].id);
        gap = " ";
    }
}

const SettingType setting_type_columns = {
    "columns, separated by blanks", true, parse_columns, print_columns, NULL, NULL, words_of_columns};

/* Keys of an action. */

static char *parse_keys(Settings *s, const Setting *setting, Span value)
{
    Span rest = value, name;
    Key key;
    while (key_names_take(&rest, &name)) {
        if (!key_parse(name, &key))
            return complaint("there is no key \"%.*s\"", name);
        if (!key_can_arrive(key))
            return complaint("no terminal sends \"%.*s\" as a key of its own", name);
    }
    keymap_unbind(&s->keymap, (ActionId)setting->at);
    while (key_names_take(&value, &name))
        if (key_parse(name, &key))
            keymap_bind(&s->keymap, key, (ActionId)setting->at);
    return NULL;
}

static void print_keys(const Settings *s, const Setting *setting, Buffer *out)
{
    keymap_keys(&s->keymap, (ActionId)setting->at, SIZE_MAX, out);
}

static void words_of_keys(const Setting *setting, void (*take)(void *, Span), void *ctx)
{
    (void)setting;
    key_words(take, ctx);
}

const SettingType setting_type_keys = {
    "keys, separated by blanks; nothing unbinds", true, parse_keys, print_keys, NULL, NULL, words_of_keys};

/* A look. */

static char *parse_look(Settings *s, const Setting *setting, Span value)
{
    return look_parse(value, &s->looks[setting->at]);
}

static void print_look(const Settings *s, const Setting *setting, Buffer *out)
{
    look_append(&s->looks[setting->at], out);
}

static void words_of_look(const Setting *setting, void (*take)(void *, Span), void *ctx)
{
    (void)setting;
    look_words(take, ctx);
}

const SettingType setting_type_look = {
    "colour, colour behind it, bold, underline, reverse; nothing: the theme's",
    true,
    parse_look,
    print_look,
    NULL,
    NULL,
    words_of_look,
};
