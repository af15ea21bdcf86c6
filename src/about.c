#include "src/about.h"

#include <uv.h>

#include "model/table.h"
#include "model/version.h"
#include "parsers/format.h"
#include "parsers/version.h"
#include "src/export.h"
#include "src/options.h"
#include "src/unpack.h"
#include "ui/action.h"
#include "ui/version.h"

static const char usage[] = "Usage: funcmem [OPTION]... [FILE]...\n"
                            "       COMMAND | funcmem [OPTION]...\n"
                            "       funcmem [OPTION]... -- COMMAND [ARG]...\n";

static const char examples[] = "Examples:\n"
                               "  funcmem -- func start     start the app and watch its memory profile live\n"
                               "  funcmem host.log          open a saved log\n";

static const char instrument[] =
    "To instrument an app, add memory-profiler to requirements.txt and to its code\n"
    "  import logging, memory_profiler\n"
    "  for handler in logging.getLogger().handlers:\n"
    "      handler.setFormatter(logging.Formatter('%(name)s: %(message)s'))\n"
    "  profiler_logstream = memory_profiler.LogFile('memory_profiler_logs', True)\n"
    "and above each function that is to be measured\n"
    "  @memory_profiler.profile(stream=profiler_logstream)\n";

static void append_text(Buffer *out, const char *text)
{
    buffer_append_span(out, span_of(text));
}

void about_help(Buffer *out)
{
    append_text(out, usage);
    append_text(out, "Shows the memory_profiler reports in the log of a Python Azure Functions app\nas sortable tables.\n\n");
    options_help(out);
    append_text(out, "\nFILE - is standard input. funcmem(1) explains keys, columns and exit codes.\n\n");
    append_text(out, examples);
}

void about_usage(Buffer *out)
{
    append_text(out, usage);
    append_text(out, "\n");
    append_text(out, examples);
    append_text(out, "\n");
    append_text(out, instrument);
}

void about_version(Buffer *out)
{
    buffer_printf(out, "funcmem %s\nlibuv %s\n", PACKAGE_VERSION, uv_version_string());
    parsers_versions(out);
    model_versions(out);
    ui_versions(out);
    buffer_printf(out, "inih %s\n", INIH_VERSION);
    unpack_versions(out);
}

void about_columns(Buffer *out)
{
    append_text(out, "view\tcolumn\ttitle\ttype\torder\thelp\n");
    for (TableId id = 0; id < TABLE_COUNT; id++) {
        const TableKind *kind = table_kind_of(id);
        for (size_t i = 0; i < kind->column_count; i++) {
            const Column *c = &kind->columns[i];
            buffer_printf(out, "%s\t%s\t%s\t%s\t%s\t%s\n", kind->name, c->id, c->title, cell_type_name(c->type),
                          c->descending ? "desc" : "asc", c->help);
        }
    }
}

void about_keys(Buffer *out)
{
    append_text(out, "action\tkeys\tcontext\thelp\n");
    for (int i = 0; i < ACTION_COUNT; i++)
        buffer_printf(out, "%s\t%s\t%s\t%s\n", actions[i].name, actions[i].keys, action_context_name(actions[i].context),
                      actions[i].help);
}

void about_settings(Buffer *out)
{
    Settings settings = {0};
    settings_init(&settings);
    append_text(out, "section\tsetting\tdefault\tvalues\thelp\n");
    for (size_t i = 0, count = setting_count(); i < count; i++) {
        Setting setting = setting_at(i);
        buffer_printf(out, "%s\t%s\t", setting_section_name(setting.section), setting.name);
        size_t before = out->len;
        setting_print(&settings, &setting, out);
        buffer_append_span(out, out->len > before ? SPAN("\t") : SPAN("-\t"));
        setting_append_values(&setting, out);
        buffer_printf(out, "\t%s\n", setting.help);
    }
    settings_free(&settings);
}

void about_formats(Buffer *out)
{
    append_text(out, "use\tname\thelp\n");
    for (const InputFormat *f = input_formats; f->name; f++)
        buffer_printf(out, "input\t%s\t%s\n", f->name, f->help);
    for (const ExportFormat *f = export_formats; f->name; f++)
        buffer_printf(out, "export\t%s\t%s\n", f->name, f->help);
}
