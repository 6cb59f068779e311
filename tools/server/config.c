// SPDX-License-Identifier: Apache-2.0
//
// config.c - one table of all keys, read from file, environment and words.

#include "config.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ini.h"
#include "log.h"

extern char **environ;

enum { FILE_MAX = 64 * 1024, NAME_ROOM = 64 };

typedef enum kind {
  WORD,   // text, `most` bytes with its NUL
  PATH,   // the same, of something that must be there to be read
  NUMBER, // `least` to `most`
  CHOICE, // the first of two words is true
  LISTEN, // ADDRESS:PORT into host and port
  ADMIN   // the same, or `off`
} kind;

typedef struct key {
  const char *section, *name;
  kind kind;
  size_t at; // of its field in config
  int64_t least, most;
  const char *initial; // as it would be written
} key;

#define TEXT(section, name, kind, field, initial)                              \
  {                                                                            \
    section, name, kind, offsetof(config, field), 0,                           \
        (int64_t)sizeof(((config *)0)->field), initial                         \
  }
#define COUNT(section, name, field, least, most, initial)                      \
  { section, name, NUMBER, offsetof(config, field), least, most, initial }
#define FLAG(section, name, field, initial)                                    \
  { section, name, CHOICE, offsetof(config, field), 0, 0, initial }

static const key KEYS[] = {
    TEXT("server", "listen", LISTEN, host, "127.0.0.1:8642"),
    TEXT("server", "root", PATH, root, ""),
    TEXT("server", "origins", WORD, origins, ""),
    TEXT("admin", "listen", ADMIN, admin_host, "off"),
    TEXT("store", "path", WORD, store, ""),
    FLAG("token", "dev_issuer", dev_issuer, "no"),
    TEXT("token", "issuer", WORD, issuer, ""),
    TEXT("token", "audience", WORD, audience, ""),
    TEXT("token", "jwks", PATH, jwks, ""),
    FLAG("vault", "mode", vault_sealed, "off"),
    TEXT("vault", "root_key", PATH, root_key, ""),
    TEXT("vault", "kek", PATH, kek, ""),
    COUNT("vault", "retention_days", retention_days, 1, 365, "30"),
    TEXT("audit", "checkpoint_key", PATH, checkpoint_key, ""),
    TEXT("audit", "checkpoint_dir", PATH, checkpoint_dir, ""),
    TEXT("audit", "checkpoint_origin", WORD, checkpoint_origin, "scrubjayd"),
    COUNT("audit", "checkpoint_seconds", checkpoint_seconds, 1, 86400, "60"),
    COUNT("audit", "checkpoint_rows", checkpoint_rows, 1, 1000000, "1000"),
    COUNT("limits", "body_bytes", body_bytes, 1024, 16777216, "262144"),
    COUNT("limits", "entities", entities, 1, 100000, "2000"),
    COUNT("limits", "connections", connections, 8, 60000, "1024"),
    COUNT("limits", "header_seconds", header_seconds, 1, 600, "10"),
    COUNT("limits", "body_seconds", body_seconds, 1, 600, "30"),
    COUNT("limits", "idle_seconds", idle_seconds, 1, 600, "20"),
    COUNT("limits", "submits_per_minute", submits_per_minute, 1, 1000000, "20"),
    COUNT("limits", "submit_burst", submit_burst, 1, 1000000, "40"),
    COUNT("limits", "releases_per_hour", releases_per_hour, 1, 1000000, "60"),
    COUNT("limits",
          "auth_failures_per_minute",
          auth_failures_per_minute,
          1,
          1000000,
          "20"),
    COUNT("limits", "queue", queue, 1, 65536, "1024"),
    COUNT("limits", "disk_free_mb", disk_free_mb, 0, 1048576, "256"),
    COUNT("limits", "disk_free_percent", disk_free_percent, 0, 50, "5"),
    COUNT("retention", "text_days", text_days, 1, 3650, "180"),
    COUNT("retention", "feedback_days", feedback_days, 1, 3650, "365"),
    COUNT("retention", "idempotency_days", idempotency_days, 1, 365, "7"),
    FLAG("guard", "mode", guard, "refuse"),
    TEXT("log", "level", WORD, log_level, "info"),
};
enum { KEY_COUNT = sizeof(KEYS) / sizeof(KEYS[0]) };

// The two words of a choice, the true one first.
static const char *const *choices(const key *of) {
  static const char *const yes[] = {"yes", "no"};
  static const char *const vault[] = {"sealed", "off"};
  static const char *const guard[] = {"refuse", "off"};
  if (strcmp(of->section, "vault") == 0) return vault;
  return strcmp(of->section, "guard") == 0 ? guard : yes;
}

