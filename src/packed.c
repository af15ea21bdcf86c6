#include "src/packed.h"

enum {
    MAGIC_MAX = 10,
    PROOF_BYTES = 17, /* behind the magic bytes, in which each of the formats has a small number */
    TAR_BLOCK = 512,
    TAR_MODE = 100, /* where a tar header's fields begin: the name is before it */
    TAR_OWNER = 108,
    TAR_SUM = 148,
    TAR_TYPE = 156,
};

/* Bytes that must be there where `mask` has bits. */
typedef struct Magic {
    size_t len;
    uint8_t bytes[MAGIC_MAX];
    uint8_t mask[MAGIC_MAX];
} Magic;

#define ALL 0xff

static const Magic magics[] = {
    /* gzip: deflate, no reserved flags */
    {4, {0x1f, 0x8b, 0x08, 0x00}, {ALL, ALL, ALL, 0xe0}},
    {6, {0xfd, '7', 'z', 'X', 'Z', 0x00}, {ALL, ALL, ALL, ALL, ALL, ALL}},
    /* Zstandard: a frame, a skippable frame */
    {4, {0x28, 0xb5, 0x2f, 0xfd}, {ALL, ALL, ALL, ALL}},
    {4, {0x50, 0x2a, 0x4d, 0x18}, {0xf0, ALL, ALL, ALL}},
    /* bzip2: the size's digit, then the first block, or the end of an empty one */
    {10, {'B', 'Z', 'h', '0', 0x31, 0x41, 0x59, 0x26, 0x53, 0x59}, {ALL, ALL, ALL, 0xf0, ALL, ALL, ALL, ALL, ALL, ALL}},
    {10, {'B', 'Z', 'h', '0', 0x17, 0x72, 0x45, 0x38, 0x50, 0x90}, {ALL, ALL, ALL, 0xf0, ALL, ALL, ALL, ALL, ALL, ALL}},
    /* zip: a member (the number of its method has a high byte of 0, which no text has), no member at all, a part of several */
    {10, {'P', 'K', 3, 4, 0, 0, 0, 0, 0, 0}, {ALL, ALL, ALL, ALL, 0, 0, 0, 0, 0, ALL}},
    {8, {'P', 'K', 5, 6, 0, 0, 0, 0}, {ALL, ALL, ALL, ALL, ALL, ALL, ALL, ALL}},
    {8, {'P', 'K', 7, 8, 'P', 'K', 3, 4}, {ALL, ALL, ALL, ALL, ALL, ALL, ALL, ALL}},
};

/* Sizes, flags and sums show as controls that no text has. */
static Packed prove_binary(Span after)
{
    Span proof = span_to(after, PROOF_BYTES);
    for (size_t i = 0; i < proof.len; i++) {
        uint8_t c = (uint8_t)proof.ptr[i];
        if (c < 0x20 && c != '\t' && c != '\n' && c != '\f' && c != '\r' && c != '\033')
            return PACKED_YES;
    }
    return proof.len < PROOF_BYTES ? PACKED_OPEN : PACKED_NO;
}

static Packed sniff_magic(const Magic *m, Span head)
{
    size_t len = head.len < m->len ? head.len : m->len;
    for (size_t i = 0; i < len; i++)
        if (((uint8_t)head.ptr[i] & m->mask[i]) != m->bytes[i])
            return PACKED_NO;
    return prove_binary(span_from(head, m->len));
}

/* The name of a tar's first member: no line, and nothing behind its NUL. */
static bool may_be_name(Span field)
{
    if (field.len && !field.ptr[0])
        return false;
    bool over = false;
    for (size_t i = 0; i < field.len; i++) {
        char c = field.ptr[i];
        if (c == '\n' || (over && c))
            return false;
        over |= !c;
    }
    return true;
}

static bool may_be_number(Span field)
{
    for (size_t i = 0; i < field.len; i++) {
        char c = field.ptr[i];
        if (c && c != ' ' && (c < '0' || c > '7'))
            return false;
    }
    return true;
}

static bool has_sum(Span header)
{
    uint32_t sum = 0, stored = 0;
    for (size_t i = 0; i < TAR_BLOCK; i++)
        sum += i >= TAR_SUM && i < TAR_TYPE ? ' ' : (uint8_t)header.ptr[i];
    for (size_t i = TAR_SUM; i < TAR_TYPE; i++)
        if (header.ptr[i] >= '0' && header.ptr[i] <= '7')
            stored = stored * 8 + (uint32_t)(header.ptr[i] - '0');
    return sum == stored;
}

/* Old tars have no magic bytes: what tells them is the sum of their header. */
static Packed sniff_tar(Span head)
{
    Span mode = span_from(span_to(head, TAR_OWNER), TAR_MODE);
    if (!may_be_name(span_to(head, TAR_MODE)) || !may_be_number(mode))
        return PACKED_NO;
    if (head.len < TAR_BLOCK)
        return PACKED_OPEN;
    return has_sum(head) ? PACKED_YES : PACKED_NO;
}

Packed packed_sniff(Span head)
{
    Packed verdict = sniff_tar(head);
    for (size_t i = 0; i < sizeof magics / sizeof *magics && verdict != PACKED_YES; i++) {
        Packed one = sniff_magic(&magics[i], head);
        if (one != PACKED_NO)
            verdict = one;
    }
    return verdict;
}
