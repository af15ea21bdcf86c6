#include "base/guid.h"

/* Where in the text the two digits of each byte stand. */
static const unsigned char digits_at[GUID_BYTES] = {0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34};

/* The value of a digit, 16 where it is none. */
static unsigned digit(char c)
{
    if (c >= '0' && c <= '9')
        return (unsigned)(c - '0');
    return c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10 : 16;
}

bool guid_read(Span text, unsigned char guid[GUID_BYTES])
{
    if (text.len != GUID_TEXT || text.ptr[8] != '-' || text.ptr[13] != '-' || text.ptr[18] != '-' || text.ptr[23] != '-')
        return false;
    unsigned others = 0;
    for (size_t i = 0; i < GUID_BYTES; i++) {
        unsigned high = digit(text.ptr[digits_at[i]]), low = digit(text.ptr[digits_at[i] + 1]);
        others |= high | low;
        guid[i] = (unsigned char)(high << 4 | low);
    }
    return others < 16;
}

void guid_write(const unsigned char guid[GUID_BYTES], char text[GUID_TEXT])
{
    static const char digits[] = "0123456789abcdef";
    text[8] = text[13] = text[18] = text[23] = '-';
    for (size_t i = 0; i < GUID_BYTES; i++) {
        text[digits_at[i]] = digits[guid[i] >> 4];
        text[digits_at[i] + 1] = digits[guid[i] & 15];
    }
}
