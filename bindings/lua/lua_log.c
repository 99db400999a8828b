#include "lua_log.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINES_MAX = 1024 };

#define METATABLE "kith.log"

struct line {
	struct line *next;
	int32_t subject, level;
	char text[];
};

/* Of two owners: Lua's userdata, and the endpoint that writes. */
struct queue {
	pthread_mutex_t lock;
	struct line *first, **last;
	int count, lost, owners;
};

static void let_go(struct queue *queue)
{
	int owners;

	pthread_mutex_lock(&queue->lock);
	owners = --queue->owners;
	pthread_mutex_unlock(&queue->lock);
	if (owners > 0)
		return;
	while (queue->first != NULL) {
		struct line *line = queue->first;
		queue->first = line->next;
		free(line);
	}
	pthread_mutex_destroy(&queue->lock);
	free(queue);
}

static void on_release(void *user_data)
{
	let_go(user_data);
}

static struct line *new_line(int32_t subject, int32_t level, const char *text)
{
	size_t size = strlen(text) + 1;
	struct line *line = malloc(sizeof(*line) + size);

	if (line == NULL)
		return NULL;
	line->next = NULL;
	line->subject = subject;
	line->level = level;
	memcpy(line->text, text, size);
	return line;
}

/* On any thread. */
static void on_log(void *user_data, int32_t subject, int32_t level, const char *text)
{
	struct queue *queue = user_data;
	struct line *line = new_line(subject, level, text);

	pthread_mutex_lock(&queue->lock);
	if (line != NULL && queue->count < LINES_MAX) {
		*queue->last = line;
		queue->last = &line->next;
		queue->count++;
		line = NULL;
	} else {
		queue->lost++;
	}
	pthread_mutex_unlock(&queue->lock);
	free(line);
}

static int collect(lua_State *L)
{
	struct queue **box = luaL_checkudata(L, 1, METATABLE);

	if (*box != NULL)
		let_go(*box);
	*box = NULL;
	return 0;
}

int lua_log_start(lua_State *L)
{
	uint32_t endpoint = lua_values_to_handle(L, 1);
	int32_t level = lua_numbers_to_i32(L, 2);
	struct queue **box = lua_newuserdata(L, sizeof(*box));
	kith_result result;

	*box = NULL;
	if (luaL_newmetatable(L, METATABLE)) {
		lua_pushcfunction(L, collect);
		lua_setfield(L, -2, "__gc");
	}
	lua_setmetatable(L, -2);
	*box = calloc(1, sizeof(**box));
	if (*box == NULL)
		return luaL_error(L, "not enough memory");
	pthread_mutex_init(&(*box)->lock, NULL);
	(*box)->last = &(*box)->first;
	(*box)->owners = 2;
	result = kith_endpoint_set_log(endpoint, level, on_log, *box, on_release);
	return result < 0 ? lua_values_fail(L, result) : 1;
}

int lua_log_take(lua_State *L)
{
	struct queue **box = luaL_checkudata(L, 1, METATABLE), *queue;
	struct line *line;
	int lost = 0;

	if (*box == NULL)
		return 0;
	queue = *box;
	pthread_mutex_lock(&queue->lock);
	line = queue->first;
	if (line != NULL) {
		queue->first = line->next;
		queue->count--;
		if (queue->first == NULL)
			queue->last = &queue->first;
	} else {
		lost = queue->lost;
		queue->lost = 0;
	}
	pthread_mutex_unlock(&queue->lock);
	if (line == NULL && lost == 0)
		return 0;
	lua_pushinteger(L, line != NULL ? line->subject : KITH_SUBJECT_ENDPOINT);
	lua_pushinteger(L, line != NULL ? line->level : KITH_LOG_WARNING);
	if (line != NULL)
		lua_pushstring(L, line->text);
	else
		lua_pushfstring(L, "%d lines were lost: nobody took them", lost);
	free(line);
	return 3;
}
