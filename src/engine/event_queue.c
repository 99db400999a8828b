#include "engine/event_queue.h"

#include <errno.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <utlist.h>

#include "core/base/alloc.h"

bool event_queue_init(struct event_queue *queue)
{
	queue->first = NULL;
	queue->marked = false;
	atomic_init(&queue->count, 0);
	queue->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	return queue->fd >= 0;
}

void event_queue_free(struct event_queue *queue)
{
	while (queue->first != NULL) {
		struct event_node *node = queue->first;
		event_queue_remove(queue, node);
	}
	if (queue->fd >= 0)
		close(queue->fd);
	queue->fd = -1;
}

void event_queue_add(struct event_queue *queue, struct event_node *node)
{
	if (node->prev != NULL)
		return;
	DL_APPEND(queue->first, node);
	atomic_fetch_add_explicit(&queue->count, 1, memory_order_release);
}

static void unlink_node(struct event_queue *queue, struct event_node *node)
{
	DL_DELETE(queue->first, node);
	node->next = NULL;
	node->prev = NULL;
	atomic_fetch_sub_explicit(&queue->count, 1, memory_order_release);
}

/* Empties the descriptor. When the write that `marked` announces has not happened yet, it stays
 * marked and this is tried again when the application next finds the queue empty. */
static void clear_mark(struct event_queue *queue)
{
	uint64_t count;

	if (queue->marked && read(queue->fd, &count, sizeof(count)) == (ssize_t)sizeof(count))
		queue->marked = false;
}

void event_queue_remove(struct event_queue *queue, struct event_node *node)
{
	if (node->prev == NULL)
		return;
	unlink_node(queue, node);
	if (queue->first == NULL)
		clear_mark(queue);
	if (node->drop != NULL)
		node->drop(node);
}

bool event_queue_take(struct event_queue *queue, struct kith_event *out)
{
	struct event_node *node = queue->first;

	if (node != NULL)
		unlink_node(queue, node);
	if (queue->first == NULL)
		clear_mark(queue);
	if (node == NULL)
		return false;
	node->take(node, out);
	return true;
}

void event_queue_settle(struct event_queue *queue)
{
	if (queue->first == NULL)
		clear_mark(queue);
}

int32_t event_queue_count(struct event_queue *queue)
{
	return atomic_load_explicit(&queue->count, memory_order_acquire);
}

bool event_queue_must_signal(struct event_queue *queue)
{
	if (queue->first == NULL || queue->marked)
		return false;
	queue->marked = true;
	return true;
}

void event_queue_signal(struct event_queue *queue)
{
	uint64_t one = 1;

	/* Fails only when the counter is full, and then it is readable. */
	while (write(queue->fd, &one, sizeof(one)) < 0 && errno == EINTR)
		continue;
}

static pthread_once_t keep_once = PTHREAD_ONCE_INIT;
static pthread_key_t keep_key;

static void make_keep_key(void)
{
	pthread_key_create(&keep_key, alloc_free);
}

void event_queue_keep(void *bytes)
{
	pthread_once(&keep_once, make_keep_key);
	alloc_free(pthread_getspecific(keep_key));
	pthread_setspecific(keep_key, bytes);
}