static void *field(config *self, const key *of) {
  return (char *)self + of->at;
}

static bool read_number(const char *word, int64_t most, int64_t *out) {
  int64_t value = 0;
  for (const char *at = word; *at != '\0'; at++) {
    if (*at < '0' || *at > '9') return false;
    value = value * 10 + (*at - '0');
    if (value > most) return false;
  }
  *out = value;
  return word[0] != '\0';
}

// ADDRESS:PORT, an IPv6 address in brackets. The address is checked to be one.
static bool
read_listen(const char *word, char host[CONFIG_HOST], uint16_t *to) {
  const char *colon = strrchr(word, ':');
  int64_t port = 0;
  if (colon == NULL || !read_number(colon + 1, UINT16_MAX, &port)) return false;
  const bool six = word[0] == '[' && colon > word + 1 && colon[-1] == ']';
  const char *from = six ? word + 1 : word;
  const size_t len = (size_t)(colon - from) - (six ? 1 : 0);
  if (len >= CONFIG_HOST) return false;
  char copy[CONFIG_HOST] = {0};
  memcpy(copy, from, len);
  unsigned char address[16];
  if (inet_pton(six ? AF_INET6 : AF_INET, copy, address) != 1) return false;
  memcpy(host, copy, sizeof(copy));
  *to = (uint16_t)port;
  return true;
}

// NULL, or what is wrong with the value.
static const char *set(config *self, const key *of, const char *value) {
  switch (of->kind) {
  case WORD:
  case PATH:
    if (strlen(value) >= (size_t)of->most) return "the value is too long";
    memcpy(field(self, of), value, strlen(value) + 1);
    return NULL;
  case NUMBER: {
    int64_t number = 0;
    if (!read_number(value, of->most, &number) || number < of->least)
      return "not a number in its range";
    *(int64_t *)field(self, of) = number;
    return NULL;
  }
  case CHOICE: {
    const char *const *words = choices(of);
    const bool first = strcmp(value, words[0]) == 0;
    if (!first && strcmp(value, words[1]) != 0)
      return "not one of its two words";
    *(bool *)field(self, of) = first;
    return NULL;
  }
  case ADMIN:
    self->admin = strcmp(value, "off") != 0;
    if (!self->admin) return NULL;
    return read_listen(value, self->admin_host, &self->admin_port)
               ? NULL
               : "neither ADDRESS:PORT nor off";
  case LISTEN:
    break;
  }
  return read_listen(value, self->host, &self->port)
             ? NULL
             : "not a numeric ADDRESS:PORT";
}

static bool refuse(config_error *error,
                   const char *where,
                   const char *what,
                   const char *which) {
  (void)snprintf(error->what, sizeof(error->what), "%.*s: %s%s%.*s",
                 CONFIG_PATH, where, what, which == NULL ? "" : ": ", NAME_ROOM,
                 which == NULL ? "" : which);
  return false;
}

static const key *find(const char *section, const char *name) {
  for (size_t i = 0; i < KEY_COUNT; i++)
    if (strcmp(KEYS[i].section, section) == 0 &&
        strcmp(KEYS[i].name, name) == 0)
      return &KEYS[i];
  return NULL;
}

static bool
// NOLINTNEXTLINE(readability-non-const-parameter): ini_next() writes to it
read_text(config *self, const char *path, char *text, config_error *error) {
  bool seen[KEY_COUNT] = {false};
  ini_reader reader = {.at = text};
  char where[CONFIG_PATH + 32];
  while (ini_next(&reader)) {
    (void)snprintf(where, sizeof(where), "%.*s:%zu", CONFIG_PATH - 24, path,
                   reader.line);
    const key *found = find(reader.section, reader.key);
    if (found == NULL) return refuse(error, where, "unknown key", reader.key);
    if (seen[found - KEYS])
      return refuse(error, where, "the key stands here again", reader.key);
    seen[found - KEYS] = true;
    const char *wrong = set(self, found, reader.value);
    if (wrong != NULL) return refuse(error, where, wrong, reader.key);
  }
  (void)snprintf(where, sizeof(where), "%.*s:%zu", CONFIG_PATH - 24, path,
                 reader.line);
  return reader.wrong == NULL || refuse(error, where, reader.wrong, NULL);
}

static bool read_file(config *self, const char *path, config_error *error) {
  FILE *file = fopen(path, "rbe");
  if (file == NULL) return refuse(error, path, strerror(errno), NULL);
  char *text = malloc(FILE_MAX + 1);
  const size_t len = text == NULL ? 0 : fread(text, 1, FILE_MAX, file);
  bool ok = false;
  if (text == NULL || ferror(file)) {
    refuse(error, path, "the file cannot be read", NULL);
  } else if (fgetc(file) != EOF) {
    refuse(error, path, "the file is longer than 64 KB", NULL);
  } else if (memchr(text, '\0', len) != NULL) {
    refuse(error, path, "the file holds a NUL byte", NULL);
  } else {
    text[len] = '\0';
    ok = read_text(self, path, text, error);
  }
  free(text);
  (void)fclose(file);
  return ok;
}

