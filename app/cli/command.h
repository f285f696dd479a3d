#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/jobs/progress.h"

namespace CLI {
class App;
}

namespace bloch::app {

/// What every command gets when it runs: the options common to all, already read (DESIGN.md 4).
struct Invocation {
  int threads = 0; ///< as given; 0: all processors. The arena is sized already.
  bool quiet = false;
  Progress progress;                  ///< a bar on a terminal, cancelled by Ctrl+C
  std::vector<std::string> arguments; ///< after the program's name, for recipes

  /// Hands over the machine-readable result; it is written to `--json FILE|-` when that was asked for.
  std::function<void(std::string json)> set_json;
  bool wants_json = false;
  bool json_on_stdout = false; ///< then say() keeps silent, so that stdout is pure JSON

  /// A line for people, on stdout; silent with --quiet or when JSON goes to stdout. What files bring with them
  /// may stand in it: control characters are replaced (printable), here and in warn().
  void say(const std::string& line) const;
  /// A warning on stderr: "bloch: warning: …".
  void warn(const std::string& line) const;
};

using CommandBody = std::function<Result<void>(const Invocation&)>;

/// One command of bloch-cli: one file in commands/ and one line in commands.inc.
struct Command {
  std::string name;    ///< "recon"; a space separates a subcommand: "anomaly train"
  std::string summary; ///< one sentence
  std::string example; ///< a whole command line, shown by --help
  /// Adds the command's own options to `app` and returns what runs when the line has been read. Values that
  /// options are bound to live in a shared struct captured by the returned function.
  CommandBody (*configure)(CLI::App& app) = nullptr;
};

std::span<const Command> commands();

/// Reads the command line and runs it: 0 done, 1 the work failed, 2 wrong usage. Used by main and by `replay`.
int run_command_line(const std::vector<std::string>& arguments);

} // namespace bloch::app
