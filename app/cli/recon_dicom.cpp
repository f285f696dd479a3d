#include "app/cli/recon_dicom.h"

#include <fmt/format.h>

#include "app/cli/object_kind.h"
#include "core/base/version.h"
#include "imaging/dicom/write_objects.h"
#include "imaging/dicom/write_series.h"

namespace bloch::app {
namespace {

imaging::DerivedSeries describe_reconstruction(const ReconResult& result, const SeriesInfo* source) {
  const imaging::ReconstructedScan& scan = result.scan;
  const std::string base = source ? source->description : std::string();
  imaging::DerivedSeries derived;
  derived.description = fmt::format("{}{}{} R {:.3g}{}", base, base.empty() ? "" : " ", result.task.method,
                                    scan.acceleration, scan.simulated.empty() ? "" : " simulated");
  derived.derivation_description =
      fmt::format("{} reconstruction, lambda {:.4g}{}, by Bloch {}", result.task.method, scan.lambda,
                  scan.lambda_tv ? fmt::format(", lambda-tv {:.4g}", *scan.lambda_tv) : "", version());
  derived.image_comments =
      std::string(not_for_diagnosis) + (scan.simulated.empty() ? "" : "; " + scan.simulated);
  derived.modality = "MR";
  return derived;
}

/// What was reconstructed is an MR image, whatever lends it patient and place.
void warn_of_another_modality(const Invocation& invocation, const char* whose, const SeriesInfo& source,
                              bool one_file) {
  if (source.modality == "MR" || (source.modality == "OT" && source.sop_class_uid.empty())) return;
  invocation.warn(
      fmt::format("{} is {}, but a reconstruction is an MR image: it is written as {}, with the patient "
                  "and the study of that series",
                  whose, source.modality, one_file ? "an enhanced MR" : "MR images"));
}

} // namespace

Result<void> write_recon_dicom(const Invocation& invocation, const ReconOptions& options,
                               const ReconResult& result) {
  const auto& image = result.input.image;
  const imaging::OpenedImage* source = result.like ? &*result.like : image ? &*image : nullptr;
  const bool one_file = is_dicom_file(options.out);
  imaging::DerivedSeries derived = describe_reconstruction(result, source ? &source->series : nullptr);
  const SeriesInfo raw_data{}; // nothing is burned into them, whatever --like says
  derived.made_from = image ? &image->series : &raw_data;
  if (!image) derived.inverse = false; // much signal is bright, whatever --like is
  if (result.like) derived.frame_of_reference_uid = result.like->series.frame_of_reference_uid; // and its grid
  SeriesPlace place;
  if (source) {
    warn_of_another_modality(invocation, result.like ? "--like" : "the input", source->series, one_file);
    place = {&source->patient, &source->study, &source->series};
  }
  const Progress progress = invocation.progress.child(0.95, 1, "write");
  if (one_file && image && image->series.inverse) invocation.warn(imaging::polarity_is_lost);
  if (one_file) return imaging::write_enhanced_mr(options.out, result.image, place, derived, progress);
  return imaging::write_derived_series(options.out, result.image, place, derived, progress);
}

} // namespace bloch::app
