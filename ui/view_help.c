#include <stdlib.h>

#include "model/report.h"
#include "ui/command.h"
#include "ui/draw.h"
#include "ui/terminal.h"
#include "ui/text_page.h"

/* Help: all keys as they are bound now, signs and letters, and what the columns mean; each from its table. */

typedef struct HelpView {
    View view;
    TextPage page;
    ActionId wanted; /* the page begins at it; ACTION_NONE once it does */
} HelpView;

enum { KEYS_WIDTH = 18, KEYS_WIDTH_NARROW = 11, KEYS_COLUMN = 3, NARROW = 60, KEYS_MAX = 6 };

/* Where a line of two columns begins and breaks. */
typedef struct Columns {
    int left;  /* width of what is explained */
    int width; /* of all */
} Columns;

static Columns columns_for(int width)
{
    return (Columns){width < NARROW ? KEYS_WIDTH_NARROW : KEYS_WIDTH, width};
}

static void write_pair(TextPage *page, Columns columns, Span what, Span text)
{
    page_write(page, KEYS_COLUMN, ROLE_KEY, what);
    if (display_width(what, terminal_style()) >= (size_t)columns.left)
        page_end_line(page);
    page_wrap(page, KEYS_COLUMN + columns.left, columns.width - KEYS_COLUMN - columns.left - 1, ROLE_NORMAL, text);
}

static void write_action(TextPage *page, const Keymap *keymap, ActionId action, Columns columns)
{
    Buffer keys = {0};
    keymap_keys(keymap, action, KEYS_MAX, &keys);
    write_pair(page, columns, keys.len ? buffer_span(&keys) : SPAN("-"), span_of(actions[action].help));
    buffer_free(&keys);
}

static void write_heading(TextPage *page, const char *title)
{
    if (page->lines)
        page_end_line(page);
    page_write(page, 1, ROLE_TITLE, span_of(title));
    page_end_line(page);
}

static void write_commands(TextPage *page, Columns columns)
{
    CommandHelp command;
    write_heading(page, "Commands, to be typed as the names of actions are");
    for (size_t i = 0; command_help(i, &command); i++) {
        Buffer what = {0};
        buffer_printf(&what, "%s %s", command.name, command.argument);
        write_pair(page, columns, buffer_span(&what), span_of(command.help));
        buffer_free(&what);
    }
    write_pair(page, columns, SPAN("12"), SPAN("Go to row 12, or to that line of the log"));
    write_pair(page, columns, SPAN("50%"), SPAN("Go to the middle of the rows, or of the log"));
}

static void write_mouse(TextPage *page, Columns columns)
{
    static const struct MouseHelp {
        const char *what, *help;
    } ways[] = {
        {"Click",
         "Select the row; a second time, open it. On a header: sort by it. On a name above or a key below: as if it were pressed"},
        {"Double click", "Open the row"},
        {"Wheel", "Scroll"},
        {"S-Drag", "Select text, as without the program; set mouse=no leaves the mouse to the terminal"},
    };
    write_heading(page, "Mouse");
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
        write_pair(page, columns, span_of(ways[i].what), span_of(ways[i].help));
}

static void write_signs(TextPage *page, Columns columns)
{
    static const struct SignHelp {
        Sign sign;
        const char *help;
    } signs[] = {
        {SIGN_DOWN, "Sorted by this column, the largest or latest first"},
        {SIGN_UP, "Sorted by this column, the smallest or earliest first"},
        {SIGN_MARK, "A marked row; in the options, a setting that was changed"},
        {SIGN_MORE_LEFT, "There is more to the left; lit, a hit of the search"},
        {SIGN_MORE_RIGHT, "There is more to the right; lit, a hit of the search"},
        {SIGN_ELLIPSIS, "Text is cut there; lit, with a hit of the search in it"},
        {SIGN_PROFILER, "In the log: the profiler wrote the line"},
        {SIGN_BEGIN, "In the log: an invocation begins"},
        {SIGN_END, "In the log: an invocation ends"},
    };
    write_heading(page, "Signs");
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        write_pair(page, columns, sign_text(signs[i].sign), span_of(signs[i].help));
    write_pair(page, columns, terminal_is_ascii() ? SPAN("###") : SPAN("███"),
               SPAN("An increment's share of the largest one in the table"));
    write_pair(page, columns, SPAN("entry"), SPAN("The row at which a report begins: what was there before the call, and no increment"));
}

static void write_flags(TextPage *page, Columns columns)
{
    write_heading(page, "Letters in the column Flags");
    for (unsigned bit = 0; bit < FLAG_COUNT; bit++) {
        Buffer text = {0};
        char letter = report_flag_letter(bit);
        buffer_printf(&text, "%s: %s", report_flag_name(bit), report_flag_help(bit));
        write_pair(page, columns, (Span){&letter, 1}, buffer_span(&text));
        buffer_free(&text);
    }
}

