#include "base/size.h"
#include "ui/draw.h"
#include "ui/terminal.h"
#include "ui/text_page.h"
#include "ui/ui_private.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { STATUS_PARTS_MAX = 16 };

enum {
    PART_GAP = 3,  /* cells between parts of the status line */
    PART_CUT = 10, /* what is left of one that is cut */
};

struct Status {
    struct StatusPart {
        Role role;
        char *text;
        int width; /* cells that it is given; 0: it is not shown */
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

enum {
    CRUMB_ROOM = 30,
    TAB_GAP = 2,
    CRUMB_GAP = 3,       /* between two parts */
    CRUMB_MIN = 8,       /* cells of a part that is cut ... */
    CRUMB_LAST_MIN = 20, /* ... and of the innermost one */
};

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

/* Whether `name` ends with `tail`, which begins behind a slash. */
static bool has_tail(Span name, Span tail)
{
    return span_ends(name, tail) && (name.len == tail.len || name.ptr[name.len - tail.len - 1] == '/');
}

/* The inputs, and the logs that were found in them. */
typedef struct Names {
    const Model *model;
    const UiInput *inputs;
    size_t count;
} Names;

static Names all_names(const Ui *ui)
{
    Names names = {.model = ui->model};
    names.inputs = ui_inputs(ui, &names.count);
    return names;
}

static Span name_at(const Names *names, size_t i)
{
    if (i >= names->count)
        return model_text(names->model, names->model->sources.items[i - names->count].name);
    return span_of(names->inputs[i].name ? names->inputs[i].name : "");
}

static bool is_shared_tail(const Names *names, Span name, Span tail)
{
    for (size_t i = 0; i < names->count + names->model->sources.len; i++) {
        Span other = name_at(names, i);
        if (has_tail(other, tail) && !span_eq(other, name))
            return true;
    }
    return false;
}

/* Of a path the last part is what tells most, with as many folders as it takes to tell it from others. */
static Span short_source(const Names *names, Span name)
{
    for (size_t at = name.len; at-- > 0;)
        if (name.ptr[at] == '/' && at + 1 < name.len && !is_shared_tail(names, name, span_from(name, at + 1)))
            return span_from(name, at + 1);
    return name;
}

Span ui_source_name(const Ui *ui, Id source)
{
    Names names = all_names(ui);
    return short_source(&names, model_text(ui->model, ui->model->sources.items[source].name));
}

static void source_label(const Ui *ui, Buffer *out)
{
    Names names = all_names(ui);
    size_t logs = ui->model->sources.len, more = names.count > logs ? names.count : logs;
    Span first = names.count + logs ? name_at(&names, 0) : SPAN("");
    buffer_append_span(out, first.len ? short_source(&names, first) : SPAN("funcmem"));
    if (more > 1)
        buffer_printf(out, " +%zu", more - 1);
}

typedef struct Crumb {
    Buffer text;
    int width; /* cells: what it takes, then what it gets */
    size_t depth;
} Crumb;

typedef VEC(Crumb) Crumbs;

static void push_crumb(Crumbs *crumbs, Crumb crumb)
{
    crumb.width = (int)display_width(buffer_span(&crumb.text), terminal_style());
    vec_push(crumbs, crumb);
}

static void collect_crumbs(Ui *ui, bool with_root, Crumbs *crumbs)
{
    Crumb source = {.depth = 1};
    source_label(ui, &source.text);
    push_crumb(crumbs, source);
    for (size_t i = with_root || ui->root == ROOT_LOG ? 0 : 1; i < ui->stack.len; i++) {
        Crumb crumb = {.depth = i + 1};
        if (ui->stack.items[i]->kind->label)
            ui->stack.items[i]->kind->label(ui->stack.items[i], &crumb.text);
        if (crumb.text.len)
            push_crumb(crumbs, crumb);
        else
            buffer_free(&crumb.text);
    }
}

/* Room for a part is what it takes, but for what does not fit: the outer parts give way first, and the innermost one is cut last.
 */
static int crumb_floor(const Crumbs *crumbs, size_t i)
{
    int width = crumbs->items[i].width, floor = i + 1 == crumbs->len ? CRUMB_LAST_MIN : CRUMB_MIN;
    return width < floor ? width : floor;
}

/* The ellipsis for parts that are left out, with the blank behind it. */
static int cut_width(void)
{
    return (int)display_width(sign_text(SIGN_ELLIPSIS), terminal_style()) + 1;
}

static int floors_width(const Crumbs *crumbs, size_t first)
{
    int width = first > 0 ? cut_width() : 0;
    for (size_t i = first; i < crumbs->len; i++)
        width += crumb_floor(crumbs, i) + (i > first ? CRUMB_GAP : 0);
    return width;
}

/* Gives the parts their widths; returns the first one that is shown. */
static size_t arrange_crumbs(Crumbs *crumbs, int room)
{
    size_t first = 0;
    while (first + 1 < crumbs->len && floors_width(crumbs, first) > room)
        first++;
    int spare = room - floors_width(crumbs, first);
    for (size_t i = crumbs->len; i-- > first;) {
        int floor = crumb_floor(crumbs, i), more = crumbs->items[i].width - floor;
        more = more < spare ? more : spare;
        crumbs->items[i].width = floor + (more > 0 ? more : 0);
        spare -= more > 0 ? more : 0;
    }
    return first;
}

static int natural_width(const Crumbs *crumbs)
{
    int width = -CRUMB_GAP;
    for (size_t i = 0; i < crumbs->len; i++)
        width += CRUMB_GAP + crumbs->items[i].width;
    return width;
}

/* Takes over `text`. */
static void rename_crumb(Crumb *crumb, Buffer text)
{
    buffer_free(&crumb->text);
    crumb->text = text;
    crumb->width = (int)display_width(buffer_span(&text), terminal_style());
}

static void shorten_names(Crumbs *crumbs, int room)
{
    for (size_t i = 0; i < crumbs->len && natural_width(crumbs) > room; i++) {
        Buffer out = {0};
        Span text = buffer_span(&crumbs->items[i].text);
        if (draw_short_name(text, &out).ptr != text.ptr)
            rename_crumb(&crumbs->items[i], out);
    }
}

static void draw_crumbs(Ui *ui, int room, bool with_root)
{
    Crumbs crumbs = {0};
    collect_crumbs(ui, with_root, &crumbs);
    shorten_names(&crumbs, room);
    size_t first = arrange_crumbs(&crumbs, room);
    int column = 1, end = 1 + room;
    if (first > 0)
        column += draw_text(0, column, end - column, sign_text(SIGN_ELLIPSIS), 0, ROLE_CRUMB, EMPHASIS_NONE) + 1;
    for (size_t i = first; i < crumbs.len; i++) {
        if (i > first) {
            column += 1;
            column += draw_text(0, column, end - column, sign_text(SIGN_CRUMB), 0, ROLE_DIM, EMPHASIS_NONE) + 1;
        }
        Role role = i + 1 == crumbs.len ? ROLE_CRUMB_LAST : ROLE_CRUMB;
        int width = crumbs.items[i].width < end - column ? crumbs.items[i].width : end - column;
        width = draw_name(0, column, width, buffer_span(&crumbs.items[i].text), role, EMPHASIS_NONE);
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
    status->parts[status->count++] = (struct StatusPart){role, text, 0};
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
        status_add(status, ROLE_STATUS_NOTE, "reading waits%s%s", blank, text);
        break;
    case UI_INPUT_ENDED:
        status_add(status, ROLE_STATUS, "ended%s%s", blank, text);
        break;
    case UI_INPUT_FAILED:
        if (*text)
            status_add(status, ROLE_STATUS_BAD, "%s", text); /* it names the input */
        else
            status_add(status, ROLE_STATUS_BAD, "%s failed", input->name ? input->name : "input");
        break;
    case UI_INPUT_EXITED:
        if (input->signal)
            status_add(status, ROLE_STATUS_BAD, "child killed by signal %d%s%s", input->signal, blank, text);
        else
            status_add(status, input->exit_code ? ROLE_STATUS_BAD : ROLE_STATUS, "child exited %d%s%s", input->exit_code, blank, text);
        break;
    }
}

/* Of several inputs the one that matters most: one that still works, then one that has ended badly. */
static const UiInput *main_input(const UiInput *inputs, size_t count)
{
    static const UiInputState order[] = {UI_INPUT_LOADING,   UI_INPUT_STOPPED, UI_INPUT_PAUSED,
                                         UI_INPUT_FOLLOWING, UI_INPUT_EXITED,  UI_INPUT_ENDED};
    for (size_t k = 0; k < sizeof order / sizeof *order; k++)
        for (size_t i = 0; i < count; i++)
            if (inputs[i].state == order[k])
                return &inputs[i];
    return &inputs[0];
}

/* Why each of several failed was told when it did; how many have is what stays true. */
static void add_inputs(Status *status, const UiInput *inputs, size_t count)
{
    size_t failed = 0;
    for (size_t i = 0; i < count; i++)
        failed += inputs[i].state == UI_INPUT_FAILED;
    if (failed && count > 1)
        status_add(status, ROLE_STATUS_BAD, "%zu of %zu inputs failed", failed, count);
    if (count == 1 || failed < count)
        add_input(status, main_input(inputs, count));
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
    if (ui->message.len) {
        status_add(status, ui->message_bad ? ROLE_STATUS_BAD : ROLE_STATUS_NOTE, "%s", buffer_text(&ui->message));
        return;
    }
    UiSaving saving;
    if (ui_saving(ui, &saving))
        status_add(status, ROLE_STATUS_NOTE, "writing %d %% of %s", saving.percent, saving.name);
    if (ui->paused)
        status_add(status, ROLE_STATUS_NOTE, "paused");
    if (count)
        add_inputs(status, inputs, count);
    if (fresh && (ui->paused || is_live(inputs, count)))
        status_add(status, ROLE_STATUS_LIVE, "%zu new", fresh);
    View *view = ui_top(ui)->kind->status ? ui_top(ui) : ui_main_view(ui);
    if (view->kind->status)
        view->kind->status(view, status);
}

/* A sentence that is longer than the line takes more of them, upwards, until the next key. */
static bool draw_message(Ui *ui)
{
    int row = terminal_rows() - 2, columns = terminal_columns();
    Span text = buffer_span(&ui->message);
    if ((int)display_width(text, terminal_style()) <= columns - 2)
        return false;
    TextPage page = {0};
    page_wrap(&page, 1, columns - 2, ui->message_bad ? ROLE_STATUS_BAD : ROLE_STATUS_NOTE, text);
    int most = terminal_rows() / 2, rows = (int)page.lines < most ? (int)page.lines : most;
    for (int i = 0; i < rows; i++)
        draw_blank(row - i, 0, columns, ROLE_STATUS, EMPHASIS_NONE);
    page_draw(&page, (Area){row - rows + 1, 0, rows, columns});
    page_free(&page);
    return true;
}

/* Whether a part says what one must know to read the rest: that rows are left out, what is searched for, what went wrong. */
static bool is_vital(const struct StatusPart *part)
{
    return part->role == ROLE_STATUS_NOTE || part->role == ROLE_STATUS_BAD;
}

/* The first part is always shown; what one must know comes before the rest, and is cut rather than left out. */
static void choose_parts(Status *status, int room)
{
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < status->count; i++) {
            struct StatusPart *part = &status->parts[i];
            bool vital = i == 0 || is_vital(part);
            int gap = i > 0 ? PART_GAP : 0, left = room - gap, width = (int)display_width(span_of(part->text), terminal_style());
            if (vital != (pass == 0) || (width > left && (!vital || left < PART_CUT)))
                continue;
            part->width = width < left ? width : left;
            room -= part->width + gap;
        }
    }
}

