#include "engine/deferred.h"

#include <stddef.h>

static _Thread_local struct {
	struct deferred *first;
	struct deferred *last;
	int locks;
} waiting;

void deferred_enter(void)
{
	waiting.locks++;
}

void deferred_leave(void)
{
	waiting.locks--;
	/* What runs may take locks and add more; those run then, in their own last leave. */
	while (waiting.locks == 0 && waiting.first != NULL) {
		struct deferred *call = waiting.first;
		waiting.first = call->next;
		call->run(call);
	}
}

void deferred_add(struct deferred *call)
{
	call->next = NULL;
	if (waiting.locks == 0) {
		call->run(call);
		return;
	}
	if (waiting.first == NULL)
		waiting.first = call;
	else
		waiting.last->next = call;
	waiting.last = call;
}
