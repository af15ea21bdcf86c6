#include "ui/setting_type.h"

#include <stdlib.h>

static const char *const themes[] = {"auto", "dark", "light", "mono", NULL};
static const char *const colors[] = {"auto", "always", "never", NULL};
static const char *const fronts[] = {"auto", "full", "short", NULL};
static const char *const views[SETTING_VIEWS + 1] = {"functions", "invocations", "lines", "log", NULL};

#define FIELD(field) offsetof(Settings, field)

static const Setting fixed[] = {
    {SECTION_SCREEN, "theme", "Colours for that background; auto takes COLORFGBG's word, else the terminal's, else dark",
     &setting_type_choice, themes, FIELD(theme)},
    {SECTION_SCREEN, "color", "Whether to use colours; auto heeds NO_COLOR", &setting_type_choice, colors, FIELD(color)},
    {SECTION_SCREEN, "ascii", "Draw nothing but ASCII", &setting_type_switch, NULL, FIELD(ascii)},
    {SECTION_SCREEN, "mouse", "Take the mouse; without, the terminal selects text with it", &setting_type_switch, NULL,
     FIELD(mouse)},
    {SECTION_SCREEN, "view", "The view to begin with", &setting_type_choice, views, FIELD(view)},
    {SECTION_SCREEN, "newest", "Keep the newest row selected, as the action follow does", &setting_type_switch, NULL,
     FIELD(newest)},
    {SECTION_SCREEN, "quiet", "Leave out contended reports", &setting_type_switch, NULL, FIELD(quiet)},
    {SECTION_SCREEN, "hide-zero", "In reports, leave out the entry row and rows without increment", &setting_type_switch, NULL,
     FIELD(hide_zero)},
    {SECTION_SCREEN, "log-fronts", "Times and names before what lines of the log say; auto is short below 120 columns",
     &setting_type_choice, fronts, FIELD(log_fronts)},
    {SECTION_SCREEN, "log-wrap", "Wrap long lines of the log", &setting_type_switch, NULL, FIELD(log_wrap)},
    {SECTION_SCREEN, "history", "Keep what is typed into prompts for the next start", &setting_type_switch, NULL, FIELD(history)},
    {SECTION_INPUT, "follow", "In the screen, keep reading files that grow; at the next start", &setting_type_switch, NULL,
     FIELD(follow)},
    {SECTION_INPUT, "map", "Look for source files under TO where the log says FROM, as --map does", &setting_type_map, NULL,
     FIELD(map)},
    {SECTION_EXPORT, "top", "Rows per table in text and markdown", &setting_type_number, NULL, FIELD(top)},
};

enum { FIXED = sizeof fixed / sizeof *fixed };

/* Sections in which there is a setting for each row of another table. */
static const struct SettingFamily {
    SettingSection section;
    size_t count;
    const SettingType *type;
    const char *help; /* NULL: that of the row */
} families[] = {
    {SECTION_SORT, TABLE_COUNT, &setting_type_sort, "The column that it is sorted by at first"},
    {SECTION_HIDE, TABLE_COUNT, &setting_type_columns, "Columns that are not shown, unless sorted by"},
    {SECTION_KEYS, ACTION_COUNT, &setting_type_keys, NULL},
    {SECTION_COLORS, ROLE_COUNT, &setting_type_look, NULL},
};

enum { FAMILIES = sizeof families / sizeof *families };

static const struct SectionName {
    const char *name;
    bool implied; /* its settings are named without it */
} sections[SECTION_COUNT] = {
    [SECTION_SCREEN] = {"screen", true},  [SECTION_INPUT] = {"input", true}, [SECTION_EXPORT] = {"export", true},
    [SECTION_SORT] = {"sort", false},     [SECTION_HIDE] = {"hide", false},  [SECTION_KEYS] = {"keys", false},
    [SECTION_COLORS] = {"colors", false},
};

const char *setting_section_name(SettingSection section)
{
    return sections[section].name;
}

/* The values. */

void settings_init(Settings *s)
{
    *s = (Settings){.mouse = true, .history = true, .follow = true};
    for (size_t i = 0; i < TABLE_COUNT; i++) {
        const TableKind *kind = table_kind_of((TableId)i);
        s->sorts[i] = (TableSort){kind->default_column, kind->default_descending};
    }
    keymap_add_defaults(&s->keymap);
}

void settings_free(Settings *s)
{
    keymap_free(&s->keymap);
    free(s->map);
    s->map = NULL;
}

void settings_copy(Settings *to, const Settings *from)
{
    Keymap keymap = to->keymap;
    free(to->map);
    *to = *from;
    to->map = from->map ? alloc_text(from->map, strlen(from->map)) : NULL;
    to->keymap = keymap;
    keymap_copy(&to->keymap, &from->keymap);
}

