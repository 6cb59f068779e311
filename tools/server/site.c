// SPDX-License-Identifier: Apache-2.0
//
// site.c - paths, media types and headers of the page.

#include "site.h"

#include <string.h>

// The content security policy is the promise of the project: the page may
// reach its own origin and nothing else, and no script that is not a file of
// ours runs in it. `wasm-unsafe-eval` allows WebAssembly, not eval.
static const site_header HEADERS[] = {
    {"Content-Security-Policy",
     "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; "
     "style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; "
     "worker-src 'self'; manifest-src 'self'; base-uri 'none'; "
     "form-action 'none'; frame-ancestors 'none'; "
     "require-trusted-types-for 'script'; trusted-types scrubjay default"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Embedder-Policy", "require-corp"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Permissions-Policy",
     "camera=(), microphone=(), geolocation=(), usb=(), payment=()"},
    {"Referrer-Policy", "no-referrer"},
    {"X-Content-Type-Options", "nosniff"},
    {NULL, NULL},
};

static const struct {
  const char *ending;
  const char *type;
} TYPES[] = {
    {".css", "text/css; charset=utf-8"},
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".json", "application/json"},
    {".md", "text/plain; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".onnx", "application/octet-stream"},
    {".png", "image/png"},
    {".svg", "image/svg+xml"},
    {".txt", "text/plain; charset=utf-8"},
    {".wasm", "application/wasm"},
    {".webmanifest", "application/manifest+json"},
};

const site_header *site_headers(void) {
  return HEADERS;
}

static bool is_plain(unsigned char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
}

bool site_path(const char *path, char *out, size_t room) {
  if (path[0] != '/') return false;
  path++;
  const size_t len = strlen(path);
  const bool folder = len == 0 || path[len - 1] == '/';
  static const char index[] = "index.html";
  if (len + sizeof(index) > room) return false;

  bool at_start = true; // of a segment
  for (size_t i = 0; i < len; i++) {
    const unsigned char c = (unsigned char)path[i];
    if (c == '/' ? at_start : !is_plain(c)) return false;
    if (at_start && c == '.') return false; // hidden, and the way up
    at_start = c == '/';
  }
  memcpy(out, path, len);
  if (folder)
    memcpy(out + len, index, sizeof(index));
  else
    out[len] = '\0';
  return true;
}

const char *site_type(const char *file) {
  const char *ending = strrchr(file, '.');
  for (size_t i = 0; ending != NULL && i < sizeof(TYPES) / sizeof(TYPES[0]);
       i++)
    if (strcmp(ending, TYPES[i].ending) == 0) return TYPES[i].type;
  return "application/octet-stream";
}

bool site_is_hashed(const char *file) {
  const char *ending = strrchr(file, '.');
  const char *hyphen = strrchr(file, '-');
  if (ending == NULL || hyphen == NULL || ending - hyphen < 9) return false;
  for (const char *at = hyphen + 1; at < ending; at++) {
    const bool digit = *at >= '0' && *at <= '9';
    if (!digit && !(*at >= 'A' && *at <= 'Z') && !(*at >= 'a' && *at <= 'f'))
      return false;
  }
  return true;
}
