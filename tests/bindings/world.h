/* world: what a scenario has made, by name, the events its endpoints had, and waiting for more. */
#ifndef BINDINGS_WORLD_H
#define BINDINGS_WORLD_H

#include <pthread.h>

#include <kith/kith.h>

#include "step.h"

#define WORLD_PATIENCE_US (INT64_C(10) * 1000000)

enum { WORLD_OBJECTS_MAX = 64, WORLD_FAILURE_MAX = 2048 };

enum object_kind {
	OBJECT_ENDPOINT,
	OBJECT_LISTENER,
	OBJECT_CONNECTION,
	OBJECT_GROUP,
	OBJECT_SIGNALING,
	OBJECT_KEY,
	OBJECT_CERTIFICATE,
	OBJECT_MESSAGE
};

struct seen_event {
	struct kith_event event; /* without its data */
	bool is_taken;
};

struct log_line {
	int32_t subject, level;
	char text[512];
};

/* What an endpoint has beside its handle. */
struct peer {
	struct world *world;
	kith_endpoint handle;
	struct kith_identity identity;
	bool is_gone;
	struct seen_event *events;
	size_t events_count;
	struct carrier *by_events; /* carries what its events hand out */
	struct carrier *by_callbacks;
	struct log_line *lines; /* under the world's lock */
	size_t lines_count;
	int wakes; /* atomic */
};

/* Carries signals from one endpoint to whom they are for; counts are atomic. */
struct carrier {
	struct peer *from;
	kith_signaling signaling; /* 0: by events */
	int64_t lose_every;
	bool is_double;
	int64_t carried;
};

struct object {
	char name[32];
	enum object_kind kind;
	uint32_t handle;
	struct peer *peer;       /* of an endpoint */
	struct carrier *carrier; /* of a signaling; null: the library's own client */
	bool has_private;        /* of a key */
	uint8_t private_key[KITH_KEY_SIZE], public_key[KITH_KEY_SIZE];
	struct step_text text; /* of a certificate, owned */
	kith_message *message;
};

struct world {
	const char *folder;  /* for files of the scenario */
	bool uses_callbacks; /* events come by kith_endpoint_dispatch() */
	struct object *objects[WORLD_OBJECTS_MAX];
	unsigned objects_count;
	pthread_mutex_t lock;
	int borrowed;     /* atomic: functions and buffers given to the library and not released yet */
	void **temporary; /* freed after each step */
	size_t temporary_count;
	char failure[WORLD_FAILURE_MAX]; /* empty: none */
	char last_error[512];
};

void world_init(struct world *world, const char *folder, bool uses_callbacks);
/* Destroys what is left, and fails when the library has not released all. */
void world_free(struct world *world);

/* Notes what went wrong; only the first counts. */
void world_fail(struct world *world, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Zeroed memory: the caller's, and until the end of the step. */
void *world_new(size_t size);
void *world_temporary(struct world *world, size_t size);
void world_end_step(struct world *world);

/* The step's first argument is the name. */
struct object *world_add(struct world *world, struct step *step, enum object_kind kind);
/* Null: there is none of that name. */
struct object *world_look_up(struct world *world, const char *name);
/* Those fail the step when there is no such object, and return one that is empty. */
struct object *world_object(struct world *world, const char *name, enum object_kind kind);
struct object *world_argument(struct world *world, struct step *step, unsigned index, enum object_kind kind);
/* The name of the object with a handle; "none", or "?" for one that the scenario does not know. */
const char *world_name(struct world *world, uint32_t handle);

/* Takes one event of each endpoint, or none; whether there was one. */
bool world_take_events(struct world *world);
typedef bool (*world_condition)(struct world *world, void *data);
/* Takes events until the condition is true, at most that long. */
bool world_await(struct world *world, world_condition condition, void *data, int64_t for_us);
/* Takes events for so long. */
void world_pause(struct world *world, int64_t for_us);
/* What kith_endpoint_dispatch() calls when the world uses callbacks. */
kith_result world_set_callbacks(struct peer *peer);
/* For functions that the library got together with the endpoint they are for, counted in `borrowed`. */
void world_release_peer(void *peer);

/* Gives a signal to the endpoint that it is for, if there is one. */
kith_result world_carry(struct carrier *carrier, const struct kith_identity *to, const void *data, size_t size);

#endif
