/* A yardstick: cJSON given the whole document, and the messages of memory_profiler in it counted. */
#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *read_whole(const char *path, size_t *len)
{
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END) != 0)
        exit(1);
    *len = (size_t)ftell(file);
    rewind(file);
    char *text = malloc(*len + 1);
    if (!text || fread(text, 1, *len, file) != *len)
        exit(1);
    fclose(file);
    return text;
}

int main(int argc, char **argv)
{
    size_t len;
    char *text = argc == 2 ? read_whole(argv[1], &len) : NULL;
    cJSON *document = text ? cJSON_ParseWithLength(text, len) : NULL, *row;
    cJSON *table = cJSON_GetArrayItem(cJSON_GetObjectItem(document, "tables"), 0);
    unsigned long found = 0;
    cJSON_ArrayForEach(row, cJSON_GetObjectItem(table, "rows")) {
        const char *message = cJSON_GetStringValue(cJSON_GetArrayItem(row, 1));
        found += message && strncmp(message, "memory_profiler_logs:", 21) == 0;
    }
    printf("%lu\n", found);
    cJSON_Delete(document);
    free(text);
    return document ? 0 : 1;
}
