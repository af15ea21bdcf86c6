#include "tests/unit/support.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/cells.h"
#include "base/guid.h"
#include "base/hash.h"
#include "base/mib.h"
#include "base/moment.h"
#include "base/numbers.h"
#include "base/put.h"
#include "base/utf8.h"
#include "base/vec.h"

Suite *base_suite(void);

/* Memory. */

static void check_mib(const char *text, Mib value, unsigned decimals)
{
    Mib got = 77;
    unsigned places = 77;
    ck_assert_msg(mib_parse(span_of(text), &got, &places), "\"%s\" is a number", text);
    ck_assert_msg(got == value && places == decimals, "\"%s\" is %lld with %u decimals", text, (long long)got, places);
}

START_TEST(mib_reads_what_the_profiler_prints)
{
    check_mib("38.4", INT64_C(38400000000), 1);
    check_mib("45", 45 * MIB_ONE, 0);
    check_mib("0.0", 0, 1);
    check_mib("-0.0", 0, 1);
    check_mib("-323327.0", INT64_C(-323327000000000), 1);
    check_mib("29.800781", INT64_C(29800781000), 6);
    check_mib("0.000000001", 1, 9);
    check_mib("-1.123456789", INT64_C(-1123456789), 9);
    check_mib("007.50", INT64_C(7500000000), 2);
}
END_TEST

START_TEST(mib_refuses_other_text)
{
    static const char *const texts[] = {"",    "-",  ".5",  "5.",   "1.2.3",        "+1",      "1e3",
                                        " 1",  "1 ", "1,5", "--1",  "1.1234567890", "0x10",    "nan",
                                        "inf", "1-", "-.5", "1.-5", "12MB",         "\xd9\xa1"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        Mib value;
        unsigned decimals;
        ck_assert_msg(!mib_parse(span_of(texts[i]), &value, &decimals), "\"%s\" is no number", texts[i]);
    }
}
END_TEST

START_TEST(mib_knows_its_limits)
{
    Mib value;
    unsigned decimals;
    check_mib("2305843009.213693951", MIB_MOST, 9);
    check_mib("-2305843009.213693951", -MIB_MOST, 9);
    check_mib("2305843009", INT64_C(2305843009000000000), 0);
    ck_assert(!mib_parse(SPAN("2305843009.213693952"), &value, &decimals));
    ck_assert(!mib_parse(SPAN("2305843010"), &value, &decimals));
    ck_assert(!mib_parse(SPAN("9223372036.854775807"), &value, &decimals));
    ck_assert(!mib_parse(SPAN("18446744073709551617.0"), &value, &decimals));
    ck_assert(!mib_parse(SPAN("99999999999999999999999999"), &value, &decimals));
}
END_TEST

static void check_format(Mib value, unsigned decimals, const char *expected)
{
    char text[MIB_TEXT_MAX];
    size_t len = mib_format(text, value, decimals);
    ck_assert_str_eq(text, expected);
    ck_assert_uint_eq(len, strlen(expected));
}

START_TEST(mib_prints_and_rounds)
{
    check_format(INT64_C(38400000000), 1, "38.4");
    check_format(0, 1, "0.0");
    check_format(0, 0, "0");
    check_format(INT64_C(50000000), 1, "0.1");
    check_format(INT64_C(49999999), 1, "0.0");
    check_format(INT64_C(-50000000), 1, "-0.1");
    check_format(INT64_C(-49999999), 1, "0.0");
    check_format(MIB_ONE / 2, 0, "1");
    check_format(INT64_C(1999999999), 3, "2.000");
    check_format(INT64_MAX, 9, "9223372036.854775807");
    check_format(-INT64_MAX, 9, "-9223372036.854775807");
    check_format(INT64_C(1020304050), 11, "1.020304050"); /* there are no more */
}
END_TEST

START_TEST(mib_survives_a_round_trip)
{
    uint64_t seed = 20211;
    for (int i = 0; i < 20000; i++) {
        unsigned decimals = (unsigned)(test_random(&seed) % (MIB_DECIMALS_MAX + 1)), places;
        Mib unit = mib_unit(decimals), value = (Mib)(test_random(&seed) >> (3 + test_random(&seed) % 58)) / unit * unit, back;
        char text[MIB_TEXT_MAX];
        value = i % 2 ? value : -value;
        size_t len = mib_format(text, value, decimals);
        ck_assert_msg(mib_parse((Span){text, len}, &back, &places) && back == value && places == decimals, "%s", text);
    }
}
END_TEST

