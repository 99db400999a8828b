#include "log_queue.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct line {
	struct line *next;
	int32_t subject;
	int32_t level;
	char text[];
};

struct log_queue {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct line *first;
	struct line **end;
	int32_t count;
	int32_t lost;
	int references;
};

void *log_queue_new(void)
{
	struct log_queue *queue = calloc(1, sizeof *queue);

	if (queue == NULL)
		return NULL;
	pthread_mutex_init(&queue->lock, NULL);
	pthread_cond_init(&queue->changed, NULL);
	queue->end = &queue->first;
	queue->references = 1;
	return queue;
}

void *log_queue_ref(void *queue_pointer)
{
	struct log_queue *queue = queue_pointer;

	pthread_mutex_lock(&queue->lock);
	queue->references++;
	pthread_mutex_unlock(&queue->lock);
	return queue;
}

/* A kith_log_fn. */
static void put(void *user_data, int32_t subject, int32_t level, const char *text)
{
	struct log_queue *queue = user_data;
	size_t size = strlen(text) + 1;
	struct line *line = malloc(sizeof *line + size);

	if (line != NULL) {
		line->next = NULL;
		line->subject = subject;
		line->level = level;
		memcpy(line->text, text, size);
	}
	pthread_mutex_lock(&queue->lock);
	if (line != NULL && queue->count < LOG_QUEUE_MAX) {
		*queue->end = line;
		queue->end = &line->next;
		queue->count++;
		line = NULL;
		pthread_cond_signal(&queue->changed);
	} else {
		queue->lost++;
	}
	pthread_mutex_unlock(&queue->lock);
	free(line);
}

int32_t log_queue_wait(void *queue_pointer)
{
	struct log_queue *queue = queue_pointer;
	int32_t there;

	pthread_mutex_lock(&queue->lock);
	/* One reference is that of the one who waits. */
	while (queue->first == NULL && queue->references > 1)
		pthread_cond_wait(&queue->changed, &queue->lock);
	there = queue->first != NULL;
	pthread_mutex_unlock(&queue->lock);
	return there;
}

int32_t log_queue_next(void *queue_pointer, int32_t *out_subject, int32_t *out_level, int32_t *out_lost, char *buffer,
                       size_t capacity)
{
	struct log_queue *queue = queue_pointer;
	struct line *line;

	pthread_mutex_lock(&queue->lock);
	line = queue->first;
	if (line != NULL) {
		queue->first = line->next;
		if (queue->first == NULL)
			queue->end = &queue->first;
		queue->count--;
		*out_lost = queue->lost;
		queue->lost = 0;
	}
	pthread_mutex_unlock(&queue->lock);
	if (line == NULL)
		return 0;
	*out_subject = line->subject;
	*out_level = line->level;
	snprintf(buffer, capacity, "%s", line->text);
	free(line);
	return 1;
}

void log_queue_release(void *queue_pointer)
{
	struct log_queue *queue = queue_pointer;
	bool last;

	pthread_mutex_lock(&queue->lock);
	last = --queue->references == 0;
	pthread_cond_broadcast(&queue->changed);
	pthread_mutex_unlock(&queue->lock);
	if (!last)
		return;
	while (queue->first != NULL) {
		struct line *line = queue->first;

		queue->first = line->next;
		free(line);
	}
	pthread_cond_destroy(&queue->changed);
	pthread_mutex_destroy(&queue->lock);
	free(queue);
}

void *log_queue_function(void)
{
	return (void *)put;
}

void *log_queue_release_function(void)
{
	return (void *)log_queue_release;
}

kith_result log_queue_attach(void *queue, kith_endpoint endpoint, int32_t level)
{
	return kith_endpoint_set_log(endpoint, level, put, log_queue_ref(queue), log_queue_release);
}
