#include "parsers/prefix.h"

enum { ISO_STAMP_MIN = 19, CORETOOLS_END = 25 /* where "]" is in almost every line */ };

/* The bracketed stamp at the front. The blank behind it is lost where a line is empty and trailing blanks were stripped. */
static bool take_bracketed(PrefixMemory *memory, Span *text, size_t end, Opening *opening)
{
    memory->console.open = false;
    opening->stamp = (Span){text->ptr + 1, end - 1};
    *text = span_from(*text, end + 1);
    opening->fixed = span_take(text, SPAN(" "));
    return true;
}

/* Core Tools since 3.0.2931: "[2021-03-22T19:20:10.123Z] ", at first without the Z. */
static bool take_coretools(PrefixMemory *memory, Span *text, Opening *opening)
{
    const char *p = text->ptr;
    if (text->len < ISO_STAMP_MIN + 2 || p[0] != '[' || p[5] != '-' || p[8] != '-' || p[11] != 'T')
        return false;
    ptrdiff_t end = CORETOOLS_END;
    if (text->len <= CORETOOLS_END || p[CORETOOLS_END] != ']')
        end = span_find_byte(span_to(*text, STAMP_TEXT_MAX), ']');
    if (end < ISO_STAMP_MIN + 1)
        return false;
    opening->time = stamp_iso_time;
    return take_bracketed(memory, text, (size_t)end, opening);
}

/* Core Tools before that: "[1/16/2020 6:10:07 AM] " and what other cultures make of it. */
static bool take_culture(PrefixMemory *memory, Span *text, Opening *opening)
{
    if (text->len < 2 || text->ptr[0] != '[' || text->ptr[1] < '0' || text->ptr[1] > '9')
        return false;
    ptrdiff_t end = span_find_byte(span_to(*text, STAMP_TEXT_MAX), ']');
    if (end < 0 || !stamp_is_culture(span_from(span_to(*text, (size_t)end), 1)))
        return false;
    opening->time = memory->clock.day_first ? stamp_day_first_time : stamp_month_first_time;
    return take_bracketed(memory, text, (size_t)end, opening);
}

static Moment (*learn_culture(PrefixMemory *memory, Span stamp))(Span)
{
    return culture_clock_see(&memory->clock, stamp);
}

static size_t count_blanks(Span s)
{
    size_t n = 0;
    while (n < s.len && s.ptr[n] == ' ')
        n++;
    return n;
}

static const Span hostfile_levels[] = {
    {"Information", 11}, {"Warning", 7}, {"Error", 5}, {"Verbose", 7}, {"Debug", 5}, {"Trace", 5}, {"Critical", 8}, {"Info", 4},
};

enum { HOSTFILE_LEVELS = sizeof hostfile_levels / sizeof *hostfile_levels };

/* "[Information]" or "[Information,FunctionName]". */
static bool take_level(Span *text, Span *function)
{
    if (!text->len || text->ptr[0] != '[')
        return false;
    for (size_t i = 0; i < HOSTFILE_LEVELS; i++) {
        Span rest = span_from(*text, 1);
        if (!span_take(&rest, hostfile_levels[i]) || !rest.len)
            continue;
        ptrdiff_t end = span_find_byte(rest, ']');
        if (end < 0 || (end > 0 && rest.ptr[0] != ','))
            return false;
        *function = span_trim(span_from(span_to(rest, (size_t)end), 1));
        *text = span_from(rest, (size_t)end + 1);
        return true;
    }
    return false;
}

/*
 * File logs: "2021-03-22T19:20:10.123 [Information] text". Streams of them: "2021-02-24T15:03:41Z   [Information]   text", and
 * their own remarks "2021-03-22T19:21:10  No new trace in the past 1 min(s).".
 */
static bool take_hostfile(PrefixMemory *memory, Span *text, Opening *opening)
{
    IsoStamp iso;
    size_t len = stamp_iso(*text, &iso);
    size_t blanks = count_blanks(span_from(*text, len));
    Span rest = span_from(*text, len + blanks);
    if (!len || !blanks || iso.offset)
        return false;
    bool remark = !iso.fraction && !iso.zulu && blanks == 2;
    if (take_level(&rest, &opening->function)) {
        size_t behind = count_blanks(rest);
        rest = span_from(rest, behind < blanks ? behind : blanks);
        opening->fixed = behind >= blanks && !opening->function.len;
    } else if (!remark) {
        return false;
    }
    memory->console.open = false;
    opening->place = LINE_FIRST;
    opening->stamp = span_to(*text, len);
    opening->time = stamp_iso_time;
    *text = rest;
    return true;
}

static bool take_monitor(PrefixMemory *memory, Span *text, Opening *opening)
{
    MonitorEvent *event = &memory->event;
    if (text->len < 2 || (text->ptr[0] != 'M' && text->ptr[1] != ',') || !monitor_read(event, *text))
        return false;
    *opening = (Opening){
        .place = LINE_FIRST,
        .stamp = event->stamp,
        .time = stamp_month_first_time,
        .function = buffer_span(&event->function),
        .invocation = buffer_span(&event->invocation),
        .many_lines = true,
    };
    *text = buffer_span(&event->message);
    return true;
}

static bool take_console(PrefixMemory *memory, Span *text, Opening *opening)
{
    static const LinePlace places[] = {
        [CONSOLE_HEAD] = LINE_HEAD, [CONSOLE_MESSAGE] = LINE_FIRST, [CONSOLE_MORE] = LINE_MORE, [CONSOLE_WHOLE] = LINE_FIRST};
    ConsoleLine line = console_take(&memory->console, text);
    if (line == CONSOLE_NONE)
        return false;
    opening->place = places[line];
    opening->function = buffer_span(&memory->console.function);
    return true;
}

const Prefix prefixes[] = {
    {.format = "coretools", .take = take_coretools, .glues = true},
    {.format = "coretools", .take = take_culture, .learn = learn_culture, .glues = true},
    {.format = "hostfile", .take = take_hostfile, .continues = true},
    {.format = "hostfile", .take = take_monitor},
    {.format = "console", .take = take_console},
    {0},
};

void prefix_memory_free(PrefixMemory *memory)
{
    console_free(&memory->console);
    monitor_free(&memory->event);
}
