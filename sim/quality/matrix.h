// Matrices of the training experiment: fp32, row by row.
#pragma once

#include <Eigen/Core>

namespace headroom::quality {

using Index = Eigen::Index;
using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Vector = Eigen::VectorXf;

}  // namespace headroom::quality
