/* What was typed into prompts. */
#include <stdlib.h>

#include "ui/ui_private.h"

enum { HISTORY_MAX = 100 };

History *ui_history(Ui *ui, PromptKind kind)
{
    return &ui->histories[kind];
}

static bool add(History *history, Span text)
{
    if (!text.len || (history->len && span_eq(span_of(vec_last(history)), text)))
        return false;
    if (history->len == HISTORY_MAX) {
        free(history->items[0]);
        vec_remove(history, 0);
    }
    vec_push(history, alloc_text(text.ptr, text.len));
    return true;
}

void ui_history_add(Ui *ui, PromptKind kind, Span text)
{
    if (add(&ui->histories[kind], text) && ui->fresh[kind] < HISTORY_MAX)
        ui->fresh[kind]++;
}

/* The file may have been written by anything: what no prompt takes is left aside. */
static bool is_typed(Span text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.ptr[i] < ' ' || text.ptr[i] == 0x7f)
            return false;
    return text.len > 0;
}

void ui_history_load(Ui *ui, Span lines)
{
    for (ptrdiff_t end; ui->settings.history && (end = span_find_byte(lines, '\n')) >= 0;
         lines = span_from(lines, (size_t)end + 1)) {
        Span line = span_to(lines, (size_t)end);
        for (int kind = 0; is_typed(line) && kind < PROMPT_KINDS; kind++)
            if (line.ptr[0] == prompt_sign((PromptKind)kind))
                add(&ui->histories[kind], span_from(line, 1));
    }
}

void ui_history_fresh(const Ui *ui, Buffer *lines)
{
    for (int kind = 0; ui->settings.history && kind < PROMPT_KINDS; kind++) {
        const History *history = &ui->histories[kind];
        for (size_t i = history->len - ui->fresh[kind]; i < history->len; i++)
            buffer_printf(lines, "%c%s\n", prompt_sign((PromptKind)kind), history->items[i]);
    }
}
