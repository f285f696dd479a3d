#pragma once

#include <filesystem>
#include <map>
#include <memory>

#include "app/desktop/session.h"
#include "app/panels/reconstruct_run.h"
#include "app/widgets/section.h"
#include "imaging/io/kspace_file.h"

class QCheckBox;
class QComboBox;
class QLabel;

namespace bloch::app {

class ParameterForm;
class PixelPicture;

/// Where the raw data comes from: a loaded series, under-sampled retrospectively, or a k-space file, chosen or
/// dropped.
class ReconstructSource : public Section {
  Q_OBJECT

 public:
  explicit ReconstructSource(Session& session, QWidget* parent = nullptr);

  /// Fills series or kspace, file, simulation and the slice range.
  void fill(ReconstructRequest& request) const;
  /// Errors: invalid_parameter, of the simulation's form.
  Result<void> check() const;

  void choose_series(ItemId id);
  /// Reads a k-space file in the background and makes it the source, in the place of the same file where it is
  /// one already.
  void open_file(const std::filesystem::path& path, imaging::CoilAxis coil_axis = imaging::CoilAxis::automatic);
  /// The middle `count` slices; 0: the whole stack.
  void choose_slices(int count);
  void show_kspace(const QImage& image);
  bool is_raw() const;

 signals:
  void changed();

 protected:
  void dragEnterEvent(QDragEnterEvent* event) override;
  void dropEvent(QDropEvent* event) override;

 private:
  struct RawFile {
    std::filesystem::path path;
    std::shared_ptr<const KSpace> kspace;
    imaging::CoilAxis coil_axis = imaging::CoilAxis::automatic;
  };
  /// The chosen k-space file; null where a series is chosen, or nothing.
  const RawFile* raw_file() const;
  void take(RawFile file);
  void choose_coil_axis(bool one_coil);
  void refresh_coil_axis();
  void refresh_sources();
  void refresh_slices();
  void refresh_text();
  void ask_for_file();
  void source_changed();

  Session& session_;
  std::vector<RawFile> raw_files_;
  std::vector<ItemId> shown_series_;
  QComboBox* source_;
  QComboBox* slices_;
  QCheckBox* one_coil_;
  QLabel* facts_;
  PixelPicture* picture_;
  ParameterForm* simulation_;
  TagLabel* simulated_;
  QWidget* edit_simulation_;
};

} // namespace bloch::app
