/* test_scan.c where a byte is looked at at a time. */
#define SIMD_NONE
#define SCAN_SUITE scan_plain_suite
#define SCAN_NAME "scan, plain"
#include "tests/unit/test_scan.c"
