#pragma once

#include <array>
#include <optional>

#include <QImage>
#include <QWidget>

#include "app/panels/reconstruct_run.h"
#include "core/base/result.h"
#include "core/data/kspace.h"

namespace bloch::app {

/// What the left panel shows of a request before anything runs.
struct ReconstructPreview {
  QImage kspace; ///< log magnitude of the middle slice, root-sum-of-squares over coils
  QImage mask;   ///< white: acquired
  std::size_t kept = 0;
  std::size_t total = 0;
  double acceleration = 1;
};

/// Makes it: call it on a job. with_kspace: the picture of k-space too (a simulation and a transform of one
/// slice). Errors: invalid_parameter (a mask that cannot be).
Result<ReconstructPreview> make_preview(const ReconstructRequest& request, bool with_kspace);

/// A square picture in a thin frame, its pixels kept square and unsmoothed when enlarged.
class PixelPicture : public QWidget {
  Q_OBJECT

 public:
  PixelPicture(const QString& object_name, int side, QWidget* parent = nullptr);
  void set_image(const QImage& image);
  const QImage& image() const { return image_; }

 protected:
  void paintEvent(QPaintEvent*) override;

 private:
  QImage image_;
};

} // namespace bloch::app
