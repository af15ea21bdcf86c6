/* The parts of ui/ that need no screen: keys, actions, patterns, columns; and text as cells (model/display.h). */
#include <check.h>
#include <stdlib.h>

#include "model/display.h"
#include "ui/action.h"
#include "ui/draw.h"
#include "ui/pattern.h"
#include "ui/table_layout.h"
#include "ui/theme.h"

/* Keys. */

START_TEST(key_names_read_both_ways)
{
    static const char *const names[] = {"j", "G", "C-d", "S-Left", "F6", "F10", "Space", "Enter", "Esc", "S-Tab",
                                        "PgDn", "\\", "é", "-", "Semicolon", "C-S-Up"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        Key key;
        Buffer text = {0};
        ck_assert_msg(key_parse(span_of(names[i]), &key), "%s", names[i]);
        key_append_name(key, &text);
        ck_assert_str_eq(buffer_text(&text), names[i]);
        buffer_free(&text);
    }
}
END_TEST

START_TEST(keys_that_never_come_are_known)
{
    static const char *const never[] = {"M-x", "C-i", "C-m", "C-1", "C-A", "C-S-Up", "S-a", "C-Up", "Mouse", "S-F1"};
    Key key;
    for (size_t i = 0; i < sizeof never / sizeof *never; i++)
        ck_assert_msg(key_parse(span_of(never[i]), &key) && !key_can_arrive(key), "%s", never[i]);
    for (int i = 0; i < ACTION_COUNT; i++) {
        Span names = span_of(actions[i].keys), name;
        while (key_names_take(&names, &name))
            ck_assert_msg(key_parse(name, &key) && key_can_arrive(key), "%.*s", SPAN_ARG(name));
    }
}
END_TEST

START_TEST(what_is_no_key_is_refused)
{
    static const char *const names[] = {"", "jj", "F0", "F99", "C-", "Fx", "Nowhere", "\x1b", "\xff"};
    Key key;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        ck_assert_msg(!key_parse(span_of(names[i]), &key), "%s", names[i]);
}
END_TEST

/* Actions. */

START_TEST(actions_have_keys_and_help)
{
    for (int i = 0; i < ACTION_COUNT; i++) {
        Span names = span_of(actions[i].keys), name;
        Key key;
        size_t count = 0;
        for (; key_names_take(&names, &name); count++)
            ck_assert_msg(key_parse(name, &key), "%s: %.*s", actions[i].name, SPAN_ARG(name));
        ck_assert_msg(count > 0, "%s", actions[i].name);
        ck_assert_msg(actions[i].help[0] && !span_ends(span_of(actions[i].help), SPAN(".")), "%s", actions[i].name);
        ck_assert_int_eq(action_named(span_of(actions[i].name)), i);
    }
    ck_assert_int_eq(action_named(SPAN("nothing")), ACTION_NONE);
}
END_TEST

/* Outside of prompts a key means the same everywhere, so no two actions may share one. */
START_TEST(no_key_has_two_meanings)
{
    Keymap keymap = {0};
    size_t keys = 0;
    keymap_add_defaults(&keymap);
    for (int i = 0; i < ACTION_COUNT; i++) {
        Span names = span_of(actions[i].keys), name;
        for (; key_names_take(&names, &name); keys++) {
            Key key = KEYCODE_NONE;
            ck_assert(key_parse(name, &key));
            ck_assert_int_eq(keymap_find(&keymap, actions[i].context == CONTEXT_PROMPT, key), i);
        }
    }
    ck_assert_uint_eq(keymap.bindings.len, keys);
    keymap_free(&keymap);
}
END_TEST

