#include "app/panels/reconstruct_preview.h"

#include <algorithm>
#include <cmath>

#include <QPainter>

#include "app/theme/theme_colours.h"

namespace bloch::app {
namespace {

/// ky downwards, kx across; the middle partition of 3D data, or kz against ky where the mask acts on those.
QImage mask_image(const SamplingMask& mask, const std::array<int, 3>& size) {
  const bool volume = size[2] > 1;
  const int width = volume ? size[1] : size[0];
  const int height = volume ? size[2] : size[1];
  QImage image(width, height, QImage::Format_Grayscale8);
  for (int row = 0; row < height; ++row)
    for (int column = 0; column < width; ++column) {
      const bool kept =
          volume ? mask.at(mask.kx() == 1 ? 0 : size[0] / 2, column, row) : mask.at(column, row, 0);
      image.scanLine(row)[column] = kept ? 255 : 0;
    }
  return image;
}

QImage kspace_image(const KSpace& kspace, int slice) {
  const KSpaceSize& size = kspace.size();
  const auto samples = kspace.slice(slice);
  const auto plane = static_cast<std::size_t>(size.kx) * static_cast<std::size_t>(size.ky);
  const std::size_t first = plane * static_cast<std::size_t>(size.kz / 2);
  std::vector<double> power(plane, 0.0);
  for (int coil = 0; coil < size.coils; ++coil) {
    const std::size_t offset = static_cast<std::size_t>(coil) * size.samples_per_coil() + first;
    for (std::size_t i = 0; i < plane; ++i) power[i] += std::norm(samples[offset + i]);
  }
  const double peak = *std::max_element(power.begin(), power.end());
  QImage image(size.kx, size.ky, QImage::Format_Grayscale8);
  for (int row = 0; row < size.ky; ++row)
    for (int column = 0; column < size.kx; ++column) {
      const double value = power[static_cast<std::size_t>(row) * static_cast<std::size_t>(size.kx) +
                                 static_cast<std::size_t>(column)];
      // Six decades of power from black to white.
      const double part = peak > 0 && value > 0 ? 1 + std::log10(value / peak) / 6 : 0;
      image.scanLine(row)[column] = static_cast<uchar>(std::lround(255 * std::clamp(part, 0.0, 1.0)));
    }
  return image;
}

} // namespace

Result<ReconstructPreview> make_preview(const ReconstructRequest& request, bool with_kspace) {
  ReconstructPreview preview;
  if (!request.has_source()) return preview;
  const auto size = mask_size(request);
  if (request.undersample) {
    BLOCH_TRY(mask, imaging::make_mask(size, *request.undersample));
    preview.mask = mask_image(mask, size);
    preview.acceleration = mask.acceleration();
  } else if (request.kspace) {
    const SamplingMask mask = sampled_points(*request.kspace);
    preview.mask = mask_image(mask, size);
    preview.acceleration = mask.acceleration();
  }
  preview.total =
      static_cast<std::size_t>(size[0]) * static_cast<std::size_t>(size[1]) * static_cast<std::size_t>(size[2]);
  preview.kept =
      static_cast<std::size_t>(std::llround(static_cast<double>(preview.total) / preview.acceleration));
  if (!with_kspace) return preview;
  if (request.kspace) {
    preview.kspace = kspace_image(*request.kspace, request.kspace->size().slices / 2);
  } else if (request.series->volume) {
    const int middle = request.series->volume->geometry().size[2] / 2;
    preview.kspace =
        kspace_image(imaging::simulate_kspace(*request.series->volume, middle, middle, request.simulation), 0);
  }
  return preview;
}

PixelPicture::PixelPicture(const QString& object_name, int side, QWidget* parent)
    : QWidget(parent) {
  setObjectName(object_name);
  setFixedSize(side, side);
}

void PixelPicture::set_image(const QImage& image) {
  image_ = image;
  update();
}

void PixelPicture::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.fillRect(rect(), theme_colour("viewer"));
  if (!image_.isNull()) {
    const QSize fitted = image_.size().scaled(size() - QSize(2, 2), Qt::KeepAspectRatio);
    const QRect place(QPoint((width() - fitted.width()) / 2, (height() - fitted.height()) / 2), fitted);
    painter.setRenderHint(QPainter::SmoothPixmapTransform, fitted.width() < image_.width());
    painter.drawImage(place, image_);
  }
  painter.setPen(theme_colour("line-strong"));
  painter.drawRect(rect().adjusted(0, 0, -1, -1));
}

} // namespace bloch::app