// SCRUBJAYD_SERVER_LISTEN for [server] listen.
static bool
read_variable(config *self, const char *entry, config_error *error) {
  static const char prefix[] = "SCRUBJAYD_";
  if (strncmp(entry, prefix, sizeof(prefix) - 1) != 0) return true;
  const char *equals = strchr(entry, '=');
  const size_t len = equals == NULL ? 0 : (size_t)(equals - entry);
  char name[NAME_ROOM] = "", wanted[NAME_ROOM];
  if (len < sizeof(name)) memcpy(name, entry, len);
  for (size_t i = 0; len < sizeof(name) && equals != NULL && i < KEY_COUNT;
       i++) {
    (void)snprintf(wanted, sizeof(wanted), "%s%s_%s", prefix, KEYS[i].section,
                   KEYS[i].name);
    for (char *at = wanted; *at != '\0'; at++)
      if (*at >= 'a' && *at <= 'z') *at = (char)(*at - 'a' + 'A');
    if (strcmp(name, wanted) != 0) continue;
    const char *wrong = set(self, &KEYS[i], equals + 1);
    return wrong == NULL || refuse(error, "environment", wrong, name);
  }
  return refuse(error, "environment", "unknown variable", name);
}

bool config_is_loopback(const char *host) {
  return strncmp(host, "127.", 4) == 0 || strcmp(host, "::1") == 0;
}

// scheme://host[:port], lower case, as browsers write it.
static bool are_origins(const char *list) {
  for (const char *at = list; *at != '\0';) {
    const size_t len = strcspn(at, " \t");
    const size_t scheme = strncmp(at, "https://", 8) == 0  ? 8
                          : strncmp(at, "http://", 7) == 0 ? 7
                                                           : 0;
    if (scheme == 0 || len == scheme) return false;
    for (size_t i = scheme; i < len; i++)
      if (strchr("abcdefghijklmnopqrstuvwxyz0123456789.-:[]", at[i]) == NULL)
        return false;
    at += len;
    at += strspn(at, " \t");
  }
  return true;
}

// What must hold between keys: the first that does not.
static const char *conflict(const config *self) {
  const bool near = config_is_loopback(self->host);
  const bool issuer = self->issuer[0] != '\0' && self->audience[0] != '\0' &&
                      self->jwks[0] != '\0';
  log_level level = LOG_INFO;
  if (!near && self->dev_issuer)
    return "[token] dev_issuer needs a loopback [server] listen";
  if (!near && self->root[0] != '\0')
    return "[server] root needs a loopback listen: another origin serves the "
           "page";
  if (self->dev_issuer && issuer)
    return "[token] dev_issuer and an issuer exclude each other";
  if (self->store[0] != '\0' && !self->dev_issuer && !issuer)
    return "[store] path needs [token] issuer, audience and jwks";
  if (self->vault_sealed && (self->store[0] == '\0' ||
                             self->root_key[0] == '\0' || self->kek[0] == '\0'))
    return "[vault] mode = sealed needs root_key, kek and [store] path";
  if (!are_origins(self->origins))
    return "[server] origins are SCHEME://HOST[:PORT] in small letters, by "
           "blanks";
  if (!log_level_from_name(self->log_level, &level))
    return "[log] level is error, warn, info or debug";
  return NULL;
}

void config_defaults(config *out) {
  memset(out, 0, sizeof(*out));
  for (size_t i = 0; i < KEY_COUNT; i++)
    (void)set(out, &KEYS[i], KEYS[i].initial);
}

static bool
load(const char *path, char *const *env, config *out, config_error *error) {
  config_defaults(out);
  if (path != NULL && !read_file(out, path, error)) return false;
  for (; env != NULL && *env != NULL; env++)
    if (!read_variable(out, *env, error)) return false;
  return true;
}

static bool settle(const config *self, const char *path, config_error *error) {
  const char *wrong = conflict(self);
  return wrong == NULL ||
         refuse(error, path == NULL ? "configuration" : path, wrong, NULL);
}

bool config_load(const char *path,
                 char *const *environment,
                 config *out,
                 config_error *error) {
  return load(path, environment, out, error) && settle(out, path, error);
}

static bool wrong(const char *what, const char *word) {
  fprintf(stderr, "scrubjayd: %s: %s; --help shows the options\n", word, what);
  return false;
}

