// Virtual calls, templates, vectors of 128 bits, atomic counters, saturating
// conversions and tail calls, without a library: what WebAssembly 2.0 and two
// proposals beyond it look like from C++. The command that makes the module, in
// this folder, with clang and lld 14:
//
//	clang++ -std=c++17 -O2 --target=wasm32 -nostdlib -ffreestanding -fno-exceptions -fno-rtti \
//	    -fvisibility=hidden -mcpu=bleeding-edge -mtail-call -mmultivalue -mreference-types \
//	    -Wl,--no-entry -Wl,--export-dynamic -Wl,--shared-memory -Wl,--import-memory \
//	    -Wl,--max-memory=1048576 -o ../shapes.wasm shapes.cpp
#include <stdint.h>
#include <wasm_simd128.h>

#define EXPORT extern "C" __attribute__((visibility("default")))

namespace {

struct Shape {
    virtual float area() const = 0;
    virtual float scaled(float by) const { return area() * by * by; }
};

struct Circle final : Shape {
    float radius;
    explicit Circle(float r) : radius(r) {}
    float area() const override { return 3.14159265f * radius * radius; }
};

struct Box final : Shape {
    float width, height;
    Box(float w, float h) : width(w), height(h) {}
    float area() const override { return width * height; }
    float scaled(float by) const override { return (width * by) * (height * by); }
};

template <typename T, int Rows, int Columns>
struct Matrix {
    T at[Rows][Columns];

    template <int Other>
    Matrix<T, Rows, Other> operator*(const Matrix<T, Columns, Other> &m) const {
        Matrix<T, Rows, Other> product = {};
        for (int r = 0; r < Rows; r++)
            for (int c = 0; c < Other; c++)
                for (int k = 0; k < Columns; k++) product.at[r][c] += at[r][k] * m.at[k][c];
        return product;
    }
};

Circle circle(2);
Box box(3, 4);
const Shape *const shapes[] = {&circle, &box};
int32_t calls;

// step passes the rest of the work on, with a tail call.
uint64_t step(uint64_t n, uint64_t steps);
uint64_t halve(uint64_t n, uint64_t steps) { [[clang::musttail]] return step(n / 2, steps + 1); }
uint64_t triple(uint64_t n, uint64_t steps) { [[clang::musttail]] return step(3 * n + 1, steps + 1); }
using Step = uint64_t (*)(uint64_t, uint64_t);
Step volatile next[] = {halve, triple};

uint64_t step(uint64_t n, uint64_t steps) {
    if (n <= 1) return steps;
    [[clang::musttail]] return next[n & 1](n, steps);
}

template <typename T>
T product_trace(int32_t seed) {
    Matrix<T, 4, 4> a, b;
    for (int r = 0; r < 4; r++)
        for (int c = 0; c < 4; c++) {
            a.at[r][c] = T(seed + r - c);
            b.at[r][c] = T(seed * c - r);
        }
    auto p = a * b;
    return p.at[0][0] + p.at[1][1] + p.at[2][2] + p.at[3][3];
}

}  // namespace

EXPORT float total_area(float scale) {
    __atomic_fetch_add(&calls, 1, __ATOMIC_SEQ_CST);
    float sum = 0;
    for (const Shape *s : shapes) sum += s->scaled(scale);
    return sum;
}

EXPORT int32_t call_count() { return __atomic_load_n(&calls, __ATOMIC_SEQ_CST); }

EXPORT bool reset_if(int32_t expected) {
    return __atomic_compare_exchange_n(&calls, &expected, 0, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}

EXPORT int32_t wait_for_call(int64_t nanoseconds) {
    return __builtin_wasm_memory_atomic_wait32(&calls, 0, nanoseconds);
}

EXPORT uint32_t wake() { return __builtin_wasm_memory_atomic_notify(&calls, 1); }

EXPORT uint64_t collatz(uint64_t n) { return step(n, 0); }

EXPORT int32_t trace_i32(int32_t seed) { return product_trace<int32_t>(seed); }
EXPORT float trace_f32(int32_t seed) { return product_trace<float>(seed); }
EXPORT double trace_f64(int32_t seed) { return product_trace<double>(seed); }

EXPORT int32_t saturate(double x) { return int32_t(x) + int8_t(int32_t(x)); }

EXPORT void blend(const uint8_t *from, uint8_t *to, int n, uint8_t weight) {
    v128_t w = wasm_u16x8_splat(weight), v = wasm_u16x8_splat(uint16_t(256 - weight));
    for (int i = 0; i + 16 <= n; i += 16) {
        v128_t a = wasm_v128_load(from + i), b = wasm_v128_load(to + i);
        v128_t low = wasm_i16x8_add(wasm_i16x8_mul(wasm_u16x8_extend_low_u8x16(a), w),
                                    wasm_i16x8_mul(wasm_u16x8_extend_low_u8x16(b), v));
        v128_t high = wasm_i16x8_add(wasm_i16x8_mul(wasm_u16x8_extend_high_u8x16(a), w),
                                     wasm_i16x8_mul(wasm_u16x8_extend_high_u8x16(b), v));
        wasm_v128_store(to + i, wasm_u8x16_narrow_i16x8(wasm_u16x8_shr(low, 8), wasm_u16x8_shr(high, 8)));
    }
}

EXPORT float dot(const float *a, const float *b, int n) {
    v128_t sum = wasm_f32x4_const(0, 0, 0, 0);
    for (int i = 0; i + 4 <= n; i += 4)
        sum = wasm_f32x4_add(sum, wasm_f32x4_mul(wasm_v128_load(a + i), wasm_v128_load(b + i)));
    sum = wasm_f32x4_add(sum, wasm_i32x4_shuffle(sum, sum, 2, 3, 0, 1));
    return wasm_f32x4_extract_lane(sum, 0) + wasm_f32x4_extract_lane(sum, 1);
}

EXPORT void copy(uint8_t *to, const uint8_t *from, uint32_t n) { __builtin_memmove(to, from, n); }
EXPORT void clear(uint8_t *at, uint32_t n) { __builtin_memset(at, 0, n); }
