#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "app/desktop/session.h"
#include "app/desktop/window_presets.h"
#include "app/widgets/section.h"

class QCheckBox;
class QComboBox;
class QGridLayout;
class QLabel;
class QPushButton;

namespace bloch::app {

class HistogramView;
class LabeledSlider;

/// Window / level of the active image: presets of its modality, width and level, histogram.
class WindowPanel : public Section {
  Q_OBJECT

 public:
  explicit WindowPanel(Session& session, QWidget* parent = nullptr);

  /// 0: as the image opens; 1 to 9: the presets of its modality. Keys do the same.
  void apply_preset(int number);

 private:
  void show_document();
  void make_preset_buttons(const Item* item);
  /// The choice of SUVbw for PET images, or why there is none.
  void show_suv(const Item* item);
  void show_file_windows(const Item& item);
  /// What is not given stays as it is: the boxes round what they show.
  void change(std::optional<double> width, std::optional<double> level);
  void mark_preset(const WindowLevel& window);

  Session& session_;
  QGridLayout* preset_grid_;
  std::vector<QPushButton*> buttons_;
  std::string list_ = "-"; ///< of presets
  ItemId shown_ = 0;
  std::shared_ptr<const Volume> shown_volume_;
  std::vector<std::optional<WindowLevel>> found_; ///< what each preset gives on the shown item; first is Auto
  QCheckBox* suv_;
  QLabel* no_suv_;
  QComboBox* of_file_; ///< the file's windows, where it has several
  LabeledSlider* width_;
  LabeledSlider* level_;
  HistogramView* histogram_;
  int drag_ = 0;
};

} // namespace bloch::app
