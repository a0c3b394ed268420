#include "CTorch.h"

// The functions that are called while LibTorch is missing. Those that can fail do. The others return zero or an empty
// text; most of them need a tensor, and without LibTorch there is none.

static const ct_status failed = CT_FAILED;
static const char *const no_text = "";
static const ct_device nothing[4];

// A status is compatible with the integers that some functions return, so ADDRESS recognizes it by its name.
#define ADDRESS(result) \
    _Generic((result *)0, const char **: (const void *)&no_text, \
             default: __builtin_strcmp(#result, "ct_status") ? (const void *)nothing : (const void *)&failed)

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wnullability-completeness"
#pragma clang diagnostic ignored "-Wunused-parameter"
#pragma clang diagnostic ignored "-Wvoid-ptr-dereference"
#define CT_FUNCTION(result, name, parameters) \
    static result missing_##name parameters { return *(result *)ADDRESS(result); }
#include "ct_functions.def"
#undef CT_FUNCTION
#pragma clang diagnostic pop

const ct_functions ct_missing_functions = {
#define CT_FUNCTION(result, name, parameters) .name = missing_##name,
#include "ct_functions.def"
#undef CT_FUNCTION
};
