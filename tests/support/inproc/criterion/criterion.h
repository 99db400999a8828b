/* The part of criterion that our tests use, without its machinery: under ThreadSanitizer criterion
 * cannot start, so the same test sources are compiled against this. Each test runs in a child of
 * its own; the closing line looks like criterion's. */
#ifndef SUPPORT_INPROC_CRITERION_H
#define SUPPORT_INPROC_CRITERION_H

#pragma GCC system_header

#include <fnmatch.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct inproc_test {
	const char *suite, *name;
	void (*run)(void);
	void (*init)(void), (*fini)(void);
	double timeout;
	bool disabled;
	struct inproc_test *next;
};

/* What all tests of a suite have in common. */
struct inproc_suite {
	const char *suite;
	void (*init)(void), (*fini)(void);
	double timeout;
	bool disabled;
	struct inproc_suite *next;
};

/* One list over all files of the program: every file brings the same weak definitions. */
__attribute__((weak)) struct inproc_test *inproc_first;
__attribute__((weak)) struct inproc_test **inproc_last;
__attribute__((weak)) struct inproc_suite *inproc_suites;
__attribute__((weak)) int inproc_failed;

static inline void inproc_add(struct inproc_test *test)
{
	if (inproc_last == NULL)
		inproc_last = &inproc_first;
	*inproc_last = test;
	inproc_last = &test->next;
}

__attribute__((format(printf, 6, 7))) static inline void inproc_check(bool fatal, bool ok, const char *file, int line,
                                                                     const char *what, const char *format, ...)
{
	va_list arguments;
	if (ok)
		return;
	__atomic_store_n(&inproc_failed, 1, __ATOMIC_RELAXED);
	fprintf(stderr, "%s:%d: failed: %s ", file, line, what);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	if (fatal)
		_exit(1);
}

