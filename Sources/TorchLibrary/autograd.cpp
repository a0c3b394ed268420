#include <ATen/autocast_mode.h>
#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/autograd.h>

#include "support.h"

using namespace ct;

bool ct_requires_gradient(ct_tensor tensor) { return get(tensor).requires_grad(); }

ct_status ct_set_requires_gradient(ct_tensor tensor, bool value) {
    return guard([&] { get(tensor).requires_grad_(value); });
}

ct_status ct_detach(ct_tensor tensor, ct_tensor *out) {
    return produce(out, [&] { return get(tensor).detach(); });
}

ct_status ct_gradients(ct_tensor output, ct_tensor seed, const ct_tensor *inputs, size_t count, bool keep_graph,
                       bool create_graph, ct_tensor *out) {
    return guard([&] {
        std::vector<at::Tensor> seeds;
        if (seed) seeds.push_back(get(seed));
        auto sources = tensors(inputs, count);
        auto gradients = torch::autograd::grad({get(output)}, sources, seeds, keep_graph || create_graph, create_graph,
                                               /*allow_unused=*/true);
        for (size_t i = 0; i < count; ++i)
            if (!gradients[i].defined()) gradients[i] = at::zeros_like(sources[i]);
        for (size_t i = 0; i < count; ++i) out[i] = box(std::move(gradients[i]));
    });
}

bool ct_gradient_mode(void) { return at::GradMode::is_enabled(); }
void ct_set_gradient_mode(bool enabled) { at::GradMode::set_enabled(enabled); }

ct_status ct_set_autocast(ct_device_kind kind, bool enabled, ct_dtype dtype) {
    return guard([&] {
        auto device = static_cast<c10::DeviceType>(kind);
        at::autocast::set_autocast_enabled(device, enabled);
        if (enabled) {
            at::autocast::set_autocast_dtype(device, static_cast<at::ScalarType>(dtype));
        } else {
            // Autocast caches converted parameters, which become stale once an optimizer has stepped.
            at::autocast::clear_cache();
        }
    });
}
void ct_swap(ct_tensor a, ct_tensor b) { std::swap(get(a), get(b)); }
