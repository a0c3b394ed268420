// Networks that Python saved as TorchScript.
#ifndef CT_SCRIPT_H
#define CT_SCRIPT_H
#include "ct_core.h"
#ifdef __cplusplus
extern "C" {
#endif

typedef struct ct_script_box *ct_script;

/// Reads a file that `torch.jit.save` wrote, for evaluation on a device. It runs the file's code: take none from strangers.
ct_status ct_script_load(const char *path, ct_device device, ct_script *out);
void ct_script_free(ct_script script);
/// Applies the network to one tensor; fails unless it answers with one tensor.
ct_status ct_script_apply(ct_script script, ct_tensor input, ct_tensor *out);

#ifdef __cplusplus
}
#endif
#endif
