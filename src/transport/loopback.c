#include "transport/loopback.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <utlist.h>

#include "core/base/alloc.h"
#include "core/base/bytes.h"

/* A burst on its way. */
struct parcel {
	struct parcel *next, *prev;
	size_t size, segment_size;
	size_t taken; /* bytes that were received already */
	uint8_t bytes[];
};

struct loopback {
	struct tube *tube; /* the two ends and what they share */
	struct loopback *other;
	bool open;
	int fd;                 /* an eventfd */
	struct parcel *waiting; /* sent by the other end */
	size_t waiting_bytes;
	struct parcel *given; /* by the last loopback_receive; this end's alone */
};

struct tube {
	pthread_mutex_t lock; /* a leaf: nothing else is locked while it is held */
	struct loopback ends[2];
};

bool loopback_open(struct loopback *out[2], int *error)
{
	struct tube *tube = alloc_zeroed(sizeof(*tube));

	for (int i = 0; i < 2; i++) {
		tube->ends[i].tube = tube;
		tube->ends[i].other = &tube->ends[1 - i];
		tube->ends[i].open = true;
		tube->ends[i].fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
		if (tube->ends[i].fd < 0)
			*error = errno;
		out[i] = &tube->ends[i];
	}
	if (tube->ends[0].fd >= 0 && tube->ends[1].fd >= 0) {
		pthread_mutex_init(&tube->lock, NULL);
		return true;
	}
	for (int i = 0; i < 2; i++) {
		if (tube->ends[i].fd >= 0)
			close(tube->ends[i].fd);
	}
	alloc_free(tube);
	return false;
}

static void free_parcels(struct parcel **parcels)
{
	struct parcel *parcel, *next;

	DL_FOREACH_SAFE(*parcels, parcel, next)
	{
		alloc_free(parcel);
	}
	*parcels = NULL;
}

void loopback_close(struct loopback *end)
{
	struct tube *tube = end->tube;
	bool last;

	pthread_mutex_lock(&tube->lock);
	end->open = false;
	free_parcels(&end->waiting);
	free_parcels(&end->given);
	close(end->fd);
	last = !end->other->open;
	pthread_mutex_unlock(&tube->lock);
	if (!last)
		return;
	pthread_mutex_destroy(&tube->lock);
	alloc_free(tube);
}

int loopback_fd(const struct loopback *end)
{
	return end->fd;
}

/* --- sending */

static struct parcel *new_parcel(const struct datagram_burst *burst)
{
	struct parcel *parcel = alloc_bytes(sizeof(*parcel) + burst->size);

	parcel->size = burst->size;
	parcel->segment_size = burst->segment_size;
	parcel->taken = 0;
	bytes_copy(parcel->bytes, burst->bytes, burst->size);
	return parcel;
}

/* The descriptor becomes readable. Cannot fail: the counter is 0 or 1. */
static void ring(struct loopback *end)
{
	eventfd_write(end->fd, 1);
}

static bool takes(const struct loopback *end, size_t size)
{
	return end->open && end->waiting_bytes + size <= LOOPBACK_BYTES_MAX;
}

bool loopback_send(struct loopback *end, const struct datagram_burst *burst)
{
	struct loopback *to = end->other;
	struct parcel *parcel = new_parcel(burst);
	bool taken;

	pthread_mutex_lock(&end->tube->lock);
	taken = takes(to, burst->size);
	if (taken) {
		if (to->waiting == NULL)
			ring(to);
		DL_APPEND(to->waiting, parcel);
		to->waiting_bytes += parcel->size;
	}
	pthread_mutex_unlock(&end->tube->lock);
	if (!taken)
		alloc_free(parcel);
	return taken;
}

/* --- receiving */

static void take_one(struct parcel *parcel, struct datagram *out)
{
	size_t left = parcel->size - parcel->taken;

	bytes_zero(out, sizeof(*out));
	out->bytes = parcel->bytes + parcel->taken;
	out->size = left < parcel->segment_size ? left : parcel->segment_size;
	parcel->taken += out->size;
}

size_t loopback_receive(struct loopback *end, struct datagram *out, size_t max)
{
	eventfd_t rung;
	size_t count = 0;

	free_parcels(&end->given);
	pthread_mutex_lock(&end->tube->lock);
	while (count < max && end->waiting != NULL) {
		struct parcel *parcel = end->waiting;
		take_one(parcel, &out[count++]);
		if (parcel->taken < parcel->size)
			continue;
		DL_DELETE(end->waiting, parcel);
		DL_APPEND(end->given, parcel);
		end->waiting_bytes -= parcel->size;
	}
	if (count > 0 && end->waiting == NULL)
		eventfd_read(end->fd, &rung);
	pthread_mutex_unlock(&end->tube->lock);
	return count;
}
