// The two symbols that this library exports.

#include "support.h"

#define EXPORTED extern "C" __attribute__((visibility("default")))

/// The interface that this library was compiled for; see `ct_interface`.
EXPORTED const char *equipoise_torch_interface() { return ct_interface; }

EXPORTED const ct_functions *equipoise_torch_functions() {
#define CT_FUNCTION(result, name, parameters) ct_##name,
    static const ct_functions table = {
#include "ct_functions.def"
    };
#undef CT_FUNCTION
    return &table;
}
