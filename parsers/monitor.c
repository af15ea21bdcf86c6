#include "parsers/monitor.h"

#include "parsers/host.h"
#include "parsers/object.h"

static const char quote = '\'';

/* "4," at the front: the level, and what the line begins with when it has not the name of the stream. */
static bool begins_event(Span line)
{
    span_take(&line, SPAN("MS_FUNCTION_AZURE_MONITOR_EVENT "));
    return line.len > 2 && line.ptr[0] >= '0' && line.ptr[0] <= '6' && line.ptr[1] == ',';
}

static void read_members(MonitorEvent *event, Span object)
{
    ObjectMember member;
    Span exception = {0};
    while (object_next(&object, quote, &member)) {
        if (span_eq(member.key, SPAN("message")))
            object_unescape(member.value, &event->message);
        else if (span_eq(member.key, SPAN("category")))
            buffer_append_span(&event->function, host_function_of_category(member.value));
        else if (span_eq(member.key, SPAN("functionInvocationId")))
            object_unescape(member.value, &event->invocation);
        else if (span_eq(member.key, SPAN("exceptionDetails")))
            exception = member.value;
    }
    if (exception.len) {
        buffer_append_byte(&event->message, '\n');
        object_unescape(exception, &event->message);
    }
}

bool monitor_read(MonitorEvent *event, Span line)
{
    ptrdiff_t at = begins_event(line) ? span_find(line, SPAN(",\"{'")) : -1;
    if (at < 0)
        return false;
    Span object = span_from(line, (size_t)at + 2);
    ptrdiff_t end = span_find_last(object, SPAN("}\","));
    event->stamp = end < 0 ? (Span){0} : span_trim(span_from(object, (size_t)end + 3));
    buffer_clear(&event->message);
    buffer_clear(&event->function);
    buffer_clear(&event->invocation);
    if (object_open(&object))
        read_members(event, object);
    return true;
}

void monitor_free(MonitorEvent *event)
{
    buffer_free(&event->message);
    buffer_free(&event->function);
    buffer_free(&event->invocation);
}