START_TEST(mib_rounds_half_away_from_zero)
{
    uint64_t seed = 5;
    for (int i = 0; i < 20000; i++) {
        unsigned decimals = (unsigned)(test_random(&seed) % (MIB_DECIMALS_MAX + 1));
        uint64_t unit = (uint64_t)mib_unit(decimals), size = test_random(&seed) >> (1 + test_random(&seed) % 60);
        uint64_t steps = size / unit + (size % unit * 2 >= unit && unit > 1), one = (uint64_t)MIB_ONE / unit;
        char expected[64], text[MIB_TEXT_MAX];
        int len = snprintf(expected, sizeof expected, "%s%" PRIu64, i % 2 && steps ? "-" : "", steps / one);
        if (decimals)
            snprintf(expected + len, sizeof expected - (size_t)len, ".%0*" PRIu64, (int)decimals, steps % one);
        ck_assert_uint_eq(mib_format(text, i % 2 ? -(Mib)size : (Mib)size, decimals), strlen(expected));
        ck_assert_str_eq(text, expected);
    }
}
END_TEST

/* Whole numbers. */

enum { PUT_GUARD = 4 };

static void check_put_text(const char *text, const char *end, const char *expected)
{
    assert_span(((Span){text, (size_t)(end - text)}), expected);
    for (size_t i = 0; i < PUT_GUARD; i++)
        ck_assert_int_eq(text[PUT_NUMBER_MAX + i], '!');
}

static void check_put(uint64_t value)
{
    char text[PUT_NUMBER_MAX + PUT_GUARD], expected[32];
    memset(text, '!', sizeof text);
    snprintf(expected, sizeof expected, "%" PRIu64, value);
    check_put_text(text, put_uint(text, value), expected);
    snprintf(expected, sizeof expected, "%" PRId64, (int64_t)value);
    check_put_text(text, put_int(text, (int64_t)value), expected);
}

START_TEST(put_writes_what_printf_prints)
{
    uint64_t seed = 8;
    for (uint64_t power = 1, i = 0; i < 20; i++, power *= 10)
        for (uint64_t near = 0; near < 3; near++)
            check_put(power + near - 1);
    check_put(UINT64_MAX);
    check_put((uint64_t)INT64_MAX);
    check_put((uint64_t)INT64_MIN);
    Buffer number = {0};
    buffer_append_int(&number, INT64_MIN);
    buffer_append_int(&number, 0);
    assert_span(buffer_span(&number), "-92233720368547758080");
    buffer_free(&number);
    for (int i = 0; i < 100000; i++)
        check_put(test_random(&seed) >> test_random(&seed) % 64);
    for (uint64_t i = 0; i < 20000; i++)
        check_put(i);
}
END_TEST

/* Numbers in cells. */

START_TEST(cells_read_what_tokens_read)
{
    static const char bytes[] = "   00123456789..-x";
    uint64_t seed = 8;
    size_t counts = 0, tenths = 0;
    for (int i = 0; i < 20000; i++) {
        char cells[CELLS_BYTES + 1] = "";
        size_t lead = test_random(&seed) % 7;
        for (size_t k = 0; k < CELLS_BYTES; k++)
            cells[k] = k < lead ? ' ' : bytes[test_random(&seed) % (i % 2 ? 13 : sizeof bytes - 1)];
        if (test_random(&seed) % 2)
            cells[CELLS_BYTES - 2] = '.';
        Span token = span_trim_left((Span){cells, CELLS_BYTES});
        uint32_t count;
        int32_t tenth;
        uint64_t number;
        Mib value;
        unsigned decimals;
        bool is_count = token.len && span_to_uint(token, &number), is_tenths = mib_parse(token, &value, &decimals) && decimals == 1;
        ck_assert_msg(cells_take_count(cells_load(cells), &count) == (is_count && CELLS_KNOWN), "\"%s\"", cells);
        ck_assert_msg(!is_count || !CELLS_KNOWN || count == number, "\"%s\"", cells);
        ck_assert_msg(cells_take_tenths(cells_load(cells), &tenth) == (is_tenths && CELLS_KNOWN), "\"%s\"", cells);
        ck_assert_msg(!is_tenths || !CELLS_KNOWN || tenth * (MIB_ONE / 10) == value, "\"%s\"", cells);
        counts += is_count;
        tenths += is_tenths;
    }
    ck_assert(counts > 1000 && tenths > 1000); /* enough of both */
}
END_TEST

