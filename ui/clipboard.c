#include "ui/clipboard.h"

#include "ui/terminal.h"

/* Control characters of a log have no business on a clipboard: pasting them into a shell would run them. */
static void clean_text(Buffer *text)
{
    for (size_t i = 0; i < text->len; i++) {
        unsigned char c = (unsigned char)text->data[i], next = i + 1 < text->len ? (unsigned char)text->data[i + 1] : 0;
        if ((c < ' ' && c != '\t') || c == 0x7f)
            text->data[i] = ' ';
        else if (c == 0xc2 && next >= 0x80 && next < 0xa0) /* the controls beyond ASCII */
            text->data[i] = text->data[i + 1] = ' ';
    }
}

void clipboard_copy(Ui *ui, Buffer *text, const char *what)
{
    clean_text(text);
    if (terminal_copy(buffer_span(text)))
        ui_message(ui, false, "%s sent to the terminal's clipboard: %zu bytes.", what, text->len);
    else
        ui_message(ui, true, "%s not sent: it is too long for the clipboard.", what);
}
