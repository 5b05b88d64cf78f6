// A hash table, three sorts, SHA-256 and an inflater, without a C library. They
// are here for what clang makes of them. The command that makes the module, in
// this folder, with clang and lld 14:
//
//	clang -O2 --target=wasm32 -nostdlib -ffreestanding -fvisibility=hidden \
//	    -Wl,--no-entry -Wl,--export-dynamic -o ../algorithms.wasm algorithms.c
#include <stddef.h>
#include <stdint.h>

#define EXPORT __attribute__((visibility("default")))

// The heap is what lies behind the data; it is never given back.
extern unsigned char __heap_base;
static uintptr_t heap;

static void *allocate(size_t size) {
    if (heap == 0) heap = (uintptr_t)&__heap_base;
    uintptr_t at = (heap + 15) & ~(uintptr_t)15;
    size_t end = at + size, have = __builtin_wasm_memory_size(0) * 65536;
    if (end > have && __builtin_wasm_memory_grow(0, (end - have + 65535) / 65536) == (size_t)-1)
        return NULL;
    heap = end;
    return (void *)at;
}

EXPORT void *input(size_t size) { return allocate(size); }

void *memset(void *to, int byte, size_t n) {
    unsigned char *p = to;
    while (n--) *p++ = (unsigned char)byte;
    return to;
}

void *memcpy(void *to, const void *from, size_t n) {
    unsigned char *p = to;
    const unsigned char *q = from;
    while (n--) *p++ = *q++;
    return to;
}

// ---- A hash table with open addressing and Robin Hood probing.

typedef struct { uint64_t key, value; uint32_t distance; } Slot;
typedef struct { Slot *slots; uint32_t mask, used; } Table;

static uint64_t mix(uint64_t x) {
    x ^= x >> 33; x *= 0xff51afd7ed558ccdULL;
    x ^= x >> 33; x *= 0xc4ceb9fe1a85ec53ULL;
    return x ^ (x >> 33);
}

EXPORT Table *table_new(uint32_t log2_size) {
    if (log2_size > 20) __builtin_trap();
    Table *t = allocate(sizeof *t);
    uint32_t n = 1u << log2_size;
    t->slots = allocate(n * sizeof *t->slots);
    memset(t->slots, 0, n * sizeof *t->slots);
    t->mask = n - 1;
    t->used = 0;
    return t;
}

EXPORT int table_put(Table *t, uint64_t key, uint64_t value) {
    if (t->used > t->mask - t->mask / 8) return 0;
    Slot in = {key, value, 1};
    for (uint32_t i = (uint32_t)mix(key) & t->mask;; i = (i + 1) & t->mask, in.distance++) {
        Slot *s = &t->slots[i];
        if (s->distance == 0) { *s = in; t->used++; return 1; }
        if (s->key == in.key) { s->value = in.value; return 1; }
        if (s->distance < in.distance) { Slot out = *s; *s = in; in = out; }
    }
}

EXPORT int table_get(const Table *t, uint64_t key, uint64_t *value) {
    uint32_t d = 1;
    for (uint32_t i = (uint32_t)mix(key) & t->mask; t->slots[i].distance >= d; i = (i + 1) & t->mask, d++)
        if (t->slots[i].key == key) { *value = t->slots[i].value; return 1; }
    return 0;
}

// ---- Sorting, through a comparison that the caller chooses.

typedef int (*Less)(double, double);
static int ascending(double a, double b) { return a < b; }
static int descending(double a, double b) { return a > b; }
static int by_magnitude(double a, double b) { return __builtin_fabs(a) < __builtin_fabs(b); }
static const Less orders[] = {ascending, descending, by_magnitude};

static void insertion_sort(double *v, int n, Less less) {
    for (int i = 1; i < n; i++) {
        double x = v[i];
        int j = i;
        for (; j > 0 && less(x, v[j - 1]); j--) v[j] = v[j - 1];
        v[j] = x;
    }
}

static void sift(double *v, int root, int n, Less less) {
    for (int child; (child = 2 * root + 1) < n; root = child) {
        if (child + 1 < n && less(v[child], v[child + 1])) child++;
        if (!less(v[root], v[child])) return;
        double t = v[root]; v[root] = v[child]; v[child] = t;
    }
}

static void heap_sort(double *v, int n, Less less) {
    for (int i = n / 2 - 1; i >= 0; i--) sift(v, i, n, less);
    for (int i = n - 1; i > 0; i--) {
        double t = v[0]; v[0] = v[i]; v[i] = t;
        sift(v, 0, i, less);
    }
}

