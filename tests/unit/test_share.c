// SPDX-License-Identifier: Apache-2.0
//
// Shares under epochs: what is sealed opens for its job alone, and a destroyed
// epoch is gone from memory and file.

#include "check.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "share.h"

#define JOB "01980000-0000-7000-8000-000000000001"
static char path[64];
static const int64_t NOVEMBER = 1795000000; // 2026-11-18
static const int64_t DECEMBER = 1797000000; // 2026-12-11

static uint8_t share[SHARE_BYTES], back[SHARE_BYTES], sealed[SHARE_SEALED];

static keks *opened(void) {
  keks *self = NULL;
  CHECK(keks_open(path, &self) == SHARE_OK);
  return self;
}

static size_t file(char *out, size_t room) {
  FILE *in = fopen(path, "rb");
  const size_t len = fread(out, 1, room, in);
  fclose(in);
  return len;
}

static void write_file(const char *text, size_t len, unsigned mode) {
  unlink(path);
  FILE *out = fopen(path, "wb");
  fwrite(text, 1, len, out);
  fclose(out);
  chmod(path, mode);
}

static void what_is_sealed_opens_for_its_job_and_epoch(void) {
  keks *self = opened();
  uint32_t epoch = 1;
  CHECK(share_seal(self, JOB, share, &epoch, sealed) == SHARE_NO_EPOCH);
  CHECK(keks_roll(self, NOVEMBER) == SHARE_OK);
  CHECK(keks_roll(self, NOVEMBER + 60) == SHARE_OK);
  CHECK(share_seal(self, JOB, share, &epoch, sealed) == SHARE_OK);
  CHECK(epoch == 20261100);
  CHECK(memcmp(sealed + 12, share, sizeof share) != 0);
  CHECK(share_open(self, JOB, epoch, sealed, back) == SHARE_OK);
  CHECK(memcmp(back, share, sizeof share) == 0);
  CHECK(share_open(self, JOB "x", epoch, sealed, back) == SHARE_REFUSED);
  for (size_t i = 0; i < SHARE_SEALED; i++) {
    sealed[i] ^= 1;
    CHECK(share_open(self, JOB, epoch, sealed, back) == SHARE_REFUSED);
    CHECK(back[0] == 0 && memcmp(back, back + 1, sizeof back - 1) == 0);
    sealed[i] ^= 1;
  }
  CHECK(share_open(self, JOB, epoch + 1, sealed, back) == SHARE_NO_EPOCH);
  CHECK(share_open(self, JOB, 0, sealed, back) == SHARE_NO_EPOCH);
  // The same share twice is two texts.
  uint8_t again[SHARE_SEALED];
  CHECK(share_seal(self, JOB, share, &epoch, again) == SHARE_OK);
  CHECK(memcmp(again, sealed, sizeof again) != 0);
  keks_close(self);
  struct stat info;
  CHECK(stat(path, &info) == 0 && (info.st_mode & 0777) == 0600);
}

static void a_new_month_seals_anew_and_still_opens_the_old(void) {
  keks *self = opened();
  uint32_t epoch = 0;
  uint32_t epochs[4];
  CHECK(keks_roll(self, DECEMBER) == SHARE_OK);
  CHECK(keks_epochs(self, epochs, 4) == 2 && epochs[1] == 20261200);
  CHECK(share_open(self, JOB, 20261100, sealed, back) == SHARE_OK);
  uint8_t newer[SHARE_SEALED];
  CHECK(share_seal(self, JOB, share, &epoch, newer) == SHARE_OK);
  CHECK(epoch == 20261200);
  CHECK(share_open(self, JOB, 20261100, newer, back) == SHARE_REFUSED);
  // A clock that went back draws no key of the past.
  CHECK(keks_roll(self, NOVEMBER) == SHARE_OK);
  CHECK(keks_epochs(self, epochs, 4) == 2);
  keks_close(self);
}

static void a_destroyed_epoch_is_gone_for_good(void) {
  char before[1024];
  char after[1024];
  keks *self = opened();
  const size_t len = file(before, sizeof before);
  CHECK(len == 2 * 74 && memcmp(before, "20261100 ", 9) == 0);
  CHECK(share_destroy_epoch(self, 20261100) == SHARE_OK);
  CHECK(share_open(self, JOB, 20261100, sealed, back) == SHARE_NO_EPOCH);
  CHECK(share_destroy_epoch(self, 20261100) == SHARE_NO_EPOCH);
  CHECK(file(after, sizeof after) == len);
  for (int i = 9; i < 9 + 64; i++)
    CHECK(after[i] == '0');
  CHECK(memcmp(before + 74, after + 74, 74) == 0);
  keks_close(self);
  self = opened();
  CHECK(share_open(self, JOB, 20261100, sealed, back) == SHARE_NO_EPOCH);
  // The month in use too: another key follows, and what was sealed is lost.
  uint32_t epoch = 0;
  CHECK(share_seal(self, JOB, share, &epoch, sealed) == SHARE_OK);
  CHECK(share_destroy_epoch(self, epoch) == SHARE_OK);
  uint8_t none[SHARE_SEALED];
  CHECK(share_seal(self, JOB, share, &epoch, none) == SHARE_NO_EPOCH);
  CHECK(keks_roll(self, DECEMBER) == SHARE_OK);
  CHECK(share_seal(self, JOB, share, &epoch, none) == SHARE_OK);
  CHECK(epoch == 20261201);
  CHECK(share_open(self, JOB, 20261200, sealed, back) == SHARE_NO_EPOCH);
  keks_close(self);
}

static void a_file_that_is_none_is_refused(void) {
  keks *self = NULL;
  char good[1024];
  const size_t len = file(good, sizeof good);
  // A line that a crash cut off was never sealed under.
  write_file(good, len - 5, 0600);
  self = opened();
  CHECK(keks_epochs(self, NULL, 0) == 0);
  keks_close(self);
  CHECK(file(good, sizeof good) == len - 74);
  write_file(good, len - 74, 0640);
  CHECK(keks_open(path, &self) == SHARE_OPEN && self == NULL);
  good[3] = 'x';
  write_file(good, len - 74, 0600);
  CHECK(keks_open(path, &self) == SHARE_FORM && self == NULL);
  good[3] = '9'; // then the next line's number is smaller
  write_file(good, len - 74, 0600);
  CHECK(keks_open(path, &self) == SHARE_FORM);
  unlink(path);
  CHECK(symlink("/dev/null", path) == 0);
  CHECK(keks_open(path, &self) == SHARE_FILE);
  unlink(path);
  CHECK(keks_open("/nowhere/at/all", &self) == SHARE_FILE);
}

int main(void) {
  snprintf(path, sizeof path, "test_share.%ld", (long)getpid());
  for (size_t i = 0; i < sizeof share; i++)
    share[i] = (uint8_t)(i * 7 + 1);
  RUN(what_is_sealed_opens_for_its_job_and_epoch);
  RUN(a_new_month_seals_anew_and_still_opens_the_old);
  RUN(a_destroyed_epoch_is_gone_for_good);
  RUN(a_file_that_is_none_is_refused);
  unlink(path);
  return CHECK_DONE();
}
