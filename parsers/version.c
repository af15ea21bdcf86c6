#include "parsers/version.h"

#include <cjson/cJSON.h>

void parsers_versions(Buffer *out)
{
    buffer_printf(out, "cJSON %s\n", cJSON_Version());
}
