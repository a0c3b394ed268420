// Making, describing, copying and moving tensors.

#ifndef CT_TENSOR_H
#define CT_TENSOR_H

#include "ct_core.h"

#ifdef __cplusplus
extern "C" {
#endif

void ct_tensor_free(ct_tensor tensor);

/// Copies `byte_count` bytes in row-major order; fails unless they are exactly the shape's.
ct_status ct_from_bytes(const void *bytes, size_t byte_count, const int64_t *shape, size_t rank, ct_dtype dtype,
                        ct_tensor *out);
/// Copies the elements in row-major order, from any device and memory layout.
ct_status ct_copy_bytes(ct_tensor tensor, void *bytes, size_t byte_count);

ct_status ct_full(const int64_t *shape, size_t rank, double value, ct_dtype dtype, ct_device device, ct_tensor *out);
ct_status ct_empty_like(ct_tensor tensor, ct_tensor *out);
ct_status ct_arange(int64_t end, ct_dtype dtype, ct_device device, ct_tensor *out);

int64_t ct_rank(ct_tensor tensor);
int64_t ct_size(ct_tensor tensor, int64_t dimension);
int64_t ct_element_count(ct_tensor tensor);
int64_t ct_element_size(ct_tensor tensor);
ct_dtype ct_dtype_of(ct_tensor tensor);
ct_device ct_device_of(ct_tensor tensor);
bool ct_is_channels_last(ct_tensor tensor);
bool ct_same_storage(ct_tensor a, ct_tensor b);
/// The one element of a one-element tensor; waits for the device.
ct_status ct_item(ct_tensor tensor, double *out);

ct_status ct_to_device(ct_tensor tensor, ct_device device, bool non_blocking, ct_tensor *out);
ct_status ct_to_dtype(ct_tensor tensor, ct_dtype dtype, ct_tensor *out);
ct_status ct_contiguous(ct_tensor tensor, bool channels_last, ct_tensor *out);
ct_status ct_clone(ct_tensor tensor, ct_tensor *out);
/// Copies the values of `source` into `target`, converting type and device.
ct_status ct_copy_into(ct_tensor target, ct_tensor source);
ct_status ct_fill(ct_tensor target, double value);

#ifdef __cplusplus
}
#endif
#endif
