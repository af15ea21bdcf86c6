/* Settings as text, and the configuration file. */
#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "src/config.h"
#include "src/history.h"

static char folder[] = "/tmp/funcmem-config-XXXXXX";
static char path[64];
static Settings settings;
static Buffer problems;

static void open_all(void)
{
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/funcmem.conf", folder);
    settings_init(&settings);
}

static void close_all(void)
{
    unlink(path);
    rmdir(folder);
    strcpy(folder + strlen(folder) - 6, "XXXXXX");
    settings_free(&settings);
    buffer_free(&problems);
}

static bool read_bytes(Span content)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    ck_assert_int_eq(write(fd, content.ptr, content.len), (ssize_t)content.len);
    close(fd);
    buffer_clear(&problems);
    return config_read(&settings, path, true, &problems);
}

static void assert_value(const char *name, const char *want)
{
    Buffer value = {0};
    size_t index = setting_named(span_of(name));
    ck_assert_msg(index != SIZE_MAX, "no setting %s", name);
    Setting setting = setting_at(index);
    setting_print(&settings, &setting, &value);
    ck_assert_msg(span_eq(buffer_span(&value), span_of(want)), "%s is %s, not %s", name, buffer_text(&value), want);
    buffer_free(&value);
}

/* Reads `content`; what is wrong with it is `want`, lines without the file's name. */
static void assert_problems(Span content, const char *want)
{
    Buffer got = {0};
    ck_assert(read_bytes(content));
    Span rest = buffer_span(&problems);
    while (rest.len) {
        size_t end = (size_t)span_find_byte(rest, '\n') + 1;
        Span line = span_to(rest, end);
        ck_assert(span_take(&line, span_of(path)));
        buffer_append_span(&got, span_from(line, 1));
        rest = span_from(rest, end);
    }
    ck_assert_str_eq(buffer_text(&got), want);
    buffer_free(&got);
}

#define ASSERT_PROBLEMS(content, want) assert_problems(SPAN(content), want)

START_TEST(every_section_is_read)
{
    ASSERT_PROBLEMS("# a comment\n"
                    "[screen]\ntheme = light ; and another\nascii=on\n   mouse = no\n"
                    "[input]\nfollow: no\nfollow = no\nmap = /home/site=/src/a /x:y=~/b\n"
                    "[export]\ntop = 7\n"
                    "[sort]\nlines = peak:asc\n"
                    "[hide]\nfunctions = peak kept\n"
                    "[keys]\nmove-down = e C-n Semicolon\nquit =\n"
                    "[colors]\nheat-4 = bright-red default bold\n",
                    "7: neither [SECTION] nor NAME = VALUE\n");
    assert_value("theme", "light");
    assert_value("ascii", "yes");
    assert_value("mouse", "no");
    assert_value("follow", "no");
    assert_value("export.top", "7");
    assert_value("map", "/home/site=/src/a /x:y=~/b");
    assert_value("sort.lines", "peak:asc");
    assert_value("hide.functions", "peak kept");
    assert_value("keys.move-down", "e C-n Semicolon");
    assert_value("keys.quit", "");
    assert_value("colors.heat-4", "bright-red bold");
    ck_assert_int_eq(keymap_find(&settings.keymap, false, 'e'), ACTION_MOVE_DOWN);
    ck_assert_int_eq(keymap_find(&settings.keymap, false, 'Q'), ACTION_NONE);
}
END_TEST

