/*
 * Screens: a capture, a size, some keys; what stands on the screen then is compared with a text file beside this one that a person
 * has read. UPDATE_SCREENS=1 writes the files anew: read the difference before it is committed.
 *
 * There is no terminal here: curses draws on /dev/null and is asked what it drew (ui/picture.h, as --screenshot does). Where colours are
 * compared, a second picture shows one letter for the look of each cell (ui/theme.c has the letters).
 */
#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "model/retention.h"
#include "parsers/parser.h"
#include "src/code_file.h"
#include "src/log_host.h"
#include "ui/picture.h"
#include "ui/terminal.h"
#include "ui/ui.h"
#include "ui/ui_private.h"
#include "ui/view.h"

enum { PIECE = 4096 };

typedef struct ScreenCase {
    const char *name;
    const char *capture; /* path in the source tree, or NULL for no input */
    int columns, rows;
    int colours;
    bool ascii;
    const char *keys; /* names of keys; 'text' is typed */
} ScreenCase;

#define DEMO "examples/captures/demo.log"
#define CORPUS "tests/corpus/"

static const ScreenCase cases[] = {
    {"functions-plain", DEMO, 80, 24, 0, true, "j m j"},
    {"functions-8-colours", DEMO, 80, 10, 8, false, "j"},
    {"functions-columns", DEMO, 80, 10, 0, false, "L L"},
    {"lines-columns-small", DEMO, 40, 8, 0, false, "3 L L L"},
    {"functions-columns-first", DEMO, 80, 10, 0, false, "0"},
    {"functions-columns-edge", DEMO, 80, 10, 0, false, "$ $"},
    {"help-columns-edge", DEMO, 80, 10, 0, false, "? $"},
    {"explain-columns-edge", DEMO, 80, 10, 0, false, "x 0"},
    {"functions-columns-end", DEMO, 80, 10, 0, false, "$"},
    {"too-small", DEMO, 39, 8, 0, false, ""},
    {"invocations", DEMO, 80, 24, 256, false, "2"},
    {"invocations-wide", DEMO, 120, 40, 0, false, "2 G"},
    {"invocations-of-function", DEMO, 80, 24, 0, false, "j Enter"},
    {"invocations-by-time", DEMO, 80, 24, 0, false, "2 T I"},
    {"invocations-small", DEMO, 40, 8, 0, false, "2"},
    {"invocations-of-function-small", DEMO, 40, 8, 0, false, "j Enter"},
    {"invocations-contended", CORPUS "concurrent.log", 120, 24, 256, false, "2"},
    {"invocations-quiet", CORPUS "concurrent.log", 80, 24, 0, false, "2 c"},
    {"invocation-without-report", CORPUS "failing.log", 80, 24, 0, false, "2 j x"},
    {"lines-wide", DEMO, 120, 24, 0, false, "3"},
    {"lines-search", DEMO, 80, 24, 256, false, "3 / 'resp' Enter n"},
    {"lines-search-mono", DEMO, 80, 10, 256, false, ": 'theme mono' Enter 3 / 'resp' Enter"},
    {"lines-filter-mono", DEMO, 80, 10, 256, false, ": 'theme mono' Enter 3 \\ 'resp' Enter"},
    {"search-again-elsewhere", DEMO, 80, 10, 256, false, "/ 'sync' Enter Esc 3 G N"},
    {"search-again-log", DEMO, 80, 10, 0, false, "/ 'sync' Enter 4 n"},
    {"search-again-log-back", DEMO, 80, 10, 0, false, "/ 'Executed' Enter 4 N"},
    {"search-again-help", DEMO, 80, 10, 0, false, "/ 'sort' Enter ? n n"},
    {"search-again-options", DEMO, 80, 10, 0, false, "/ 'heat' Enter o n n"},
    {"search-never", DEMO, 80, 10, 0, false, "n"},
    {"search-hidden-column", DEMO, 40, 8, 256, false, "2 / 'succeeded' Enter"},
    {"search-hidden-left", DEMO, 80, 10, 256, false, "2 L L L / 'c6f8' Enter m k"},
    {"search-cut-name", DEMO, 40, 8, 256, false, "/ 'trigger' Enter"},
    {"search-cut-tail", DEMO, 40, 8, 256, false, "/ 'sync' Enter"},
    {"search-common-name", DEMO, 80, 10, 256, false, "/ 'init' Enter"},
    {"search-over-cells", DEMO, 80, 10, 256, false, "/ 'Leaky.*19' Enter"},
    {"search-filtered", DEMO, 80, 10, 256, false, "2 \\ 'Leaky' Enter / 'ky.*succ' Enter"},
    {"lines-search-typing", DEMO, 80, 10, 0, false, "3 / 'await'"},
    {"lines-search-nothing", DEMO, 80, 10, 0, false, "3 / 'nowhere' Enter"},
    {"lines-filter", DEMO, 80, 24, 0, false, "3 \\ '!entry' Enter"},
    {"lines-filter-typing", DEMO, 80, 10, 256, false, "3 j j \\ 'awa'"},
    {"lines-filter-incomplete", DEMO, 80, 10, 0, false, "3 \\ 'awa('"},
    {"lines-filter-cancelled", DEMO, 80, 10, 0, false, "3 \\ 'entry' Enter C-t j j \\ C-u '!awa' Esc"},
    {"lines-filter-completed", DEMO, 80, 10, 0, false, "3 \\ 'await' Enter \\ C-u 'async' Enter \\ C-u 'a' Tab Tab Tab"},
    {"prompt-unbound", DEMO, 80, 10, 0, false, "/ F1"},
    {"search-nothing-before", DEMO, 80, 10, 0, false, "/ 'a' Tab"},
    {"lines-filter-bad", DEMO, 80, 10, 0, false, "3 \\ '(' Enter"},
    {"lines-filter-empty", DEMO, 80, 10, 0, false, "3 \\ 'nowhere' Enter"},
    {"search-filter-small", DEMO, 40, 8, 256, false, "2 \\ 'Trigger' Enter / 'sync' Enter n"},
    {"filter-long-small", DEMO, 40, 8, 256, false, "2 p \\ 'HttpTriggerAsync.*succeeded' Enter"},
    {"filter-small", DEMO, 40, 8, 0, false, "2 \\ 'nowhere' Enter"},
    {"lines-filter-off", DEMO, 80, 10, 0, false, "3 \\ 'entry' Enter C-t"},
    {"report-sparse", CORPUS "sequential-true.log", 80, 24, 256, false, "2 Enter"},
    {"report-dense", CORPUS "sequential-false.log", 80, 24, 256, false, "2 Enter"},
    {"report-dense-hidden", CORPUS "sequential-false.log", 80, 24, 0, false, "2 Enter z"},
    {"report-plain", CORPUS "sequential-false.log", 80, 24, 0, true, "2 Enter"},
    {"report-next", CORPUS "sequential-false.log", 80, 12, 0, false, "2 Enter ]"},
    {"report-leak", CORPUS "leak.log", 80, 12, 0, false, "2 Enter"},
    {"export-prompt", DEMO, 80, 10, 256, false, "2 Enter w"},
    {"export-prompt-small", DEMO, 40, 8, 0, false, "w"},
    {"export-nothing", DEMO, 80, 10, 0, false, "3 \\ 'nowhere' Enter w"},
    {"history-plain", DEMO, 80, 24, 0, true, "3 j Enter"},
    {"history-demo", DEMO, 80, 24, 256, false, "3 j Enter"},
    {"history-narrow", DEMO, 40, 20, 0, false, "3 j Enter"},
    {"compare-wide", CORPUS "sequential-false.log", 120, 40, 0, false, "2 m d"},
    {"compare-plain", CORPUS "concurrent.log", 80, 24, 0, true, "2 m j j m d"},
    {"compare-reports", CORPUS "nested.log", 80, 12, 0, false, "2 Enter m d"},
    {"compare-no-mark", DEMO, 80, 10, 0, false, "2 d"},
    {"compare-same-row", DEMO, 80, 10, 0, false, "2 m k d"},
    {"compare-three-marks", DEMO, 80, 10, 0, false, "2 m m m d"},
    {"compare-no-report", CORPUS "failing.log", 80, 10, 0, false, "2 m d"},
    {"compare-elsewhere", DEMO, 80, 10, 0, false, "3 m d"},
    {"history-report", CORPUS "leak.log", 80, 12, 0, false, "3 Enter j Enter"},
    {"log", DEMO, 80, 24, 256, false, "4"},
    {"log-wide", DEMO, 120, 40, 0, false, "4 : '50%' Enter"},
    {"log-panel", DEMO, 80, 10, 0, false, "4 G"},
    {"log-small", DEMO, 40, 8, 256, false, "4 : '111' Enter"},
    {"log-plain", DEMO, 80, 24, 0, true, "4 / 'leaky' Enter n L"},
    {"log-search", DEMO, 80, 24, 256, false, "4 / 'executed' Enter n"},
    {"log-search-nothing", DEMO, 80, 10, 0, false, "4 / 'nowhere' Enter"},
    {"log-left", DEMO, 80, 12, 0, false, "4 $ 0 0"},
    {"log-line-end", DEMO, 40, 12, 0, false, "4 : '107' Enter $"},
    {"log-line-end-widest", DEMO, 40, 12, 0, false, "4 : '107' Enter $ $"},
    {"log-right-edge", DEMO, 40, 12, 0, false, "4 : '107' Enter $ $ $"},
    {"log-right", DEMO, 80, 12, 8, false, "4 : '111' Enter $"},
    {"log-of-report", DEMO, 80, 24, 256, false, "2 Enter Enter v"},
    {"log-of-function", DEMO, 80, 12, 0, false, "v"},
    {"log-of-invocation", DEMO, 80, 12, 0, false, "2 v"},
    {"log-to-report", CORPUS "sequential-false.log", 80, 12, 256, false, "4 / 'canvas' Enter n Enter"},
    {"log-to-reports", CORPUS "nested.log", 80, 12, 0, false, "4 / 'Executed' Enter Enter"},
    {"log-to-invocation", CORPUS "failing.log", 80, 12, 0, false, "4 / 'Executing' Enter Enter"},
    {"log-to-nothing", DEMO, 80, 10, 0, false, "4 Enter"},
    {"log-export", CORPUS "kustoquery.csv", 80, 12, 256, false, "4"},
    {"log-rest", CORPUS "rest.json", 80, 12, 256, false, "4 j j ] D"},
    {"log-pretty", CORPUS "az-appinsights.json", 80, 24, 0, false, "4 / 'Executing' Enter"},
    {"log-ansi", CORPUS "sequential-true-ansi.log", 80, 10, 0, false, "4 / 'memory_p' Enter"},
    {"log-ansi-front", CORPUS "sequential-true-ansi.log", 80, 10, 0, false, "4 / 'memory_profiler_logs' Enter"},
    {"log-search-end", DEMO, 80, 10, 0, false, "4 / 'function was' Enter"},
    {"log-opened-pretty", CORPUS "az-appinsights.json", 80, 10, 0, false, "4 / 'MiB' Enter j j Enter"},
    {"log-fronts", DEMO, 120, 10, 0, false, "4 : '111' Enter D"},
    {"log-failed", CORPUS "failing.log", 80, 24, 256, false, "4 / 'Failed' Enter"},
    {"log-time", DEMO, 80, 10, 0, false, "4 : '18:47:52' Enter"},
    {"log-time-unordered", CORPUS "rest.json", 80, 10, 0, false, "4 : 'goto 11:31:04.6' Enter"},
    {"log-time-none", CORPUS "report-0.61.txt", 80, 10, 0, false, "4 : '18:47' Enter"},
    {"invocations-time", DEMO, 80, 10, 0, false, "2 : '2026-11-22T18:47:52' Enter"},
    {"functions-time", DEMO, 80, 10, 0, false, ": '18:47' Enter"},
    {"command-goto-wrong", DEMO, 80, 10, 0, false, ": 'goto nowhere' Enter"},
    {"command-time-wrong", DEMO, 80, 10, 0, false, ": '25:00' Enter"},
    {"command-goto-newest", DEMO, 80, 10, 0, false, "4 : 'goto ' Tab Enter"},
    {"log-marks", DEMO, 80, 12, 256, false, "4 : '111' Enter m m j m g u"},
    {"log-marks-back", DEMO, 80, 12, 0, false, "4 : '111' Enter m m m U U k m"},
    {"log-filter", DEMO, 80, 12, 256, false, "4 : '111' Enter \\ 'Exec' Enter"},
    {"log-wrap", DEMO, 60, 16, 256, false, "4 : '111' Enter W"},
    {"log-wrap-search", DEMO, 60, 16, 256, false, "4 W / 'succeeded|duration' Enter n"},
    {"log-wrap-filter", DEMO, 40, 8, 256, false, "4 W \\ 'profiler_log' Enter G"},
    {"log-wrap-right", DEMO, 80, 10, 0, false, "4 $ W $"},
    {"log-hit-right", DEMO, 80, 12, 256, false, "4 / 'Duration=55' Enter 0"},
    {"log-hit-left", DEMO, 80, 12, 256, false, "4 / 'Executed' Enter $"},
    {"log-filter-front", DEMO, 80, 12, 256, false, "4 \\ 'memory_profiler' Enter / 'incr' Enter"},
    {"log-filter-front-small", DEMO, 40, 8, 256, false, "4 \\ 'memory_profiler_logs.*increment' Enter"},
    {"log-filter-typing", DEMO, 80, 12, 0, false, "4 : '111' Enter \\ '!memory'"},
    {"log-filter-cancelled", DEMO, 80, 12, 0, false, "4 : '111' Enter \\ '!memory' Esc"},
    {"log-filter-negated", DEMO, 80, 12, 0, false, "4 \\ '!memory_profiler' Enter G k k k"},
    {"log-filter-search", DEMO, 80, 12, 0, false, "4 \\ 'Executed' Enter / 'Leaky' Enter n"},
    {"log-filter-back", DEMO, 80, 12, 0, false, "4 \\ 'Executed' Enter / 'Leaky' Enter N N"},
    {"log-filter-off", DEMO, 80, 12, 0, false, "4 \\ 'Executed' Enter j j C-t"},
    {"log-filter-dropped", DEMO, 80, 12, 0, false, "4 \\ 'Executed' Enter j j Esc"},
    {"log-filter-nothing", DEMO, 80, 12, 0, false, "4 \\ 'nowhere' Enter j k G g Enter"},
    {"log-filter-opened", DEMO, 80, 12, 0, false, "4 \\ ' 9.9 MiB' Enter Enter"},
    {"log-filter-marks", DEMO, 80, 12, 0, false, "4 \\ 'Executed' Enter m j m g u u"},
    {"log-empty", NULL, 80, 10, 0, false, "4"},
    {"report-flags", CORPUS "concurrent.log", 80, 10, 0, false, "2 j j Enter"},
    {"history-of-call", CORPUS "concurrent.log", 80, 12, 256, false, "2 j j Enter Enter"},
    {"report-source-explained", DEMO, 80, 24, 0, false, "2 Enter Enter k x"},
    {"report-source-hidden", DEMO, 80, 10, 0, false, "2 Enter Enter z"},
    {"help-all", DEMO, 80, 240, 0, false, "?"},
    {"help-search", DEMO, 80, 24, 0, false, "? / 'sort' Enter n"},
    {"help-panel", DEMO, 80, 10, 0, false, "? / 'columns of lines' Enter"},
    {"help-search-wrapped", DEMO, 40, 10, 256, false, "? / 'python function: its name' Enter n"},
    {"help-search-cancelled", DEMO, 80, 10, 0, false, "? G / 'sort' Esc"},
    {"help-rebound", DEMO, 80, 10, 0, false, ": 'set keys.move-down=e' Enter ?"},
    {"explain-panel", DEMO, 80, 10, 0, false, "2 T x"},
    {"sort-menu-chosen", DEMO, 80, 12, 0, false, "s k k k Enter"},
    {"copy-menu", DEMO, 80, 24, 0, false, "3 Y"},
    {"command-goto", DEMO, 80, 12, 0, false, "2 : '30' Enter"},
    {"command-share", DEMO, 80, 10, 0, false, "2 : '50%' Enter"},
    {"command-unknown", DEMO, 80, 10, 0, false, ": 'nothing' Enter"},
    {"command-completion", DEMO, 80, 10, 256, false, ": 'sort' Tab Tab"},
    {"command-completion-many", DEMO, 40, 8, 0, false, ": 's' Tab S-Tab"},
    {"command-sort", DEMO, 80, 10, 0, false, ": 'sort pe' Tab ':a' Tab Enter"},
    {"command-sort-title", DEMO, 80, 10, 0, false, "2 : 'sort MS' Enter"},
    {"sort-from-the-top", DEMO, 80, 10, 256, false, "2 T I j k M"},
    {"sort-sideways", DEMO, 80, 10, 0, false, "2 > < < < I"},
    {"sort-sideways-around", DEMO, 40, 8, 0, false, ">"},
    {"sort-sideways-back", DEMO, 80, 10, 0, false, "< < < < < < < <"},
    {"sort-sideways-nowhere", DEMO, 40, 8, 0, false, ": 'set hide.functions=target calls first entry peak growth kept increment heat trend line contents file' Enter > >"},
    {"marks-around", DEMO, 80, 10, 0, false, "m m u u"},
    {"marks-only", DEMO, 80, 10, 0, false, "m k u"},
    {"log-marks-around", DEMO, 80, 10, 0, false, "4 m m g U"},
    {"options-search-around", DEMO, 80, 10, 0, false, "o / 'heat' Enter N"},
    {"sort-from-below", DEMO, 80, 10, 256, false, "2 T I j M"},
    {"command-set", DEMO, 80, 10, 0, false, ": 'set hide.fun' Tab 'pe' Tab Space 'tar' Tab Enter"},
    {"command-set-unknown", DEMO, 80, 10, 0, false, ": 'set them=light' Enter"},
    {"command-set-wrong", DEMO, 80, 10, 0, false, ": 'set theme=pink' Enter"},
    {"command-filter", DEMO, 80, 10, 0, false, "\\ 'Leaky' Enter \\ C-u '!Build' Enter : 'filter ' Tab S-Tab Enter"},
    {"command-view", DEMO, 80, 10, 0, false, ": 'vi' Tab Tab Space 'li' Tab Enter"},
    {"command-help", DEMO, 80, 10, 0, false, ": 'help sort-m' Tab Tab Enter"},
    {"functions-light", DEMO, 80, 24, 256, false, ": 'theme light' Enter j"},
    {"functions-mono", DEMO, 80, 24, 256, false, ": 'theme mono' Enter j"},
    {"functions-light-16-colours", DEMO, 80, 10, 16, false, ": 'theme light' Enter j"},
    {"report-light", CORPUS "sequential-false.log", 80, 24, 256, false, ": 'theme light' Enter 2 Enter"},
    {"options-light", DEMO, 80, 24, 256, false, ": 'theme light' Enter o Space Right"},
    {"options-all", DEMO, 120, 160, 0, false, "o"},
    {"options-panel", DEMO, 80, 10, 0, false, "o j j j j Right"},
    {"options-colours", DEMO, 80, 24, 256, false, "o G : 'set colors.crumb=bright-white blue underline' Enter"},
    {"options-search", DEMO, 80, 24, 0, false, "o / 'heat' Enter n"},
    {"options-typed", DEMO, 80, 24, 0, false, "o / 'quit' Enter Enter Space 'X' Enter"},
    {"marks", DEMO, 80, 12, 256, false, "m j m U"},
    {"message-small", DEMO, 40, 8, 256, false, "2 d"},
    {"message-panel", DEMO, 80, 10, 256, false, "2 m m m d"},
    {"crumbs", DEMO, 80, 10, 256, false, "1 Enter Enter Enter"},
    {"crumbs-small", DEMO, 40, 8, 256, false, "1 j Enter Enter Enter g m j d"},
    {"crumbs-plain", DEMO, 60, 8, 0, true, "1 Enter Enter Enter"},
    {"log-explain", DEMO, 80, 12, 0, false, "4 : '111' Enter x"},
    {"log-explain-call", DEMO, 40, 8, 0, false, "4 / 'Executing' Enter x"},
    {"log-explain-other", DEMO, 80, 12, 0, false, "4 x"},
    {"options-explain", DEMO, 40, 8, 256, false, "o / 'map' Enter x"},
    {"options-long", DEMO, 40, 8, 0, false, "o / 'map' Enter"},
    {"compare-history", DEMO, 80, 12, 0, false, "3 j Enter m j j d"},
    {"command-set-key", DEMO, 80, 10, 0, false, ": 'set keys.open=Ent' Tab ' F1' Tab Tab"},
    {"nothing-to-do", DEMO, 80, 10, 0, false, "x v"},
    {"for-the-log", DEMO, 80, 10, 0, false, "D"},
    {"quit-question", DEMO, 80, 10, 0, false, "q"},
    {"empty-all", NULL, 80, 60, 0, false, ""},
    {"empty-small", NULL, 40, 8, 0, false, "j"},
    {"empty-copied", NULL, 80, 10, 0, false, "y"},
    {"no-row", DEMO, 80, 10, 0, false, "\\ 'nowhere' Enter m"},
};

