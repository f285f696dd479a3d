#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include <QImage>
#include <QObject>

#include "app/bridge/qt_job_queue.h"
#include "app/desktop/session.h"
#include "core/data/value_range.h"
#include "core/data/volume.h"

namespace bloch::app {

/// Small pictures of series and of the session's images, made in the background on a queue of their own.
class Thumbnails : public QObject {
  Q_OBJECT

 public:
  explicit Thumbnails(QObject* parent = nullptr);

  /// Null while it is not there; then it is being made, and `ready` will say so.
  QImage of_series(const SeriesCopy& series);
  QImage of_item(const std::shared_ptr<const Item>& item);

 signals:
  void ready();

 private:
  void keep(const QString& key, QImage picture);

  std::map<QString, QImage> pictures_; ///< null: under way, or cannot be made
  QtJobQueue jobs_{1};
};

/// Which values are bright.
struct ThumbnailPolarity {
  bool inverse = false;              ///< the small ones
  std::optional<ValueRange> padding; ///< black all the same
};

/// The middle slice as the eye expects it (front or head up), windowed, square, size pixels wide.
QImage make_thumbnail(const Volume& volume, const WindowLevel& window, int size,
                      const std::string& colour_map = "grey", const ThumbnailPolarity& polarity = {});

} // namespace bloch::app
