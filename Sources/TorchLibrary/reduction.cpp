#include "support.h"

using namespace ct;

ct_status ct_sum(ct_tensor a, const int64_t *dims, size_t rank, bool keep, ct_tensor *out) {
    return produce(out, [&] { return at::sum(get(a), dimensions(dims, rank), keep); });
}
ct_status ct_mean(ct_tensor a, const int64_t *dims, size_t rank, bool keep, ct_tensor *out) {
    return produce(out, [&] { return at::mean(get(a), dimensions(dims, rank), keep); });
}
ct_status ct_variance(ct_tensor a, const int64_t *dims, size_t rank, double correction, bool keep, ct_tensor *out) {
    return produce(out, [&] { return at::var(get(a), dimensions(dims, rank), at::Scalar(correction), keep); });
}
ct_status ct_norm(ct_tensor a, const int64_t *dims, size_t rank, bool keep, ct_tensor *out) {
    return produce(out, [&] { return at::linalg_vector_norm(get(a), 2, dimensions(dims, rank), keep); });
}
ct_status ct_minimum_over(ct_tensor a, const int64_t *dims, size_t rank, bool keep, ct_tensor *out) {
    return produce(out, [&] { return at::amin(get(a), list(dims, rank), keep); });
}
ct_status ct_maximum_over(ct_tensor a, const int64_t *dims, size_t rank, bool keep, ct_tensor *out) {
    return produce(out, [&] { return at::amax(get(a), list(dims, rank), keep); });
}
ct_status ct_argmin(ct_tensor a, int64_t dimension, ct_tensor *out) {
    return produce(out, [&] { return at::argmin(get(a), dimension); });
}
ct_status ct_argmax(ct_tensor a, int64_t dimension, ct_tensor *out) {
    return produce(out, [&] { return at::argmax(get(a), dimension); });
}
ct_status ct_all(ct_tensor a, ct_tensor *out) {
    return produce(out, [&] { return at::all(get(a)); });
}
ct_status ct_any(ct_tensor a, ct_tensor *out) {
    return produce(out, [&] { return at::any(get(a)); });
}
ct_status ct_sort(ct_tensor a, int64_t dimension, bool descending, ct_tensor *values, ct_tensor *indices) {
    return guard([&] {
        auto [sorted, order] = at::sort(get(a), dimension, descending);
        *values = box(sorted);
        *indices = box(order);
    });
}
ct_status ct_minimum_along(ct_tensor a, int64_t dimension, ct_tensor *values, ct_tensor *indices) {
    return guard([&] {
        auto [least, places] = at::min(get(a), dimension);
        *values = box(least);
        *indices = box(places);
    });
}
ct_status ct_cumulative_sum(ct_tensor a, int64_t dimension, ct_tensor *out) {
    return produce(out, [&] { return at::cumsum(get(a), dimension); });
}
ct_status ct_top_k(ct_tensor a, int64_t count, int64_t dimension, bool largest, ct_tensor *values, ct_tensor *indices) {
    return guard([&] {
        auto [best, order] = at::topk(get(a), count, dimension, largest);
        *values = box(best);
        *indices = box(order);
    });
}
ct_status ct_bin_count(ct_tensor a, int64_t bins, ct_tensor *out) {
    return produce(out, [&] { return at::bincount(get(a), {}, bins); });
}

ct_status ct_total_norm(const ct_tensor *boxes, size_t count, ct_tensor *out) {
    return produce(out, [&] {
        std::vector<at::Tensor> norms;
        norms.reserve(count);
        for (size_t i = 0; i < count; ++i) norms.push_back(at::linalg_vector_norm(get(boxes[i]), 2));
        return at::linalg_vector_norm(at::stack(norms), 2);
    });
}
