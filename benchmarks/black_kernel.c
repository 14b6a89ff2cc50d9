/* Price and five Greeks by the textbook formulas, for a compiler with vector exp, log and erfc (glibc's libmvec). */
#include <math.h>
#include <stdint.h>

void black(long n, const double *restrict F, const double *restrict K, const double *restrict T,
           const double *restrict R, const double *restrict S, const int8_t *restrict call, double *restrict price,
           double *restrict delta, double *restrict gamma, double *restrict vega, double *restrict theta,
           double *restrict rho) {
#pragma omp parallel for simd schedule(static)
  for (long i = 0; i < n; i++) {
    double sign = 2.0 * (double)call[i] - 1.0, t = T[i], s = S[i], root = sqrt(t), v = s * root;
    double d1 = log(F[i] / K[i]) / v + 0.5 * v, d2 = d1 - v, d = exp(-R[i] * t);
    double n1 = 0.5 * erfc(-sign * d1 * 0.70710678118654752440);
    double n2 = 0.5 * erfc(-sign * d2 * 0.70710678118654752440);
    double density = 0.39894228040143267794 * exp(-0.5 * d1 * d1);
    double p = d * sign * (F[i] * n1 - K[i] * n2), w = d * F[i] * density * root;
    price[i] = p;
    delta[i] = sign * d * n1;
    gamma[i] = d * density / (F[i] * v);
    vega[i] = w;
    theta[i] = R[i] * p - 0.5 * w * s / t;
    rho[i] = -t * p;
  }
}
