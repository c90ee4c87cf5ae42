// The arithmetic of the modulatory signal on arrays in memory; org.ibhebb.internal.arithmetic.NativeArithmetic calls it. The
// mathematics is in docs/rule.md, the meaning of each operation in Arithmetic.java.
//
// Arrays are passed by address, so that any buffer of ND4J's will do. A `Matrix` has a stride for each dimension, in
// elements; where only an address is taken, rows are contiguous and lie one behind the other. Sizes are checked by the
// caller. Nothing throws; an operation that needs scratch memory and gets none returns OUT_OF_MEMORY.
//
// Included by kernel.hpp alone, once for each kind of processor.

namespace ibhebb::IBHEBB_PROCESSOR {

template <typename T>
struct Matrix {
    T *data;
    Size rowStride;
    Size columnStride;

    inline T &at(Size row, Size column) const { return data[row * rowStride + column * columnStride]; }
    inline T *row(Size row) const { return data + row * rowStride; }
};

// Copies in square blocks, so that neither side jumps through memory where one is stored by columns.
template <typename From, typename To>
inline void copy(const Matrix<From> &from, const Matrix<To> &to, Size rows, Size columns) {
    if (from.columnStride == 1 && to.columnStride == 1) {
        for (Size row = 0; row < rows; row++) {
            std::memcpy(to.row(row), from.row(row), std::size_t(columns) * sizeof(To));
        }
        return;
    }
    constexpr Size BLOCK = 16;
    for (Size r = 0; r < rows; r += BLOCK) {
        const Size rowEnd = std::min(rows, r + BLOCK);
        for (Size c = 0; c < columns; c += BLOCK) {
            const Size columnEnd = std::min(columns, c + BLOCK);
            for (Size row = r; row < rowEnd; row++) {
                for (Size column = c; column < columnEnd; column++) {
                    to.at(row, column) = from.at(row, column);
                }
            }
        }
    }
}

// ---------------------------------------------------------------------------------------------------------------------
// Elementary functions
// ---------------------------------------------------------------------------------------------------------------------

// exp(x) for x <= 0, to about one unit in the last place; 0 where the result would be below the smallest normal number,
// and NaN for NaN.
// Without branches or calls, so that loops over it vectorise: adding 1.5 * 2^(bits of the mantissa) rounds to a whole
// number, and leaves that number in the low bits.
inline float expOfNegative(float x) {
    constexpr float LEAST = -87.0F;
    constexpr float ROUND = 12582912.0F;
    const float bounded = x < LEAST ? LEAST : x;
    const float shifted = bounded * 1.44269504088896341F + ROUND;
    const float whole = shifted - ROUND;
    const float rest = (bounded - whole * 0.693359375F) + whole * 2.12194440e-4F;
    float sum = 1.9875691500e-4F;
    sum = sum * rest + 1.3981999507e-3F;
    sum = sum * rest + 8.3334519073e-3F;
    sum = sum * rest + 4.1665795894e-2F;
    sum = sum * rest + 1.6666665459e-1F;
    sum = sum * rest + 5.0000001201e-1F;
    sum = sum * rest * rest + rest + 1.0F;
    std::uint32_t bits;
    std::memcpy(&bits, &shifted, sizeof(bits));
    bits = (bits + 127U) << 23U;
    float power;
    std::memcpy(&power, &bits, sizeof(power));
    const float value = sum * power;
    return x <= LEAST ? 0.0F : value;
}

inline double expOfNegative(double x) {
    constexpr double LEAST = -708.0;
    constexpr double ROUND = 6755399441055744.0;
    const double bounded = x < LEAST ? LEAST : x;
    const double shifted = bounded * 1.4426950408889634074 + ROUND;
    const double whole = shifted - ROUND;
    const double rest = (bounded - whole * 0.693145751953125) - whole * 1.42860682030941723212e-6;
    // Taylor's series: |rest| <= ln(2)/2, so that the first term left out is below 5e-18.
    double sum = 1.0 / 6227020800.0;
    sum = sum * rest + 1.0 / 479001600.0;
    sum = sum * rest + 1.0 / 39916800.0;
    sum = sum * rest + 1.0 / 3628800.0;
    sum = sum * rest + 1.0 / 362880.0;
    sum = sum * rest + 1.0 / 40320.0;
    sum = sum * rest + 1.0 / 5040.0;
    sum = sum * rest + 1.0 / 720.0;
    sum = sum * rest + 1.0 / 120.0;
    sum = sum * rest + 1.0 / 24.0;
    sum = sum * rest + 1.0 / 6.0;
    sum = sum * rest + 0.5;
    sum = sum * rest * rest + rest + 1.0;
    std::uint64_t bits;
    std::memcpy(&bits, &shifted, sizeof(bits));
    bits = (bits + 1023U) << 52U;
    double power;
    std::memcpy(&power, &bits, sizeof(power));
    const double value = sum * power;
    return x <= LEAST ? 0.0 : value;
}

template <typename T>
inline T sum(const T *a, Size n) {
    T total = 0;
#pragma omp simd reduction(+ : total)
    for (Size i = 0; i < n; i++) {
        total += a[i];
    }
    return total;
}

template <typename T>
inline T dot(const T *a, const T *b, Size n) {
    T total = 0;
#pragma omp simd reduction(+ : total)
    for (Size i = 0; i < n; i++) {
        total += a[i] * b[i];
    }
    return total;
}

template <typename T>
inline T squaredDistance(const T *a, const T *b, Size n) {
    T total = 0;
#pragma omp simd reduction(+ : total)
    for (Size i = 0; i < n; i++) {
        const T difference = a[i] - b[i];
        total += difference * difference;
    }
    return total;
}

template <typename T>
inline T largest(const T *a, Size n) {
    T most = -std::numeric_limits<T>::infinity();
#pragma omp simd reduction(max : most)
    for (Size i = 0; i < n; i++) {
        most = a[i] > most ? a[i] : most;
    }
    return most;
}

// A long sum of floats, in double.
template <typename T>
inline double longDot(const T *a, const T *b, Size n) {
    double total = 0;
#pragma omp simd reduction(+ : total)
    for (Size i = 0; i < n; i++) {
        total += double(a[i]) * double(b[i]);
    }
    return total;
}

template <typename T>
inline double longSum(const T *a, Size n) {
    double total = 0;
#pragma omp simd reduction(+ : total)
    for (Size i = 0; i < n; i++) {
        total += double(a[i]);
    }
    return total;
}

// sum of (a - mean)^2.
template <typename T>
inline double longSquares(const T *a, double mean, Size n) {
    double total = 0;
#pragma omp simd reduction(+ : total)
    for (Size i = 0; i < n; i++) {
        const double difference = double(a[i]) - mean;
        total += difference * difference;
    }
    return total;
}

// sum of a (b - mean).
template <typename T>
inline double longCentredDot(const T *a, const T *b, T mean, Size n) {
    double total = 0;
#pragma omp simd reduction(+ : total)
    for (Size i = 0; i < n; i++) {
        total += double(a[i]) * double(b[i] - mean);
    }
    return total;
}

template <typename T>
inline void scale(T *a, T factor, Size n) {
    for (Size i = 0; i < n; i++) {
        a[i] *= factor;
    }
}

// ---------------------------------------------------------------------------------------------------------------------
// Windows and kernels
// ---------------------------------------------------------------------------------------------------------------------

// The rows of a window, in the order of their slots. The current samples are `count` of them, from slot `first` on,
// around the end.
template <typename T>
struct Window {
    const T *rows;
    Size n;
    Size d;
    Size first;
    Size count;

    inline Size slot(Size current) const {
        const Size place = first + current;
        return place < n ? place : place - n;
    }
    inline const T *row(Size slot) const { return rows + slot * d; }
    // Whether all are current, in their own order.
    inline bool whole() const { return count == n && first == 0; }
    // The current samples before the end of the window; the others start at its beginning.
    inline Size head() const { return std::min(count, n - first); }
};

// Below this much work a product by hand is faster than BLAS gets going.
constexpr Size SMALL_PRODUCT = 4096;

// out (count x n): the inner products of the current rows with all rows.
template <typename T>
inline void innerProducts(const Window<T> &w, T *out) {
    if (w.whole() && w.n * w.n * w.d > SMALL_PRODUCT) {
        syrk(w.n, w.d, w.rows, w.d, out, w.n);
        constexpr Size BLOCK = 32;
        for (Size r = 0; r < w.n; r += BLOCK) {
            for (Size c = 0; c <= r; c += BLOCK) {
                for (Size row = r; row < std::min(w.n, r + BLOCK); row++) {
                    for (Size column = c; column < std::min(row, c + BLOCK); column++) {
                        out[column * w.n + row] = out[row * w.n + column];
                    }
                }
            }
        }
        return;
    }
    if (w.count == 1 || w.count * w.n * w.d <= SMALL_PRODUCT) {
        for (Size i = 0; i < w.count; i++) {
            for (Size q = 0; q < w.n; q++) {
                out[i * w.n + q] = dot(w.row(w.slot(i)), w.row(q), w.d);
            }
        }
        return;
    }
    const Size head = w.head();
    gemm(false, true, head, w.n, w.d, w.row(w.first), w.d, w.rows, w.d, T(0), out, w.n);
    if (head < w.count) {
        gemm(false, true, w.count - head, w.n, w.d, w.rows, w.d, w.rows, w.d, T(0), out + head * w.n, w.n);
    }
}

// Inner products of all rows of a window that someone has kept; `data` is null where nobody has.
template <typename T>
struct Kept {
    const T *data;
    Size line;

