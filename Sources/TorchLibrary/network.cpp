#include <ATen/autocast_mode.h>

#include "support.h"

using namespace ct;

namespace {

/// Whether a convolution has so few output channels for its input channels that, on the CPU, a matrix product is
/// several times faster than the convolution kernels, which pad the output channels to a full vector.
bool is_narrow(const at::Tensor &input, const at::Tensor &weight, int64_t stride, int64_t groups) {
    return input.is_cpu() && input.scalar_type() == at::kFloat && input.dim() == 4 && stride == 1 && groups == 1 &&
           weight.size(0) <= 4 && weight.size(1) >= 16 && weight.size(2) <= 3 && weight.size(2) == weight.size(3) &&
           !at::autocast::is_autocast_enabled(at::kCPU);
}

/// Computes the same convolution as one product [pixels, inputs] × [inputs, outputs · kernel²], whose entries are then
/// summed into their output pixels. It can be differentiated any number of times, as can its parts.
at::Tensor narrow_convolution(const at::Tensor &input, const at::Tensor &weight, const std::optional<at::Tensor> &bias,
                              int64_t padding) {
    const auto batch = input.size(0), inputs = input.size(1), height = input.size(2), width = input.size(3);
    const auto outputs = weight.size(0), kernel = weight.size(2);
    // Summing scatters where a convolution gathers, so the kernel is flipped.
    const auto columns = weight.flip({2, 3}).permute({1, 0, 2, 3}).reshape({inputs, outputs * kernel * kernel});
    const auto products = at::matmul(input.permute({0, 2, 3, 1}).reshape({-1, inputs}), columns)
                              .view({batch, height * width, outputs * kernel * kernel})
                              .transpose(1, 2);
    const auto margin = kernel - 1 - padding;
    auto result = at::col2im(products, {height + 2 * padding - kernel + 1, width + 2 * padding - kernel + 1},
                             {kernel, kernel}, {1, 1}, {margin, margin}, {1, 1});
    return bias ? result + bias->view({1, -1, 1, 1}) : result;
}

}  // namespace

ct_status ct_linear(ct_tensor input, ct_tensor weight, ct_tensor bias, ct_tensor *out) {
    return produce(out, [&] { return at::linear(get(input), get(weight), optional(bias)); });
}
ct_status ct_conv2d(ct_tensor input, ct_tensor weight, ct_tensor bias, int64_t stride, int64_t padding, int64_t groups,
                    ct_tensor *out) {
    return produce(out, [&] {
        if (is_narrow(get(input), get(weight), stride, groups) && padding < get(weight).size(2))
            return narrow_convolution(get(input), get(weight), optional(bias), padding);
        return at::conv2d(get(input), get(weight), optional(bias), {stride, stride}, at::IntArrayRef{padding, padding},
                          {1, 1}, groups);
    });
}
ct_status ct_conv_transpose2d(ct_tensor input, ct_tensor weight, ct_tensor bias, int64_t stride, int64_t padding,
                              int64_t output_padding, ct_tensor *out) {
    return produce(out, [&] {
        return at::conv_transpose2d(get(input), get(weight), optional(bias), {stride, stride}, {padding, padding},
                                    {output_padding, output_padding});
    });
}

ct_status ct_batch_norm(ct_tensor input, ct_tensor weight, ct_tensor bias, ct_tensor running_mean,
                        ct_tensor running_variance, bool training, double momentum, double epsilon, ct_tensor *out) {
    return produce(out, [&] {
        return at::batch_norm(get(input), optional(weight), optional(bias), optional(running_mean),
                              optional(running_variance), training, momentum, epsilon, at::globalContext().userEnabledCuDNN());
    });
}
ct_status ct_layer_norm(ct_tensor input, const int64_t *shape, size_t rank, ct_tensor weight, ct_tensor bias,
                        double epsilon, ct_tensor *out) {
    return produce(out, [&] {
        return at::layer_norm(get(input), list(shape, rank), optional(weight), optional(bias), epsilon);
    });
}
ct_status ct_instance_norm(ct_tensor input, ct_tensor weight, ct_tensor bias, double epsilon, ct_tensor *out) {
    return produce(out, [&] {
        return at::instance_norm(get(input), optional(weight), optional(bias), {}, {}, true, 0.1, epsilon,
                                 at::globalContext().userEnabledCuDNN());
    });
}

