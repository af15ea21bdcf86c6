#include "src/session.h"

#include <inttypes.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "parsers/parser.h"
#include "src/packed.h"
#include "src/tee.h"

enum {
    SETTLE_MS = 500,      /* silence after which a live report that is alone counts as complete ... */
    SETTLE_ALL_MS = 2000, /* ... and all do */
    HURRY_MS = 2000,      /* so long a live input may wait for records that tell more, while it is not silent */
    SLICE_NS = 5000000,   /* of putting together what came in no order, at an end */
};

/*
 * What is read: a file, standard input, COMMAND, or with --join all files. It is one log, or, when it is an archive, several in
 * turn: each log has a parser and a source in the model, from its first byte on.
 */
typedef struct Input {
    Session *session;
    char *const *paths; /* the parts that it is read from, NULL for COMMAND */
    size_t path_count;
    size_t next_path; /* the part to open next */
    Source *source;   /* the part that is read now */
    Buffer head;      /* its first bytes, as long as they do not tell whether it is packed */
    bool unknown;     /* that is still to be told */
    bool unpacking;
    bool fresh_part;      /* no byte of the part was fed yet */
    uint64_t part_at;     /* where reading of it began in its file */
    uint64_t damage_told; /* records that could not be read, as last said */
    uint64_t hurried_at;  /* when what waits was last handed over, as uv_now() */
    Parser *parser;       /* of the log; NULL before there is one */
    Id id;                /* in the model */
    bool begun;           /* a log of it is, or was, in the model */
    bool caught_up;       /* all that was there at first was read */
    bool grown;           /* more has come since */
    bool ending;          /* all was read, and is being put together */
    bool finished;
} Input;

struct Session {
    uv_loop_t *loop;
    Model *model;
    const SessionOptions *options;
    SessionEvents events;
    uv_timer_t *settle;  /* NULL unless inputs are live */
    unsigned silence_ms; /* that there will have been when it fires */
    uv_idle_t *ending;   /* active while an input is */
    Input *inputs;
    size_t input_count;
    size_t opened; /* inputs before this index were opened */
    Tee tee;
    bool teeing;
    uint64_t tee_at; /* size of the copy before anything was appended */
    bool failed;
    bool stopped; /* no further input is opened */
    bool held;    /* nothing comes into the model for now */
};

static char stdin_path[] = "-";
static char *const stdin_paths[] = {stdin_path};

static void open_next(Session *s);
static void on_settle(uv_timer_t *timer);
static void on_restarted(void *ctx, Source *source, SourceRestart why);
static void on_changed(void *ctx, Source *source);
static void on_ending(uv_idle_t *idle);

static const char *name_of(const Input *in)
{
    if (!in->paths)
        return in->session->options->command[0];
    return strcmp(in->paths[0], "-") == 0 ? "standard input" : in->paths[0];
}

static void problem(Session *s, const char *format, const char *what, const char *why)
{
    Buffer text = {0};
    buffer_printf(&text, format, what, why);
    s->events.problem(s->events.ctx, buffer_text(&text));
    buffer_free(&text);
}

static void note_progress(Input *in)
{
    ParserStats stats = parser_stats(in->parser);
    model_source_progress(in->session->model, in->id, stats.format, stats.bytes, stats.lines, stats.damaged);
}

static void report_damage(Input *in)
{
    const Model *m = in->session->model;
    ParserStats stats = parser_stats(in->parser);
    if (stats.damaged <= in->damage_told)
        return;
    in->damage_told = stats.damaged;
    Buffer text = {0};
    buffer_printf(&text, "%.*s: %" PRIu64 " record%s could not be read, the first on line %" PRIu64 ": %s",
                  SPAN_ARG(model_text(m, m->sources.items[in->id].name)), stats.damaged, stats.damaged == 1 ? "" : "s",
                  stats.damaged_line, stats.damage);
    in->session->events.problem(in->session->events.ctx, buffer_text(&text));
    buffer_free(&text);
}

/* Where the bytes of an input's part can be read again. What is copied as it is can be read from the copy. */
static LogOrigin origin_of(const Input *in)
{
    const Session *s = in->session;
    const char *path = in->paths ? in->paths[in->next_path - 1] : NULL;
    if (in->unpacking)
        return LOG_IN_MEMORY;
    if (path && strcmp(path, "-") != 0)
        return (LogOrigin){path, -1, in->part_at};
    struct stat status;
    bool file = path && fstat(STDIN_FILENO, &status) == 0 && S_ISREG(status.st_mode);
    if (file)
        return (LogOrigin){NULL, STDIN_FILENO, in->part_at};
    bool copied = s->teeing && s->input_count == 1 && in->path_count <= 1;
    return copied ? (LogOrigin){s->tee.path, -1, s->tee_at} : LOG_IN_MEMORY;
}

