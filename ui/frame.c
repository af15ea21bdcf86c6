#include "base/size.h"
#include "ui/draw.h"
#include "ui/terminal.h"
#include "ui/ui_private.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { STATUS_PARTS_MAX = 16 };

struct Status {
    struct StatusPart {
        Role role;
        char *text;
    } parts[STATUS_PARTS_MAX];
    size_t count;
};

Area frame_body(void)
{
    return (Area){1, 0, terminal_rows() - 3, terminal_columns()};
}

Area frame_bottom(void)
{
    return (Area){terminal_rows() - 1, 0, 1, terminal_columns()};
}

static void add_spot(Ui *ui, Spot spot)
{
    if (ui->spot_count < SPOTS_MAX && spot.width > 0)
        ui->spots[ui->spot_count++] = spot;
}

/* The first line: where one is, and the main views. */

static const struct Tab {
    const char *title;
    ActionId action;
} tabs[ROOTS] = {
    {"Functions", ACTION_VIEW_FUNCTIONS},
    {"Invocations", ACTION_VIEW_INVOCATIONS},
    {"Lines", ACTION_VIEW_LINES},
    {"Log", ACTION_VIEW_LOG},
};

enum { CRUMB_ROOM = 30, TAB_GAP = 2 };

static int tabs_width(const Ui *ui)
{
    int width = 0;
    for (size_t i = 0; i < ROOTS; i++) {
        Buffer key = {0};
        keymap_keys(&ui->settings.keymap, tabs[i].action, 1, &key);
        width += (int)display_width(buffer_span(&key), terminal_style()) + 1 + (int)strlen(tabs[i].title) + TAB_GAP;
        buffer_free(&key);
    }
    return width;
}

/* Draws the tabs at the right edge; returns their width, 0 when there is no room. */
static int draw_tabs(Ui *ui)
{
    int width = tabs_width(ui);
    if (terminal_columns() < width + CRUMB_ROOM)
        return 0;
    int column = terminal_columns() - width + TAB_GAP - 1;
    for (size_t i = 0; i < ROOTS; i++) {
        Buffer key = {0};
        keymap_keys(&ui->settings.keymap, tabs[i].action, 1, &key);
        bool current = i == ui->root;
        int start = column;
        column += draw_text(0, column, width, buffer_span(&key), 0, ROLE_BAR_KEY, EMPHASIS_NONE) + 1;
        column += draw_text(0, column, width, span_of(tabs[i].title), 0, current ? ROLE_TAB_CURRENT : ROLE_TAB, EMPHASIS_NONE);
        add_spot(ui, (Spot){0, start, column - start, tabs[i].action, 0});
        column += TAB_GAP;
        buffer_free(&key);
    }
    return width;
}

static void source_label(const Ui *ui, Buffer *out)
{
    const Model *m = ui->model;
    size_t count;
    const UiInput *inputs = ui_inputs(ui, &count);
    if (count && inputs[0].name)
        buffer_append_span(out, span_of(inputs[0].name));
    else if (m->sources.len)
        buffer_append_span(out, model_text(m, m->sources.items[0].name));
    else
        buffer_append_span(out, SPAN("funcmem"));
    size_t more = count > m->sources.len ? count : m->sources.len;
    if (more > 1)
        buffer_printf(out, " +%zu", more - 1);
}

typedef struct Crumb {
    Buffer text;
    size_t depth;
} Crumb;

typedef VEC(Crumb) Crumbs;

static void collect_crumbs(Ui *ui, bool with_root, Crumbs *crumbs)
{
    Crumb source = {.depth = 1};
    source_label(ui, &source.text);
    vec_push(crumbs, source);
    for (size_t i = with_root || ui->root == ROOT_LOG ? 0 : 1; i < ui->stack.len; i++) {
        Crumb crumb = {.depth = i + 1};
        if (ui->stack.items[i]->kind->label)
            ui->stack.items[i]->kind->label(ui->stack.items[i], &crumb.text);
        if (crumb.text.len)
            vec_push(crumbs, crumb);
        else
            buffer_free(&crumb.text);
    }
}

static int crumb_width(const Crumb *crumb)
{
    return (int)display_width(buffer_span(&crumb->text), terminal_style());
}

/* The innermost parts are the ones to keep. */
static size_t first_crumb_that_fits(const Crumbs *crumbs, int room)
{
    size_t first = crumbs->len - 1;
    for (int width = crumb_width(&crumbs->items[first]); first > 0; first--) {
        width += crumb_width(&crumbs->items[first - 1]) + 3;
        if (width + (first > 1 ? 4 : 0) > room)
            break;
    }
    return first;
}

