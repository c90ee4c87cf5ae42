// Layers of a streaming network that have time steps: spiking neurons, dense or of convolutions, what pools their
// spikes, and what makes rates of them. Sequences lie value by value, the time steps of one behind those of the one
// before, filled up with zeros to whole lanes: so many time steps are weighed at once, and what is silent in all of them
// is not visited. org.ibhebb.internal.stream.Timing is the same in Java.

namespace ibhebb::IBHEBB_PROCESSOR::stream {

constexpr Size LANES = 8;

// What a layer does in time, and how what spikes learns: the order is that of Timing.java.
enum InTime : int { NO_TIME = 0, FACTORISED = 1, RATES = 2, POOLS = 3, TRACE = 4, EXACT = 5, PER_STEP = 6 };

// What the rate that is seen at every time step keeps of the one before.
constexpr double KEPT = 0.5;

struct Timing {
    int kind;
    Size steps;
    bool series;  // what comes in has time steps; else it is a current that is the same at each of them
    NeuronKind neuron;
    bool normalized;  // rates are brought to mean 0 and variance 1
    double scale;           // of rates, or of means of what is pooled
    double ofConstant;      // the mean trace of an input that is always 1
    const double *weights;  // of time steps, and 0 behind them

    inline bool there() const { return kind != NO_TIME; }
    inline bool spikes() const { return kind == FACTORISED || resolvesTime(); }
    // Errors meet what comes in at each time step, and not the means over time of both.
    inline bool resolvesTime() const { return kind >= TRACE; }
    inline bool atEveryStep() const { return kind == PER_STEP; }
    inline Size room() const { return (steps + LANES - 1) / LANES * LANES; }
};

constexpr Size TIMING = 13;

// The order of these numbers is that of Timing.java; `all` are those of all layers, among which the weights lie.
inline Timing timingAt(const double *all, const double *a) {
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
    const Index *from;   // where among the values each of those lies: for a patch of an image elsewhere

    inline Size runs() const { return room / LANES; }
    inline const Index *of(Size run) const { return heard + run * (n + 1); }
    inline const Index *placesOf(Size run) const { return from + run * (n + 1); }
};

// Whether a value is not silent in a run of time steps.
template <typename T>
inline bool sounds(const T *lanes) {
    T sum = 0;
#pragma omp simd reduction(+ : sum)
    for (Size k = 0; k < LANES; k++) {
        sum += lanes[k] * lanes[k];
    }
    return sum != 0;
}

// Finds what is not silent; `heard` has room for n + 1 of each run.
template <typename T>
inline Train<T> train(const T *values, Size n, Size room, Index *heard) {
    for (Size run = 0; run < room / LANES; run++) {
        Index *found = heard + run * (n + 1);
        Size count = 0;
        for (Size i = 0; i < n; i++) {
            found[1 + count] = Index(i);
            count += sounds(values + i * room + run * LANES);
        }
        found[0] = Index(count);
    }
    return {values, n, room, heard, heard};
}

// What a place of feature maps hears of images in time; `heard` and `from` have room for a patch + 1 of each run.
template <typename T>
inline Train<T> patchInTime(const Maps &g, const Train<T> &image, Size place, Index *heard, Index *from) {
    const Window &w = g.convolution;
    const Size top = place / w.outWidth * w.strideHeight - w.top;
    const Size left = place % w.outWidth * w.strideWidth - w.left;
    const Size taps = g.patch();
    for (Size run = 0; run < image.runs(); run++) {
        Index *found = heard + run * (taps + 1);
        Index *at = from + run * (taps + 1);
        Size count = 0;
        for (Size tap = 0; tap < taps; tap++) {
            const Size row = top + tap / w.width % w.height;
            const Size column = left + tap % w.width;
            if (row < 0 || row >= w.inHeight || column < 0 || column >= w.inWidth) {
                continue;
            }
            const Size value = (tap / w.taps() * w.inHeight + row) * w.inWidth + column;
            found[1 + count] = Index(tap);
            at[1 + count] = Index(value);
            count += sounds(image.values + value * image.room + run * LANES);
        }
        found[0] = Index(count);
    }
    return {image.values, taps, image.room, heard, from};
}

// Pools images in time at each time step: means, times a factor, in which what lies outside is silent.
template <typename T>
inline void poolInTime(const Maps &g, const Train<T> &image, T factor, T *pooled) {
    const Window &w = g.pooling;
    const Size room = image.room;
    const T share = factor / T(w.taps());
    std::fill_n(pooled, g.maps * w.places() * room, T(0));
    for (Size out = 0; out < g.maps * w.places(); out++) {
        const T *plane = image.values + out / w.places() * w.inHeight * w.inWidth * room;
        const Size top = out % w.places() / w.outWidth * w.strideHeight - w.top;
        const Size left = out % w.outWidth * w.strideWidth - w.left;
        T *to = pooled + out * room;
        for (Size i = std::max(Size(0), top); i < std::min(w.inHeight, top + w.height); i++) {
            for (Size j = std::max(Size(0), left); j < std::min(w.inWidth, left + w.width); j++) {
                const T *lanes = plane + (i * w.inWidth + j) * room;
#pragma omp simd
                for (Size k = 0; k < room; k++) {
                    to[k] += lanes[k];
                }
            }
        }
#pragma omp simd
        for (Size k = 0; k < room; k++) {
            to[k] *= share;
        }
    }
}

// So many neurons at once, as they read the same spikes, in one run of time steps.
template <int NEURONS, typename T>
inline void hear(const Train<T> &p, Size run, const T *w, const T *bias, Size steps, Size width, Size stride,
                 T *currents) {
    T sums[NEURONS][LANES];
    for (int k = 0; k < NEURONS; k++) {
        for (Size lane = 0; lane < LANES; lane++) {
            sums[k][lane] = bias == nullptr ? T(0) : bias[k];
        }
    }
    const Index *heard = p.of(run);
    const Index *from = p.placesOf(run);
    for (Index i = 1; i <= heard[0]; i++) {
        const T *lanes = p.values + from[i] * p.room + run * LANES;
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
            currents[(run * LANES + lane) * width + k * stride] = sums[k][lane];
        }
    }
}

