// The ground rules of the C ABI over LibTorch.
//
// Every function that can fail returns a `ct_status`; on anything but CT_OK the sentence that LibTorch gave lies in
// `ct_last_error()` of the same thread, and no output has been written. No C++ exception ever crosses.
// A `ct_tensor` written to an output parameter is owned by the caller and is given back with `ct_tensor_free`.

#ifndef CT_CORE_H
#define CT_CORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ct_tensor_box *ct_tensor;
typedef struct ct_generator_box *ct_generator;

typedef enum : int32_t { CT_OK = 0, CT_FAILED = 1, CT_OUT_OF_MEMORY = 2 } ct_status;

typedef enum : int32_t {
    CT_UINT8 = 0, CT_INT8 = 1, CT_INT16 = 2, CT_INT32 = 3, CT_INT64 = 4, CT_FLOAT16 = 5, CT_FLOAT32 = 6,
    CT_FLOAT64 = 7, CT_BOOL = 11, CT_BFLOAT16 = 15
} ct_dtype;

typedef enum : int32_t { CT_CPU = 0, CT_CUDA = 1, CT_MPS = 13 } ct_device_kind;

typedef struct {
    ct_device_kind kind;
    int32_t index;
} ct_device;

/// The message of the last failure on this thread; valid until the next failure.
const char *ct_last_error(void);
/// "2.13.0", of the library that was loaded.
const char *ct_version(void);
/// The instruction set that LibTorch picked for its CPU kernels: "AVX512", "AVX2", "DEFAULT".
const char *ct_cpu_capability(void);

bool ct_device_available(ct_device_kind kind);
int32_t ct_device_count(ct_device_kind kind);
/// The device's own name, such as "NVIDIA H100"; empty where it has none. Valid until the next call on this thread.
const char *ct_device_name(ct_device device);
ct_status ct_device_synchronize(ct_device device);
/// Bytes of device memory: now in use, and the most so far. Zero on devices that do not count.
ct_status ct_device_memory(ct_device device, int64_t *current, int64_t *peak);

int32_t ct_thread_count(void);
ct_status ct_set_thread_count(int32_t count);

/// Lets the allocator keep large buffers in place of giving each back to the kernel, which would fault every page of it
/// anew. Returns whether it took effect (glibc only).
bool ct_keep_large_allocations(void);

#ifdef __cplusplus
}
#endif
#endif
