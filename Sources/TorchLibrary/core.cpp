#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <ATen/detail/MPSHooksInterface.h>
#include <c10/core/CachingDeviceAllocator.h>
#include <c10/util/Exception.h>
#include <torch/headeronly/version.h>

#if defined(__linux__)
#include <dlfcn.h>
#endif
#include <new>
#include <string>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

#include "support.h"

namespace ct {

static thread_local std::string last_error;

void set_last_error(const char *message) noexcept {
    try {
        last_error = message;
    } catch (...) {
        last_error.clear();
    }
}

ct_status file_current_exception() noexcept {
    try {
        throw;
    } catch (const c10::OutOfMemoryError &error) {
        set_last_error(error.what_without_backtrace());
        return CT_OUT_OF_MEMORY;
    } catch (const c10::Error &error) {
        set_last_error(error.what_without_backtrace());
        // The CPU allocator reports allocation failures as a plain error.
        bool is_memory = last_error.find("allocate memory") != std::string::npos ||
                         last_error.find("size calculation overflowed") != std::string::npos;
        return is_memory ? CT_OUT_OF_MEMORY : CT_FAILED;
    } catch (const std::bad_alloc &) {
        set_last_error("not enough memory");
        return CT_OUT_OF_MEMORY;
    } catch (const std::exception &error) {
        set_last_error(error.what());
        return CT_FAILED;
    } catch (...) {
        set_last_error("an error of unknown kind");
        return CT_FAILED;
    }
}

}  // namespace ct

const char *ct_last_error(void) { return ct::last_error.c_str(); }

const char *ct_version(void) { return TORCH_VERSION; }

const char *ct_cpu_capability(void) {
    static const std::string capability = [] {
        try {
            return at::get_cpu_capability();
        } catch (...) {
            return std::string("unknown");
        }
    }();
    return capability.c_str();
}

bool ct_device_available(ct_device_kind kind) { return ct_device_count(kind) > 0; }

int32_t ct_device_count(ct_device_kind kind) {
    try {
        switch (kind) {
        case CT_CPU: return 1;
        case CT_CUDA: return at::hasCUDA() ? at::detail::getCUDAHooks().deviceCount() : 0;
        case CT_MPS: return at::hasMPS() ? 1 : 0;
        }
    } catch (...) {
    }
    return 0;
}

const char *ct_device_name(ct_device device) {
    static thread_local char name[256];
    name[0] = 0;
#if defined(__linux__)
    if (device.kind == CT_CUDA && ct_device_count(CT_CUDA) > device.index) {
        // Ask the driver, which is already loaded: CPU-only builds of LibTorch do not include its CUDA headers.
        if (void *driver = dlopen("libcuda.so.1", RTLD_LAZY | RTLD_NOLOAD)) {
            using device_get = int (*)(int *, int);
            using device_get_name = int (*)(char *, int, int);
            auto get = reinterpret_cast<device_get>(dlsym(driver, "cuDeviceGet"));
            auto get_name = reinterpret_cast<device_get_name>(dlsym(driver, "cuDeviceGetName"));
            int handle = 0;
            if (!get || !get_name || get(&handle, device.index) != 0 || get_name(name, sizeof name - 1, handle) != 0)
                name[0] = 0;
            dlclose(driver);
        }
    }
#endif
    return name;
}

ct_status ct_device_synchronize(ct_device device) {
    return ct::guard([&] {
        switch (device.kind) {
        case CT_CPU: return;
        case CT_CUDA: return at::detail::getCUDAHooks().deviceSynchronize(device.index);
        case CT_MPS: return at::detail::getMPSHooks().deviceSynchronize();
        }
    });
}

ct_status ct_device_memory(ct_device device, int64_t *current, int64_t *peak) {
    return ct::guard([&] {
        *current = *peak = 0;
        if (device.kind != CT_CUDA) return;
        auto *allocator = dynamic_cast<c10::DeviceAllocator *>(c10::GetAllocator(c10::DeviceType::CUDA));
        if (!allocator) return;
        auto stats = allocator->getDeviceStats(static_cast<c10::DeviceIndex>(device.index));
        const auto &bytes = stats.allocated_bytes[0];
        *current = bytes.current;
        *peak = bytes.peak;
    });
}

int32_t ct_thread_count(void) { return at::get_num_threads(); }

ct_status ct_set_thread_count(int32_t count) {
    return ct::guard([&] { at::set_num_threads(count); });
}

bool ct_keep_large_allocations(void) {
#if defined(__GLIBC__)
    // malloc maps and unmaps a buffer above the threshold on every use. 1 GiB, the largest power of two that fits an
    // int, covers any micro-batch. A glibc that rejects this threshold may still accept turning mmap off.
    bool kept = mallopt(M_MMAP_THRESHOLD, 1 << 30) == 1 || mallopt(M_MMAP_MAX, 0) == 1;
    return kept && mallopt(M_TRIM_THRESHOLD, -1) == 1 && mallopt(M_TOP_PAD, 64 << 20) == 1;
#else
    return false;
#endif
}
