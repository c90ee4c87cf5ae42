// Sums over the rows of a square matrix of which one row and one column change at a time, as the oldest sample of a
// working memory gives way to the newest. org.ibhebb.internal.stream.RowSums is the same in Java.

namespace ibhebb::IBHEBB_PROCESSOR::stream {

// Each row has its sum in parts, of about the root of its length: a column that changes costs one part of each row and
// not all of it. A sum is that of its parts, whatever they were before, so that it does not matter when they were
// formed: a network that is resumed forms them anew, and has the same bits.
class RowSums {
  public:
    static inline Size partLength(Size n) {
        Size length = 8;
        while (length * length < n) {
            length *= 2;
        }
        return length;
    }

    static inline Size partsOf(Size n) { return (n + partLength(n) - 1) / partLength(n); }

    // How many numbers the sums of n rows of n elements take.
    static inline Size numbers(Size n) { return 1 + n + n * partsOf(n); }

    inline RowSums(double *at, Size n)
        : length(partLength(n)), count(partsOf(n)), all(at), rows(at + 1), parts(at + 1 + n) {}

    inline double total() const { return *all; }
    inline double operator[](Size row) const { return rows[row]; }

    // Takes in that a row and a column have changed, or all of them. `sum(p, from, to)` is that of a part of row p.
    template <typename Sum>
    inline void refresh(Size changed, bool whole, Size filled, const Sum &sum) {
        const Size used = (filled + length - 1) / length;
        *all = 0;
        for (Size p = 0; p < filled; p++) {
            double *own = parts + p * count;
            const bool every = whole || p == changed;
            const Size last = every ? used : changed / length + 1;
            for (Size part = every ? 0 : changed / length; part < last; part++) {
                own[part] = sum(p, part * length, std::min(filled, (part + 1) * length));
            }
            rows[p] = longSum(own, used);
            *all += rows[p];
        }
    }

  private:
    Size length;
    Size count;
    double *all;
    double *rows;
    double *parts;
};

// What is summed: the elements of a matrix.
template <typename T>
struct Elements {
    const T *matrix;
    Size line;

    inline double operator()(Size p, Size from, Size to) const {
        return longSum(matrix + p * line + from, to - from);
    }
};

// Or the products of two matrices' elements, each less 1: centring takes that away again, and of kernels that are 1
// almost everywhere nothing is lost.
template <typename T>
struct Products {
    const T *first;
    const T *second;
    Size line;

    inline double operator()(Size p, Size from, Size to) const {
        const T *a = first + p * line;
        const T *b = second + p * line;
        double sum = 0;
#pragma omp simd reduction(+ : sum)
        for (Size q = from; q < to; q++) {
            sum += (double(a[q]) - 1) * (double(b[q]) - 1);
        }
        return sum;
    }
};

}  // namespace ibhebb::IBHEBB_PROCESSOR::stream
