// The native kernel as a whole, which is what the bridge includes that JavaCPP generates, and every test: one library for
// all processors of an architecture. Each operation is compiled for several of them, in a namespace of their own, and a
// call goes to the best one that this processor can run. That needs GCC 12, which knows x86-64's levels by name, and not
// on Windows, where it does not align what it puts on the stack for AVX (GCC bug 54412); any other compiler makes code
// for its default processor, and so does IBHEBB_ONE_PROCESSOR.

#pragma once

#include "base.hpp"

#define IBHEBB_INLINE inline

#if defined(__x86_64__) && defined(__GNUC__) && __GNUC__ >= 12 && !defined(__clang__) && !defined(_WIN32) \
    && !defined(IBHEBB_ONE_PROCESSOR)

#define IBHEBB_PROCESSOR baseline
#include "operations.hpp"
#undef IBHEBB_PROCESSOR

#pragma GCC push_options
#pragma GCC target("arch=x86-64-v3")
#define IBHEBB_PROCESSOR avx2
#include "operations.hpp"
#undef IBHEBB_PROCESSOR
#pragma GCC pop_options

#pragma GCC push_options
#pragma GCC target("arch=x86-64-v4")
#define IBHEBB_PROCESSOR avx512
#include "operations.hpp"
#undef IBHEBB_PROCESSOR
#pragma GCC pop_options

// The entry point of this name.
#define IBHEBB_ENTRY(operation)                                                                   \
    template <typename... Arguments>                                                              \
    inline auto operation(Arguments... arguments) {                                               \
        return __builtin_cpu_supports("x86-64-v4") ? IBHEBB_OF(avx512, operation)(arguments...)   \
             : __builtin_cpu_supports("x86-64-v3") ? IBHEBB_OF(avx2, operation)(arguments...)     \
                                                   : IBHEBB_OF(baseline, operation)(arguments...); \
    }

namespace ibhebb {

#define IBHEBB_OF(processor, operation) processor::operation
IBHEBB_ENTRY(finite)
IBHEBB_ENTRY(copyRows)
IBHEBB_ENTRY(normalize)
IBHEBB_ENTRY(denormalize)
IBHEBB_ENTRY(sameLabel)
IBHEBB_ENTRY(products)
IBHEBB_ENTRY(gaussian)
IBHEBB_ENTRY(centre)
IBHEBB_ENTRY(diagonalOnly)
IBHEBB_ENTRY(neighbourhood)
IBHEBB_ENTRY(dependence)
IBHEBB_ENTRY(group)
IBHEBB_ENTRY(ungroup)
IBHEBB_ENTRY(affine)
IBHEBB_ENTRY(rectified)
IBHEBB_ENTRY(rectify)
IBHEBB_ENTRY(denseGradient)
IBHEBB_ENTRY(convolve)
IBHEBB_ENTRY(convolutionGradient)
IBHEBB_ENTRY(moments)
IBHEBB_ENTRY(standardize)
IBHEBB_ENTRY(standardizeGradient)
IBHEBB_ENTRY(gain)
IBHEBB_ENTRY(readout)
IBHEBB_ENTRY(squares)
IBHEBB_ENTRY(variances)
IBHEBB_ENTRY(average)
IBHEBB_ENTRY(plusScaled)
IBHEBB_ENTRY(advanceDense)
IBHEBB_ENTRY(deltaRule)
IBHEBB_ENTRY(fire)
IBHEBB_ENTRY(backInTime)
IBHEBB_ENTRY(overTime)
#undef IBHEBB_OF

namespace stream {

#define IBHEBB_OF(processor, operation) processor::stream::operation
IBHEBB_ENTRY(learn)
IBHEBB_ENTRY(check)
IBHEBB_ENTRY(predict)
#undef IBHEBB_OF

}  // namespace stream
}  // namespace ibhebb

#undef IBHEBB_ENTRY

#else

namespace ibhebb {
// Whose entry points are ibhebb's own.
inline namespace any {}
}  // namespace ibhebb

#define IBHEBB_PROCESSOR any
#include "operations.hpp"
#undef IBHEBB_PROCESSOR

#endif
