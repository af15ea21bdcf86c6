/*
 * Records that ran into each other. Core Tools writes the prefix, the text and the new line of a record one by one and from many
 * threads (Colors.Net, ColoredConsoleWriter.WriteLine), so the prefix of one record can stand behind the text of another:
 *
 *   [2023-02-27T05:47:49.100Z] first[2023-02-27T05:47:49.219Z]
 *    second
 */
#ifndef PARSERS_GLUE_H
#define PARSERS_GLUE_H

#include "parsers/prefix.h"
#include "parsers/record.h"

/*
 * Offset in `message`, whose prefix is cut off, of a second prefix that begins another record; -1 when there is none.
 *
 * Text may hold stamps of its own, most of all the source text of a row, and cutting there would falsify it. So all of this must
 * hold:
 *  - it is the same kind of prefix as the line's;
 *  - its time is within seconds of the line's own, which is in `own`; where that is not known, a record of the host or of the
 *    profiler must follow, or nothing;
 *  - nothing stands between the text and it: a record's text rarely ends in a blank, a quoted stamp rarely follows a word (the
 *    empty rest of a record and a report's end record, which end in a blank, are allowed for);
 *  - where a row of a report stands before it, it is neither in a string nor in a comment of that source line. A stamp is no
 *    Python, so it cannot belong to the row anywhere else.
 */
ptrdiff_t glue_find(const Prefix *prefix, PrefixMemory *memory, Span message, const Opening *own, ProfilerColumns columns);

/* Whether a message is a record of the host, or a piece of a report. */
bool glue_is_record(Span message, ProfilerColumns columns);

/* A quick look at a '[' that stands at the front of `rest`: false only where surely no prefix begins with it. */
bool glue_may_begin(Span rest);

#endif
