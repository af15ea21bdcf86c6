/* The unit tests: one suite per layer. Exit status 1 when a test fails. Check's own variables (CK_RUN_SUITE, CK_FORK, ...) work. */
#include <check.h>
#include <locale.h>
#include <stdio.h>

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
Suite *unordered_suite(void);

static Suite *(*const suites[])(void) = {
    base_suite,
    parsers_suite,
    sieve_suite,
    export_inputs_suite,
    layouts_suite,
    model_suite,
    exports_suite,
    source_suite,
    archive_suite,
    screens_suite,
    ui_suite,
    inputs_suite,
    config_suite,
    log_suite,
    charts_suite,
    align_suite,
    rows_suite,
    progress_suite,
    retention_suite,
    unordered_suite,
};

int main(void)
{
    /* widths of characters come from the locale: the same one everywhere */
    if (!setlocale(LC_ALL, "C.UTF-8") && !setlocale(LC_ALL, "en_US.UTF-8"))
        fputs("no UTF-8 locale: tests of character widths will fail\n", stderr);
    SRunner *runner = srunner_create(NULL);
    for (size_t i = 0; i < sizeof suites / sizeof *suites; i++)
        srunner_add_suite(runner, suites[i]());
    srunner_run_all(runner, CK_ENV);
    int run = srunner_ntests_run(runner), failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    printf("units: %d passed, %d failed\n", run - failed, failed);
    return failed > 0 || run == 0;
}
