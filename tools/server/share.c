// SPDX-License-Identifier: Apache-2.0
//
// share.c - see share.h. The file is one line of fixed length for each epoch:
//
//   20261100 64 hexadecimal digits
//
// so that a key is added by an append and destroyed by writing zeros over its
// digits, in place. A line that was cut off by a crash is dropped: nothing was
// sealed under a key before its line was synced.

#include "share.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/rand.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "../common/buffer.h"
#include "../common/gcm.h"

enum { DIGITS = 8, LINE = DIGITS + 1 + 2 * SJ_GCM_KEY + 1, AAD = 160 };

typedef struct epoch {
  uint32_t number;
  bool destroyed;
  uint8_t key[SJ_GCM_KEY];
} epoch;

struct keks {
  pthread_rwlock_t *lock; // pointed to: sealing takes a const keks
  int fd;
  size_t count;
  epoch epochs[SHARE_EPOCHS]; // as in the file
};

static int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool read_line(const char line[LINE], epoch *out) {
  *out = (epoch){.destroyed = true};
  for (int i = 0; i < DIGITS; i++) {
    if (line[i] < '0' || line[i] > '9') return false;
    out->number = out->number * 10 + (uint32_t)(line[i] - '0');
  }
  if (line[DIGITS] != ' ' || line[LINE - 1] != '\n') return false;
  for (int i = 0; i < SJ_GCM_KEY; i++) {
    const int high = hex_value(line[DIGITS + 1 + 2 * i]);
    const int low = hex_value(line[DIGITS + 2 + 2 * i]);
    if (high < 0 || low < 0) return false;
    out->key[i] = (uint8_t)(high * 16 + low);
    if (out->key[i] != 0) out->destroyed = false; // zeros are no key
  }
  return true;
}

static void write_line(const epoch *from, char line[LINE + 1]) {
  (void)snprintf(line, LINE + 1, "%08u ", (unsigned)from->number);
  for (size_t i = 0; i < SJ_GCM_KEY; i++)
    (void)snprintf(line + DIGITS + 1 + (size_t)2 * i, 4, "%02x", from->key[i]);
  line[LINE - 1] = '\n';
  line[LINE] = '\0';
}

static bool write_at(int fd, const char *data, size_t len, off_t at) {
  while (len > 0) {
    const ssize_t done = pwrite(fd, data, len, at);
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) return false;
    data += done;
    at += done;
    len -= (size_t)done;
  }
  return fsync(fd) == 0;
}

static share_status read_file(keks *self) {
  struct stat info;
  if (fstat(self->fd, &info) != 0) return SHARE_FILE;
  if (!S_ISREG(info.st_mode)) return SHARE_FORM;
  if ((info.st_mode & 077) != 0) return SHARE_OPEN;
  const size_t count = (size_t)info.st_size / LINE;
  if (count > SHARE_EPOCHS) return SHARE_FORM;
  if (info.st_size % LINE != 0 &&
      ftruncate(self->fd, (off_t)(count * LINE)) != 0)
    return SHARE_FILE;
  char line[LINE];
  share_status status = SHARE_OK;
  for (size_t i = 0; i < count && status == SHARE_OK; i++) {
    const ssize_t got = pread(self->fd, line, LINE, (off_t)(i * LINE));
    epoch *into = &self->epochs[i];
    if (got != LINE)
      status = SHARE_FILE;
    else if (!read_line(line, into) ||
             (i > 0 && into->number <= into[-1].number))
      status = SHARE_FORM;
    else
      self->count++;
  }
  sj_memory_wipe(line, sizeof(line));
  return status;
}

// A new file's name is on disk only once its folder is.
static bool sync_folder(const char *path) {
  char folder[4096];
  const char *slash = strrchr(path, '/');
  const size_t len = slash != NULL ? (size_t)(slash - path) + 1 : 0;
  if (len >= sizeof(folder)) return false;
  memcpy(folder, path, len);
  folder[len] = '\0';
  const int fd = open(len > 0 ? folder : ".", O_RDONLY | O_DIRECTORY);
  if (fd < 0) return false;
  const bool good = fsync(fd) == 0;
  (void)close(fd);
  return good;
}