static void write_table(TextPage *page, const TableKind *kind, Columns columns)
{
    Buffer title = {0};
    buffer_printf(&title, "Columns of %s", kind->title);
    write_heading(page, buffer_text(&title));
    page_wrap(page, KEYS_COLUMN, columns.width - KEYS_COLUMN - 1, ROLE_DIM, span_of(kind->help));
    for (size_t i = 0; i < kind->column_count; i++)
        write_pair(page, columns, span_of(kind->columns[i].title), span_of(kind->columns[i].help));
    buffer_free(&title);
}

static void write_page(HelpView *help, int width)
{
    Columns columns = columns_for(width);
    TextPage *page = &help->page;
    page_clear(page);
    for (int group = 0; group < GROUP_COUNT; group++) {
        write_heading(page, action_group_title((ActionGroup)group));
        for (int action = 0; action < ACTION_COUNT; action++) {
            if (actions[action].group != (ActionGroup)group)
                continue;
            if (help->wanted == (ActionId)action)
                page->top = page->lines;
            write_action(page, ui_keymap(help->view.ui), (ActionId)action, columns);
        }
    }
    write_commands(page, columns);
    write_mouse(page, columns);
    write_signs(page, columns);
    write_flags(page, columns);
    for (TableId id = 0; id < TABLE_COUNT; id++)
        write_table(page, table_kind_of(id), columns);
    page_built(page);
    help->wanted = ACTION_NONE;
}

static void draw(View *view, Area area)
{
    HelpView *help = (HelpView *)view;
    write_page(help, area.columns);
    page_draw(&help->page, area);
}

static void search(View *view, Pattern *pattern, bool final)
{
    HelpView *help = (HelpView *)view;
    bool wanted = pattern != NULL;
    if (!page_search(&help->page, pattern, final) && wanted && final)
        ui_message(view->ui, true, "Nothing in the help matches.");
}

static void search_next(HelpView *help, int direction)
{
    bool wrapped, new = !help->page.search;
    if (new && (!ui_search_last(help->view.ui) || direction > 0))
        return;
    if (!page_search_next(&help->page, direction, &wrapped))
        ui_message(help->view.ui, false, "Nothing in the help matches.");
    else if (wrapped)
        ui_say_wrapped(help->view.ui, direction > 0);
}

static bool act(View *view, ActionId action)
{
    HelpView *help = (HelpView *)view;
    switch (action) {
    case ACTION_SEARCH_NEXT:
        search_next(help, 1);
        return true;
    case ACTION_SEARCH_PREVIOUS:
        search_next(help, -1);
        return true;
    case ACTION_HELP:
    case ACTION_OPEN:
        ui_pop(view->ui);
        return true;
    default:
        return page_act(&help->page, action);
    }
}

static bool cancel(View *view)
{
    HelpView *help = (HelpView *)view;
    bool searched = help->page.search != NULL;
    page_search(&help->page, NULL, true);
    return searched;
}

static void label(const View *view, Buffer *out)
{
    (void)view;
    buffer_append_span(out, SPAN("Help"));
}

static void status(View *view, Status *status)
{
    const TextPage *page = &((HelpView *)view)->page;
    if (page->search && page->hits.len)
        status_add(status, ROLE_STATUS_NOTE, "/%.*s: %zu of %zu", SPAN_ARG(pattern_text(page->search)), page->hit + 1,
                   page->hits.len);
    size_t last = page->top + (size_t)page->rows;
    status_add(status, ROLE_STATUS, "lines %zu to %zu of %zu", page->top + 1, last < page->lines ? last : page->lines, page->lines);
}

static const ActionId *bar(const View *view)
{
    static const ActionId ids[] = {ACTION_CLOSE, ACTION_SEARCH, ACTION_PAGE_DOWN, ACTION_NONE};
    (void)view;
    return ids;
}

static void help_free(View *view)
{
    page_free(&((HelpView *)view)->page);
    free(view);
}

View *help_view_new(Ui *ui, ActionId action)
{
    static const ViewKind kind = {
        .draw = draw,
        .act = act,
        .label = label,
        .status = status,
        .bar = bar,
        .search = search,
        .cancel = cancel,
        .free = help_free,
    };
    HelpView *help = alloc_zeroed(1, sizeof *help);
    help->view = (View){.kind = &kind, .ui = ui};
    help->wanted = action;
    write_page(help, terminal_columns()); /* keys may come before the first frame */
    return &help->view;
}
