// The C ABI over LibTorch: a table of functions that the small library `libequipoise_torch` fills. `Scripts/bootstrap`
// compiles that library from Sources/TorchLibrary against the LibTorch it found, and `Torch` opens it at first use.
//
// Every function that can fail returns a `ct_status`; on anything but CT_OK the sentence that LibTorch gave lies in
// `last_error()` of the same thread, and no output has been written. No C++ exception ever crosses.
// A `ct_tensor` written to an output parameter is owned by the caller and is given back with `tensor_free`.

#ifndef CTORCH_H
#define CTORCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CT_TYPE(...) __VA_ARGS__;
#include "ct_types.def"
#undef CT_TYPE

// Swift imports a pointer without a mark as optional, which is right for all but the marked ones.
#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wnullability-completeness"
#else
#define _Nonnull
#endif

typedef struct {
#define CT_FUNCTION(result, name, parameters) result(*_Nonnull name) parameters;
#include "ct_functions.def"
#undef CT_FUNCTION
} ct_functions;

#ifdef __cplusplus
extern "C" {
#endif

/// All types and functions as text. A library with another text has another table and must not be called.
extern const char *_Nonnull const ct_interface;
/// A hash of that text, which names the folder where the library lies.
uint64_t ct_interface_hash(void);

#ifdef __cplusplus
}
#endif

#if defined(__clang__)
#pragma clang diagnostic pop
#endif
#endif