bool settings_want_color(const Settings *s)
{
    const char *no_color = getenv("NO_COLOR");
    return s->color == COLOR_ALWAYS || (s->color == COLOR_AUTO && !(no_color && *no_color));
}

/* The table. */

size_t setting_count(void)
{
    size_t count = FIXED;
    for (size_t i = 0; i < FAMILIES; i++)
        count += families[i].count;
    return count;
}

static Setting member(const struct SettingFamily *family, size_t i)
{
    Setting setting = {family->section, NULL, NULL, family->type, NULL, i};
    if (family->section == SECTION_KEYS) {
        setting.name = actions[i].name;
        setting.help = actions[i].help;
    } else if (family->section == SECTION_COLORS) {
        setting.name = role_name((Role)i);
        setting.help = role_help((Role)i);
    } else {
        setting.name = table_kind_of((TableId)i)->name;
        setting.help = family->help;
    }
    return setting;
}

Setting setting_at(size_t index)
{
    const struct SettingFamily *family = families;
    if (index < FIXED)
        return fixed[index];
    for (index -= FIXED; index >= family->count; family++)
        index -= family->count;
    return member(family, index);
}

size_t setting_named(Span name)
{
    for (size_t i = 0, count = setting_count(); i < count; i++) {
        Setting setting = setting_at(i);
        Span rest = name;
        bool said = span_take(&rest, span_of(sections[setting.section].name)) && span_take(&rest, SPAN("."));
        if ((said || sections[setting.section].implied) && span_eq(said ? rest : name, span_of(setting.name)))
            return i;
    }
    return SIZE_MAX;
}

void setting_append_name(const Setting *setting, Buffer *out)
{
    if (!sections[setting->section].implied)
        buffer_printf(out, "%s.", sections[setting->section].name);
    buffer_append_span(out, span_of(setting->name));
}

/* One value. */

char *setting_parse(Settings *s, const Setting *setting, Span value)
{
    return setting->type->parse(s, setting, span_trim(value));
}

void setting_print(const Settings *s, const Setting *setting, Buffer *out)
{
    setting->type->print(s, setting, out);
}

void setting_append_line(const Settings *s, const Setting *setting, Buffer *out)
{
    Buffer value = {0};
    setting_print(s, setting, &value);
    buffer_printf(out, "%s =%s%s", setting->name, value.len ? " " : "", buffer_text(&value));
    buffer_free(&value);
}

bool setting_is_default(const Settings *s, const Setting *setting)
{
    Settings fresh;
    Buffer now = {0}, then = {0};
    settings_init(&fresh);
    setting_print(s, setting, &now);
    setting_print(&fresh, setting, &then);
    bool same = span_eq(buffer_span(&now), buffer_span(&then));
    settings_free(&fresh);
    buffer_free(&now);
    buffer_free(&then);
    return same;
}

bool setting_step(Settings *s, const Setting *setting, int direction)
{
    if (setting->type->step)
        setting->type->step(s, setting, direction);
    return setting->type->step != NULL;
}

bool setting_turn(Settings *s, const Setting *setting)
{
    if (setting->type->turn)
        setting->type->turn(s, setting);
    return setting->type->turn != NULL;
}

static void append_word(void *ctx, Span word)
{
    Buffer *out = ctx;
    buffer_append_span(out, word);
    buffer_append_byte(out, '\n');
}

/* "a, b or c" */
void setting_append_values(const Setting *setting, Buffer *out)
{
    if (setting->type->values) {
        buffer_append_span(out, span_of(setting->type->values));
        return;
    }
    Buffer words = {0};
    setting->type->words(setting, append_word, &words);
    Span rest = span_to(buffer_span(&words), words.len - 1);
    for (ptrdiff_t end; (end = span_find_byte(rest, '\n')) >= 0; rest = span_from(rest, (size_t)end + 1)) {
        Span behind = span_from(rest, (size_t)end + 1);
        buffer_printf(out, "%.*s%s", (int)end, rest.ptr, span_find_byte(behind, '\n') >= 0 ? ", " : " or ");
    }
    buffer_append_span(out, rest);
    buffer_free(&words);
}

bool setting_is_list(const Setting *setting)
{
    return setting->type->list;
}

void setting_words(const Setting *setting, void (*take)(void *ctx, Span word), void *ctx)
{
    if (setting->type->words)
        setting->type->words(setting, take, ctx);
}

void settings_append_file(const Settings *s, Buffer *out)
{
    SettingSection section = SECTION_COUNT;
    for (size_t i = 0, count = setting_count(); i < count; i++) {
        Setting setting = setting_at(i);
        if (setting.section != section)
            buffer_printf(out, "%s[%s]\n", i ? "\n" : "", setting_section_name(setting.section));
        section = setting.section;
        buffer_append_span(out, setting_is_default(s, &setting) ? SPAN("# ") : SPAN(""));
        setting_append_line(s, &setting, out);
        buffer_append_byte(out, '\n');
    }
}