/* Time. */

static void check_moment(const char *text, int64_t seconds, int64_t ns, unsigned digits)
{
    Moment m = MOMENT_NONE;
    ck_assert_msg(moment_parse(span_of(text), &m) == strlen(text), "\"%s\" is a time", text);
    ck_assert_msg(m.ns == seconds * MOMENT_SECOND + ns, "\"%s\" is %lld", text, (long long)m.ns);
    ck_assert_uint_eq(m.digits, digits);
}

START_TEST(moment_reads_rfc_3339)
{
    check_moment("1970-01-01T00:00:00Z", 0, 0, 0);
    check_moment("1969-12-31T23:59:59.5Z", -1, 500000000, 1);
    check_moment("2021-03-22T19:20:10.123Z", 1616440810, 123000000, 3);
    check_moment("2021-03-22 19:20:10", 1616440810, 0, 0);
    check_moment("2021-03-22T19:20:10z", 1616440810, 0, 0);
    check_moment("2021-03-22T20:20:10+01:00", 1616440810, 0, 0);
    check_moment("2021-03-22T13:50:10.5-0530", 1616440810, 500000000, 1);
    check_moment("2026-01-07T10:00:00.1234567Z", 1767780000, 123456700, 7);
    check_moment("2019-03-18T21:27:02.701180167Z", 1552944422, 701180167, 9);
    check_moment("2019-03-18T21:27:02.70118016789Z", 1552944422, 701180167, 9);
    check_moment("2016-12-31T23:59:60Z", 1483228800, 0, 0);
}
END_TEST

START_TEST(moment_knows_leap_days)
{
    Moment m;
    check_moment("2024-02-29T23:59:59Z", 1709251199, 0, 0);
    check_moment("2000-02-29T00:00:00Z", 951782400, 0, 0);
    check_moment("2000-03-01T00:00:00Z", 951868800, 0, 0);
    check_moment("1900-03-01T00:00:00Z", -2203891200, 0, 0);
    ck_assert_uint_eq(moment_parse(SPAN("2023-02-29T00:00:00Z"), &m), 0);
    ck_assert_uint_eq(moment_parse(SPAN("1900-02-29T00:00:00Z"), &m), 0);
    ck_assert_uint_eq(moment_parse(SPAN("2024-02-30T00:00:00Z"), &m), 0);
    ck_assert_uint_eq(moment_parse(SPAN("2024-04-31T00:00:00Z"), &m), 0);
}
END_TEST

START_TEST(moment_refuses_other_text)
{
    static const char *const texts[] = {
        "",
        "2021-03-22",
        "2021-03-22T19:20",
        "-021-03-22T19:20:10Z",
        "-2021-03-22T19:20:10Z",
        "0000-01-01T00:00:00Z",
        "1699-12-31T00:00:00Z",
        "2251-01-01T00:00:00Z",
        "2021-00-22T19:20:10Z",
        "2021-13-22T19:20:10Z",
        "2021-03-00T19:20:10Z",
        "2021-03-32T19:20:10Z",
        "2021-03-22T24:00:00Z",
        "2021-03-22T19:60:10Z",
        "2021-03-22T19:20:61Z",
        "2021/03/22T19:20:10Z",
        "2021-03-22_19:20:10Z",
        "2021-3-22T19:20:10.0Z",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        Moment m;
        ck_assert_msg(moment_parse(span_of(texts[i]), &m) == 0, "\"%s\" is no time", texts[i]);
    }
}
END_TEST