enum { CASES = sizeof cases / sizeof *cases };

/* Every view, which is looked at in every size below, in colour and without: one file for each. */
static const struct ViewCase {
    const char *name, *capture, *keys;
} views[] = {
    {"functions", DEMO, ""},
    {"invocations", CORPUS "failing.log", "2"},
    {"lines", DEMO, "3"},
    {"log", DEMO, "4 : '111' Enter"},
    {"reports", CORPUS "nested.log", "2 Enter"},
    {"report", DEMO, "2 Enter Enter"},
    {"history", CORPUS "leak.log", "3 Enter"},
    {"compare", CORPUS "sequential-true.log", "2 m d"},
    {"help", DEMO, "?"},
    {"options", DEMO, "o j j"},
    {"explain", DEMO, "x"},
    {"menu", DEMO, "s"},
    {"empty", NULL, ""},
};

static const int view_sizes[][2] = {{80, 24}, {120, 40}, {200, 60}, {80, 10}, {40, 8}};

enum { VIEWS = sizeof views / sizeof *views, SIZES = sizeof view_sizes / sizeof *view_sizes };

/* What is under test. */
typedef struct Screen {
    Model *model;
    Parser *parser;
    Id source;
    Ui *ui;
    int fd;
    UiInput input;
    LogTexts *texts;
    LogHost log_host;
    UiLogText log;
    bool later; /* frames can be asked for, and one is soon */
    bool quit;
    const UiInput *several; /* instead of `input`, three */
    bool free_to_quit; /* nothing is to be asked before */
    Buffer edited; /* what the editor was last asked for */
} Screen;

