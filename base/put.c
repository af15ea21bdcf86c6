#include "base/put.h"

char *put_large(char *at, uint64_t value)
{
    const uint64_t eight = 100000000;
    at = put_uint(at, value / eight);
    return put_eight(at, (uint32_t)(value % eight));
}
