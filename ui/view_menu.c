#include <stdlib.h>

#include "ui/draw.h"
#include "ui/terminal.h"
#include "ui/view.h"

/* A popup with a list to choose from. */

typedef struct MenuView {
    View view;
    const char *title;
    MenuItems items;
    size_t selected;
    size_t top;
    int rows; /* on the screen */
    Area box; /* where the items are */
    void (*choose)(void *ctx, size_t value);
    void *ctx;
} MenuView;

enum { FRAME = 2, PADDING = 2 };

static int text_width(const char *text)
{
    return text ? (int)display_width(span_of(text), terminal_style()) : 0;
}

static int menu_width(const MenuView *menu)
{
    int label = 0, note = 0;
    for (size_t i = 0; i < menu->items.len; i++) {
        int l = text_width(menu->items.items[i].label), n = text_width(menu->items.items[i].note);
        label = l > label ? l : label;
        note = n > note ? n : note;
    }
    int width = label + (note ? note + 2 : 0) + PADDING, title = text_width(menu->title) + 6;
    return (width > title ? width : title) + FRAME;
}

static int label_width(const MenuView *menu)
{
    int width = 0;
    for (size_t i = 0; i < menu->items.len; i++) {
        int l = text_width(menu->items.items[i].label);
        width = l > width ? l : width;
    }
    return width;
}

static void scroll_to_selected(MenuView *menu)
{
    if (menu->selected < menu->top)
        menu->top = menu->selected;
    if (menu->selected >= menu->top + (size_t)menu->rows)
        menu->top = menu->selected - (size_t)menu->rows + 1;
    if (menu->top + (size_t)menu->rows > menu->items.len)
        menu->top = menu->items.len - (size_t)menu->rows;
}

static void draw(View *view, Area area)
{
    MenuView *menu = (MenuView *)view;
    int columns = menu_width(menu), rows = (int)menu->items.len + FRAME;
    columns = columns < area.columns - 2 ? columns : area.columns - 2;
    rows = rows < area.rows ? rows : area.rows;
    menu->rows = rows - FRAME;
    menu->box = (Area){area.row + (area.rows - rows) / 2 + 1, area.column + (area.columns - columns) / 2 + 1, rows - FRAME, columns - FRAME};
    scroll_to_selected(menu);
    draw_box(menu->box.row - 1, menu->box.column - 1, rows, columns, span_of(menu->title));
    int labels = label_width(menu);
    for (int i = 0; i < menu->rows; i++) {
        size_t index = menu->top + (size_t)i;
        const MenuItem *item = &menu->items.items[index];
        Emphasis emphasis = index == menu->selected ? EMPHASIS_SELECTED : EMPHASIS_NONE;
        int row = menu->box.row + i, column = menu->box.column, room = menu->box.columns - PADDING;
        draw_blank(row, column, menu->box.columns, ROLE_NORMAL, emphasis);
        draw_text(row, column + 1, room, span_of(item->label), 0, ROLE_NORMAL, emphasis);
        if (item->note)
            draw_text(row, column + 1 + labels + 2, room - labels - 2, span_of(item->note), 0, ROLE_DIM, emphasis);
    }
    if (menu->top > 0)
        draw_text(menu->box.row, menu->box.column + menu->box.columns - 1, 1, sign_text(SIGN_UP), 0, ROLE_BORDER, EMPHASIS_NONE);
    if (menu->top + (size_t)menu->rows < menu->items.len)
        draw_text(menu->box.row + menu->rows - 1, menu->box.column + menu->box.columns - 1, 1, sign_text(SIGN_DOWN), 0, ROLE_BORDER,
                  EMPHASIS_NONE);
}

static void move_by(MenuView *menu, ptrdiff_t by)
{
    ptrdiff_t to = (ptrdiff_t)menu->selected + by, last = (ptrdiff_t)menu->items.len - 1;
    menu->selected = (size_t)(to < 0 ? 0 : to > last ? last : to);
}

static void choose(MenuView *menu)
{
    void (*chosen)(void *, size_t) = menu->choose;
    void *ctx = menu->ctx;
    size_t value = menu->items.items[menu->selected].value;
    ui_pop(menu->view.ui);
    chosen(ctx, value);
}

static bool act(View *view, ActionId action)
{
    MenuView *menu = (MenuView *)view;
    ptrdiff_t rows = menu->rows > 0 ? menu->rows : 1;
    switch (action) {
    case ACTION_MOVE_DOWN:
        move_by(menu, 1);
        return true;
    case ACTION_MOVE_UP:
        move_by(menu, -1);
        return true;
    case ACTION_PAGE_DOWN:
        move_by(menu, rows);
        return true;
    case ACTION_PAGE_UP:
        move_by(menu, -rows);
        return true;
    case ACTION_HALF_DOWN:
        move_by(menu, rows / 2 + 1);
        return true;
    case ACTION_HALF_UP:
        move_by(menu, -(rows / 2 + 1));
        return true;
    case ACTION_FIRST:
        menu->selected = 0;
        return true;
    case ACTION_LAST:
        menu->selected = menu->items.len - 1;
        return true;
    case ACTION_OPEN:
        choose(menu);
        return true;
    case ACTION_SORT_MENU:
    case ACTION_COPY_CELL:
        ui_pop(view->ui);
        return true;
    default:
        return false;
    }
}

static bool mouse(View *view, const KeyEvent *event)
{
    MenuView *menu = (MenuView *)view;
    int line = event->row - menu->box.row, column = event->column - menu->box.column;
    if (event->mouse != MOUSE_CLICK && event->mouse != MOUSE_DOUBLE_CLICK)
        return false;
    if (line < 0 || line >= menu->rows || column < 0 || column >= menu->box.columns) {
        ui_pop(view->ui);
        return true;
    }
    menu->selected = menu->top + (size_t)line;
    choose(menu);
    return true;
}

static const ActionId *bar(const View *view)
{
    static const ActionId ids[] = {ACTION_OPEN, ACTION_CLOSE, ACTION_HELP, ACTION_NONE};
    (void)view;
    return ids;
}

static void menu_free(View *view)
{
    MenuView *menu = (MenuView *)view;
    for (size_t i = 0; i < menu->items.len; i++) {
        free(menu->items.items[i].label);
        free(menu->items.items[i].note);
    }
    vec_free(&menu->items);
    free(menu);
}

View *menu_view_new(Ui *ui, const char *title, MenuItems items, size_t selected, void (*chosen)(void *ctx, size_t value), void *ctx)
{
    static const ViewKind kind = {.popup = true, .open_label = "choose", .draw = draw, .act = act, .mouse = mouse, .bar = bar, .free = menu_free};
    MenuView *menu = alloc_zeroed(1, sizeof *menu);
    menu->view = (View){.kind = &kind, .ui = ui};
    menu->title = title;
    menu->items = items;
    menu->selected = selected;
    menu->choose = chosen;
    menu->ctx = ctx;
    return &menu->view;
}
