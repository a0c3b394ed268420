// Fused optimiser steps: one call updates every parameter of a network in place.

#ifndef CT_OPTIMIZER_H
#define CT_OPTIMIZER_H

#include "ct_core.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Adam (Kingma and Ba 2014), or AdamW (Loshchilov and Hutter 2017) if `decoupled`. The lists have `count` entries;
/// `steps` holds one-element float32 tensors that are advanced by one.
ct_status ct_adam_step(const ct_tensor *parameters, const ct_tensor *gradients, const ct_tensor *first_moments,
                       const ct_tensor *second_moments, const ct_tensor *steps, size_t count, double learning_rate,
                       double beta1, double beta2, double weight_decay, double epsilon, bool decoupled);

#ifdef __cplusplus
}
#endif
#endif
