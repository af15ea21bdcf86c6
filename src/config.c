#include "src/config.h"

#include <errno.h>
#include <fcntl.h>
#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct Reader {
    Settings *settings;
    const char *path;
    Buffer *problems;
    Span rest;     /* of the file */
    size_t line;   /* that was read last, from 1 */
    size_t *lines; /* by setting: where it was set, 0: nowhere */
} Reader;

char *config_path(void)
{
    const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    Buffer path = {0};
    if (config && *config == '/')
        buffer_printf(&path, "%s/funcmem/funcmem.conf", config);
    else if (home && *home == '/')
        buffer_printf(&path, "%s/.config/funcmem/funcmem.conf", home);
    else
        return NULL;
    return buffer_text(&path), path.data;
}

/* Problems. */

static void append_problem(Buffer *problems, const Buffer *text)
{
    for (size_t i = 0; i < text->len; i++) {
        unsigned char c = (unsigned char)text->data[i];
        buffer_append_byte(problems, c < ' ' || c == 0x7f ? '?' : (char)c);
    }
    buffer_append_byte(problems, '\n');
}

static void complain(Reader *reader, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void complain(Reader *reader, const char *format, ...)
{
    Buffer text = {0};
    char *what = NULL;
    va_list args;
    va_start(args, format);
    if (vasprintf(&what, format, args) >= 0)
        buffer_printf(&text, "%s:%zu: %s", reader->path, reader->line, what);
    va_end(args);
    append_problem(reader->problems, &text);
    buffer_free(&text);
    free(what);
}

/* Lines, as libinih asks for them: it takes no more than `size` bytes and would silently take the rest for a line of its own. */

static bool is_section(Span name)
{
    for (int i = 0; i < SECTION_COUNT; i++)
        if (span_eq(name, span_of(setting_section_name((SettingSection)i))))
            return true;
    return false;
}

/* Whether libinih is to see the line; what is wrong with it as a line is said here. */
static bool check_line(Reader *reader, Span line, size_t room)
{
    ptrdiff_t end = span_find_byte(line, ']');
    if (!line.len || line.ptr[0] == '#' || line.ptr[0] == ';')
        return false;
    if (span_find_byte(line, '\0') >= 0)
        complain(reader, "a NUL byte");
    else if (line.len > room)
        complain(reader, "longer than %zu bytes", room);
    else if (line.ptr[0] == '[' && end < 0)
        complain(reader, "no ] behind [");
    else if (line.ptr[0] == '[' && !is_section(span_to(span_from(line, 1), (size_t)end - 1)))
        complain(reader, "no section \"%.*s\"", (int)end - 1, line.ptr + 1);
    else if (line.ptr[0] != '[' && span_find_byte(line, '=') < 0)
        complain(reader, "neither [SECTION] nor NAME = VALUE");
    else
        return true;
    return line.ptr[0] == '[' && end > 0 && line.len <= room && span_find_byte(line, '\0') < 0; /* what follows belongs to it */
}

static char *next_line(char *out, int size, void *stream)
{
    Reader *reader = stream;
    if (!reader->rest.len)
        return NULL;
    ptrdiff_t end = span_find_byte(reader->rest, '\n');
    Span line = end < 0 ? reader->rest : span_to(reader->rest, (size_t)end);
    reader->rest = span_from(reader->rest, line.len + 1);
    reader->line++;
    if (reader->line == 1)
        span_take(&line, SPAN("\xef\xbb\xbf"));
    if (span_ends(line, SPAN("\r")))
        line = span_to(line, line.len - 1);
    line = span_trim(line); /* lines that begin with blanks would continue the one before */
    if (!check_line(reader, line, (size_t)size - 2))
        line = SPAN("");
    memcpy(out, line.ptr, line.len);
    memcpy(out + line.len, "\n", 2);
    return out;
}

/* Values. */

/* A key that the file gives to two actions. */
static void check_keys(Reader *reader, const Setting *setting, Span names)
{
    Span name;
    Key key;
    bool prompt = actions[setting->at].context == CONTEXT_PROMPT;
    while (key_names_take(&names, &name)) {
        ActionId other = key_parse(name, &key) ? keymap_find(&reader->settings->keymap, prompt, key) : ACTION_NONE;
        if (other == ACTION_NONE || (size_t)other == setting->at)
            continue;
        Buffer full = {0};
        buffer_printf(&full, "keys.%s", actions[other].name);
        size_t line = reader->lines[setting_named(buffer_span(&full))];
        if (line)
            complain(reader, "key \"%.*s\" is taken from %s, which got it in line %zu", SPAN_ARG(name), actions[other].name, line);
        buffer_free(&full);
    }
}

static void set(Reader *reader, size_t index, Span value)
{
    Setting setting = setting_at(index);
    if (reader->lines[index])
        complain(reader, "\"%s\" was set in line %zu already; this one counts", setting.name, reader->lines[index]);
    if (setting.section == SECTION_KEYS)
        check_keys(reader, &setting, value);
    char *error = setting_parse(reader->settings, &setting, value);
    if (error)
        complain(reader, "%s: %s", setting.name, error);
    else
        reader->lines[index] = reader->line;
    free(error);
}

/* What the names of a section are names of. */
static const char *kind_of(const char *section)
{
    static const struct SectionKind {
        const char *section, *kind;
    } kinds[] = {{"keys", "action"}, {"colors", "role"}, {"sort", "view"}, {"hide", "view"}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].section, section) == 0)
            return kinds[i].kind;
    return "setting";
}

