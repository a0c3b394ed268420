// The kernels of network layers, and losses. Images are [batch, channels, height, width]; a null tensor means none.

#ifndef CT_NETWORK_H
#define CT_NETWORK_H

#include "ct_core.h"

#ifdef __cplusplus
extern "C" {
#endif

ct_status ct_linear(ct_tensor input, ct_tensor weight, ct_tensor bias, ct_tensor *out);
ct_status ct_conv2d(ct_tensor input, ct_tensor weight, ct_tensor bias, int64_t stride, int64_t padding, int64_t groups,
                    ct_tensor *out);
ct_status ct_conv_transpose2d(ct_tensor input, ct_tensor weight, ct_tensor bias, int64_t stride, int64_t padding,
                              int64_t output_padding, ct_tensor *out);

/// With `training`, normalises by the batch and moves the running statistics (if there are any) by `momentum`.
ct_status ct_batch_norm(ct_tensor input, ct_tensor weight, ct_tensor bias, ct_tensor running_mean,
                        ct_tensor running_variance, bool training, double momentum, double epsilon, ct_tensor *out);
ct_status ct_layer_norm(ct_tensor input, const int64_t *shape, size_t rank, ct_tensor weight, ct_tensor bias,
                        double epsilon, ct_tensor *out);
ct_status ct_instance_norm(ct_tensor input, ct_tensor weight, ct_tensor bias, double epsilon, ct_tensor *out);

ct_status ct_relu(ct_tensor input, bool in_place, ct_tensor *out);
ct_status ct_leaky_relu(ct_tensor input, double slope, bool in_place, ct_tensor *out);
ct_status ct_elu(ct_tensor input, double alpha, ct_tensor *out);
ct_status ct_silu(ct_tensor input, ct_tensor *out);
ct_status ct_tanh(ct_tensor input, ct_tensor *out);
ct_status ct_sigmoid(ct_tensor input, ct_tensor *out);
ct_status ct_softplus(ct_tensor input, ct_tensor *out);
ct_status ct_softmax(ct_tensor input, int64_t dimension, ct_tensor *out);
ct_status ct_log_softmax(ct_tensor input, int64_t dimension, ct_tensor *out);
ct_status ct_dropout(ct_tensor input, double probability, ct_tensor *out);
ct_status ct_embedding(ct_tensor table, ct_tensor indices, ct_tensor *out);

ct_status ct_max_pool2d(ct_tensor input, int64_t kernel, int64_t stride, int64_t padding, ct_tensor *out);
ct_status ct_average_pool2d(ct_tensor input, int64_t kernel, int64_t stride, int64_t padding, ct_tensor *out);
ct_status ct_upsample_nearest2d(ct_tensor input, int64_t height, int64_t width, ct_tensor *out);
ct_status ct_upsample_bilinear2d(ct_tensor input, int64_t height, int64_t width, bool antialias, ct_tensor *out);
ct_status ct_grid_sampler2d(ct_tensor input, ct_tensor places, ct_tensor *out);
ct_status ct_pixel_shuffle(ct_tensor input, int64_t factor, ct_tensor *out);

/// Mean binary cross-entropy of logits against targets of the same shape.
ct_status ct_binary_cross_entropy_with_logits(ct_tensor logits, ct_tensor targets, ct_tensor *out);
/// Mean cross-entropy of logits [batch, classes] against class indices [batch].
ct_status ct_cross_entropy(ct_tensor logits, ct_tensor classes, ct_tensor *out);
ct_status ct_mean_squared_error(ct_tensor a, ct_tensor b, ct_tensor *out);

#ifdef __cplusplus
}
#endif
#endif
