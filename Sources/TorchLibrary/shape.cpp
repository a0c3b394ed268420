#include "support.h"

using namespace ct;

ct_status ct_reshape(ct_tensor a, const int64_t *shape, size_t rank, ct_tensor *out) {
    return produce(out, [&] { return at::reshape(get(a), list(shape, rank)); });
}
ct_status ct_permute(ct_tensor a, const int64_t *order, size_t rank, ct_tensor *out) {
    return produce(out, [&] { return at::permute(get(a), list(order, rank)); });
}
ct_status ct_transpose(ct_tensor a, int64_t first, int64_t second, ct_tensor *out) {
    return produce(out, [&] { return at::transpose(get(a), first, second); });
}
ct_status ct_flatten(ct_tensor a, int64_t from, int64_t through, ct_tensor *out) {
    return produce(out, [&] { return at::flatten(get(a), from, through); });
}
ct_status ct_unsqueeze(ct_tensor a, int64_t dimension, ct_tensor *out) {
    return produce(out, [&] { return at::unsqueeze(get(a), dimension); });
}
ct_status ct_squeeze(ct_tensor a, int64_t dimension, ct_tensor *out) {
    return produce(out, [&] { return at::squeeze(get(a), dimension); });
}
ct_status ct_expand(ct_tensor a, const int64_t *shape, size_t rank, ct_tensor *out) {
    return produce(out, [&] { return get(a).expand(list(shape, rank)); });
}
ct_status ct_select(ct_tensor a, int64_t dimension, int64_t index, ct_tensor *out) {
    return produce(out, [&] { return at::select(get(a), dimension, index); });
}
ct_status ct_narrow(ct_tensor a, int64_t dimension, int64_t start, int64_t length, ct_tensor *out) {
    return produce(out, [&] { return at::narrow(get(a), dimension, start, length); });
}
ct_status ct_index_select(ct_tensor a, int64_t dimension, ct_tensor indices, ct_tensor *out) {
    return produce(out, [&] { return at::index_select(get(a), dimension, get(indices)); });
}
ct_status ct_masked_select(ct_tensor a, ct_tensor mask, ct_tensor *out) {
    return produce(out, [&] { return at::masked_select(get(a), get(mask)); });
}
ct_status ct_gather(ct_tensor a, int64_t dimension, ct_tensor indices, ct_tensor *out) {
    return produce(out, [&] { return at::gather(get(a), dimension, get(indices)); });
}
ct_status ct_concatenate(const ct_tensor *boxes, size_t count, int64_t dimension, ct_tensor *out) {
    return produce(out, [&] { return at::cat(tensors(boxes, count), dimension); });
}
ct_status ct_stack(const ct_tensor *boxes, size_t count, int64_t dimension, ct_tensor *out) {
    return produce(out, [&] { return at::stack(tensors(boxes, count), dimension); });
}
ct_status ct_flip(ct_tensor a, int64_t dimension, ct_tensor *out) {
    return produce(out, [&] { return at::flip(get(a), {dimension}); });
}
ct_status ct_pad(ct_tensor a, int64_t left, int64_t right, int64_t top, int64_t bottom, double value, ct_tensor *out) {
    return produce(out, [&] { return at::constant_pad_nd(get(a), {left, right, top, bottom}, value); });
}