void frame_draw_status(Ui *ui)
{
    Status status = {0};
    int row = terminal_rows() - 2, column = 1, columns = terminal_columns();
    collect_status(ui, &status);
    draw_blank(row, 0, columns, ROLE_STATUS, EMPHASIS_NONE);
    bool wrapped = draw_message(ui);
    choose_parts(&status, columns - 2);
    for (size_t i = 0; i < status.count; i++) {
        struct StatusPart *part = &status.parts[i];
        if (!wrapped && part->width) {
            if (i > 0) {
                draw_text(row, column + 1, 1, sign_text(SIGN_DOT), 0, ROLE_STATUS, EMPHASIS_NONE);
                column += PART_GAP;
            }
            column += draw_name(row, column, part->width, span_of(part->text), part->role, EMPHASIS_NONE);
        }
        free(part->text);
    }
}

/* The bottom line. */

enum { KEY_GAP = 2 };

/* A key with its label. */
typedef struct KeyLabel {
    ActionId action;
    Buffer key;
    Span label;
    int width;
    bool shown;
} KeyLabel;

typedef VEC(KeyLabel) KeyLabels;

static void collect_keys(const Ui *ui, const ActionId *bar, KeyLabels *keys)
{
    for (; *bar != ACTION_NONE; bar++) {
        KeyLabel key = {.action = *bar, .label = span_of(actions[*bar].label)};
        keymap_keys(&ui->settings.keymap, *bar, 1, &key.key);
        if (*bar == ACTION_CLOSE && ui->stack.len > 1)
            key.label = SPAN("close");
        if (*bar == ACTION_OPEN && ui_top(ui)->kind->open_label)
            key.label = span_of(ui_top(ui)->kind->open_label);
        key.width = (int)display_width(buffer_span(&key.key), terminal_style()) + 1 + (int)key.label.len;
        if (key.key.len)
            vec_push(keys, key);
        else
            buffer_free(&key.key);
    }
}

