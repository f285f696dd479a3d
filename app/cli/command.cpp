#include "app/cli/command.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <exception>
#include <iostream>
#include <memory>
#include <new>
#include <thread>

#include <CLI/CLI.hpp>

#include "app/cli/output_files.h"
#include "app/cli/terminal_progress.h"
#include "core/base/file.h"
#include "core/base/printable.h"
#include "core/base/text.h"
#include "core/base/version.h"
#include "imaging/parallel/parallel_for.h"
#include "imaging/toolkits/missing_module.h"

namespace bloch::app {

#define BLOCH_COMMAND(name) Command name##_command();
#include "app/cli/commands.inc"
#undef BLOCH_COMMAND

namespace {

struct CommonOptions {
  std::string json;
  int threads = 0;
  bool quiet = false;
};

/// A configured command: what it runs, and the options every command has.
struct Prepared {
  const Command* command = nullptr;
  CLI::App* app = nullptr;
  CommandBody body;
};

int exit_code(const Error& error) { return error.kind == ErrorKind::invalid_parameter ? 2 : 1; }

int complain(const std::string& message, int code) {
  std::fprintf(stderr, "bloch: error: %s\n", printable(message).c_str());
  return code;
}

void add_common_options(CLI::App& app, CommonOptions& common) {
  app.add_option("--json", common.json, "machine-readable result to FILE, or - for standard output")
      ->type_name("FILE|-");
  app.add_option("--threads", common.threads, "worker threads; 0 means all processors")
      ->check(CLI::Range(0, 1024));
  app.add_flag("--quiet", common.quiet, "no progress and no text, only warnings and errors");
}

CLI::App* find_subcommand(const CLI::App& parent, const std::string& name) {
  for (CLI::App* app : const_cast<CLI::App&>(parent).get_subcommands([](CLI::App*) { return true; }))
    if (app->get_name() == name) return app;
  return nullptr;
}

/// "anomaly train" hangs below a parent "anomaly", made when its first child comes.
CLI::App* place_of(CLI::App& root, const Command& command) {
  const auto words = split(command.name, ' ');
  CLI::App* parent = &root;
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    CLI::App* next = find_subcommand(*parent, words[i]);
    if (!next) {
      next = parent->add_subcommand(words[i], words[i] + " commands");
      next->require_subcommand(1);
    }
    parent = next;
  }
  CLI::App* app = parent->add_subcommand(words.back(), command.summary);
  app->footer("Example:\n  " + command.example);
  return app;
}

/// CLI11's own words for a mistake, with the nearest command or option where one is unknown.
std::string usage_message(const CLI::ParseError& error, const std::vector<std::string>& arguments,
                          const CLI::App& root) {
  std::string message = error.what();
  if (!arguments.empty() && !arguments.front().starts_with("-") && !find_subcommand(root, arguments.front())) {
    std::vector<std::string> names;
    for (const auto* app : root.get_subcommands([](const CLI::App*) { return true; }))
      names.push_back(app->get_name());
    return "there is no command '" + arguments.front() + "'" + suggestion(arguments.front(), names) +
           "; see bloch-cli --help";
  }
  if (const auto newline = message.find('\n'); newline != std::string::npos) message.resize(newline);
  return message + "; see bloch-cli " + (arguments.empty() ? "" : arguments.front() + " ") + "--help";
}

Result<void> deliver_json(const CommonOptions& common, const std::optional<std::string>& json) {
  if (common.json.empty() || !json) return {};
  if (common.json != "-") return write_file(common.json, *json + "\n");
  std::cout << *json << std::endl;
  return {};
}

int run_prepared(const Prepared& prepared, const CommonOptions& common,
                 const std::vector<std::string>& arguments) {
  TerminalProgress bar(common.quiet);
  std::optional<std::string> json;
  Invocation invocation;
  // More threads than processors gain nothing, and oneTBB complains about them on standard error.
  const int processors = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  invocation.threads = std::min(common.threads, processors);
  invocation.quiet = common.quiet;
  invocation.wants_json = !common.json.empty();
  invocation.json_on_stdout = common.json == "-";
  invocation.progress = bar.progress();
  invocation.arguments = arguments;
  invocation.set_json = [&](std::string text) { json = std::move(text); };
  Result<void> result = failure(ErrorKind::failed, "nothing ran");
  try {
    imaging::set_thread_count(invocation.threads);
    result = prepared.body(invocation);
    bar.finish();
    if (result) result = deliver_json(common, json);
  } catch (const imaging::MissingModule& error) {
    bar.finish();
    return complain(error.what(), 1);
  } catch (const std::bad_alloc&) {
    bar.finish();
    return complain("there is not enough memory for this; choose a smaller part or a smaller size", 1);
  } catch (const std::exception& error) {
    bar.finish();
    return complain(std::string("this should not happen, please report it: ") + error.what(), 1);
  }
  return result ? 0 : complain(result.error().message, exit_code(result.error()));
}

} // namespace

void Invocation::say(const std::string& line) const {
  if (!quiet && !json_on_stdout) std::cout << printable(line) << std::endl;
}

void Invocation::warn(const std::string& line) const {
  std::fprintf(stderr, "bloch: warning: %s\n", printable(line).c_str());
}

std::span<const Command> commands() {
  static const std::vector<Command> all = {
#define BLOCH_COMMAND(name) name##_command(),
#include "app/cli/commands.inc"
#undef BLOCH_COMMAND
  };
  return all;
}

namespace {

int run_and_print(const std::vector<std::string>& arguments) {
  CLI::App root("Bloch: MR reconstruction and quantum-kernel anomaly detection. " +
                    std::string("Research use only, not for diagnosis."),
                "bloch-cli");
  root.set_version_flag("--version", std::string("bloch-cli ") + version());
  root.require_subcommand(1);
  const auto common = std::make_shared<CommonOptions>();
  std::vector<Prepared> prepared;
  // Options are made for what is asked for alone: those of all commands took a tenth of a start.
  const std::string asked = arguments.empty() ? std::string() : arguments.front();
  const auto is_asked = [&](const Command& command) { return split(command.name, ' ').front() == asked; };
  const bool is_known = std::any_of(commands().begin(), commands().end(), is_asked);
  for (const Command& command : commands()) {
    if (is_known && !is_asked(command)) continue;
    CLI::App* app = place_of(root, command);
    CommandBody body = command.configure(*app);
    add_common_options(*app, *common);
    prepared.push_back({&command, app, std::move(body)});
  }
  std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
  try {
    root.parse(reversed);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return root.exit(error);
    return complain(usage_message(error, arguments, root), 2);
  }
  for (const Prepared& candidate : prepared) {
    if (!candidate.app->parsed()) continue;
    if (const auto files = check_output_files(*candidate.app); !files)
      return complain(files.error().message, exit_code(files.error()));
    return run_prepared(candidate, *common, arguments);
  }
  return complain("no command given; see bloch-cli --help", 2);
}

} // namespace

int run_command_line(const std::vector<std::string>& arguments) {
  const int code = run_and_print(arguments);
  std::cout.flush();
  if (code != 0 || std::cout.good()) return code;
  const Error lost{ErrorKind::not_writable, "standard output cannot be written: is its disk full?"};
  return complain(lost.message, exit_code(lost));
}

} // namespace bloch::app