START_TEST(mistakes_have_their_line_and_the_rest_counts)
{
    ASSERT_PROBLEMS("theme = light\n"
                    "[screen]\n"
                    "theme = pink\n"
                    "colour = never\n"
                    "just words\n"
                    "ascii = maybe\n"
                    "[nowhere]\n"
                    "theme = light\n"
                    "[keys\n"
                    "[keys]\n"
                    "foo = j\n"
                    "quit = jj\n"
                    "back = M-x\n"
                    "[sort]\n"
                    "functions = nothing\n"
                    "planets = peak\n"
                    "[hide]\n"
                    "functions = function\n"
                    "reports = nothing\n"
                    "[colors]\n"
                    "warm = red\n"
                    "bad = pink\n"
                    "[export]\n"
                    "top = 0\n"
                    "[screen]\n"
                    "view = lines\n"
                    "[input]\n"
                    "map = /a=/b /c",
                    "1: \"theme\" stands before any [SECTION]\n"
                    "3: theme: auto, dark, light or mono, not \"pink\"\n"
                    "4: no setting \"colour\"\n"
                    "5: neither [SECTION] nor NAME = VALUE\n"
                    "6: ascii: yes or no, not \"maybe\"\n"
                    "7: no section \"nowhere\"\n"
                    "9: no ] behind [\n"
                    "11: no action \"foo\"\n"
                    "12: quit: there is no key \"jj\"\n"
                    "13: back: no terminal sends \"M-x\" as a key of its own\n"
                    "15: functions: there is no column \"nothing\"\n"
                    "16: no view \"planets\"\n"
                    "18: functions: the first column, \"function\", always stays\n"
                    "19: reports: there is no column \"nothing\"\n"
                    "21: no role \"warm\"\n"
                    "22: bad: \"pink\" is no colour and no attribute\n"
                    "24: top: a number above 0, not \"0\"\n"
                    "28: map: FROM=TO, not \"/c\"\n");
    assert_value("view", "lines");
    assert_value("theme", "auto");
    assert_value("keys.quit", "Q F10");
}
END_TEST

START_TEST(what_is_said_twice_is_complained_about)
{
    ASSERT_PROBLEMS("[screen]\ntheme = light\nascii = yes\ntheme = mono\n[keys]\nmove-up = e j\nmove-down = e\nprompt-clear = e\n",
                    "4: \"theme\" was set in line 2 already; this one counts\n"
                    "7: key \"e\" is taken from move-up, which got it in line 6\n");
    assert_value("theme", "mono");
    assert_value("keys.move-up", "j");
    assert_value("keys.move-down", "e");
    assert_value("keys.prompt-clear", "e");
}
END_TEST

START_TEST(files_of_other_systems_are_read)
{
    ASSERT_PROBLEMS("\xef\xbb\xbf[screen]\r\ntheme = light\r\n\r\nascii = yes\r\n", "");
    assert_value("theme", "light");
    assert_value("ascii", "yes");
    ASSERT_PROBLEMS("", "");
    ASSERT_PROBLEMS("\n\n\n", "");
    ASSERT_PROBLEMS("\xef\xbb\xbf", "");
}
END_TEST

START_TEST(bytes_that_are_no_text_are_refused)
{
    ASSERT_PROBLEMS("[screen]\nthe\0me = light\nascii = yes\n\xff\xfe\x1b[31m = 1\n",
                    "2: a NUL byte\n4: no setting \"\xff\xfe?[31m\"\n");
    assert_value("theme", "auto");
    assert_value("ascii", "yes");
}
END_TEST

/* libinih would take the end of a long line for a line of its own. */
START_TEST(long_lines_are_one_line)
{
    Buffer content = {0}, want = {0};
    buffer_append_span(&content, SPAN("[screen]\n# "));
    buffer_append_repeated(&content, '-', 1000);
    buffer_append_span(&content, SPAN("\nascii = yes\ntheme = "));
    buffer_append_repeated(&content, ' ', 185);
    buffer_append_span(&content, SPAN("\nmouse = no light\ntheme = light\n"));
    ck_assert(read_bytes(buffer_span(&content)));
    assert_value("theme", "light");
    buffer_clear(&content);
    buffer_append_span(&content, SPAN("[screen]\nview = lines"));
    buffer_append_repeated(&content, 'x', 500);
    buffer_append_span(&content, SPAN("view = invocations\nquiet = yes\n"));
    ck_assert(read_bytes(buffer_span(&content)));
    ck_assert(span_find(buffer_span(&problems), SPAN(":2: longer than ")) > 0);
    ck_assert(span_find(buffer_span(&problems), SPAN(":3:")) < 0);
    assert_value("view", "functions");
    assert_value("quiet", "yes");
    buffer_free(&content);
    buffer_free(&want);
}
END_TEST

START_TEST(any_bytes_end_well)
{
    static const char pieces[] = "[screen]\n=:;# \x00\xff[keys]quit move-down jQ\r\t]";
    unsigned seed = 7;
    Buffer content = {0};
    for (int round = 0; round < 2000; round++) {
        buffer_clear(&content);
        for (int i = 0; i < 300; i++) {
            seed = seed * 1103515245 + 12345;
            buffer_append_byte(&content, pieces[seed / 65536 % (sizeof pieces - 1)]);
        }
        ck_assert(read_bytes(buffer_span(&content)));
        for (size_t i = 0; i < problems.len; i++)
            ck_assert((unsigned char)problems.data[i] >= ' ' || problems.data[i] == '\n');
    }
    buffer_free(&content);
}
END_TEST

