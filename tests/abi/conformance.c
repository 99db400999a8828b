/* conformance LIBRARY DESCRIPTION: is the library what abi/kith.json says, and does it keep its rules,
 * for somebody who has nothing but these two files?
 *
 * conformance --assertions DESCRIPTION: prints a C program that compiles only where the headers are
 * what the description says. */
#include <stdio.h>
#include <string.h>

#include "description.h"
#include "foreign.h"
#include "hostile.h"
#include "inside.h"
#include "session.h"
#include "structs.h"

static struct description description;

int main(int argc, char **argv)
{
	unsigned passed = 0, failed;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc == 3 && strcmp(argv[1], "--assertions") == 0) {
		description_load(&description, argv[2]);
		structs_print(&description);
		return 0;
	}
	if (argc != 3) {
		fprintf(stderr, "usage: conformance LIBRARY DESCRIPTION\n");
		return 2;
	}
	description_load(&description, argv[2]);
	failed = foreign_open(&description, argv[1]);
	hostile_run(&description, &passed, &failed);
	inside_run(&description, &passed, &failed);
	structs_run(&description, &passed, &failed);
	session_run(&description, &passed, &failed);
	printf("%u passed, %u failed\n", passed, failed);
	return failed != 0;
}
