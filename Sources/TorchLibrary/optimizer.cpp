#include "support.h"

using namespace ct;

ct_status ct_adam_step(const ct_tensor *parameters, const ct_tensor *gradients, const ct_tensor *first_moments,
                       const ct_tensor *second_moments, const ct_tensor *steps, size_t count, double learning_rate,
                       double beta1, double beta2, double weight_decay, double epsilon, bool decoupled) {
    return guard([&] {
        auto values = tensors(parameters, count);
        auto slopes = tensors(gradients, count);
        auto means = tensors(first_moments, count);
        auto squares = tensors(second_moments, count);
        auto counters = tensors(steps, count);
        for (auto &counter : counters) counter.add_(1);
        if (decoupled) {
            at::_fused_adamw_(values, slopes, means, squares, {}, counters, learning_rate, beta1, beta2, weight_decay,
                              epsilon, /*amsgrad=*/false, /*maximize=*/false);
        } else {
            at::_fused_adam_(values, slopes, means, squares, {}, counters, learning_rate, beta1, beta2, weight_decay,
                             epsilon, /*amsgrad=*/false, /*maximize=*/false);
        }
    });
}
