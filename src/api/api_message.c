#include <kith/message.h>

#include "core/base/alloc.h"
#include "core/base/bytes.h"
#include "core/types/message.h"
#include "engine/convert.h"
#include "engine/deferred.h"
#include "engine/failure.h"

/* A kith_message is the core's struct. */
static struct message *in(const kith_message *message)
{
	return (struct message *)message;
}

static kith_message *out(struct message *message)
{
	return (kith_message *)message;
}

kith_result kith_message_new(const void *data, size_t size, kith_message **out_message)
{
	struct message *message;

	if (out_message == NULL)
		return failure_set(KITH_E_INVALID, "out_message: null");
	*out_message = NULL;
	if (size > KITH_MESSAGE_SIZE_MAX)
		return failure_set(KITH_E_TOO_LARGE, "size: %zu is more than %d", size, KITH_MESSAGE_SIZE_MAX);
	message = message_new(size);
	if (data != NULL)
		bytes_copy(message->data, data, size);
	else
		bytes_zero(message->data, size);
	*out_message = out(message);
	return KITH_OK;
}

/* The caller's buffer: given back when no lock is held, wherever the last reference went. */
struct wrapped {
	struct deferred deferred;
	kith_message_release_fn release;
	void *user_data;
	void *data;
	size_t size;
};

static void run_release(struct deferred *deferred)
{
	struct wrapped *wrapped = (struct wrapped *)deferred;

	wrapped->release(wrapped->user_data, wrapped->data, wrapped->size);
	alloc_free(wrapped);
}

static void release_wrapped(void *user_data, void *data, size_t size)
{
	struct wrapped *wrapped = user_data;

	(void)data;
	(void)size;
	if (wrapped != NULL)
		deferred_add(&wrapped->deferred);
}

kith_result kith_message_wrap(void *data, size_t size, kith_message_release_fn release, void *user_data,
                              kith_message **out_message)
{
	struct wrapped *wrapped = NULL;

	if (out_message == NULL)
		return failure_set(KITH_E_INVALID, "out_message: null");
	*out_message = NULL;
	if (data == NULL)
		return failure_set(KITH_E_INVALID, "data: null");
	if (size > KITH_MESSAGE_SIZE_MAX)
		return failure_set(KITH_E_TOO_LARGE, "size: %zu is more than %d", size, KITH_MESSAGE_SIZE_MAX);
	if (release != NULL) {
		wrapped = alloc_zeroed(sizeof(*wrapped));
		wrapped->deferred.run = run_release;
		wrapped->release = release;
		wrapped->user_data = user_data;
		wrapped->data = data;
		wrapped->size = size;
	}
	*out_message = out(message_new_external(data, size, release_wrapped, wrapped));
	return KITH_OK;
}

kith_message *kith_message_ref(kith_message *message)
{
	return message != NULL ? out(message_ref(in(message))) : NULL;
}

void kith_message_release(kith_message *message)
{
	message_unref(in(message));
}

void kith_message_release_batch(kith_message *const *messages, size_t count)
{
	if (messages != NULL)
		message_unref_all((struct message *const *)messages, count);
}

void *kith_message_data(const kith_message *message)
{
	return message != NULL ? in(message)->data : NULL;
}

size_t kith_message_size(const kith_message *message)
{
	return message != NULL ? in(message)->size : 0;
}

uint32_t kith_message_flags(const kith_message *message)
{
	return message != NULL ? in(message)->flags : 0;
}

int32_t kith_message_lane(const kith_message *message)
{
	return message != NULL ? in(message)->lane : 0;
}

int64_t kith_message_number(const kith_message *message)
{
	return message != NULL ? in(message)->number : 0;
}

kith_connection kith_message_connection(const kith_message *message)
{
	return message != NULL ? in(message)->connection : KITH_NO_HANDLE;
}

int32_t kith_message_channel(const kith_message *message)
{
	return message != NULL ? in(message)->channel : 0;
}

int64_t kith_message_time_us(const kith_message *message)
{
	return message != NULL ? in(message)->at : 0;
}

int64_t kith_message_user_data(const kith_message *message)
{
	return message != NULL ? in(message)->user_data : 0;
}

kith_result kith_message_peer(const kith_message *message, struct kith_identity *out_peer)
{
	if (out_peer == NULL)
		return failure_set(KITH_E_INVALID, "out_peer: null");
	bytes_zero(out_peer, sizeof(*out_peer));
	if (message == NULL)
		return failure_set(KITH_E_INVALID, "message: null");
	if (in(message)->peer == NULL)
		return failure_set(KITH_E_NOT_FOUND, "the message came through a connection: ask that");
	convert_identity_out(out_peer, &in(message)->peer->identity);
	return KITH_OK;
}

void kith_message_set_flags(kith_message *message, uint32_t flags)
{
	if (message != NULL)
		in(message)->flags = flags;
}

int64_t kith_message_ttl_us(const kith_message *message)
{
	return message != NULL ? in(message)->ttl : 0;
}

void kith_message_set_ttl_us(kith_message *message, int64_t ttl_us)
{
	if (message != NULL)
		in(message)->ttl = ttl_us;
}

void kith_message_set_lane(kith_message *message, int32_t lane)
{
	/* What cannot be a lane stays so, and is refused when it is sent. */
	if (message != NULL)
		in(message)->lane = lane >= 0 && lane < UINT16_MAX ? (uint16_t)lane : UINT16_MAX;
}

void kith_message_set_user_data(kith_message *message, int64_t user_data)
{
	if (message != NULL)
		in(message)->user_data = user_data;
}