ct_status ct_relu(ct_tensor input, bool in_place, ct_tensor *out) {
    return produce(out, [&] { return in_place ? at::relu_(get(input)) : at::relu(get(input)); });
}
ct_status ct_leaky_relu(ct_tensor input, double slope, bool in_place, ct_tensor *out) {
    return produce(out, [&] {
        return in_place ? at::leaky_relu_(get(input), slope) : at::leaky_relu(get(input), slope);
    });
}
ct_status ct_elu(ct_tensor input, double alpha, ct_tensor *out) {
    return produce(out, [&] { return at::elu(get(input), alpha); });
}
ct_status ct_silu(ct_tensor input, ct_tensor *out) {
    return produce(out, [&] { return at::silu(get(input)); });
}
ct_status ct_tanh(ct_tensor input, ct_tensor *out) {
    return produce(out, [&] { return at::tanh(get(input)); });
}
ct_status ct_sigmoid(ct_tensor input, ct_tensor *out) {
    return produce(out, [&] { return at::sigmoid(get(input)); });
}
ct_status ct_softplus(ct_tensor input, ct_tensor *out) {
    return produce(out, [&] { return at::softplus(get(input)); });
}
ct_status ct_softmax(ct_tensor input, int64_t dimension, ct_tensor *out) {
    return produce(out, [&] { return at::softmax(get(input), dimension); });
}
ct_status ct_log_softmax(ct_tensor input, int64_t dimension, ct_tensor *out) {
    return produce(out, [&] { return at::log_softmax(get(input), dimension); });
}
ct_status ct_dropout(ct_tensor input, double probability, ct_tensor *out) {
    return produce(out, [&] { return at::dropout(get(input), probability, true); });
}
ct_status ct_embedding(ct_tensor table, ct_tensor indices, ct_tensor *out) {
    return produce(out, [&] { return at::embedding(get(table), get(indices)); });
}

ct_status ct_max_pool2d(ct_tensor input, int64_t kernel, int64_t stride, int64_t padding, ct_tensor *out) {
    return produce(out, [&] {
        return at::max_pool2d(get(input), {kernel, kernel}, {stride, stride}, {padding, padding});
    });
}
ct_status ct_average_pool2d(ct_tensor input, int64_t kernel, int64_t stride, int64_t padding, ct_tensor *out) {
    return produce(out, [&] {
        return at::avg_pool2d(get(input), {kernel, kernel}, {stride, stride}, {padding, padding});
    });
}
ct_status ct_upsample_nearest2d(ct_tensor input, int64_t height, int64_t width, ct_tensor *out) {
    return produce(out, [&] { return at::upsample_nearest2d(get(input), {height, width}); });
}
ct_status ct_upsample_bilinear2d(ct_tensor input, int64_t height, int64_t width, bool antialias, ct_tensor *out) {
    return produce(out, [&] {
        return antialias ? at::_upsample_bilinear2d_aa(get(input), {height, width}, false)
                         : at::upsample_bilinear2d(get(input), {height, width}, false);
    });
}
ct_status ct_grid_sampler2d(ct_tensor input, ct_tensor places, ct_tensor *out) {
    // Bilinear, zeros outside, corners aligned with the centers of the corner pixels.
    return produce(out, [&] { return at::grid_sampler_2d(get(input), get(places), 0, 0, true); });
}
ct_status ct_pixel_shuffle(ct_tensor input, int64_t factor, ct_tensor *out) {
    return produce(out, [&] { return at::pixel_shuffle(get(input), factor); });
}

ct_status ct_binary_cross_entropy_with_logits(ct_tensor logits, ct_tensor targets, ct_tensor *out) {
    return produce(out, [&] { return at::binary_cross_entropy_with_logits(get(logits), get(targets)); });
}
ct_status ct_cross_entropy(ct_tensor logits, ct_tensor classes, ct_tensor *out) {
    return produce(out, [&] { return at::cross_entropy_loss(get(logits), get(classes)); });
}
ct_status ct_mean_squared_error(ct_tensor a, ct_tensor b, ct_tensor *out) {
    return produce(out, [&] { return at::mse_loss(get(a), get(b)); });
}
