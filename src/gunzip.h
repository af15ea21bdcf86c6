/*
 * Undoes gzip, one stream or several in a row. What could be decompressed before a damage is handed over, and sums are checked;
 * libarchive's own filter does neither, which is why it gets what comes out of here.
 */
#ifndef SRC_GUNZIP_H
#define SRC_GUNZIP_H

#include <stddef.h>

#include "src/unpack.h"

typedef struct Gunzip Gunzip;

/* Reads from `input`, whose context must outlive it. End it with gunzip_free(). */
Gunzip *gunzip_new(UnpackInput input);

/* As UnpackInput.read. */
size_t gunzip_read(Gunzip *gunzip, const char **data);

/* What is wrong with what was read, in a few words; NULL while nothing is. Static text. */
const char *gunzip_error(const Gunzip *gunzip);

void gunzip_free(Gunzip *gunzip);

#endif
