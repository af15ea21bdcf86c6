#define PCRE2_CODE_UNIT_WIDTH 8
#include "model/selection.h"

#include <fnmatch.h>
#include <pcre2.h>
#include <utf8proc.h>

#include "base/utf8.h"
#include "model/report.h"

enum {
    MATCH_LIMIT = 1000000, /* steps of one match: what a person typed must not stop the program ... */
    DEPTH_LIMIT = 100000,
    HEAP_LIMIT_KIB = 64 * 1024, /* ... or eat its memory */
    ERROR_TEXT_MAX = 160,
};

/* One end of the time that is wanted. */
typedef struct Bound {
    bool set;
    bool is_age;
    int64_t ns; /* since 1970, or before the newest time seen */
} Bound;

struct Selection {
    pcre2_code *filter; /* NULL passes all */
    pcre2_match_data *match;
    pcre2_match_context *limits;
    char *function; /* glob, NULL passes all */
    Bound since, until;
    bool quiet_only;
};

/* Reading the rules. */

/* Whether a letter of the pattern itself is upper case; those of escapes (\S, \p{Lu}) say nothing about case. */
static bool has_upper_case(Span pattern)
{
    while (pattern.len) {
        uint32_t code;
        size_t len = utf8_next(pattern, &code);
        if (!len)
            return false;
        pattern = span_from(pattern, len);
        if (utf8proc_category((utf8proc_int32_t)code) == UTF8PROC_CATEGORY_LU)
            return true;
        if (code != '\\' || !pattern.len)
            continue;
        pattern = span_from(pattern, 1);
        ptrdiff_t end = span_starts(pattern, SPAN("{")) ? span_find_byte(pattern, '}') : -1;
        pattern = span_from(pattern, (size_t)(end + 1));
    }
    return false;
}

static bool read_filter(Selection *s, const char *pattern, Buffer *error)
{
    int number;
    size_t at;
    uint32_t options = PCRE2_UTF | PCRE2_UCP | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C;
    if (!has_upper_case(span_of(pattern)))
        options |= PCRE2_CASELESS;
    s->filter = pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED, options, &number, &at, NULL);
    if (!s->filter) {
        char text[ERROR_TEXT_MAX] = "";
        pcre2_get_error_message(number, (PCRE2_UCHAR *)text, sizeof text);
        buffer_printf(error, "the filter \"%s\" is no regular expression: %s at character %zu", pattern, text, at + 1);
        return false;
    }
    pcre2_jit_compile(s->filter, PCRE2_JIT_COMPLETE); /* where this fails, the interpreter matches */
    s->match = pcre2_match_data_create(1, NULL);
    s->limits = pcre2_match_context_create(NULL);
    if (!s->match || !s->limits) {
        buffer_printf(error, "there is no memory for the filter");
        return false;
    }
    pcre2_set_match_limit(s->limits, MATCH_LIMIT);
    pcre2_set_depth_limit(s->limits, DEPTH_LIMIT);
    pcre2_set_heap_limit(s->limits, HEAP_LIMIT_KIB);
    return true;
}

/* A date stands for all of its day: --since begins with it, --until ends with it. */
static bool read_date(Span text, bool is_end, Bound *bound)
{
    bool read = moment_parse_date(text, &bound->ns);
    if (read && is_end)
        bound->ns += 86400 * MOMENT_SECOND - 1;
    return read;
}

static bool read_bound(const char *option, const char *text, bool is_end, Bound *bound, Buffer *error)
{
    Span s = span_of(text);
    Moment moment;
    bound->set = true;
    bound->is_age = moment_parse_age(s, &bound->ns);
    if (bound->is_age || read_date(s, is_end, bound))
        return true;
    if (s.len && moment_parse(s, &moment) == s.len) {
        bound->ns = moment.ns;
        return true;
    }
    buffer_printf(error,
                  "%s \"%s\" is neither a time such as 2021-03-22T19:20:10Z or 2021-03-22 nor an age such as 90s, 15m, 2h or 1d",
                  option, text);
    return false;
}

static bool read_rules(Selection *s, const SelectionRules *rules, Buffer *error)
{
    s->quiet_only = rules->quiet_only;
    if (rules->function)
        s->function = alloc_text(rules->function, strlen(rules->function));
    return (!rules->filter || read_filter(s, rules->filter, error)) &&
           (!rules->since || read_bound("since", rules->since, false, &s->since, error)) &&
           (!rules->until || read_bound("until", rules->until, true, &s->until, error));
}