static const char *question(void *ctx)
{
    return ((Screen *)ctx)->free_to_quit ? NULL : "func start is still running. Stop it and quit?";
}

static void on_quit(void *ctx)
{
    ((Screen *)ctx)->quit = true;
}

static const UiInput *inputs(void *ctx, size_t *count)
{
    const Screen *s = ctx;
    *count = s->several ? 3 : 1;
    return s->several ? s->several : &s->input;
}

static const char *source_folder(void);

static bool code(void *ctx, Span path, Buffer *text)
{
    (void)ctx;
    Buffer to = {0};
    buffer_printf(&to, "%s/examples/demo-app-v1", source_folder());
    PathMap map = {SPAN("/home/dev/demo"), buffer_text(&to)};
    bool there = code_read(&map, 1, path, text);
    buffer_free(&to);
    return there;
}

static void edit(void *ctx, Span path, uint32_t line)
{
    Screen *s = ctx;
    buffer_clear(&s->edited);
    buffer_printf(&s->edited, "%.*s:%u", SPAN_ARG(path), line);
}

static void draw_later(void *ctx, unsigned ms)
{
    ((Screen *)ctx)->later = ms < 1000; /* what is asked for in some seconds is only the end of a sentence */
}

static void screen_model(Screen *s, const char *name)
{
    s->model = model_new();
    s->texts = log_texts_new();
    s->source = model_source_add(s->model, span_of(name));
    s->parser = parser_new(NULL, model_source_sink(s->model, s->source));
    s->input = (UiInput){.name = name, .state = UI_INPUT_FOLLOWING, .left_ms = -1};
}

static void screen_feed(Screen *s, Span bytes)
{
    parser_feed(s->parser, bytes.ptr, bytes.len);
    if (bytes.len)
        log_texts_feed(s->texts, s->source, bytes.ptr, bytes.len);
    ParserStats stats = parser_stats(s->parser);
    model_source_progress(s->model, s->source, stats.format, stats.bytes, stats.lines, stats.damaged);
    if (s->ui)
        ui_model_changed(s->ui);
}

static void screen_end(Screen *s)
{
    parser_finish(s->parser);
    log_texts_end(s->texts, s->source);
    screen_feed(s, SPAN(""));
    model_source_end(s->model, s->source);
    s->input.state = UI_INPUT_ENDED;
}

static void screen_open(Screen *s, int columns, int rows, int colours, bool ascii)
{
    char text[16], *error = NULL;
    snprintf(text, sizeof text, "%d", rows);
    setenv("LINES", text, 1);
    snprintf(text, sizeof text, "%d", columns);
    setenv("COLUMNS", text, 1);
    unsetenv("COLORFGBG");
    s->fd = open("/dev/null", O_RDWR);
    Settings settings = {0};
    settings_init(&settings);
    settings.ascii = ascii;
    settings.theme = THEME_DARK;
    UiOptions options = {.fd = s->fd, .terminal_type = "xterm-256color", .colours = colours, .settings = &settings};
    s->log_host = (LogHost){.model = s->model, .texts = s->texts};
    s->log = log_host_text(&s->log_host);
    UiHost host = {.ctx = s, .quit_question = question, .quit = on_quit, .inputs = inputs, .log = &s->log, .code = code, .edit = edit};
    host.draw_later = s->later ? draw_later : NULL;
    s->ui = ui_open(&options, s->model, host, &error);
    settings_free(&settings);
    ck_assert_msg(s->ui != NULL, "%s", error ? error : "no screen");
    ui_draw(s->ui);
}

static void screen_close(Screen *s)
{
    ui_close(s->ui);
    parser_free(s->parser);
    model_free(s->model);
    log_texts_free(s->texts);
    log_host_free(&s->log_host);
    buffer_free(&s->edited);
    close(s->fd);
}

static void press(Screen *s, Key key)
{
    ui_key(s->ui, (KeyEvent){.key = key});
    ui_draw(s->ui);
}

static void press_all(Screen *s, const char *keys)
{
    Span names = span_of(keys), name;
    while (key_presses_take(&names, &name))
        ck_assert_msg(ui_press(s->ui, name), "no key \"%.*s\"", SPAN_ARG(name));
}

/* Pictures. */

static const char *source_folder(void)
{
    const char *folder = getenv("srcdir");
    return folder && *folder ? folder : ".";
}

static bool read_file(const char *path, Buffer *content)
{
    char piece[PIECE];
    FILE *file = fopen(path, "rb");
    if (!file)
        return false;
    for (size_t n; (n = fread(piece, 1, sizeof piece, file)) > 0;)
        buffer_append(content, piece, n);
    fclose(file);
    return true;
}

