// What the native code's tests give it: scratch memory of exactly the size of each call, that starts as NaN, so that
// what is read before it was written shows, and can be refused; and a BLAS that takes nothing amiss. Included once a
// program.

#pragma once

// What is tested are operations, whatever processor they are for.
#define IBHEBB_ONE_PROCESSOR
#include "kernel.hpp"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>

using ibhebb::Address;
using ibhebb::Size;

// ---------------------------------------------------------------------------------------------------------------------
// Scratch memory
// ---------------------------------------------------------------------------------------------------------------------

inline bool outOfMemory = false;

// The only memory that is taken so is ibhebb's.
void *operator new(std::size_t bytes, std::align_val_t alignment, const std::nothrow_t &) noexcept {
    void *memory = nullptr;
    if (outOfMemory || posix_memalign(&memory, std::size_t(alignment), bytes) != 0) {
        return nullptr;
    }
    return std::memset(memory, 0xFF, bytes);
}

void operator delete(void *memory, std::align_val_t) noexcept { std::free(memory); }

// Without this a call would write past its own need into what a larger one has left.
inline void forgetScratch() {
    ibhebb::Scratch &scratch = ibhebb::scratch();
    scratch.~Scratch();
    new (&scratch) ibhebb::Scratch;
}

// ---------------------------------------------------------------------------------------------------------------------
// BLAS, as strict about leading dimensions as the real ones
// ---------------------------------------------------------------------------------------------------------------------

inline void require(bool condition, const char *what) {
    if (!condition) {
        std::fprintf(stderr, "BLAS was called with %s\n", what);
        std::abort();
    }
}

template <typename T>
void gemm(int layout, int transposeA, int transposeB, int m, int n, int k, T alpha, const T *a, int lda, const T *b,
          int ldb, T beta, T *c, int ldc) {
    const bool ta = transposeA == 112;
    const bool tb = transposeB == 112;
    require(layout == 101 && (ta || transposeA == 111) && (tb || transposeB == 111), "an unknown flag");
    require(m >= 0 && n >= 0 && k >= 0, "a negative size");
    require(lda >= std::max(1, ta ? m : k) && ldb >= std::max(1, tb ? k : n) && ldc >= std::max(1, n),
            "too small a leading dimension");
    for (int i = 0; i < m; i++) {
        for (int j = 0; j < n; j++) {
            T total = 0;
            for (int l = 0; l < k; l++) {
                total += (ta ? a[l * lda + i] : a[i * lda + l]) * (tb ? b[j * ldb + l] : b[l * ldb + j]);
            }
            T &out = c[i * ldc + j];
            out = alpha * total + (beta == 0 ? 0 : beta * out);
        }
    }
}

template <typename T>
void syrk(int layout, int triangle, int transpose, int n, int k, T alpha, const T *a, int lda, T beta, T *c, int ldc) {
    require(layout == 101 && (triangle == 121 || triangle == 122) && (transpose == 111 || transpose == 112),
            "an unknown flag");
    const bool t = transpose == 112;
    require(n >= 0 && k >= 0, "a negative size");
    require(lda >= std::max(1, t ? n : k) && ldc >= std::max(1, n), "too small a leading dimension");
    for (int i = 0; i < n; i++) {
        for (int j = triangle == 122 ? 0 : i; j < (triangle == 122 ? i + 1 : n); j++) {
            T total = 0;
            for (int l = 0; l < k; l++) {
                total += t ? a[l * lda + i] * a[l * lda + j] : a[i * lda + l] * a[j * lda + l];
            }
            T &out = c[i * ldc + j];
            out = alpha * total + (beta == 0 ? 0 : beta * out);
        }
    }
}

inline void useStrictBlas() {
    ibhebb::useBlas(reinterpret_cast<Address>(&gemm<float>), reinterpret_cast<Address>(&gemm<double>),
                    reinterpret_cast<Address>(&syrk<float>), reinterpret_cast<Address>(&syrk<double>));
}