START_TEST(keys_can_be_bound_anew)
{
    Keymap keymap = {0};
    Buffer keys = {0};
    keymap_add_defaults(&keymap);
    keymap_bind(&keymap, 'j', ACTION_MOVE_UP);
    keymap_bind(&keymap, 'e', ACTION_MOVE_UP);
    ck_assert_int_eq(keymap_find(&keymap, false, 'j'), ACTION_MOVE_UP);
    ck_assert_int_eq(keymap_find(&keymap, false, 'e'), ACTION_MOVE_UP);
    ck_assert_int_eq(keymap_find(&keymap, true, 'e'), ACTION_NONE);
    keymap_keys(&keymap, ACTION_MOVE_DOWN, 9, &keys);
    ck_assert_str_eq(buffer_text(&keys), "Down");
    buffer_free(&keys);
    keymap_free(&keymap);
}
END_TEST

/* Patterns. */

static bool finds(const char *pattern, const char *text)
{
    Pattern *compiled = pattern_new(span_of(pattern), NULL);
    ck_assert_ptr_nonnull(compiled);
    bool found = pattern_matches(compiled, span_of(text));
    pattern_free(compiled);
    return found;
}

START_TEST(patterns_are_smart_about_case)
{
    ck_assert(finds("page", "a Page"));
    ck_assert(!finds("Page", "a page"));
    ck_assert(finds("\\Spage", "(PAGE"));
    ck_assert(finds("straße", "STRASSE") || finds("größe", "GRÖSSE") || finds("größe", "GRÖßE"));
    ck_assert(finds("", "anything"));
    ck_assert(finds("a", "\xff\xfe a"));
}
END_TEST

START_TEST(bad_patterns_say_why)
{
    char *error = NULL;
    ck_assert_ptr_null(pattern_new(SPAN("a("), &error));
    ck_assert_ptr_nonnull(error);
    ck_assert_ptr_null(pattern_new(SPAN("["), NULL));
    free(error);
}
END_TEST

START_TEST(exploding_patterns_end)
{
    ck_assert(!finds("^(a+)+$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!"));
}
END_TEST

START_TEST(patterns_find_places)
{
    Pattern *pattern = pattern_new(SPAN("o*"), NULL);
    Span text = SPAN("foo boo");
    size_t at = 0, len = 0;
    ck_assert(pattern_find(pattern, text, &at, &len));
    ck_assert_uint_eq(at, 1);
    ck_assert_uint_eq(len, 2);
    at += len;
    ck_assert(pattern_find(pattern, text, &at, &len));
    ck_assert_uint_eq(at, 5);
    at += len;
    ck_assert(!pattern_find(pattern, text, &at, &len));
    pattern_free(pattern);
}
END_TEST

/* Text as cells. */

static void assert_cells(const char *text, size_t skip, size_t width, bool ascii, const char *want)
{
    Buffer out = {0};
    DisplayStyle style = {.ascii = ascii};
    size_t cells = display_append(&out, span_of(text), skip, width, style);
    ck_assert_str_eq(buffer_text(&out), want);
    ck_assert_uint_le(cells, width);
    ck_assert_uint_eq(cells, display_width(buffer_span(&out), (DisplayStyle){0}));
    buffer_free(&out);
}

START_TEST(text_is_cut_at_cells)
{
    assert_cells("hello", 0, 5, false, "hello");
    assert_cells("hello", 0, 4, false, "hel…");
    assert_cells("hello", 2, 9, false, "…lo");
    assert_cells("hello", 1, 3, false, "…l…");
    assert_cells("hello", 0, 0, false, "");
    assert_cells("hello", 0, 1, false, "…");
    assert_cells("hello", 9, 4, false, "…");
    assert_cells("", 0, 4, false, "");
    assert_cells("hello", 0, 4, true, "hel>");
    assert_cells("hello", 2, 9, true, "<lo");
}
END_TEST

START_TEST(marks_stay_with_what_fits)
{
    DisplayStyle style = {0};
    ck_assert_uint_eq(display_fit(SPAN("hello"), 4, style), 4);
    ck_assert_uint_eq(display_fit(SPAN("hello"), 9, style), 5);
    ck_assert_uint_eq(display_fit(SPAN("hello"), 0, style), 0);
    ck_assert_uint_eq(display_fit(SPAN("日本語"), 5, style), 6);
    ck_assert_uint_eq(display_fit(SPAN("e\xcc\x81!"), 1, style), 3);
    ck_assert_uint_eq(display_fit(SPAN("a\tb"), 3, style), 1);
}
END_TEST

