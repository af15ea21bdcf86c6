#include <langinfo.h>

#include "src/export.h"
#include "src/export_summary.h"
#include "src/text_table.h"

typedef struct Page {
    Writer *writer;
    const Model *model;
    const ExportOptions *options;
    TextStyle style;
    size_t top;
    const char *heading; /* to be printed before the next sentence, NULL when it was */
} Page;

static void print_emphasis(Page *p, const char *text)
{
    text_color_begin(p->writer, TEXT_BOLD, &p->style);
    writer_text(p->writer, text);
    text_color_end(p->writer, TEXT_BOLD, &p->style);
}

static void print_heading(Page *p, const char *title)
{
    writer_text(p->writer, "\n");
    print_emphasis(p, title);
    writer_text(p->writer, "\n");
}

static void print_head(Page *p, const Summary *s)
{
    const Model *m = p->model;
    Buffer words = {0};
    for (size_t i = 0; i < m->sources.len; i++) {
        const LogSource *source = &m->sources.items[i];
        buffer_append_span(&words, i ? SPAN(", ") : SPAN(""));
        buffer_append_span(&words, model_text(m, source->name));
        if (source->format)
            buffer_printf(&words, " (%s)", source->format);
    }
    text_print_paragraph(p->writer, buffer_span(&words), 2, &p->style);
    buffer_clear(&words);
    summary_append_counts(&words, s);
    text_print_paragraph(p->writer, buffer_span(&words), 2, &p->style);
    buffer_free(&words);
}

/* Tables. */

typedef struct Section {
    const char *title;
    TableId id;
    const char *const *columns;
    bool (*wanted)(const Table *table, RowKey row);
} Section;

static const Section sections[] = {
    {"Functions", TABLE_FUNCTIONS,
     (const char *const[]){"function", "target", "calls", "entry", "peak", "growth", "kept", "increment", "line", "contents", NULL},
     NULL},
    {"Largest increments", TABLE_LINES,
     (const char *const[]){"line", "target", "increment", "heat", "median", "calls", "contents", NULL}, summary_is_increment},
};

static void print_section(Page *p, const Section *section)
{
    Table *table = export_table(p->model, section->id, p->options);
    TextTable text = text_table_of(table, section->columns, section->wanted, p->top);
    if (text.rows) {
        print_heading(p, section->title);
        text_table_print(p->writer, &text, &p->style);
    }
    if (text.more)
        writer_printf(p->writer, "%zu more; --top=%zu shows all\n", text.more, text.rows + text.more);
    text_table_free(&text);
    table_free(table);
}

/* Sentences. */

static void print_sentence(void *ctx, Span words)
{
    Page *p = ctx;
    Buffer item = {0};
    if (p->heading)
        print_heading(p, p->heading);
    p->heading = NULL;
    buffer_append_span(&item, SPAN("- "));
    buffer_append_span(&item, words);
    text_print_paragraph(p->writer, buffer_span(&item), 2, &p->style);
    buffer_free(&item);
}

static void print_sentences(Page *p, const char *heading, const Summary *s, void (*speak)(const Summary *, SentenceSink))
{
    p->heading = heading;
    speak(s, (SentenceSink){p, print_sentence});
}

/* What the terminal or the file is read as: the locale says. */
static bool is_utf8(void)
{
    return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

void export_text(Writer *w, const Model *m, const ExportOptions *options)
{
    Page p = {.writer = w,
              .model = m,
              .options = options,
              .style = {options->width, options->color, {.ascii = !is_utf8()}},
              .top = options->top ? options->top : TEXT_TABLE_TOP};
    Summary s = summary_of(m, options->selection);
    print_head(&p, &s);
    for (size_t i = 0; i < sizeof sections / sizeof *sections; i++)
        print_section(&p, &sections[i]);
    if (!s.reports)
        print_heading(&p, s.left_out ? "The selection leaves no report." : "No memory_profiler report was found.");
    print_sentences(&p, "Needs attention", &s, summary_attention);
    if (s.reports)
        print_sentences(&p, "How to read this", &s, summary_legend);
}