/* The line of `text` in which it first differs from `other`. */
static Span differing_line(Span text, Span other)
{
    size_t at = 0, start = 0, end;
    while (at < text.len && at < other.len && text.ptr[at] == other.ptr[at])
        start = text.ptr[at++] == '\n' ? at : start;
    for (end = start; end < text.len && text.ptr[end] != '\n';)
        end++;
    return (Span){text.ptr + start, end - start};
}

/* Compares with the file of that name, or writes it. */
static void check_picture(const char *name, Buffer *got)
{
    Buffer path = {0}, want = {0};
    const char *update = getenv("UPDATE_SCREENS");
    buffer_printf(&path, "%s/tests/screens/%s.txt", source_folder(), name);
    if (update && *update) {
        FILE *file = fopen(buffer_text(&path), "wb");
        ck_assert_msg(file != NULL, "cannot write %s", buffer_text(&path));
        fwrite(got->data, 1, got->len, file);
        fclose(file);
    }
    ck_assert_msg(read_file(buffer_text(&path), &want), "cannot read %s: UPDATE_SCREENS=1 makes it", buffer_text(&path));
    Span is = buffer_span(got), was = buffer_span(&want);
    ck_assert_msg(span_eq(is, was), "%s has changed. A line was\n%.*s\nand is\n%.*s", name, SPAN_ARG(differing_line(was, is)),
                  SPAN_ARG(differing_line(is, was)));
    buffer_free(&path);
    buffer_free(&want);
}

static void check_screen(const char *name, const char *title, int colours)
{
    Buffer got = {0};
    buffer_printf(&got, "%s\n\n", title);
    picture_text(&got);
    if (colours) {
        buffer_append_byte(&got, '\n');
        picture_looks(&got);
    }
    check_picture(name, &got);
    buffer_free(&got);
}

static void feed_capture(Screen *s, const char *capture)
{
    Buffer path = {0}, content = {0};
    buffer_printf(&path, "%s/%s", source_folder(), capture);
    ck_assert_msg(read_file(buffer_text(&path), &content), "cannot read %s", buffer_text(&path));
    screen_feed(s, buffer_span(&content));
    buffer_free(&path);
    buffer_free(&content);
}

START_TEST(looks_as_it_should)
{
    const ScreenCase *c = &cases[_i];
    Screen s = {0};
    Buffer title = {0};
    const char *slash = c->capture ? strrchr(c->capture, '/') : NULL;
    screen_model(&s, slash ? slash + 1 : "standard input");
    if (c->capture) {
        feed_capture(&s, c->capture);
        screen_end(&s);
    }
    screen_open(&s, c->columns, c->rows, c->colours, c->ascii);
    press_all(&s, c->keys);
    buffer_printf(&title, "%s, %d x %d, %d colours%s: %s", s.input.name, c->columns, c->rows, c->colours, c->ascii ? ", ASCII" : "",
                  *c->keys ? c->keys : "no key");
    check_screen(c->name, buffer_text(&title), c->colours);
    buffer_free(&title);
    screen_close(&s);
}
END_TEST

/* One view in one size, with a letter for the look of each cell; returns what stands there. */
static Buffer append_view(const struct ViewCase *view, const int size[2], int colours, Buffer *got)
{
    Screen s = {0};
    Buffer text = {0};
    const char *slash = view->capture ? strrchr(view->capture, '/') : NULL;
    screen_model(&s, slash ? slash + 1 : "standard input");
    if (view->capture) {
        feed_capture(&s, view->capture);
        screen_end(&s);
    }
    screen_open(&s, size[0], size[1], colours, false);
    press_all(&s, view->keys);
    picture_text(&text);
    if (colours) {
        buffer_printf(got, "== %d x %d\n\n", size[0], size[1]);
        buffer_append_span(got, buffer_span(&text));
    }
    buffer_printf(got, "\n-- %d colours\n\n", colours);
    picture_looks(got);
    buffer_append_span(got, colours ? SPAN("") : SPAN("\n"));
    screen_close(&s);
    return text;
}

/* Without colours a view says the same as with them. */
START_TEST(views_look_as_they_should)
{
    const struct ViewCase *view = &views[_i];
    Buffer got = {0}, name = {0};
    buffer_printf(&got, "# %s: %s\n\n", view->capture ? view->capture : "no input", *view->keys ? view->keys : "no key");
    for (size_t i = 0; i < SIZES; i++) {
        Buffer coloured = append_view(view, view_sizes[i], 256, &got), plain = append_view(view, view_sizes[i], 0, &got);
        ck_assert_str_eq(buffer_text(&coloured), buffer_text(&plain));
        buffer_free(&coloured);
        buffer_free(&plain);
    }
    buffer_printf(&name, "view-%s", view->name);
    check_picture(buffer_text(&name), &got);
    buffer_free(&name);
    buffer_free(&got);
}
END_TEST

/* Behaviour that a picture does not show. */

static size_t row_of_text(const char *text)
{
    Buffer all = {0};
    size_t row = 0;
    picture_text(&all);
    Span rest = buffer_span(&all);
    ptrdiff_t at = span_find(rest, span_of(text));
    ck_assert_msg(at >= 0, "no \"%s\" in:\n%s", text, buffer_text(&all));
    for (ptrdiff_t i = 0; i < at; i++)
        row += all.data[i] == '\n';
    buffer_free(&all);
    return row;
}

static bool screen_has(const char *text)
{
    Buffer all = {0};
    picture_text(&all);
    bool found = span_find(buffer_span(&all), span_of(text)) >= 0;
    buffer_free(&all);
    return found;
}

/* New data never moves what a person looks at. */
START_TEST(selection_stays_with_its_row)
{
    Screen s = {0};
    Buffer path = {0}, content = {0};
    buffer_printf(&path, "%s/%s", source_folder(), DEMO);
    ck_assert(read_file(buffer_text(&path), &content));
    screen_model(&s, "demo.log");
    size_t half = content.len / 2;
    screen_feed(&s, span_to(buffer_span(&content), half));
    screen_open(&s, 80, 12, 256, false);
    press_all(&s, "2 j j j");
    const View *view = ui_main_view(s.ui);
    Area area = view->area;
    Buffer before = {0}, after = {0};
    char look;
    for (int column = 14; column < 50; column++)
        terminal_read_back(area.row + 4, column, &before, &look);
    ck_assert_int_eq(look, '#');
    for (size_t at = half; at < content.len; at += 997) {
        screen_feed(&s, span_to(span_from(buffer_span(&content), at), 997));
        ui_draw(s.ui);
        Buffer row = {0};
        for (int column = 14; column < 50; column++)
            terminal_read_back(area.row + 4, column, &row, &look);
        ck_assert_int_eq(look, '#');
        buffer_free(&row);
    }
    for (int column = 14; column < 50; column++)
        terminal_read_back(area.row + 4, column, &after, &look);
    ck_assert_msg(span_eq(span_to(buffer_span(&before), 24), span_to(buffer_span(&after), 24)), "\"%s\" became \"%s\"",
                  buffer_text(&before), buffer_text(&after));
    buffer_free(&before);
    buffer_free(&after);
    buffer_free(&path);
    buffer_free(&content);
    screen_close(&s);
}
END_TEST

/* A call is there from its beginning, also while its first report is being printed. */
START_TEST(calls_are_shown_from_their_beginning)
{
    static const char *const captures[] = {CORPUS "sequential-false.log", CORPUS "nested.log", CORPUS "concurrent.log", CORPUS "failing.log", CORPUS "leak.log"};
    Screen s = {0};
    Buffer path = {0}, content = {0};
    buffer_printf(&path, "%s/%s", source_folder(), captures[_i]);
    ck_assert(read_file(buffer_text(&path), &content));
    screen_model(&s, "a.log");
    screen_open(&s, 80, 12, 0, false);
    press_all(&s, "2");
    for (size_t at = 0; at < content.len; at += 100) {
        screen_feed(&s, span_to(span_from(buffer_span(&content), at), 100));
        ui_draw(s.ui);
        ck_assert(!screen_has("left out"));
    }
    buffer_free(&path);
    buffer_free(&content);
    screen_close(&s);
}
END_TEST

/* Whoever watches data come in sees how much of it there is, and not what the last key said. */
START_TEST(messages_make_room_for_what_comes)
{
    static const struct {
        const char *keys, *says;
        bool stays;
    } messages[] = {{"F", "Follows the newest", false}, {": 'nothing' Enter", "There is no action", true}};
    Screen s = {0};
    Buffer path = {0}, content = {0};
    buffer_printf(&path, "%s/%s", source_folder(), DEMO);
    ck_assert(read_file(buffer_text(&path), &content));
    screen_model(&s, "demo.log");
    screen_feed(&s, span_to(buffer_span(&content), content.len / 2));
    screen_open(&s, 80, 12, 0, false);
    for (size_t i = 0; i < sizeof messages / sizeof *messages; i++) {
        press_all(&s, messages[i].keys);
        screen_feed(&s, span_to(span_from(buffer_span(&content), content.len / 2 + i * 2000), 1000));
        ui_draw(s.ui);
        ck_assert(screen_has(messages[i].says));
        s.ui->message_until_ns -= INT64_C(5000000000);
        screen_feed(&s, span_to(span_from(buffer_span(&content), content.len / 2 + i * 2000 + 1000), 1000));
        ui_draw(s.ui);
        ck_assert(screen_has(messages[i].says) == messages[i].stays);
    }
    buffer_free(&path);
    buffer_free(&content);
    screen_close(&s);
}
END_TEST