START_TEST(moment_stops_where_the_time_ends)
{
    Moment m;
    ck_assert_uint_eq(moment_parse(SPAN("2021-03-22T19:20:10.123Z] text"), &m), 24);
    ck_assert_uint_eq(moment_parse(SPAN("2021-03-22T19:20:10.] text"), &m), 19);
    ck_assert_uint_eq(moment_parse(SPAN("2021-03-22T19:20:10+0"), &m), 19);
    ck_assert_uint_eq(moment_parse(SPAN("2021-03-22T19:20:10+01:0"), &m), 19);
    ck_assert_uint_eq(moment_parse(SPAN("2021-03-22T19:20:10+99:99"), &m), 19);
    ck_assert_uint_eq(moment_parse(SPAN("2021-03-22T19:20:10 text"), &m), 19);
}
END_TEST

START_TEST(moment_prints_its_own_digits)
{
    static const char *const texts[] = {
        "2021-03-22T19:20:10Z",           "2021-03-22T19:20:10.123Z", "2021-03-22T19:20:10.000Z", "2026-01-07T10:00:00.1234567Z",
        "2019-03-18T21:27:02.701180167Z", "1969-12-31T23:59:59.5Z",   "1700-01-01T00:00:00Z",     "2250-12-31T23:59:59.999999999Z"};
    char text[MOMENT_TEXT_MAX];
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        Moment m;
        ck_assert_uint_eq(moment_parse(span_of(texts[i]), &m), strlen(texts[i]));
        ck_assert_uint_eq(moment_format(text, m), strlen(texts[i]));
        ck_assert_str_eq(text, texts[i]);
    }
    moment_format(text, (Moment){INT64_C(1616440810987654321), 4}); /* what it was not written with is cut */
    ck_assert_str_eq(text, "2021-03-22T19:20:10.9876Z");
    Moment clock;
    moment_parse(SPAN("2021-03-22T19:20:10.123Z"), &clock);
    moment_format_clock(text, clock);
    ck_assert_str_eq(text, "19:20:10.123");
    ck_assert_uint_eq(moment_format(text, MOMENT_NONE), 0);
    ck_assert_str_eq(text, "");
    ck_assert_uint_eq(moment_format_clock(text, MOMENT_NONE), 0);
}
END_TEST

/* Counts the days of 550 years by hand. */
START_TEST(moment_counts_every_day)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int64_t seconds = moment_seconds(1700, 1, 1, 0, 0, 0);
    char text[MOMENT_TEXT_MAX], expected[MOMENT_TEXT_MAX];
    for (int year = 1700; year <= 2250; year++) {
        bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        for (int month = 1; month <= 12; month++) {
            for (int day = 1; day <= lengths[month - 1] + (leap && month == 2); day++, seconds += 86400) {
                ck_assert(moment_seconds(year, month, day, 0, 0, 0) == seconds);
                snprintf(expected, sizeof expected, "%04d-%02d-%02dT00:00:00Z", year, month, day);
                moment_format(text, (Moment){seconds * MOMENT_SECOND, 0});
                ck_assert(strcmp(text, expected) == 0);
            }
        }
    }
}
END_TEST

START_TEST(moment_survives_a_round_trip)
{
    uint64_t seed = 51;
    for (int i = 0; i < 20000; i++) {
        Moment m = {(int64_t)(test_random(&seed) >> 1) - INT64_C(4000000000000000000), 9}, back;
        char text[MOMENT_TEXT_MAX];
        size_t len = moment_format(text, m);
        ck_assert_msg(moment_parse((Span){text, len}, &back) == len && back.ns == m.ns && back.digits == 9, "%s", text);
    }
}
END_TEST

/* UTF-8. */

static size_t encode(uint32_t code, char *out)
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    size_t len = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (size_t i = len - 1; i > 0; i--, code >>= 6)
        out[i] = (char)(0x80 | (code & 0x3f));
    out[0] = (char)((0xf00u >> len & 0xff) | code);
    return len;
}

START_TEST(utf8_reads_every_code_point)
{
    for (uint32_t code = 0; code < 0x110000; code++) {
        char bytes[4];
        uint32_t back;
        size_t len = encode(code, bytes), got = utf8_next((Span){bytes, len}, &back);
        bool surrogate = code >= 0xd800 && code < 0xe000;
        ck_assert(got == (surrogate ? 0 : len) && (surrogate || back == code));
        if (len > 1) /* cut off */
            ck_assert(utf8_next((Span){bytes, len - 1}, &back) == 0);
    }
}
END_TEST