    inline bool known() const { return data != nullptr; }
};

// out (n x n): the inner products of all rows of a window whose samples are all current, by hand or as kept.
template <typename T>
inline void allProducts(const Window<T> &w, const Kept<T> &kept, T *out) {
    if (kept.known()) {
        copy(Matrix<const T>{kept.data, kept.line, 1}, Matrix<T>{out, w.n, 1}, w.n, w.n);
    } else {
        innerProducts(w, out);
    }
}

// out (count x n): the squared distances between current rows and all rows, 0 for a row and itself. Kept products are
// read where all rows are current.
template <typename T>
inline void squaredDistances(const Window<T> &w, const Kept<T> &kept, T *squares, T *out) {
    if (!kept.known() && (w.count == 1 || w.count * w.n * w.d <= SMALL_PRODUCT)) {
        for (Size i = 0; i < w.count; i++) {
            for (Size q = 0; q < w.n; q++) {
                out[i * w.n + q] = squaredDistance(w.row(w.slot(i)), w.row(q), w.d);
            }
            out[i * w.n + w.slot(i)] = 0;
        }
        return;
    }
    if (w.whole()) {
        allProducts(w, kept, out);
        // A row's own product, summed in the same order as the others, so that equal rows are at distance 0.
        for (Size q = 0; q < w.n; q++) {
            squares[q] = out[q * w.n + q];
        }
    } else {
        innerProducts(w, out);
        for (Size q = 0; q < w.n; q++) {
            squares[q] = dot(w.row(q), w.row(q), w.d);
        }
    }
    constexpr T ROUNDING = std::is_same<T, double>::value ? T(0x1p-51) : T(0x1p-22);
    for (Size i = 0; i < w.count; i++) {
        T *row = out + i * w.n;
        const T own = squares[w.slot(i)];
        for (Size q = 0; q < w.n; q++) {
            // Where two rows are nearly equal, what is left is rounding error. NaN stays.
            const T together = own + squares[q];
            const T distance = together - 2 * row[q];
            row[q] = distance <= together * ROUNDING ? T(0) : distance;
        }
        row[w.slot(i)] = 0;
    }
}

// The median of the squared distances between different rows, their mean where it is 0; `distances` is n x n.
template <typename T>
inline double medianDistance(const T *distances, Size n, T *pairs) {
    if (n < 2) {
        return 0;
    }
    Size count = 0;
    for (Size i = 1; i < n; i++) {
        for (Size j = 0; j < i; j++) {
            pairs[count++] = distances[i * n + j];
        }
    }
    // Sorting needs numbers.
    const double total = longSum(pairs, count);
    if (total != total) {
        return total;
    }
    const Size upper = count / 2;
    std::nth_element(pairs, pairs + upper, pairs + count);
    double median = pairs[upper];
    if (count % 2 == 0) {
        median = (median + double(*std::max_element(pairs, pairs + upper))) / 2;
    }
    return median > 0 ? median : total / double(count);
}

enum KernelType : int { GAUSSIAN = 0, MEDIAN_GAUSSIAN = 1, COSINE = 2 };

// 1/(2 s^2) as the kernels use it: 0 where all rows are equal and the median gives no bandwidth.
inline double halfInverseBandwidth(double squaredBandwidth) {
    return squaredBandwidth == 0 ? 0 : 1 / (2 * squaredBandwidth);
}

// The squared distances of the current rows and the bandwidth; `all` has room for n x n where the median is asked for.
template <typename T>
inline double distancesAndBandwidth(const Window<T> &w, const Kept<T> &kept, KernelType type, double sigma,
                                    T *squares, T *all, T *out) {
    if (type != MEDIAN_GAUSSIAN) {
        squaredDistances(w, Kept<T>{nullptr, 0}, squares, out);
        return sigma * sigma * double(w.d);
    }
    const Window<T> whole = {w.rows, w.n, w.d, 0, w.n};
    squaredDistances(whole, kept, squares, all);
    for (Size i = 0; i < w.count; i++) {
        std::memcpy(out + i * w.n, all + w.slot(i) * w.n, std::size_t(w.n) * sizeof(T));
    }
    return sigma * sigma * medianDistance(all, w.n, all + w.n * w.n);
}

// out (count x d) += factor * p (count x n) times the window's rows.
template <typename T>
inline void addProduct(const T *p, const Window<T> &w, T *product, T factor, T *out) {
    const Size total = w.count * w.d;
    if (w.count == 1) {
        std::fill(product, product + w.d, T(0));
        for (Size q = 0; q < w.n; q++) {
            const T weight = p[q];
            const T *row = w.row(q);
            for (Size k = 0; k < w.d; k++) {
                product[k] += weight * row[k];
            }
        }
    } else {
        gemm(false, false, w.count, w.d, w.n, p, w.n, w.rows, w.d, T(0), product, w.d);
    }
    for (Size i = 0; i < total; i++) {
        out[i] += factor * product[i];
    }
}

// ---------------------------------------------------------------------------------------------------------------------
// Operations
// ---------------------------------------------------------------------------------------------------------------------

// Whether all values are finite.
template <typename T>
inline bool finite(const Matrix<const T> &a, Size rows, Size columns) {
    // x - x is 0 for finite values and NaN for all others. Along the memory, whichever way it runs.
    const bool byColumns = a.columnStride != 1 && a.rowStride == 1;
    const Size lines = byColumns ? columns : rows;
    const Size length = byColumns ? rows : columns;
    const Size lineStride = byColumns ? a.columnStride : a.rowStride;
    const Size stride = byColumns ? a.rowStride : a.columnStride;
    T total = 0;
    for (Size line = 0; line < lines; line++) {
        const T *values = a.data + line * lineStride;
        if (stride == 1) {
#pragma omp simd reduction(+ : total)
            for (Size i = 0; i < length; i++) {
                total += values[i] - values[i];
            }
        } else {
            for (Size i = 0; i < length; i++) {
                total += values[i * stride] - values[i * stride];
            }
        }
    }
    return total == 0;
}

template <typename T>
inline void normalize(const Matrix<const T> &a, Size n, Size d, double epsilon, T *u, T *inverse) {
    copy(a, Matrix<T>{u, d, 1}, n, d);
    for (Size i = 0; i < n; i++) {
        T *row = u + i * d;
        const T mean = sum(row, d) / T(d);
        T variance = 0;
#pragma omp simd reduction(+ : variance)
        for (Size k = 0; k < d; k++) {
            row[k] -= mean;
            variance += row[k] * row[k];
        }
        inverse[i] = 1 / std::sqrt(variance / T(d) + T(epsilon));
        scale(row, inverse[i], d);
    }
}

template <typename T>
inline Status denormalize(const T *signal, const T *u, const T *inverse, Size n, Size d,
                          const Matrix<T> &out) {
    T *own = scratch().take<T>(n * d);
    if (own == nullptr) {
        return OUT_OF_MEMORY;
    }
    for (Size i = 0; i < n; i++) {
        const T *xi = signal + i * d;
        const T *row = u + i * d;
        const T mean = sum(xi, d) / T(d);
        const T along = dot(xi, row, d) / T(d);
        for (Size k = 0; k < d; k++) {
            own[i * d + k] = (xi[k] - mean - row[k] * along) * inverse[i];
        }
    }
    copy(Matrix<const T>{own, d, 1}, out, n, d);
    return OK;
}

// k (n x n): the labels' inner products; the mean agreement where labels are independent of each other.
template <typename T>
inline Status sameLabel(const T *labels, Size n, Size c, bool independent, T *k) {
    T least = 0;
    T most = 1;
    for (Size i = 0; i < n * c; i++) {
        least = labels[i] < least ? labels[i] : least;
        most = labels[i] > most ? labels[i] : most;
    }
    if (least < 0 || most > T(1 + 1e-6)) {
        return OUT_OF_RANGE;
    }
    const Window<T> w = {labels, n, c, 0, n};
    innerProducts(w, k);
    if (!independent) {
        return OK;
    }
    // ab + (1-a)(1-b) = 2ab + 1 - a - b
    for (Size i = 0; i < n; i++) {
        const T own = sum(labels + i * c, c);
        for (Size j = 0; j < n; j++) {
            k[i * n + j] = (2 * k[i * n + j] + T(c) - own - sum(labels + j * c, c)) / T(c);
        }
    }
    return OK;
}

// The inner products of all rows of a window (k, at least n x n), brought up to date in the rows and columns of the
// current samples.
template <typename T>
inline Status products(const Window<T> &w, T *k, Size line) {
    T *fresh = scratch().take<T>(w.count * w.n);
    if (fresh == nullptr) {
        return OUT_OF_MEMORY;
    }
    innerProducts(w, fresh);
    for (Size i = 0; i < w.count; i++) {
        const Size slot = w.slot(i);
        for (Size q = 0; q < w.n; q++) {
            k[slot * line + q] = fresh[i * w.n + q];
            k[q * line + slot] = fresh[i * w.n + q];
        }
    }
    return OK;
}

// k (n x n): the Gaussian kernel of the rows.
template <typename T>
inline Status gaussian(const T *rows, Size n, Size d, const Kept<T> &kept, KernelType type, double sigma,
                       T *k) {
    T *memory = scratch().take<T>(n + (type == MEDIAN_GAUSSIAN ? n * n : 0));
    if (memory == nullptr) {
        return OUT_OF_MEMORY;
    }
    const Window<T> w = {rows, n, d, 0, n};
    squaredDistances(w, kept, memory, k);
    const double bandwidth =
        sigma * sigma * (type == MEDIAN_GAUSSIAN ? medianDistance(k, n, memory + n) : double(d));
    const T factor = T(-halfInverseBandwidth(bandwidth));
    for (Size i = 0; i < n * n; i++) {
        k[i] = expOfNegative(k[i] * factor);
    }
    return OK;
}

// The means of the rows of a symmetric matrix; returns the mean of them.
template <typename T>
inline double rowMeans(const T *k, Size n, T *means) {
    double all = 0;
    for (Size i = 0; i < n; i++) {
        const double mean = longSum(k + i * n, n) / double(n);
        means[i] = T(mean);
        all += mean;
    }
    return all / double(n);
}

// out = H (a - factor b) H for symmetric a and b, n x n; a or out may be one array.
template <typename T>
inline Status centre(const T *a, const T *b, double factor, Size n, T *out) {
    T *means = scratch().take<T>(n);
    if (means == nullptr) {
        return OUT_OF_MEMORY;
    }
    if (b == nullptr) {
        std::memmove(out, a, std::size_t(n * n) * sizeof(T));
    } else {
        for (Size i = 0; i < n * n; i++) {
            out[i] = a[i] - T(factor) * b[i];
        }
    }
    const T mean = T(rowMeans(out, n, means));
    for (Size i = 0; i < n; i++) {
        const T own = means[i] - mean;
        for (Size j = 0; j < n; j++) {
            out[i * n + j] -= own + means[j];
        }
    }
    return OK;
}

// out (n x n) = dL/dK of the published code's formula, whose a is the diagonal of the balance H (Kx - gamma Ky) H.
template <typename T>
inline void diagonalOnly(const T *balance, Size n, T *out) {
    double all = 0;
    for (Size i = 0; i < n; i++) {
        all += double(balance[i * n + i]);
    }
    const double pairs = double(n - 1) * double(n - 1);
    const T outer = T(2 / (pairs * double(n)));
    const T mean = T(all / double(n));
    for (Size i = 0; i < n; i++) {
        const T own = mean - balance[i * n + i];
        for (Size j = 0; j < n; j++) {
            out[i * n + j] = outer * (own - balance[j * n + j]);
        }
    }
}

// signal (count x d) = [signal +] factor * dL/du of the neighbourhood objective; `same` is the label kernel, n x n.
template <typename T>
inline Status neighbourhood(const Window<T> &w, const Kept<T> &kept, const T *same, KernelType type,
                            double sigma, double factor, bool add, T *signal) {
    if (!add) {
        std::fill(signal, signal + w.count * w.d, T(0));
    }
    const bool median = type == MEDIAN_GAUSSIAN;
    T *memory = scratch().take<T>(w.count * w.n + 2 * w.n + w.count * w.d + w.count * w.count
                                  + (median ? 2 * w.n * w.n : 0));
    if (memory == nullptr) {
        return OUT_OF_MEMORY;
    }
    T *p = memory;
    T *squares = p + w.count * w.n;
    T *shares = squares + w.n;
    T *product = shares + w.n;
    T *among = product + w.count * w.d;
    T *all = among + w.count * w.count;
    const double bandwidth = distancesAndBandwidth(w, kept, type, sigma, squares, all, p);
    if (bandwidth == 0 || w.n == 1) {
        return OK;
    }
    const T exponent = T(-halfInverseBandwidth(bandwidth));
    for (Size i = 0; i < w.count; i++) {
        const Size slot = w.slot(i);
        T *row = p + i * w.n;
        const T *partner = same + slot * w.n;
        scale(row, exponent, w.n);
        row[slot] = -std::numeric_limits<T>::max();
        const T most = largest(row, w.n);
        T everyone = 0;
        T partners = 0;
        const T own = partner[slot];
#pragma omp simd reduction(+ : everyone, partners)
        for (Size q = 0; q < w.n; q++) {
            shares[q] = expOfNegative(row[q] - most);
            everyone += shares[q];
            partners += shares[q] * partner[q];
        }
        // The anchor's own share is 0 unless everyone else is as far away as numbers go.
        partners -= shares[slot] * own;
        everyone -= shares[slot];
        shares[slot] = 0;
        const T inverseEveryone = 1 / everyone;
        // Also where they are NaN.
        if (!(partners <= T(1e-20))) {
            const T inversePartners = 1 / partners;
            for (Size q = 0; q < w.n; q++) {
                row[q] = shares[q] * inverseEveryone - shares[q] * partner[q] * inversePartners;
            }
            row[slot] = 0;
            continue;
        }
        // The partners are much further away than the nearest sample, or there are none.
        T nearest = -std::numeric_limits<T>::infinity();
        for (Size q = 0; q < w.n; q++) {
            if (q != slot && partner[q] > 0) {
                nearest = std::max(nearest, row[q]);
            }
        }
        if (nearest == -std::numeric_limits<T>::infinity()) {
            std::fill(row, row + w.n, T(0));
            continue;
        }
        partners = 0;
        for (Size q = 0; q < w.n; q++) {
            const bool counts = q != slot && partner[q] > 0;
            const T share = counts ? expOfNegative(row[q] - nearest) * partner[q] : T(0);
            partners += share;
            row[q] = share;
        }
        for (Size q = 0; q < w.n; q++) {
            row[q] = shares[q] * inverseEveryone - row[q] / partners;
        }
    }
    if (w.count > 1) {
        // Each current sample is also its current neighbours' neighbour.
        const Size head = w.head();
        for (Size i = 0; i < w.count; i++) {
            std::memcpy(among + i * w.count, p + i * w.n + w.first, std::size_t(head) * sizeof(T));
            std::memcpy(among + i * w.count + head, p + i * w.n, std::size_t(w.count - head) * sizeof(T));
        }
        std::fill(squares, squares + w.count, T(0));
        for (Size j = 0; j < w.count; j++) {
            for (Size i = 0; i < w.count; i++) {
                squares[i] += among[j * w.count + i];
            }
        }
        constexpr Size BLOCK = 16;
        for (Size i0 = 0; i0 < w.count; i0 += BLOCK) {
            for (Size j0 = 0; j0 < w.count; j0 += BLOCK) {
                for (Size i = i0; i < std::min(w.count, i0 + BLOCK); i++) {
                    for (Size j = j0; j < std::min(w.count, j0 + BLOCK); j++) {
                        p[i * w.n + w.slot(j)] += among[j * w.count + i];
                    }
                }
            }
        }
        for (Size i = 0; i < w.count; i++) {
            p[i * w.n + w.slot(i)] -= squares[i];
        }
    }
    addProduct(p, w, product, T(factor / (bandwidth * double(w.count))), signal);
    return OK;
}

enum DependenceKind : int {
    // dL/dK is given
    GIVEN = 0,
    // (2 H K H - gamma task) / (n-1)^2
    HSIC_ZZ = 1,
    // -<task, H K H> / (norm task * norm H K H)
    NORMALIZED_HSIC = 2
};

// signal (count x d) = [signal +] factor * dL/du of an objective of centred kernels; `task` is n x n: dL/dK itself, or
// H Ky H.
template <typename T>
inline Status dependence(const Window<T> &w, const Kept<T> &kept, DependenceKind kind, const T *task,
                         KernelType type, double sigma, double gamma, double factor, bool add, T *signal) {
    if (!add) {
        std::fill(signal, signal + w.count * w.d, T(0));
    }
    if (w.n < 2) {
        return OK;
    }
    // Where dL/dK is not given it takes all of K.
    const bool all = kind != GIVEN || type == MEDIAN_GAUSSIAN;
    const Window<T> kernelRows = all ? Window<T>{w.rows, w.n, w.d, 0, w.n} : w;
    T *memory = scratch().take<T>(kernelRows.count * w.n * 2 + 3 * w.n + w.count * w.n + w.count * w.d);
    if (memory == nullptr) {
        return OUT_OF_MEMORY;
    }
    T *kernel = memory;
    T *centred = kernel + kernelRows.count * w.n;
    T *squares = centred + kernelRows.count * w.n;
    T *inverse = squares + w.n;
    T *means = inverse + w.n;
    T *p = means + w.n;
    T *product = p + w.count * w.n;

    double bandwidth = 0;
    if (type == COSINE) {
        for (Size q = 0; q < w.n; q++) {
            const T norm = std::sqrt(dot(w.row(q), w.row(q), w.d));
            // A row of zeros has no direction: it is like nothing, and nothing moves it.
            inverse[q] = norm == 0 ? 0 : 1 / norm;
        }
        if (kind != GIVEN) {
            allProducts(kernelRows, kept, kernel);
            for (Size i = 0; i < w.n; i++) {
                for (Size q = 0; q < w.n; q++) {
                    kernel[i * w.n + q] *= inverse[i] * inverse[q];
                }
            }
        }
    } else {
        squaredDistances(kernelRows, all ? kept : Kept<T>{nullptr, 0}, squares, kernel);
        bandwidth = sigma * sigma
            * (type == MEDIAN_GAUSSIAN ? medianDistance(kernel, w.n, centred) : double(w.d));
        const T exponent = T(-halfInverseBandwidth(bandwidth));
        for (Size i = 0; i < kernelRows.count * w.n; i++) {
            kernel[i] = expOfNegative(kernel[i] * exponent);
        }
        if (bandwidth == 0) {
            return OK;
        }
    }

    // dL/dK = ofOwn H K H + ofTask task
    double ofOwn = 0;
    double ofTask = 1;
    T mean = 0;
    if (kind != GIVEN) {
        mean = T(rowMeans(kernel, w.n, means));
        if (kind == HSIC_ZZ) {
            const double pairs = double(w.n - 1) * double(w.n - 1);
            ofOwn = 2 / pairs;
            ofTask = -gamma / pairs;
        } else {
            for (Size i = 0; i < w.n; i++) {
                const T own = means[i] - mean;
                for (Size q = 0; q < w.n; q++) {
                    centred[i * w.n + q] = kernel[i * w.n + q] - own - means[q];
                }
            }
            const Size entries = w.n * w.n;
            const double inner = longDot(task, centred, entries);
            const double squaredOwn = longDot(centred, centred, entries);
            const double ownNorm = std::sqrt(squaredOwn);
            const double taskNorm = std::sqrt(longDot(task, task, entries));
            // Entries of a kernel are about 1: so small a norm is rounding error, and nothing varies.
            const double rounding = double(w.n) * (std::is_same<T, double>::value ? 1e-13 : 1e-5);
            if (ownNorm <= rounding || taskNorm <= rounding) {
                return OK;
            }
            ofOwn = inner / (squaredOwn * taskNorm * ownNorm);
            ofTask = -1 / (taskNorm * ownNorm);
        }
    }

    // p (count x n): what multiplies the rows of the window.
    for (Size i = 0; i < w.count; i++) {
        const Size slot = w.slot(i);
        const T *own = kernel + (all ? slot : i) * w.n;
        const T *ofLabels = task + slot * w.n;
        T *row = p + i * w.n;
        if (kind == GIVEN) {
            std::memcpy(row, ofLabels, std::size_t(w.n) * sizeof(T));
        } else {
            const T mine = means[slot] - mean;
            for (Size q = 0; q < w.n; q++) {
                row[q] = T(ofOwn) * (own[q] - mine - means[q]) + T(ofTask) * ofLabels[q];
            }
        }
        if (type == COSINE) {
            for (Size q = 0; q < w.n; q++) {
                row[q] *= inverse[q];
            }
        } else {
            for (Size q = 0; q < w.n; q++) {
                row[q] *= own[q];
            }
            row[slot] -= sum(row, w.n);
        }
    }
    if (type != COSINE) {
        addProduct(p, w, product, T(2 * factor / bandwidth), signal);
        return OK;
    }
    // The part along a row's own direction does not turn it.
    T *b = product;
    if (w.count == 1) {
        std::fill(b, b + w.d, T(0));
        for (Size q = 0; q < w.n; q++) {
            for (Size k = 0; k < w.d; k++) {
                b[k] += p[q] * w.row(q)[k];
            }
        }
    } else {
        gemm(false, false, w.count, w.d, w.n, p, w.n, w.rows, w.d, T(0), b, w.d);
    }
    for (Size i = 0; i < w.count; i++) {
        const Size slot = w.slot(i);
        const T *own = w.row(slot);
        const T radial = dot(b + i * w.d, own, w.d) * inverse[slot] * inverse[slot];
        const T length = T(2 * factor) * inverse[slot];
        for (Size k = 0; k < w.d; k++) {
            signal[i * w.d + k] += length * (b[i * w.d + k] - radial * own[k]);
        }
    }
    return OK;
}

// Groups of m units: sizes f = sqrt((sum of squared deviations + 1) / m), and values, f centred across the groups.
template <typename T>
inline void group(const T *u, Size n, Size groups, Size m, T *sizes, T *values) {
    for (Size i = 0; i < n; i++) {
        for (Size g = 0; g < groups; g++) {
            const T *units = u + (i * groups + g) * m;
            const T mean = sum(units, m) / T(m);
            T squares = 0;
#pragma omp simd reduction(+ : squares)
            for (Size k = 0; k < m; k++) {
                squares += (units[k] - mean) * (units[k] - mean);
            }
            sizes[i * groups + g] = std::sqrt((squares + 1) / T(m));
        }
        const T mean = sum(sizes + i * groups, groups) / T(groups);
        for (Size g = 0; g < groups; g++) {
            values[i * groups + g] = sizes[i * groups + g] - mean;
        }
    }
}

// signal (count x d) = [signal +] what the derivative with respect to the values of the current rows becomes for their
// units.
template <typename T>
inline void ungroup(const Window<T> &w, Size groups, Size m, const T *sizes, const T *gradient, bool add,
                    T *signal) {
    for (Size i = 0; i < w.count; i++) {
        const T across = sum(gradient + i * groups, groups) / T(groups);
        for (Size g = 0; g < groups; g++) {
            const T *units = w.row(w.slot(i)) + g * m;
            const T mean = sum(units, m) / T(m);
            const T own = (gradient[i * groups + g] - across) / (sizes[w.slot(i) * groups + g] * T(m));
            T *out = signal + (i * groups + g) * m;
            for (Size k = 0; k < m; k++) {
                out[k] = (add ? out[k] : 0) + own * (units[k] - mean);
            }
        }
    }
}

// BLAS counts in int.
constexpr Size LONGEST_LINE = std::numeric_limits<int>::max();

// Whether BLAS can take the matrix as it is: by rows, by columns.
template <typename T>
inline bool byRows(const Matrix<T> &a, Size columns) {
    return a.columnStride == 1 && a.rowStride >= std::max<Size>(1, columns) && a.rowStride <= LONGEST_LINE;
}

template <typename T>
inline bool byColumns(const Matrix<T> &a, Size rows) {
    return a.rowStride == 1 && a.columnStride >= std::max<Size>(1, rows) && a.columnStride <= LONGEST_LINE;
}

// BLAS rearranges the weights before it multiplies, which for so few samples costs more than the product.
constexpr Size FEW_SAMPLES = 2;

// `affine` where input is stored by rows and weights by columns: each neuron's weights are read once.
template <typename T>
inline void affineOfFew(const Matrix<const T> &input, const Matrix<const T> &weights, const T *bias,
                        Size biasStride, Size n, Size in, Size out, const Matrix<T> &result) {
    for (Size k = 0; k < out; k++) {
        const T own = bias == nullptr ? T(0) : bias[k * biasStride];
        for (Size i = 0; i < n; i++) {
            result.data[k * result.columnStride + i] =
                dot(input.row(i), weights.data + k * weights.columnStride, in) + own;
        }
    }
}

// result (n x out) = input (n x in) weights (in x out) + bias (out); bias may be null, result is stored by columns.
template <typename T>
inline Status affine(Matrix<const T> input, Matrix<const T> weights, const T *bias, Size biasStride, Size n,
                     Size in, Size out, const Matrix<T> &result) {
    const bool packInput = !byRows(input, in) && !byColumns(input, n);
    const bool packWeights = !byRows(weights, out) && !byColumns(weights, in);
    T *memory = scratch().take<T>((packInput ? n * in : 0) + (packWeights ? in * out : 0) + 1);
    if (memory == nullptr) {
        return OUT_OF_MEMORY;
    }
    if (packInput) {
        copy(input, Matrix<T>{memory, in, 1}, n, in);
        input = {memory, in, 1};
        memory += n * in;
    }
    if (packWeights) {
        copy(weights, Matrix<T>{memory, out, 1}, in, out);
        weights = {memory, out, 1};
    }
    const bool inputByRows = byRows(input, in);
    const bool weightsByRows = byRows(weights, out);
    if (n <= FEW_SAMPLES && inputByRows && !weightsByRows) {
        affineOfFew(input, weights, bias, biasStride, n, in, out, result);
        return OK;
    }
    gemm(weightsByRows, inputByRows, out, n, in, weights.data, weightsByRows ? weights.rowStride : weights.columnStride,
         input.data, inputByRows ? input.rowStride : input.columnStride, T(0), result.data, result.columnStride);
    if (bias != nullptr) {
        for (Size k = 0; k < out; k++) {
            T *column = result.data + k * result.columnStride;
            const T own = bias[k * biasStride];
            for (Size i = 0; i < n; i++) {
                column[i] += own;
            }
        }
    }
    return OK;
}

// out = max(a, 0); what is not a number stays so.
template <typename T>
inline void rectify(const T *a, Size length, T *out) {
    for (Size i = 0; i < length; i++) {
        out[i] = a[i] < 0 ? T(0) : a[i];
    }
}

// The slope of a rectified unit: the signal becomes 0 where the pre-activation is not above 0.
template <typename T>
inline void rectified(const T *preActivation, Size length, T *signal) {
    for (Size i = 0; i < length; i++) {
        signal[i] = preActivation[i] > 0 ? signal[i] : 0;
    }
}

// weights (in x out) = input' delta and bias (out) = the column sums of delta, over n samples; bias may be null.
template <typename T>
inline Status denseGradient(Matrix<const T> input, Matrix<const T> delta, Size n, Size in, Size out,
                            const Matrix<T> &weights, T *bias, Size biasStride) {
    const bool packInput = !byRows(input, in) && !byColumns(input, n);
    const bool packDelta = !byRows(delta, out) && !byColumns(delta, n);
    const bool packWeights = !byRows(weights, out) && !byColumns(weights, in);
    const Size inputRoom = packInput ? n * in : 0;
    const Size deltaRoom = packDelta ? n * out : 0;
    T *memory = scratch().take<T>(inputRoom + deltaRoom + (packWeights ? in * out : 0) + out);
    if (memory == nullptr) {
        return OUT_OF_MEMORY;
    }
    if (packInput) {
        const Matrix<T> packed = {memory, in, 1};
        copy(input, packed, n, in);
        input = {memory, in, 1};
    }
    if (packDelta) {
        const Matrix<T> packed = {memory + inputRoom, out, 1};
        copy(delta, packed, n, out);
        delta = {memory + inputRoom, out, 1};
    }
    T *sums = memory + inputRoom + deltaRoom;
    if (bias != nullptr) {
        if (byRows(delta, out)) {
            std::fill(sums, sums + out, T(0));
            for (Size i = 0; i < n; i++) {
                for (Size k = 0; k < out; k++) {
                    sums[k] += delta.row(i)[k];
                }
            }
        } else {
            for (Size k = 0; k < out; k++) {
                sums[k] = sum(delta.data + k * delta.columnStride, n);
            }
        }
        for (Size k = 0; k < out; k++) {
            bias[k * biasStride] = sums[k];
        }
    }
    // A matrix stored by columns is its transpose stored by rows.
    const bool inputByRows = byRows(input, in);
    const bool deltaByRows = byRows(delta, out);
    const Size inputLine = inputByRows ? input.rowStride : input.columnStride;
    const Size deltaLine = deltaByRows ? delta.rowStride : delta.columnStride;
    if (!packWeights && byRows(weights, out)) {
        gemm(inputByRows, !deltaByRows, in, out, n, input.data, inputLine, delta.data, deltaLine, T(0), weights.data,
             weights.rowStride);
        return OK;
    }
    if (!packWeights) {
        gemm(deltaByRows, !inputByRows, out, in, n, delta.data, deltaLine, input.data, inputLine, T(0), weights.data,
             weights.columnStride);
        return OK;
    }
    T *packed = sums + out;
    gemm(inputByRows, !deltaByRows, in, out, n, input.data, inputLine, delta.data, deltaLine, T(0), packed, out);
    copy(Matrix<const T>{packed, out, 1}, weights, in, out);
    return OK;
}

// Images, and the patches of them that a convolution looks at: where to the output's positions are.
struct Geometry {
    Size channels;
    Size height;
    Size width;
    Size kernelHeight;
    Size kernelWidth;
    Size strideHeight;
    Size strideWidth;
    Size paddingTop;
    Size paddingLeft;
    Size dilationHeight;
    Size dilationWidth;
    Size outHeight;
    Size outWidth;

