#include "app/desktop/snapshot.h"

#include <QCoreApplication>
#include <QPixmap>
#include <QTimer>

#include "app/panels/reconstruct_workspace.h"

namespace bloch::app {
namespace {
constexpr int snapshot_slices = 12;
constexpr std::size_t most_objects = 12;
} // namespace

Snapshot::Snapshot(MainWindow& window, Session& session, std::filesystem::path folder, bool read_alone,
                   QObject* parent)
    : QObject(parent)
    , window_(window)
    , session_(session)
    , folder_(std::move(folder)) {
  std::error_code code;
  std::filesystem::create_directories(folder_, code);
  if (code) problems_ << QString::fromStdString("cannot make the folder for pictures: " + code.message());
  connect(&session_, &Session::message_shown, this, [this](const Message& message) {
    if (message.kind == Message::Kind::error) problems_ << message.text;
  });
  connect(&session_, &Session::first_image_ready, this, [this] {
    // Layouts alone are settled: more events could let the rest of the series arrive.
    for (int round = 0; round < 5; ++round) QCoreApplication::sendPostedEvents(nullptr, QEvent::LayoutRequest);
    save("loading", window_.grab().toImage());
  });
  connect(&session_.jobs(), &QtJobQueue::became_idle, this, &Snapshot::next_when_idle);
  steps_.push_back({[] {}, "read"});
  steps_.push_back({[this, read_alone] {
                      if (!read_alone && session_.document().active) plan_workspaces();
                      plan_objects();
                    },
                    {}});
}

void Snapshot::plan_workspaces() {
  const auto reconstruct = [this] {
    // The middle slices alone: a picture shows one of them, and the whole stack would take minutes.
    if (auto* workspace = qobject_cast<ReconstructWorkspace*>(&window_.show_workspace("reconstruct")))
      workspace->run_default(snapshot_slices);
  };
  const auto hide_overlay = [this] {
    session_.document_model().amend([](Document& document) { document.overlay.visible = false; });
  };
  steps_.push_back({reconstruct, "reconstruct"});
  steps_.push_back({[this] { window_.show_workspace("detect").run(); }, "detect"});
  steps_.push_back({[this] { window_.show_workspace("read"); }, "overlay"});
  steps_.push_back({hide_overlay, {}});
}

void Snapshot::plan_objects() {
  const auto objects = all_objects(session_.index());
  for (std::size_t i = 0; i < objects.size() && i < most_objects; ++i) {
    const QString uid = QString::fromStdString(objects[i].object->uid);
    steps_.push_back({[this, uid] { session_.open_object(uid); }, QString("object-%1").arg(i + 1)});
  }
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
  if (!stem_.isEmpty()) take(stem_);
  stepping_ = false;
  if (steps_.empty()) {
    disconnect(&session_.jobs(), nullptr, this, nullptr);
    emit finished();
    return;
  }
  const Step step = std::move(steps_.front());
  steps_.pop_front();
  stem_ = step.stem;
  step.begin();
  if (session_.jobs().idle()) next_when_idle();
}

void Snapshot::save(const QString& name, const QImage& picture) {
  const QString path = QString::fromStdString((folder_ / (name + ".png").toStdString()).string());
  if (!picture.isNull() && picture.save(path, "PNG"))
    written_ << path;
  else
    problems_ << "cannot write " + path + "; choose another folder";
}

void Snapshot::take(const QString& stem) {
  settle();
  save(stem, window_.grab().toImage());
  for (const auto& [name, picture] : window_.workspace().pictures())
    if (!picture.isNull()) save(stem + "-" + name, picture);
}

} // namespace bloch::app
