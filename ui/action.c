#include "ui/action.h"

const Action actions[ACTION_COUNT] = {
#define X(id, name, keys, context, group, label, help) \
    [ACTION_##id] = {name, keys, CONTEXT_##context, GROUP_##group, label, help},
    ACTIONS(X)
#undef X
};

const char *action_group_title(ActionGroup group)
{
    static const char *const titles[GROUP_COUNT] = {
        [GROUP_MOVE] = "Moving",
        [GROUP_VIEW] = "Views",
        [GROUP_SORT] = "Sorting",
        [GROUP_FIND] = "Searching and filtering",
        [GROUP_LIVE] = "While data comes in",
        [GROUP_ROW] = "Rows",
        [GROUP_PROGRAM] = "Program",
        [GROUP_PROMPT] = "While typing",
    };
    return titles[group];
}

const char *action_context_name(ActionContext context)
{
    static const char *const names[] = {
        [CONTEXT_EVERYWHERE] = "everywhere",
        [CONTEXT_TABLE] = "table",
        [CONTEXT_LOG] = "log",
        [CONTEXT_PROMPT] = "prompt",
    };
    return names[context];
}

ActionId action_named(Span name)
{
    for (int i = 0; i < ACTION_COUNT; i++)
        if (span_eq(name, span_of(actions[i].name)))
            return (ActionId)i;
    return ACTION_NONE;
}

static bool is_prompt_action(ActionId action)
{
    return actions[action].context == CONTEXT_PROMPT;
}

void keymap_bind(Keymap *keymap, Key key, ActionId action)
{
    for (size_t i = 0; i < keymap->bindings.len; i++) {
        Binding *b = &keymap->bindings.items[i];
        if (b->key == key && is_prompt_action(b->action) == is_prompt_action(action)) {
            b->action = action;
            return;
        }
    }
    vec_push(&keymap->bindings, (Binding){key, action});
}

void keymap_unbind(Keymap *keymap, ActionId action)
{
    for (size_t i = keymap->bindings.len; i-- > 0;)
        if (keymap->bindings.items[i].action == action)
            vec_remove(&keymap->bindings, i);
}

void keymap_copy(Keymap *to, const Keymap *from)
{
    to->bindings.len = 0;
    for (size_t i = 0; i < from->bindings.len; i++)
        vec_push(&to->bindings, from->bindings.items[i]);
}

void keymap_add_defaults(Keymap *keymap)
{
    for (int i = 0; i < ACTION_COUNT; i++) {
        Span names = span_of(actions[i].keys), name;
        Key key;
        while (key_names_take(&names, &name))
            if (key_parse(name, &key))
                keymap_bind(keymap, key, (ActionId)i);
    }
}

ActionId keymap_find(const Keymap *keymap, bool prompt, Key key)
{
    for (size_t i = 0; i < keymap->bindings.len; i++) {
        const Binding *b = &keymap->bindings.items[i];
        if (b->key == key && is_prompt_action(b->action) == prompt)
            return b->action;
    }
    return ACTION_NONE;
}

void keymap_keys(const Keymap *keymap, ActionId action, size_t max, Buffer *out)
{
    size_t found = 0;
    for (size_t i = 0; i < keymap->bindings.len && found < max; i++) {
        if (keymap->bindings.items[i].action != action)
            continue;
        if (found++)
            buffer_append_byte(out, ' ');
        key_append_name(keymap->bindings.items[i].key, out);
    }
}

void keymap_free(Keymap *keymap)
{
    vec_free(&keymap->bindings);
}
