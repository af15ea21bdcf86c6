/* What the unit tests share. */
#ifndef TESTS_UNIT_SUPPORT_H
#define TESTS_UNIT_SUPPORT_H

#include <check.h>

#include "base/buffer.h"
#include "model/invocation.h"
#include "parsers/parser.h"
#include "src/writer.h"

/* Fails unless a span holds exactly that text. */
#define assert_span(span, expected)                                                                                                \
    do {                                                                                                                           \
        Span got_ = (span), want_ = span_of(expected);                                                                             \
        ck_assert_msg(span_eq(got_, want_), "got \"%.*s\", want \"%.*s\"", SPAN_ARG(got_), SPAN_ARG(want_));                       \
    } while (0)

/* Fails unless a buffer's text has that part. */
#define assert_contains(buffer, part)                                                                                              \
    ck_assert_msg(span_find(buffer_span(buffer), span_of(part)) >= 0, "no \"%s\" in:\n%s", (part), buffer_text(buffer))

#define assert_lacks(buffer, part)                                                                                                 \
    ck_assert_msg(span_find(buffer_span(buffer), span_of(part)) < 0, "\"%s\" in:\n%s", (part), buffer_text(buffer))

/* A random number, the same sequence in every run for the same seed. */
uint64_t test_random(uint64_t *seed);

/* The bytes of a file; the test fails when it cannot be read. buffer_free() it. */
Buffer test_read(const char *path);

/* The paths of the captures in tests/corpus whose names end in `suffix`, sorted. */
typedef VEC(char *) PathList;
PathList test_captures(const char *suffix);
void path_list_free(PathList *paths);

/* A model that one input is read into. */
typedef struct Reading {
    Model *model;
    Parser *parser;
    Id source;
} Reading;

Reading reading_begin(void);
void reading_feed(Reading *reading, Span bytes);

/* The input has ended. */
void reading_end(Reading *reading);
void reading_free(Reading *reading);

/* All of it at once. */
Reading reading_of(const char *log);
Reading reading_of_capture(const char *name);

/* Report `index` and invocation `index` of the model, from 0; the test fails when there are fewer. */
const Report *reading_report(const Reading *reading, size_t index);
const Invocation *reading_call(const Reading *reading, size_t index);

/* The id of an invocation; valid until the next call. */
Span test_call_id(const Model *model, Id invocation);

/* What an export format prints of the model. */
struct ExportOptions;
Buffer test_export(const Model *model, const char *format, const struct ExportOptions *options);

/* A new folder for a test's files, its name NUL-terminated in `path`; folder_remove() ends it with all files in it. */
enum { FOLDER_PATH_MAX = 64 };
void folder_make(char path[FOLDER_PATH_MAX]);
void folder_remove(const char *path);

#endif
