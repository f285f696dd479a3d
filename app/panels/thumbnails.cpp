#include "app/panels/thumbnails.h"

#include <algorithm>
#include <cmath>

#include <QPainter>

#include "app/panels/scene_text.h"
#include "core/data/window_level.h"
#include "core/presets/colour_map.h"
#include "imaging/dicom/read_colour.h"
#include "imaging/dicom/read_series.h"
#include "imaging/open/open.h"

namespace bloch::app {
namespace {

constexpr int thumbnail_pixels = 100; // 50 at twice the density

/// The axis runs to the left, to the back or to the feet, as rows and columns of a radiological picture do.
bool runs_as_drawn(const Eigen::Vector3d& axis) {
  Eigen::Index main = 0;
  axis.cwiseAbs().maxCoeff(&main);
  return main == 2 ? axis[2] < 0 : axis[main] > 0;
}

bool is_image_file(const SeriesInfo& series) { return series.uid.starts_with("file:"); }

/// The first slice as its rows lie in the file.
QImage make_colour_thumbnail(const RgbVolume& volume, int size) {
  const auto samples = volume.samples<std::array<std::uint8_t, 3>>();
  const int columns = volume.geometry().size[0];
  const int rows = volume.geometry().size[1];
  const QImage whole(reinterpret_cast<const uchar*>(samples.data()), columns, rows, 3 * columns,
                     QImage::Format_RGB888);
  const QImage scaled = whole.scaled(size, size, Qt::KeepAspectRatio, Qt::SmoothTransformation);
  QImage picture(size, size, QImage::Format_RGB32);
  picture.fill(Qt::black);
  QPainter(&picture).drawImage((size - scaled.width()) / 2, (size - scaled.height()) / 2, scaled);
  return picture;
}

} // namespace

QImage make_thumbnail(const Volume& volume, const WindowLevel& window, int size,
                      const std::string& colour_map_name, const ThumbnailPolarity& polarity) {
  const VolumeGeometry& geometry = volume.geometry();
  const int z = geometry.size[2] / 2;
  const double wide = geometry.size[0] * geometry.spacing_mm[0];
  const double tall = geometry.size[1] * geometry.spacing_mm[1];
  const double mm_per_pixel = std::max(wide, tall) / size;
  const bool x_as_drawn = runs_as_drawn(geometry.direction.col(0));
  const bool y_as_drawn = runs_as_drawn(geometry.direction.col(1));
  const ColourTable table = colour_map(colour_map_name);
  WindowLevel shown = window;
  if (!volume.holds<std::int16_t>() && shown.function == WindowFunction::linear)
    shown.function = WindowFunction::linear_exact;
  const ToneCurve curve(shown);
  QImage picture(size, size, QImage::Format_RGB32);
  picture.fill(Qt::black);
  const auto voxel = [&](int pixel, double extent_mm, int count, double spacing, bool as_drawn) {
    const double mm = (pixel + 0.5) * mm_per_pixel - (size * mm_per_pixel - extent_mm) / 2;
    const int index = static_cast<int>(std::floor(mm / spacing));
    return index < 0 || index >= count ? -1 : as_drawn ? index : count - 1 - index;
  };
  for (int row = 0; row < size; ++row) {
    const int y = voxel(row, tall, geometry.size[1], geometry.spacing_mm[1], y_as_drawn);
    for (int column = 0; column < size && y >= 0; ++column) {
      const int x = voxel(column, wide, geometry.size[0], geometry.spacing_mm[0], x_as_drawn);
      if (x < 0) continue;
      const double value = value_at(volume, x, y, z);
      const bool is_padding = polarity.inverse && polarity.padding && value >= polarity.padding->minimum &&
                              value <= polarity.padding->maximum;
      const std::size_t step = std::isnan(value) ? 0 : curve(static_cast<float>(value));
      const std::size_t turned = polarity.inverse ? colour_map_size - 1 - step : step;
      const Rgb colour = std::isnan(value) || is_padding ? Rgb{} : table[turned];
      picture.setPixel(column, row, qRgb(colour[0], colour[1], colour[2]));
    }
  }
  return picture;
}

Thumbnails::Thumbnails(QObject* parent)
    : QObject(parent) {}

QImage Thumbnails::of_series(const SeriesCopy& series) {
  const QString key = "series:" + QString::fromStdString(series.series.uid);
  if (const auto found = pictures_.find(key); found != pictures_.end()) return found->second;
  pictures_[key] = {};
  jobs_.run<QImage>(
      "Thumbnail", this,
      [series](const Progress& progress) -> Result<QImage> {
        Item item;
        item.series = series.series;
        if (is_image_file(series.series)) {
          BLOCH_TRY(opened, imaging::open_series(series.place(), progress));
          item.volume = std::make_shared<const Volume>(std::move(opened.volume));
        } else if (series.series.colour) {
          const int middle = static_cast<int>(series.series.images.size() / 2);
          BLOCH_TRY(colour, imaging::read_colour_image(series.series, middle));
          return make_colour_thumbnail(colour, thumbnail_pixels);
        } else {
          BLOCH_TRY(middle, imaging::read_middle_image(series.series));
          item.volume = std::make_shared<const Volume>(std::move(middle));
        }
        if (item.series.modality == "PT")
          item.series.windows.clear(); // the file's often hold all that may ever be
        return make_thumbnail(*item.volume, default_window(item), thumbnail_pixels, "grey",
                              {is_inverse(item), padding_of(item)});
      },
      [this, key](QImage picture) { keep(key, std::move(picture)); });
  return {};
}

QImage Thumbnails::of_item(const std::shared_ptr<const Item>& item) {
  const QString key = QString("item:%1").arg(item->id);
  if (const auto found = pictures_.find(key); found != pictures_.end()) return found->second;
  pictures_[key] = {};
  if (!item->volume) return {};
  jobs_.run<QImage>(
      "Thumbnail", this,
      [item](const Progress&) -> Result<QImage> {
        const bool error = item->kind == ItemKind::error_map;
        const bool map = item->kind == ItemKind::anomaly_map;
        const WindowLevel window = map ? WindowLevel{0.5, 0.75, {}} : default_window(*item);
        return make_thumbnail(*item->volume, window, thumbnail_pixels,
                              error ? "bloch-error"
                              : map ? "bloch-anomaly"
                                    : "grey",
                              {is_inverse(*item), padding_of(*item)});
      },
      [this, key](QImage picture) { keep(key, std::move(picture)); });
  return {};
}

void Thumbnails::keep(const QString& key, QImage picture) {
  pictures_[key] = std::move(picture);
  emit ready();
}

} // namespace bloch::app
