/*
 * Flat objects on one line, {"key":"text","key":1}, as container runtimes and the Functions host write them around a message. Their
 * members are walked where they stand; nothing is built and nothing is allocated. RFC 8259 for the grammar; the quote is a
 * parameter because the host writes such objects with apostrophes.
 */
#ifndef PARSERS_OBJECT_H
#define PARSERS_OBJECT_H

#include "base/buffer.h"

typedef struct ObjectMember {
    Span key;   /* as written, without quotes */
    Span value; /* as written; of a text without its quotes, else everything up to the comma */
    bool text;
    bool cut; /* the line ended within it */
} ObjectMember;

/* Cuts the opening brace off the front of `*rest`; false when it is no object. */
bool object_open(Span *rest);

/* Takes the next member; false at the end, and at what is no member. */
bool object_next(Span *rest, char quote, ObjectMember *member);

/*
 * Appends the text of a value: escapes become what they stand for, \uXXXX UTF-8, a surrogate alone U+FFFD. An escaped apostrophe
 * becomes a double quote, which it was before the host replaced the one by the other. An unknown or cut escape stays as it is.
 */
void object_unescape(Span value, Buffer *out);

#endif