    inline Size patch() const { return channels * kernelHeight * kernelWidth; }
    inline Size positions() const { return outHeight * outWidth; }
    // Whether an image without gaps is its own matrix of patches.
    inline bool pointwise() const {
        return kernelHeight == 1 && kernelWidth == 1 && strideHeight == 1 && strideWidth == 1 && paddingTop == 0
            && paddingLeft == 0 && outHeight == height && outWidth == width;
    }
};

// Strides of a batch of images, in elements.
struct ImageStrides {
    Size sample;
    Size channel;
    Size row;
    Size column;
};

// One image's patches (patch x positions), zeros where a patch reaches beyond the image.
template <typename T>
inline void patches(const T *image, const ImageStrides &strides, const Geometry &g, T *out) {
    for (Size channel = 0; channel < g.channels; channel++) {
        for (Size ky = 0; ky < g.kernelHeight; ky++) {
            for (Size kx = 0; kx < g.kernelWidth; kx++) {
                const Size left = kx * g.dilationWidth - g.paddingLeft;
                // The output columns [from, to) look into the image.
                const Size from = std::min(g.outWidth, left >= 0 ? 0 : (-left + g.strideWidth - 1) / g.strideWidth);
                const Size inside = g.width - left;
                const Size to = std::max(
                    from, std::min(g.outWidth, inside <= 0 ? 0 : (inside + g.strideWidth - 1) / g.strideWidth));
                for (Size oy = 0; oy < g.outHeight; oy++) {
                    T *line = out + oy * g.outWidth;
                    const Size y = oy * g.strideHeight + ky * g.dilationHeight - g.paddingTop;
                    if (y < 0 || y >= g.height) {
                        std::fill(line, line + g.outWidth, T(0));
                        continue;
                    }
                    const T *row = image + channel * strides.channel + y * strides.row;
                    std::fill(line, line + from, T(0));
                    if (g.strideWidth == 1 && strides.column == 1 && from < to) {
                        std::memcpy(line + from, row + left + from, std::size_t(to - from) * sizeof(T));
                    } else {
                        for (Size ox = from; ox < to; ox++) {
                            line[ox] = row[(ox * g.strideWidth + left) * strides.column];
                        }
                    }
                    std::fill(line + to, line + g.outWidth, T(0));
                }
                out += g.positions();
            }
        }
    }
}

// The patches of one image: in `memory`, or the image itself where that is the same.
template <typename T>
inline const T *patchesOf(const T *image, const ImageStrides &strides, const Geometry &g, T *memory) {
    if (g.pointwise() && strides.column == 1 && strides.row == g.width && strides.channel == g.height * g.width) {
        return image;
    }
    patches(image, strides, g, memory);
    return memory;
}

// output (n x maps x positions) = the convolution of images by weights (maps x patch), plus bias (maps); bias may be
// null. One image at a time, so that its patches stay in the processor's cache.
template <typename T>
inline Status convolve(const T *images, const ImageStrides &strides, Size n, const Geometry &g,
                       const T *weights, const T *bias, Size maps, T *output) {
    T *memory = scratch().take<T>(g.patch() * g.positions());
    if (memory == nullptr) {
        return OUT_OF_MEMORY;
    }
    for (Size sample = 0; sample < n; sample++) {
        const T *columns = patchesOf(images + sample * strides.sample, strides, g, memory);
        T *out = output + sample * maps * g.positions();
        gemm(false, false, maps, g.positions(), g.patch(), weights, g.patch(), columns, g.positions(), T(0), out,
             g.positions());
        if (bias != nullptr) {
            for (Size map = 0; map < maps; map++) {
                T *values = out + map * g.positions();
                for (Size i = 0; i < g.positions(); i++) {
                    values[i] += bias[map];
                }
            }
        }
    }
    return OK;
}

// weights (maps x patch) = sum over the images of delta patches', bias (maps) = the sums of delta (n x maps x
// positions, without gaps); bias may be null.
template <typename T>
inline Status convolutionGradient(const T *images, const ImageStrides &strides, Size n, const Geometry &g,
                                  const T *delta, Size maps, T *weights, T *bias) {
    T *memory = scratch().take<T>(g.patch() * g.positions());
    if (memory == nullptr) {
        return OUT_OF_MEMORY;
    }
    if (bias != nullptr) {
        std::fill(bias, bias + maps, T(0));
    }
    for (Size sample = 0; sample < n; sample++) {
        const T *columns = patchesOf(images + sample * strides.sample, strides, g, memory);
        const T *own = delta + sample * maps * g.positions();
        gemm(false, true, maps, g.patch(), g.positions(), own, g.positions(), columns, g.positions(),
             T(sample == 0 ? 0 : 1), weights, g.patch());
        for (Size map = 0; map < maps && bias != nullptr; map++) {
            bias[map] += sum(own + map * g.positions(), g.positions());
        }
    }
    return OK;
}

// Values of several channels, (outer x channels x inner) without gaps. Feature maps are (samples x maps x positions),
// or (samples * positions x maps x 1) where channels come last.
struct Channels {
    Size outer;
    Size channels;
    Size inner;