static void draw_crumbs(Ui *ui, int room, bool with_root)
{
    Crumbs crumbs = {0};
    collect_crumbs(ui, with_root, &crumbs);
    size_t first = first_crumb_that_fits(&crumbs, room);
    int column = 1, end = 1 + room;
    if (first > 0)
        column += draw_text(0, column, end - column, terminal_is_ascii() ? SPAN("... ") : SPAN("… "), 0, ROLE_CRUMB, EMPHASIS_NONE);
    for (size_t i = first; i < crumbs.len; i++) {
        if (i > first) {
            column += 1;
            column += draw_text(0, column, end - column, sign_text(SIGN_CRUMB), 0, ROLE_DIM, EMPHASIS_NONE) + 1;
        }
        Role role = i + 1 == crumbs.len ? ROLE_CRUMB_LAST : ROLE_CRUMB;
        int width = draw_text(0, column, end - column, buffer_span(&crumbs.items[i].text), 0, role, EMPHASIS_NONE);
        add_spot(ui, (Spot){0, column, width, ACTION_NONE, crumbs.items[i].depth});
        column += width;
    }
    for (size_t i = 0; i < crumbs.len; i++)
        buffer_free(&crumbs.items[i].text);
    vec_free(&crumbs);
}

/* The status line. */

void status_add(Status *status, Role role, const char *format, ...)
{
    char *text = NULL;
    va_list args;
    va_start(args, format);
    int len = vasprintf(&text, format, args);
    va_end(args);
    if (len <= 0 || status->count == STATUS_PARTS_MAX) {
        if (len >= 0)
            free(text);
        return;
    }
    status->parts[status->count++] = (struct StatusPart){role, text};
}

static void append_time(Buffer *out, int64_t ms)
{
    int64_t seconds = (ms + 999) / 1000, minutes = (seconds + 30) / 60;
    if (seconds < 100)
        buffer_printf(out, "%" PRId64 " s left", seconds);
    else if (minutes < 100)
        buffer_printf(out, "%" PRId64 " min left", minutes);
    else
        buffer_printf(out, "%" PRId64 " h left", (minutes + 30) / 60);
}

/* "loading 43 %  430 MiB of 1.0 GiB  2 s left", as far as it is known. */
static void add_progress(Status *status, const char *what, const UiInput *input)
{
    Buffer text = {0};
    buffer_printf(&text, "%s", what);
    if (input->size)
        buffer_printf(&text, " %d %%", (int)((double)input->position * 100.0 / (double)input->size));
    if (input->position || input->size) {
        buffer_append_span(&text, input->size ? SPAN("  ") : SPAN(" "));
        size_append(&text, input->position);
    }
    if (input->size) {
        buffer_append_span(&text, SPAN(" of "));
        size_append(&text, input->size);
    }
    if (input->state == UI_INPUT_LOADING && input->left_ms >= 0) {
        buffer_append_span(&text, SPAN("  "));
        append_time(&text, input->left_ms);
    }
    status_add(status, ROLE_STATUS_NOTE, "%s", buffer_text(&text));
    buffer_free(&text);
}

static void add_input(Status *status, const UiInput *input)
{
    const char *text = input->text ? input->text : "";
    const char *blank = *text ? ": " : "";
    switch (input->state) {
    case UI_INPUT_LOADING:
        add_progress(status, "loading", input);
        break;
    case UI_INPUT_STOPPED:
        add_progress(status, "stopped at", input);
        break;
    case UI_INPUT_FOLLOWING:
        status_add(status, ROLE_STATUS_LIVE, "following%s%s", blank, text);
        break;
    case UI_INPUT_PAUSED:
        status_add(status, ROLE_STATUS_NOTE, "stopped%s%s", blank, text);
        break;
    case UI_INPUT_ENDED:
        status_add(status, ROLE_STATUS, "ended%s%s", blank, text);
        break;
    case UI_INPUT_FAILED:
        status_add(status, ROLE_STATUS_BAD, "%s%s%s", input->name ? input->name : "input", *text ? ": " : " failed", text);
        break;
    case UI_INPUT_EXITED:
        if (input->signal)
            status_add(status, ROLE_STATUS_BAD, "child killed by signal %d%s%s", input->signal, blank, text);
        else
            status_add(status, input->exit_code ? ROLE_STATUS_BAD : ROLE_STATUS, "child exited %d%s%s", input->exit_code, blank, text);
        break;
    }
}