// currents (steps x width) = bias + W' p at each time step, of so many neurons, each `stride` behind the one before.
template <typename T>
inline void affineInTime(const Train<T> &p, const T *weights, const T *bias, Size steps, Size neurons,
                         Size width, Size stride, T *currents) {
    for (Size run = 0; run < p.runs(); run++) {
        Size j = 0;
        for (; j + 4 <= neurons; j += 4) {
            hear<4>(p, run, weights + j * p.n, bias == nullptr ? nullptr : bias + j, steps, width, stride,
                    currents + j * stride);
        }
        for (; j < neurons; j++) {
            hear<1>(p, run, weights + j * p.n, bias == nullptr ? nullptr : bias + j, steps, width, stride,
                    currents + j * stride);
        }
    }
}

// W -= factor sum p(t) delta(t)', b -= biasFactor sum delta(t), with deltas as the currents above.
template <typename T>
inline void updateInTime(const Train<T> &p, const T *deltas, Size steps, Size neurons, Size width, Size stride,
                         T factor, T biasFactor, T *weights, T *bias) {
    for (Size j = 0; j < neurons; j++) {
        T *w = weights + j * p.n;
        for (Size run = 0; run < p.runs(); run++) {
            T own[LANES] = {};
            T sum = 0;
            bool any = false;
            for (Size lane = 0; lane < std::min(LANES, steps - run * LANES); lane++) {
                const T delta = deltas[(run * LANES + lane) * width + j * stride];
                own[lane] = factor * delta;
                sum += delta;
                any |= delta != 0;
            }
            if (!any) {
                continue;
            }
            if (bias != nullptr) {
                bias[j] -= biasFactor * sum;
            }
            const Index *heard = p.of(run);
            const Index *from = p.placesOf(run);
            for (Index i = 1; i <= heard[0]; i++) {
                const T *lanes = p.values + from[i] * p.room + run * LANES;
                T met = 0;
#pragma omp simd reduction(+ : met)
                for (Size lane = 0; lane < LANES; lane++) {
                    met += own[lane] * lanes[lane];
                }
                w[heard[i]] -= met;
            }
        }
    }
}

// How often neurons have fired lately, in the place of their spikes (steps x n).
template <typename T>
inline void running(Size steps, Size n, T *spikes) {
    for (Size step = 0; step < steps; step++) {
        T *now = spikes + step * n;
        for (Size j = 0; j < n; j++) {
            now[j] = T(1 - KEPT) * now[j] + (step == 0 ? T(0) : T(KEPT) * now[j - n]);
        }
    }
}

// Sums over time (n) of a sequence, each time step by its weight.
template <typename T>
inline void overTime(const Train<T> &p, const double *weights, T *sums) {
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
inline void rates(const Timing &timing, const Train<T> &p, T *read) {
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