static void feed_text(Input *in, const char *data, size_t len)
{
    LogTexts *texts = in->session->options->texts;
    if (!texts)
        return;
    if (in->fresh_part)
        log_texts_origin(texts, in->id, origin_of(in));
    in->fresh_part = false;
    log_texts_feed(texts, in->id, data, len);
}

/* Logs of an input. */

static void begin_log(Input *in, Span name)
{
    Model *m = in->session->model;
    in->begun = true;
    in->damage_told = 0;
    in->id = model_source_add(m, name);
    in->parser = parser_new(in->session->options->format, model_source_sink(m, in->id));
}

/* False when that takes longer than until `end_ns`: then it must be called again. */
static bool end_log(Input *in, int64_t end_ns)
{
    if (!in->parser)
        return true;
    if (in->session->stopped) /* what the stop itself cut is no damage of the input */
        report_damage(in);
    if (!parser_finish_until(in->parser, end_ns))
        return false;
    if (in->session->options->texts)
        log_texts_end(in->session->options->texts, in->id);
    note_progress(in);
    model_source_end(in->session->model, in->id);
    if (!in->session->stopped)
        report_damage(in);
    parser_free(in->parser);
    in->parser = NULL;
    return true;
}

/* What is live must not wait for ever while something else is logged that tells nothing. */
static void hurry(Input *in)
{
    uint64_t now = uv_now(in->session->loop);
    if (!in->session->settle || source_state(in->source) != SOURCE_FOLLOWING || now - in->hurried_at < HURRY_MS)
        return;
    in->hurried_at = now;
    parser_hurry(in->parser);
}

static void wait_for_silence(Session *s)
{
    s->silence_ms = SETTLE_MS;
    uv_timer_start(s->settle, on_settle, SETTLE_MS, 0);
}

static void feed(Input *in, const char *data, size_t len)
{
    Session *s = in->session;
    in->grown |= in->caught_up;
    if (!in->parser)
        begin_log(in, span_of(name_of(in)));
    feed_text(in, data, len);
    parser_feed(in->parser, data, len);
    hurry(in);
    note_progress(in);
    if (s->options->source.follow && !in->damage_told)
        report_damage(in); /* a live input has no end at which it could be said */
    if (s->settle)
        wait_for_silence(s);
    s->events.changed(s->events.ctx);
}

/* It is not packed: the bytes that were held back are the log's. */
static void take_as_is(Input *in)
{
    in->unknown = false;
    if (in->head.len)
        feed(in, in->head.data, in->head.len);
    buffer_free(&in->head);
}

/* An input without a byte is a log too. What takes long goes on in on_ending(), but for a stop, which waits for nothing. */
static void finish(Input *in)
{
    Session *s = in->session;
    if (in->finished)
        return;
    take_as_is(in);
    if (!in->begun)
        begin_log(in, span_of(name_of(in)));
    in->ending = !end_log(in, s->stopped ? INT64_MAX : clock_ns() + SLICE_NS);
    in->finished = !in->ending;
    if (in->ending)
        uv_idle_start(s->ending, on_ending);
}

/* What the sources say. */

/*
 * Whether silence says anything of what was read last. It does not while there is more to be read, nor within a line that someone
 * is writing: then more of it waits in a buffer of theirs, for however long.
 */
static bool can_settle(const Input *in)
{
    return in->parser && !in->unpacking && !in->ending && source_state(in->source) != SOURCE_LOADING &&
           !(in->grown && parser_is_in_line(in->parser));
}

/* What has not grown since it was opened is a saved log rather than one that pauses. */
static void on_settle(uv_timer_t *timer)
{
    Session *s = timer->data;
    if (s->held) {
        wait_for_silence(s);
        return;
    }
    bool more = false;
    for (size_t i = 0; i < s->opened; i++)
        if (can_settle(&s->inputs[i]))
            more |= parser_settle(s->inputs[i].parser, s->silence_ms == SETTLE_ALL_MS || !s->inputs[i].grown);
    if (more)
        uv_timer_start(timer, on_settle, SETTLE_ALL_MS - SETTLE_MS, 0);
    s->silence_ms = SETTLE_ALL_MS;
    s->events.changed(s->events.ctx);
}

static void copy(Session *s, const char *data, size_t len)
{
    if (s->teeing && !tee_write(&s->tee, data, len))
        problem(s, "%s%s", s->tee.error, "");
}

/* What an archive's source says: the bytes are those of its logs. */

static void on_unpacked(void *ctx, Source *source, const char *data, size_t len)
{
    (void)source;
    feed(ctx, data, len);
}