START_TEST(wide_characters_are_never_halved)
{
    assert_cells("日本語", 0, 6, false, "日本語");
    assert_cells("日本語", 0, 5, false, "日本…");
    assert_cells("日本語", 0, 4, false, "日 …");
    assert_cells("日本語", 1, 6, false, "…本語");
    assert_cells("日本語", 2, 6, false, "… 語");
    assert_cells("日本語", 0, 4, true, "???");
}
END_TEST

START_TEST(unsafe_text_is_replaced)
{
    assert_cells("\x1b[31mred", 0, 20, false, "�[31mred");
    assert_cells("a\x07" "b\x7f" "c", 0, 20, false, "a�b�c");
    assert_cells("\xe2\x80\xae" "abc", 0, 20, false, "�abc");
    assert_cells("bad\xff\xfe!", 0, 20, false, "bad��!");
    assert_cells("\xed\xa0\x80", 0, 20, false, "���");
    assert_cells("\xc2\x9b" "31m", 0, 20, false, "�31m");
    assert_cells("a\tb", 0, 20, false, "a   b");
    assert_cells("e\xcc\x81!", 0, 20, false, "e\xcc\x81!");
    assert_cells("\xcc\x81!", 0, 20, false, "!");
    assert_cells("\xee\x80\x80", 0, 20, false, "�");
    assert_cells("a\nb", 0, 20, false, "a�b");
}
END_TEST

/* No byte sequence yields a control character, more cells than asked for, or a broken sequence. */
START_TEST(any_bytes_are_safe)
{
    uint64_t seed = 88172645463325252u;
    for (int round = 0; round < 20000; round++) {
        char bytes[24];
        for (size_t i = 0; i < sizeof bytes; i++) {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            bytes[i] = (char)(seed & 1 ? seed >> 8 : (seed >> 8) | 0x80);
        }
        Buffer out = {0};
        size_t skip = seed >> 20 & 7, width = seed >> 30 & 15;
        size_t cells = display_append(&out, (Span){bytes, sizeof bytes}, skip, width, (DisplayStyle){0});
        ck_assert_uint_le(cells, width);
        ck_assert_uint_eq(cells, display_width(buffer_span(&out), (DisplayStyle){0}));
        for (size_t i = 0; i < out.len; i++)
            ck_assert((unsigned char)out.data[i] >= ' ' && out.data[i] != 0x7f);
        buffer_free(&out);
        Span all = {bytes, sizeof bytes};
        size_t fit = display_fit(all, width, (DisplayStyle){0}), more = fit + 4 < all.len ? fit + 4 : all.len;
        ck_assert_uint_le(display_width(span_to(all, fit), (DisplayStyle){0}), width);
        ck_assert(fit == all.len || display_width(span_to(all, more), (DisplayStyle){0}) > width);
    }
}
END_TEST

/* Columns. */

static void no_cell(const Table *table, RowKey row, Cell *cell)
{
    (void)table;
    (void)row;
    (void)cell;
}

static const Column columns[] = {
    {"name", "Name", "", CELL_TEXT, false, false, 6, 0, no_cell},
    {"peak", "Peak", "", CELL_MIB, true, false, 0, 2, no_cell},
    {"largest", "Largest", "", CELL_MIB, true, false, 0, 1, no_cell},
    {"source", "Source", "", CELL_TEXT, false, true, 8, 3, no_cell},
};

static const TableKind kind = {.columns = columns, .column_count = sizeof columns / sizeof *columns};

static void see(TableLayout *layout, size_t column, CellType type, const char *text)
{
    Cell cell = {.type = type};
    layout_measure(layout, &kind, column, &cell, span_of(text), (DisplayStyle){0});
}

