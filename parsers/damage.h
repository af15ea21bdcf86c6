/* What could not be read of an input. */
#ifndef PARSERS_DAMAGE_H
#define PARSERS_DAMAGE_H

#include <stdint.h>

/* Zero-initialise. */
typedef struct Damage {
    uint64_t count;   /* records that could not be read */
    uint64_t line;    /* line of the first of them */
    const char *what; /* what is wrong with it, in a few words; static text, NULL without damage */
} Damage;

static inline void damage_note(Damage *damage, uint64_t line, const char *what)
{
    if (!damage->count++) {
        damage->line = line;
        damage->what = what;
    }
}

#endif