static int on_value(void *user, const char *section, const char *name, const char *value)
{
    Reader *reader = user;
    Buffer full = {0};
    buffer_printf(&full, "%s.%s", section, name);
    size_t index = setting_named(buffer_span(&full));
    buffer_free(&full);
    if (!*section)
        complain(reader, "\"%s\" stands before any [SECTION]", name);
    else if (index != SIZE_MAX)
        set(reader, index, span_of(value));
    else if (is_section(span_of(section))) /* else the section was complained about */
        complain(reader, "no %s \"%s\"", kind_of(section), name);
    return 1;
}

/* The file. */

/* NULL when it was read, else why it was not; `*missing` when there is none. */
static const char *read_file(const char *path, Buffer *content, bool *missing)
{
    struct stat status;
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC); /* a FIFO opens at once, and is then seen to be one */
    *missing = fd < 0 && (errno == ENOENT || errno == ENOTDIR);
    const char *error = fd < 0 || fstat(fd, &status) != 0 ? strerror(errno) : NULL;
    if (!error && !S_ISREG(status.st_mode))
        error = "not a regular file";
    for (ssize_t n = 1; !error && n > 0;) {
        buffer_reserve(content, BUFSIZ);
        n = read(fd, content->data + content->len, BUFSIZ);
        content->len += n > 0 ? (size_t)n : 0;
        if (n < 0)
            error = strerror(errno);
        else if (content->len > CONFIG_SIZE_MAX)
            error = "larger than 1 MiB";
    }
    if (fd >= 0)
        close(fd);
    return error;
}

bool config_read(Settings *settings, const char *path, bool optional, Buffer *problems)
{
    Buffer content = {0}, text = {0};
    bool missing;
    const char *error = read_file(path, &content, &missing);
    if (!error) {
        Reader reader = {settings, path, problems, buffer_span(&content), 0, alloc_zeroed(setting_count(), sizeof(size_t))};
        int bad = ini_parse_stream(next_line, &reader, on_value, &reader);
        if (bad > 0) {
            reader.line = (size_t)bad;
            complain(&reader, "neither [SECTION] nor NAME = VALUE");
        }
        free(reader.lines);
    } else if (!missing || !optional) {
        buffer_printf(&text, "%s: %s", path, error);
        append_problem(problems, &text);
    }
    buffer_free(&content);
    buffer_free(&text);
    return !error || (missing && optional);
}
