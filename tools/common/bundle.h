// SPDX-License-Identifier: Apache-2.0
//
// bundle.h - a model bundle on disk: manifest.json, model.onnx and
// tokenizer.json in one folder, checked against the manifest's hashes before
// anything else reads them.
#ifndef SJ_TOOLS_BUNDLE_H
#define SJ_TOOLS_BUNDLE_H

#include "buffer.h"
#include "say.h"

/// A bundle in memory. The engine reads more of the manifest than is told here.
typedef struct sj_bundle {
  char *folder;
  sj_buffer manifest, tokenizer, model;
  char *ids, *features, *output; ///< names of the model's tensors
  size_t feature_count;          ///< columns; 0: the model takes ids alone
  char *canary;                  ///< a text
  uint32_t canary_labels;        ///< what the model claims in it: 1 << sj_label
} sj_bundle;

/// Read a bundle. What stands in the way is said, with file and field.
sj_exit sj_bundle_read(const char *folder, sj_bundle *out);
void sj_bundle_free(sj_bundle *bundle);

/// Say what is wrong with a file of the bundle; `field` may be NULL.
sj_exit sj_bundle_refuse(const sj_bundle *bundle,
                         const char *file,
                         const char *what,
                         const char *field);

#endif // SJ_TOOLS_BUNDLE_H
