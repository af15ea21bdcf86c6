/* Settings as text, and the configuration file. */
#include <check.h>
#include <stdlib.h>
Suite *config_suite(void) { return suite_create("config"); }
