#include "support.h"

using namespace ct;

void ct_tensor_free(ct_tensor tensor) { delete tensor; }

ct_status ct_from_bytes(const void *bytes, size_t byte_count, const int64_t *shape, size_t rank, ct_dtype dtype,
                        ct_tensor *out) {
    return produce(out, [&] {
        auto result = at::empty(list(shape, rank), at::TensorOptions().dtype(static_cast<at::ScalarType>(dtype)));
        TORCH_CHECK(result.nbytes() == byte_count, "the shape takes ", result.nbytes(), " bytes, but ", byte_count,
                    " were given");
        if (byte_count) memcpy(result.mutable_data_ptr(), bytes, byte_count);
        return result;
    });
}

ct_status ct_copy_bytes(ct_tensor tensor, void *bytes, size_t byte_count) {
    return guard([&] {
        auto source = get(tensor).detach().to(at::kCPU).contiguous();
        TORCH_CHECK(source.nbytes() == byte_count, "the tensor has ", source.nbytes(), " bytes, but room for ",
                    byte_count, " was given");
        if (byte_count) memcpy(bytes, source.const_data_ptr(), byte_count);
    });
}

ct_status ct_full(const int64_t *shape, size_t rank, double value, ct_dtype dtype, ct_device device, ct_tensor *out) {
    return produce(out, [&] { return at::full(list(shape, rank), value, options(dtype, device)); });
}

ct_status ct_empty_like(ct_tensor tensor, ct_tensor *out) {
    return produce(out, [&] { return at::empty_like(get(tensor)); });
}

ct_status ct_arange(int64_t end, ct_dtype dtype, ct_device device, ct_tensor *out) {
    return produce(out, [&] { return at::arange(end, options(dtype, device)); });
}

int64_t ct_rank(ct_tensor tensor) { return get(tensor).dim(); }
int64_t ct_size(ct_tensor tensor, int64_t dimension) { return get(tensor).sizes()[dimension]; }
int64_t ct_element_count(ct_tensor tensor) { return get(tensor).numel(); }
ct_dtype ct_dtype_of(ct_tensor tensor) { return static_cast<ct_dtype>(get(tensor).scalar_type()); }

ct_device ct_device_of(ct_tensor tensor) {
    auto device = get(tensor).device();
    return {static_cast<ct_device_kind>(device.type()), device.has_index() ? device.index() : 0};
}

bool ct_is_channels_last(ct_tensor tensor) { return get(tensor).is_contiguous(at::MemoryFormat::ChannelsLast); }
bool ct_same_storage(ct_tensor a, ct_tensor b) { return get(a).is_alias_of(get(b)); }

ct_status ct_item(ct_tensor tensor, double *out) {
    return guard([&] { *out = get(tensor).detach().item().toDouble(); });
}

ct_status ct_to_device(ct_tensor tensor, ct_device to, bool non_blocking, ct_tensor *out) {
    return produce(out, [&] { return get(tensor).to(device(to), non_blocking); });
}

ct_status ct_to_dtype(ct_tensor tensor, ct_dtype dtype, ct_tensor *out) {
    return produce(out, [&] { return get(tensor).to(static_cast<at::ScalarType>(dtype)); });
}

ct_status ct_contiguous(ct_tensor tensor, bool channels_last, ct_tensor *out) {
    return produce(out, [&] {
        return get(tensor).contiguous(channels_last ? at::MemoryFormat::ChannelsLast : at::MemoryFormat::Contiguous);
    });
}

ct_status ct_clone(ct_tensor tensor, ct_tensor *out) {
    return produce(out, [&] { return get(tensor).clone(); });
}

ct_status ct_copy_into(ct_tensor target, ct_tensor source) {
    return guard([&] { get(target).copy_(get(source)); });
}

ct_status ct_fill(ct_tensor target, double value) {
    return guard([&] { get(target).fill_(value); });
}
