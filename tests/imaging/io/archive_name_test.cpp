#include "imaging/io/archive_name.h"

#include <gtest/gtest.h>

namespace bloch::imaging {

TEST(ArchiveName, IsToldByItsEnding) {
  for (const char* name : {"a.zip", "A.ZIP", "a.tar", "a.tar.gz", "a.tgz", "a.tar.bz2", "a.tbz2", "a.tar.xz",
                           "a.txz", "a.7z", "a.iso", "folder/one.dcm.gz"})
    EXPECT_TRUE(is_archive_name(name)) << name;
}

TEST(ArchiveName, IsNoImageFileAndNoFolder) {
  for (const char* name : {"image.nii.gz", "IMAGE.NII.GZ", "one.dcm", "zip", "a.zip/one", ""})
    EXPECT_FALSE(is_archive_name(name)) << name;
}

} // namespace bloch::imaging