/* What comes of something in the background is seen by who goes on pressing keys. */
START_TEST(news_outlive_keys)
{
    for (int bad = 0; bad < 2; bad++) {
        Screen s = {0};
        screen_model(&s, "demo.log");
        feed_capture(&s, DEMO);
        screen_open(&s, 80, 12, 0, false);
        ui_news(s.ui, bad, "3 rows written");
        press_all(&s, "j k j");
        ck_assert(screen_has("3 rows written"));
        s.ui->message_until_ns -= INT64_C(5000000000);
        press_all(&s, "j");
        ck_assert(!screen_has("3 rows written"));
        ui_news(s.ui, bad, "4 rows written");
        press_all(&s, "F");
        ck_assert(screen_has("Follows the newest"));
        screen_close(&s);
    }
}
END_TEST

START_TEST(pause_freezes_the_view)
{
    Screen s = {0};
    Buffer path = {0}, content = {0};
    buffer_printf(&path, "%s/%s", source_folder(), DEMO);
    ck_assert(read_file(buffer_text(&path), &content));
    screen_model(&s, "demo.log");
    screen_feed(&s, span_to(buffer_span(&content), content.len / 4));
    screen_open(&s, 80, 12, 0, false);
    press_all(&s, "2 p");
    Buffer before = {0}, after = {0};
    picture_text(&before);
    screen_feed(&s, span_from(buffer_span(&content), content.len / 4));
    ck_assert(ui_draw(s.ui));
    picture_text(&after);
    /* the first ten lines are the table, the eleventh is the status */
    size_t table = 0;
    for (int lines = 0; lines < 10; table++)
        lines += before.data[table] == '\n';
    ck_assert(span_eq(span_to(buffer_span(&before), table), span_to(buffer_span(&after), table)));
    press_all(&s, "j");
    ck_assert(screen_has("paused"));
    ck_assert(screen_has(" new"));
    press_all(&s, "p");
    ck_assert(!screen_has("paused"));
    buffer_free(&before);
    buffer_free(&after);
    buffer_free(&path);
    buffer_free(&content);
    screen_close(&s);
}
END_TEST

/* What is loaded says how far it is; what was there at the beginning is not new, and what comes afterwards is. */
START_TEST(loading_says_how_far_it_is)
{
    static const struct {
        UiInput input;
        const char *says;
    } states[] = {
        {{.state = UI_INPUT_LOADING, .left_ms = -1}, " loading · "},
        {{.state = UI_INPUT_LOADING, .position = 5 << 20, .left_ms = -1}, " loading 5.0 MiB · "},
        {{.state = UI_INPUT_LOADING, .position = 430 << 20, .size = 1 << 30, .left_ms = -1}, " loading 41 %  430 MiB of 1.0 GiB · "},
        {{.state = UI_INPUT_LOADING, .position = 430 << 20, .size = 1 << 30, .left_ms = 1500}, " 430 MiB of 1.0 GiB  2 s left · "},
        {{.state = UI_INPUT_LOADING, .position = 430 << 20, .size = 1 << 30, .left_ms = 300000}, " 430 MiB of 1.0 GiB  5 min left · "},
        {{.state = UI_INPUT_FOLLOWING, .left_ms = -1}, " following · "},
        {{.state = UI_INPUT_STOPPED, .position = 430 << 20, .size = 1 << 30, .left_ms = 5}, " stopped at 41 %  430 MiB of 1.0 GiB · "},
    };
    Screen s = {0};
    Buffer path = {0}, content = {0};
    buffer_printf(&path, "%s/%s", source_folder(), DEMO);
    ck_assert(read_file(buffer_text(&path), &content));
    screen_model(&s, "demo.log");
    s.input = states[0].input;
    screen_open(&s, 80, 12, 0, false);
    for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
        s.input = states[i].input;
        screen_feed(&s, span_to(span_from(buffer_span(&content), i * 5000), 5000));
        ui_inputs_changed(s.ui);
        ui_draw(s.ui);
        ck_assert_msg(screen_has(states[i].says), "%s", states[i].says);
        ck_assert(!screen_has(" new"));
    }
    s.input.state = UI_INPUT_FOLLOWING;
    screen_feed(&s, span_from(buffer_span(&content), 5000 * sizeof states / sizeof *states));
    ui_draw(s.ui);
    ck_assert(screen_has(" new"));
    buffer_free(&path);
    buffer_free(&content);
    screen_close(&s);
}
END_TEST

/* The breadcrumb has the shortest name that is no other's, in every view. */
START_TEST(inputs_have_short_names)
{
    static const struct {
        const char *names[3], *crumb;
    } inputs_of[] = {
        {{"/var/log/a.log", "/var/log/b.log", "/var/log/c.log"}, " a.log +2"},
        {{"/var/one/a.log", "/var/two/a.log", "b.log"}, " one/a.log +2"},
        {{"/var/one/a.log", "/tmp/one/a.log", "a.log"}, " var/one/a.log +2"},
        {{"a.log", "/tmp/one/a.log", "b.log"}, " a.log +2"},
        {{"/var/a.log", "/tmp/aa.log", "logs.zip:one/b.log"}, " a.log +2"},
        {{"/var/a.log", "/tmp/b.log", "logs.zip:one/a.log"}, " var/a.log +2"},
        {{"standard input", "/tmp/b.log", "c.log"}, " standard input +2"},
    };
    for (size_t i = 0; i < sizeof inputs_of / sizeof *inputs_of; i++) {
        UiInput all[3] = {0};
        for (size_t k = 0; k < 3; k++)
            all[k] = (UiInput){.name = inputs_of[i].names[k], .state = UI_INPUT_ENDED, .left_ms = -1};
        Screen s = {.several = all};
        screen_model(&s, inputs_of[i].names[0]);
        feed_capture(&s, DEMO);
        screen_open(&s, 120, 12, 0, false);
        for (const char *key = "1\0002\0004\0"; *key; key += 2) {
            press_all(&s, key);
            ck_assert_msg(row_of_text(inputs_of[i].crumb) == 0, "%s", inputs_of[i].crumb);
            ck_assert_msg(!screen_has("/var/"), "%s", inputs_of[i].crumb);
        }
        screen_close(&s);
    }
}
END_TEST

/* Of several inputs it is said how many have failed, and what the others do. */
START_TEST(failed_inputs_are_counted)
{
    static const char why[] = "cannot read /tmp/none.log: no such file or directory";
    UiInput failed = {.name = "/tmp/none.log", .state = UI_INPUT_FAILED, .left_ms = -1, .text = why};
    UiInput live = {.name = "a.log", .state = UI_INPUT_FOLLOWING, .left_ms = -1}, over = {.name = "b.log", .state = UI_INPUT_ENDED, .left_ms = -1};
    const struct {
        UiInput inputs[3];
        const char *says;
    } states[] = {
        {{failed, live, over}, " 1 of 3 inputs failed \xc2\xb7 following \xc2\xb7 1 of "},
        {{over, failed, failed}, " 2 of 3 inputs failed \xc2\xb7 ended \xc2\xb7 1 of "},
        {{failed, failed, failed}, " 3 of 3 inputs failed \xc2\xb7 1 of "},
        {{over, live, over}, " following \xc2\xb7 1 of "},
    };
    Screen s = {0};
    screen_model(&s, "a.log");
    feed_capture(&s, DEMO);
    screen_open(&s, 80, 12, 0, false);
    for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
        s.several = states[i].inputs;
        ui_inputs_changed(s.ui);
        ui_draw(s.ui);
        ck_assert_msg(screen_has(states[i].says), "%s", states[i].says);
    }
    s.several = NULL;
    s.input = failed;
    ui_inputs_changed(s.ui);
    ui_draw(s.ui);
    ck_assert(screen_has(why));
    ck_assert(!screen_has("none.log: cannot"));
    screen_close(&s);
}
END_TEST

START_TEST(escape_goes_back_step_by_step_and_never_quits)
{
    Screen s = {0};
    screen_model(&s, "demo.log");
    feed_capture(&s, DEMO);
    screen_end(&s);
    screen_open(&s, 80, 24, 0, false);
    press_all(&s, "3 \\ 'await' Enter / 'page' Enter Enter");
    press_all(&s, "Esc"); /* the history of the line */
    ck_assert(screen_has("/page"));
    press_all(&s, "Esc");
    ck_assert(!screen_has("/page"));
    ck_assert(screen_has("filter await"));
    press_all(&s, "Esc");
    ck_assert(!screen_has("filter await"));
    press_all(&s, "Esc Esc Esc h Left Backspace");
    ck_assert(screen_has("This is the first view. q quits."));
    ck_assert(!s.quit);
    press_all(&s, "q n");
    ck_assert(!s.quit);
    press_all(&s, "q y");
    ck_assert(s.quit);
    screen_close(&s);
}
END_TEST

