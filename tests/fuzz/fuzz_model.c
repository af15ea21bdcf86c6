/* libFuzzer target: console logs through parser and model, attribution included. */
#include "tests/fuzz/fuzz_export.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_export("coretools", data, size);
}
