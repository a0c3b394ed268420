// The two symbols exported by this library.

#include <torch/csrc/inductor/aoti_torch/c/shim.h>
#include <torch/headeronly/version.h>

#include "support.h"

#define EXPORTED extern "C" __attribute__((visibility("default")))

/// The interface this library was compiled for; see `ct_interface`.
EXPORTED const char *equipoise_torch_interface() { return ct_interface; }

/// The function table; null if the loaded LibTorch is not the version this library was compiled against.
EXPORTED const ct_functions *equipoise_torch_functions() {
    if (aoti_torch_abi_version() != TORCH_ABI_VERSION) return nullptr;
#define CT_FUNCTION(result, name, parameters) ct_##name,
    static const ct_functions table = {
#include "ct_functions.def"
    };
#undef CT_FUNCTION
    return &table;
}
