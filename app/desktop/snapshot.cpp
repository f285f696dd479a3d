#include "app/desktop/snapshot.h"

#include <QCoreApplication>
#include <QPixmap>
#include <QTimer>

#include "app/panels/reconstruct_workspace.h"

namespace bloch::app {
namespace {
constexpr int snapshot_slices = 12;
constexpr int last_snapshot_step = 2;
} // namespace

Snapshot::Snapshot(MainWindow& window, Session& session, std::filesystem::path folder, QObject* parent)
    : QObject(parent)
    , window_(window)
    , session_(session)
    , folder_(std::move(folder)) {
  std::error_code code;
  std::filesystem::create_directories(folder_, code);
  if (code) problems_ << QString::fromStdString("cannot make the folder for pictures: " + code.message());
  connect(&session_, &Session::message_shown, this, [this](const Message& message) {
    if (message.kind != Message::Kind::error) return;
    problems_ << message.text;
    if (!started_) emit finished(); // nothing opened: there is nothing to picture
  });
  connect(&session_.document_model(), &DocumentModel::changed, this, [this] {
    if (!started_ && session_.document().active) study_opened();
  });
}

void Snapshot::study_opened() {
  started_ = true;
  connect(&session_.jobs(), &QtJobQueue::became_idle, this, &Snapshot::next_when_idle);
  next_when_idle();
}

void Snapshot::next_when_idle() {
  // A job's end may start another one: look again once every signal has been heard.
  QTimer::singleShot(0, this, [this] {
    if (session_.jobs().idle() && !stepping_) next();
  });
}

void Snapshot::settle() {
  for (int round = 0; round < 5; ++round) QCoreApplication::processEvents(QEventLoop::ExcludeUserInputEvents);
}

void Snapshot::next() {
  stepping_ = true;
  take_step(step_++);
  stepping_ = false;
  if (step_ <= last_snapshot_step && session_.jobs().idle()) next_when_idle();
}

void Snapshot::take_step(int step) {
  if (step == 0) {
    take("read", true);
    // The middle slices alone: a picture shows one of them, and the whole stack would take minutes.
    Workspace& workspace = window_.show_workspace("reconstruct");
    if (auto* reconstruct = qobject_cast<ReconstructWorkspace*>(&workspace))
      reconstruct->run_default(snapshot_slices);
  } else if (step == 1) {
    take("reconstruct", true);
    window_.show_workspace("detect").run();
  } else if (step == last_snapshot_step) {
    take("detect", true);
    window_.show_workspace("read");
    take("overlay", true);
    disconnect(&session_.jobs(), nullptr, this, nullptr);
    emit finished();
  }
}

void Snapshot::take(const QString& stem, bool views) {
  settle();
  const auto save = [this](const QString& name, const QImage& picture) {
    const QString path = QString::fromStdString((folder_ / (name + ".png").toStdString()).string());
    if (!picture.isNull() && picture.save(path, "PNG"))
      written_ << path;
    else
      problems_ << "cannot write " + path + "; choose another folder";
  };
  save(stem, window_.grab().toImage());
  if (!views) return;
  for (const auto& [name, picture] : window_.workspace().pictures())
    if (!picture.isNull()) save(stem + "-" + name, picture);
}

} // namespace bloch::app
