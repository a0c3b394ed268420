#include "support.h"

using namespace ct;

ct_status ct_add(ct_tensor a, ct_tensor b, ct_tensor *out) {
    return produce(out, [&] { return at::add(get(a), get(b)); });
}
ct_status ct_subtract(ct_tensor a, ct_tensor b, ct_tensor *out) {
    return produce(out, [&] { return at::sub(get(a), get(b)); });
}
ct_status ct_multiply(ct_tensor a, ct_tensor b, ct_tensor *out) {
    return produce(out, [&] { return at::mul(get(a), get(b)); });
}
ct_status ct_divide(ct_tensor a, ct_tensor b, ct_tensor *out) {
    return produce(out, [&] { return at::div(get(a), get(b)); });
}
ct_status ct_add_scalar(ct_tensor a, double b, ct_tensor *out) {
    return produce(out, [&] { return at::add(get(a), b); });
}
ct_status ct_multiply_scalar(ct_tensor a, double b, ct_tensor *out) {
    return produce(out, [&] { return at::mul(get(a), b); });
}
ct_status ct_divide_by_scalar(ct_tensor a, double b, ct_tensor *out) {
    return produce(out, [&] { return at::div(get(a), b); });
}
ct_status ct_subtract_from_scalar(ct_tensor a, double b, ct_tensor *out) {
    return produce(out, [&] { return at::rsub(get(a), b); });
}
ct_status ct_divide_scalar(ct_tensor a, double b, ct_tensor *out) {
    return produce(out, [&] { return at::mul(at::reciprocal(get(a)), b); });
}
ct_status ct_power(ct_tensor a, double exponent, ct_tensor *out) {
    return produce(out, [&] { return at::pow(get(a), exponent); });
}
ct_status ct_minimum(ct_tensor a, ct_tensor b, ct_tensor *out) {
    return produce(out, [&] { return at::minimum(get(a), get(b)); });
}
ct_status ct_maximum(ct_tensor a, ct_tensor b, ct_tensor *out) {
    return produce(out, [&] { return at::maximum(get(a), get(b)); });
}
ct_status ct_clamp(ct_tensor a, double low, double high, ct_tensor *out) {
    return produce(out, [&] { return at::clamp(get(a), low, high); });
}

ct_status ct_negate(ct_tensor a, ct_tensor *out) {
    return produce(out, [&] { return at::neg(get(a)); });
}
ct_status ct_exp(ct_tensor a, ct_tensor *out) {
    return produce(out, [&] { return at::exp(get(a)); });
}
ct_status ct_log(ct_tensor a, ct_tensor *out) {
    return produce(out, [&] { return at::log(get(a)); });
}
ct_status ct_sqrt(ct_tensor a, ct_tensor *out) {
    return produce(out, [&] { return at::sqrt(get(a)); });
}
ct_status ct_abs(ct_tensor a, ct_tensor *out) {
    return produce(out, [&] { return at::abs(get(a)); });
}
ct_status ct_sin(ct_tensor a, ct_tensor *out) {
    return produce(out, [&] { return at::sin(get(a)); });
}
ct_status ct_cos(ct_tensor a, ct_tensor *out) {
    return produce(out, [&] { return at::cos(get(a)); });
}
ct_status ct_round(ct_tensor a, ct_tensor *out) {
    return produce(out, [&] { return at::round(get(a)); });
}
ct_status ct_is_finite(ct_tensor a, ct_tensor *out) {
    return produce(out, [&] { return at::isfinite(get(a)); });
}
ct_status ct_logical_not(ct_tensor a, ct_tensor *out) {
    return produce(out, [&] { return at::logical_not(get(a)); });
}

ct_status ct_add_in_place(ct_tensor a, ct_tensor b, double scale) {
    return guard([&] {
        // Integer tensors do not accept a floating-point factor.
        const bool whole = at::isIntegralType(get(a).scalar_type(), /*includeBool=*/true);
        get(a).add_(get(b), whole ? at::Scalar(static_cast<int64_t>(scale)) : at::Scalar(scale));
    });
}
ct_status ct_multiply_in_place(ct_tensor a, double factor) {
    return guard([&] { get(a).mul_(factor); });
}
ct_status ct_add_product_in_place(ct_tensor a, ct_tensor b, ct_tensor c, double scale) {
    return guard([&] { get(a).addcmul_(get(b), get(c), scale); });
}
ct_status ct_add_quotient_in_place(ct_tensor a, ct_tensor b, ct_tensor c, double scale) {
    return guard([&] { get(a).addcdiv_(get(b), get(c), scale); });
}
ct_status ct_clamp_in_place(ct_tensor a, double low, double high) {
    return guard([&] { get(a).clamp_(low, high); });
}

template <class Other> static at::Tensor compared(const at::Tensor &a, const Other &b, ct_comparison comparison) {
    switch (comparison) {
    case CT_EQUAL: return at::eq(a, b);
    case CT_NOT_EQUAL: return at::ne(a, b);
    case CT_LESS: return at::lt(a, b);
    case CT_LESS_EQUAL: return at::le(a, b);
    case CT_GREATER: return at::gt(a, b);
    case CT_GREATER_EQUAL: return at::ge(a, b);
    }
    TORCH_CHECK(false, "unknown comparison ", static_cast<int>(comparison));
}

ct_status ct_compare(ct_tensor a, ct_tensor b, ct_comparison comparison, ct_tensor *out) {
    return produce(out, [&] { return compared(get(a), get(b), comparison); });
}
ct_status ct_compare_scalar(ct_tensor a, double b, ct_comparison comparison, ct_tensor *out) {
    return produce(out, [&] { return compared(get(a), at::Scalar(b), comparison); });
}
ct_status ct_where(ct_tensor condition, ct_tensor a, ct_tensor b, ct_tensor *out) {
    return produce(out, [&] { return at::where(get(condition), get(a), get(b)); });
}

ct_status ct_matmul(ct_tensor a, ct_tensor b, ct_tensor *out) {
    return produce(out, [&] { return at::matmul(get(a), get(b)); });
}
ct_status ct_pairwise_distance(ct_tensor a, ct_tensor b, ct_tensor *out) {
    return produce(out, [&] { return at::cdist(get(a), get(b)); });
}
ct_status ct_add_matmul(ct_tensor input, ct_tensor a, ct_tensor b, double scale, ct_tensor *out) {
    return produce(out, [&] { return at::addmm(get(input), get(a), get(b), 1, scale); });
}
ct_status ct_eigen_symmetric(ct_tensor a, ct_tensor *values, ct_tensor *vectors) {
    return guard([&] {
        auto [eigenvalues, eigenvectors] = at::linalg_eigh(get(a));
        *values = box(eigenvalues);
        *vectors = box(eigenvectors);
    });
}
ct_status ct_add_rows_in_place(ct_tensor a, ct_tensor indices, ct_tensor source) {
    return guard([&] { get(a).index_add_(0, get(indices), get(source)); });
}
ct_status ct_copy_rows_in_place(ct_tensor a, ct_tensor indices, ct_tensor source) {
    return guard([&] { get(a).index_copy_(0, get(indices), get(source)); });
}
