#include "base/utf8.h"
#include "src/export.h"
#include "src/export_parts.h"
#include "src/export_summary.h"
#include "src/text_table.h"

/* Texts. */

enum { CHARACTER_ROOM = 3 /* for each byte of a text, with a backslash or as U+FFFD */ };

/* What breaks a line or a table. */
static bool is_breaking(uint32_t code)
{
    return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x2028 || code == 0x2029;
}

/* Puts the first character of `*text` and cuts it off: breaking ones become blanks, invalid bytes U+FFFD. */
static char *put_clean(char *at, Span *text)
{
    uint32_t code;
    size_t len = utf8_next(*text, &code);
    Span clean = !len ? SPAN("\xef\xbf\xbd") : is_breaking(code) ? SPAN(" ") : span_to(*text, len);
    *text = span_from(*text, len ? len : utf8_skip_invalid(*text));
    return put_span(at, clean);
}

static void append_clean(Buffer *out, Span text)
{
    char *at = buffer_room(out, CHARACTER_ROOM * text.len + 1);
    while (text.len)
        at = put_clean(at, &text);
    buffer_filled(out, at);
}

static bool is_special(char c)
{
    static const bool special[0x80] = {
        ['\\'] = true, ['`'] = true, ['*'] = true, ['_'] = true, ['['] = true, [']'] = true,
        ['<'] = true,  ['>'] = true, ['|'] = true, ['~'] = true, ['&'] = true,
    };
    return (unsigned char)c < sizeof special && special[(unsigned char)c];
}

/* Text that Markdown shall show as it is. */
static void print_escaped(Writer *w, Span text)
{
    char *at = writer_room(w, CHARACTER_ROOM * text.len + 1);
    while (text.len) {
        *at = '\\';
        at = put_clean(at + is_special(text.ptr[0]), &text);
    }
    writer_filled(w, at);
}

static size_t longest_run(Span s, char c)
{
    size_t longest = 0, run = 0;
    for (size_t i = 0; i < s.len; i++) {
        run = s.ptr[i] == c ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    return longest;
}

static char *put_repeated(char *at, char c, size_t count)
{
    memset(at, c, count);
    return at + count;
}

static char *put_code(char *at, Span text, size_t fence, bool blanks)
{
    at = put_repeated(at, '`', fence);
    at = put_repeated(at, ' ', blanks);
    for (size_t i = 0; i < text.len; i++) {
        *at = '\\';
        at = put_byte(at + (text.ptr[i] == '|'), text.ptr[i]);
    }
    at = put_repeated(at, ' ', blanks);
    return put_repeated(at, '`', fence);
}

/*
 * Source text as a code span: its fence is longer than any run of backticks in it, with blanks between where the two would touch.
 * A pipe ends a table's cell even there and is escaped.
 */
static void print_code(Writer *w, Span text)
{
    Buffer clean = {0};
    append_clean(&clean, text);
    Span s = span_trim(buffer_span(&clean));
    size_t fence = longest_run(s, '`') + 1;
    bool blanks = s.len && (s.ptr[0] == '`' || s.ptr[s.len - 1] == '`');
    if (s.len)
        writer_filled(w, put_code(writer_room(w, 2 * (s.len + fence + blanks)), s, fence, blanks));
    buffer_free(&clean);
}

/* Tables. */

static bool is_code(const Column *column)
{
    return strcmp(column->id, "contents") == 0;
}

void export_markdown_header(Writer *w, const TextTable *t)
{
    for (size_t i = 0; i < t->column_count; i++) {
        const char *unit = t->units ? column_unit(t->columns[i]) : NULL;
        writer_printf(w, "| %s%s%s ", t->columns[i]->title, unit ? " " : "", unit ? unit : "");
    }
    writer_text(w, "|\n");
    for (size_t i = 0; i < t->column_count; i++)
        writer_text(w, text_column_is_number(t->columns[i]) ? "| ---: " : "| --- ");
    writer_text(w, "|\n");
}

static void print_row(Writer *w, const TextTable *t, const TextCell *cells)
{
    for (size_t i = 0; i < t->column_count; i++) {
        Span text = text_table_text(t, &cells[i]);
        writer_text(w, "| ");
        if (text_column_is_number(t->columns[i]))
            writer_span(w, text);
        else if (is_code(t->columns[i]))
            print_code(w, text);
        else
            print_escaped(w, text);
        writer_text(w, text.len ? " " : "");
    }
    writer_text(w, "|\n");
}

void export_markdown_rows(Writer *w, const TextTable *t)
{
    for (size_t i = 0; i < t->rows; i++)
        print_row(w, t, &t->cells.items[i * t->column_count]);
}

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
    {"Largest increments", TABLE_LINES, (const char *const[]){"line", "target", "increment", "median", "calls", "contents", NULL},
     summary_is_increment},
};

static void print_section(Writer *w, const Model *m, const ExportOptions *options, const Section *section)
{
    Table *table = export_table(m, section->id, options);
    TextTable t = text_table_of(table, section->columns, section->wanted, options->top ? options->top : TEXT_TABLE_TOP);
    if (t.rows) {
        writer_printf(w, "\n### %s\n\n", section->title);
        export_markdown_header(w, &t);
        export_markdown_rows(w, &t);
    }
    if (t.more)
        writer_printf(w, "\n%zu more; `--top=%zu` shows all.\n", t.more, t.rows + t.more);
    text_table_free(&t);
    table_free(table);
}

/* Sentences. */

typedef struct Page {
    Writer *writer;
    const char *heading; /* to be printed before the next sentence, NULL when it was */
} Page;

static void print_sentence(void *ctx, Span words)
{
    Page *p = ctx;
    if (p->heading)
        writer_printf(p->writer, "\n### %s\n\n", p->heading);
    p->heading = NULL;
    writer_text(p->writer, "- ");
    print_escaped(p->writer, words);
    writer_text(p->writer, "\n");
}

static void print_sentences(Writer *w, const char *heading, const Summary *s, void (*speak)(const Summary *, SentenceSink))
{
    Page p = {w, heading};
    speak(s, (SentenceSink){&p, print_sentence});
}

static void print_head(Writer *w, const Model *m, const Summary *s)
{
    Buffer counts = {0};
    writer_text(w, "## Memory of profiled functions\n\n");
    for (size_t i = 0; i < m->sources.len; i++) {
        writer_text(w, i ? ", " : "");
        print_escaped(w, model_text(m, m->sources.items[i].name));
    }
    summary_append_counts(&counts, s);
    writer_printf(w, "%s%s.\n", m->sources.len ? ": " : "", buffer_text(&counts));
    buffer_free(&counts);
}

void export_markdown(Writer *w, const Model *m, const ExportOptions *options)
{
    Summary s = summary_of(m, options->selection);
    print_head(w, m, &s);
    if (!s.reports)
        writer_text(w, s.left_out ? "\nThe selection leaves no report.\n" : "\nNo memory\\_profiler report was found.\n");
    for (size_t i = 0; i < sizeof sections / sizeof *sections; i++)
        print_section(w, m, options, &sections[i]);
    print_sentences(w, "Needs attention", &s, summary_attention);
    if (s.reports)
        print_sentences(w, "How to read this", &s, summary_legend);
}
