/*
 * What a person can choose, one row each: from this come the configuration file, the options view, ":set", --list-settings and
 * funcmem.conf(5). Values are read and written as text, the same everywhere. No terminal is needed to read it.
 */
#ifndef UI_SETTING_H
#define UI_SETTING_H

#include "ui/action.h"
#include "ui/theme.h"

typedef enum ColorChoice { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER } ColorChoice;

/* The fronts of the lines of a raw log: times and names before what they say. */
typedef enum LogFronts { LOG_FRONTS_AUTO, LOG_FRONTS_FULL, LOG_FRONTS_SHORT } LogFronts;

/* The main views, as ":view" and the setting name them. */
enum { SETTING_VIEWS = 4 };

/* The values. Zero-initialise, fill with settings_init(), end with settings_free(). */
typedef struct Settings {
    int theme; /* ThemeId */
    int color; /* ColorChoice */
    int view;  /* the main view that comes first, from 0 */
    bool ascii;
    bool mouse;
    bool newest; /* tables begin with the newest row selected, and keep it */
    bool quiet;
    bool hide_zero;
    int log_fronts; /* LogFronts */
    bool log_wrap;  /* long lines of the log take several rows */
    bool history; /* what is typed into prompts is kept for the next start */
    bool follow; /* files are read on as they grow, in the screen */
    char *map;   /* "FROM=TO ...": where source files are that the log names; owned, NULL: none */
    size_t top;  /* rows per table in text and markdown; 0: what the format prefers */
    TableSort sorts[TABLE_COUNT];
    uint32_t left_out[TABLE_COUNT]; /* columns that are not shown, a bit each */
    Keymap keymap;
    Look looks[ROLE_COUNT]; /* a person's, with LOOK_CHOSEN; else the theme's are taken */
} Settings;

/* Sections of the file. */
typedef enum SettingSection {
    SECTION_SCREEN,
    SECTION_INPUT,
    SECTION_EXPORT,
    SECTION_SORT,
    SECTION_HIDE,
    SECTION_KEYS,
    SECTION_COLORS,
    SECTION_COUNT
} SettingSection;

typedef struct SettingType SettingType;

typedef struct Setting {
    SettingSection section;
    const char *name; /* within its section */
    const char *help; /* one sentence without its full stop */
    const SettingType *type;
    const char *const *choices; /* of those that have some, ended by NULL */
    size_t at; /* the TableId, ActionId or Role that it is about; else the value's offset */
} Setting;

void settings_init(Settings *settings);
void settings_free(Settings *settings);
/* Makes `*to`, which is initialised or zero, the same as `from`; texts are copied. */
void settings_copy(Settings *to, const Settings *from);

/* All settings, in the order of the file: setting_at(0) to setting_at(setting_count() - 1). */
size_t setting_count(void);
Setting setting_at(size_t index);

/* "screen", "keys". */
const char *setting_section_name(SettingSection section);

/* The index of "SECTION.NAME" or, of settings whose name stands for itself (screen, input, export), "NAME"; SIZE_MAX without one.
 */
size_t setting_named(Span name);
/* Appends the shortest name that setting_named() finds. */
void setting_append_name(const Setting *setting, Buffer *out);

/* Reads `value`; on a wrong one nothing changes, and a sentence comes back that the caller frees. */
char *setting_parse(Settings *settings, const Setting *setting, Span value);

/* Appends the value, as setting_parse() reads it. */
void setting_print(const Settings *settings, const Setting *setting, Buffer *out);

/* Appends its line of the file: "name = value", or "name =". */
void setting_append_line(const Settings *settings, const Setting *setting, Buffer *out);

/* Whether it is as settings_init() makes it. */
bool setting_is_default(const Settings *settings, const Setting *setting);

/* Takes the next value (direction 1) or the one before (-1); false for settings that have to be typed. */
bool setting_step(Settings *settings, const Setting *setting, int direction);

/* Turns round what has two sides: yes and no, or the direction of a sort; false for others. */
bool setting_turn(Settings *settings, const Setting *setting);

/* Appends what may be written: "yes or no", "auto, dark, light or mono". */
void setting_append_values(const Setting *setting, Buffer *out);

/* Whether a value is several words, separated by blanks. */
bool setting_is_list(const Setting *setting);
/* Calls `take` for every word that may stand in a value, as far as they can be counted. */
void setting_words(const Setting *setting, void (*take)(void *ctx, Span word), void *ctx);

/* Appends all of it as a configuration file; what is as it was is commented out. */
void settings_append_file(const Settings *settings, Buffer *out);

/* Whether colours are wanted on a terminal: what was chosen, else what NO_COLOR says. */
bool settings_want_color(const Settings *settings);

#endif