/* With --join, members are parts of the one log as files are. */
static void on_log(void *ctx, Source *source, const char *member)
{
    Input *in = ctx;
    (void)source;
    if (!member || in->session->options->join)
        return;
    Buffer name = {0};
    end_log(in, INT64_MAX);
    buffer_printf(&name, "%s:%s", name_of(in), member);
    begin_log(in, buffer_span(&name));
    in->fresh_part = true;
    buffer_free(&name);
}

static void on_unpack_problem(void *ctx, Source *source, const char *text)
{
    Input *in = ctx;
    (void)source;
    problem(in->session, "%s%s", text, "");
}

static void on_packed(void *ctx, Source *source, const char *data, size_t len)
{
    Input *in = ctx;
    (void)source;
    copy(in->session, data, len);
}

static void unpack(Input *in, Source *packed, Span head)
{
    SourceEvents events = {in, on_unpacked, on_restarted, on_changed};
    SourceArchiveEvents more = {on_log, on_unpack_problem, in->session->teeing ? on_packed : NULL};
    in->unknown = false;
    in->unpacking = true;
    in->source = source_unpack(packed, head.ptr, head.len, events, more);
    buffer_free(&in->head);
}

/* What any source says. */

static void sniff(Input *in, Source *source, Span bytes)
{
    if (in->head.len) {
        buffer_append_span(&in->head, bytes);
        bytes = buffer_span(&in->head);
    }
    Packed packed = packed_sniff(bytes);
    if (packed == PACKED_YES) {
        unpack(in, source, bytes);
        return;
    }
    if (!in->head.len)
        buffer_append_span(&in->head, bytes);
    if (packed == PACKED_NO)
        take_as_is(in);
}

static void on_bytes(void *ctx, Source *source, const char *data, size_t len)
{
    Input *in = ctx;
    copy(in->session, data, len);
    if (in->unknown)
        sniff(in, source, (Span){data, len});
    else
        feed(in, data, len);
}

/* What a file holds that begins anew is not looked at again. */
static void on_restarted(void *ctx, Source *source, SourceRestart why)
{
    Input *in = ctx;
    (void)source;
    take_as_is(in);
    if (why == SOURCE_TRUNCATED && in->parser) {
        parser_restart(in->parser);
        if (in->session->options->texts)
            log_texts_restart(in->session->options->texts, in->id);
    }
    in->fresh_part = true;
    in->part_at = 0;
}

static void part_is_over(Input *in)
{
    Session *s = in->session;
    if (source_state(in->source) == SOURCE_FAILED && !in->ending) {
        s->failed = true;
        problem(s, "%s%s", source_error(in->source), "");
    }
    take_as_is(in);
    if (in->next_path == in->path_count || s->stopped)
        finish(in);
    open_next(s);
}

static void look_at_state(Input *in)
{
    if (source_is_over(in->source))
        part_is_over(in);
    else if (source_state(in->source) == SOURCE_FOLLOWING)
        open_next(in->session);
}

static void on_changed(void *ctx, Source *source)
{
    Input *in = ctx;
    Session *s = in->session;
    if (source != in->source)
        return;
    in->caught_up |= source_state(source) == SOURCE_FOLLOWING;
    if (!s->held)
        look_at_state(in);
    s->events.changed(s->events.ctx);
}

/* While nothing may come into the model it does not go on; session_hold() begins it again. */
static void on_ending(uv_idle_t *idle)
{
    Session *s = idle->data;
    uv_idle_stop(idle);
    for (size_t i = 0; i < s->opened && !s->held; i++)
        if (s->inputs[i].ending)
            part_is_over(&s->inputs[i]);
    s->events.changed(s->events.ctx);
}

/* Opening. */

static void open_part(Input *in)
{
    Session *s = in->session;
    SourceEvents events = {in, on_bytes, on_restarted, on_changed};
    source_close(in->source);
    in->unpacking = false;
    in->unknown = in->paths != NULL;
    in->fresh_part = true;
    in->part_at = 0;
    if (!in->paths) {
        in->source = source_open_command(s->loop, s->options->command, s->options->source, events);
        return;
    }
    const char *path = in->paths[in->next_path++];
    if (strcmp(path, "-") == 0) {
        off_t at = lseek(STDIN_FILENO, 0, SEEK_CUR);
        in->part_at = at > 0 ? (uint64_t)at : 0;
        in->source = source_open_stdin(s->loop, s->options->source, events);
    } else {
        in->source = source_open_file(s->loop, path, s->options->source, events);
    }
}

static bool is_busy(const Input *in)
{
    return in->source && !source_is_over(in->source) && source_state(in->source) != SOURCE_FOLLOWING;
}

/* Opens the next part or input once the one before it has been read. */
static void open_next(Session *s)
{
    if (s->stopped)
        return;
    Input *current = s->opened ? &s->inputs[s->opened - 1] : NULL;
    if (current && (is_busy(current) || current->ending))
        return;
    if (current && !current->finished && current->next_path < current->path_count)
        open_part(current);
    else if (s->opened < s->input_count)
        open_part(&s->inputs[s->opened++]);
}

