#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/data/kspace.h"

namespace bloch {

/// A file of k-space, or of complex numbers that may be k-space, as its head tells it. At least one of parts,
/// maps and image is there; where several are, nothing in the file says which is meant.
struct RawDataInfo {
  /// One image's worth of raw data.
  struct Part {
    std::string name; ///< "contrast=1"; empty where there is one alone
    KSpaceSize size;
  };
  struct Maps {
    std::array<int, 3> size{}; ///< x, y, z
    int coils = 1;
    int sets = 1;      ///< of soft-SENSE, or one a slice
    std::string array; ///< as RawDataInfo::array
  };
  struct Image {
    std::array<int, 3> size{}; ///< x, y, z
    std::string array;         ///< as RawDataInfo::array
  };

  std::filesystem::path path;
  std::string format;      ///< "NumPy array"
  std::string array;       ///< the one of several that is read as k-space: FILE#NAME
  std::string axes;        ///< how they are read: "[coil][ky][kx]"; empty: the file names them
  std::vector<Part> parts; ///< as k-space; empty: it cannot be, for the reason in `refusal`
  std::string refusal;
  int part_count = 0; ///< of which `parts` may name the first alone
  /// As k-space when a person says that there is no coil axis; nothing where that makes no difference.
  std::optional<KSpaceSize> without_coil_axis;
  std::optional<Maps> maps;       ///< as coil maps
  std::optional<Image> image;     ///< as a complex image
  std::vector<std::string> notes; ///< what the file says of the scan
  std::string simulated;          ///< as KSpace::simulated

  /// Whether what is read as k-space may as well be an image or coil maps: nothing in the file says which.
  bool is_ambiguous() const;
};

/// "kx 64 x ky 48, 4 coils, 3 slices"
std::string to_text(const KSpaceSize& size);

} // namespace bloch