#define Test(suite_, name_, ...) \
	static void suite_##_##name_##_run(void); \
	static struct inproc_test suite_##_##name_##_test = { .suite = #suite_, .name = #name_, \
		                                              .run = suite_##_##name_##_run, __VA_ARGS__ }; \
	__attribute__((constructor)) static void suite_##_##name_##_add(void) \
	{ \
		inproc_add(&suite_##_##name_##_test); \
	} \
	static void suite_##_##name_##_run(void)

#define TestSuite(suite_, ...) \
	static struct inproc_suite suite_##_suite = { .suite = #suite_, __VA_ARGS__ }; \
	__attribute__((constructor)) static void suite_##_suite_add(void) \
	{ \
		suite_##_suite.next = inproc_suites; \
		inproc_suites = &suite_##_suite; \
	} \
	extern int inproc_failed

#define INPROC_CHECK(fatal, ok, what, ...) inproc_check(fatal, ok, __FILE__, __LINE__, what, "" __VA_ARGS__)
#define cr_assert(ok, ...) INPROC_CHECK(true, ok, #ok, __VA_ARGS__)
#define cr_expect(ok, ...) INPROC_CHECK(false, ok, #ok, __VA_ARGS__)
#define cr_assert_not(ok, ...) INPROC_CHECK(true, !(ok), "not " #ok, __VA_ARGS__)
#define cr_expect_not(ok, ...) INPROC_CHECK(false, !(ok), "not " #ok, __VA_ARGS__)
#define cr_assert_eq(a, b, ...) INPROC_CHECK(true, (a) == (b), #a " == " #b, __VA_ARGS__)
#define cr_expect_eq(a, b, ...) INPROC_CHECK(false, (a) == (b), #a " == " #b, __VA_ARGS__)
#define cr_assert_neq(a, b, ...) INPROC_CHECK(true, (a) != (b), #a " != " #b, __VA_ARGS__)
#define cr_expect_neq(a, b, ...) INPROC_CHECK(false, (a) != (b), #a " != " #b, __VA_ARGS__)
#define cr_assert_lt(a, b, ...) INPROC_CHECK(true, (a) < (b), #a " < " #b, __VA_ARGS__)
#define cr_expect_lt(a, b, ...) INPROC_CHECK(false, (a) < (b), #a " < " #b, __VA_ARGS__)
#define cr_assert_leq(a, b, ...) INPROC_CHECK(true, (a) <= (b), #a " <= " #b, __VA_ARGS__)
#define cr_expect_leq(a, b, ...) INPROC_CHECK(false, (a) <= (b), #a " <= " #b, __VA_ARGS__)
#define cr_assert_gt(a, b, ...) INPROC_CHECK(true, (a) > (b), #a " > " #b, __VA_ARGS__)
#define cr_expect_gt(a, b, ...) INPROC_CHECK(false, (a) > (b), #a " > " #b, __VA_ARGS__)
#define cr_assert_geq(a, b, ...) INPROC_CHECK(true, (a) >= (b), #a " >= " #b, __VA_ARGS__)
#define cr_expect_geq(a, b, ...) INPROC_CHECK(false, (a) >= (b), #a " >= " #b, __VA_ARGS__)
#define cr_assert_float_eq(a, b, e, ...) \
	INPROC_CHECK(true, (a) - (b) <= (e) && (b) - (a) <= (e), #a " is about " #b, __VA_ARGS__)
#define cr_assert_null(a, ...) INPROC_CHECK(true, (a) == NULL, #a " == NULL", __VA_ARGS__)
#define cr_expect_null(a, ...) INPROC_CHECK(false, (a) == NULL, #a " == NULL", __VA_ARGS__)
#define cr_assert_not_null(a, ...) INPROC_CHECK(true, (a) != NULL, #a " != NULL", __VA_ARGS__)
#define cr_expect_not_null(a, ...) INPROC_CHECK(false, (a) != NULL, #a " != NULL", __VA_ARGS__)
#define cr_assert_str_eq(a, b, ...) INPROC_CHECK(true, strcmp(a, b) == 0, #a " is " #b, __VA_ARGS__)
#define cr_expect_str_eq(a, b, ...) INPROC_CHECK(false, strcmp(a, b) == 0, #a " is " #b, __VA_ARGS__)
#define cr_assert_str_neq(a, b, ...) INPROC_CHECK(true, strcmp(a, b) != 0, #a " is not " #b, __VA_ARGS__)
#define cr_assert_arr_eq(a, b, n, ...) INPROC_CHECK(true, memcmp(a, b, n) == 0, #a " equals " #b, __VA_ARGS__)
#define cr_expect_arr_eq(a, b, n, ...) INPROC_CHECK(false, memcmp(a, b, n) == 0, #a " equals " #b, __VA_ARGS__)
#define cr_fail(...) INPROC_CHECK(false, false, "cr_fail", __VA_ARGS__)
#define cr_assert_fail(...) INPROC_CHECK(true, false, "cr_assert_fail", __VA_ARGS__)
#define cr_log_info(...) ((void)fprintf(stderr, __VA_ARGS__), (void)fputc('\n', stderr))

static inline const struct inproc_suite *inproc_suite_of(const struct inproc_test *test)
{
	static const struct inproc_suite none;
	const struct inproc_suite *at = inproc_suites;
	while (at != NULL && strcmp(at->suite, test->suite) != 0)
		at = at->next;
	return at != NULL ? at : &none;
}

static inline int inproc_run(struct inproc_test *test)
{
	const struct inproc_suite *suite = inproc_suite_of(test);
	int status = 0;
	fflush(NULL);
	pid_t child = fork();
	if (child == 0) {
		double timeout = test->timeout > 0 ? test->timeout : suite->timeout;
		alarm(timeout > 0 ? 10 * (unsigned)(timeout + 1) : 300);
		if (suite->init != NULL)
			suite->init();
		if (test->init != NULL)
			test->init();
		test->run();
		if (test->fini != NULL)
			test->fini();
		if (suite->fini != NULL)
			suite->fini();
		exit(__atomic_load_n(&inproc_failed, __ATOMIC_RELAXED));
	}
	if (child < 0 || waitpid(child, &status, 0) != child)
		return -1;
	return status;
}

/* Options: --filter SUITE/NAME, a glob; others are criterion's and ignored. */
__attribute__((weak)) int main(int argc, char **argv)
{
	const char *filter = "*";
	int tested = 0, failing = 0, crashing = 0;
	for (int i = 1; i + 1 < argc; i++)
		if (strcmp(argv[i], "--filter") == 0)
			filter = argv[i + 1];
	for (struct inproc_test *test = inproc_first; test != NULL; test = test->next) {
		char name[256];
		snprintf(name, sizeof(name), "%s/%s", test->suite, test->name);
		if (test->disabled || fnmatch(filter, name, 0) != 0)
			continue;
		int status = inproc_run(test);
		tested++;
		if (status == 0)
			continue;
		failing++;
		crashing += !WIFEXITED(status);
		fprintf(stderr, "[FAIL] %s (%s %d)\n", name, WIFEXITED(status) ? "status" : "signal",
		        WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status));
	}
	fprintf(stderr, "[====] Synthesis: Tested: %d | Passing: %d | Failing: %d | Crashing: %d\n", tested,
	        tested - failing, failing, crashing);
	return failing > 0;
}

#endif
