/* A page of styled text that scrolls and can be searched: help, explanations. Private to ui/. */
#ifndef UI_TEXT_PAGE_H
#define UI_TEXT_PAGE_H

#include "base/vec.h"
#include "ui/view.h"

/* A piece of a line; its text stands in the page's buffer. */
typedef struct PageRun {
    size_t line;
    size_t text_at, text_len;
    size_t whole_at, whole_len; /* the text that it was broken from: a search looks through that */
    int column; /* cells from the left */
    Role role;
} PageRun;

/* Zero-initialise; end with page_free(). */
typedef struct TextPage {
    Buffer text;
    VEC(PageRun) runs;
    size_t lines;
    size_t top; /* first line on the screen */
    int rows;   /* on the screen when it was drawn last */
    Pattern *search; /* or NULL */
    VEC(size_t) hits; /* lines */
    size_t hit;       /* of `hits` */
    bool previewing;  /* a search is being typed; it began with `search_from` as the top */
    size_t search_from;
} TextPage;

/* Empties the page, for building it anew; place and search stay. */
void page_clear(TextPage *page);

/* Ends the line that is being written. */
void page_end_line(TextPage *page);

/* Writes into the current line, from `column` on. */
void page_write(TextPage *page, int column, Role role, Span text);

/* Writes lines of at most `width` cells, broken at blanks, each from `column` on; ends the last one. */
void page_wrap(TextPage *page, int column, int width, Role role, Span text);

void page_draw(TextPage *page, Area area);

/* Scrolls for actions that move; false for others. */
bool page_act(TextPage *page, ActionId action);

/* Call it when the page was built anew: its hits may stand in other lines. */
void page_built(TextPage *page);

/*
 * Takes over `pattern` (NULL: none) and shows the first hit at or behind the top. Returns false when there is none. While it is being
 * typed (not `final`) each look begins where the first one did.
 */
bool page_search(TextPage *page, Pattern *pattern, bool final);
/* Shows the next hit in that direction; false when there is none. */
bool page_search_next(TextPage *page, int direction, bool *wrapped);

void page_free(TextPage *page);

#endif
