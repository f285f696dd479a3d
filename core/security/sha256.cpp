#include "core/security/sha256.h"

#include <array>
#include <fstream>
#include <memory>

#include <openssl/evp.h>

#include "core/base/contract.h"
#include "core/base/file.h"
#include "core/base/mapped_file.h"

namespace bloch {
namespace {

class Digest {
 public:
  Digest()
      : context_(EVP_MD_CTX_new(), &EVP_MD_CTX_free) {
    BLOCH_EXPECTS(context_ && EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) == 1);
  }
  void add(std::string_view bytes) {
    BLOCH_EXPECTS(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1);
  }
  std::string hexadecimal() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
    unsigned length = 0;
    BLOCH_EXPECTS(EVP_DigestFinal_ex(context_.get(), bytes.data(), &length) == 1);
    std::string text;
    for (unsigned i = 0; i < length; ++i) {
      constexpr char digits[] = "0123456789abcdef";
      text += digits[bytes[i] >> 4];
      text += digits[bytes[i] & 15];
    }
    return text;
  }

 private:
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

} // namespace

std::string sha256_of(std::string_view bytes) {
  Digest digest;
  digest.add(bytes);
  return digest.hexadecimal();
}

Result<std::string> sha256_of_file(const std::filesystem::path& path) {
  std::error_code code;
  if (std::filesystem::is_directory(path, code)) return failure(file_error(path, EISDIR, false));
  if (const MappedFile mapped = map_file(path); mapped.owner)
    return sha256_of({reinterpret_cast<const char*>(mapped.bytes.data()), mapped.bytes.size()});
  std::ifstream file(path, std::ios::binary);
  if (!file) return failure(file_error(path, errno ? errno : ENOENT, false));
  Digest digest;
  std::vector<char> block(1 << 16);
  while (file.read(block.data(), static_cast<std::streamsize>(block.size())) || file.gcount() > 0)
    digest.add({block.data(), static_cast<std::size_t>(file.gcount())});
  return digest.hexadecimal();
}

} // namespace bloch