    inline double count() const { return double(outer) * double(inner); }
    inline Size block(Size o, Size channel) const { return (o * channels + channel) * inner; }
};

// mean and variance (biased) of each channel. Channel by channel, so that the second pass finds the values in cache,
// unless that would jump from value to value.
template <typename T>
inline Status moments(const T *x, const Channels &g, T *mean, T *variance) {
    double *sums = scratch().take<double>(2 * g.channels);
    if (sums == nullptr) {
        return OUT_OF_MEMORY;
    }
    double *squares = sums + g.channels;
    std::fill(sums, squares + g.channels, 0.0);
    if (g.inner == 1) {
        for (Size o = 0; o < g.outer; o++) {
            const T *row = x + o * g.channels;
            for (Size c = 0; c < g.channels; c++) {
                sums[c] += double(row[c]);
            }
        }
        scale(sums, 1 / g.count(), g.channels);
        for (Size o = 0; o < g.outer; o++) {
            const T *row = x + o * g.channels;
            for (Size c = 0; c < g.channels; c++) {
                const double difference = double(row[c]) - sums[c];
                squares[c] += difference * difference;
            }
        }
    } else {
        for (Size c = 0; c < g.channels; c++) {
            for (Size o = 0; o < g.outer; o++) {
                sums[c] += longSum(x + g.block(o, c), g.inner);
            }
            sums[c] /= g.count();
            for (Size o = 0; o < g.outer; o++) {
                squares[c] += longSquares(x + g.block(o, c), sums[c], g.inner);
            }
        }
    }
    for (Size c = 0; c < g.channels; c++) {
        mean[c] = T(sums[c]);
        variance[c] = T(squares[c] / g.count());
    }
    return OK;
}

// out = gain (x - mean) / sqrt(variance + epsilon) + offset.
template <typename T>
inline Status standardize(const T *x, const Channels &g, const T *mean, const T *variance, double epsilon,
                          const T *gain, const T *offset, T *out) {
    T *factors = scratch().take<T>(g.channels);
    if (factors == nullptr) {
        return OUT_OF_MEMORY;
    }
    for (Size c = 0; c < g.channels; c++) {
        factors[c] = T(double(gain[c]) / std::sqrt(double(variance[c]) + epsilon));
    }
    for (Size o = 0; o < g.outer; o++) {
        if (g.inner == 1) {
            const T *from = x + o * g.channels;
            T *to = out + o * g.channels;
            for (Size c = 0; c < g.channels; c++) {
                to[c] = (from[c] - mean[c]) * factors[c] + offset[c];
            }
            continue;
        }
        for (Size c = 0; c < g.channels; c++) {
            const T *from = x + g.block(o, c);
            T *to = out + g.block(o, c);
            for (Size i = 0; i < g.inner; i++) {
                to[i] = (from[i] - mean[c]) * factors[c] + offset[c];
            }
        }
    }
    return OK;
}

// What a signal with respect to the result of `standardize` becomes for x, where mean and variance are those of x, and
// for gain and offset: derivative = gain r (s - mean(s) - r^2 (x - mean) mean(s (x - mean))), r = 1 / deviation.
template <typename T>
inline Status standardizeGradient(const T *x, const Channels &g, const T *mean, const T *variance,
                                  double epsilon, const T *gain, const T *signal, T *dGain, T *dOffset,
                                  T *derivative) {
    const Size bytes = Size(2 * sizeof(double) + 3 * sizeof(T)) * g.channels;
    char *memory = scratch().take<char>(bytes);
    if (memory == nullptr) {
        return OUT_OF_MEMORY;
    }
    double *sums = reinterpret_cast<double *>(memory);
    double *products = sums + g.channels;
    T *factors = reinterpret_cast<T *>(products + g.channels);
    T *shifts = factors + g.channels;
    T *slopes = shifts + g.channels;
    std::fill(sums, products + g.channels, 0.0);
    if (g.inner == 1) {
        for (Size o = 0; o < g.outer; o++) {
            const T *values = x + o * g.channels;
            const T *own = signal + o * g.channels;
            for (Size c = 0; c < g.channels; c++) {
                sums[c] += double(own[c]);
                products[c] += double(own[c]) * double(values[c] - mean[c]);
            }
        }
    }
    for (Size c = 0; c < g.channels; c++) {
        for (Size o = 0; o < g.outer && g.inner != 1; o++) {
            sums[c] += longSum(signal + g.block(o, c), g.inner);
            products[c] += longCentredDot(signal + g.block(o, c), x + g.block(o, c), mean[c], g.inner);
        }
        const double inverse = 1 / std::sqrt(double(variance[c]) + epsilon);
        dGain[c] = T(products[c] * inverse);
        dOffset[c] = T(sums[c]);
        factors[c] = T(double(gain[c]) * inverse);
        shifts[c] = T(sums[c] / g.count());
        slopes[c] = T(products[c] * inverse * inverse / g.count());
        for (Size o = 0; o < g.outer && g.inner != 1; o++) {
            const T *values = x + g.block(o, c);
            const T *own = signal + g.block(o, c);
            T *to = derivative + g.block(o, c);
            for (Size i = 0; i < g.inner; i++) {
                to[i] = factors[c] * (own[i] - shifts[c] - (values[i] - mean[c]) * slopes[c]);
            }
        }
    }
    for (Size o = 0; o < g.outer && g.inner == 1; o++) {
        const T *values = x + o * g.channels;
        const T *own = signal + o * g.channels;
        T *to = derivative + o * g.channels;
        for (Size c = 0; c < g.channels; c++) {
            to[c] = factors[c] * (own[c] - shifts[c] - (values[c] - mean[c]) * slopes[c]);
        }
    }
    return OK;
}

// ---------------------------------------------------------------------------------------------------------------------
// Entry points: `type` says what the addresses point at. All return a Status or what they say.
// ---------------------------------------------------------------------------------------------------------------------

// Whether all values are finite.
inline bool finite(int type, Address a, Size rowStride, Size columnStride, Size rows, Size columns) {
    return type == DOUBLE
        ? finite(Matrix<const double>{pointer<const double>(a), rowStride, columnStride}, rows, columns)
        : finite(Matrix<const float>{pointer<const float>(a), rowStride, columnStride}, rows, columns);
}

// Copies a strided matrix to contiguous rows.
inline void copyRows(int type, Address from, Size rowStride, Size columnStride, Size rows, Size columns,
                     Address to) {
    if (type == DOUBLE) {
        copy(Matrix<const double>{pointer<const double>(from), rowStride, columnStride},
             Matrix<double>{pointer<double>(to), columns, 1}, rows, columns);
    } else {
        copy(Matrix<const float>{pointer<const float>(from), rowStride, columnStride},
             Matrix<float>{pointer<float>(to), columns, 1}, rows, columns);
    }
}

// u (n x d) = the rows of a at mean 0 and variance 1; inverse (n) = 1 / sqrt(their variances + epsilon).
inline void normalize(int type, Address a, Size rowStride, Size columnStride, Size n, Size d, double epsilon,
                      Address u, Address inverse) {
    if (type == DOUBLE) {
        normalize(Matrix<const double>{pointer<const double>(a), rowStride, columnStride}, n, d, epsilon,
                  pointer<double>(u), pointer<double>(inverse));
    } else {
        normalize(Matrix<const float>{pointer<const float>(a), rowStride, columnStride}, n, d, epsilon,
                  pointer<float>(u), pointer<float>(inverse));
    }
}

// out = what dL/du (signal, n x d) becomes for the rows that were normalised.
inline int denormalize(int type, Address signal, Address u, Address inverse, Size n, Size d, Address out,
                       Size rowStride, Size columnStride) {
    return type == DOUBLE
        ? denormalize(pointer<const double>(signal), pointer<const double>(u), pointer<const double>(inverse), n, d,
                      Matrix<double>{pointer<double>(out), rowStride, columnStride})
        : denormalize(pointer<const float>(signal), pointer<const float>(u), pointer<const float>(inverse), n, d,
                      Matrix<float>{pointer<float>(out), rowStride, columnStride});
}

// k (n x n) = the same-label kernel of labels (n x c); OUT_OF_RANGE if a label is not in [0, 1].
inline int sameLabel(int type, Address labels, Size n, Size c, bool independent, Address k) {
    return type == DOUBLE ? sameLabel(pointer<const double>(labels), n, c, independent, pointer<double>(k))
                          : sameLabel(pointer<const float>(labels), n, c, independent, pointer<float>(k));
}

// Brings kept inner products of all rows (n x n, with rows of `line` values) up to date for the current samples.
inline int products(int type, Address rows, Size n, Size d, Size first, Size count, Address kept, Size line) {
    return type == DOUBLE
        ? products(Window<double>{pointer<const double>(rows), n, d, first, count}, pointer<double>(kept), line)
        : products(Window<float>{pointer<const float>(rows), n, d, first, count}, pointer<float>(kept), line);
}

// k (n x n) = a Gaussian kernel (a KernelType) of rows (n x d), whose inner products may be kept; 0 if they are not.
inline int gaussian(int type, Address rows, Size n, Size d, Address kept, Size line, int kernel, double sigma,
                    Address k) {
    return type == DOUBLE
        ? gaussian(pointer<const double>(rows), n, d, Kept<double>{pointer<const double>(kept), line},
                   KernelType(kernel), sigma, pointer<double>(k))
        : gaussian(pointer<const float>(rows), n, d, Kept<float>{pointer<const float>(kept), line},
                   KernelType(kernel), sigma, pointer<float>(k));
}

// out = H (a - factor b) H, n x n; b may be 0 for none.
inline int centre(int type, Address a, Address b, double factor, Size n, Address out) {
    return type == DOUBLE
        ? centre(pointer<const double>(a), pointer<const double>(b), factor, n, pointer<double>(out))
        : centre(pointer<const float>(a), pointer<const float>(b), factor, n, pointer<float>(out));
}

// out (n x n) = dL/dK of the published code's formula, from the balance (n x n).
inline void diagonalOnly(int type, Address balance, Size n, Address out) {
    if (type == DOUBLE) {
        diagonalOnly(pointer<const double>(balance), n, pointer<double>(out));
    } else {
        diagonalOnly(pointer<const float>(balance), n, pointer<float>(out));
    }
}

// signal (count x d) = factor * dL/du of the neighbourhood objective, added if asked; same (n x n) is the label kernel.
inline int neighbourhood(int type, Address rows, Size n, Size d, Size first, Size count, Address kept,
                         Size line, Address same, int kernel, double sigma, double factor, bool add,
                         Address signal) {
    return type == DOUBLE
        ? neighbourhood(Window<double>{pointer<const double>(rows), n, d, first, count},
                        Kept<double>{pointer<const double>(kept), line}, pointer<const double>(same),
                        KernelType(kernel), sigma, factor, add, pointer<double>(signal))
        : neighbourhood(Window<float>{pointer<const float>(rows), n, d, first, count},
                        Kept<float>{pointer<const float>(kept), line}, pointer<const float>(same),
                        KernelType(kernel), sigma, factor, add, pointer<float>(signal));
}

// signal (count x d) = factor * dL/du of an objective of centred kernels (a DependenceKind), added if asked.
inline int dependence(int type, Address rows, Size n, Size d, Size first, Size count, Address kept, Size line,
                      int kind, Address task, int kernel, double sigma, double gamma, double factor, bool add,
                      Address signal) {
    return type == DOUBLE
        ? dependence(Window<double>{pointer<const double>(rows), n, d, first, count},
                     Kept<double>{pointer<const double>(kept), line}, DependenceKind(kind),
                     pointer<const double>(task), KernelType(kernel), sigma, gamma, factor, add,
                     pointer<double>(signal))
        : dependence(Window<float>{pointer<const float>(rows), n, d, first, count},
                     Kept<float>{pointer<const float>(kept), line}, DependenceKind(kind),
                     pointer<const float>(task), KernelType(kernel), sigma, gamma, factor, add,
                     pointer<float>(signal));
}

// sizes and values (n x groups) of the groups of units of u (n x groups * m).
inline void group(int type, Address u, Size n, Size groups, Size m, Address sizes, Address values) {
    if (type == DOUBLE) {
        group(pointer<const double>(u), n, groups, m, pointer<double>(sizes), pointer<double>(values));
    } else {
        group(pointer<const float>(u), n, groups, m, pointer<float>(sizes), pointer<float>(values));
    }
}

// signal (count x groups * m) = what the gradient (count x groups) with respect to values becomes, added if asked.
inline void ungroup(int type, Address u, Size n, Size first, Size count, Size groups, Size m, Address sizes,
                    Address gradient, bool add, Address signal) {
    if (type == DOUBLE) {
        ungroup(Window<double>{pointer<const double>(u), n, groups * m, first, count}, groups, m,
                pointer<const double>(sizes), pointer<const double>(gradient), add, pointer<double>(signal));
    } else {
        ungroup(Window<float>{pointer<const float>(u), n, groups * m, first, count}, groups, m,
                pointer<const float>(sizes), pointer<const float>(gradient), add, pointer<float>(signal));
    }
}

// result (n x out, by columns) = input (n x in) weights (in x out) + bias (out); bias may be 0 for none.
inline int affine(int type, Address input, Size inputRows, Size inputColumns, Address weights, Size weightRows,
                  Size weightColumns, Address bias, Size biasStride, Size n, Size in, Size out, Address result,
                  Size resultColumns) {
    return type == DOUBLE
        ? affine(Matrix<const double>{pointer<const double>(input), inputRows, inputColumns},
                 Matrix<const double>{pointer<const double>(weights), weightRows, weightColumns},
                 pointer<const double>(bias), biasStride, n, in, out,
                 Matrix<double>{pointer<double>(result), 1, resultColumns})
        : affine(Matrix<const float>{pointer<const float>(input), inputRows, inputColumns},
                 Matrix<const float>{pointer<const float>(weights), weightRows, weightColumns},
                 pointer<const float>(bias), biasStride, n, in, out,
                 Matrix<float>{pointer<float>(result), 1, resultColumns});
}

// signal = signal where preActivation is above 0, and 0 elsewhere: two arrays of one order, without gaps.
inline void rectified(int type, Address preActivation, Size length, Address signal) {
    if (type == DOUBLE) {
        rectified(pointer<const double>(preActivation), length, pointer<double>(signal));
    } else {
        rectified(pointer<const float>(preActivation), length, pointer<float>(signal));
    }
}

// weights (in x out) = input' delta, bias (out) = the column sums of delta; bias may be 0 for none.
// out = max(a, 0).
inline void rectify(int type, Address a, Size length, Address out) {
    if (type == DOUBLE) {
        rectify(pointer<const double>(a), length, pointer<double>(out));
    } else {
        rectify(pointer<const float>(a), length, pointer<float>(out));
    }
}

inline int denseGradient(int type, Address input, Size inputRows, Size inputColumns, Address delta,
                         Size deltaRows, Size deltaColumns, Size n, Size in, Size out, Address weights,
                         Size weightRows, Size weightColumns, Address bias, Size biasStride) {
    return type == DOUBLE
        ? denseGradient(Matrix<const double>{pointer<const double>(input), inputRows, inputColumns},
                        Matrix<const double>{pointer<const double>(delta), deltaRows, deltaColumns}, n, in, out,
                        Matrix<double>{pointer<double>(weights), weightRows, weightColumns}, pointer<double>(bias),
                        biasStride)
        : denseGradient(Matrix<const float>{pointer<const float>(input), inputRows, inputColumns},
                        Matrix<const float>{pointer<const float>(delta), deltaRows, deltaColumns}, n, in, out,
                        Matrix<float>{pointer<float>(weights), weightRows, weightColumns}, pointer<float>(bias),
                        biasStride);
}

// output (n x maps x positions) = the convolution of images (any strides) by weights (maps x patch) and bias (maps),
// all without gaps; bias may be 0 for none.
inline int convolve(int type, Address images, Size sampleStride, Size channelStride, Size rowStride,
                    Size columnStride, Size n, Size channels, Size height, Size width, Size kernelHeight,
                    Size kernelWidth, Size strideHeight, Size strideWidth, Size paddingTop, Size paddingLeft,
                    Size dilationHeight, Size dilationWidth, Size outHeight, Size outWidth, Address weights,
                    Address bias, Size maps, Address output) {
    const ImageStrides strides = {sampleStride, channelStride, rowStride, columnStride};
    const Geometry g = {channels,       height,        width,      kernelHeight, kernelWidth,
                        strideHeight,   strideWidth,   paddingTop, paddingLeft,
                        dilationHeight, dilationWidth, outHeight,  outWidth};
    return type == DOUBLE
        ? convolve(pointer<const double>(images), strides, n, g, pointer<const double>(weights),
                   pointer<const double>(bias), maps, pointer<double>(output))
        : convolve(pointer<const float>(images), strides, n, g, pointer<const float>(weights),
                   pointer<const float>(bias), maps, pointer<float>(output));
}

// weights (maps x patch) and bias (maps) from images (any strides) and delta (n x maps x positions, without gaps); bias
// may be 0 for none.
inline int convolutionGradient(int type, Address images, Size sampleStride, Size channelStride, Size rowStride,
                               Size columnStride, Size n, Size channels, Size height, Size width,
                               Size kernelHeight, Size kernelWidth, Size strideHeight, Size strideWidth,
                               Size paddingTop, Size paddingLeft, Size dilationHeight, Size dilationWidth,
                               Size outHeight, Size outWidth, Address delta, Size maps, Address weights,
                               Address bias) {
    const ImageStrides strides = {sampleStride, channelStride, rowStride, columnStride};
    const Geometry g = {channels,       height,        width,      kernelHeight, kernelWidth,
                        strideHeight,   strideWidth,   paddingTop, paddingLeft,
                        dilationHeight, dilationWidth, outHeight,  outWidth};
    return type == DOUBLE
        ? convolutionGradient(pointer<const double>(images), strides, n, g, pointer<const double>(delta), maps,
                              pointer<double>(weights), pointer<double>(bias))
        : convolutionGradient(pointer<const float>(images), strides, n, g, pointer<const float>(delta), maps,
                              pointer<float>(weights), pointer<float>(bias));
}

// mean and variance (biased) of each channel of x (outer x channels x inner).
inline int moments(int type, Address x, Size outer, Size channels, Size inner, Address mean, Address variance) {
    const Channels g = {outer, channels, inner};
    return type == DOUBLE
        ? moments(pointer<const double>(x), g, pointer<double>(mean), pointer<double>(variance))
        : moments(pointer<const float>(x), g, pointer<float>(mean), pointer<float>(variance));
}

// out = gain (x - mean) / sqrt(variance + epsilon) + offset, for each channel.
inline int standardize(int type, Address x, Size outer, Size channels, Size inner, Address mean,
                       Address variance, double epsilon, Address gain, Address offset, Address out) {
    const Channels g = {outer, channels, inner};
    return type == DOUBLE
        ? standardize(pointer<const double>(x), g, pointer<const double>(mean), pointer<const double>(variance),
                      epsilon, pointer<const double>(gain), pointer<const double>(offset), pointer<double>(out))
        : standardize(pointer<const float>(x), g, pointer<const float>(mean), pointer<const float>(variance), epsilon,
                      pointer<const float>(gain), pointer<const float>(offset), pointer<float>(out));
}

// derivative, dGain and dOffset from the signal with respect to the result of `standardize`.
inline int standardizeGradient(int type, Address x, Size outer, Size channels, Size inner, Address mean,
                               Address variance, double epsilon, Address gain, Address signal, Address dGain,
                               Address dOffset, Address derivative) {
    const Channels g = {outer, channels, inner};
    return type == DOUBLE
        ? standardizeGradient(pointer<const double>(x), g, pointer<const double>(mean),
                              pointer<const double>(variance), epsilon, pointer<const double>(gain),
                              pointer<const double>(signal), pointer<double>(dGain), pointer<double>(dOffset),
                              pointer<double>(derivative))
        : standardizeGradient(pointer<const float>(x), g, pointer<const float>(mean), pointer<const float>(variance),
                              epsilon, pointer<const float>(gain), pointer<const float>(signal), pointer<float>(dGain),
                              pointer<float>(dOffset), pointer<float>(derivative));
}

// ---------------------------------------------------------------------------------------------------------------------
// How a layer learns: each neuron's gain, its readout, and the average of what its weights have been
// ---------------------------------------------------------------------------------------------------------------------

// Errors of n samples of d neurons, each at a number of places (1 for dense layers), at any strides.
template <typename T>
struct Errors {
    T *data;
    Size sampleStride;
    Size neuronStride;
    Size placeStride;
    Size n;
    Size d;
    Size places;

