/* Versions of the libraries that the model uses. */
#ifndef MODEL_VERSION_H
#define MODEL_VERSION_H

#include "base/buffer.h"

/* Appends a line per library: "name version". */
void model_versions(Buffer *out);

#endif
