#include "ui/version.h"

#include <curses.h>

void ui_versions(Buffer *out)
{
    buffer_printf(out, "%s\n", curses_version());
}