    inline T *of(Size sample, Size neuron) const { return data + sample * sampleStride + neuron * neuronStride; }
};

// The square of each neuron's errors, summed over samples and places: the inner loop runs along memory.
template <typename T>
inline void sumSquares(const Errors<T> &e, double *sums) {
    std::fill_n(sums, e.d, 0.0);
    if (e.places == 1 && e.neuronStride == 1) {
        for (Size i = 0; i < e.n; i++) {
            const T *row = e.of(i, 0);
#pragma omp simd
            for (Size j = 0; j < e.d; j++) {
                sums[j] += double(row[j]) * double(row[j]);
            }
        }
        return;
    }
    const bool samplesAreNear = e.places == 1;
    const Size inner = samplesAreNear ? e.n : e.places;
    const Size stride = samplesAreNear ? e.sampleStride : e.placeStride;
    for (Size i = 0; i < (samplesAreNear ? 1 : e.n); i++) {
        for (Size j = 0; j < e.d; j++) {
            const T *values = e.of(i, j);
            double total = 0;
            if (stride == 1) {
                total = longDot(values, values, inner);
            } else {
                for (Size k = 0; k < inner; k++) {
                    total += double(values[k * stride]) * double(values[k * stride]);
                }
            }
            sums[j] += total;
        }
    }
}

// Multiplies each neuron's errors by a factor of its own.
template <typename T>
inline void scaleNeurons(const Errors<T> &e, const T *factors) {
    if (e.places == 1 && e.neuronStride == 1) {
        for (Size i = 0; i < e.n; i++) {
            T *row = e.of(i, 0);
#pragma omp simd
            for (Size j = 0; j < e.d; j++) {
                row[j] *= factors[j];
            }
        }
        return;
    }
    const bool samplesAreNear = e.places == 1;
    const Size inner = samplesAreNear ? e.n : e.places;
    const Size stride = samplesAreNear ? e.sampleStride : e.placeStride;
    for (Size i = 0; i < (samplesAreNear ? 1 : e.n); i++) {
        for (Size j = 0; j < e.d; j++) {
            T *values = e.of(i, j);
            if (stride == 1) {
                scale(values, factors[j], inner);
            } else {
                for (Size k = 0; k < inner; k++) {
                    values[k * stride] *= factors[j];
                }
            }
        }
    }
}

// next (d) = kept squares + share (mean square of the errors); each neuron's errors are multiplied by
// factor / (r + floor (mean r)), r = sqrt(next correction). A neuron that was always silent stays so.
template <typename T>
inline Status gain(const Errors<T> &e, const T *squares, double kept, double share, double correction,
                   double floor, double factor, T *next) {
    double *sums = scratch().take<double>(2 * e.d);
    if (sums == nullptr) {
        return OUT_OF_MEMORY;
    }
    sumSquares(e, sums);
    const double count = double(e.n) * double(e.places);
    double mean = 0;
    for (Size j = 0; j < e.d; j++) {
        next[j] = T(kept * double(squares[j]) + share * (sums[j] / count));
        sums[j] = std::sqrt(double(next[j]) * correction);
        mean += sums[j];
    }
    mean /= double(e.d);
    T *factors = reinterpret_cast<T *>(sums + e.d);
    for (Size j = 0; j < e.d; j++) {
        const double divisor = sums[j] + floor * mean;
        factors[j] = divisor > 0 ? T(factor / divisor) : T(0);
    }
    scaleNeurons(e, factors);
    return OK;
}

enum Link : int { SOFTMAX = 0, LOGISTIC = 1, IDENTITY = 2 };

// What a readout makes of its sums (c of them), in place.
template <typename T>
inline void link(Link kind, T *q, Size c) {
    if (kind == SOFTMAX) {
        const T most = largest(q, c);
        T total = 0;
        for (Size j = 0; j < c; j++) {
            q[j] = expOfNegative(q[j] - most);
            total += q[j];
        }
        scale(q, 1 / total, c);
    } else if (kind == LOGISTIC) {
        for (Size j = 0; j < c; j++) {
            const T small = expOfNegative(-std::abs(q[j]));
            q[j] = (q[j] >= 0 ? T(1) : small) / (1 + small);
        }
    }
}

// A layer's own readout goes through a mini-batch in blocks: it predicts a block's labels, its errors sent back through
// its weights are the signal of that block, and it learns from them (normalised least mean squares) before it reads the
// next. v (c x d) and bias (c) change; signal (n x d) [+]= weight (p - y) v. Returns the sum of squared errors, or -1
// where there is no memory.
template <typename T>
inline double readout(const T *u, Size n, Size d, const T *y, Size c, Link kind, Size block, double rate,
                      double biasRate, double weight, bool add, T *v, T *bias, T *signal) {
    T *errors = scratch().take<T>(block * c);
    if (errors == nullptr) {
        return -1;
    }
    double squares = 0;
    for (Size from = 0; from < n; from += block) {
        const Size count = std::min(block, n - from);
        double length = 0;
        for (Size i = 0; i < count; i++) {
            const T *row = u + (from + i) * d;
            T *error = errors + i * c;
            for (Size j = 0; j < c; j++) {
                error[j] = bias[j] + dot(row, v + j * d, d);
            }
            link(kind, error, c);
            for (Size j = 0; j < c; j++) {
                error[j] -= y[(from + i) * c + j];
                squares += double(error[j]) * double(error[j]);
            }
            length += double(dot(row, row, d));
        }
        const double step = rate / std::max(length / double(count), double(d)) / double(count);
        if (!add) {
            std::fill_n(signal + from * d, count * d, T(0));
        }
        for (Size j = 0; j < c; j++) {
            T *own = v + j * d;
            double sum = 0;
            for (Size i = 0; i < count; i++) {
                const T error = errors[i * c + j];
                sum += double(error);
                const T forward = T(weight) * error;
                T *out = signal + (from + i) * d;
#pragma omp simd
                for (Size k = 0; k < d; k++) {
                    out[k] += forward * own[k];
                }
            }
            for (Size i = 0; i < count; i++) {
                const T back = T(-step) * errors[i * c + j];
                const T *row = u + (from + i) * d;
#pragma omp simd
                for (Size k = 0; k < d; k++) {
                    own[k] += back * row[k];
                }
            }
            bias[j] -= T(biasRate * sum / double(count));
        }
    }
    return squares;
}

// The sum of squares.
template <typename T>
inline double squares(const Matrix<const T> &a, Size rows, Size columns) {
    double total = 0;
    for (Size row = 0; row < rows; row++) {
        if (a.columnStride == 1) {
            total += longDot(a.row(row), a.row(row), columns);
        } else {
            for (Size column = 0; column < columns; column++) {
                total += double(a.at(row, column)) * double(a.at(row, column));
            }
        }
    }
    return total;
}

// The sum over the rows of a (n x d) of their biased variances.
template <typename T>
inline double variances(const Matrix<const T> &a, Size n, Size d) {
    double total = 0;
    for (Size i = 0; i < n; i++) {
        double mean = 0;
        for (Size k = 0; k < d; k++) {
            mean += double(a.at(i, k));
        }
        mean /= double(d);
        double variance = 0;
        for (Size k = 0; k < d; k++) {
            const double difference = double(a.at(i, k)) - mean;
            variance += difference * difference;
        }
        total += variance / double(d);
    }
    return total;
}

// One step of averaging: with t = deviation - rate gradient, gradient = -share t (what is subtracted from the average)
// and deviation = (1 - share) t.
template <typename T>
inline void average(T *gradient, T *deviation, Size length, double rate, double share) {
    const T r = T(rate);
    const T s = T(share);
    const T rest = T(1 - share);
#pragma omp simd
    for (Size i = 0; i < length; i++) {
        const T moved = deviation[i] - r * gradient[i];
        gradient[i] = -s * moved;
        deviation[i] = rest * moved;
    }
}

// out = a + factor b.
template <typename T>
inline void plusScaled(const T *a, const T *b, double factor, Size length, T *out) {
    const T f = T(factor);
#pragma omp simd
    for (Size i = 0; i < length; i++) {
        out[i] = a[i] + f * b[i];
    }
}

// A step of averaging.
struct Averaging {
    double rate;   // times what the gradient is scaled by
    double share;  // of the new point in the average
    double look;   // how far ahead of the average gradients are taken
};

// One step in one pass: with t = deviation - rate gradient, parameters += share t, deviation = (1 - share) t,
// ahead = parameters + look deviation.
template <typename T>
inline void advance(const T *gradient, const Averaging &step, Size length, T *parameters, T *deviation,
                    T *ahead) {
    const T r = T(step.rate);
    const T s = T(step.share);
    const T rest = T(1 - step.share);
    const T f = T(step.look);
#pragma omp simd
    for (Size i = 0; i < length; i++) {
        const T moved = deviation[i] - r * gradient[i];
        const T average = parameters[i] + s * moved;
        parameters[i] = average;
        deviation[i] = rest * moved;
        ahead[i] = average + f * (rest * moved);
    }
}

// A layer's parameters in one order: those that are an average, how far the moving point is from it, and where
// gradients are taken.
template <typename T>
struct Moving {
    T *parameters;
    T *deviation;
    T *ahead;
};

// Neurons whose gradient is formed at once: it stays in the cache until the parameters have moved by it.
constexpr Size NEURONS_AT_ONCE = 128;
constexpr Size FEW_ERRORS = 8;

// The step of a dense layer: `denseGradient` and `advance`, without an array for the gradient. Weights are stored by
// columns; the bias, whose gradient is multiplied by biasFactor, may be missing.
template <typename T>
inline Status advanceDense(Matrix<const T> input, const Matrix<const T> &errors, Size n, Size in, Size out,
                           double biasFactor, const Averaging &step, const Moving<T> &weights,
                           const Moving<T> &bias) {
    const bool few = n <= FEW_ERRORS;
    const bool packInput = !byRows(input, in) && (few || !byColumns(input, n));
    const Size inputRoom = packInput ? n * in : 0;
    T *memory = scratch().take<T>(inputRoom + NEURONS_AT_ONCE * (in + n) + out);
    if (memory == nullptr) {
        return OUT_OF_MEMORY;
    }
    if (packInput) {
        copy(input, Matrix<T>{memory, in, 1}, n, in);
        input = {memory, in, 1};
    }
    T *gradient = memory + inputRoom;
    T *own = gradient + NEURONS_AT_ONCE * in;
    T *sums = own + NEURONS_AT_ONCE * n;
    const bool inputByRows = byRows(input, in);
    for (Size from = 0; from < out; from += NEURONS_AT_ONCE) {
        const Size count = std::min(NEURONS_AT_ONCE, out - from);
        for (Size k = 0; k < count; k++) {
            T sum = 0;
            for (Size i = 0; i < n; i++) {
                own[k * n + i] = errors.at(i, from + k);
                sum += own[k * n + i];
            }
            sums[from + k] = T(biasFactor) * sum;
            if (few) {
                T *g = gradient + k * in;
                std::fill_n(g, in, T(0));
                for (Size i = 0; i < n; i++) {
                    const T error = own[k * n + i];
                    const T *x = input.row(i);
                    if (error != 0) {
#pragma omp simd
                        for (Size j = 0; j < in; j++) {
                            g[j] += error * x[j];
                        }
                    }
                }
            }
        }
        if (!few) {
            gemm(false, !inputByRows, count, in, n, own, n, input.data,
                 inputByRows ? input.rowStride : input.columnStride, T(0), gradient, in);
        }
        advance(gradient, step, count * in, weights.parameters + from * in, weights.deviation + from * in,
                weights.ahead + from * in);
    }
    if (bias.parameters != nullptr) {
        advance(sums, step, out, bias.parameters, bias.deviation, bias.ahead);
    }
    return OK;
}

// sums (n x c, by columns) become errors: what the link makes of each row, less the labels.
template <typename T>
inline Status deltaRule(Link kind, Size n, Size c, const Matrix<const T> &labels, const Matrix<T> &sums) {
    T *row = scratch().take<T>(c);
    if (row == nullptr) {
        return OUT_OF_MEMORY;
    }
    for (Size i = 0; i < n; i++) {
        for (Size j = 0; j < c; j++) {
            row[j] = sums.at(i, j);
        }
        link(kind, row, c);
        for (Size j = 0; j < c; j++) {
            sums.at(i, j) = row[j] - labels.at(i, j);
        }
    }
    return OK;
}

// next (d) = the neurons' running mean squares; errors (any strides) are divided by their roots.
inline int gain(int type, Address errors, Size sampleStride, Size neuronStride, Size placeStride, Size n, Size d,
                Size places, Address squares, double kept, double share, double correction, double floor,
                double factor, Address next) {
    return type == DOUBLE
        ? gain(Errors<double>{pointer<double>(errors), sampleStride, neuronStride, placeStride, n, d, places},
               pointer<const double>(squares), kept, share, correction, floor, factor, pointer<double>(next))
        : gain(Errors<float>{pointer<float>(errors), sampleStride, neuronStride, placeStride, n, d, places},
               pointer<const float>(squares), kept, share, correction, floor, factor, pointer<float>(next));
}

// signal (n x d) from a readout (v: c x d, bias: c) that learns block by block; the sum of its squared errors, or -1.
inline double readout(int type, Address u, Size n, Size d, Address y, Size c, int kind, Size block, double rate,
                      double biasRate, double weight, bool add, Address v, Address bias, Address signal) {
    return type == DOUBLE
        ? readout(pointer<const double>(u), n, d, pointer<const double>(y), c, Link(kind), block, rate, biasRate,
                  weight, add, pointer<double>(v), pointer<double>(bias), pointer<double>(signal))
        : readout(pointer<const float>(u), n, d, pointer<const float>(y), c, Link(kind), block, rate, biasRate, weight,
                  add, pointer<float>(v), pointer<float>(bias), pointer<float>(signal));
}

// The sum of squares of a matrix.
inline double squares(int type, Address a, Size rowStride, Size columnStride, Size rows, Size columns) {
    return type == DOUBLE
        ? squares(Matrix<const double>{pointer<const double>(a), rowStride, columnStride}, rows, columns)
        : squares(Matrix<const float>{pointer<const float>(a), rowStride, columnStride}, rows, columns);
}

// The sum of the biased variances of the rows of a matrix.
inline double variances(int type, Address a, Size rowStride, Size columnStride, Size n, Size d) {
    return type == DOUBLE
        ? variances(Matrix<const double>{pointer<const double>(a), rowStride, columnStride}, n, d)
        : variances(Matrix<const float>{pointer<const float>(a), rowStride, columnStride}, n, d);
}

// gradient and deviation after one step of averaging.
inline void average(int type, Address gradient, Address deviation, Size length, double rate, double share) {
    if (type == DOUBLE) {
        average(pointer<double>(gradient), pointer<double>(deviation), length, rate, share);
    } else {
        average(pointer<float>(gradient), pointer<float>(deviation), length, rate, share);
    }
}

// out = a + factor b.
inline void plusScaled(int type, Address a, Address b, double factor, Size length, Address out) {
    if (type == DOUBLE) {
        plusScaled(pointer<const double>(a), pointer<const double>(b), factor, length, pointer<double>(out));
    } else {
        plusScaled(pointer<const float>(a), pointer<const float>(b), factor, length, pointer<float>(out));
    }
}

// Weights (in x out, by columns) and bias after one step by the errors of n samples; a bias of 0 is none.
inline int advanceDense(int type, Address input, Size inputRows, Size inputColumns, Address errors,
                        Size errorRows, Size errorColumns, Size n, Size in, Size out, double biasFactor, double rate,
                        double share, double look, Address weights, Address weightDeviation,
                        Address weightsAhead, Address bias, Address biasDeviation, Address biasAhead) {
    const Averaging step{rate, share, look};
    return type == DOUBLE
        ? advanceDense(Matrix<const double>{pointer<const double>(input), inputRows, inputColumns},
                       Matrix<const double>{pointer<const double>(errors), errorRows, errorColumns}, n, in, out,
                       biasFactor, step,
                       Moving<double>{pointer<double>(weights), pointer<double>(weightDeviation),
                                      pointer<double>(weightsAhead)},
                       Moving<double>{pointer<double>(bias), pointer<double>(biasDeviation),
                                      pointer<double>(biasAhead)})
        : advanceDense(Matrix<const float>{pointer<const float>(input), inputRows, inputColumns},
                       Matrix<const float>{pointer<const float>(errors), errorRows, errorColumns}, n, in, out,
                       biasFactor, step,
                       Moving<float>{pointer<float>(weights), pointer<float>(weightDeviation),
                                     pointer<float>(weightsAhead)},
                       Moving<float>{pointer<float>(bias), pointer<float>(biasDeviation), pointer<float>(biasAhead)});
}

// Errors of the delta rule in place of sums (n x c, by columns).
inline int deltaRule(int type, int kind, Size n, Size c, Address labels, Size labelRows, Size labelColumns,
                     Address sums, Size sumColumns) {
    return type == DOUBLE
        ? deltaRule(Link(kind), n, c, Matrix<const double>{pointer<const double>(labels), labelRows, labelColumns},
                    Matrix<double>{pointer<double>(sums), 1, sumColumns})
        : deltaRule(Link(kind), n, c, Matrix<const float>{pointer<const float>(labels), labelRows, labelColumns},
                    Matrix<float>{pointer<float>(sums), 1, sumColumns});
}

// ---------------------------------------------------------------------------------------------------------------------
// Spiking neurons over time
// ---------------------------------------------------------------------------------------------------------------------

// How T time steps of n x d values lie in memory, by rows or by columns, as runs of values whose time steps are at one
// distance of each other: one run by rows, one for each neuron by columns.
struct Course {
    Size runs;
    Size length;
    Size toRun;
    Size toStep;

