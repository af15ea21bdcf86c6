/* The text of a source file by lines. It comes from outside: the model reads no files. */
#ifndef MODEL_SOURCE_TEXT_H
#define MODEL_SOURCE_TEXT_H

#include "base/buffer.h"
#include "base/vec.h"

/* Zero-initialise; end with source_text_free(). */
typedef struct SourceText {
    Buffer text;
    VEC(size_t) lines; /* where each begins */
} SourceText;

/* Takes over `text`. */
void source_text_set(SourceText *source, Buffer text);

/* Line `number`, from 1, without its end; empty when there is none. */
Span source_text_line(const SourceText *source, uint32_t number);

/*
 * The last line of the Python function that begins at or below line `first` (its decorators may stand before it) and reaches `known`
 * at least: it goes on as long as lines are indented deeper than its "def". `known` when there is no "def".
 */
uint32_t source_text_function_end(const SourceText *source, uint32_t first, uint32_t known);

void source_text_free(SourceText *source);

#endif
