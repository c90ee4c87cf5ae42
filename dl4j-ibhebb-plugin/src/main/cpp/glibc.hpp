// Included before everything else on Linux (-include), the bridge that JavaCPP generates among it. The linker takes the
// newest version of a function that the build machine's C library has, and then refuses to load where the library is
// older. These functions have an old version that does the same for us, so that one build loads wherever ND4J does
// (glibc 2.27). The build fails if a newer version slips in; add the function here, then.

#pragma once

#include <features.h>

#if defined(__GLIBC__) && defined(__x86_64__)
#define IBHEBB_OLD(function) __asm__(".symver " #function "," #function "@GLIBC_2.2.5");
#elif defined(__GLIBC__) && defined(__aarch64__)
#define IBHEBB_OLD(function) __asm__(".symver " #function "," #function "@GLIBC_2.17");
#else
#define IBHEBB_OLD(function)
#endif

// New in 2.34, when libdl became part of libc.
IBHEBB_OLD(dlopen)
IBHEBB_OLD(dlsym)
IBHEBB_OLD(dlclose)
IBHEBB_OLD(dlerror)

// New in 2.29, when they stopped to call a user's handler of errors.
IBHEBB_OLD(exp)
IBHEBB_OLD(log)
IBHEBB_OLD(pow)

#undef IBHEBB_OLD