/* What is no longer kept row by row is said, and what opens without rows says why. */
/* A question whose reason is gone is answered by that. */
START_TEST(quit_question_goes_with_its_reason)
{
    for (int well = 0; well < 2; well++) {
        Screen s = {0};
        screen_model(&s, "demo.log");
        feed_capture(&s, DEMO);
        screen_open(&s, 80, 24, 0, false);
        ui_quit_changed(s.ui, well);
        press_all(&s, "q");
        ck_assert(screen_has("Stop it and quit?"));
        ui_quit_changed(s.ui, well);
        ui_draw(s.ui);
        ck_assert(screen_has("Stop it and quit?"));
        ck_assert(!s.quit);
        s.free_to_quit = true;
        ui_quit_changed(s.ui, well);
        ui_draw(s.ui);
        ck_assert(!screen_has("Stop it and quit?"));
        ck_assert_int_eq(s.quit, well);
        s.quit = false;
        press_all(&s, "?");
        ui_quit_changed(s.ui, well); /* the help is no question */
        ck_assert(!s.quit);
        screen_close(&s);
    }
}
END_TEST

START_TEST(summarised_reports_look_as_they_should)
{
    static const struct {
        const char *name, *title, *keys;
        int columns, rows;
    } pictures[] = {
        {"summarised", "leak.log, at most 2 reports kept, 80 x 24: no key", "", 80, 24},
        {"summarised-small", "leak.log, at most 2 reports kept, 40 x 8: 2 Enter", "2 Enter", 40, 8},
        {"summarised-report", "leak.log, at most 2 reports kept, 80 x 12: 2 T I g Enter", "2 T I g Enter", 80, 12},
        {"summarised-history", "leak.log, at most 2 reports kept, 80 x 24: 3 Enter", "3 Enter", 80, 24},
        {"summarised-quiet", "leak.log, at most 2 reports kept, 120 x 12: 3 c j", "3 c j", 120, 12},
    };
    Screen s = {0};
    screen_model(&s, "leak.log");
    feed_capture(&s, CORPUS "leak.log");
    screen_end(&s);
    model_retain(s.model, &(Retention){.reports_per_target = 2}, s.model->closed.len);
    screen_open(&s, pictures[_i].columns, pictures[_i].rows, 0, false);
    press_all(&s, pictures[_i].keys);
    check_screen(pictures[_i].name, pictures[_i].title, 0);
    screen_close(&s);
}
END_TEST

/* Whatever a log says, every line of the screen is as wide as the screen and free of control characters. */
START_TEST(nasty_text_does_not_break_the_layout)
{
    static const char log[] =
        "[2026-01-01T00:00:00.000Z] memory_profiler_logs: Filename: /home/\x1b[31mdev\x1b[0m/日本語/a\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81.py\n"
        "[2026-01-01T00:00:00.000Z] memory_profiler_logs: Line #    Mem usage    Increment  Occurrences   Line Contents\n"
        "[2026-01-01T00:00:00.000Z] memory_profiler_logs: ============================================================\n"
        "[2026-01-01T00:00:00.000Z] memory_profiler_logs:      1     10.0 MiB     10.0 MiB           1   def 名前(x):\x07\x08\n"
        "[2026-01-01T00:00:00.000Z] memory_profiler_logs:      2     12.0 MiB      2.0 MiB           1   \tx = '\xe2\x80\xae evil \xe2\x80\xac'\n"
        "[2026-01-01T00:00:00.000Z] memory_profiler_logs:      3     13.0 MiB      1.0 MiB           1       '日本語日本語日本語日本語日本語日本語日本語日本語'\n"
        "[2026-01-01T00:00:00.000Z] memory_profiler_logs:      4     14.0 MiB      1.0 MiB           1       '👩‍👩‍👧‍👦 🇩🇪 ☺️ e\xcc\x81 \xff\xfe\xc0\x80 \xef\xbf\xbf'\n"
        "[2026-01-01T00:00:00.000Z] memory_profiler_logs:      5     15.0 MiB      1.0 MiB           1       \x1b]0;title\x07\x1b[2J\x9b 31m\n"
        "[2026-01-01T00:00:00.000Z] memory_profiler_logs: \n";
    Screen s = {0};
    screen_model(&s, "na\x1b[1msty.log");
    screen_feed(&s, (Span){log, sizeof log - 1});
    screen_end(&s);
    screen_open(&s, 60, 14, 0, false);
    press_all(&s, "2 Enter");
    check_screen("nasty", "text that would like to break the layout, 60 x 14: 2 Enter", 0);
    for (const char *keys = "1234"; *keys; keys++) {
        press(&s, (Key)*keys);
        for (int i = 0; i < 20; i++) {
            press_all(&s, i < 10 ? "L" : "H");
            for (int row = 0; row < terminal_rows(); row++) {
                for (int column = 0; column < terminal_columns(); column++) {
                    Buffer text = {0};
                    char look;
                    terminal_read_back(row, column, &text, &look);
                    for (size_t k = 0; k < text.len; k++)
                        ck_assert((unsigned char)text.data[k] >= ' ' && text.data[k] != 0x7f);
                    buffer_free(&text);
                }
            }
        }
    }
    screen_close(&s);
}
END_TEST

/* Every action can be performed everywhere, at every size. */
START_TEST(no_action_breaks_anything)
{
    static const char *const places[] = {"", "2", "3", "2 Enter", "3 Enter", "4", "4 G", "2 v", "?", "s", "x", "Y", "/", "\\", ":",
                                         "2 \\ 'zzz' Enter", "o", "o / 'quit' Enter", ": 's' Tab Tab"};
    static const int sizes[][2] = {{80, 24}, {40, 8}, {20, 4}, {200, 60}};
    for (size_t place = 0; place < sizeof places / sizeof *places; place++) {
        for (size_t size = 0; size < sizeof sizes / sizeof *sizes; size++) {
            Screen s = {0};
            screen_model(&s, "demo.log");
            if (_i) {
                feed_capture(&s, CORPUS "nested.log");
                screen_end(&s);
            }
            screen_open(&s, sizes[size][0], sizes[size][1], 256, false);
            for (int action = 0; action < ACTION_COUNT; action++) {
                press_all(&s, "Esc Esc Esc Esc Esc Esc 1");
                press_all(&s, places[place]);
                ui_perform(s.ui, (ActionId)action);
                ui_draw(s.ui);
            }
            ui_resize(s.ui, 50, 150);
            ui_draw(s.ui);
            screen_close(&s);
        }
    }
}
END_TEST

/* A person's keys, or a paste, may come faster than frames. */
START_TEST(keys_before_the_first_frame_count)
{
    static const char *const openers[] = {"?", "o", "x", "s"};
    for (size_t i = 0; i < sizeof openers / sizeof *openers; i++) {
        Screen s = {0};
        Buffer slow = {0}, fast = {0};
        screen_model(&s, "demo.log");
        feed_capture(&s, DEMO);
        screen_end(&s);
        screen_open(&s, 80, 10, 0, false);
        press_all(&s, openers[i]);
        press_all(&s, "G");
        picture_text(&slow);
        press_all(&s, "Esc");
        ui_key(s.ui, (KeyEvent){.key = (Key)*openers[i]});
        ui_key(s.ui, (KeyEvent){.key = 'G'});
        ui_draw(s.ui);
        picture_text(&fast);
        ck_assert_str_eq(buffer_text(&fast), buffer_text(&slow));
        buffer_free(&slow);
        buffer_free(&fast);
        screen_close(&s);
    }
}
END_TEST

START_TEST(clicks_do_what_they_point_at)
{
    Screen s = {0};
    screen_model(&s, "log");
    feed_capture(&s, CORPUS "sequential-true.log");
    screen_end(&s);
    screen_open(&s, 80, 24, 0, false);
    KeyEvent click = {.key = KEYCODE_MOUSE, .mouse = MOUSE_CLICK, .row = 3, .column = 4};
    ui_key(s.ui, click);
    ui_draw(s.ui);
    ck_assert(screen_has("2 of 3"));
    ui_key(s.ui, click); /* the selected row: opens it */
    ui_draw(s.ui);
    ck_assert_ptr_nonnull(ui_below(s.ui, ui_top(s.ui)));
    click = (KeyEvent){.key = KEYCODE_MOUSE, .mouse = MOUSE_CLICK, .row = 0, .column = 68};
    ui_key(s.ui, click); /* the tab */
    ui_draw(s.ui);
    ck_assert(screen_has("of 8"));
    click = (KeyEvent){.key = KEYCODE_MOUSE, .mouse = MOUSE_CLICK, .row = 1, .column = 34};
    ui_key(s.ui, click); /* a header */
    ui_draw(s.ui);
    ck_assert(screen_has("Sorted by"));
    ck_assert_uint_eq(row_of_text("Sorted by"), 22);
    screen_close(&s);
}
END_TEST

