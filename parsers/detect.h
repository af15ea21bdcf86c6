/*
 * Tells exports from text logs by their first bytes. A text log may begin with a brace ("{}" that an app printed, JSON that a
 * container runtime wraps each line in) or a bracket ("[2021-03-22T19:20:10.123Z] "): JSON is an export only when its first record
 * has names that exports use.
 */
#ifndef PARSERS_DETECT_H
#define PARSERS_DETECT_H

#include "parsers/format.h"

enum { DETECT_BYTES_MAX = 64 * 1024 };

typedef enum DetectResult { DETECT_MORE, DETECT_TEXT, DETECT_JSON, DETECT_CSV } DetectResult;

/*
 * What `head`, the first bytes of an input, are the beginning of; DETECT_MORE when that shows only in what comes behind them, never
 * when `whole` (there is no more) or from DETECT_BYTES_MAX bytes on. More bytes never change an answer.
 */
DetectResult detect_input(Span head, bool whole);

#endif
