#include <criterion/criterion.h>
#include <errno.h>
#include <kith/errors.h>
#include <pthread.h>
#include <string.h>

#include "engine/failure.h"

Test(failure, gives_the_result_and_keeps_the_text)
{
	cr_assert_eq(failure_set(KITH_E_STATE, "%s is %d", "this", 5), KITH_E_STATE);
	cr_assert(strcmp(failure_text(), "this is 5") == 0);
}

Test(failure, tells_the_systems_words)
{
	cr_assert_eq(failure_set_system(EACCES, "port %d", 80), KITH_E_SYSTEM);
	cr_assert(strstr(failure_text(), "port 80: ") == failure_text());
	cr_assert(strstr(failure_text(), "denied") != NULL);
}

Test(failure, a_long_text_is_cut)
{
	char text[3000];
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	failure_set(KITH_E_STATE, "%s", text);
	cr_assert_lt(strlen(failure_text()), 600);
	failure_set_system(EACCES, "%s", text);
	cr_assert_lt(strlen(failure_text()), 600);
}

static void *look(void *data)
{
	*(int *)data = failure_text()[0] == '\0';
	return NULL;
}

Test(failure, each_thread_has_its_own)
{
	pthread_t thread;
	int empty = 0;
	failure_set(KITH_E_STATE, "mine");
	pthread_create(&thread, NULL, look, &empty);
	pthread_join(thread, NULL);
	cr_assert(empty);
}
