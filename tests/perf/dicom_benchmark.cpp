// Reading DICOM beside ITK (GDCM) in one run: a study of 275 uncompressed slices of 512 x 512 that is made in a
// temporary folder (or the series in the folder that BLOCH_BENCHMARK_STUDY names), and 10,000 headers. Times
// are of the wall, files warm. Goals stand in the labels.
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>

#include <benchmark/benchmark.h>
#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>
#include <fmt/format.h>
#include <itkGDCMImageIO.h>
#include <itkGDCMSeriesFileNames.h>
#include <itkImageSeriesReader.h>

#include "imaging/dicom/read_series.h"
#include "imaging/dicom/scan.h"
#include "imaging/dicom/write_series.h"
#include "imaging/parallel/parallel_for.h"
#include "tests/support/temporary_folder.h"

namespace bloch::imaging {
namespace {

namespace fs = std::filesystem;

void write_study(const fs::path& folder, int slices, int size) {
  VolumeGeometry geometry;
  geometry.size = {size, size, slices};
  geometry.spacing_mm = {0.5, 0.5, 1};
  std::vector<std::int16_t> samples(geometry.voxel_count());
  for (std::size_t i = 0; i < samples.size(); ++i) { // smooth with some noise, as tissue
    const auto x = static_cast<double>(i % static_cast<std::size_t>(size));
    const auto y = static_cast<double>(i / static_cast<std::size_t>(size));
    samples[i] = static_cast<std::int16_t>(1000 * std::sin(x / 40) * std::cos(y / 30) +
                                           static_cast<double>(i * 7919 % 31));
  }
  SeriesInfo series;
  series.modality = "CT";
  StudyInfo study;
  study.uid = new_uid();
  const auto written = write_original_series(folder, Volume(geometry, std::move(samples)), {}, study, series);
  if (!written) throw std::runtime_error(written.error().message);
}

const fs::path& study_folder() {
  if (const char* given = std::getenv("BLOCH_BENCHMARK_STUDY")) {
    static const fs::path folder = given;
    return folder;
  }
  static const tests::TemporaryFolder folder;
  static const bool written = (write_study(folder / "ct", 275, 512), true);
  benchmark::DoNotOptimize(written);
  static const fs::path study = folder / "ct";
  return study;
}

/// 10,000 files in 50 series.
const fs::path& many_files() {
  static const tests::TemporaryFolder folder;
  static const bool written = [] {
    for (int i = 0; i < 50; ++i) write_study(folder / fmt::format("series{}", i), 200, 16);
    return true;
  }();
  benchmark::DoNotOptimize(written);
  return folder.path();
}

SeriesInfo scanned(const fs::path& folder) {
  const fs::path paths[] = {folder};
  const auto index = scan(paths).value();
  return *all_series(index).front().series;
}

void bloch_scan_and_read(benchmark::State& state) {
  set_thread_count(static_cast<int>(state.range(0)));
  const fs::path& study = study_folder(); // written before the clock runs
  for (auto _ : state) benchmark::DoNotOptimize(read_volume(scanned(study)).value());
  state.SetLabel("goal: an eighth of ITK's on two threads");
}
BENCHMARK(bloch_scan_and_read)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();

void itk_scan_and_read(benchmark::State& state) {
  using Image = itk::Image<short, 3>;
  const fs::path& study = study_folder();
  for (auto _ : state) {
    const auto names = itk::GDCMSeriesFileNames::New();
    names->SetUseSeriesDetails(true);
    names->SetDirectory(study.string());
    const auto reader = itk::ImageSeriesReader<Image>::New();
    reader->SetImageIO(itk::GDCMImageIO::New());
    reader->SetFileNames(names->GetFileNames(names->GetSeriesUIDs().front()));
    reader->Update();
    benchmark::DoNotOptimize(reader->GetOutput()->GetBufferPointer());
  }
}
BENCHMARK(itk_scan_and_read)->Unit(benchmark::kMillisecond)->UseRealTime();

/// 32 slices of the study, encoded by gdcmconv.
const fs::path& encoded_study(const std::string& encoding) {
  static std::map<std::string, tests::TemporaryFolder> folders;
  const auto [place, fresh] = folders.try_emplace(encoding);
  if (fresh) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(study_folder())) files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    for (std::size_t i = 0; i < std::min<std::size_t>(32, files.size()); ++i) {
      const std::string command = fmt::format("gdcmconv --{} '{}' '{}'", encoding, files[i].string(),
                                              (place->second / fmt::format("{}.dcm", i)).string());
      if (std::system(command.c_str()) != 0) throw std::runtime_error("gdcmconv failed: " + command);
    }
  }
  return place->second.path();
}

void bloch_decode(benchmark::State& state, const std::string& encoding) {
  const SeriesInfo series = scanned(encoded_study(encoding));
  set_thread_count(static_cast<int>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(read_volume(series).value());
  state.SetLabel("goal: no slower than GDCM on one thread, 1.8 x on two");
}
void gdcm_decode(benchmark::State& state, const std::string& encoding) {
  using Image = itk::Image<short, 3>;
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(encoded_study(encoding)))
    names.push_back(entry.path().string());
  for (auto _ : state) {
    const auto reader = itk::ImageSeriesReader<Image>::New();
    reader->SetImageIO(itk::GDCMImageIO::New());
    reader->SetFileNames(names);
    reader->Update();
    benchmark::DoNotOptimize(reader->GetOutput()->GetBufferPointer());
  }
}
#define BLOCH_CODEC(name)                                                                                      \
  BENCHMARK_CAPTURE(bloch_decode, name, #name)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();  \
  BENCHMARK_CAPTURE(gdcm_decode, name, #name)                                                                  \
      ->Unit(benchmark::kMillisecond)                                                                          \
      ->MeasureProcessCPUTime()                                                                                \
      ->UseRealTime()
BLOCH_CODEC(rle);
BLOCH_CODEC(jpeg);
BLOCH_CODEC(jpegls);
BLOCH_CODEC(j2k);

void first_image_after_the_scan(benchmark::State& state) {
  const SeriesInfo series = scanned(study_folder());
  for (auto _ : state) benchmark::DoNotOptimize(read_middle_image(series).value());
  state.SetLabel("goal: 100 ms until it is on the screen");
}
BENCHMARK(first_image_after_the_scan)->Unit(benchmark::kMillisecond)->UseRealTime();

void scan_of_10000_headers(benchmark::State& state) {
  set_thread_count(2);
  const fs::path paths[] = {many_files()};
  for (auto _ : state) benchmark::DoNotOptimize(scan(paths).value());
  state.SetLabel("goal: 2000 ms warm");
}
BENCHMARK(scan_of_10000_headers)->Unit(benchmark::kMillisecond)->UseRealTime()->Iterations(2);

} // namespace
} // namespace bloch::imaging
