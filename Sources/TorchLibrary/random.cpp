#include <ATen/CPUGeneratorImpl.h>

#include <mutex>

#include "support.h"

using namespace ct;

static at::Generator resolved(ct_generator generator, ct_device on) {
    return generator ? generator->generator : at::globalContext().defaultGenerator(device(on));
}

ct_status ct_manual_seed(uint64_t seed) {
    return guard([&] { at::manual_seed(seed); });
}

ct_status ct_generator_create(ct_device on, uint64_t seed, ct_generator *out) {
    return guard([&] {
        auto generator = on.kind == CT_CPU ? at::detail::createCPUGenerator(seed)
                                           : at::globalContext().defaultGenerator(device(on)).clone();
        generator.set_current_seed(seed);
        *out = new ct_generator_box{std::move(generator)};
    });
}

void ct_generator_free(ct_generator generator) { delete generator; }

ct_status ct_generator_state(ct_generator generator, ct_device on, ct_tensor *out) {
    return produce(out, [&] {
        auto source = resolved(generator, on);
        std::lock_guard<std::mutex> lock(source.mutex());
        return source.get_state();
    });
}

ct_status ct_set_generator_state(ct_generator generator, ct_device on, ct_tensor state) {
    return guard([&] {
        auto target = resolved(generator, on);
        std::lock_guard<std::mutex> lock(target.mutex());
        target.set_state(get(state));
    });
}

ct_status ct_random_normal(const int64_t *shape, size_t rank, ct_dtype dtype, ct_device device, ct_generator generator,
                           ct_tensor *out) {
    return produce(out, [&] { return at::randn(list(shape, rank), optional(generator), options(dtype, device)); });
}

ct_status ct_random_uniform(const int64_t *shape, size_t rank, ct_dtype dtype, ct_device device, ct_generator generator,
                            ct_tensor *out) {
    return produce(out, [&] { return at::rand(list(shape, rank), optional(generator), options(dtype, device)); });
}

ct_status ct_random_integers(int64_t low, int64_t high, const int64_t *shape, size_t rank, ct_device device,
                             ct_generator generator, ct_tensor *out) {
    return produce(out, [&] {
        return at::randint(low, high, list(shape, rank), optional(generator), options(CT_INT64, device));
    });
}

ct_status ct_random_permutation(int64_t count, ct_device device, ct_generator generator, ct_tensor *out) {
    return produce(out, [&] { return at::randperm(count, optional(generator), options(CT_INT64, device)); });
}

ct_status ct_fill_uniform(ct_tensor tensor, double low, double high, ct_generator generator) {
    return guard([&] { get(tensor).uniform_(low, high, optional(generator)); });
}

ct_status ct_fill_normal(ct_tensor tensor, double mean, double deviation, ct_generator generator) {
    return guard([&] { get(tensor).normal_(mean, deviation, optional(generator)); });
}