START_TEST(a_second_click_opens_the_line)
{
    Screen s = {0};
    screen_model(&s, "log");
    feed_capture(&s, CORPUS "sequential-true.log");
    screen_end(&s);
    screen_open(&s, 80, 24, 0, false);
    press(&s, '4');
    KeyEvent click = {.key = KEYCODE_MOUSE, .mouse = MOUSE_CLICK, .row = 18, .column = 4};
    ui_key(s.ui, click);
    ui_draw(s.ui);
    ck_assert_ptr_null(ui_below(s.ui, ui_top(s.ui)));
    ck_assert(screen_has("line 18"));
    ui_key(s.ui, click);
    ui_draw(s.ui);
    ck_assert_ptr_nonnull(ui_below(s.ui, ui_top(s.ui)));
    screen_close(&s);
}
END_TEST

/* The raw log. */

static void feed_lines(Screen *s, size_t bytes, const char *line)
{
    Buffer text = {0};
    while (text.len < bytes)
        buffer_append_span(&text, span_of(line));
    screen_feed(s, buffer_span(&text));
    buffer_free(&text);
}

START_TEST(log_says_what_it_does_not_keep)
{
    Screen s = {0};
    screen_model(&s, "standard input");
    screen_feed(&s, SPAN("the first line\n"));
    screen_open(&s, 80, 10, 0, false);
    press_all(&s, "4");
    ck_assert(screen_has("the first line"));
    feed_lines(&s, LOG_KEPT_BYTES + (5 << 20), "one of very many lines\n");
    screen_feed(&s, SPAN("the last line\n"));
    ui_draw(s.ui);
    ck_assert(!screen_has("the first line"));
    ck_assert_uint_eq(row_of_text("5 MiB of earlier lines are not kept: only the last 32 MiB"), 1);
    press_all(&s, ": '5' Enter");
    ck_assert(screen_has("Line numbers are not known"));
    press_all(&s, "G");
    ck_assert(screen_has("the last line"));
    ck_assert(!screen_has("not kept"));
    press_all(&s, "g");
    ck_assert(screen_has("not kept"));
    screen_close(&s);
}
END_TEST

START_TEST(log_follows_its_end)
{
    Screen s = {0};
    screen_model(&s, "standard input");
    feed_lines(&s, 4000, "before\n");
    screen_open(&s, 80, 10, 0, false);
    press_all(&s, "4 F");
    feed_lines(&s, 4000, "after\n");
    screen_feed(&s, SPAN("the newest\n"));
    ui_draw(s.ui);
    ck_assert_uint_eq(row_of_text("the newest"), 7);
    press_all(&s, "p");
    screen_feed(&s, SPAN("newer still\n"));
    press_all(&s, "C-l");
    ck_assert(!screen_has("newer still"));
    press_all(&s, "p");
    ck_assert(screen_has("newer still"));
    press_all(&s, "k");
    screen_feed(&s, SPAN("the last of all\n"));
    ui_draw(s.ui);
    ck_assert(!screen_has("the last of all"));
    screen_close(&s);
}
END_TEST

/* Lines that pass are shown as they come, those without an end as well, and each once; what is gone is gone. */
START_TEST(log_filter_takes_in_what_comes)
{
    Screen s = {0};
    screen_model(&s, "standard input");
    screen_feed(&s, SPAN("one apple\none pear\nan app"));
    screen_open(&s, 80, 12, 0, false);
    press_all(&s, "4 \\ 'app' Enter");
    ck_assert(screen_has("filter app \xc2\xb7 2 lines"));
    ck_assert_uint_eq(row_of_text("an app"), 2);
    screen_feed(&s, SPAN("le pie\nno fruit\nlast app"));
    ui_draw(s.ui);
    ck_assert(screen_has("filter app \xc2\xb7 3 lines"));
    ck_assert(screen_has("an apple pie"));
    screen_feed(&s, SPAN("ointment\n"));
    ui_draw(s.ui);
    ck_assert(screen_has("filter app \xc2\xb7 3 lines"));
    press_all(&s, "p");
    screen_feed(&s, SPAN("app while paused\n"));
    press_all(&s, "j");
    ck_assert(!screen_has("while paused"));
    press_all(&s, "p F");
    ck_assert(screen_has("while paused"));
    feed_lines(&s, LOG_KEPT_BYTES + (1 << 20), "one of very many lines\n");
    ui_draw(s.ui);
    ck_assert(screen_has("No line passes the filter"));
    screen_feed(&s, SPAN("a new app\n"));
    ui_draw(s.ui);
    ck_assert_uint_eq(row_of_text("a new app"), 1);
    press_all(&s, "Esc");
    ck_assert(screen_has("one of very many lines"));
    screen_close(&s);
}
END_TEST

