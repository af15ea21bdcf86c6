#include "model/reading.h"

#include "model/report.h"

Reading reading_of_closed(Intake *in, Id id)
{
    const Model *m = in->model;
    const Report *r = &m->reports.items[id];
    uint64_t last = report_last(m, r);
    return (Reading){
        .report = id,
        .target = r->target,
        .process = report_process(m, r),
        .function = report_item(m, r, REPORT_FUNCTION),
        .first_number = report_first(m, r),
        .last_number = last,
        .previous_number = last - report_number(m, r, REPORT_LAST_GAP),
        .rows = r->rows,
        .on_stdout = r->on_stdout,
        .doubtful = r->doubtful,
        .interleaved = r->stored_flags & FLAG_INTERLEAVED,
    };
}

Reading reading_of_open(Intake *in, const OpenReport *open)
{
    const ParsedReport *p = open->parsed;
    return (Reading){
        .report = open->report,
        .target = intake_target(in, p),
        .process = report_process(in->model, &in->model->reports.items[open->report]),
        .function = p->function.len ? model_function_named(in->model, buffer_span(&p->function)) : NO_ID,
        .first_number = p->first_number,
        .last_number = p->last_number,
        .previous_number = p->previous_number,
        .rows = (uint32_t)p->rows.len,
        .parsed = p,
        .on_stdout = !p->logger.len,
        .doubtful = p->doubtful,
        .interleaved = p->interleaved,
    };
}

bool reading_may_be_whole(const OpenReport *open)
{
    const ParsedReport *p = open->parsed;
    return p->rows.len && (!p->dense || !p->logger.len || p->ended);
}

bool reading_is_nearly_within(const Reading *r, const CallSpan *call)
{
    Reading shorter = *r;
    shorter.last_number = r->previous_number;
    return reading_is_within(r, call) || reading_is_within(&shorter, call);
}

bool reading_may_be_from(const Intake *in, const Reading *r, const CallSpan *call)
{
    if (reading_is_nearly_within(r, call))
        return true;
    bool begun = call->first < r->first_number && call->process == r->process;
    return in->old_host && begun && !in->model->invocations.items[call->call].settled;
}

ReadingRow reading_row(const Intake *in, const Reading *r, uint32_t index)
{
    if (r->parsed) {
        const ProfilerRow *row = &r->parsed->rows.items[index].row;
        return (ReadingRow){row->measured, row->memory, row->increment, row->decimals};
    }
    const Report *report = &in->model->reports.items[r->report];
    ReportRow row = report_row(in->model, report, index);
    return (ReadingRow){row.measured, row.memory, row.increment, report->decimals};
}
