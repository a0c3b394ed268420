// Views, indexing and joining.

#ifndef CT_SHAPE_H
#define CT_SHAPE_H

#include "ct_core.h"

#ifdef __cplusplus
extern "C" {
#endif

ct_status ct_reshape(ct_tensor a, const int64_t *shape, size_t rank, ct_tensor *out);
ct_status ct_permute(ct_tensor a, const int64_t *order, size_t rank, ct_tensor *out);
ct_status ct_transpose(ct_tensor a, int64_t first, int64_t second, ct_tensor *out);
ct_status ct_flatten(ct_tensor a, int64_t from, int64_t through, ct_tensor *out);
ct_status ct_unsqueeze(ct_tensor a, int64_t dimension, ct_tensor *out);
ct_status ct_squeeze(ct_tensor a, int64_t dimension, ct_tensor *out);
ct_status ct_expand(ct_tensor a, const int64_t *shape, size_t rank, ct_tensor *out);
ct_status ct_select(ct_tensor a, int64_t dimension, int64_t index, ct_tensor *out);
ct_status ct_narrow(ct_tensor a, int64_t dimension, int64_t start, int64_t length, ct_tensor *out);
ct_status ct_index_select(ct_tensor a, int64_t dimension, ct_tensor indices, ct_tensor *out);
ct_status ct_masked_select(ct_tensor a, ct_tensor mask, ct_tensor *out);
ct_status ct_gather(ct_tensor a, int64_t dimension, ct_tensor indices, ct_tensor *out);
ct_status ct_concatenate(const ct_tensor *tensors, size_t count, int64_t dimension, ct_tensor *out);
ct_status ct_stack(const ct_tensor *tensors, size_t count, int64_t dimension, ct_tensor *out);
ct_status ct_flip(ct_tensor a, int64_t dimension, ct_tensor *out);
ct_status ct_pad(ct_tensor a, int64_t left, int64_t right, int64_t top, int64_t bottom, double value, ct_tensor *out);

#ifdef __cplusplus
}
#endif
#endif
