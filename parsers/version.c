#include "parsers/version.h"

#include <cjson/cJSON.h>
#include <csv.h>

void parsers_versions(Buffer *out)
{
    buffer_printf(out, "cJSON %s\n", cJSON_Version());
    buffer_printf(out, "libcsv %d.%d.%d\n", CSV_MAJOR, CSV_MINOR, CSV_RELEASE);
}
