// What the native kernel has once, whatever processors its operations are compiled for: types, the BLAS that it calls,
// scratch memory.

#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <new>
#include <type_traits>

namespace ibhebb {

// Which entry points there are, and what they take: the Java side has the same number, so that a library of another
// release is noticed when it is loaded. To be raised whenever an entry point changes, or what a plan says to one.
constexpr int INTERFACE = 8;

using Size = std::int64_t;
using Address = std::int64_t;

enum Status : int { OK = 0, OUT_OF_MEMORY = 1, OUT_OF_RANGE = 2 };
enum DataType : int { FLOAT = 0, DOUBLE = 1 };
// Kinds of processors, each of which can do what those before it can; all others are BASELINE.
enum Processor : int { BASELINE = 0, AVX2 = 1, AVX512 = 2 };

// ---------------------------------------------------------------------------------------------------------------------
// BLAS: found in the process by the caller
// ---------------------------------------------------------------------------------------------------------------------

enum Layout { ROW_MAJOR = 101 };
enum Transpose { NO = 111, YES = 112 };
enum Triangle { LOWER = 122 };

using Sgemm = void (*)(
    int, int, int, int, int, int, float, const float *, int, const float *, int, float, float *, int);
using Dgemm = void (*)(
    int, int, int, int, int, int, double, const double *, int, const double *, int, double, double *, int);
using Ssyrk = void (*)(int, int, int, int, int, float, const float *, int, float, float *, int);
using Dsyrk = void (*)(int, int, int, int, int, double, const double *, int, double, double *, int);

struct Blas {
    Sgemm sgemm = nullptr;
    Dgemm dgemm = nullptr;
    Ssyrk ssyrk = nullptr;
    Dsyrk dsyrk = nullptr;
};

inline Blas &blas() {
    static Blas functions;
    return functions;
}

inline int interfaceVersion() { return INTERFACE; }

// Takes the addresses of four CBLAS functions; must come before any operation.
inline void useBlas(Address sgemm, Address dgemm, Address ssyrk, Address dsyrk) {
    blas().sgemm = reinterpret_cast<Sgemm>(sgemm);
    blas().dgemm = reinterpret_cast<Dgemm>(dgemm);
    blas().ssyrk = reinterpret_cast<Ssyrk>(ssyrk);
    blas().dsyrk = reinterpret_cast<Dsyrk>(dsyrk);
}

// c (m x n) = a (m x k) b (k x n) + beta c, row by row in memory; the leading dimensions are those of what is stored.
inline void gemm(bool transposeA, bool transposeB, Size m, Size n, Size k, const float *a, Size lda,
                        const float *b, Size ldb, float beta, float *c, Size ldc) {
    blas().sgemm(ROW_MAJOR, transposeA ? YES : NO, transposeB ? YES : NO, int(m), int(n), int(k), 1.0F, a, int(lda), b,
                 int(ldb), beta, c, int(ldc));
}

inline void gemm(bool transposeA, bool transposeB, Size m, Size n, Size k, const double *a, Size lda,
                        const double *b, Size ldb, double beta, double *c, Size ldc) {
    blas().dgemm(ROW_MAJOR, transposeA ? YES : NO, transposeB ? YES : NO, int(m), int(n), int(k), 1.0, a, int(lda), b,
                 int(ldb), beta, c, int(ldc));
}

// The lower triangle of c (n x n) = a a', a being n x k.
inline void syrk(Size n, Size k, const float *a, Size lda, float *c, Size ldc) {
    blas().ssyrk(ROW_MAJOR, LOWER, NO, int(n), int(k), 1.0F, a, int(lda), 0.0F, c, int(ldc));
}

inline void syrk(Size n, Size k, const double *a, Size lda, double *c, Size ldc) {
    blas().dsyrk(ROW_MAJOR, LOWER, NO, int(n), int(k), 1.0, a, int(lda), 0.0, c, int(ldc));
}

// ---------------------------------------------------------------------------------------------------------------------
// Memory
// ---------------------------------------------------------------------------------------------------------------------

// Scratch memory of one thread: grows to the largest use and stays, so that the steady state allocates nothing.
class Scratch {
  public:
    ~Scratch() { release(); }

    // Room for so many elements, of any content; null where there is no memory. Valid until the next call.
    template <typename T>
    T *take(Size elements) {
        const std::size_t bytes = std::size_t(elements) * sizeof(T);
        if (bytes > held) {
            release();
            memory = ::operator new(bytes, std::align_val_t(ALIGNMENT), std::nothrow);
            held = memory == nullptr ? 0 : bytes;
        }
        return static_cast<T *>(memory);
    }

  private:
    static constexpr std::size_t ALIGNMENT = 64;

    void release() { ::operator delete(memory, std::align_val_t(ALIGNMENT)); }

    void *memory = nullptr;
    std::size_t held = 0;
};

inline Scratch &scratch() {
    static thread_local Scratch own;
    return own;
}

template <typename T>
inline T *pointer(Address address) {
    return reinterpret_cast<T *>(address);
}

}  // namespace ibhebb
