#include "imaging/dicom/medium_name.h"

#include <gtest/gtest.h>

namespace bloch::imaging {

TEST(MediumName, IsOneWhateverTheFileSystemMadeOfIt) {
  for (const char* name : {"IM0001", "im0001", "IM0001.", "IM0001.;1", "Im0001;12"})
    EXPECT_EQ(medium_name(name), "im0001") << name;
  EXPECT_EQ(medium_name("A.DCM;1"), "a.dcm");
}

TEST(MediumName, TellsADirectoryOfAMedium) {
  for (const char* name : {"DICOMDIR", "dicomdir", "cd/DICOMDIR.;1"})
    EXPECT_TRUE(is_dicomdir_name(name)) << name;
  for (const char* name : {"DICOMDIR.txt", "DICOMDIR/x", ""}) EXPECT_FALSE(is_dicomdir_name(name)) << name;
}

} // namespace bloch::imaging
