// The native kernel as a whole, which is what the bridge includes that JavaCPP generates, and every test: one library for
// all processors of an architecture. Each operation is compiled for several of them, in a namespace of their own, and a
// call goes to the best one that this processor can run. That needs GCC 12, which knows x86-64's levels by name, and not
// on Windows, where it does not align what it puts on the stack for AVX (GCC bug 54412); any other compiler makes code
// for its default processor, and so does IBHEBB_ONE_PROCESSOR.

#pragma once

#include "base.hpp"

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

namespace ibhebb {

// The best kind that this processor is of.
inline int bestProcessor() {
    __builtin_cpu_init();
    return __builtin_cpu_supports("x86-64-v4") ? AVX512 : __builtin_cpu_supports("x86-64-v3") ? AVX2 : BASELINE;
}

// The kind whose operations are called.
inline int processor = bestProcessor();

// Calls the operations of this kind of processor from now on, or of the best one below it that this one is of. Returns
// which. To be called while nothing is computed.
inline int useProcessor(int most) { return processor = std::min(most, bestProcessor()); }

}  // namespace ibhebb

// The entry point of this name.
#define IBHEBB_ENTRY(operation)                                                          \
    template <typename... Arguments>                                                     \
    inline auto operation(Arguments... arguments) {                                      \
        return processor == AVX512 ? IBHEBB_OF(avx512, operation)(arguments...)          \
             : processor == AVX2   ? IBHEBB_OF(avx2, operation)(arguments...)            \
                                   : IBHEBB_OF(baseline, operation)(arguments...);       \
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

// There is no other.
inline int useProcessor(int) { return BASELINE; }

}  // namespace ibhebb

#define IBHEBB_PROCESSOR any
#include "operations.hpp"
#undef IBHEBB_PROCESSOR

#endif