static void quick_sort(double *v, int n, int depth, Less less) {
    while (n > 16) {
        if (depth-- == 0) { heap_sort(v, n, less); return; }
        double a = v[0], b = v[n / 2], c = v[n - 1];
        double pivot = less(a, b) ? (less(b, c) ? b : less(a, c) ? c : a) : (less(a, c) ? a : less(b, c) ? c : b);
        int i = -1, j = n;
        for (;;) {
            do i++; while (less(v[i], pivot));
            do j--; while (less(pivot, v[j]));
            if (i >= j) break;
            double t = v[i]; v[i] = v[j]; v[j] = t;
        }
        quick_sort(v, j + 1, depth, less);
        v += j + 1; n -= j + 1;
    }
    insertion_sort(v, n, less);
}

EXPORT int sort(double *v, int n, unsigned order) {
    if (n < 0 || order >= sizeof orders / sizeof *orders) return 0;
    int depth = 0;
    for (int m = n; m > 0; m >>= 1) depth += 2;
    quick_sort(v, n, depth, orders[order]);
    return 1;
}

// ---- SHA-256 (FIPS 180-4). The constants are the first bits of the fractional
// parts of roots of primes, and so are computed.

static uint32_t round_constants[64], initial[8];

static uint32_t fraction(double x) { return (uint32_t)(uint64_t)((x - (double)(uint64_t)x) * 4294967296.0); }

static double cube_root(double x) {
    double r = x / 3;
    for (int i = 0; i < 64; i++) r = (2 * r + x / (r * r)) / 3;
    return r;
}

static void sha256_constants(void) {
    if (initial[0]) return;
    for (int n = 2, found = 0; found < 64; n++) {
        int prime = 1;
        for (int d = 2; d * d <= n; d++)
            if (n % d == 0) { prime = 0; break; }
        if (!prime) continue;
        if (found < 8) initial[found] = fraction(__builtin_sqrt(n));
        round_constants[found++] = fraction(cube_root(n));
    }
}

static uint32_t rotate(uint32_t x, int n) { return x >> n | x << (32 - n); }

static void sha256_block(uint32_t h[8], const uint8_t *p) {
    uint32_t w[64], s[8];
    for (int i = 0; i < 16; i++)
        w[i] = (uint32_t)p[4 * i] << 24 | p[4 * i + 1] << 16 | p[4 * i + 2] << 8 | p[4 * i + 3];
    for (int i = 16; i < 64; i++) {
        uint32_t a = w[i - 15], b = w[i - 2];
        w[i] = w[i - 16] + (rotate(a, 7) ^ rotate(a, 18) ^ a >> 3) + w[i - 7] + (rotate(b, 17) ^ rotate(b, 19) ^ b >> 10);
    }
    memcpy(s, h, sizeof s);
    for (int i = 0; i < 64; i++) {
        uint32_t e = s[4], a = s[0];
        uint32_t t1 = s[7] + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + ((e & s[5]) ^ (~e & s[6])) + round_constants[i] + w[i];
        uint32_t t2 = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & s[1]) ^ (a & s[2]) ^ (s[1] & s[2]));
        for (int j = 7; j > 0; j--) s[j] = s[j - 1];
        s[4] += t1;
        s[0] = t1 + t2;
    }
    for (int i = 0; i < 8; i++) h[i] += s[i];
}

EXPORT void sha256(const uint8_t *data, uint32_t n, uint8_t out[32]) {
    uint32_t h[8];
    uint8_t last[128];
    sha256_constants();
    memcpy(h, initial, sizeof h);
    uint32_t i = 0;
    for (; n - i >= 64; i += 64) sha256_block(h, data + i);
    memset(last, 0, sizeof last);
    memcpy(last, data + i, n - i);
    last[n - i] = 0x80;
    int blocks = n - i < 56 ? 1 : 2;
    for (int b = 0; b < 8; b++) last[64 * blocks - 1 - b] = (uint8_t)(((uint64_t)n * 8) >> (8 * b));
    for (int b = 0; b < blocks; b++) sha256_block(h, last + 64 * b);
    for (int b = 0; b < 32; b++) out[b] = (uint8_t)(h[b / 4] >> (24 - 8 * (b % 4)));
}

// ---- Inflate (RFC 1951).

typedef struct {
    const uint8_t *in; uint32_t in_size, in_pos, bits; int count;
    uint8_t *out; uint32_t out_size, out_pos; int failed;
} Inflate;

typedef struct { uint16_t count[16], symbol[288]; } Huffman;

static uint32_t take(Inflate *z, int n) {
    while (z->count < n) {
        if (z->in_pos == z->in_size) { z->failed = 1; return 0; }
        z->bits |= (uint32_t)z->in[z->in_pos++] << z->count;
        z->count += 8;
    }
    uint32_t v = z->bits & ((1u << n) - 1);
    z->bits >>= n;
    z->count -= n;
    return v;
}

