/* The raw logs as the screen asks for them: their texts, and what their lines are. */
#ifndef SRC_LOG_HOST_H
#define SRC_LOG_HOST_H

#include "model/model.h"
#include "src/log_rows.h"
#include "src/log_text.h"
#include "ui/ui.h"

/* Set the first two; end with log_host_free(). */
typedef struct LogHost {
    const Model *model;
    LogTexts *texts;
    VEC(LogForm) forms; /* by source: what is known of those that were looked at */
} LogHost;

/* For UiHost.log. What `host` points to stays the caller's and must live longer than the Ui. */
UiLogText log_host_text(LogHost *host);

void log_host_free(LogHost *host);

#endif
