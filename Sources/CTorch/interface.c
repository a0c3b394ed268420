#include "CTorch.h"

// The preprocessor drops comments and line breaks, so the text changes only if the interface does.
#define CT_TYPE(...) #__VA_ARGS__ "\n"
#define CT_FUNCTION(result, name, parameters) #result " " #name #parameters "\n"

const char *const ct_interface =
#include "ct_types.def"
#include "ct_functions.def"
    ;

// FNV-1a, 64 bits; see http://www.isthe.com/chongo/tech/comp/fnv/.
uint64_t ct_interface_hash(void) {
    uint64_t hash = 0xcbf29ce484222325;
    for (const char *byte = ct_interface; *byte; ++byte) hash = (hash ^ (uint8_t)*byte) * 0x100000001b3;
    return hash;
}
