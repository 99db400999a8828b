#include "signaling/tcp/tcp_directory.h"

#include <stdlib.h>

#include "core/base/bytes.h"
#include "core/base/hash.h"

bool tcp_directory_init(struct tcp_directory *directory, size_t names_max, uint64_t key)
{
	*directory = (struct tcp_directory){ .buckets_count = 64, .key = key };
	while (directory->buckets_count < names_max && directory->buckets_count < SIZE_MAX / 2 / sizeof(void *))
		directory->buckets_count *= 2;
	directory->buckets = calloc(directory->buckets_count, sizeof(struct tcp_server_client *));
	return directory->buckets != NULL;
}

void tcp_directory_free(struct tcp_directory *directory)
{
	free(directory->buckets);
	*directory = (struct tcp_directory){ 0 };
}

static struct tcp_server_client **bucket(const struct tcp_directory *directory, uint64_t hash)
{
	return &directory->buckets[hash & (directory->buckets_count - 1)];
}

struct tcp_server_client *tcp_directory_find(const struct tcp_directory *directory, const char *name, size_t size)
{
	uint64_t hash = hash_bytes(directory->key, name, size);
	struct tcp_server_client *at = *bucket(directory, hash);

	while (at != NULL && !(at->name_hash == hash && at->name_size == size && bytes_equal(at->name, name, size)))
		at = at->name_next;
	return at;
}

void tcp_directory_add(struct tcp_directory *directory, struct tcp_server_client *client)
{
	struct tcp_server_client **head;

	client->name_hash = hash_bytes(directory->key, client->name, client->name_size);
	head = bucket(directory, client->name_hash);
	client->name_next = *head;
	*head = client;
	directory->count++;
}

void tcp_directory_remove(struct tcp_directory *directory, struct tcp_server_client *client)
{
	struct tcp_server_client **link = bucket(directory, client->name_hash);

	while (*link != NULL && *link != client)
		link = &(*link)->name_next;
	if (*link == NULL)
		return;
	*link = client->name_next;
	client->name_next = NULL;
	directory->count--;
}
