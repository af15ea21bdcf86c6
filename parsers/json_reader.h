/* Reads exports in JSON: which cell of a row, or which member of an object, is which field. */
#ifndef PARSERS_JSON_READER_H
#define PARSERS_JSON_READER_H

#include "parsers/export_record.h"
#include "parsers/json_cutter.h"

/* What a member at a place of an object is; objects of one export have the same names in the same places. */
typedef struct JsonMember {
    char text[45]; /* its name as it stands there, with quotes and white space */
    uint8_t len;   /* 0: it is not known */
    uint8_t field; /* ExportField */
    bool error;    /* it is called "error" */
} JsonMember;

/* End it with json_reader_free(). */
typedef struct JsonReader {
    JsonCutter cutter;
    ExportRecords *records; /* the caller's */
    VEC(uint8_t) columns;   /* of the rows that come: an ExportField each */
    bool has_columns;
    bool has_header; /* the first row names the columns */
    VEC(JsonMember) members;
    unsigned layout;         /* of the latest record ... */
    size_t sure;             /* ... and how many of its members are known to be what `members` says */
    const JsonCut *cut;      /* the row at hand: */
    size_t cells;            /* cells or members ... */
    size_t seen;             /* ... of which so many were looked at */
    bool error, any;         /* they were one called "error", and one that is a field */
    Span raw[FIELD_COUNT];   /* JSON text of the fields among them */
    Span value[FIELD_COUNT]; /* their texts, as far as a bit in `decoded` says so */
    uint32_t decoded;
    Buffer text[FIELD_COUNT]; /* memory for those */
    Buffer nested;
    Damage damage;
} JsonReader;

/* Begins to read; `reader` must stay where it is. */
void json_reader_init(JsonReader *reader, ExportRecords *records);

void json_reader_free(JsonReader *reader);

#endif
