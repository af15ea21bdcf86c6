#include "parsers/shape.h"

void shape_learn(Shape *shape, Span front)
{
    shape->len = front.len >= SHAPE_BLOCK && front.len <= SHAPE_MAX ? front.len : 0;
    for (size_t i = 0; i < shape->len; i++) {
        bool digit = front.ptr[i] >= '0' && front.ptr[i] <= '9';
        shape->bytes[i] = digit ? '0' : front.ptr[i];
        shape->limit[i] = digit ? 9 : 0;
    }
}

void shape_extend(Shape *shape, Span text)
{
    if (!shape->len || shape->len + text.len > SHAPE_MAX) {
        shape->len = 0;
        return;
    }
    memcpy(shape->bytes + shape->len, text.ptr, text.len);
    memset(shape->limit + shape->len, 0, text.len);
    shape->len += text.len;
}
