/* Versions of the libraries that the parsers use. */
#ifndef PARSERS_VERSION_H
#define PARSERS_VERSION_H

#include "base/buffer.h"

/* Appends a line per library: "name version". */
void parsers_versions(Buffer *out);

#endif