/* A filter that takes long lets keys through, and comes to the line that was selected. */
START_TEST(log_is_filtered_in_slices)
{
    Screen s = {.later = true};
    screen_model(&s, "standard input");
    screen_feed(&s, SPAN("the first needle\n"));
    feed_lines(&s, 100 << 10, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\n");
    screen_feed(&s, SPAN("the second needle\nthe end\n"));
    screen_open(&s, 80, 12, 0, false);
    press_all(&s, "4 G \\ '(a|aa)+$|needle' Enter");
    ck_assert(screen_has("filtering"));
    press_all(&s, "F1 q");
    for (s.later = true; s.later; ui_draw(s.ui))
        s.later = screen_has("filtering");
    ck_assert(screen_has("2 lines"));
    ck_assert_uint_eq(row_of_text("the second needle"), 2);
    press_all(&s, "C-t j");
    ck_assert(screen_has("the end"));
    press_all(&s, "C-t k");
    ck_assert(screen_has("the first needle"));
    screen_close(&s);
}
END_TEST

/* A search that takes long lets keys through, and any of them ends it. */
START_TEST(log_is_searched_in_slices)
{
    Screen s = {.later = true};
    screen_model(&s, "standard input");
    feed_lines(&s, 4 << 20, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\n");
    screen_feed(&s, SPAN("a needle\n"));
    screen_open(&s, 80, 10, 0, false);
    press_all(&s, "4 / '(a|aa)+$' Enter");
    ck_assert(screen_has("searching 0 %"));
    s.later = false;
    ui_draw(s.ui);
    ck_assert(s.later);
    press_all(&s, "n"); /* the same once more: it goes on */
    ck_assert(!screen_has("Stopped."));
    ck_assert(screen_has("searching"));
    press_all(&s, "N"); /* the other way */
    ck_assert(screen_has("searching"));
    press_all(&s, "j");
    ck_assert(screen_has("Stopped."));
    s.later = false;
    ui_draw(s.ui);
    ck_assert(!s.later);
    press_all(&s, "/ 'n.edle' Enter");
    for (s.later = true; s.later && !screen_has("a needle"); ui_draw(s.ui))
        s.later = false;
    ck_assert(screen_has("a needle"));
    press_all(&s, "N");
    for (s.later = true; s.later; ui_draw(s.ui))
        s.later = screen_has("searching");
    ck_assert(screen_has("Search went on from the bottom."));
    press_all(&s, "Esc g");
    ck_assert(!screen_has("needle"));
    screen_close(&s);
}
END_TEST

static void append_wrapped_line(Buffer *out, int number, size_t length)
{
    buffer_printf(out, "begin %d.", number);
    buffer_append_repeated(out, 'x', length);
    buffer_printf(out, ".end %d.\n", number);
}

/* Where lines are wrapped, pages leave none of them out, in either direction, and whatever is selected is seen as a whole. */
START_TEST(log_pages_show_every_wrapped_line)
{
    enum { LINES = 150 };
    Screen s = {0};
    Buffer text = {0};
    bool seen[2][LINES] = {{false}};
    for (int i = 0; i < LINES; i++)
        append_wrapped_line(&text, i, (size_t)i * 37 % 5 ? (size_t)i * 71 % 60 : (size_t)i * 113 % 300);
    screen_model(&s, "standard input");
    screen_feed(&s, buffer_span(&text));
    screen_open(&s, 60, 12, 0, false);
    press_all(&s, "4 W");
    for (int up = 0; up < 2; up++) {
        for (int page = 0; page < LINES && !(up ? screen_has("begin 0.") : screen_has(".end 149.")); page++) {
            press_all(&s, up ? "b" : "Space");
            Buffer all = {0}, rows = {0};
            picture_text(&all);
            for (size_t i = 0; i < all.len; i++) /* pieces of a line are put together again */
                if (all.data[i] != '\n' && all.data[i] != ' ')
                    buffer_append_byte(&rows, all.data[i]);
            for (int i = 0; i < LINES; i++) {
                Buffer begin = {0};
                buffer_printf(&begin, "begin%d.", i);
                seen[up][i] |= span_find(buffer_span(&rows), buffer_span(&begin)) >= 0;
                buffer_free(&begin);
            }
            buffer_free(&all);
            buffer_free(&rows);
        }
        press_all(&s, up ? "g" : "G");
    }
    for (int i = 20; i < LINES - 20; i++)
        ck_assert_msg(seen[0][i] && seen[1][i], "line %d: %d %d", i, seen[0][i], seen[1][i]);
    for (int i = 1; i < LINES; i++) {
        char end[32];
        press_all(&s, "j");
        snprintf(end, sizeof end, "line %d ", i + 1);
        ck_assert_msg(screen_has(end), "%s", end);
    }
    ck_assert(screen_has("149."));
    buffer_free(&text);
    screen_close(&s);
}
END_TEST

/* What is taller than the screen is cut; a click on any row of a line selects it; a line that is written on grows. */
START_TEST(log_wraps_lines_that_grow_and_long_ones)
{
    Screen s = {0};
    Buffer text = {0};
    append_wrapped_line(&text, 1, 100);
    append_wrapped_line(&text, 2, 200000);
    append_wrapped_line(&text, 3, 100);
    buffer_append_span(&text, SPAN("not yet"));
    screen_model(&s, "standard input");
    screen_feed(&s, buffer_span(&text));
    screen_open(&s, 60, 10, 0, false);
    press_all(&s, "4 W G");
    ck_assert(screen_has(".end 3."));
    ck_assert(screen_has("not yet"));
    screen_feed(&s, SPAN(" ended, and so long that it takes two rows on the screen and is seen.\nnext\n"));
    ui_draw(s.ui);
    press_all(&s, "j");
    ck_assert(screen_has("and is seen."));
    ck_assert(screen_has("next"));
    KeyEvent click = {.key = KEYCODE_MOUSE, .mouse = MOUSE_CLICK, .row = (int)row_of_text("not yet") + 1, .column = 4};
    ck_assert_uint_eq(row_of_text("next"), row_of_text("not yet") + 2);
    ui_key(s.ui, click);
    press_all(&s, "y");
    ck_assert(screen_has("The line was sent to the terminal's clipboard: 76 bytes."));
    press_all(&s, "g j");
    ck_assert(screen_has("begin 2."));
    ck_assert(screen_has("xxx\xe2\x80\xa6"));
    press_all(&s, "W");
    ck_assert(screen_has("begin 3."));
    ck_assert(screen_has("Long lines are cut at the edge."));
    buffer_free(&text);
    screen_close(&s);
}
END_TEST

/* Hits are counted in slices, and on when there is more; those that are gone do not count. */
START_TEST(log_hits_are_counted)
{
    Screen s = {.later = true};
    screen_model(&s, "standard input");
    screen_feed(&s, SPAN("a needle\n"));
    feed_lines(&s, 200 << 10, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\n");
    screen_feed(&s, SPAN("a needle\nthe last needle"));
    screen_open(&s, 80, 10, 0, false);
    press_all(&s, "4 / '(a|aa)+$|needle' Enter");
    ck_assert(screen_has("needle: 1 of 1+"));
    press_all(&s, "j");
    ck_assert(screen_has("needle: 1+ hit"));
    for (s.later = true; s.later; ui_draw(s.ui))
        s.later = screen_has("+ hit");
    ck_assert(screen_has("needle: 3 hits"));
    press_all(&s, "N");
    ck_assert(screen_has("needle: 1 of 3"));
    press_all(&s, "/ 'needle' Enter n");
    ck_assert(screen_has("/needle: 2 of 3"));
    screen_feed(&s, SPAN(" of all\none more needle\n"));
    ui_draw(s.ui);
    ck_assert(screen_has("/needle: 2 of 4"));
    press_all(&s, "n n");
    ck_assert(screen_has("/needle: 4 of 4"));
    press_all(&s, "\\ 'more|last' Enter");
    ck_assert(screen_has("/needle: 2 of 2"));
    press_all(&s, "\\ C-u Enter");
    ck_assert(screen_has("/needle: 4 of 4"));
    feed_lines(&s, LOG_KEPT_BYTES + (1 << 20), "one of very many lines\n");
    screen_feed(&s, SPAN("another needle\n"));
    ui_draw(s.ui);
    for (s.later = true; s.later; ui_draw(s.ui))
        s.later = screen_has("+ hit");
    ck_assert(screen_has("/needle: 1 hit"));
    press_all(&s, "n");
    for (s.later = true; s.later; ui_draw(s.ui))
        s.later = screen_has("searching");
    ck_assert(screen_has("/needle: 1 of 1"));
    screen_close(&s);
}
END_TEST

/* What was found while it was typed is not looked for once more, so that the next key finds it selected. */
START_TEST(log_search_is_accepted_as_it_is)
{
    Screen s = {.later = true};
    screen_model(&s, "standard input");
    feed_lines(&s, 200 << 10, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\n");
    screen_feed(&s, SPAN("a needle\n"));
    screen_open(&s, 80, 10, 0, false);
    press_all(&s, "4 / '(a|aa)+$|needle'");
    for (s.later = true; s.later; ui_draw(s.ui))
        s.later = screen_has("searching");
    ck_assert(screen_has("a needle"));
    press_all(&s, "Enter y");
    ck_assert(screen_has("The line was sent to the terminal's clipboard: 8 bytes."));
    press_all(&s, "g / '(a|aa)+$|needle' Enter"); /* accepted while it goes on */
    for (s.later = true; s.later; ui_draw(s.ui))
        s.later = screen_has("searching");
    press_all(&s, "y");
    ck_assert(screen_has("8 bytes"));
    press_all(&s, "g / '(a|aa)+$|nothing'");
    for (s.later = true; s.later; ui_draw(s.ui))
        s.later = screen_has("searching");
    press_all(&s, "Enter");
    ck_assert(screen_has("No line matches \""));
    screen_close(&s);
}
END_TEST

/* The editor is asked for the line that a line of the log shows. */
START_TEST(log_lines_lead_to_their_source)
{
    static const struct {
        const char *keys, *asks;
    } lines[] = {
        {"4 : '111' Enter e", "/home/dev/demo/BuildReport/__init__.py:38"},
        {"4 : '104' Enter e", "/home/dev/demo/BuildReport/__init__.py:34"},
        {"4 g e", ""},
        {"2 Enter Enter e", "/home/dev/demo/BuildReport/__init__.py:38"},
        {"4 / 'in handler' Enter e", "/app/the \\ app.py:7"},
        {"4 / 'no number' Enter e", ""},
        {"4 / 'too large' Enter e", ""},
    };
    Screen s = {0};
    screen_model(&s, "demo.log");
    feed_capture(&s, DEMO);
    screen_feed(&s, SPAN("  File \"/app/the \\ app.py\", line 7, in handler\n  File \"/app/x.py\", line , no number\n"
                         "  File \"/app/x.py\", line 99999999999, too large\n"));
    screen_end(&s);
    screen_open(&s, 80, 24, 0, false);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        buffer_clear(&s.edited);
        press_all(&s, lines[i].keys);
        ck_assert_str_eq(buffer_text(&s.edited), lines[i].asks);
        ck_assert(*lines[i].asks || screen_has("This line shows no source"));
        press_all(&s, "Esc Esc Esc Esc 1");
    }
    press_all(&s, "4 g y");
    ck_assert(screen_has("The line was sent to the terminal's clipboard: 38 bytes."));
    screen_close(&s);
}
END_TEST

Suite *screens_suite(void)
{
    Suite *suite = suite_create("screens");
    TCase *pictures = tcase_create("pictures");
    tcase_add_loop_test(pictures, views_look_as_they_should, 0, VIEWS);
    tcase_add_loop_test(pictures, looks_as_it_should, 0, CASES);
    tcase_add_loop_test(pictures, summarised_reports_look_as_they_should, 0, 5);
    tcase_add_test(pictures, nasty_text_does_not_break_the_layout);
    suite_add_tcase(suite, pictures);
    TCase *behaviour = tcase_create("behaviour");
    tcase_add_test(behaviour, selection_stays_with_its_row);
    tcase_add_loop_test(behaviour, calls_are_shown_from_their_beginning, 0, 5);
    tcase_add_test(behaviour, messages_make_room_for_what_comes);
    tcase_add_test(behaviour, pause_freezes_the_view);
    tcase_add_test(behaviour, loading_says_how_far_it_is);
    tcase_add_test(behaviour, escape_goes_back_step_by_step_and_never_quits);
    tcase_add_loop_test(behaviour, no_action_breaks_anything, 0, 2);
    tcase_add_test(behaviour, keys_before_the_first_frame_count);
    tcase_add_test(behaviour, clicks_do_what_they_point_at);
    tcase_add_test(behaviour, a_second_click_opens_the_line);
    tcase_add_test(behaviour, log_says_what_it_does_not_keep);
    tcase_add_test(behaviour, log_follows_its_end);
    tcase_add_test(behaviour, news_outlive_keys);
    tcase_add_test(behaviour, inputs_have_short_names);
    tcase_add_test(behaviour, failed_inputs_are_counted);
    tcase_add_test(behaviour, quit_question_goes_with_its_reason);
    tcase_add_test(behaviour, log_is_searched_in_slices);
    tcase_add_test(behaviour, log_hits_are_counted);
    tcase_add_test(behaviour, log_pages_show_every_wrapped_line);
    tcase_add_test(behaviour, log_wraps_lines_that_grow_and_long_ones);
    tcase_add_test(behaviour, log_filter_takes_in_what_comes);
    tcase_add_test(behaviour, log_is_filtered_in_slices);
    tcase_add_test(behaviour, log_search_is_accepted_as_it_is);
    tcase_add_test(behaviour, log_lines_lead_to_their_source);
    suite_add_tcase(suite, behaviour);
    return suite;
}