static void assert_refused(const char *why)
{
    Buffer want = {0};
    buffer_printf(&want, "%s: %s\n", path, why);
    buffer_clear(&problems);
    ck_assert(!config_read(&settings, path, true, &problems));
    ck_assert_str_eq(buffer_text(&problems), buffer_text(&want));
    buffer_free(&want);
}

START_TEST(only_files_are_read)
{
    ck_assert(config_read(&settings, path, true, &problems));
    ck_assert_uint_eq(problems.len, 0);
    ck_assert(!config_read(&settings, path, false, &problems));
    ck_assert(span_ends(buffer_span(&problems), SPAN("No such file or directory\n")));
    mkfifo(path, 0600);
    assert_refused("not a regular file");
    unlink(path);
    mkdir(path, 0700);
    assert_refused("not a regular file");
    rmdir(path);
    ck_assert_int_eq(symlink("/dev/zero", path), 0);
    assert_refused("not a regular file");
    unlink(path);
    ck_assert_int_eq(symlink(path, path), 0);
    assert_refused("Too many levels of symbolic links");
    unlink(path);
    Buffer huge = {0};
    buffer_append_repeated(&huge, '\n', CONFIG_SIZE_MAX + 1);
    ck_assert(!read_bytes(buffer_span(&huge)));
    assert_refused("larger than 1 MiB");
    buffer_free(&huge);
    if (geteuid() != 0) {
        chmod(path, 0);
        assert_refused("Permission denied");
    }
}
END_TEST

START_TEST(the_place_follows_the_environment)
{
    char *found;
    setenv("HOME", "/home/me", 1);
    setenv("XDG_CONFIG_HOME", "relative", 1);
    ck_assert_str_eq(found = config_path(), "/home/me/.config/funcmem/funcmem.conf");
    free(found);
    setenv("XDG_CONFIG_HOME", "/etc/me", 1);
    ck_assert_str_eq(found = config_path(), "/etc/me/funcmem/funcmem.conf");
    free(found);
    unsetenv("XDG_CONFIG_HOME");
    unsetenv("HOME");
    ck_assert_ptr_null(config_path());
}
END_TEST

/* Settings. */

START_TEST(settings_are_complete)
{
    for (size_t i = 0; i < setting_count(); i++) {
        Setting setting = setting_at(i);
        Buffer name = {0}, value = {0}, values = {0};
        ck_assert(setting.help[0] && !span_ends(span_of(setting.help), SPAN(".")));
        setting_append_name(&setting, &name);
        ck_assert_uint_eq(setting_named(buffer_span(&name)), i);
        setting_append_values(&setting, &values);
        ck_assert_uint_gt(values.len, 0);
        ck_assert(setting_is_default(&settings, &setting));
        setting_print(&settings, &setting, &value);
        char *error = value.len ? setting_parse(&settings, &setting, buffer_span(&value)) : NULL;
        ck_assert_msg(!error && setting_is_default(&settings, &setting), "%s = %s: %s", buffer_text(&name), buffer_text(&value),
                      error);
        buffer_free(&name);
        buffer_free(&value);
        buffer_free(&values);
    }
    ck_assert_uint_eq(setting_named(SPAN("quit")), SIZE_MAX);
    ck_assert_uint_eq(setting_named(SPAN("")), SIZE_MAX);
    for (int id = 0; id < TABLE_COUNT; id++)
        ck_assert_uint_le(table_kind_of((TableId)id)->column_count, 32);
}
END_TEST

START_TEST(steps_go_round)
{
    for (size_t i = 0; i < setting_count(); i++) {
        Setting setting = setting_at(i);
        int steps = 0;
        while (steps++ < 100 && setting_step(&settings, &setting, 1) && !setting_is_default(&settings, &setting))
            continue;
        ck_assert_msg(setting_is_default(&settings, &setting), "%s", setting.name);
        if (setting_step(&settings, &setting, -1)) {
            ck_assert(!setting_is_default(&settings, &setting));
            setting_step(&settings, &setting, 1);
        }
        if (setting_turn(&settings, &setting)) {
            ck_assert(!setting_is_default(&settings, &setting));
            setting_turn(&settings, &setting);
        }
        ck_assert_msg(setting_is_default(&settings, &setting), "%s", setting.name);
    }
}
END_TEST

