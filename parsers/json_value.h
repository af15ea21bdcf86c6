/*
 * Pieces of JSON text (RFC 8259) that were cut out of a document: walking over the members of a value, and the text of a string.
 * Nothing here recurses or allocates beyond the caller's scratch buffers.
 */
#ifndef PARSERS_JSON_VALUE_H
#define PARSERS_JSON_VALUE_H

#include "base/buffer.h"

/* Without the white space of JSON at both ends. */
Span json_trim_blanks(Span text);

static inline Span json_trim(Span text)
{
    return text.len && text.ptr[0] > ' ' && text.ptr[text.len - 1] > ' ' ? text : json_trim_blanks(text);
}

/*
 * The text of a scalar: a string without quotes and escapes, a number or a word as it stands, nothing for null. Where a string has
 * escapes the result is in `scratch`, which is overwritten. U+0000 stays a byte like others; half of a surrogate pair becomes
 * U+FFFD. False when `raw` is no scalar or a string that is not whole.
 */
bool json_scalar(Span raw, Buffer *scratch, Span *text);

/*
 * Takes the next member off an object, or the next item off an array, whose text is in `*rest` (`*inside` is false at the first
 * call). `name` is without quotes and its escapes are left alone; it may be NULL for arrays. False at the end and where the text
 * is no JSON.
 */
bool json_next(Span *rest, bool *inside, Span *name, Span *value);

/* Deepest nesting of brackets in `text`. */
size_t json_depth(Span text);

/*
 * Rewrites the pseudo JSON of the host's diagnostic events, whose strings stand in single quotes, into JSON. The host removes
 * apostrophes and then replaces each double quote by an apostrophe (azure-functions-host, LinuxContainerEventGenerator.cs and
 * AzureMonitorDiagnosticLogger.cs), so that an apostrophe behind a backslash was a double quote.
 */
void json_from_single_quoted(Span text, Buffer *out);

#endif
