/* Charts of values over calls, drawn with characters. Private to ui/. */
#ifndef UI_CHART_H
#define UI_CHART_H

#include "model/series.h"
#include "ui/view.h"

enum { CHART_ROWS_MIN = 3, CHART_ROWS_MAX = 6 };

/* How many rows a chart takes above a table, of so many that there are for both; 0 where the table needs them all. */
int chart_rows(int rows);

/* Draws a series with its title and its lowest and highest value; the newest call stands at the right. */
void chart_draw(Area area, const char *title, const Series *series);

#endif
