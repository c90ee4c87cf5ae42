// Layers of a streaming network that have time steps: spiking neurons, and what makes rates of spikes. Sequences lie
// value by value, the time steps of one behind those of the one before, filled up with zeros to whole lanes: so many
// time steps are weighed at once, and what is silent in all of them is not visited. org.ibhebb.internal.stream.Timing is
// the same in Java.

namespace ibhebb::IBHEBB_PROCESSOR::stream {

using Index = std::int32_t;

constexpr Size LANES = 8;

// What a layer does in time; `kind` is 0 for one that knows none.
struct Timing {
    int kind;
    Size steps;
    bool series;  // what comes in has time steps; else it is a current that is the same at each of them
    NeuronKind neuron;
    bool normalized;  // rates are brought to mean 0 and variance 1
    double scale;
    double ofConstant;      // the mean trace of an input that is always 1
    const double *weights;  // of time steps, and 0 behind them

    IBHEBB_INLINE bool there() const { return kind != 0; }
    IBHEBB_INLINE bool spikes() const { return kind == 1; }
    IBHEBB_INLINE Size room() const { return (steps + LANES - 1) / LANES * LANES; }
};

constexpr Size TIMING = 13;

// The order of these numbers is that of Timing.java; `all` are those of all layers, among which the weights lie.
IBHEBB_INLINE Timing timingAt(const double *all, const double *a) {
    return {int(a[0]), Size(a[1]), a[2] != 0,
            {a[3], a[4], a[5] != 0, a[6], a[7], std::int32_t(a[8]), false},
            a[9] != 0, a[10], a[11], all + Size(a[12])};
}

// A sequence of n values, and for each run of LANES time steps which values are not silent in it.
template <typename T>
struct Train {
    const T *values;
    Size n;
    Size room;          // time steps of a value, zeros at the end included
    const Index *heard;  // for each run how many there are, and which

    IBHEBB_INLINE Size runs() const { return room / LANES; }
    IBHEBB_INLINE const Index *of(Size run) const { return heard + run * (n + 1); }
};

// Finds what is not silent; `heard` has room for n + 1 of each run.
template <typename T>
IBHEBB_INLINE Train<T> train(const T *values, Size n, Size room, Index *heard) {
    for (Size run = 0; run < room / LANES; run++) {
        Index *found = heard + run * (n + 1);
        Size count = 0;
        for (Size i = 0; i < n; i++) {
            const T *lanes = values + i * room + run * LANES;
            T sum = 0;
#pragma omp simd reduction(+ : sum)
            for (Size k = 0; k < LANES; k++) {
                sum += lanes[k] * lanes[k];
            }
            found[1 + count] = Index(i);
            count += sum != 0;
        }
        found[0] = Index(count);
    }
    return {values, n, room, heard};
}

// So many neurons at once, as they read the same spikes, in one run of time steps.
template <int NEURONS, typename T>
IBHEBB_INLINE void hear(const Train<T> &p, Size run, const T *w, const T *bias, Size steps, Size out, T *currents) {
    T sums[NEURONS][LANES];
    for (int k = 0; k < NEURONS; k++) {
        for (Size lane = 0; lane < LANES; lane++) {
            sums[k][lane] = bias == nullptr ? T(0) : bias[k];
        }
    }
    const Index *heard = p.of(run);
    for (Index i = 1; i <= heard[0]; i++) {
        const T *lanes = p.values + heard[i] * p.room + run * LANES;
        for (int k = 0; k < NEURONS; k++) {
            const T weight = w[k * p.n + heard[i]];
#pragma omp simd
            for (Size lane = 0; lane < LANES; lane++) {
                sums[k][lane] += weight * lanes[lane];
            }
        }
    }
    for (Size lane = 0; lane < std::min(LANES, steps - run * LANES); lane++) {
        for (int k = 0; k < NEURONS; k++) {
            currents[(run * LANES + lane) * out + k] = sums[k][lane];
        }
    }
}

// currents (steps x out) = bias + W' p at each time step.
template <typename T>
IBHEBB_INLINE void affineInTime(const Train<T> &p, const T *weights, const T *bias, Size steps, Size out, T *currents) {
    for (Size run = 0; run < p.runs(); run++) {
        Size j = 0;
        for (; j + 4 <= out; j += 4) {
            hear<4>(p, run, weights + j * p.n, bias == nullptr ? nullptr : bias + j, steps, out, currents + j);
        }
        for (; j < out; j++) {
            hear<1>(p, run, weights + j * p.n, bias == nullptr ? nullptr : bias + j, steps, out, currents + j);
        }
    }
}

// Sums over time (n) of a sequence, each time step by its weight.
template <typename T>
IBHEBB_INLINE void overTime(const Train<T> &p, const double *weights, T *sums) {
    std::fill_n(sums, p.n, T(0));
    for (Size run = 0; run < p.runs(); run++) {
        T lanes[LANES];
        for (Size k = 0; k < LANES; k++) {
            lanes[k] = T(weights[run * LANES + k]);
        }
        const Index *heard = p.of(run);
        for (Index i = 1; i <= heard[0]; i++) {
            const T *values = p.values + heard[i] * p.room + run * LANES;
            T sum = 0;
#pragma omp simd reduction(+ : sum)
            for (Size k = 0; k < LANES; k++) {
                sum += lanes[k] * values[k];
            }
            sums[heard[i]] += sum;
        }
    }
}

// What is read of spikes.
template <typename T>
IBHEBB_INLINE void rates(const Timing &timing, const Train<T> &p, T *read) {
    overTime(p, timing.weights, read);
    if (!timing.normalized) {
        for (Size j = 0; j < p.n; j++) {
            read[j] *= T(timing.scale);
        }
        return;
    }
    T mean = 0;
    for (Size j = 0; j < p.n; j++) {
        mean += read[j];
    }
    mean /= T(p.n);
    T variance = 0;
    for (Size j = 0; j < p.n; j++) {
        const T difference = read[j] - mean;
        variance += difference * difference;
    }
    const T inverse = T(1 / std::sqrt(double(variance) / double(p.n) + 1e-5));
    for (Size j = 0; j < p.n; j++) {
        read[j] = inverse * (read[j] - mean);
    }
}

}  // namespace ibhebb::IBHEBB_PROCESSOR::stream
