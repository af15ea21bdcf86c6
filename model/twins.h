/*
 * The same invocation in two sources: the host writes its log lines to its own file and to the function's, a console is saved and
 * exported. Its reports must count once. Private to model/.
 */
#ifndef MODEL_TWINS_H
#define MODEL_TWINS_H

#include "model/model.h"

/*
 * The source has ended: finds invocations that earlier sources have as well, by their id, and marks as duplicates the reports that both
 * have, of each two the one that is less complete or less surely attributed. An invocation of which nothing is left is hidden; what only
 * one of the two shows of it (its end, its failure) is copied to the other. Reports that were given to different invocations by guess
 * are not found.
 */
void twins_find(Model *model, Id source);

/*
 * The same within one source, where several files were followed at once or the container prints its records in two ways: each line
 * is there twice. Marks as duplicates those reports of an invocation that are equal and of one time, where its beginning is there
 * twice.
 */
void twins_find_doubles(Model *model, Id source);

#endif