share_status keks_open(const char *path, keks **out) {
  *out = NULL;
  keks *self = calloc(1, sizeof(*self));
  pthread_rwlock_t *lock = malloc(sizeof(*lock));
  if (self == NULL || lock == NULL || pthread_rwlock_init(lock, NULL) != 0) {
    free(self);
    free(lock);
    return SHARE_NOMEM;
  }
  self->lock = lock;
  const int how = O_RDWR | O_CLOEXEC | O_NOFOLLOW;
  self->fd = open(path, how | O_CREAT | O_EXCL, 0600);
  share_status status = SHARE_OK;
  if (self->fd >= 0)
    status = sync_folder(path) ? SHARE_OK : SHARE_FILE;
  else if (errno == EEXIST)
    self->fd = open(path, how);
  if (self->fd < 0) status = SHARE_FILE;
  if (status == SHARE_OK) status = read_file(self);
  if (status == SHARE_OK) {
    *out = self;
  } else {
    const int error = errno; // the caller shows it
    keks_close(self);
    errno = error;
  }
  return status;
}

void keks_close(keks *self) {
  if (self == NULL) return;
  if (self->fd >= 0) (void)close(self->fd);
  (void)pthread_rwlock_destroy(self->lock);
  free(self->lock);
  sj_memory_wipe(self, sizeof(*self));
  free(self);
}

uint32_t keks_epoch(int64_t now_s) {
  const time_t now = (time_t)now_s;
  struct tm tm;
  if (gmtime_r(&now, &tm) == NULL || tm.tm_year < 70 || tm.tm_year > 8099)
    return 0;
  return ((uint32_t)(tm.tm_year + 1900) * 100 + (uint32_t)tm.tm_mon + 1) * 100;
}

static share_status add(keks *self, uint32_t number) {
  if (self->count == SHARE_EPOCHS) return SHARE_FORM;
  epoch *fresh = &self->epochs[self->count];
  *fresh = (epoch){.number = number};
  if (RAND_bytes(fresh->key, SJ_GCM_KEY) != 1) return SHARE_CRYPTO;
  char line[LINE + 1];
  write_line(fresh, line);
  const bool good = write_at(self->fd, line, LINE, (off_t)(self->count * LINE));
  sj_memory_wipe(line, sizeof(line));
  if (good)
    self->count++;
  else
    sj_memory_wipe(fresh, sizeof(*fresh));
  return good ? SHARE_OK : SHARE_FILE;
}

share_status keks_roll(keks *self, int64_t now_s) {
  const uint32_t first = keks_epoch(now_s);
  if (first == 0) return SHARE_NO_EPOCH;
  if (pthread_rwlock_wrlock(self->lock) != 0) return SHARE_CRYPTO;
  // A clock that went back draws nothing: the newest serves on.
  const epoch *last = self->count > 0 ? &self->epochs[self->count - 1] : NULL;
  share_status status = SHARE_OK;
  if (last == NULL || last->number < first)
    status = add(self, first);
  else if (last->destroyed)
    status =
        last->number % 100 < 99 ? add(self, last->number + 1) : SHARE_NO_EPOCH;
  (void)pthread_rwlock_unlock(self->lock);
  return status;
}

size_t keks_epochs(const keks *self, uint32_t *out, size_t room) {
  size_t count = 0;
  if (pthread_rwlock_rdlock(self->lock) != 0) return 0;
  for (size_t i = 0; i < self->count; i++) {
    if (self->epochs[i].destroyed) continue;
    if (count < room) out[count] = self->epochs[i].number;
    count++;
  }
  (void)pthread_rwlock_unlock(self->lock);
  return count;
}

// What binds a sealed share: its use, its epoch, its job.
static size_t bind_to(const char *job_id, uint32_t number, char out[AAD]) {
  const int len =
      snprintf(out, AAD, "scrubjay share v1:%08u:%s", (unsigned)number, job_id);
  return len > 0 && len < AAD ? (size_t)len : 0;
}

