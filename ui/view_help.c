#include <stdlib.h>

#include "model/report.h"
#include "ui/draw.h"
#include "ui/terminal.h"
#include "ui/text_page.h"

/* Help: all keys, from the table of actions and the keys as they are bound now. */

typedef struct HelpView {
    View view;
    TextPage page;
} HelpView;

enum { KEYS_WIDTH = 18, KEYS_WIDTH_NARROW = 11, KEYS_COLUMN = 3, NARROW = 60 };

static void write_action(TextPage *page, const Keymap *keymap, ActionId action, int width)
{
    Buffer keys = {0};
    int keys_width = width < NARROW ? KEYS_WIDTH_NARROW : KEYS_WIDTH;
    keymap_keys(keymap, action, 6, &keys);
    page_write(page, KEYS_COLUMN, ROLE_KEY, buffer_span(&keys));
    if (display_width(buffer_span(&keys), terminal_style()) >= (size_t)keys_width)
        page_end_line(page);
    page_wrap(page, KEYS_COLUMN + keys_width, width - KEYS_COLUMN - keys_width - 1, ROLE_NORMAL, span_of(actions[action].help));
    buffer_free(&keys);
}

static void write_heading(TextPage *page, const char *title)
{
    if (page->lines)
        page_end_line(page);
    page_write(page, 1, ROLE_TITLE, span_of(title));
    page_end_line(page);
}

static void write_flags(TextPage *page, int keys_width)
{
    write_heading(page, "Letters in the column Flags");
    for (unsigned bit = 0; bit < FLAG_COUNT; bit++) {
        char letter = report_flag_letter(bit);
        page_write(page, KEYS_COLUMN, ROLE_KEY, (Span){&letter, 1});
        page_write(page, KEYS_COLUMN + keys_width, ROLE_NORMAL, span_of(report_flag_name(bit)));
        page_end_line(page);
    }
}

static void write_signs(TextPage *page, int keys_width)
{
    static const struct LogSign {
        Sign sign;
        const char *meaning;
    } signs[] = {
        {SIGN_PROFILER, "the profiler wrote the line"}, {SIGN_BEGIN, "an invocation begins"}, {SIGN_END, "an invocation ends"},
    };
    write_heading(page, "Signs in the log");
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        page_write(page, KEYS_COLUMN, ROLE_KEY, sign_text(signs[i].sign));
        page_write(page, KEYS_COLUMN + keys_width, ROLE_NORMAL, span_of(signs[i].meaning));
        page_end_line(page);
    }
}

static void write_page(HelpView *help, int width)
{
    page_clear(&help->page);
    for (int group = 0; group < GROUP_COUNT; group++) {
        write_heading(&help->page, action_group_title((ActionGroup)group));
        for (int action = 0; action < ACTION_COUNT; action++)
            if (actions[action].group == (ActionGroup)group)
                write_action(&help->page, ui_keymap(help->view.ui), (ActionId)action, width);
    }
    write_flags(&help->page, width < NARROW ? KEYS_WIDTH_NARROW : KEYS_WIDTH);
    write_signs(&help->page, width < NARROW ? KEYS_WIDTH_NARROW : KEYS_WIDTH);
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
    if (!page_search(&help->page, pattern) && wanted && final)
        ui_message(view->ui, true, "Nothing in the help matches.");
}

static void search_next(HelpView *help, int direction)
{
    bool wrapped;
    if (!page_search_next(&help->page, direction, &wrapped))
        ui_message(help->view.ui, false, help->page.search ? "Nothing in the help matches." : "Nothing is searched for: / does.");
    else if (wrapped)
        ui_message(help->view.ui, false, direction > 0 ? "Search went on from the top." : "Search went on from the bottom.");
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
    case ACTION_COLUMNS_LEFT:
    case ACTION_COLUMNS_RIGHT:
    case ACTION_COLUMNS_FIRST:
    case ACTION_COLUMNS_LAST:
        return true;
    default:
        return page_act(&help->page, action);
    }
}

static bool cancel(View *view)
{
    HelpView *help = (HelpView *)view;
    bool searched = help->page.search != NULL;
    page_search(&help->page, NULL);
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
        status_add(status, ROLE_STATUS_NOTE, "/%.*s: %zu of %zu", SPAN_ARG(pattern_text(page->search)), page->hit + 1, page->hits.len);
    size_t last = page->top + (size_t)page->rows;
    status_add(status, ROLE_STATUS, "lines %zu to %zu of %zu", page->top + 1, last < page->lines ? last : page->lines, page->lines);
}

static const ActionId *bar(const View *view)
{
    static const ActionId ids[] = {ACTION_CLOSE, ACTION_SEARCH, ACTION_NONE};
    (void)view;
    return ids;
}

static void help_free(View *view)
{
    page_free(&((HelpView *)view)->page);
    free(view);
}

View *help_view_new(Ui *ui)
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
    return &help->view;
}
