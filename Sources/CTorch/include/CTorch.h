// The C ABI over LibTorch: a table of functions provided by the small library `libequipoise_torch`. `Scripts/bootstrap`
// compiles that library from Sources/TorchLibrary against the LibTorch it found, and `Torch` opens it on first use.
//
// Every function that can fail returns a `ct_status`. If it is not CT_OK, LibTorch's message is available from
// `last_error()` on the same thread, and no output has been written. No C++ exception crosses this boundary. The caller
// owns each `ct_tensor` written to an output parameter and frees it with `tensor_free`.

#ifndef CTORCH_H
#define CTORCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CT_TYPE(...) __VA_ARGS__;
#include "ct_types.def"
#undef CT_TYPE

// Swift imports an unannotated pointer as optional, which is right for all but the annotated ones.
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

/// All types and functions as text. A library with a different text has a different table and must not be called.
extern const char *_Nonnull const ct_interface;
/// A hash of that text; it names the folder that contains the library.
uint64_t ct_interface_hash(void);

/// Functions that fail; they stand in for LibTorch while it is missing.
extern const ct_functions ct_missing_functions;

#ifdef __cplusplus
}
#endif

#if defined(__clang__)
#pragma clang diagnostic pop
#endif
#endif
