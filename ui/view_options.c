#include <stdlib.h>

#include "ui/draw.h"
#include "ui/terminal.h"
#include "ui/text_page.h"

/* The settings, section by section, with their values; a change takes effect at once. */

typedef struct OptionsView {
    View view;
    size_t selected; /* index of the setting */
    size_t top;      /* first line on the screen; sections take two lines but for the first */
    int rows;        /* on the screen */
    Pattern *search; /* or NULL */
    bool previewing; /* a search is being typed; it began at `search_from` */
    size_t search_from;
} OptionsView;

enum { NAME_COLUMN = 3, NAME_WIDTH = 22, NAME_WIDTH_MIN = 14, VALUE_WIDTH = 22, VALUE_WIDTH_MIN = 10, FOOT_ROWS = 4, FOOT_FROM = 12, SMALL_FOOT_ROWS = 2, WIDE = 70 };

/* Lines: a section has a heading, and a blank line before it. */
static size_t line_of(size_t index)
{
    SettingSection section = setting_at(0).section;
    size_t line = 1;
    for (size_t i = 0; i < index; i++, line++) {
        SettingSection next = setting_at(i + 1).section;
        line += next != section ? 2 : 0;
        section = next;
    }
    return line;
}

static size_t line_count(void)
{
    return line_of(setting_count() - 1) + 1;
}

static void scroll_to_selected(OptionsView *options)
{
    size_t line = line_of(options->selected), rows = options->rows > 0 ? (size_t)options->rows : 1, last = line_count();
    size_t heading = options->selected == 0 || line_of(options->selected - 1) + 1 < line; /* its section's, right above it */
    if (line < options->top + heading)
        options->top = line - heading;
    if (line >= options->top + rows)
        options->top = line - rows + 1;
    if (options->top + rows > last)
        options->top = last > rows ? last - rows : 0;
}

/* How wide names or values of a section are now. */
static int section_width(const OptionsView *options, SettingSection section, bool values, int least, int most)
{
    int widest = least;
    for (size_t i = 0, count = setting_count(); i < count; i++) {
        Setting setting = setting_at(i);
        Buffer text = {0};
        if (setting.section == section && values)
            setting_print(ui_settings(options->view.ui), &setting, &text);
        else if (setting.section == section)
            buffer_append_span(&text, span_of(setting.name));
        int width = (int)display_width(buffer_span(&text), terminal_style());
        widest = width > widest ? width : widest;
        buffer_free(&text);
    }
    return widest < most ? widest : most;
}

static void draw_setting(const OptionsView *options, size_t index, int row, Area area)
{
    Setting setting = setting_at(index);
    Settings *settings = ui_settings(options->view.ui);
    Emphasis emphasis = index == options->selected ? EMPHASIS_SELECTED : EMPHASIS_NONE;
    bool narrow = area.columns < WIDE;
    int name_width = narrow ? area.columns / 2 - NAME_COLUMN
                            : section_width(options, setting.section, false, NAME_WIDTH_MIN, NAME_WIDTH);
    int at = area.column + NAME_COLUMN, right = area.column + area.columns;
    bool chosen = !setting_is_default(settings, &setting);
    Buffer value = {0};
    setting_print(settings, &setting, &value);
    draw_blank(row, area.column, area.columns, ROLE_NORMAL, emphasis);
    if (chosen)
        draw_text(row, area.column + 1, 1, sign_text(SIGN_MARK), 0, ROLE_MARK, emphasis);
    Role look = setting.section == SECTION_COLORS ? (Role)setting.at : ROLE_KEY; /* a role shows itself */
    draw_text(row, at, name_width, span_of(setting.name), 0, look, emphasis);
    at += name_width + 1;
    int wide = narrow ? right - at : section_width(options, setting.section, true, VALUE_WIDTH_MIN, VALUE_WIDTH);
    draw_text(row, at, wide, value.len ? buffer_span(&value) : SPAN("-"), 0, value.len ? ROLE_NORMAL : ROLE_DIM, emphasis);
    at += wide + 2;
    draw_text(row, at, right - at, span_of(setting.help), 0, ROLE_DIM, emphasis);
    buffer_free(&value);
}

