#include <algorithm>
#include <array>
#include <cstdio>
#include <span>
#include <string_view>

#include <QApplication>
#include <QCommandLineParser>
#include <QTimer>

#include "app/bridge/vtk_widget.h"
#include "app/desktop/main_window.h"
#include "app/desktop/snapshot.h"
#include "app/theme/theme.h"
#include "core/base/printable.h"
#include "core/base/signals.h"
#include "core/base/text.h"
#include "core/base/version.h"
#include "imaging/parallel/parallel_for.h"

namespace {

using namespace bloch;
using namespace bloch::app;

bool is_workspace(const QString& name) { return name == "read" || name == "reconstruct" || name == "detect"; }

struct DesktopArguments {
  std::vector<std::filesystem::path> paths;
  bool demo = false;
  std::string snapshot;
  QSize size;
  std::optional<int> threads;
  QString theme;
  QString workspace;
};

void complain(const QString& message) {
  std::fprintf(stderr, "bloch: error: %s\n", printable(message.toStdString()).c_str());
}

int wrong_usage(const QString& message) {
  complain(message + "; see bloch --help");
  return 2;
}

/// The arguments, or the exit code of wrong usage.
std::variant<DesktopArguments, int> read_arguments(const QCoreApplication& application) {
  QCommandLineParser parser;
  parser.setApplicationDescription(
      "Radiology workstation: MR reconstruction and quantum-kernel anomaly detection.\n"
      "Research use only, not for diagnosis. Example: bloch --demo");
  parser.addHelpOption();
  parser.addVersionOption();
  parser.addOption({"demo", "Open the demo study, made on this machine."});
  parser.addOption(
      {"snapshot", "Write pictures of the window in every workspace to this folder, then end.", "folder"});
  parser.addOption({"workspace",
                    "Workspace to begin in: read, reconstruct or detect. With --snapshot and read, "
                    "pictures of Read alone.",
                    "name"});
  parser.addOption({"size", "Size of the window, as 1440x900.", "size"});
  parser.addOption({"threads", "Threads to compute with; 0 for all processors.", "number"});
  parser.addOption({"theme", "dark or light.", "name"});
  parser.addPositionalArgument("path", "Files and folders to open.", "[path...]");
  parser.process(application);
  DesktopArguments arguments;
  arguments.demo = parser.isSet("demo");
  arguments.snapshot = parser.value("snapshot").toStdString();
  arguments.theme = parser.value("theme");
  arguments.workspace = parser.value("workspace");
  for (const QString& path : parser.positionalArguments()) arguments.paths.emplace_back(path.toStdString());
  if (parser.isSet("size")) {
    const QStringList parts = parser.value("size").split('x');
    if (parts.size() == 2) arguments.size = QSize(parts[0].toInt(), parts[1].toInt());
    if (arguments.size.width() < 320 || arguments.size.height() < 240)
      return wrong_usage("--size is width x height, such as 1440x900");
  }
  if (parser.isSet("threads")) {
    const auto threads = to_integer(parser.value("threads").toStdString());
    if (!threads || *threads < 0 || *threads > 1024) return wrong_usage("--threads is a number from 0 to 1024");
    arguments.threads = static_cast<int>(*threads);
  }
  if (!arguments.theme.isEmpty() && arguments.theme != "dark" && arguments.theme != "light")
    return wrong_usage("--theme is dark or light");
  if (!arguments.workspace.isEmpty() && !is_workspace(arguments.workspace))
    return wrong_usage("--workspace is read, reconstruct or detect");
  if (!arguments.snapshot.empty() && !arguments.demo && arguments.paths.empty())
    return wrong_usage("--snapshot needs --demo or something to open");
  return arguments;
}

/// Help and version are text alone; a QApplication ends the program where there is no display.
bool asks_for_text(std::span<char* const> arguments) {
  constexpr std::array<std::string_view, 5> words = {"-h", "--help", "--help-all", "-v", "--version"};
  return std::ranges::find_first_of(arguments, words) != arguments.end();
}

/// Ends the program with the pictures, or with what went wrong.
void take_snapshots(MainWindow& window, Session& session, const DesktopArguments& arguments) {
  auto* snapshot = new Snapshot(window, session, arguments.snapshot, arguments.workspace == "read", &window);
  QObject::connect(snapshot, &Snapshot::finished, &window, [snapshot] {
    for (const QString& path : snapshot->written()) std::printf("%s\n", printable(path.toStdString()).c_str());
    for (const QString& problem : snapshot->problems()) complain(problem);
    QCoreApplication::exit(snapshot->problems().isEmpty() ? 0 : 1);
  });
}

int run(QApplication& application) {
  auto read = read_arguments(application);
  if (const int* code = std::get_if<int>(&read)) return *code;
  const auto& arguments = std::get<DesktopArguments>(read);
  const bool snapshot = !arguments.snapshot.empty();

  const auto file = Settings::default_path();
  auto settings = Settings::load(file);
  Settings used = settings ? *settings : Settings{};
  if (snapshot) used.window.clear(); // pictures are the same wherever they are taken
  if (arguments.threads) used.threads = *arguments.threads;
  imaging::set_thread_count(used.threads);
  const QString theme = arguments.theme.isEmpty() ? QString::fromStdString(used.theme) : arguments.theme;
  if (!apply_theme(application, theme)) apply_theme(application, "dark");

  Session session(used);
  MainWindow window(session);
  window.restore_state();
  if (arguments.size.isValid()) window.resize(arguments.size);
  if (!settings)
    session.show_message({Message::Kind::warning, "The settings could not be read; the defaults are used.",
                          QString::fromStdString(settings.error().message)});
  if (snapshot) take_snapshots(window, session, arguments);
  window.show();
  const QString workspace =
      arguments.workspace.isEmpty() ? QString::fromStdString(used.workspace) : arguments.workspace;
  if (!snapshot && workspace != "read" && is_workspace(workspace)) window.show_workspace(workspace);
  QTimer::singleShot(0, &session, [&] {
    if (arguments.demo) session.open_demo();
    if (!arguments.paths.empty()) session.open_paths(arguments.paths);
  });
  const int code = application.exec();
  if (snapshot) return code;
  if (const auto saved = session.settings().save(file); !saved)
    complain(QString::fromStdString(saved.error().message));
  return code;
}

} // namespace

int main(int count, char** arguments) {
  report_outgrown_files();
  QCoreApplication::setApplicationName("bloch");
  QCoreApplication::setApplicationVersion(version());
  if (asks_for_text({arguments, static_cast<std::size_t>(count)})) {
    const QCoreApplication text_only(count, arguments);
    // Ends the program, unless the word was the value of an option.
    const auto read = read_arguments(text_only);
    if (const int* code = std::get_if<int>(&read)) return *code;
  }
  VtkWidget::prepare_application();
  QApplication application(count, arguments);
  return run(application);
}
