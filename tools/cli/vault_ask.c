// SPDX-License-Identifier: Apache-2.0
//
// vault_ask.c - see vault_ask.h.

#include "vault_ask.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "../common/say.h"

enum { MOST = 256 };

bool sj_passphrase_make(char out[SJ_PASSPHRASE]) {
  // No I, L, O, U: nobody mistakes one for another.
  static const char letters[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  uint8_t random[16];
  if (RAND_bytes(random, sizeof(random)) != 1) {
    sj_say("the system gives no random numbers", NULL);
    return false;
  }
  char *at = out;
  for (size_t i = 0; i < sizeof(random); i++) {
    if (i > 0 && i % 4 == 0) *at++ = '-';
    *at++ = letters[random[i] & 31];
  }
  *at = '\0';
  sj_memory_wipe(random, sizeof(random));
  return true;
}

// The descriptor that a word names; the terminal for NULL. -1 after a message.
static int open_fd(const char *word, int how) {
  if (!word) {
    const int fd = open("/dev/tty", how | O_NOCTTY | O_CLOEXEC);
    if (fd < 0)
      sj_say("there is no terminal; --passphrase-fd and --show-fd name "
             "descriptors",
             NULL);
    return fd;
  }
  char *end = NULL;
  const long fd = strtol(word, &end, 10);
  if (word[0] < '0' || word[0] > '9' || *end || fd > 1023 ||
      fcntl((int)fd, F_GETFD) < 0) {
    sj_say("this is no open descriptor", word);
    return -1;
  }
  return (int)fd;
}

static bool put(int fd, const char *text) {
  size_t left = strlen(text);
  while (left > 0) {
    const ssize_t done = write(fd, text, left);
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) return false;
    text += done;
    left -= (size_t)done;
  }
  return true;
}

bool sj_passphrase_show(const char *whose, const char *text, const char *word) {
  const int fd = open_fd(word, O_WRONLY);
  if (fd < 0) return false;
  const bool good =
      put(fd, whose) && put(fd, " ") && put(fd, text) && put(fd, "\n") &&
      (word || put(fd, "Write it down now: it is not shown again.\n"));
  if (!good) sj_say("a new passphrase could not be shown", strerror(errno));
  if (!word) close(fd);
  return good;
}

// One line, a byte at a time: what follows is not ours to read. On a terminal
// without signals and lines of its own, so that no key leaves it silent.
static bool read_line(int fd, bool terminal, char text[MOST], size_t *len) {
  for (;;) {
    char c = 0;
    const ssize_t got = read(fd, &c, 1);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 || (terminal && c == 3)) return false; // Ctrl+C
    if (got == 0 || c == '\n' || c == '\r' || (terminal && c == 4)) return true;
    if (terminal && (c == 8 || c == 127)) {
      if (*len > 0) --*len;
      continue;
    }
    if (*len == MOST) return false;
    text[(*len)++] = c;
  }
}

static bool ask_terminal(const char *whose, int fd, char *text, size_t *len) {
  const int screen = open_fd(NULL, O_WRONLY);
  struct termios before;
  if (screen < 0 || tcgetattr(fd, &before) != 0) {
    if (screen >= 0) close(screen);
    return false;
  }
  struct termios quiet = before;
  quiet.c_lflag &= (tcflag_t) ~(ECHO | ICANON | ISIG);
  // Silent first: whoever types at once is not to see it on the screen.
  bool good = tcsetattr(fd, TCSAFLUSH, &quiet) == 0 && put(screen, whose) &&
              put(screen, " passphrase: ");
  good = good && read_line(fd, true, text, len);
  (void)tcsetattr(fd, TCSAFLUSH, &before);
  (void)put(screen, "\n");
  close(screen);
  return good;
}

bool sj_passphrase_ask(const char *whose, const char *word, sj_buffer *out) {
  char text[MOST];
  size_t len = 0;
  const int fd = open_fd(word, O_RDONLY);
  if (fd < 0) return false;
  bool good = word ? read_line(fd, false, text, &len)
                   : ask_terminal(whose, fd, text, &len);
  const char *first = text;
  while (len > 0 && (*first == ' ' || *first == '\t'))
    first++, len--;
  while (len > 0 && (first[len - 1] == ' ' || first[len - 1] == '\t'))
    len--;
  good = good && len > 0;
  if (good) sj_buffer_add(out, first, len);
  if (!good) sj_say("no passphrase came", whose);
  sj_memory_wipe(text, sizeof(text));
  if (!word) close(fd);
  return good && !out->failed;
}