static void draw_heading(SettingSection section, int row, Area area)
{
    draw_format(row, area.column + 1, area.columns - 1, ROLE_TITLE, EMPHASIS_NONE, "[%s]", setting_section_name(section));
}

/* What it is; where there is room also what may be chosen, and how it is kept. */
static void write_foot(const OptionsView *options, int width, bool whole, TextPage *page)
{
    Setting setting = setting_at(options->selected);
    page_wrap(page, 1, width, whole ? ROLE_NORMAL : ROLE_NOTE, span_of(setting.help));
    if (!whole)
        return;
    Buffer text = {0};
    buffer_printf(&text, "%s: ", setting.name);
    setting_append_values(&setting, &text);
    page_wrap(page, 1, width, ROLE_NORMAL, buffer_span(&text));
    buffer_clear(&text);
    buffer_append_span(&text, SPAN("To keep it: "));
    setting_append_line(ui_settings(options->view.ui), &setting, &text);
    buffer_printf(&text, " under [%s] in %s", setting_section_name(setting.section), ui_settings_file(options->view.ui));
    page_wrap(page, 1, width, ROLE_NOTE, buffer_span(&text));
    buffer_free(&text);
}

/* Draws it at the bottom of `area`, a blank line above it where there is room; returns the rows that it takes. */
static int draw_foot(const OptionsView *options, Area area)
{
    bool whole = area.rows >= FOOT_FROM;
    int least = whole ? FOOT_ROWS : SMALL_FOOT_ROWS, blank = whole ? 1 : 0;
    TextPage page = {0};
    write_foot(options, area.columns - 2, whole, &page);
    int rows = (int)page.lines + blank, most = whole ? area.rows / 2 : SMALL_FOOT_ROWS + 1;
    rows = rows < least ? least : rows > most ? most : rows;
    page_draw(&page, (Area){area.row + area.rows - rows + blank, area.column, rows - blank, area.columns});
    page_free(&page);
    return rows;
}

static void draw(View *view, Area area)
{
    OptionsView *options = (OptionsView *)view;
    SettingSection section = SECTION_COUNT;
    options->rows = area.rows - draw_foot(options, area);
    scroll_to_selected(options);
    size_t line = 0;
    for (size_t i = 0, count = setting_count(); i < count && line < options->top + (size_t)options->rows; i++, line++) {
        Setting setting = setting_at(i);
        if (setting.section != section) {
            line += i ? 1 : 0;
            if (line >= options->top && line < options->top + (size_t)options->rows)
                draw_heading(setting.section, area.row + (int)(line - options->top), area);
            section = setting.section;
            line++;
        }
        if (line >= options->top && line < options->top + (size_t)options->rows)
            draw_setting(options, i, area.row + (int)(line - options->top), area);
    }
}

/* Changing. */

static void type_value(OptionsView *options, const Setting *setting)
{
    Buffer text = {0};
    buffer_append_span(&text, SPAN("set "));
    setting_append_name(setting, &text);
    buffer_append_byte(&text, '=');
    setting_print(ui_settings(options->view.ui), setting, &text);
    prompt_open(options->view.ui, PROMPT_COMMAND, buffer_span(&text));
    buffer_free(&text);
}

static void change(OptionsView *options, int direction)
{
    Ui *ui = options->view.ui;
    Setting setting = setting_at(options->selected);
    if (direction == 0 ? setting_turn(ui_settings(ui), &setting) || setting_step(ui_settings(ui), &setting, 1)
                       : setting_step(ui_settings(ui), &setting, direction)) {
        ui_settings_changed(ui);
        ui_tell_setting(ui, &setting, true);
    } else {
        type_value(options, &setting);
    }
}

