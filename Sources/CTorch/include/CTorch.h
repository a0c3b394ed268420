// The C ABI over LibTorch, by topic.

#include "ct_core.h"
#include "ct_tensor.h"
#include "ct_arithmetic.h"
#include "ct_reduction.h"
#include "ct_script.h"
#include "ct_shape.h"
#include "ct_network.h"
#include "ct_autograd.h"
#include "ct_random.h"
#include "ct_optimizer.h"
