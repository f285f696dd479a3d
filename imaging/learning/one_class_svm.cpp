#include "imaging/learning/one_class_svm.h"

#include <memory>
#include <string>

#include <libsvm/svm.h>

namespace bloch::imaging {
namespace {

/// libsvm's form of a precomputed kernel: node 0 holds the row's number from 1, node j the value with sample j.
std::vector<std::vector<svm_node>> precomputed_rows(const SampleMatrix& gram) {
  std::vector<std::vector<svm_node>> rows(static_cast<std::size_t>(gram.rows()));
  for (Eigen::Index i = 0; i < gram.rows(); ++i) {
    auto& row = rows[static_cast<std::size_t>(i)];
    row.push_back({0, static_cast<double>(i + 1)});
    for (Eigen::Index j = 0; j < gram.cols(); ++j) row.push_back({static_cast<int>(j + 1), gram(i, j)});
    row.push_back({-1, 0});
  }
  return rows;
}

struct ModelDeleter {
  void operator()(svm_model* model) const { svm_free_and_destroy_model(&model); }
};

} // namespace

Result<OneClassSvm> fit_one_class_svm(const SampleMatrix& gram, double nu) {
  BLOCH_EXPECTS(gram.rows() == gram.cols() && gram.rows() > 0 && nu > 0 && nu <= 1);
  auto rows = precomputed_rows(gram);
  std::vector<svm_node*> pointers;
  for (auto& row : rows) pointers.push_back(row.data());
  std::vector<double> labels(rows.size(), 1);
  svm_problem problem{static_cast<int>(rows.size()), labels.data(), pointers.data()};
  svm_parameter parameter{};
  parameter.svm_type = ONE_CLASS;
  parameter.kernel_type = PRECOMPUTED;
  parameter.nu = nu;
  parameter.eps = 1e-6;
  parameter.cache_size = 100;
  parameter.shrinking = 1;
  if (const char* refusal = svm_check_parameter(&problem, &parameter))
    return failure(ErrorKind::failed, std::string("the one-class SVM cannot be fitted: ") + refusal);
  svm_set_print_string_function([](const char*) {});
  const std::unique_ptr<svm_model, ModelDeleter> model(svm_train(&problem, &parameter));
  OneClassSvm result;
  result.offset = model->rho[0];
  for (int i = 0; i < model->l; ++i) {
    result.support.push_back(model->sv_indices[i] - 1);
    result.coefficients.push_back(model->sv_coef[0][i]);
  }
  return result;
}

} // namespace bloch::imaging
