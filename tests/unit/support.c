#include "tests/unit/support.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "src/export.h"

uint64_t test_random(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

static const char *source_folder(void)
{
    const char *srcdir = getenv("srcdir");
    return srcdir && *srcdir ? srcdir : ".";
}

/* Files. */

Buffer test_read(const char *path)
{
    Buffer content = {0};
    char piece[4096];
    FILE *file = fopen(path, "rb");
    ck_assert_msg(file != NULL, "cannot open %s", path);
    for (size_t n; (n = fread(piece, 1, sizeof piece, file)) > 0;)
        buffer_append(&content, piece, n);
    fclose(file);
    return content;
}

static int compare_paths(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

PathList test_captures(const char *suffix)
{
    PathList paths = {0};
    Buffer folder = {0};
    buffer_printf(&folder, "%s/tests/corpus", source_folder());
    DIR *dir = opendir(buffer_text(&folder));
    ck_assert_msg(dir != NULL, "no captures in %s", buffer_text(&folder));
    for (struct dirent *entry; (entry = readdir(dir));) {
        Buffer path = {0};
        if (!span_ends(span_of(entry->d_name), span_of(suffix)))
            continue;
        buffer_printf(&path, "%s/%s", buffer_text(&folder), entry->d_name);
        vec_push(&paths, alloc_text(path.data, path.len));
        buffer_free(&path);
    }
    closedir(dir);
    buffer_free(&folder);
    ck_assert_msg(paths.len > 0, "no capture ends in %s", suffix);
    qsort(paths.items, paths.len, sizeof *paths.items, compare_paths);
    return paths;
}

void path_list_free(PathList *paths)
{
    for (size_t i = 0; i < paths->len; i++)
        free(paths->items[i]);
    vec_free(paths);
}

void folder_make(char path[FOLDER_PATH_MAX])
{
    const char *tmp = getenv("TMPDIR");
    snprintf(path, FOLDER_PATH_MAX, "%s/funcmem-unit-XXXXXX", tmp && strlen(tmp) < FOLDER_PATH_MAX - 24 ? tmp : "/tmp");
    ck_assert_ptr_nonnull(mkdtemp(path));
}

void folder_remove(const char *path)
{
    DIR *dir = opendir(path);
    for (struct dirent *entry; dir && (entry = readdir(dir));)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            unlinkat(dirfd(dir), entry->d_name, 0);
    if (dir)
        closedir(dir);
    rmdir(path);
}

/* Models. */

Reading reading_begin(void)
{
    Reading r = {.model = model_new()};
    r.source = model_source_add(r.model, SPAN("test.log"));
    r.parser = parser_new(NULL, model_source_sink(r.model, r.source));
    return r;
}

void reading_feed(Reading *r, Span bytes)
{
    parser_feed(r->parser, bytes.ptr, bytes.len);
}

void reading_end(Reading *r)
{
    parser_finish(r->parser);
    ParserStats stats = parser_stats(r->parser);
    model_source_progress(r->model, r->source, stats.format, stats.bytes, stats.lines, stats.damaged);
    model_source_end(r->model, r->source);
}

void reading_free(Reading *r)
{
    parser_free(r->parser);
    model_free(r->model);
    *r = (Reading){0};
}

Reading reading_of(const char *log)
{
    Reading r = reading_begin();
    reading_feed(&r, span_of(log));
    reading_end(&r);
    return r;
}

Reading reading_of_capture(const char *name)
{
    Buffer path = {0};
    buffer_printf(&path, "%s/tests/corpus/%s", source_folder(), name);
    Buffer content = test_read(buffer_text(&path));
    Reading r = reading_begin();
    reading_feed(&r, buffer_span(&content));
    reading_end(&r);
    buffer_free(&content);
    buffer_free(&path);
    return r;
}

const Report *reading_report(const Reading *r, size_t index)
{
    ck_assert_msg(index < r->model->reports.len, "only %zu reports", r->model->reports.len);
    ck_assert(r->model->reports.items[index].closed);
    return &r->model->reports.items[index];
}

const Invocation *reading_call(const Reading *r, size_t index)
{
    ck_assert_msg(index < r->model->invocations.len, "only %zu invocations", r->model->invocations.len);
    return &r->model->invocations.items[index];
}

Span test_call_id(const Model *m, Id invocation)
{
    static char text[GUID_TEXT];
    return invocation_id(m, &m->invocations.items[invocation], text);
}

Buffer test_export(const Model *m, const char *format, const ExportOptions *options)
{
    static const ExportOptions all = {0};
    char folder[FOLDER_PATH_MAX];
    Buffer path = {0};
    folder_make(folder);
    buffer_printf(&path, "%s/out", folder);
    Writer w = writer_to_file(buffer_text(&path));
    export_format_named(format)->print(&w, m, options ? options : &all);
    ck_assert_int_eq(writer_close(&w), 0);
    Buffer content = test_read(buffer_text(&path));
    buffer_free(&path);
    folder_remove(folder);
    return content;
}