/* Of several inputs the one that matters most: a failed one, then one that still works. */
static const UiInput *main_input(const UiInput *inputs, size_t count)
{
    static const UiInputState order[] = {UI_INPUT_FAILED, UI_INPUT_LOADING,   UI_INPUT_STOPPED,
                                         UI_INPUT_PAUSED, UI_INPUT_FOLLOWING, UI_INPUT_EXITED};
    for (size_t k = 0; k < sizeof order / sizeof *order; k++)
        for (size_t i = 0; i < count; i++)
            if (inputs[i].state == order[k])
                return &inputs[i];
    return count ? &inputs[0] : NULL;
}

static bool is_live(const UiInput *inputs, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (inputs[i].state == UI_INPUT_FOLLOWING)
            return true;
    return false;
}

static bool is_loading(const UiInput *inputs, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (inputs[i].state == UI_INPUT_LOADING)
            return true;
    return false;
}

/*
 * What was there when the program began is not new, the report included that is still open at its end: news are counted from where the
 * inputs have been read once.
 */
static void note_loaded(Ui *ui, const UiInput *inputs, size_t count)
{
    if (ui->loaded)
        return;
    ui->loaded = !is_loading(inputs, count);
    if (!ui->paused)
        ui->reports_seen = ui->model->reports.len;
}

static void collect_status(Ui *ui, Status *status)
{
    size_t count;
    const UiInput *inputs = ui_inputs(ui, &count);
    note_loaded(ui, inputs, count);
    size_t fresh = ui->model->closed.len > ui->reports_seen ? ui->model->closed.len - ui->reports_seen : 0;
    const UiInput *input = main_input(inputs, count);
    if (ui->message.len) {
        status_add(status, ui->message_bad ? ROLE_STATUS_BAD : ROLE_STATUS_NOTE, "%s", buffer_text(&ui->message));
        return;
    }
    if (ui->paused)
        status_add(status, ROLE_STATUS_NOTE, "paused");
    if (input)
        add_input(status, input);
    if (fresh && (ui->paused || is_live(inputs, count)))
        status_add(status, ROLE_STATUS_LIVE, "%zu new", fresh);
    View *view = ui_top(ui)->kind->status ? ui_top(ui) : ui_main_view(ui);
    if (view->kind->status)
        view->kind->status(view, status);
}

void frame_draw_status(Ui *ui)
{
    Status status = {0};
    int row = terminal_rows() - 2, column = 1, columns = terminal_columns();
    collect_status(ui, &status);
    draw_blank(row, 0, columns, ROLE_STATUS, EMPHASIS_NONE);
    for (size_t i = 0; i < status.count; i++) {
        struct StatusPart *part = &status.parts[i];
        int width = (int)display_width(span_of(part->text), terminal_style());
        if (i == 0 || column + 3 + width < columns) {
            if (i > 0) {
                draw_text(row, column + 1, 1, sign_text(SIGN_DOT), 0, ROLE_STATUS, EMPHASIS_NONE);
                column += 3;
            }
            column += draw_text(row, column, columns - column - 1, span_of(part->text), 0, part->role, EMPHASIS_NONE);
        }
        free(part->text);
    }
}

/* The bottom line. */

static void draw_keys(Ui *ui, const ActionId *bar)
{
    int row = terminal_rows() - 1, column = 1, columns = terminal_columns();
    for (; *bar != ACTION_NONE; bar++) {
        Buffer key = {0};
        Span label = span_of(actions[*bar].label);
        keymap_keys(&ui->settings.keymap, *bar, 1, &key);
        if (*bar == ACTION_CLOSE && ui->stack.len > 1)
            label = SPAN("close");
        if (*bar == ACTION_OPEN && ui_top(ui)->kind->open_label)
            label = span_of(ui_top(ui)->kind->open_label);
        int width = (int)display_width(buffer_span(&key), terminal_style()) + 1 + (int)label.len;
        if (key.len && column + width < columns) {
            int at = column + draw_text(row, column, columns, buffer_span(&key), 0, ROLE_BAR_KEY, EMPHASIS_NONE) + 1;
            draw_text(row, at, columns, label, 0, ROLE_BAR_LABEL, EMPHASIS_NONE);
            add_spot(ui, (Spot){row, column, width, *bar, 0});
            column += width + 2;
        }
        buffer_free(&key);
    }
}

void frame_draw(Ui *ui)
{
    ui->spot_count = 0;
    int width = draw_tabs(ui);
    draw_crumbs(ui, terminal_columns() - width - 2, width == 0);
    frame_draw_status(ui);
    View *top = ui_top(ui);
    if (top->kind->bar)
        draw_keys(ui, top->kind->bar(top));
}