static void see_in(TableLayout *layout, const TableKind *other, size_t column, const char *text)
{
    Cell cell = {.type = other->columns[column].type};
    layout_measure(layout, other, column, &cell, span_of(text), (DisplayStyle){0});
}

static TableLayout sample(void)
{
    TableLayout layout = {0};
    see(&layout, 0, CELL_TEXT, "HttpTrigger");
    see(&layout, 1, CELL_MIB, "138.4");
    see(&layout, 1, CELL_MIB, "8.25");
    see(&layout, 2, CELL_MIB, "-1.0");
    see(&layout, 3, CELL_TEXT, "x = load_everything_at_once()");
    return layout;
}

START_TEST(columns_are_as_wide_as_needed)
{
    TableLayout layout = sample();
    TableSort sort = {1, true};
    layout_arrange(&layout, &kind, sort, 200);
    ck_assert_int_eq(layout.columns[0].width, 11);
    ck_assert_int_eq(layout.columns[1].width, 9);  /* its title with the unit and the arrow */
    ck_assert_int_eq(layout.columns[2].width, 11); /* its title with the unit */
    ck_assert_int_eq(layout.columns[3].width, 29);
    ck_assert_uint_eq(layout.hidden, 0);
    ck_assert(!layout.more_right);
}
END_TEST

/* Headers say the unit where there is room for it in all of them, and no text that can be read is cut for it. */
START_TEST(headers_say_units_where_there_is_room)
{
    TableSort sort = {0, false};
    int without = 0, with = 0;
    for (int width = 20; width < 120; width++) {
        TableLayout layout = sample();
        Buffer peak = {0}, name = {0};
        layout_arrange(&layout, &kind, sort, width);
        layout_header(&layout, &columns[1], &peak);
        layout_header(&layout, &columns[0], &name);
        ck_assert_str_eq(buffer_text(&peak), layout.units ? "Peak MiB" : "Peak");
        ck_assert_str_eq(buffer_text(&name), "Name");
        if (layout.columns[1].shown)
            ck_assert_int_eq(layout.columns[1].width, layout.units ? 8 : 6); /* "138" and ".25" */
        if (layout.columns[2].shown)
            ck_assert_int_eq(layout.columns[2].width, layout.units ? 11 : 7);
        if (!layout.hidden) {
            ck_assert(!layout.units || layout.columns[3].width == 29);
            ck_assert(!with || layout.units);
            without += !layout.units;
            with += layout.units;
        }
        buffer_free(&peak);
        buffer_free(&name);
    }
    ck_assert_int_gt(without, 0);
    ck_assert_int_gt(with, 0);
}
END_TEST

START_TEST(columns_leave_by_rank)
{
    TableLayout layout = sample();
    layout_arrange(&layout, &kind, (TableSort){2, true}, 40);
    ck_assert(layout.columns[3].shown);
    ck_assert_int_lt(layout.columns[3].width, 29);
    layout_arrange(&layout, &kind, (TableSort){2, true}, 28);
    ck_assert(!layout.columns[3].shown);
    ck_assert(layout.columns[1].shown);
    layout_arrange(&layout, &kind, (TableSort){2, true}, 22);
    ck_assert(!layout.columns[1].shown);
    ck_assert(layout.columns[2].shown);
    layout_arrange(&layout, &kind, (TableSort){1, true}, 22); /* the one that is sorted by stays */
    ck_assert(layout.columns[1].shown);
    ck_assert(layout.more_right);
}
END_TEST

/* Calls: their function, and a time or an id. */
static const Column call_columns[] = {
    {"time", "Time", "", CELL_TEXT, false, false, 0, 4, no_cell},     {"function", "Function", "", CELL_TEXT, false, false, 8, 0, no_cell},
    {"id", "Id", "", CELL_TEXT, false, false, 0, 5, no_cell},         {"peak", "Peak", "", CELL_MIB, true, false, 0, 1, no_cell},
    {"largest", "Largest", "", CELL_MIB, true, false, 0, 0, no_cell},
};
static const TableKind calls = {.columns = call_columns, .column_count = 5, .parts = "function", .either = "time id"};