static bool take_key(View *view, Key key)
{
    OptionsView *options = (OptionsView *)view;
    if (key != ' ' && key != KEYCODE_LEFT && key != KEYCODE_RIGHT)
        return false;
    change(options, key == ' ' ? 0 : key == KEYCODE_LEFT ? -1 : 1);
    return true;
}

static void copy(OptionsView *options)
{
    Buffer text = {0};
    settings_append_file(ui_settings(options->view.ui), &text);
    if (terminal_copy(buffer_span(&text)))
        ui_message(options->view.ui, false, "All settings were sent to the clipboard, as text for %s.",
                   ui_settings_file(options->view.ui));
    else
        ui_message(options->view.ui, true, "The settings are too long for the clipboard.");
    buffer_free(&text);
}

static void explain(OptionsView *options)
{
    Setting setting = setting_at(options->selected);
    Settings *settings = ui_settings(options->view.ui);
    Buffer text = {0};
    setting_append_name(&setting, &text);
    buffer_printf(&text, ": %s. It takes ", setting.help);
    setting_append_values(&setting, &text);
    buffer_append_span(&text, SPAN(". To keep it: "));
    setting_append_line(settings, &setting, &text);
    buffer_printf(&text, " under [%s] in %s.", setting_section_name(setting.section), ui_settings_file(options->view.ui));
    ui_push(options->view.ui, note_view_new(options->view.ui, text));
}

/* Moving and searching. */

static void move_by(OptionsView *options, ptrdiff_t by)
{
    ptrdiff_t to = (ptrdiff_t)options->selected + by, last = (ptrdiff_t)setting_count() - 1;
    options->selected = (size_t)(to < 0 ? 0 : to > last ? last : to);
}

static bool matches(const OptionsView *options, size_t index)
{
    Setting setting = setting_at(index);
    Buffer text = {0};
    setting_append_name(&setting, &text);
    buffer_printf(&text, " %s ", setting.help);
    setting_print(ui_settings(options->view.ui), &setting, &text);
    bool found = pattern_matches(options->search, buffer_span(&text));
    buffer_free(&text);
    return found;
}

/* The next hit in that direction, wrapping; with `here` also the selected one. */
static void find(OptionsView *options, int direction, bool here, bool tell)
{
    size_t count = setting_count(), index = options->selected;
    for (size_t step = 0; options->search && step < count; step++) {
        if (step || !here)
            index = (index + (direction > 0 ? 1 : count - 1)) % count;
        if (matches(options, index)) {
            if (tell && !here && index != options->selected && (direction > 0) != (index > options->selected))
                ui_say_wrapped(options->view.ui, direction > 0);
            options->selected = index;
            return;
        }
    }
    if (tell)
        ui_message(options->view.ui, true, "No setting matches.");
}

static void search(View *view, Pattern *pattern, bool final)
{
    OptionsView *options = (OptionsView *)view;
    if (!options->previewing)
        options->search_from = options->selected;
    options->selected = options->search_from;
    options->previewing = !final;
    pattern_free(options->search);
    options->search = pattern;
    if (pattern)
        find(options, 1, true, final);
}

static void find_again(OptionsView *options, int direction)
{
    bool new = !options->search;
    if (new && (!ui_search_last(options->view.ui) || direction > 0))
        return;
    find(options, direction, false, true);
}

static bool cancel(View *view)
{
    OptionsView *options = (OptionsView *)view;
    bool searched = options->search != NULL;
    search(view, NULL, true);
    return searched;
}

