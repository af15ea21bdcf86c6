#include "src/save.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "src/export_rows.h"

static void append_path(const char *name, Buffer *path)
{
    const char *home = getenv("HOME");
    Span rest = span_of(name);
    if (home && *home && span_take(&rest, SPAN("~/")))
        buffer_printf(path, "%s/", home);
    buffer_append_span(path, rest);
}

static SaveResult complain_kind(const char *path, Buffer *message)
{
    buffer_printf(message, "%s: the end of the name says the kind of file:", path);
    for (const RowsFormat *f = rows_formats; f->suffix; f++)
        buffer_printf(message, " %s", f->suffix);
    return SAVE_FAILED;
}

/* A file is replaced by another one: what is no file (a FIFO, a device) would be written to, which may wait for ever. */
static SaveResult check_place(const char *path, bool replace, Buffer *message)
{
    struct stat st;
    if (lstat(path, &st) != 0)
        return SAVE_DONE;
    if (stat(path, &st) != 0 || !S_ISREG(st.st_mode)) {
        buffer_printf(message, "%s is there and is no regular file.", path);
        return SAVE_FAILED;
    }
    if (!replace)
        buffer_printf(message, "%s exists. Replace it?", path);
    return replace ? SAVE_DONE : SAVE_EXISTS;
}

static SaveResult write_rows(const char *path, const RowsFormat *format, const TableExtract *rows, Buffer *message)
{
    Writer writer = writer_to_file(path);
    if (!writer.error)
        format->print(&writer, rows);
    int error = writer_close(&writer);
    if (error)
        buffer_printf(message, "cannot write %s: %s", path, strerror(error));
    else
        buffer_printf(message, "%zu row%s written to %s", rows->row_count, rows->row_count == 1 ? "" : "s", path);
    return error ? SAVE_FAILED : SAVE_DONE;
}

SaveResult save_rows(const char *name, bool replace, const TableExtract *rows, Buffer *message)
{
    Buffer path = {0};
    append_path(name, &path);
    const RowsFormat *format = rows_format_of(buffer_text(&path));
    SaveResult result = format ? check_place(path.data, replace, message) : complain_kind(path.data, message);
    if (result == SAVE_DONE)
        result = write_rows(path.data, format, rows, message);
    buffer_free(&path);
    return result;
}
