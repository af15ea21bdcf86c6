/* Sizes for people (base/size.h), and how long an input will take (src/progress.h). */
#include <check.h>

#include "base/size.h"
#include "src/progress.h"
#include "tests/unit/support.h"

static void check_size(uint64_t bytes, const char *expected)
{
    Buffer text = {0};
    size_append(&text, bytes);
    assert_span(buffer_span(&text), expected);
    buffer_free(&text);
}

START_TEST(sizes_have_two_digits_that_count)
{
    check_size(0, "0 B");
    check_size(1023, "1023 B");
    check_size(1024, "1.0 KiB");
    check_size(10200, "10 KiB");
    check_size(1048575, "1.0 MiB");
    check_size(UINT64_C(430) << 20, "430 MiB");
    check_size(UINT64_C(1073810010), "1.0 GiB");
    check_size(UINT64_C(5) << 40, "5.0 TiB");
    check_size(UINT64_MAX, "16777216 TiB");
}
END_TEST

START_TEST(sizes_are_read)
{
    static const struct {
        const char *text;
        uint64_t bytes;
    } good[] = {{"0", 0}, {"65536", 65536}, {"64K", 65536}, {"64k", 65536}, {"2M", 2 << 20}, {"2MB", 2 << 20}, {"2MiB", 2 << 20},
                {"1.5G", UINT64_C(3) << 29}, {"0.5K", 512}, {"1T", UINT64_C(1) << 40}};
    static const char *const bad[] = {"", "K", "-1", "1 M", "1.5.5M", "1X", "1Mx", ".", "1.", ".5M", "99999999999999999999", "99999999T", "\xff"};
    uint64_t bytes;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        ck_assert_msg(size_parse(span_of(good[i].text), &bytes), "%s", good[i].text);
        ck_assert_uint_eq(bytes, good[i].bytes);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_msg(!size_parse(span_of(bad[i]), &bytes), "%s", bad[i]);
}
END_TEST

START_TEST(time_left_follows_the_speed)
{
    Progress p = {0};
    progress_note(&p, 1000, 0);
    ck_assert_int_eq(progress_left_ms(&p, 1000000), -1); /* nothing was measured yet */
    progress_note(&p, 1100, 1000);
    ck_assert_int_eq(progress_left_ms(&p, 1000000), -1);
    progress_note(&p, 2000, 100000);
    ck_assert_int_eq(progress_left_ms(&p, 1000000), 9000);
    for (uint64_t second = 3; second < 40; second++) /* it became ten times slower */
        progress_note(&p, second * 1000, 100000 + (second - 2) * 10000);
    int64_t left = progress_left_ms(&p, 1000000), exact = (1000000 - (100000 + 37 * 10000)) / 10;
    ck_assert_int_gt(left, exact - exact / 20);
    ck_assert_int_lt(left, exact + exact / 20);
    progress_note(&p, 41000, 5); /* the file began anew */
    ck_assert_int_eq(progress_left_ms(&p, 1000000), -1);
}
END_TEST

START_TEST(standing_still_promises_nothing)
{
    Progress p = {0};
    progress_note(&p, 0, 500);
    progress_note(&p, 5000, 500);
    ck_assert_int_eq(progress_left_ms(&p, 1000), -1);
    progress_note(&p, 6000, 900);
    ck_assert_int_eq(progress_left_ms(&p, 800), -1); /* it grew beyond what was known */
}
END_TEST

Suite *progress_suite(void)
{
    Suite *suite = suite_create("progress");
    TCase *sizes = tcase_create("sizes");
    tcase_add_test(sizes, sizes_have_two_digits_that_count);
    tcase_add_test(sizes, sizes_are_read);
    suite_add_tcase(suite, sizes);
    TCase *times = tcase_create("times");
    tcase_add_test(times, time_left_follows_the_speed);
    tcase_add_test(times, standing_still_promises_nothing);
    suite_add_tcase(suite, times);
    return suite;
}
