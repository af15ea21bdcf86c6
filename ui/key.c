#include "ui/key.h"

#include "base/utf8.h"

enum { CHARACTER_MASK = 0x1fffff, MODIFIERS = KEYMOD_CTRL | KEYMOD_SHIFT | KEYMOD_ALT };

static const struct SpecialName {
    Key key;
    const char *name;
} special_names[] = {
    {KEYCODE_UP, "Up"},
    {KEYCODE_DOWN, "Down"},
    {KEYCODE_LEFT, "Left"},
    {KEYCODE_RIGHT, "Right"},
    {KEYCODE_HOME, "Home"},
    {KEYCODE_END, "End"},
    {KEYCODE_PAGE_UP, "PgUp"},
    {KEYCODE_PAGE_DOWN, "PgDn"},
    {KEYCODE_INSERT, "Insert"},
    {KEYCODE_DELETE, "Delete"},
    {KEYCODE_BACKSPACE, "Backspace"},
    {KEYCODE_TAB, "Tab"},
    {KEYCODE_ENTER, "Enter"},
    {KEYCODE_ESC, "Esc"},
    {KEYCODE_MOUSE, "Mouse"},
    {' ', "Space"},
    {';', "Semicolon"}, /* in the configuration file it would begin a comment */
};

enum { SPECIAL_NAMES = sizeof special_names / sizeof *special_names };

static const struct ModifierName {
    Key bit;
    Span prefix;
} modifier_names[] = {
    {KEYMOD_CTRL, {"C-", 2}},
    {KEYMOD_ALT, {"M-", 2}},
    {KEYMOD_SHIFT, {"S-", 2}},
};

enum { MODIFIER_NAMES = sizeof modifier_names / sizeof *modifier_names };

bool key_is_text(Key key)
{
    return key >= ' ' && key < KEYCODE_SPECIAL && key != 0x7f;
}

bool key_can_arrive(Key key)
{
    Key modifiers = key & (Key)MODIFIERS, plain = key & ~(Key)MODIFIERS;
    if (plain == KEYCODE_MOUSE || plain == KEYCODE_RESIZE || plain == KEYCODE_BACKGROUND)
        return false;
    if (modifiers == KEYMOD_CTRL)
        return plain < 0x80 && strchr(" abcdefgklnopqrstuvwxyz\\]^_", (int)plain) != NULL;
    if (modifiers == KEYMOD_SHIFT)
        return (plain >= KEYCODE_UP && plain <= KEYCODE_RIGHT) || plain == KEYCODE_TAB;
    return modifiers == 0;
}

void key_append_text(Key key, Buffer *out)
{
    uint32_t code = key & CHARACTER_MASK;
    if (code < 0x80) {
        buffer_append_byte(out, (char)code);
    } else if (code < 0x800) {
        buffer_append_byte(out, (char)(0xc0 | code >> 6));
        buffer_append_byte(out, (char)(0x80 | (code & 0x3f)));
    } else {
        if (code < 0x10000) {
            buffer_append_byte(out, (char)(0xe0 | code >> 12));
        } else {
            buffer_append_byte(out, (char)(0xf0 | code >> 18));
            buffer_append_byte(out, (char)(0x80 | (code >> 12 & 0x3f)));
        }
        buffer_append_byte(out, (char)(0x80 | (code >> 6 & 0x3f)));
        buffer_append_byte(out, (char)(0x80 | (code & 0x3f)));
    }
}

void key_append_name(Key key, Buffer *out)
{
    for (size_t i = 0; i < MODIFIER_NAMES; i++)
        if (key & modifier_names[i].bit)
            buffer_append_span(out, modifier_names[i].prefix);
    key &= ~(Key)MODIFIERS;
    for (size_t i = 0; i < SPECIAL_NAMES; i++) {
        if (special_names[i].key == key) {
            buffer_append_span(out, span_of(special_names[i].name));
            return;
        }
    }
    if (key > KEYCODE_F0 && key <= KEYCODE_F_LAST)
        buffer_printf(out, "F%u", (unsigned)(key - KEYCODE_F0));
    else
        key_append_text(key, out);
}

static void take_name(Key key, void (*take)(void *ctx, Span word), void *ctx)
{
    Buffer name = {0};
    key_append_name(key, &name);
    if (key_can_arrive(key))
        take(ctx, buffer_span(&name));
    buffer_free(&name);
}

void key_words(void (*take)(void *ctx, Span word), void *ctx)
{
    for (size_t i = 0; i < SPECIAL_NAMES; i++)
        take_name(special_names[i].key, take, ctx);
    for (Key key = KEYCODE_F0 + 1; key <= KEYCODE_F_LAST; key++)
        take_name(key, take, ctx);
    for (size_t i = 0; i < SPECIAL_NAMES; i++)
        take_name(special_names[i].key | KEYMOD_SHIFT, take, ctx);
    for (Key key = ' '; key < 0x7f; key++)
        take_name(key | KEYMOD_CTRL, take, ctx);
}

static bool parse_plain(Span name, Key *key)
{
    uint64_t number;
    for (size_t i = 0; i < SPECIAL_NAMES; i++) {
        if (span_eq(name, span_of(special_names[i].name))) {
            *key = special_names[i].key;
            return true;
        }
    }
    if (name.len > 1 && name.ptr[0] == 'F' && span_to_uint(span_from(name, 1), &number)) {
        *key = KEYCODE_F0 + (Key)number;
        return number >= 1 && number <= KEYCODE_F_LAST - KEYCODE_F0;
    }
    uint32_t code;
    if (!name.len || utf8_next(name, &code) != name.len || code <= ' ' || code == 0x7f)
        return false;
    *key = code;
    return true;
}

bool key_parse(Span name, Key *key)
{
    Key modifiers = 0;
    for (bool found = true; found && name.len > 2;) {
        found = false;
        for (size_t i = 0; i < MODIFIER_NAMES && !found; i++) {
            found = span_take(&name, modifier_names[i].prefix);
            modifiers |= found ? modifier_names[i].bit : 0;
        }
    }
    if (!parse_plain(name, key))
        return false;
    *key |= modifiers;
    return true;
}

bool key_presses_take(Span *names, Span *name)
{
    Span rest = span_trim_left(*names);
    ptrdiff_t end = span_starts(rest, SPAN("'")) ? span_find_byte(span_from(rest, 1), '\'') : -1;
    if (end <= 0)
        return key_names_take(names, name);
    *name = span_to(rest, (size_t)end + 2);
    *names = span_from(rest, (size_t)end + 2);
    return true;
}

bool key_names_take(Span *names, Span *name)
{
    *names = span_trim_left(*names);
    size_t len = 0;
    while (len < names->len && names->ptr[len] != ' ')
        len++;
    *name = span_to(*names, len);
    *names = span_from(*names, len);
    return len > 0;
}
