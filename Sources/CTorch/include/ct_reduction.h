// Reductions over dimensions; rank 0 of dimensions means all of them.

#ifndef CT_REDUCTION_H
#define CT_REDUCTION_H

#include "ct_core.h"

#ifdef __cplusplus
extern "C" {
#endif

ct_status ct_sum(ct_tensor a, const int64_t *dimensions, size_t rank, bool keep, ct_tensor *out);
ct_status ct_mean(ct_tensor a, const int64_t *dimensions, size_t rank, bool keep, ct_tensor *out);
/// Divides by n - correction.
ct_status ct_variance(ct_tensor a, const int64_t *dimensions, size_t rank, double correction, bool keep, ct_tensor *out);
/// Euclidean norm.
ct_status ct_norm(ct_tensor a, const int64_t *dimensions, size_t rank, bool keep, ct_tensor *out);
ct_status ct_minimum_over(ct_tensor a, const int64_t *dimensions, size_t rank, bool keep, ct_tensor *out);
ct_status ct_maximum_over(ct_tensor a, const int64_t *dimensions, size_t rank, bool keep, ct_tensor *out);
ct_status ct_argmin(ct_tensor a, int64_t dimension, ct_tensor *out);
ct_status ct_argmax(ct_tensor a, int64_t dimension, ct_tensor *out);
ct_status ct_all(ct_tensor a, ct_tensor *out);
ct_status ct_any(ct_tensor a, ct_tensor *out);
ct_status ct_sort(ct_tensor a, int64_t dimension, bool descending, ct_tensor *values, ct_tensor *indices);
/// The smallest elements along a dimension, and where they are.
ct_status ct_minimum_along(ct_tensor a, int64_t dimension, ct_tensor *values, ct_tensor *indices);
/// Sums from the first element on along a dimension.
ct_status ct_cumulative_sum(ct_tensor a, int64_t dimension, ct_tensor *out);
/// The `count` largest or smallest elements along a dimension, in order, and where each came from.
ct_status ct_top_k(ct_tensor a, int64_t count, int64_t dimension, bool largest, ct_tensor *values, ct_tensor *indices);
ct_status ct_bin_count(ct_tensor a, int64_t bins, ct_tensor *out);

/// The Euclidean norm of all the tensors as one vector, without leaving the device.
ct_status ct_total_norm(const ct_tensor *tensors, size_t count, ct_tensor *out);

#ifdef __cplusplus
}
#endif
#endif
