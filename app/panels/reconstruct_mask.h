#pragma once

#include <optional>

#include "app/panels/reconstruct_preview.h"
#include "app/widgets/section.h"
#include "imaging/operators/mask.h"

class QComboBox;
class QLabel;

namespace bloch::app {

class ParameterForm;

/// Which samples are kept: a kind of mask_kinds() with its settings, a live picture, and how many samples that
/// is.
class ReconstructMask : public Section {
  Q_OBJECT

 public:
  explicit ReconstructMask(QWidget* parent = nullptr);

  /// Nothing: the data is taken as it was measured.
  std::optional<imaging::MaskRequest> request() const;
  Result<void> check() const;
  /// Raw data may stay as measured; a series must be under-sampled.
  void set_raw(bool raw);
  void show_preview(const ReconstructPreview& preview);
  void show_problem(const QString& text);

 signals:
  void changed();

 private:
  bool raw_ = false;
  QComboBox* kind_;
  ParameterForm* form_;
  PixelPicture* picture_;
  QLabel* count_;
};

} // namespace bloch::app
