// Elementwise arithmetic, comparison, and matrix products.

#ifndef CT_ARITHMETIC_H
#define CT_ARITHMETIC_H

#include "ct_core.h"

#ifdef __cplusplus
extern "C" {
#endif

ct_status ct_add(ct_tensor a, ct_tensor b, ct_tensor *out);
ct_status ct_subtract(ct_tensor a, ct_tensor b, ct_tensor *out);
ct_status ct_multiply(ct_tensor a, ct_tensor b, ct_tensor *out);
ct_status ct_divide(ct_tensor a, ct_tensor b, ct_tensor *out);
ct_status ct_add_scalar(ct_tensor a, double b, ct_tensor *out);
ct_status ct_multiply_scalar(ct_tensor a, double b, ct_tensor *out);
ct_status ct_divide_by_scalar(ct_tensor a, double b, ct_tensor *out);
/// b - a
ct_status ct_subtract_from_scalar(ct_tensor a, double b, ct_tensor *out);
/// b / a
ct_status ct_divide_scalar(ct_tensor a, double b, ct_tensor *out);
ct_status ct_power(ct_tensor a, double exponent, ct_tensor *out);
ct_status ct_minimum(ct_tensor a, ct_tensor b, ct_tensor *out);
ct_status ct_maximum(ct_tensor a, ct_tensor b, ct_tensor *out);
ct_status ct_clamp(ct_tensor a, double low, double high, ct_tensor *out);

ct_status ct_negate(ct_tensor a, ct_tensor *out);
ct_status ct_exp(ct_tensor a, ct_tensor *out);
ct_status ct_log(ct_tensor a, ct_tensor *out);
ct_status ct_sqrt(ct_tensor a, ct_tensor *out);
ct_status ct_abs(ct_tensor a, ct_tensor *out);
ct_status ct_sin(ct_tensor a, ct_tensor *out);
ct_status ct_cos(ct_tensor a, ct_tensor *out);
ct_status ct_round(ct_tensor a, ct_tensor *out);
ct_status ct_is_finite(ct_tensor a, ct_tensor *out);
ct_status ct_logical_not(ct_tensor a, ct_tensor *out);

// In place, returning nothing: `a` itself changes.
ct_status ct_add_in_place(ct_tensor a, ct_tensor b, double scale);
ct_status ct_multiply_in_place(ct_tensor a, double factor);
/// a += scale * b * c
ct_status ct_add_product_in_place(ct_tensor a, ct_tensor b, ct_tensor c, double scale);
/// a += scale * b / c
ct_status ct_add_quotient_in_place(ct_tensor a, ct_tensor b, ct_tensor c, double scale);
/// Adds each row of `source` to the row of `a` that `indices` names.
ct_status ct_add_rows_in_place(ct_tensor a, ct_tensor indices, ct_tensor source);
/// Overwrites the row of `a` that `indices` names with each row of `source`.
ct_status ct_copy_rows_in_place(ct_tensor a, ct_tensor indices, ct_tensor source);
ct_status ct_clamp_in_place(ct_tensor a, double low, double high);

typedef enum : int32_t { CT_EQUAL, CT_NOT_EQUAL, CT_LESS, CT_LESS_EQUAL, CT_GREATER, CT_GREATER_EQUAL } ct_comparison;
ct_status ct_compare(ct_tensor a, ct_tensor b, ct_comparison comparison, ct_tensor *out);
ct_status ct_compare_scalar(ct_tensor a, double b, ct_comparison comparison, ct_tensor *out);
ct_status ct_where(ct_tensor condition, ct_tensor a, ct_tensor b, ct_tensor *out);

ct_status ct_matmul(ct_tensor a, ct_tensor b, ct_tensor *out);
/// input + scale * a b, with a matrix product; `input` broadcasts.
ct_status ct_add_matmul(ct_tensor input, ct_tensor a, ct_tensor b, double scale, ct_tensor *out);
/// Eigenvalues, ascending, and eigenvectors, as columns, of symmetric matrices.
ct_status ct_eigen_symmetric(ct_tensor a, ct_tensor *values, ct_tensor *vectors);
/// Euclidean distances between the rows of a [n, d] and of b [m, d]: [n, m].
ct_status ct_pairwise_distance(ct_tensor a, ct_tensor b, ct_tensor *out);

#ifdef __cplusplus
}
#endif
#endif