static TableLayout see_calls(const char *other_function, const char *other_time)
{
    static const char *const texts[] = {"12:00:00.001", "HttpTrigger", "94cb6a58", "138.4", "9.9"};
    TableLayout layout = {.several = true};
    for (size_t i = 0; i < 5; i++) {
        see_in(&layout, &calls, i, texts[i]);
        see_in(&layout, &calls, i, i == 0 ? other_time : i == 1 ? other_function : i == 2 ? "58e27b7e" : texts[i]);
    }
    return layout;
}

static void expect_shown(TableLayout *layout, int width, size_t sorted, const char *ids)
{
    Buffer shown = {0};
    layout_arrange(layout, &calls, (TableSort){sorted, true}, width);
    for (size_t i = 0; i < 5; i++)
        if (layout->columns[i].shown)
            buffer_printf(&shown, "%s%s", shown.len ? " " : "", call_columns[i].id);
    ck_assert_str_eq(buffer_text(&shown), ids);
    buffer_free(&shown);
}

/* Of what tells rows apart one column stays at any width, and what says the same in all rows makes room for it. */
START_TEST(rows_can_be_told_apart_where_there_is_no_room)
{
    TableLayout layout = see_calls("QueueTrigger", "12:00:00.002");
    expect_shown(&layout, 60, 4, "time function id peak largest");
    expect_shown(&layout, 38, 4, "time function largest");
    expect_shown(&layout, 30, 4, "time function largest");
    expect_shown(&layout, 24, 2, "function id largest"); /* that one is sorted by is one, too */
    layout = see_calls("HttpTrigger", "12:00:00.002");
    expect_shown(&layout, 60, 4, "time function id peak largest");
    expect_shown(&layout, 38, 4, "time id peak largest");
    expect_shown(&layout, 24, 4, "time largest");
    layout = see_calls("HttpTrigger", "12:00:00.001"); /* both in the same moment */
    expect_shown(&layout, 24, 4, "id peak largest");
    layout.several = false; /* one call: ranks are all that counts */
    expect_shown(&layout, 26, 4, "function peak largest");
}
END_TEST

static bool has_columns(const TableKind *of, const char *ids)
{
    char *copy = alloc_text(ids, strlen(ids)), *rest = copy, *id;
    bool all = true;
    while (all && (id = strsep(&rest, " ")))
        all = table_column_named(of, span_of(id)) != SIZE_MAX;
    free(copy);
    return all;
}

START_TEST(tables_say_what_tells_their_rows_apart)
{
    for (TableId id = 0; id < TABLE_COUNT; id++) {
        const TableKind *of = table_kind_of(id);
        ck_assert_msg(of->parts || of->either, "%s", of->name);
        ck_assert_msg(!of->parts || has_columns(of, of->parts), "%s: %s", of->name, of->parts);
        ck_assert_msg(!of->either || has_columns(of, of->either), "%s: %s", of->name, of->either);
    }
}
END_TEST

START_TEST(a_column_comes_back_where_nothing_gives_way)
{
    static const Column those[] = {
        {"a", "A", "", CELL_TEXT, false, false, 0, 0, no_cell},
        {"b", "B", "", CELL_TEXT, false, false, 0, 2, no_cell},
        {"c", "C", "", CELL_COUNT, false, false, 0, 3, no_cell},
    };
    static const TableKind three = {.columns = those, .column_count = 3};
    TableLayout layout = {0};
    see_in(&layout, &three, 0, "12345678");
    see_in(&layout, &three, 1, "123456789012");
    see_in(&layout, &three, 2, "12");
    layout_arrange(&layout, &three, (TableSort){0, false}, 12);
    ck_assert(!layout.columns[1].shown);
    ck_assert(layout.columns[2].shown);
    ck_assert_uint_eq(layout.hidden, 1);
}
END_TEST