static bool act_move(OptionsView *options, ActionId action)
{
    ptrdiff_t rows = options->rows > 1 ? options->rows - 1 : 1, all = (ptrdiff_t)setting_count();
    const struct Step {
        ActionId action;
        ptrdiff_t by;
    } steps[] = {
        {ACTION_MOVE_DOWN, 1},
        {ACTION_MOVE_UP, -1},
        {ACTION_PAGE_DOWN, rows},
        {ACTION_PAGE_UP, -rows},
        {ACTION_HALF_DOWN, rows / 2 + 1},
        {ACTION_HALF_UP, -(rows / 2 + 1)},
        {ACTION_FIRST, -all},
        {ACTION_LAST, all},
    };
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        if (steps[i].action == action) {
            move_by(options, steps[i].by);
            return true;
        }
    }
    return false;
}

static bool act(View *view, ActionId action)
{
    OptionsView *options = (OptionsView *)view;
    switch (action) {
    case ACTION_OPEN:
        change(options, 0);
        return true;
    case ACTION_OPTIONS:
        ui_pop(view->ui);
        return true;
    case ACTION_EXPLAIN:
        explain(options);
        return true;
    case ACTION_COPY_ROW:
        copy(options);
        return true;
    case ACTION_SEARCH_NEXT:
    case ACTION_SEARCH_PREVIOUS:
        find_again(options, action == ACTION_SEARCH_NEXT ? 1 : -1);
        return true;
    default:
        return act_move(options, action);
    }
}

static bool mouse(View *view, const KeyEvent *event)
{
    OptionsView *options = (OptionsView *)view;
    int row = event->row - view->area.row;
    if (event->mouse != MOUSE_CLICK && event->mouse != MOUSE_DOUBLE_CLICK)
        return false;
    for (size_t i = 0, count = setting_count(); row >= 0 && row < options->rows && i < count; i++) {
        if (line_of(i) != options->top + (size_t)row)
            continue;
        bool again = i == options->selected;
        options->selected = i;
        if (again)
            change(options, 0);
        break;
    }
    return true;
}

/* The lines around it. */

static void label(const View *view, Buffer *out)
{
    (void)view;
    buffer_append_span(out, SPAN("Options"));
}

/* "/heat: 2 of 5" */
static void add_hits(const OptionsView *options, Status *status)
{
    size_t count = 0, position = 0;
    for (size_t i = 0; i < setting_count(); i++) {
        count += matches(options, i);
        position = i == options->selected ? count : position;
    }
    status_add(status, ROLE_STATUS_NOTE, "/%.*s: %zu of %zu", SPAN_ARG(pattern_text(options->search)), position, count);
}

static void status(View *view, Status *status)
{
    const OptionsView *options = (OptionsView *)view;
    Setting setting = setting_at(options->selected);
    Buffer values = {0};
    status_add(status, ROLE_STATUS, "%zu of %zu", options->selected + 1, setting_count());
    setting_append_values(&setting, &values);
    if (view->area.rows < FOOT_FROM)
        status_add(status, ROLE_STATUS, "%s", buffer_text(&values));
    else
        status_add(status, ROLE_STATUS, "Space and arrows change it, too");
    if (options->search)
        add_hits(options, status);
    buffer_free(&values);
}

static const ActionId *bar(const View *view)
{
    static const ActionId ids[] = {ACTION_OPEN,    ACTION_CLOSE, ACTION_SEARCH, ACTION_COPY_ROW,
                                   ACTION_EXPLAIN, ACTION_HELP,  ACTION_NONE};
    (void)view;
    return ids;
}

static void options_free(View *view)
{
    pattern_free(((OptionsView *)view)->search);
    free(view);
}

View *options_view_new(Ui *ui)
{
    static const ViewKind kind = {
        .draw = draw,
        .act = act,
        .key = take_key,
        .mouse = mouse,
        .label = label,
        .status = status,
        .open_label = "change",
        .bar = bar,
        .search = search,
        .cancel = cancel,
        .free = options_free,
    };
    OptionsView *options = alloc_zeroed(1, sizeof *options);
    options->view = (View){.kind = &kind, .ui = ui};
    return &options->view;
}