static void add_input(Session *s, char *const *paths, size_t path_count)
{
    Input *in = &s->inputs[s->input_count++];
    *in = (Input){.session = s, .paths = paths, .path_count = path_count};
}

static void add_inputs(Session *s)
{
    const SessionOptions *o = s->options;
    s->inputs = alloc_zeroed(o->file_count + 1, sizeof *s->inputs);
    if (o->command) {
        add_input(s, NULL, 0);
    } else if (!o->file_count) {
        add_input(s, stdin_paths, 1);
    } else if (o->join) {
        add_input(s, o->files, o->file_count);
    } else {
        for (size_t i = 0; i < o->file_count; i++)
            add_input(s, &o->files[i], 1);
    }
}

static void open_tee(Session *s)
{
    if (!s->options->tee)
        return;
    struct stat status;
    s->tee_at = stat(s->options->tee, &status) == 0 && S_ISREG(status.st_mode) ? (uint64_t)status.st_size : 0;
    s->teeing = tee_open(&s->tee, s->options->tee, s->options->command ? -1 : 0);
    if (s->teeing)
        return;
    s->stopped = true;
    problem(s, "%s%s", s->tee.error, "");
}

Session *session_open(uv_loop_t *loop, Model *model, const SessionOptions *options, SessionEvents events)
{
    Session *s = alloc_zeroed(1, sizeof *s);
    s->loop = loop;
    s->model = model;
    s->options = options;
    s->events = events;
    s->tee.fd = -1;
    s->ending = alloc_zeroed(1, sizeof *s->ending);
    uv_idle_init(loop, s->ending);
    s->ending->data = s;
    if (options->source.follow || options->command) {
        s->settle = alloc_zeroed(1, sizeof *s->settle);
        uv_timer_init(loop, s->settle);
        s->settle->data = s;
        uv_unref((uv_handle_t *)s->settle);
    }
    add_inputs(s);
    open_tee(s);
    open_next(s);
    return s;
}

/* Asking and telling. */

bool session_is_over(const Session *s)
{
    if (!s->stopped && s->opened < s->input_count)
        return false;
    for (size_t i = 0; i < s->opened; i++)
        if (!s->inputs[i].finished)
            return false;
    return true;
}

bool session_failed(const Session *s)
{
    return s->failed;
}

bool session_close_tee(Session *s)
{
    bool lost = s->tee.error != NULL;
    if (s->teeing && !tee_close(&s->tee)) {
        lost = true;
        problem(s, "%s%s", s->tee.error, "");
    }
    s->teeing = false;
    return !lost;
}

bool session_exit(const Session *s, SourceExit *end)
{
    return s->options->command && s->opened && source_exit(s->inputs[0].source, end);
}

/* A stop waits for nothing. */
static void end_at_once(Session *s)
{
    for (size_t i = 0; i < s->opened && s->stopped; i++)
        if (s->inputs[i].ending)
            part_is_over(&s->inputs[i]);
}

void session_interrupt(Session *s)
{
    s->stopped = !s->options->command;
    session_hold(s, false);
    end_at_once(s);
    for (size_t i = 0; i < s->opened; i++)
        if (!s->inputs[i].finished)
            source_interrupt(s->inputs[i].source);
}

void session_stop(Session *s)
{
    s->stopped = true;
    session_hold(s, false);
    end_at_once(s);
    for (size_t i = 0; i < s->opened; i++)
        if (!s->inputs[i].finished)
            source_stop(s->inputs[i].source);
}

/* What ended meanwhile is seen to now. */
void session_hold(Session *s, bool held)
{
    if (s->held == held)
        return;
    s->held = held;
    for (size_t i = 0; i < s->opened; i++) {
        Input *in = &s->inputs[i];
        if (in->finished)
            continue;
        if (held) {
            source_pause(in->source);
        } else {
            source_resume(in->source);
            look_at_state(in);
        }
    }
}

size_t session_input_count(const Session *s)
{
    return s->input_count;
}

const Source *session_input(const Session *s, size_t index)
{
    return index < s->opened ? s->inputs[index].source : NULL;
}

const char *session_input_name(const Session *s, size_t index)
{
    return name_of(&s->inputs[index]);
}

static void free_handle(uv_handle_t *handle)
{
    free(handle);
}

void session_close(Session *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < s->input_count; i++) {
        source_close(s->inputs[i].source);
        parser_free(s->inputs[i].parser);
        buffer_free(&s->inputs[i].head);
    }
    session_close_tee(s);
    tee_free(&s->tee);
    if (s->settle)
        uv_close((uv_handle_t *)s->settle, free_handle);
    uv_close((uv_handle_t *)s->ending, free_handle);
    free(s->inputs);
    free(s);
}