START_TEST(names_lose_what_they_have_in_common)
{
    static const Column those[] = {
        {"a", "A", "", CELL_TEXT, false, false, 0, 0, no_cell},
        {"b", "B", "", CELL_TEXT, false, false, 0, 0, no_cell},
    };
    static const TableKind two = {.columns = those, .column_count = 2};
    TableLayout layout = {0};
    Buffer out = {0};
    ck_assert(span_eq(draw_short_name(SPAN("folder/__init__.py:18"), &out), SPAN("folder…:18")));
    ck_assert(span_eq(draw_short_name(SPAN("function_app.py:18"), &out), SPAN("function_app.py:18")));
    buffer_free(&out);
    see_in(&layout, &two, 0, "folder/__init__.py:18");
    see_in(&layout, &two, 1, "1234567890");
    layout_arrange(&layout, &two, (TableSort){1, false}, 33);
    ck_assert_int_eq(layout.columns[0].width, 21);
    layout_arrange(&layout, &two, (TableSort){1, false}, 30); /* not by half */
    ck_assert_int_eq(layout.columns[0].width, 10);
    ck_assert_int_eq(layout.columns[1].width, 10);
    layout_forget(&layout);
    ck_assert(layout.columns[0].shown && layout.columns[0].width == 10);
    layout_arrange(&layout, &two, (TableSort){1, false}, 30);
    ck_assert_int_eq(layout.columns[0].width, 1);
}
END_TEST

START_TEST(nothing_stands_beyond_the_edge)
{
    for (int width = 1; width < 120; width++) {
        TableLayout layout = sample();
        for (int step = 0; step < 12; step++) {
            layout_arrange(&layout, &kind, (TableSort){2, true}, width);
            for (size_t i = 0; i < kind.column_count; i++)
                ck_assert(!layout.columns[i].shown || layout.columns[i].at + layout.columns[i].width <= width);
            layout_scroll(&layout, &kind, step < 8 ? 1 : -1);
        }
    }
}
END_TEST

START_TEST(scrolling_reaches_everything_and_returns)
{
    TableLayout layout = sample();
    TableSort sort = {2, true};
    bool seen[4] = {false};
    layout_arrange(&layout, &kind, sort, 24);
    do {
        for (size_t i = 0; i < kind.column_count; i++)
            seen[i] |= layout.columns[i].shown;
        bool more = layout_scroll(&layout, &kind, 1);
        layout_arrange(&layout, &kind, sort, 24);
        if (!more)
            break;
    } while (true);
    for (size_t i = 0; i < kind.column_count; i++)
        ck_assert(seen[i]);
    ck_assert(!layout.more_right);
    while (layout_scroll(&layout, &kind, -1))
        layout_arrange(&layout, &kind, sort, 24);
    ck_assert_uint_eq(layout.first, 0);
    ck_assert_uint_eq(layout.skip, 0);
}
END_TEST

/* Themes. */

START_TEST(themes_fit_their_terminals)
{
    static const int depths[] = {0, 8, 16, 256};
    for (size_t d = 0; d < sizeof depths / sizeof *depths; d++) {
        for (int role = 0; role < ROLE_COUNT; role++) {
            for (int emphasis = 0; emphasis < EMPHASIS_COUNT; emphasis++) {
                Theme theme = {.id = THEME_LIGHT, .colours = depths[d]};
                Look look = theme_look(&theme, (Role)role, (Emphasis)emphasis);
                ck_assert_int_lt(look.fg, depths[d] ? depths[d] : 0);
                ck_assert_int_lt(look.bg, depths[d] ? depths[d] : 0);
                ck_assert(role_letter((Role)role) != 0);
            }
        }
    }
    Theme none = {.id = THEME_DARK};
    ck_assert_uint_ne(theme_look(&none, ROLE_NORMAL, EMPHASIS_NONE).bits, theme_look(&none, ROLE_NORMAL, EMPHASIS_SELECTED).bits);
}
END_TEST

