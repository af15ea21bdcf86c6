/* What the settings do to the screen. */
#include <stdlib.h>

#include "ui/table_view.h"
#include "ui/ui_private.h"

const Keymap *ui_keymap(const Ui *ui)
{
    return &ui->settings.keymap;
}

Settings *ui_settings(Ui *ui)
{
    return &ui->settings;
}

const char *ui_code_map(const Ui *ui)
{
    return ui->settings.map;
}

const char *ui_settings_file(Ui *ui)
{
    return ui->settings_file.len ? buffer_text(&ui->settings_file) : "funcmem.conf";
}

TerminalOptions ui_terminal_options(const Ui *ui)
{
    return (TerminalOptions){
        .colours = settings_want_color(&ui->settings) ? ui->colours : 0,
        .theme = (ThemeId)ui->settings.theme,
        .looks = ui->settings.looks,
        .ascii = ui->settings.ascii,
        .mouse = ui->settings.mouse,
    };
}

static void tell_view(Ui *ui, View *view)
{
    table_view_settings_changed(view);
    if (ui->newest != ui->settings.newest)
        table_view_follow(view, ui->settings.newest);
}

void ui_restyle(Ui *ui)
{
    TerminalOptions terminal = ui_terminal_options(ui);
    terminal_restyle(&terminal);
    ui_changed(ui);
}

void ui_settings_changed(Ui *ui)
{
    ui_restyle(ui);
    for (size_t i = 0; i < ROOTS; i++)
        tell_view(ui, ui->roots[i]);
    for (size_t i = 1; i < ui->stack.len; i++)
        tell_view(ui, ui->stack.items[i]);
    ui->newest = ui->settings.newest;
    ui_changed(ui);
}

void ui_tell_setting(Ui *ui, const Setting *setting, bool changed)
{
    Buffer line = {0};
    setting_append_line(&ui->settings, setting, &line);
    const char *text = buffer_text(&line);
    if (!changed)
        ui_message(ui, false, "%s", text);
    else if (setting_is_default(&ui->settings, setting))
        ui_message(ui, false, "%s, as without a line in the file", text);
    else
        ui_message(ui, false, "To keep it: %s under [%s] in %s", text, setting_section_name(setting->section), ui_settings_file(ui));
    buffer_free(&line);
}

void ui_set(Ui *ui, const Setting *setting, Span value)
{
    char *error = setting_parse(&ui->settings, setting, value);
    if (error) {
        ui_message(ui, true, "%s: %s.", setting->name, error);
        free(error);
        return;
    }
    ui_settings_changed(ui);
    ui_tell_setting(ui, setting, true);
}
