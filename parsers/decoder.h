/*
 * Bytes to UTF-8. What shells redirect is not always UTF-8: PowerShell's ">" writes UTF-16 with a byte order mark (Microsoft Learn,
 * about_Character_Encoding), editors put one in front of UTF-8.
 *
 * The first bytes decide, in whatever pieces they come: NUL bytes at every second place are UTF-16 without doubt, since a log
 * begins with ASCII; a byte order mark decides where they say nothing. So a mark that is wrong does not spoil the input. The mark
 * itself is not handed over. Anything else is UTF-8 and passes through unchanged, without a copy, invalid sequences included.
 *
 * In UTF-16 a surrogate without its other half and an odd byte at the end become U+FFFD.
 */
#ifndef PARSERS_DECODER_H
#define PARSERS_DECODER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef void (*DecodedHandler)(void *ctx, const char *bytes, size_t len);

typedef enum Encoding { ENCODING_OPEN, ENCODING_UTF8, ENCODING_UTF16LE, ENCODING_UTF16BE } Encoding;

enum { DECODER_HEAD_MAX = 66 }; /* bytes that are held back at most until the encoding is known */

/* Zero-initialise it; it holds no memory. */
typedef struct Decoder {
    Encoding encoding;
    unsigned char head[DECODER_HEAD_MAX];
    size_t head_len;
    size_t mark;       /* length of the mark in front of UTF-8, once the encoding is known */
    unsigned char odd; /* first byte of a code unit that is not complete */
    bool has_odd;
    uint32_t high; /* a high surrogate that waits for its other half, or 0 */
} Decoder;

/* Decodes `len` more bytes and hands the text to `handler`, valid during the call. */
void decoder_feed(Decoder *decoder, const char *bytes, size_t len, DecodedHandler handler, void *ctx);

/* Hands over what was held back when the input has ended. The decoder is as new after that. */
void decoder_finish(Decoder *decoder, DecodedHandler handler, void *ctx);

#endif
