#include "src/save.h"

#include <errno.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/stat.h>

#include "src/export_rows.h"

static void append_path(const char *name, Buffer *path)
{
    const char *home = getenv("HOME");
    Span rest = span_of(name);
    if (home && *home && span_take(&rest, SPAN("~/")))
        buffer_printf(path, "%s/", home);
    buffer_append_span(path, rest);
    buffer_text(path);
}

static void complain_kind(const char *path, Buffer *message)
{
    buffer_printf(message, "%s: the end of the name says the kind of file:", path);
    for (const RowsFormat *f = rows_formats; f->suffix; f++)
        buffer_printf(message, " %s", f->suffix);
}

/* A file is replaced by another one: what is no file (a FIFO, a device) would be written to, which may wait for ever. */
static SaveResult check_place(const char *path, bool replace, Buffer *message)
{
    struct stat st;
    if (lstat(path, &st) != 0)
        return SAVE_BEGUN;
    if (stat(path, &st) != 0 || !S_ISREG(st.st_mode)) {
        buffer_printf(message, "%s is there and is no regular file.", path);
        return SAVE_FAILED;
    }
    if (!replace)
        buffer_printf(message, "%s exists. Replace it?", path);
    return replace ? SAVE_BEGUN : SAVE_EXISTS;
}

static void complain(const Save *save, Buffer *message)
{
    buffer_printf(message, "cannot write %s: %s", save->path.data, strerror(save->error));
}

static SaveResult open_file(Save *save, Buffer *message)
{
    save->writer = writer_to_file(save->path.data);
    save->writer.by_hand = true;
    if (!save->writer.error)
        return SAVE_BEGUN;
    save->error = writer_close(&save->writer);
    complain(save, message);
    return SAVE_FAILED;
}

/* The portions are the file's now, or freed where none is begun. */
static SaveResult begin(Save *save, Portions portions, bool replace, Buffer *message)
{
    SaveResult result = check_place(save->path.data, replace, message);
    if (result == SAVE_BEGUN)
        result = open_file(save, message);
    if (result == SAVE_BEGUN) {
        save->portions = portions;
    } else {
        portions.kind->free(portions.ctx);
        buffer_free(&save->path);
    }
    return result;
}

SaveResult save_rows(Save *save, const char *name, bool replace, TableExtract rows, Buffer *message)
{
    *save = (Save){0};
    append_path(name, &save->path);
    const RowsFormat *format = rows_format_of(save->path.data);
    if (format)
        return begin(save, rows_portions(format, rows), replace, message);
    complain_kind(save->path.data, message);
    table_extract_free(&rows);
    buffer_free(&save->path);
    return SAVE_FAILED;
}

/* Text has no other kind than that of the name. */
static bool promises_more(const char *path)
{
    const RowsFormat *format = rows_format_of(path);
    return format && strcasecmp(format->suffix, ".txt") != 0;
}

SaveResult save_lines(Save *save, const char *name, bool replace, Portions lines, Buffer *message)
{
    *save = (Save){0};
    append_path(name, &save->path);
    if (!promises_more(save->path.data))
        return begin(save, lines, replace, message);
    buffer_printf(message, "%s: lines of a log are written as they are, to a file with another end: .txt, .log", save->path.data);
    lines.kind->free(lines.ctx);
    buffer_free(&save->path);
    return SAVE_FAILED;
}

static const char *lost(const Save *save)
{
    return save->portions.kind->lost(save->portions.ctx);
}

void save_make(Save *save, int64_t until_ns)
{
    save->made = !save->portions.kind->more(save->portions.ctx, &save->writer.buffer, until_ns);
}

static void give_up(Save *save)
{
    writer_abandon(&save->writer);
    save->over = true;
}

void save_write(Save *save)
{
    writer_flush(&save->writer);
    if (save->made && lost(save)) {
        give_up(save);
    } else if (save->made || save->writer.error) {
        save->error = writer_close(&save->writer);
        save->over = true;
    }
}

int save_percent(const Save *save)
{
    return save->portions.kind->percent(save->portions.ctx);
}

static void append_result(const Save *save, bool over, Buffer *message)
{
    if (!over) {
        buffer_printf(message, "%s was not written.", save->path.data);
    } else if (save->error) {
        complain(save, message);
    } else if (lost(save)) {
        buffer_printf(message, "%s was not written: %s", save->path.data, lost(save));
    } else {
        save->portions.kind->append_count(save->portions.ctx, message);
        buffer_printf(message, " written to %s", save->path.data);
    }
}

bool save_end(Save *save, Buffer *message)
{
    bool over = save->over, done = over && !save->error && !lost(save);
    if (!over)
        give_up(save);
    append_result(save, over, message);
    save->portions.kind->free(save->portions.ctx);
    buffer_free(&save->path);
    *save = (Save){0};
    return done;
}
