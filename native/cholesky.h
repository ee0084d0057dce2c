// Solving a large symmetric system.
#pragma once
#include <cstddef>
#include <vector>

namespace spaceport {

// A symmetric matrix of which only the lower triangle counts, row by row. Rows are padded, so that kernels may write a few numbers behind a block.
struct SymmetricMatrix {
  int size = 0, stride = 0;
  std::vector<double> numbers;
  explicit SymmetricMatrix(int n) : size(n), stride((n + 11) / 4 * 4), numbers(std::size_t(n) * stride, 0) {}
  double* row(int i) { return &numbers[std::size_t(i) * stride]; }
};

// Solves a x = b in place, by Cholesky; false where `a` is not positive definite. Both are overwritten.
bool solve(SymmetricMatrix& a, std::vector<double>& b);

}  // namespace spaceport
