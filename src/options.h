/* The command line: one row per option, from which come getopt's tables, --help and the man page's table. */
#ifndef SRC_OPTIONS_H
#define SRC_OPTIONS_H

#include "base/vec.h"
#include "model/retention.h"
#include "model/selection.h"
#include "model/table.h"
#include "parsers/format.h"
#include "src/export.h"
#include "src/session.h"
#include "ui/setting.h"

typedef enum Command {
    COMMAND_RUN,
    COMMAND_HELP,
    COMMAND_VERSION,
    COMMAND_LIST_COLUMNS,
    COMMAND_LIST_KEYS,
    COMMAND_LIST_FORMATS,
    COMMAND_LIST_SETTINGS,
} Command;

/* A setting that the command line says, which goes before the configuration file. */
typedef struct SettingChoice {
    size_t setting;
    char *value; /* owned */
} SettingChoice;

/* --map=FROM=TO */
typedef struct PathMap {
    Span from;
    const char *to;
} PathMap;

/* The first one that fits counts. End with path_maps_free(). */
typedef struct PathMaps {
    VEC(PathMap) items;
    VEC(char *) texts; /* of some of them; owned */
} PathMaps;

/* Texts belong to argv. */
typedef struct Options {
    Command command;
    const ExportFormat *format; /* NULL: the screen, or text where there is none */
    const char *output;
    int follow; /* -1: the default of the mode */
    Settings settings; /* those of the command line until options_configure() */
    VEC(SettingChoice) choices;
    const char *config; /* the configuration file that the command line names, or NULL */
    char *config_file;  /* the one in use, whether it exists or not; NULL without one */
    Buffer config_problems; /* lines: "FILE:LINE: what is wrong" */
    bool no_config;
    const InputFormat *input_format;
    const char *tee;
    SelectionRules rules;
    bool join;
    VEC(PathMap) maps; /* those of the command line; see options_maps() */
    Retention retention;
    const char *screenshot; /* a picture to write instead of opening the screen, or NULL */
    const char *keys;       /* to press before */
    int columns, rows;      /* of it; 0 for the usual ones */
    char **files; /* `file_count` of them */
    size_t file_count;
    char **child; /* NULL-terminated words of COMMAND, NULL without one */
} Options;

/*
 * Reads the command line. False when it is wrong: then `*error` has one sentence for people, which the caller frees. End with
 * options_free() in both cases.
 */
bool options_parse(Options *options, int argc, char **argv, char **error);

/*
 * Reads the configuration file into `settings`; what the command line says goes before it. `config_problems` gets a line for each
 * mistake. False when the file that the command line names cannot be read.
 */
bool options_configure(Options *options);
void options_free(Options *options);

/* The maps of the command line, and behind them those of the setting `map` as it is now (NULL: none), which must outlive them. */
PathMaps options_maps(const Options *options, const char *setting);
void path_maps_free(PathMaps *maps);

/* What to read, as the command line names it: neither followed nor kept. Its texts are those of `options`. */
SessionOptions options_inputs(const Options *options);

/* Appends the table of options, as --help prints it. */
void options_help(Buffer *out);

#endif