/* What the screen copies is a file that means the same. */
START_TEST(settings_survive_as_a_file)
{
    ASSERT_PROBLEMS("[screen]\ntheme = mono\n[input]\nmap = /a=/b\n[keys]\nquit =\n"
                    "move-up = e\n[hide]\nlines = peak\n[sort]\nlines = peak:asc\n"
                    "[colors]\nbad = 9 17 underline\n",
                    "");
    Buffer file = {0}, again = {0};
    settings_append_file(&settings, &file);
    settings_free(&settings);
    settings_init(&settings);
    assert_problems(buffer_span(&file), "");
    settings_append_file(&settings, &again);
    ck_assert_str_eq(buffer_text(&again), buffer_text(&file));
    assert_value("keys.quit", "");
    assert_value("colors.bad", "bright-red 17 underline");
    ck_assert(span_find(buffer_span(&file), SPAN("\n# ascii = no\n")) > 0);
    ck_assert(span_find(buffer_span(&file), SPAN("\nquit =\n")) > 0);
    buffer_free(&file);
    buffer_free(&again);
}
END_TEST

/* What was typed into prompts. */

START_TEST(the_newest_lines_of_a_history_stay)
{
    Buffer lines = {0}, name = {0};
    buffer_printf(&name, "%s/state/funcmem/history", folder);
    for (int i = 0; i < HISTORY_LINES + 10; i++) {
        buffer_clear(&lines);
        buffer_printf(&lines, "/line %d\n", i);
        ck_assert(history_add(buffer_text(&name), buffer_span(&lines)));
    }
    buffer_clear(&lines);
    history_read(buffer_text(&name), &lines);
    size_t count = 0;
    for (size_t i = 0; i < lines.len; i++)
        count += lines.data[i] == '\n';
    ck_assert_uint_eq(count, HISTORY_LINES);
    ck_assert(span_starts(buffer_span(&lines), SPAN("/line 10\n")));
    unlink(buffer_text(&name));
    for (size_t len = name.len; len > strlen(folder); len--) {
        if (name.data[len - 1] != '/')
            continue;
        name.len = len - 1;
        if (name.len > strlen(folder))
            ck_assert_int_eq(rmdir(buffer_text(&name)), 0); /* nothing else is left there */
    }
    buffer_free(&lines);
    buffer_free(&name);
}
END_TEST

START_TEST(a_history_has_an_absolute_path_or_none)
{
    static const struct {
        const char *state, *home, *path;
    } cases[] = {
        {"/state", "/home/a", "/state/funcmem/history"},
        {"state", "/home/a", "/home/a/.local/state/funcmem/history"},
        {"", "/home/a", "/home/a/.local/state/funcmem/history"},
        {"", "a", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        setenv("XDG_STATE_HOME", cases[i].state, 1);
        setenv("HOME", cases[i].home, 1);
        char *got = history_path();
        ck_assert(cases[i].path ? got && strcmp(got, cases[i].path) == 0 : !got);
        free(got);
    }
}
END_TEST

Suite *config_suite(void)
{
    Suite *suite = suite_create("config");
    TCase *file = tcase_create("file");
    tcase_add_checked_fixture(file, open_all, close_all);
    tcase_add_test(file, the_newest_lines_of_a_history_stay);
    tcase_add_test(file, a_history_has_an_absolute_path_or_none);
    tcase_add_test(file, every_section_is_read);
    tcase_add_test(file, mistakes_have_their_line_and_the_rest_counts);
    tcase_add_test(file, what_is_said_twice_is_complained_about);
    tcase_add_test(file, files_of_other_systems_are_read);
    tcase_add_test(file, bytes_that_are_no_text_are_refused);
    tcase_add_test(file, long_lines_are_one_line);
    tcase_add_test(file, any_bytes_end_well);
    tcase_add_test(file, only_files_are_read);
    tcase_add_test(file, the_place_follows_the_environment);
    tcase_add_test(file, settings_are_complete);
    tcase_add_test(file, steps_go_round);
    tcase_add_test(file, settings_survive_as_a_file);
    suite_add_tcase(suite, file);
    return suite;
}
