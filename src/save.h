/*
 * Writing what the screen shows to a file that a person names, a piece at a time: save_make() and save_write() take turns until it
 * is over. The file is there when it is complete; what was there before stays until then.
 */
#ifndef SRC_SAVE_H
#define SRC_SAVE_H

#include "base/portions.h"
#include "model/table.h"
#include "src/writer.h"

typedef enum SaveResult {
    SAVE_BEGUN,
    SAVE_EXISTS, /* nothing was done: a file of that name is there */
    SAVE_FAILED,
} SaveResult;

/* Zero-initialise. */
typedef struct Save {
    Portions portions;
    Writer writer;
    Buffer path;
    bool made; /* the last piece was */
    bool over;
    int error; /* errno, 0 when all went well */
} Save;

/*
 * Begins to write rows to the file `name`, whose end says what kind it shall be; "~/" at its beginning is the home folder. One that
 * exists is left alone unless `replace`. What does not begin is told by one sentence for people. Takes over `rows` in any case.
 */
SaveResult save_rows(Save *save, const char *name, bool replace, TableExtract rows, Buffer *message);

/* The same for lines of a log, which are written as they are: the name must not promise another kind. Takes over `lines`. */
SaveResult save_lines(Save *save, const char *name, bool replace, Portions lines, Buffer *message);

/* Makes the next piece, until clock_ns() is `until_ns`. */
void save_make(Save *save, int64_t until_ns);

/*
 * Writes what was made, and with the last piece ends the file. May take as long as the disk likes, and may be called in another
 * thread as long as nobody else touches `save`.
 */
void save_write(Save *save);

/* How much was made, 0 to 100. */
int save_percent(const Save *save);

/* Ends it; what is not over is given up and leaves nothing. Appends what came of it; false when the file was not written. */
bool save_end(Save *save, Buffer *message);

#endif