START_TEST(utf8_skips_what_could_have_begun)
{
    static const struct {
        const char *bytes;
        size_t skip;
    } cases[] = {
        {"\x80", 1},         {"\xbf\xbf", 1},  {"\xc0\x80", 1},         {"\xc1\xbf", 1},         {"\xc3(", 1},
        {"\xe0\x80\x80", 1}, {"\xe2\x82", 2},  {"\xe2\x82(", 2},        {"\xed\xa0\x80", 1},     {"\xf0\x80\x80\x80", 1},
        {"\xf0\x9f\x98", 3}, {"\xf0\x9f(", 2}, {"\xf4\x90\x80\x80", 1}, {"\xf5\x80\x80\x80", 1}, {"\xff", 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint32_t code;
        ck_assert_msg(utf8_next(span_of(cases[i].bytes), &code) == 0, "case %zu is invalid", i);
        ck_assert_msg(utf8_skip_invalid(span_of(cases[i].bytes)) == cases[i].skip, "case %zu", i);
    }
}
END_TEST

/* Hashing. */

static bool same_number(const void *ctx, uint32_t item, const void *key)
{
    return ((const uint64_t *)ctx)[item] == *(const uint64_t *)key;
}

static void check_index(uint64_t (*hash)(uint64_t key))
{
    enum { COUNT = 3000 };
    static uint64_t keys[COUNT];
    HashIndex index = {0};
    uint64_t missing = UINT64_MAX;
    ck_assert_int_eq(hash_index_find(&index, hash(missing), same_number, keys, &missing), HASH_NONE);
    for (uint32_t i = 0; i < COUNT; i++) {
        keys[i] = i * UINT64_C(7919);
        ck_assert_int_eq(hash_index_find(&index, hash(keys[i]), same_number, keys, &keys[i]), HASH_NONE);
        hash_index_add(&index, hash(keys[i]), i);
    }
    for (uint32_t i = 0; i < COUNT; i++)
        ck_assert_int_eq(hash_index_find(&index, hash(keys[i]), same_number, keys, &keys[i]), i);
    ck_assert_int_eq(hash_index_find(&index, hash(missing), same_number, keys, &missing), HASH_NONE);
    ck_assert_uint_eq(index.len, COUNT);
    hash_index_free(&index);
    ck_assert_ptr_null(index.slots);
}

static uint64_t good_hash(uint64_t key)
{
    return hash_pair(key, 0);
}

static uint64_t same_hash(uint64_t key)
{
    (void)key;
    return 42;
}

static uint64_t low_half_hash(uint64_t key)
{
    return key & UINT32_MAX; /* the half that a slot does not keep */
}

START_TEST(hash_index_finds_all)
{
    check_index(good_hash);
    check_index(same_hash);
    check_index(low_half_hash);
}
END_TEST

START_TEST(hash_depends_on_every_byte)
{
    char bytes[40] = "The quick brown fox jumps over the dog";
    uint64_t before = hash_bytes(bytes, 38, 0);
    char shifted[41];
    memcpy(shifted + 1, bytes, sizeof bytes);
    ck_assert(hash_bytes(shifted + 1, 38, 0) == before);
    ck_assert(hash_bytes(bytes, 38, 1) != before);
    ck_assert(hash_bytes(bytes, 37, 0) != before);
    ck_assert(hash_bytes("\0\0", 1, 0) != hash_bytes("\0\0", 2, 0));
    for (size_t i = 0; i < 38; i++) {
        bytes[i] ^= 1;
        ck_assert_msg(hash_bytes(bytes, 38, 0) != before, "byte %zu", i);
        bytes[i] ^= 1;
    }
    ck_assert(hash_pair(1, 2) != hash_pair(2, 1));
}
END_TEST

/* Spans. */

START_TEST(span_finds)
{
    Span s = SPAN("Id=a, Id=b)");
    ck_assert_int_eq(span_find(s, SPAN("Id=")), 0);
    ck_assert_int_eq(span_find_last(s, SPAN("Id=")), 6);
    ck_assert_int_eq(span_find_last(s, SPAN(")")), 10);
    ck_assert_int_eq(span_find(s, SPAN("ID=")), -1);
    ck_assert_int_eq(span_find_last(s, SPAN("Id=a, Id=b) ")), -1);
    ck_assert_int_eq(span_find_byte(s, ')'), 10);
    ck_assert_int_eq(span_find_byte(s, '?'), -1);
    ck_assert_int_eq(span_find((Span){0}, SPAN("x")), -1);
    ck_assert_int_eq(span_find_last((Span){0}, SPAN("x")), -1);
    ck_assert_int_eq(span_find_byte((Span){0}, 'x'), -1);
}
END_TEST

START_TEST(span_cuts)
{
    Span s = SPAN(" \t ab c \t");
    assert_span(span_trim(s), "ab c");
    assert_span(span_trim_left(s), "ab c \t");
    assert_span(span_trim_right(s), " \t ab c");
    assert_span(span_trim(SPAN("  ")), "");
    assert_span(span_trim(SPAN("\r\n")), "\r\n");
    assert_span(span_from(SPAN("abc"), 1), "bc");
    assert_span(span_from(SPAN("abc"), 9), "");
    assert_span(span_to(SPAN("abc"), 2), "ab");
    assert_span(span_to(SPAN("abc"), 9), "abc");
    Span taken = SPAN("Functions.X");
    ck_assert(!span_take(&taken, SPAN("functions.")));
    assert_span(taken, "Functions.X");
    ck_assert(span_take(&taken, SPAN("Functions.")));
    assert_span(taken, "X");
    ck_assert(!span_take(&taken, SPAN("XX")));
}
END_TEST

START_TEST(span_compares)
{
    ck_assert(span_eq((Span){0}, SPAN("")));
    ck_assert(!span_eq(SPAN("a"), SPAN("ab")));
    ck_assert_int_lt(span_compare(SPAN("a"), SPAN("ab")), 0);
    ck_assert_int_gt(span_compare(SPAN("b"), SPAN("ab")), 0);
    ck_assert_int_eq(span_compare(SPAN("ab"), SPAN("ab")), 0);
    ck_assert_int_lt(span_compare((Span){0}, SPAN("a")), 0);
    ck_assert_int_gt(span_compare(SPAN("\xc3"), SPAN("z")), 0);
    ck_assert(span_starts(SPAN("abc"), SPAN("ab")) && !span_starts(SPAN("a"), SPAN("ab")));
    ck_assert(span_ends(SPAN("51ms"), SPAN("ms")) && !span_ends(SPAN("s"), SPAN("ms")));
}
END_TEST

START_TEST(span_reads_numbers)
{
    uint64_t value = 0;
    ck_assert(span_to_uint(SPAN("18446744073709551615"), &value) && value == UINT64_MAX);
    ck_assert(span_to_uint(SPAN("007"), &value) && value == 7);
    ck_assert(!span_to_uint(SPAN("18446744073709551616"), &value));
    ck_assert(!span_to_uint(SPAN("99999999999999999999999"), &value));
    ck_assert(!span_to_uint(SPAN(""), &value));
    ck_assert(!span_to_uint(SPAN("-1"), &value));
    ck_assert(!span_to_uint(SPAN("1 "), &value));
}
END_TEST

/* Buffers and vectors. */

START_TEST(buffer_grows)
{
    Buffer b = {0};
    ck_assert_str_eq(buffer_text(&b), "");
    for (int i = 0; i < 1000; i++)
        buffer_printf(&b, "%d,", i);
    buffer_append_repeated(&b, 'x', 5000);
    buffer_append_byte(&b, '\0');
    buffer_append(&b, "end", 3);
    buffer_append(&b, NULL, 0);
    buffer_append_span(&b, (Span){0});
    ck_assert_uint_eq(b.len, 3890 + 5000 + 1 + 3);
    ck_assert(span_starts(buffer_span(&b), SPAN("0,1,2,")));
    ck_assert(span_ends(buffer_span(&b), SPAN("x\0end")));
    size_t len = b.len;
    ck_assert_int_eq(buffer_text(&b)[len], '\0');
    ck_assert_uint_eq(b.len, len);
    buffer_clear(&b);
    ck_assert_uint_eq(b.len, 0);
    ck_assert_uint_ge(b.cap, len);
    buffer_free(&b);
    ck_assert_ptr_null(b.data);
}
END_TEST

START_TEST(vec_keeps_its_order)
{
    VEC(int) v = {0};
    for (int i = 0; i < 100; i++)
        vec_push(&v, i);
    vec_remove(&v, 0);
    vec_remove(&v, 49);
    vec_remove(&v, v.len - 1);
    ck_assert_uint_eq(v.len, 97);
    ck_assert_int_eq(v.items[0], 1);
    ck_assert_int_eq(v.items[48], 49);
    ck_assert_int_eq(v.items[49], 51);
    ck_assert_int_eq(vec_last(&v), 98);
    vec_free(&v);
    ck_assert_uint_eq(v.len + v.cap, 0);
}
END_TEST

START_TEST(guid_survives_a_round_trip)
{
    static const char *const guids[] = {"0f8fad5b-d9cb-469f-a165-70867728950e", "00000000-0000-0000-0000-000000000000",
                                        "ffffffff-ffff-ffff-ffff-ffffffffffff"};
    for (size_t i = 0; i < sizeof guids / sizeof *guids; i++) {
        unsigned char guid[GUID_BYTES];
        char text[GUID_TEXT];
        ck_assert(guid_read(span_of(guids[i]), guid));
        guid_write(guid, text);
        ck_assert_mem_eq(text, guids[i], GUID_TEXT);
    }
}
END_TEST

/* What would not be written as it was read. */
START_TEST(guid_refuses_other_text)
{
    static const char *const others[] = {
        "",
        "0F8FAD5B-d9cb-469f-a165-70867728950e",
        "0f8fad5b-d9cb-469f-a165-70867728950",
        "0f8fad5b-d9cb-469f-a165-70867728950e ",
        "{0f8fad5b-d9cb-469f-a165-70867728950e}",
        "0f8fad5bd9cb469fa16570867728950e",
        "0f8fad5b-d9cb-469f-a165-7086772895_e",
        "0f8fad5b-d9cb-469f-a165+70867728950e",
        "0f8fad5b-d9cb-469f-a165-7086772895ge",
    };
    unsigned char guid[GUID_BYTES];
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        ck_assert_msg(!guid_read(span_of(others[i]), guid), "%s", others[i]);
}
END_TEST

/* A number of one of several kinds: small, growing, none, any. */
static uint64_t number_of_kind(unsigned kind, size_t row, uint64_t *seed)
{
    *seed = *seed * UINT64_C(6364136223846793005) + 1442695040888963407;
    uint64_t any = *seed >> 11;
    switch (kind) {
    case 0:
        return 7;
    case 1:
        return UINT64_C(1) << 40 | row * 1000 | any % 1000;
    case 2:
        return any % 4 ? NUMBER_NONE : any % 70000;
    case 3:
        return NUMBER_NONE;
    default:
        return any % 8 == 0 ? 0 : any % 8 == 1 ? NUMBER_NONE - 1 : *seed;
    }
}

static void check_numbers(const Numbers *numbers, uint64_t (*expected)[5], size_t rows)
{
    for (size_t row = 0; row < rows; row++)
        for (unsigned column = 0; column < 5; column++)
            ck_assert_uint_eq(numbers_get(numbers, row, column), expected[row][column]);
}

START_TEST(numbers_keep_every_number)
{
    enum { ROWS = 3000 };
    static uint64_t expected[ROWS][5];
    Numbers numbers = {.columns = 5};
    uint64_t seed = 1;
    for (size_t row = 0; row < ROWS; row++) {
        for (unsigned column = 0; column < 5; column++)
            expected[row][column] = number_of_kind(column, row, &seed);
        numbers_add(&numbers, expected[row]);
    }
    check_numbers(&numbers, expected, ROWS);
    for (size_t i = 0; i < 4 * ROWS; i++) { /* any number in any place */
        size_t row = (seed >> 17) % ROWS;
        unsigned column = (unsigned)(seed >> 40) % 5;
        expected[row][column] = number_of_kind((unsigned)(i % 5), row, &seed);
        numbers_set(&numbers, row, column, expected[row][column]);
        ck_assert_uint_eq(numbers_get(&numbers, row, column), expected[row][column]);
    }
    check_numbers(&numbers, expected, ROWS);
    numbers_free(&numbers);
}
END_TEST

static uint32_t width_of_column(const Numbers *numbers, size_t block, unsigned column)
{
    return ((const NumberColumn *)(const void *)numbers->blocks.items[block])[column].width;
}

START_TEST(numbers_take_as_many_bytes_as_they_differ)
{
    Numbers numbers = {.columns = 4};
    for (uint64_t row = 0; row < NUMBERS_ROWS * (NUMBERS_OPEN + 1); row++)
        numbers_add(&numbers, (uint64_t[]){UINT64_MAX - 1, NUMBER_NONE, row, (UINT64_C(1) << 50) + row * 200});
    ck_assert_uint_eq(width_of_column(&numbers, 0, 0), 0);
    ck_assert_uint_eq(width_of_column(&numbers, 0, 1), 0);
    ck_assert_uint_eq(width_of_column(&numbers, 0, 2), 2);
    ck_assert_uint_eq(width_of_column(&numbers, 0, 3), 2);
    numbers_set(&numbers, 1, 1, 5);
    ck_assert_uint_eq(width_of_column(&numbers, 0, 1), 1);
    ck_assert_uint_eq(numbers_get(&numbers, 0, 1), NUMBER_NONE);
    ck_assert_uint_eq(numbers_get(&numbers, 1, 1), 5);
    numbers_free(&numbers);
}
END_TEST

/* Each number is lower than all before it: the blocks must not be packed anew for each. */
START_TEST(numbers_may_fall)
{
    Numbers numbers = {.columns = 1};
    unsigned packed_anew = 0;
    for (uint64_t row = 0; row < NUMBERS_ROWS * (NUMBERS_OPEN + 1); row++)
        numbers_add(&numbers, (uint64_t[]){NUMBER_NONE});
    for (uint64_t row = 0; row < NUMBERS_ROWS; row++) {
        const unsigned char *block = numbers.blocks.items[0];
        numbers_set(&numbers, row, 0, 1000000000 - row * 1000);
        packed_anew += numbers.blocks.items[0] != block;
    }
    for (uint64_t row = 0; row < NUMBERS_ROWS; row++)
        ck_assert_uint_eq(numbers_get(&numbers, row, 0), 1000000000 - row * 1000);
    ck_assert_uint_lt(packed_anew, 32);
    numbers_free(&numbers);
}
END_TEST

Suite *base_suite(void)
{
    Suite *suite = suite_create("base");
    TCase *tcase = tcase_create("base");
    tcase_add_test(tcase, mib_reads_what_the_profiler_prints);
    tcase_add_test(tcase, mib_refuses_other_text);
    tcase_add_test(tcase, mib_knows_its_limits);
    tcase_add_test(tcase, mib_prints_and_rounds);
    tcase_add_test(tcase, mib_survives_a_round_trip);
    tcase_add_test(tcase, mib_rounds_half_away_from_zero);
    tcase_add_test(tcase, put_writes_what_printf_prints);
    tcase_add_test(tcase, cells_read_what_tokens_read);
    tcase_add_test(tcase, moment_reads_rfc_3339);
    tcase_add_test(tcase, moment_knows_leap_days);
    tcase_add_test(tcase, moment_refuses_other_text);
    tcase_add_test(tcase, moment_stops_where_the_time_ends);
    tcase_add_test(tcase, moment_prints_its_own_digits);
    tcase_add_test(tcase, moment_counts_every_day);
    tcase_add_test(tcase, moment_survives_a_round_trip);
    tcase_add_test(tcase, utf8_reads_every_code_point);
    tcase_add_test(tcase, utf8_skips_what_could_have_begun);
    tcase_add_test(tcase, hash_index_finds_all);
    tcase_add_test(tcase, hash_depends_on_every_byte);
    tcase_add_test(tcase, span_finds);
    tcase_add_test(tcase, span_cuts);
    tcase_add_test(tcase, span_compares);
    tcase_add_test(tcase, span_reads_numbers);
    tcase_add_test(tcase, buffer_grows);
    tcase_add_test(tcase, vec_keeps_its_order);
    tcase_add_test(tcase, guid_survives_a_round_trip);
    tcase_add_test(tcase, guid_refuses_other_text);
    tcase_add_test(tcase, numbers_keep_every_number);
    tcase_add_test(tcase, numbers_take_as_many_bytes_as_they_differ);
    tcase_add_test(tcase, numbers_may_fall);
    suite_add_tcase(suite, tcase);
    return suite;
}
