/* The unit tests: suites of each layer, run by as many processes as there are processors. Exit status 1 when a test fails.
 * Check's own variables (CK_RUN_SUITE, CK_FORK, ...) work; with CK_FORK=no all runs in this process, for a debugger. */
#include <check.h>
#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

Suite *base_suite(void);
Suite *parsers_suite(void);
Suite *sieve_suite(void);
Suite *export_inputs_suite(void);
Suite *layouts_suite(void);
Suite *model_suite(void);
Suite *exports_suite(void);
Suite *source_suite(void);
Suite *archive_suite(void);
Suite *screens_suite(void);
Suite *ui_suite(void);
Suite *inputs_suite(void);
Suite *config_suite(void);
Suite *log_suite(void);
Suite *charts_suite(void);
Suite *align_suite(void);
Suite *rows_suite(void);
Suite *progress_suite(void);
Suite *retention_suite(void);
Suite *rare_suite(void);
Suite *scan_suite(void);
Suite *scan_plain_suite(void);
Suite *unordered_suite(void);

/* Those that take longest first, so that no process ends long after the others. */
static Suite *(*const suites[])(void) = {
    screens_suite,
    inputs_suite,
    base_suite,
    source_suite,
    config_suite,
    export_inputs_suite,
    layouts_suite,
    exports_suite,
    ui_suite,
    model_suite,
    archive_suite,
    unordered_suite,
    retention_suite,
    sieve_suite,
    parsers_suite,
    log_suite,
    align_suite,
    rows_suite,
    charts_suite,
    progress_suite,
    rare_suite,
    scan_suite,
    scan_plain_suite,
};

enum { SUITES = sizeof suites / sizeof *suites, WORKERS_MAX = 16 };

typedef struct {
    int run;
    int failed;
} Count;

static Count run_suite(size_t index)
{
    SRunner *runner = srunner_create(suites[index]());
    srunner_run_all(runner, CK_ENV);
    Count count = {srunner_ntests_run(runner), srunner_ntests_failed(runner)};
    srunner_free(runner);
    return count;
}

static void copy_all(int from, int to)
{
    char bytes[4096];
    ssize_t size;
    lseek(from, 0, SEEK_SET);
    while ((size = read(from, bytes, sizeof bytes)) > 0)
        if (write(to, bytes, (size_t)size) != size)
            return;
}

/* What a suite prints is held back until it has run, so that suites do not mix. */
static Count run_suite_held_back(size_t index)
{
    fflush(stdout);
    int out = dup(STDOUT_FILENO), held = memfd_create("suite", MFD_CLOEXEC);
    if (out < 0 || held < 0)
        exit(2);
    dup2(held, STDOUT_FILENO);
    Count count = run_suite(index);
    fflush(stdout);
    dup2(out, STDOUT_FILENO);
    if (count.run > 0) // else it was not chosen
        copy_all(held, out);
    close(out);
    close(held);
    return count;
}

/* One process: takes the next suite out of the queue, a pipe with a byte for each, until there is none. */
static void work(int queue, int counts)
{
    unsigned char index;
    while (read(queue, &index, 1) == 1) {
        Count count = run_suite_held_back(index);
        if (write(counts, &count, sizeof count) != sizeof count)
            exit(2);
    }
    exit(0);
}

static Count run_beside_each_other(void)
{
    int queue[2], counts[2];
    if (pipe(queue) < 0 || pipe(counts) < 0)
        exit(2);
    for (unsigned char i = 0; i < SUITES; i++)
        if (write(queue[1], &i, 1) != 1)
            exit(2);
    close(queue[1]);
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    for (long i = 0; i < processors && i < WORKERS_MAX; i++)
        if (fork() == 0)
            work(queue[0], counts[1]);
    close(queue[0]);
    close(counts[1]);
    Count total = {0}, count;
    int suites_run = 0;
    while (read(counts[0], &count, sizeof count) == sizeof count) {
        total.run += count.run;
        total.failed += count.failed;
        suites_run++;
    }
    total.failed += SUITES - suites_run; // a process did not live to count
    int status;
    while (wait(&status) > 0) {
        bool good = WIFEXITED(status) && WEXITSTATUS(status) == 0;
        total.failed += !good;
    }
    return total;
}

static Count run_one_by_one(void)
{
    Count total = {0};
    for (size_t i = 0; i < SUITES; i++) {
        Count count = run_suite(i);
        total.run += count.run;
        total.failed += count.failed;
    }
    return total;
}

int main(void)
{
    /* widths of characters come from the locale: the same one everywhere */
    if (!setlocale(LC_ALL, "C.UTF-8") && !setlocale(LC_ALL, "en_US.UTF-8"))
        fputs("no UTF-8 locale: tests of character widths will fail\n", stderr);
    setenv("CK_DEFAULT_TIMEOUT", "300", 0); // s: against tests that hang, not those on a busy machine
    const char *forks = getenv("CK_FORK");
    Count total = forks && strcmp(forks, "no") == 0 ? run_one_by_one() : run_beside_each_other();
    printf("units: %d passed, %d failed\n", total.run - total.failed, total.failed);
    return total.failed > 0 || total.run == 0;
}
