// Shared by all files of this library: boxes around LibTorch's handles, and the guard that keeps exceptions inside.

#pragma once

#include <ATen/ATen.h>

#include <optional>
#include <vector>

#include "CTorch.h"

#define CT_FUNCTION(result, name, parameters) result ct_##name parameters;
extern "C" {
#include "ct_functions.def"
}
#undef CT_FUNCTION

struct ct_tensor_box {
    at::Tensor tensor;
};

struct ct_generator_box {
    at::Generator generator;
};

namespace ct {

void set_last_error(const char *message) noexcept;
/// Records the exception being handled as this thread's last error and returns its status.
ct_status file_current_exception() noexcept;

/// Runs `body` and converts any exception to a status.
template <class Body> ct_status guard(Body &&body) noexcept {
    try {
        body();
        return CT_OK;
    } catch (...) {
        return file_current_exception();
    }
}

inline ct_tensor box(at::Tensor tensor) { return new ct_tensor_box{std::move(tensor)}; }

/// Runs `make` and stores its tensor in `out`.
template <class Make> ct_status produce(ct_tensor *out, Make &&make) noexcept {
    return guard([&] { *out = box(make()); });
}

inline at::Tensor &get(ct_tensor tensor) { return tensor->tensor; }

inline std::optional<at::Tensor> optional(ct_tensor tensor) {
    return tensor ? std::optional<at::Tensor>(tensor->tensor) : std::nullopt;
}

inline std::optional<at::Generator> optional(ct_generator generator) {
    return generator ? std::optional<at::Generator>(generator->generator) : std::nullopt;
}

inline at::IntArrayRef list(const int64_t *values, size_t count) { return at::IntArrayRef(values, count); }

/// A list of dimensions; an empty list means all.
inline at::OptionalIntArrayRef dimensions(const int64_t *values, size_t count) {
    return count ? at::OptionalIntArrayRef(at::IntArrayRef(values, count)) : std::nullopt;
}

inline std::vector<at::Tensor> tensors(const ct_tensor *boxes, size_t count) {
    std::vector<at::Tensor> result;
    result.reserve(count);
    for (size_t i = 0; i < count; ++i) result.push_back(boxes[i]->tensor);
    return result;
}

inline at::Device device(ct_device value) {
    auto kind = static_cast<c10::DeviceType>(value.kind);
    return kind == at::kCPU ? at::Device(kind) : at::Device(kind, static_cast<c10::DeviceIndex>(value.index));
}

inline at::TensorOptions options(ct_dtype dtype, ct_device on) {
    return at::TensorOptions().dtype(static_cast<at::ScalarType>(dtype)).device(device(on));
}

}  // namespace ct