static void huffman(Huffman *h, const uint8_t *lengths, int n) {
    uint16_t at[16];
    memset(h, 0, sizeof *h);
    for (int i = 0; i < n; i++) h->count[lengths[i]]++;
    h->count[0] = 0;
    at[0] = at[1] = 0;
    for (int i = 1; i < 15; i++) at[i + 1] = at[i] + h->count[i];
    for (int i = 0; i < n; i++)
        if (lengths[i]) h->symbol[at[lengths[i]]++] = (uint16_t)i;
}

static int decode(Inflate *z, const Huffman *h) {
    int code = 0, first = 0, index = 0;
    for (int length = 1; length < 16; length++) {
        code |= (int)take(z, 1);
        if (z->failed) return -1;
        int n = h->count[length];
        if (code - n < first) return h->symbol[index + code - first];
        index += n;
        first = (first + n) << 1;
        code <<= 1;
    }
    z->failed = 1;
    return -1;
}

static void put(Inflate *z, uint8_t byte) {
    if (z->out_pos == z->out_size) z->failed = 1;
    else z->out[z->out_pos++] = byte;
}

static void stored(Inflate *z) {
    z->bits = 0;
    z->count = 0;
    uint32_t n = take(z, 16), check = take(z, 16);
    if (n != (~check & 0xffff)) z->failed = 1;
    while (n-- && !z->failed) put(z, (uint8_t)take(z, 8));
}

static void compressed(Inflate *z, const Huffman *literals, const Huffman *distances) {
    while (!z->failed) {
        int symbol = decode(z, literals);
        if (symbol == 256) return;
        if (symbol < 256) { if (!z->failed) put(z, (uint8_t)symbol); continue; }
        symbol -= 257;
        if (symbol > 28) { z->failed = 1; return; }
        uint32_t length;
        if (symbol < 8) length = 3 + (uint32_t)symbol;
        else if (symbol == 28) length = 258;
        else { int extra = symbol / 4 - 1; length = 3 + ((4u + symbol % 4) << extra) + take(z, extra); }
        int d = decode(z, distances);
        if (d < 0 || d > 29) { z->failed = 1; return; }
        int extra = d < 4 ? 0 : d / 2 - 1;
        uint32_t distance = d < 4 ? 1u + (uint32_t)d : 1 + ((2u + d % 2) << extra) + take(z, extra);
        if (distance > z->out_pos) { z->failed = 1; return; }
        while (length-- && !z->failed) put(z, z->out[z->out_pos - distance]);
    }
}

static void fixed(Inflate *z) {
    uint8_t lengths[288];
    Huffman literals, distances;
    for (int i = 0; i < 288; i++) lengths[i] = i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8;
    huffman(&literals, lengths, 288);
    memset(lengths, 5, 30);
    huffman(&distances, lengths, 30);
    compressed(z, &literals, &distances);
}

static void dynamic(Inflate *z) {
    static const uint8_t order[19] = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};
    uint8_t lengths[320];
    Huffman literals, distances;
    int nl = (int)take(z, 5) + 257, nd = (int)take(z, 5) + 1, nc = (int)take(z, 4) + 4;
    if (nl > 286 || nd > 30) { z->failed = 1; return; }
    memset(lengths, 0, sizeof lengths);
    for (int i = 0; i < nc; i++) lengths[order[i]] = (uint8_t)take(z, 3);
    huffman(&literals, lengths, 19);
    memset(lengths, 0, sizeof lengths);
    for (int i = 0; i < nl + nd && !z->failed;) {
        int symbol = decode(z, &literals);
        if (symbol < 16) { if (symbol >= 0) lengths[i++] = (uint8_t)symbol; continue; }
        uint8_t value = 0;
        int repeat;
        switch (symbol) {
        case 16: if (i == 0) { z->failed = 1; return; } value = lengths[i - 1]; repeat = 3 + (int)take(z, 2); break;
        case 17: repeat = 3 + (int)take(z, 3); break;
        default: repeat = 11 + (int)take(z, 7);
        }
        if (i + repeat > nl + nd) { z->failed = 1; return; }
        while (repeat--) lengths[i++] = value;
    }
    if (z->failed) return;
    huffman(&literals, lengths, nl);
    huffman(&distances, lengths + nl, nd);
    compressed(z, &literals, &distances);
}

EXPORT int inflate(const uint8_t *in, uint32_t in_size, uint8_t *out, uint32_t out_size) {
    Inflate z = {in, in_size, 0, 0, 0, out, out_size, 0, 0};
    for (uint32_t last = 0; !last && !z.failed;) {
        last = take(&z, 1);
        switch (take(&z, 2)) {
        case 0: stored(&z); break;
        case 1: fixed(&z); break;
        case 2: dynamic(&z); break;
        default: z.failed = 1;
        }
    }
    return z.failed ? -1 : (int)z.out_pos;
}
