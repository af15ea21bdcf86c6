#include "ui/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/buffer.h"

enum { MATCH_LIMIT = 200000, DEPTH_LIMIT = 2000, ERROR_TEXT_MAX = 160 };

struct Pattern {
    pcre2_code *code;
    pcre2_match_data *data;
    pcre2_match_context *limits;
    char *text;
};

/* "\W" is no upper case letter. */
static bool has_upper_case(Span text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '\\')
            i++;
        else if (text.ptr[i] >= 'A' && text.ptr[i] <= 'Z')
            return true;
    }
    return false;
}

static char *error_sentence(int code, size_t offset)
{
    PCRE2_UCHAR message[ERROR_TEXT_MAX];
    Buffer text = {0};
    pcre2_get_error_message(code, message, sizeof message);
    buffer_printf(&text, "%s (character %zu)", (const char *)message, offset);
    return buffer_text(&text), text.data;
}

Pattern *pattern_new(Span text, char **error)
{
    int code;
    PCRE2_SIZE offset;
    uint32_t options = PCRE2_UTF | PCRE2_UCP | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C | (has_upper_case(text) ? 0 : PCRE2_CASELESS);
    pcre2_code *compiled = pcre2_compile((PCRE2_SPTR)text.ptr, text.len, options, &code, &offset, NULL);
    if (!compiled) {
        if (error)
            *error = error_sentence(code, offset);
        return NULL;
    }
    Pattern *pattern = alloc_zeroed(1, sizeof *pattern);
    pattern->code = compiled;
    pattern->data = pcre2_match_data_create(1, NULL);
    pattern->limits = pcre2_match_context_create(NULL);
    pcre2_set_match_limit(pattern->limits, MATCH_LIMIT);
    pcre2_set_depth_limit(pattern->limits, DEPTH_LIMIT);
    pcre2_jit_compile(compiled, PCRE2_JIT_COMPLETE);
    pattern->text = alloc_text(text.ptr, text.len);
    return pattern;
}

void pattern_free(Pattern *pattern)
{
    if (!pattern)
        return;
    pcre2_code_free(pattern->code);
    pcre2_match_data_free(pattern->data);
    pcre2_match_context_free(pattern->limits);
    free(pattern->text);
    free(pattern);
}

static bool match_at(const Pattern *pattern, Span subject, size_t at, uint32_t options)
{
    PCRE2_SPTR text = (PCRE2_SPTR)(subject.ptr ? subject.ptr : "");
    return pcre2_match(pattern->code, text, subject.len, at, options, pattern->data, pattern->limits) >= 0;
}

bool pattern_matches(const Pattern *pattern, Span subject)
{
    return match_at(pattern, subject, 0, 0);
}

bool pattern_find(const Pattern *pattern, Span subject, size_t *at, size_t *len)
{
    if (*at >= subject.len || !match_at(pattern, subject, *at, PCRE2_NOTEMPTY))
        return false;
    const PCRE2_SIZE *ends = pcre2_get_ovector_pointer(pattern->data);
    if (ends[1] <= ends[0])
        return false;
    *at = ends[0];
    *len = ends[1] - ends[0];
    return true;
}

bool pattern_is_plain(const Pattern *pattern)
{
    return !pattern->text[strcspn(pattern->text, "\\^$.[]|()?*+{}\n")];
}

Span pattern_text(const Pattern *pattern)
{
    return span_of(pattern->text);
}