/* A component of one of 256 colours, of which the first 16 are the terminal's own, 0 to 1. */
static double component(int colour, int which)
{
    static const int steps[] = {0, 95, 135, 175, 215, 255}, weights[] = {36, 6, 1};
    if (colour >= 232)
        return (8 + 10 * (colour - 232)) / 255.0;
    return steps[(colour - 16) / weights[which] % 6] / 255.0;
}

/* As WCAG has it, with x * x near enough to its curve. */
static double luminance(int colour)
{
    static const double shares[] = {0.2126, 0.7152, 0.0722};
    double sum = 0;
    for (int i = 0; i < 3; i++)
        sum += shares[i] * component(colour, i) * component(colour, i);
    return sum;
}

static double contrast(int a, int b)
{
    double x = luminance(a), y = luminance(b);
    return ((x > y ? x : y) + 0.05) / ((x > y ? y : x) + 0.05);
}

/* Every look can be read: on white or a dark grey where the background is the terminal's own, and on the selected row. */
START_TEST(colours_can_be_read)
{
    static const struct Background {
        ThemeId id;
        int back, fore;
    } backgrounds[] = {{THEME_DARK, 234, 250}, {THEME_LIGHT, 231, 16}};
    for (size_t i = 0; i < 2; i++) {
        Theme theme = {.id = backgrounds[i].id, .colours = 256};
        for (int role = 0; role < ROLE_COUNT; role++) {
            Look plain = theme_look(&theme, (Role)role, EMPHASIS_NONE), selected = theme_look(&theme, (Role)role, EMPHASIS_SELECTED);
            int fore = plain.fg < 0 ? backgrounds[i].fore : plain.fg, back = plain.bg < 0 ? backgrounds[i].back : plain.bg;
            ck_assert_msg(contrast(fore, back) > (role == ROLE_BORDER ? 3.0 : 4.0), "theme %d, %s", theme.id, role_name((Role)role));
            if (plain.bg < 0 && role != ROLE_BORDER)
                ck_assert_msg(contrast(selected.fg, selected.bg) > 2.7, "theme %d, %s selected", theme.id, role_name((Role)role));
        }
    }
}
END_TEST

/* Nothing is lost without colours, and a person's choice goes before the theme's where the terminal can show it. */
START_TEST(looks_can_be_chosen)
{
    Look looks[ROLE_COUNT] = {0};
    Theme theme = {.id = THEME_DARK, .colours = 256, .looks = looks};
    ck_assert_ptr_null(look_parse(SPAN("203 bright-black bold"), &looks[ROLE_BAD]));
    ck_assert_ptr_null(look_parse(SPAN("default blue"), &looks[ROLE_SELECTED]));
    Look bad = theme_look(&theme, ROLE_BAD, EMPHASIS_NONE);
    ck_assert(bad.fg == 203 && bad.bg == 8 && bad.bits == LOOK_BOLD);
    ck_assert_int_eq(theme_look(&theme, ROLE_NORMAL, EMPHASIS_SELECTED).bg, 4);
    theme.colours = 16;
    ck_assert_int_eq(theme_look(&theme, ROLE_BAD, EMPHASIS_NONE).bg, COLOUR_DEFAULT);
    theme.colours = 8;
    ck_assert_ptr_null(look_parse(SPAN("bright-red bright-blue"), &looks[ROLE_BAD]));
    bad = theme_look(&theme, ROLE_BAD, EMPHASIS_NONE);
    ck_assert(bad.fg == 1 && bad.bg == 4 && bad.bits == LOOK_BOLD);
    theme.id = THEME_MONO;
    for (int role = 0; role < ROLE_COUNT; role++) {
        Look look = theme_look(&theme, (Role)role, EMPHASIS_NONE);
        ck_assert(look.fg == COLOUR_DEFAULT && look.bg == COLOUR_DEFAULT);
    }
    ck_assert_uint_ne(theme_look(&theme, ROLE_HEAT_4, EMPHASIS_NONE).bits, theme_look(&theme, ROLE_NORMAL, EMPHASIS_NONE).bits);
}
END_TEST

