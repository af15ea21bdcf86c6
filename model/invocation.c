#include "model/invocation.h"

const char *outcome_name(uint8_t outcome)
{
    static const char *const names[] = {
        [OUTCOME_RUNNING] = "running",
        [OUTCOME_SUCCEEDED] = "succeeded",
        [OUTCOME_FAILED] = "failed",
        [OUTCOME_UNKNOWN] = "unknown",
    };
    return names[outcome];
}

static Moment moment_of(const Model *m, const Invocation *call, InvocationNumber time, InvocationNumber digits)
{
    return (Moment){time_of_number(invocation_number(m, call, time)), (unsigned)invocation_number(m, call, digits)};
}

Moment invocation_started(const Model *m, const Invocation *call)
{
    return moment_of(m, call, INVOCATION_STARTED, INVOCATION_STARTED_DIGITS);
}

Moment invocation_ended(const Model *m, const Invocation *call)
{
    return moment_of(m, call, INVOCATION_ENDED, INVOCATION_ENDED_DIGITS);
}

Span invocation_reason(const Model *m, const Invocation *call)
{
    return model_text(m, (TextId)invocation_number(m, call, INVOCATION_REASON));
}

Span invocation_error(const Model *m, const Invocation *call)
{
    return model_text(m, (TextId)invocation_number(m, call, INVOCATION_ERROR));
}

CallKey call_key(Model *m, Span id)
{
    CallKey key = {0};
    key.is_guid = guid_read(id, key.bytes);
    if (!key.is_guid) {
        TextId text = intern_add(&m->texts, id);
        memset(key.bytes, 0, sizeof key.bytes);
        memcpy(key.bytes, &text, sizeof text);
    }
    return key;
}

bool call_key_equal(const CallKey *a, const CallKey *b)
{
    return a->is_guid == b->is_guid && memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

uint64_t call_key_hash(const CallKey *key, Id source)
{
    return hash_bytes(key->bytes, sizeof key->bytes, source);
}

Span invocation_id(const Model *m, const Invocation *call, char text[GUID_TEXT])
{
    TextId id;
    if (call->key.is_guid) {
        guid_write(call->key.bytes, text);
        return (Span){text, GUID_TEXT};
    }
    memcpy(&id, call->key.bytes, sizeof id);
    return model_text(m, id);
}