// The key's copy, so that no lock is held over the cipher. 0 is the newest.
static share_status
key_of(const keks *self, uint32_t *number, uint8_t key[SJ_GCM_KEY]) {
  if (pthread_rwlock_rdlock(self->lock) != 0) return SHARE_CRYPTO;
  share_status status = SHARE_NO_EPOCH;
  for (size_t i = self->count; i-- > 0 && status != SHARE_OK;) {
    const epoch *at = &self->epochs[i];
    if (at->destroyed || (*number != 0 && at->number != *number)) continue;
    *number = at->number;
    memcpy(key, at->key, SJ_GCM_KEY);
    status = SHARE_OK;
  }
  (void)pthread_rwlock_unlock(self->lock);
  return status;
}

share_status share_seal(const keks *self,
                        const char *job_id,
                        const uint8_t share[SHARE_BYTES],
                        uint32_t *out_epoch,
                        uint8_t sealed[SHARE_SEALED]) {
  uint8_t key[SJ_GCM_KEY];
  char aad[AAD];
  *out_epoch = 0;
  share_status status = key_of(self, out_epoch, key);
  if (status != SHARE_OK) return status;
  const size_t len = bind_to(job_id, *out_epoch, aad);
  const sj_gcm gcm = {key, sealed, aad, len};
  if (len == 0 || RAND_bytes(sealed, SJ_GCM_NONCE) != 1 ||
      !sj_gcm_seal(&gcm, share, SHARE_BYTES, sealed + SJ_GCM_NONCE,
                   sealed + SJ_GCM_NONCE + SHARE_BYTES)) {
    sj_memory_wipe(sealed, SHARE_SEALED);
    status = SHARE_CRYPTO;
  }
  sj_memory_wipe(key, sizeof(key));
  return status;
}

share_status share_open(const keks *self,
                        const char *job_id,
                        uint32_t number,
                        const uint8_t sealed[SHARE_SEALED],
                        uint8_t share[SHARE_BYTES]) {
  uint8_t key[SJ_GCM_KEY];
  char aad[AAD];
  memset(share, 0, SHARE_BYTES);
  if (number == 0) return SHARE_NO_EPOCH;
  share_status status = key_of(self, &number, key);
  if (status != SHARE_OK) return status;
  const size_t len = bind_to(job_id, number, aad);
  const sj_gcm gcm = {key, sealed, aad, len};
  if (len == 0 || !sj_gcm_open(&gcm, sealed + SJ_GCM_NONCE, SHARE_BYTES,
                               sealed + SJ_GCM_NONCE + SHARE_BYTES, share))
    status = SHARE_REFUSED;
  sj_memory_wipe(key, sizeof(key));
  return status;
}

share_status share_destroy_epoch(keks *self, uint32_t number) {
  if (pthread_rwlock_wrlock(self->lock) != 0) return SHARE_CRYPTO;
  share_status status = SHARE_NO_EPOCH;
  for (size_t i = 0; i < self->count; i++) {
    epoch *at = &self->epochs[i];
    if (at->number != number || at->destroyed) continue;
    char line[LINE + 1];
    sj_memory_wipe(at->key, SJ_GCM_KEY);
    at->destroyed = true;
    write_line(at, line);
    status = write_at(self->fd, line, LINE, (off_t)(i * LINE)) ? SHARE_OK
                                                               : SHARE_FILE;
  }
  (void)pthread_rwlock_unlock(self->lock);
  return status;
}

const char *share_status_text(share_status status) {
  static const char *const texts[] = {
      [SHARE_OK] = "done",
      [SHARE_NOMEM] = "out of memory",
      [SHARE_FILE] = "the file of share keys cannot be read or written",
      [SHARE_OPEN] = "the file of share keys may be read by others: chmod 600",
      [SHARE_FORM] = "no file of share keys",
      [SHARE_NO_EPOCH] = "no key of this epoch",
      [SHARE_REFUSED] = "the sealed share is not this job's, or was changed",
      [SHARE_CRYPTO] = "OpenSSL failed"};
  return texts[status];
}