START_TEST(looks_read_both_ways)
{
    static const char *const texts[] = {"red", "default", "default default bold", "203 17",
                                        "bright-white black bold underline reverse", ""};
    static const char *const wrong[] = {"reddish", "256", "-1", "red green blue", "bold2"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        Look look = {0}, again = {0};
        Buffer text = {0};
        ck_assert_ptr_null(look_parse(span_of(texts[i]), &look));
        look_append(&look, &text);
        ck_assert_ptr_null(look_parse(buffer_span(&text), &again));
        ck_assert_msg(look.fg == again.fg && look.bg == again.bg && look.bits == again.bits, "%s", texts[i]);
        buffer_free(&text);
    }
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        Look look = {1, 2, LOOK_CHOSEN};
        char *error = look_parse(span_of(wrong[i]), &look);
        ck_assert_msg(error != NULL, "%s", wrong[i]);
        ck_assert_int_eq(look.bg, 2);
        free(error);
    }
}
END_TEST

START_TEST(roles_have_names)
{
    for (int role = 0; role < ROLE_COUNT; role++) {
        ck_assert_ptr_nonnull(role_name((Role)role));
        ck_assert_ptr_nonnull(role_help((Role)role));
    }
}
END_TEST

static void add_tests(Suite *suite)
{
    TCase *keys = tcase_create("keys");
    tcase_add_test(keys, key_names_read_both_ways);
    tcase_add_test(keys, what_is_no_key_is_refused);
    tcase_add_test(keys, keys_that_never_come_are_known);
    tcase_add_test(keys, actions_have_keys_and_help);
    tcase_add_test(keys, no_key_has_two_meanings);
    tcase_add_test(keys, keys_can_be_bound_anew);
    suite_add_tcase(suite, keys);
    TCase *patterns = tcase_create("patterns");
    tcase_add_test(patterns, patterns_are_smart_about_case);
    tcase_add_test(patterns, bad_patterns_say_why);
    tcase_add_test(patterns, exploding_patterns_end);
    tcase_add_test(patterns, patterns_find_places);
    suite_add_tcase(suite, patterns);
    TCase *cells = tcase_create("cells");
    tcase_add_test(cells, text_is_cut_at_cells);
    tcase_add_test(cells, marks_stay_with_what_fits);
    tcase_add_test(cells, wide_characters_are_never_halved);
    tcase_add_test(cells, unsafe_text_is_replaced);
    tcase_add_test(cells, any_bytes_are_safe);
    suite_add_tcase(suite, cells);
    TCase *layouts = tcase_create("columns");
    tcase_add_test(layouts, columns_are_as_wide_as_needed);
    tcase_add_test(layouts, headers_say_units_where_there_is_room);
    tcase_add_test(layouts, columns_leave_by_rank);
    tcase_add_test(layouts, rows_can_be_told_apart_where_there_is_no_room);
    tcase_add_test(layouts, tables_say_what_tells_their_rows_apart);
    tcase_add_test(layouts, a_column_comes_back_where_nothing_gives_way);
    tcase_add_test(layouts, names_lose_what_they_have_in_common);
    tcase_add_test(layouts, nothing_stands_beyond_the_edge);
    tcase_add_test(layouts, scrolling_reaches_everything_and_returns);
    tcase_add_test(layouts, themes_fit_their_terminals);
    tcase_add_test(layouts, colours_can_be_read);
    tcase_add_test(layouts, looks_can_be_chosen);
    tcase_add_test(layouts, looks_read_both_ways);
    tcase_add_test(layouts, roles_have_names);
    suite_add_tcase(suite, layouts);
}

Suite *ui_suite(void)
{
    Suite *suite = suite_create("ui");
    add_tests(suite);
    return suite;
}
