/*
 * Reads exports in CSV (RFC 4180): the portal's, and others with columns of known names.
 *
 * A quote that is never closed would make one cell of the rest of the file. So the bytes of a row are kept until it is complete;
 * where it has too many cells, a quote stands in a cell of several lines as one does where a cell begins, or it is longer than
 * CSV_ROW_BYTES_MAX or does not end with the file, its first line is given up and reading goes on behind that.
 */
#ifndef PARSERS_CSV_READER_H
#define PARSERS_CSV_READER_H

#include "parsers/csv_cutter.h"
#include "parsers/export_record.h"

enum { CSV_ROW_BYTES_MAX = 16 << 20 };

/* End it with csv_reader_free(). */
typedef struct CsvReader {
    ExportRecords *records; /* the caller's */
    Damage damage;
    CsvCutter cutter;
    Span view;            /* bytes from `base` on, in the caller's memory or in ... */
    Buffer kept;          /* ... a copy of those that are still needed when more come */
    size_t begin;         /* of the row at hand, in the view */
    size_t at;            /* the cutter has read up to here ... */
    size_t searched;      /* ... and up to here there is no line end */
    uint64_t base;        /* offset of the view */
    uint64_t line;        /* of the row's beginning */
    uint64_t row_lines;   /* line ends in the row so far */
    uint64_t lines;       /* line ends in all */
    uint64_t read_again;  /* bytes */
    bool skipping;        /* a line that is too long */
    bool broken;          /* the row that just ended is none */
    VEC(uint8_t) columns; /* an ExportField each ... */
    size_t width;         /* ... of the first of so many */
    bool has_columns;
    size_t message;                /* column of the message; SIZE_MAX when other columns tell as well what a row is */
    size_t column_of[FIELD_COUNT]; /* the first of each field; the number of columns where there is none */
    Buffer text[FIELD_COUNT];      /* of fields in which quotes are doubled */
} CsvReader;

/* Begins to read; `reader` must stay where it is. */
void csv_reader_init(CsvReader *reader, ExportRecords *records);

void csv_reader_feed(CsvReader *reader, const char *bytes, size_t len);
void csv_reader_finish(CsvReader *reader);

/* Bytes read so far. */
uint64_t csv_reader_bytes(const CsvReader *reader);

void csv_reader_free(CsvReader *reader);

/*
 * What a header row tells: the delimiter (comma, semicolon or tab) with which it names columns of an export, or '\0' when it is no
 * header of one. `line` is without its end.
 */
char csv_header_delimiter(Span line);

#endif
