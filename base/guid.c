#include "base/guid.h"

enum { DIGITS = 2 * GUID_BYTES };

/* The same in each of eight bytes. */
#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

/* The values of eight digits at once; false where one is none. */
static bool read_digits(unsigned char digits[8])
{
    uint64_t text, values;
    memcpy(&text, digits, sizeof text);
    values = (text & EACH(0x0f)) + 9 * (text >> 6 & EACH(1)); /* letters have that bit */
    if (values & EACH(0xf0))
        return false;
    uint64_t letters = (values + EACH(6)) >> 4 & EACH(1); /* from 10 on */
    memcpy(digits, &values, sizeof values);
    return values + EACH('0') + letters * ('a' - 10 - '0') == text;
}

bool guid_read(Span text, unsigned char guid[GUID_BYTES])
{
    unsigned char digits[DIGITS];
    if (text.len != GUID_TEXT || text.ptr[8] != '-' || text.ptr[13] != '-' || text.ptr[18] != '-' || text.ptr[23] != '-')
        return false;
    memcpy(digits, text.ptr, 8); /* between the dashes */
    memcpy(digits + 8, text.ptr + 9, 4);
    memcpy(digits + 12, text.ptr + 14, 4);
    memcpy(digits + 16, text.ptr + 19, 4);
    memcpy(digits + 20, text.ptr + 24, 12);
    for (size_t i = 0; i < DIGITS; i += 8)
        if (!read_digits(digits + i))
            return false;
    for (size_t i = 0; i < GUID_BYTES; i++)
        guid[i] = (unsigned char)(digits[2 * i] << 4 | digits[2 * i + 1]);
    return true;
}

void guid_write(const unsigned char guid[GUID_BYTES], char text[GUID_TEXT])
{
    static const char digits[] = "0123456789abcdef";
    size_t at = 0;
    for (size_t i = 0; i < GUID_BYTES; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            text[at++] = '-';
        text[at++] = digits[guid[i] >> 4];
        text[at++] = digits[guid[i] & 15];
    }
}
