#include "model/version.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <utf8proc.h>

void model_versions(Buffer *out)
{
    char pcre2[64] = "";
    pcre2_config(PCRE2_CONFIG_VERSION, pcre2);
    buffer_printf(out, "utf8proc %s\nPCRE2 %s\n", utf8proc_version(), pcre2);
}
