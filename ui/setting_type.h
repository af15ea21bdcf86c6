/* How values of settings are read, written and changed. Private to setting.c and setting_type.c. */
#ifndef UI_SETTING_TYPE_H
#define UI_SETTING_TYPE_H

#include "ui/setting.h"

struct SettingType {
    const char *values; /* what may be written; NULL: one of the words */
    bool list;          /* several words */
    char *(*parse)(Settings *settings, const Setting *setting, Span value);
    void (*print)(const Settings *settings, const Setting *setting, Buffer *out);
    void (*step)(Settings *settings, const Setting *setting, int direction); /* NULL: it has to be typed */
    void (*turn)(Settings *settings, const Setting *setting);                /* NULL: it has no two sides */
    void (*words)(const Setting *setting, void (*take)(void *ctx, Span word), void *ctx);
};

/* `at` of a setting is the offset of a bool, an int, a size_t or an owned text in Settings ... */
extern const SettingType setting_type_switch, setting_type_choice, setting_type_number, setting_type_map;
/* ... or a TableId, an ActionId, a Role. */
extern const SettingType setting_type_sort, setting_type_columns, setting_type_keys, setting_type_look;

#endif
