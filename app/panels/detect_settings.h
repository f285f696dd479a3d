#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "app/desktop/session.h"
#include "app/panels/detect_run.h"
#include "app/widgets/section.h"

class QComboBox;
class QLabel;
class QPushButton;
class QStackedWidget;

namespace bloch::app {

class ParameterForm;
class SegmentedControl;

/// Which image is scored, and where normal tissue is learnt.
class NormalSection : public Section {
  Q_OBJECT

 public:
  explicit NormalSection(Session& session, QWidget* parent = nullptr);

  /// Fills item, normal, other, mask and truth. Errors: invalid_parameter, saying what is missing.
  Result<void> fill(DetectRequest& request) const;
  /// The image that the views show; null without one.
  std::shared_ptr<const Item> item() const;
  QString kind() const;
  void choose_kind(const QString& kind);
  /// A mask is being read: a run would not use it yet.
  bool is_loading() const { return mask_job_ != 0; }
  /// The box button is no longer pressed: a box is drawn.
  void box_is_drawn();

 signals:
  void changed();
  /// The left button of the views draws a box now, or no longer does.
  void drawing_box(bool on);

 private:
  void refresh();
  void refresh_images();
  void choose_mask(int index);
  void load_mask(const std::filesystem::path& path);
  void offer_mask_beside(const Item& item);

  struct Mask {
    QString name;
    std::shared_ptr<const LabelMap> labels;
  };
  Session& session_;
  std::vector<Mask> masks_;
  JobId mask_job_ = 0;
  ItemId shown_item_ = 0;
  QComboBox* image_;
  SegmentedControl* kind_;
  QStackedWidget* detail_;
  QLabel* box_text_;
  QPushButton* draw_;
  QComboBox* other_;
  QComboBox* mask_;
};

/// The settings of both twins, from anomaly_parameters(): those of the feature map, then the rest folded away.
class FeatureMapSection : public Section {
  Q_OBJECT

 public:
  explicit FeatureMapSection(Session& session, QWidget* parent = nullptr);

  ParameterSet changed_values() const;
  ParameterSet values() const;
  Result<void> check() const;
  /// Of a test or a demo.
  void set_values(const ParameterSet& values);
  void set_running(bool running);
  /// Why the button is off; empty: it is on.
  void set_problem(const QString& why);

 signals:
  void changed();
  void score_requested();
  void cancel_requested();

 private:
  ParameterForm* map_;
  ParameterForm* more_;
  QPushButton* score_;
  QPushButton* cancel_;
  QLabel* problem_;
};

} // namespace bloch::app
