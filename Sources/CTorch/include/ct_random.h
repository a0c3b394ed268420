// Random numbers. A null generator means the device's default one, which `ct_manual_seed` seeds.

#ifndef CT_RANDOM_H
#define CT_RANDOM_H

#include "ct_core.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Seeds the default generators of every device, as PyTorch's `manual_seed`.
ct_status ct_manual_seed(uint64_t seed);
ct_status ct_generator_create(ct_device device, uint64_t seed, ct_generator *out);
void ct_generator_free(ct_generator generator);
/// A generator's state as a tensor of bytes on the CPU, equal to PyTorch's `get_rng_state()`.
ct_status ct_generator_state(ct_generator generator, ct_device device, ct_tensor *out);
ct_status ct_set_generator_state(ct_generator generator, ct_device device, ct_tensor state);

ct_status ct_random_normal(const int64_t *shape, size_t rank, ct_dtype dtype, ct_device device, ct_generator generator,
                           ct_tensor *out);
ct_status ct_random_uniform(const int64_t *shape, size_t rank, ct_dtype dtype, ct_device device, ct_generator generator,
                            ct_tensor *out);
ct_status ct_random_integers(int64_t low, int64_t high, const int64_t *shape, size_t rank, ct_device device,
                             ct_generator generator, ct_tensor *out);
ct_status ct_random_permutation(int64_t count, ct_device device, ct_generator generator, ct_tensor *out);
ct_status ct_fill_uniform(ct_tensor tensor, double low, double high, ct_generator generator);
ct_status ct_fill_normal(ct_tensor tensor, double mean, double deviation, ct_generator generator);

#ifdef __cplusplus
}
#endif
#endif
