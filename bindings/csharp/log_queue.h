/* log_queue.h: lines of log on their way from the library's threads, which may not run managed code, to
 * the program's, which asks for them. Knows nothing of .NET.
 */
#ifndef KITH_CSHARP_LOG_QUEUE_H
#define KITH_CSHARP_LOG_QUEUE_H

#include <kith/kith.h>

/* Lines that wait at most; those beyond are counted. */
#define LOG_QUEUE_MAX 1024

/* Returns a queue with one reference. Null: no memory. */
void *log_queue_new(void);

/* Takes one more reference and returns the same queue. */
void *log_queue_ref(void *queue);

/* What an endpoint is made with, its user data being a reference: log function and release function. */
void *log_queue_function(void);
void *log_queue_release_function(void);

/* Makes the endpoint log into the queue. Has a reference of its own. */
kith_result log_queue_attach(void *queue, kith_endpoint endpoint, int32_t level);

/* Waits until a line is there: 1; or until no endpoint logs into the queue any more: 0. */
int32_t log_queue_wait(void *queue);

/* Takes the oldest line: 1, or 0 when there is none. Writes its text, cut at `capacity`, and a NUL. Gives the
 * number of lines lost since the last one. */
int32_t log_queue_next(void *queue, int32_t *out_subject, int32_t *out_level, int32_t *out_lost, char *buffer,
                       size_t capacity);

/* Gives a reference back. */
void log_queue_release(void *queue);

#endif