    static inline Course of(bool byRows, Size steps, Size n, Size d) {
        return byRows ? Course{1, n * d, n * d, n * d} : Course{d, n, steps * n, n};
    }

    // Of n x d values that are the same at each time step.
    static inline Course constant(bool byRows, Size n, Size d) {
        return byRows ? Course{1, n * d, n * d, 0} : Course{d, n, n, 0};
    }
};

// So many neurons go through time together that their membranes stay near.
constexpr Size TOGETHER = 512;

struct NeuronKind {
    double leak;
    double threshold;
    bool toZero;
    double steepness;
    double synapticDecay;
    std::int32_t refractorySteps;
    bool smooth;

    inline bool isExtended() const { return synapticDecay > 0 || refractorySteps > 0; }
};

// u = leak v + current; a spike where u > threshold; v = u - threshold or 0 after one. The slope is
// 1 / (1 + steepness |u - threshold|)^2, and what is carried is dv/du. Extended neurons have a synaptic current,
// i = synapticDecay i + current, in the current's place, and rest for some time steps after a spike: v stays, no spike,
// slope 0. The slope of a neuron that is awake is above 0.
template <typename T, bool toZero, bool smooth, bool extended>
inline void fire(const T *currents, const Course &in, Size steps, const Course &out, const NeuronKind &kind,
                 T *spikes, T *slopes, T *carried, T *meanSlope, const Course &each) {
    const T leak = T(kind.leak);
    const T threshold = T(kind.threshold);
    const T steepness = T(kind.steepness);
    const T decay = T(kind.synapticDecay);
    const std::int32_t refractory = kind.refractorySteps;
    T v[TOGETHER];
    T sums[TOGETHER];
    T synaptic[extended ? TOGETHER : 1];
    std::int32_t rest[extended ? TOGETHER : 1];
    for (Size run = 0; run < out.runs; run++) {
        for (Size from = 0; from < out.length; from += TOGETHER) {
            const Size count = std::min(TOGETHER, out.length - from);
            std::fill_n(v, count, T(0));
            std::fill_n(sums, count, T(0));
            if (extended) {
                std::fill_n(synaptic, count, T(0));
                std::fill_n(rest, count, 0);
            }
            for (Size step = 0; step < steps; step++) {
                const T *i = currents + run * in.toRun + step * in.toStep + from;
                const Size at = run * out.toRun + step * out.toStep + from;
                T *s = spikes + at;
                if (slopes == nullptr && carried == nullptr && meanSlope == nullptr && !smooth && !extended) {
#pragma omp simd
                    for (Size k = 0; k < count; k++) {
                        const T u = leak * v[k] + i[k];
                        const T spike = u > threshold ? T(1) : T(0);
                        s[k] = spike;
                        v[k] = toZero ? u * (1 - spike) : u - threshold * spike;
                    }
                    continue;
                }
                T slope[TOGETHER];
                T derivative[TOGETHER];
#pragma omp simd
                for (Size k = 0; k < count; k++) {
                    if (extended) {
                        synaptic[k] = decay * synaptic[k] + i[k];
                    }
                    const T u = leak * v[k] + (extended ? synaptic[k] : i[k]);
                    const T beyond = u - threshold;
                    const T root = 1 / (1 + steepness * std::abs(beyond));
                    const T spike = smooth ? root * beyond + T(0.5) : beyond > 0 ? T(1) : T(0);
                    const T after = toZero ? u * (1 - spike) : u - threshold * spike;
                    slope[k] = root * root;
                    derivative[k] = toZero ? (1 - spike) - u * slope[k] : 1 - threshold * slope[k];
                    if (extended) {
                        const bool awake = rest[k] == 0;
                        slope[k] = awake ? std::max(slope[k], T(std::numeric_limits<float>::min())) : T(0);
                        derivative[k] = awake ? derivative[k] : T(1);
                        s[k] = awake ? spike : T(0);
                        v[k] = awake ? after : v[k];
                        rest[k] = awake ? (beyond > 0 ? refractory : 0) : rest[k] - 1;
                    } else {
                        s[k] = spike;
                        v[k] = after;
                    }
                    sums[k] += slope[k];
                }
                if (slopes != nullptr) {
                    std::copy_n(slope, count, slopes + at);
                }
                if (carried != nullptr) {
                    std::copy_n(derivative, count, carried + at);
                }
            }
            if (meanSlope != nullptr) {
                T *mean = meanSlope + run * each.toRun + from;
                const T share = T(1) / T(steps);
#pragma omp simd
                for (Size k = 0; k < count; k++) {
                    mean[k] = sums[k] * share;
                }
            }
        }
    }
}

template <typename T, bool toZero, bool smooth>
inline void fire(const T *currents, const Course &in, Size steps, const Course &out, const NeuronKind &kind,
                 T *spikes, T *slopes, T *carried, T *meanSlope, const Course &each) {
    if (kind.isExtended()) {
        fire<T, toZero, smooth, true>(currents, in, steps, out, kind, spikes, slopes, carried, meanSlope, each);
    } else {
        fire<T, toZero, smooth, false>(currents, in, steps, out, kind, spikes, slopes, carried, meanSlope, each);
    }
}

template <typename T>
inline void fire(bool byRows, Size steps, Size n, Size d, const T *currents, bool constant,
                 const NeuronKind &kind, T *spikes, T *slopes, T *carried, T *meanSlope) {
    const Course out = Course::of(byRows, steps, n, d);
    const Course each = Course::constant(byRows, n, d);
    const Course in = constant ? each : out;
    if (kind.toZero) {
        if (kind.smooth) {
            fire<T, true, true>(currents, in, steps, out, kind, spikes, slopes, carried, meanSlope, each);
        } else {
            fire<T, true, false>(currents, in, steps, out, kind, spikes, slopes, carried, meanSlope, each);
        }
    } else if (kind.smooth) {
        fire<T, false, true>(currents, in, steps, out, kind, spikes, slopes, carried, meanSlope, each);
    } else {
        fire<T, false, false>(currents, in, steps, out, kind, spikes, slopes, carried, meanSlope, each);
    }
}

// d(t) = leak c(t) d(t+1) + factor e(t) g(t), from the last time step to the first, of the membrane, and
// delta(t) = synapticDecay delta(t+1) + d(t) of what comes in. Neurons that may rest do so where their slope is 0: d(t)
// is 0, and the error of the membrane after the time step is that before it. Without slopes these are 1, and nobody
// rests.
template <typename T, bool sloped>
inline void oneBack(Size count, const T *e, T f, const T *g, const T *c, T kept, T decay, bool refractory,
                    T *later, T *synaptic, T *delta) {
#pragma omp simd
    for (Size k = 0; k < count; k++) {
        const bool awake = !sloped || !refractory || g[k] != 0;
        const T own = (c == nullptr ? later[k] : c[k] * later[k]) + (sloped ? f * e[k] * g[k] : f * e[k]);
        later[k] = awake ? kept * own : later[k];
        synaptic[k] = decay * synaptic[k] + (awake ? own : T(0));
        delta[k] = synaptic[k];
    }
}

template <typename T>
inline void backInTime(bool byRows, Size steps, Size n, Size d, const T *errors, bool constant, double factor,
                       double leak, double synapticDecay, bool refractory, const T *slopes, const T *carried,
                       T *deltas) {
    const Course out = Course::of(byRows, steps, n, d);
    const Course in = constant ? Course::constant(byRows, n, d) : out;
    const T f = T(factor);
    const T kept = T(leak);
    const T decay = T(synapticDecay);
    T later[TOGETHER];
    T synaptic[TOGETHER];
    for (Size run = 0; run < out.runs; run++) {
        for (Size from = 0; from < out.length; from += TOGETHER) {
            const Size count = std::min(TOGETHER, out.length - from);
            // Of the membrane after a time step.
            std::fill_n(later, count, T(0));
            std::fill_n(synaptic, count, T(0));
            for (Size step = steps - 1; step >= 0; step--) {
                const T *e = errors + run * in.toRun + step * in.toStep + from;
                const Size at = run * out.toRun + step * out.toStep + from;
                const T *c = carried == nullptr ? nullptr : carried + at;
                if (slopes == nullptr) {
                    oneBack<T, false>(count, e, f, nullptr, c, kept, decay, refractory, later, synaptic, deltas + at);
                } else {
                    oneBack<T, true>(count, e, f, slopes + at, c, kept, decay, refractory, later, synaptic,
                                     deltas + at);
                }
            }
        }
    }
}

// sum (n x d) = the time steps of a series (steps n x d), each by its weight.
template <typename T>
inline void overTime(Size steps, Size n, Size d, const Matrix<const T> &series, const double *weights,
                     const Matrix<T> &sum) {
    const bool byRows = series.columnStride == 1 && sum.columnStride == 1;
    const bool byColumns = series.rowStride == 1 && sum.rowStride == 1;
    const Size outer = byRows ? n : d;
    const Size inner = byRows ? d : n;
    for (Size o = 0; o < outer; o++) {
        for (Size step = 0; step < steps; step++) {
            const T weight = T(weights[step]);
            if (byRows || byColumns) {
                const T *from = byRows ? series.row(step * n + o) : &series.at(step * n, o);
                T *to = byRows ? sum.row(o) : &sum.at(0, o);
                if (step == 0) {
#pragma omp simd
                    for (Size k = 0; k < inner; k++) {
                        to[k] = weight * from[k];
                    }
                } else {
#pragma omp simd
                    for (Size k = 0; k < inner; k++) {
                        to[k] += weight * from[k];
                    }
                }
            } else {
                for (Size k = 0; k < inner; k++) {
                    const T value = weight * series.at(step * n + k, o);
                    T &to = sum.at(k, o);
                    to = step == 0 ? value : to + value;
                }
            }
        }
    }
}

// spikes (steps n x d) of leaky integrate-and-fire neurons, with what else is not null.
inline void fire(int type, bool byRows, Size steps, Size n, Size d, Address currents, bool constant, double leak,
                 double threshold, bool toZero, double steepness, double synapticDecay, int refractorySteps,
                 bool smooth, Address spikes, Address slopes, Address carried, Address meanSlope) {
    const NeuronKind kind{leak, threshold, toZero, steepness, synapticDecay, refractorySteps, smooth};
    if (type == DOUBLE) {
        fire(byRows, steps, n, d, pointer<const double>(currents), constant, kind, pointer<double>(spikes),
             pointer<double>(slopes), pointer<double>(carried), pointer<double>(meanSlope));
    } else {
        fire(byRows, steps, n, d, pointer<const float>(currents), constant, kind, pointer<float>(spikes),
             pointer<float>(slopes), pointer<float>(carried), pointer<float>(meanSlope));
    }
}

// deltas (steps n x d) from errors and slopes.
inline void backInTime(int type, bool byRows, Size steps, Size n, Size d, Address errors, bool constant,
                       double factor, double leak, double synapticDecay, bool refractory, Address slopes,
                       Address carried, Address deltas) {
    if (type == DOUBLE) {
        backInTime(byRows, steps, n, d, pointer<const double>(errors), constant, factor, leak,
                   synapticDecay, refractory, pointer<const double>(slopes), pointer<const double>(carried),
                   pointer<double>(deltas));
    } else {
        backInTime(byRows, steps, n, d, pointer<const float>(errors), constant, factor, leak,
                   synapticDecay, refractory, pointer<const float>(slopes), pointer<const float>(carried),
                   pointer<float>(deltas));
    }
}

// sum (n x d) of the weighted time steps of a series.
inline void overTime(int type, Size steps, Size n, Size d, Address series, Size rowStride, Size columnStride,
                     Address weights, Address sum, Size sumRowStride, Size sumColumnStride) {
    if (type == DOUBLE) {
        overTime(steps, n, d, Matrix<const double>{pointer<const double>(series), rowStride, columnStride},
                 pointer<const double>(weights),
                 Matrix<double>{pointer<double>(sum), sumRowStride, sumColumnStride});
    } else {
        overTime(steps, n, d, Matrix<const float>{pointer<const float>(series), rowStride, columnStride},
                 pointer<const double>(weights),
                 Matrix<float>{pointer<float>(sum), sumRowStride, sumColumnStride});
    }
}

}  // namespace ibhebb::IBHEBB_PROCESSOR
