// SPDX-License-Identifier: Apache-2.0
//
// model.h - a bundle at work: ONNX Runtime with the bundle's model in it,
// answering the windows of a session.
#ifndef SJ_TOOLS_MODEL_H
#define SJ_TOOLS_MODEL_H

#include "bundle.h"

typedef struct sj_model sj_model;

/// Where the runtime is: SCRUBJAY_ONNXRUNTIME, or beside the program. False
/// where there is none; a path that the variable names is given unseen.
bool sj_model_runtime(char *out, size_t room);

/// Load the model of a bundle that the engine was made with, look at its inputs
/// and output, and try it on the canary. What is wrong is said. The bundle may
/// be freed afterwards; the engine must live as long.
sj_exit sj_model_new(const sj_bundle *bundle,
                     const sj_engine *engine,
                     const char *runtime,
                     unsigned threads,
                     sj_model **out);
void sj_model_free(sj_model *model);

/// Answer every window of a session that was started. SJ_MODEL where one or
/// more got no usable answer: what they hold counts as not scanned. Threads may
/// share the model, each with a session of its own.
sj_status sj_model_answer(const sj_model *model, sj_session *session);

#endif // SJ_TOOLS_MODEL_H
