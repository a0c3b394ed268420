#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/serialization/import.h>

#include "support.h"

using namespace ct;

struct ct_script_box {
    torch::jit::Module module;
};

ct_status ct_script_load(const char *path, ct_device on, ct_script *out) {
    return guard([&] {
        auto module = torch::jit::load(path, device(on));
        module.eval();
        *out = new ct_script_box{std::move(module)};
    });
}

void ct_script_free(ct_script script) { delete script; }

ct_status ct_script_apply(ct_script script, ct_tensor input, ct_tensor *out) {
    return produce(out, [&] { return script->module.forward({get(input)}).toTensor(); });
}
