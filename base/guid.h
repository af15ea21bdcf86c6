/* GUIDs as hosts write them: "0f8fad5b-d9cb-469f-a165-70867728950e". */
#ifndef BASE_GUID_H
#define BASE_GUID_H

#include "base/span.h"

enum { GUID_BYTES = 16, GUID_TEXT = 36 };

/* Reads a text that is a GUID and nothing else, with lower-case digits and no braces: one that guid_write() writes just so. */
bool guid_read(Span text, unsigned char guid[GUID_BYTES]);

/* The text, without a NUL. */
void guid_write(const unsigned char guid[GUID_BYTES], char text[GUID_TEXT]);

#endif