Selection *selection_new(const SelectionRules *rules, char **error)
{
    Selection *s = alloc_zeroed(1, sizeof *s);
    Buffer text = {0};
    if (read_rules(s, rules, &text))
        return s;
    *error = alloc_text(text.data, text.len);
    buffer_free(&text);
    selection_free(s);
    return NULL;
}

void selection_free(Selection *s)
{
    if (!s)
        return;
    pcre2_code_free(s->filter);
    pcre2_match_data_free(s->match);
    pcre2_match_context_free(s->limits);
    free(s->function);
    free(s);
}

/* Asking. */

bool selection_chooses(const Selection *s)
{
    return s && (s->filter || s->function || s->since.set || s->until.set);
}

static bool has_rules(const Selection *s)
{
    return s->quiet_only || selection_chooses(s);
}

static bool filter_matches(const Selection *s, Span text)
{
    PCRE2_SPTR subject = (PCRE2_SPTR)(text.len ? text.ptr : "");
    int result = pcre2_match(s->filter, subject, text.len, 0, 0, s->match, s->limits);
    if (result == PCRE2_ERROR_JIT_STACKLIMIT)
        result = pcre2_match(s->filter, subject, text.len, 0, PCRE2_NO_JIT, s->match, s->limits);
    return result >= 0;
}

bool selection_matches(const Selection *s, const Span *texts, size_t count)
{
    if (!s || !s->filter)
        return true;
    for (size_t i = 0; i < count; i++)
        if (filter_matches(s, texts[i]))
            return true;
    return false;
}

/* A bound as a time; false when it is an age and no time was seen to count it from. */
static bool bound_time(const Bound *bound, const Model *m, int64_t *ns)
{
    *ns = bound->ns;
    return !bound->is_age || (moment_known(m->newest) && !__builtin_sub_overflow(m->newest.ns, bound->ns, ns));
}

/* What has no time lies in no span of time. */
static bool in_time(const Selection *s, const Model *m, int64_t ns)
{
    int64_t since, until;
    if (s->since.set && (ns == MOMENT_UNKNOWN || !bound_time(&s->since, m, &since) || ns < since))
        return false;
    return !s->until.set || (ns != MOMENT_UNKNOWN && bound_time(&s->until, m, &until) && ns <= until);
}

static Span function_name(const Model *m, Id function)
{
    return function == NO_ID ? SPAN("") : model_text(m, m->functions.items[function].name);
}

/* Texts of the model are NUL-terminated. */
static bool is_function(const Selection *s, const Model *m, Id function)
{
    return !s->function || fnmatch(s->function, function_name(m, function).ptr, 0) == 0;
}

bool selection_has_invocation(const Selection *s, const Model *m, Id id)
{
    const Invocation *call = &m->invocations.items[id];
    if (call->hidden || !s)
        return !call->hidden;
    Moment started = invocation_started(m, call);
    return is_function(s, m, call->function) && in_time(s, m, moment_known(started) ? started.ns : invocation_ended(m, call).ns);
}

static bool head_matches(const Selection *s, const Model *m, const Report *r)
{
    const Target *target = &m->targets.items[r->target];
    Span texts[] = {function_name(m, report_function(m, r)), model_text(m, target->file), model_text(m, target->name)};
    return selection_matches(s, texts, sizeof texts / sizeof *texts);
}

static bool report_matches(const Selection *s, const Model *m, const Report *r)
{
    if (!s->filter)
        return true;
    if (!r->closed)
        return false;
    if (head_matches(s, m, r))
        return true;
    for (uint32_t i = 0; i < report_kept_rows(r); i++)
        if (filter_matches(s, report_row(m, r, i).contents))
            return true;
    Id hot = report_hot_line(m, r); /* all that is known of the rows of one that was summarised */
    return hot != NO_ID && filter_matches(s, model_text(m, m->lines.items[hot].contents));
}

bool selection_has_report(const Selection *s, const Model *m, Id id)
{
    const Report *r = &m->reports.items[id];
    if (r->duplicate || !s || !has_rules(s))
        return !r->duplicate;
    if (s->quiet_only && r->invocation != NO_ID && m->invocations.items[r->invocation].contended)
        return false;
    bool wanted = r->invocation != NO_ID ? selection_has_invocation(s, m, r->invocation)
                                         : is_function(s, m, report_function(m, r)) && in_time(s, m, report_time(m, r).ns);
    return wanted && report_matches(s, m, r);
}

bool selection_has_row(const Selection *s, const Model *m, const Report *r, Span contents)
{
    return !s || !s->filter || filter_matches(s, contents) || head_matches(s, m, r);
}
