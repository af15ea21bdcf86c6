#include "src/progress.h"

enum { MEASURE_MS = 300 };
static const double latest_share = 0.3;

void progress_note(Progress *p, uint64_t now_ms, uint64_t position)
{
    if (!p->begun || position < p->position) {
        *p = (Progress){.begun = true, .at_ms = now_ms, .position = position};
        return;
    }
    if (now_ms - p->at_ms < MEASURE_MS)
        return;
    double speed = (double)(position - p->position) / (double)(now_ms - p->at_ms);
    p->speed = p->speed > 0 ? p->speed + (speed - p->speed) * latest_share : speed;
    p->at_ms = now_ms;
    p->position = position;
}

int64_t progress_left_ms(const Progress *p, uint64_t size)
{
    if (p->speed <= 0 || size < p->position)
        return -1;
    return (int64_t)((double)(size - p->position) / p->speed);
}