bool config_read(int argc, char **argv, config *out) {
  const char *path = NULL, *root = NULL;
  int64_t port = -1;
  bool help = false, version = false;
  for (int i = 1; i < argc; i++) {
    const char *word = argv[i];
    const char *next = i + 1 < argc ? argv[i + 1] : NULL;
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
      help = true;
    } else if (strcmp(word, "--version") == 0) {
      version = true;
    } else if (strcmp(word, "--root") == 0) {
      root = next;
      if (root == NULL || strlen(root) >= CONFIG_PATH)
        return wrong("needs a folder", word);
      i++;
    } else if (strcmp(word, "--config") == 0) {
      path = next;
      if (path == NULL) return wrong("needs a file", word);
      i++;
    } else if (strcmp(word, "--port") == 0) {
      if (next == NULL || !read_number(next, UINT16_MAX, &port))
        return wrong("needs a number from 0 to 65535", word);
      i++;
    } else {
      return wrong("is no option", word);
    }
  }
  config_error error = {""};
  bool ok = true;
  if (help || version) {
    config_defaults(out);
  } else if (root == NULL && path == NULL) {
    return wrong("one of them needs to be given", "--config, --root");
  } else {
    ok = load(path, environ, out, &error);
    if (root != NULL) memcpy(out->root, root, strlen(root) + 1);
    if (port >= 0) out->port = (uint16_t)port;
    ok = ok && settle(out, path, &error);
  }
  if (!ok) fprintf(stderr, "scrubjayd: %s\n", error.what);
  out->help = help;
  out->version = version;
  return ok;
}

static void print(config *self, const key *of) {
  const bool six = strchr(self->host, ':') != NULL;
  const bool admin_six = strchr(self->admin_host, ':') != NULL;
  switch (of->kind) {
  case NUMBER:
    printf("%s = %lld\n", of->name, (long long)*(int64_t *)field(self, of));
    return;
  case CHOICE:
    printf("%s = %s\n", of->name,
           choices(of)[*(bool *)field(self, of) ? 0 : 1]);
    return;
  case LISTEN:
    printf(six ? "%s = [%s]:%u\n" : "%s = %s:%u\n", of->name, self->host,
           (unsigned)self->port);
    return;
  case ADMIN:
    if (!self->admin)
      printf("%s = off\n", of->name);
    else
      printf(admin_six ? "%s = [%s]:%u\n" : "%s = %s:%u\n", of->name,
             self->admin_host, (unsigned)self->admin_port);
    return;
  case WORD:
  case PATH:
    printf("%s = %s\n", of->name, (const char *)field(self, of));
    return;
  }
}

int config_command(int argc, char **argv) {
  enum { USAGE = 2, INPUT = 3 };
  const char *path = NULL;
  if (argc == 4 && strcmp(argv[2], "--config") == 0) path = argv[3];
  if (argc < 2 || strcmp(argv[1], "check") != 0 ||
      (argc != 2 && path == NULL)) {
    fprintf(stderr, "usage: scrubjayd config check [--config FILE]\n");
    return USAGE;
  }
  config all;
  config_error error = {""};
  if (!config_load(path, environ, &all, &error)) {
    fprintf(stderr, "scrubjayd: %s\n", error.what);
    return INPUT;
  }
  int status = 0;
  for (size_t i = 0; i < KEY_COUNT; i++) {
    if (i == 0 || strcmp(KEYS[i].section, KEYS[i - 1].section) != 0)
      printf("%s[%s]\n", i == 0 ? "" : "\n", KEYS[i].section);
    print(&all, &KEYS[i]);
    const char *value = field(&all, &KEYS[i]);
    if (KEYS[i].kind != PATH || value[0] == '\0' || access(value, R_OK) == 0)
      continue;
    fprintf(stderr, "scrubjayd: [%s] %s: %s\n", KEYS[i].section, KEYS[i].name,
            strerror(errno));
    status = INPUT;
  }
  return status;
}

const char *config_help(void) {
  return "usage: scrubjayd [--config FILE] [--root DIR] [--port N]\n"
         "       scrubjayd config check [--config FILE]\n"
         "\n"
         "With --root alone it serves the built page to this machine alone\n"
         "(127.0.0.1). What a file may hold is in tools/server/README.md.\n"
         "\n"
         "  --config FILE  settings; SCRUBJAYD_SECTION_KEY overrides a key\n"
         "  --root DIR     folder of the page, such as build/web\n"
         "  --port N       port; 8642 where none is named, 0 for any free one\n"
         "  --version      print the version\n"
         "  --help         print this\n"
         "\n"
         "SIGINT and SIGTERM end it. Exit status: 0 ended, 2 usage or\n"
         "settings, 3 the folder cannot be read, 70 the port cannot be had.\n";
}