/* The ways out and the help are shown before anything else is: who knows these two finds the rest. */
static void choose_keys(KeyLabels *keys, int room)
{
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < keys->len; i++) {
            KeyLabel *key = &keys->items[i];
            bool first = key->action == ACTION_CLOSE || key->action == ACTION_HELP;
            if (first != (pass == 0) || key->width > room)
                continue;
            key->shown = true;
            room -= key->width + KEY_GAP;
        }
    }
}

static void draw_keys(Ui *ui, const ActionId *bar)
{
    int row = terminal_rows() - 1, column = 1, columns = terminal_columns();
    KeyLabels keys = {0};
    collect_keys(ui, bar, &keys);
    choose_keys(&keys, columns - 2);
    for (size_t i = 0; i < keys.len; i++) {
        KeyLabel *key = &keys.items[i];
        if (key->shown) {
            int at = column + draw_text(row, column, columns, buffer_span(&key->key), 0, ROLE_BAR_KEY, EMPHASIS_NONE) + 1;
            draw_text(row, at, columns, key->label, 0, ROLE_BAR_LABEL, EMPHASIS_NONE);
            add_spot(ui, (Spot){row, column, key->width, key->action, 0});
            column += key->width + KEY_GAP;
        }
        buffer_free(&key->key);
    }
    vec_free(&keys);
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
