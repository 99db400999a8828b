#include "engine/fork_guard.h"

#include <pthread.h>

#include "engine/engine_internal.h"
#include "engine/handle_table.h"

/* The order in which they are taken elsewhere. */
static void before(void)
{
	engine_config_hold();
	handle_table_hold();
}

static void in_parent(void)
{
	handle_table_let_go(false);
	engine_config_let_go();
}

static void in_child(void)
{
	handle_table_let_go(true);
	engine_config_let_go();
}

static void watch(void)
{
	pthread_atfork(before, in_parent, in_child);
}

void fork_guard_watch(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, watch);
}
