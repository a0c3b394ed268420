// Gradients, gradient mode, and automatic mixed precision. The modes belong to the calling thread.

#ifndef CT_AUTOGRAD_H
#define CT_AUTOGRAD_H

#include "ct_core.h"

#ifdef __cplusplus
extern "C" {
#endif

bool ct_requires_gradient(ct_tensor tensor);
ct_status ct_set_requires_gradient(ct_tensor tensor, bool value);
/// Lets each of two handles refer to what the other did.
void ct_swap(ct_tensor a, ct_tensor b);
ct_status ct_detach(ct_tensor tensor, ct_tensor *out);

/// Gradients of `output` for each of `inputs`, weighted by `seed` (null: one, for a scalar output). An input that the
/// output does not depend on gets zeros. `out` holds `count` tensors.
ct_status ct_gradients(ct_tensor output, ct_tensor seed, const ct_tensor *inputs, size_t count, bool keep_graph,
                       bool create_graph, ct_tensor *out);

bool ct_gradient_mode(void);
void ct_set_gradient_mode(bool enabled);

/// Runs matrix products and convolutions in `dtype` on this kind of device, while enabled.
ct_status ct_set_autocast(ct_device_kind kind, bool enabled, ct_dtype dtype);

#ifdef __cplusplus
}
#endif
#endif
