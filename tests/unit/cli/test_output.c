#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/output.h"

/* What `value` looks like as a JSON string. */
static const char *escaped(const char *value)
{
	static char text[512];
	char *buffer = NULL;
	size_t size = 0;
	FILE *stream = open_memstream(&buffer, &size);
	struct output output;

	output_init(&output, stream, true, false);
	output_open(&output, "x");
	output_string(&output, "v", value);
	output_close(&output);
	fclose(stream);
	snprintf(text, sizeof(text), "%s", buffer);
	free(buffer);
	cr_assert(strncmp(text, "{\"event\":\"x\",\"v\":", 17) == 0);
	cr_assert(strcmp(text + strlen(text) - 2, "}\n") == 0);
	text[strlen(text) - 2] = '\0';
	return text + 17;
}

Test(output, escapes_what_json_demands)
{
	cr_assert(strcmp(escaped("plain"), "\"plain\"") == 0);
	cr_assert(strcmp(escaped("a\"b\\c"), "\"a\\\"b\\\\c\"") == 0);
	cr_assert(strcmp(escaped("\n\t\x01\x1b\x7f"), "\"\\u000a\\u0009\\u0001\\u001b\\u007f\"") == 0);
}

Test(output, keeps_utf_8_and_replaces_what_is_none)
{
	cr_assert(strcmp(escaped("\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80"), "\"\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80\"") ==
	          0);
	cr_assert(strcmp(escaped("\xff"), "\"\\ufffd\"") == 0);
	cr_assert(strcmp(escaped("\xc3"), "\"\\ufffd\"") == 0);
	cr_assert(strcmp(escaped("\xc0\xaf"), "\"\\ufffd\\ufffd\"") == 0);
	cr_assert(strcmp(escaped("\xed\xa0\x80"), "\"\\ufffd\\ufffd\\ufffd\"") == 0);
	cr_assert(strcmp(escaped("\xf4\x90\x80\x80"), "\"\\ufffd\\ufffd\\ufffd\\ufffd\"") == 0);
	cr_assert(strcmp(escaped("\xc2\x9b"), "\"\\u009b\"") == 0);
}

Test(output, nests_lists_and_objects)
{
	static const char *const list[] = { "a", "b" };
	char *buffer = NULL;
	size_t size = 0;
	FILE *stream = open_memstream(&buffer, &size);
	struct output output;

	output_init(&output, stream, true, false);
	output_open(&output, "e");
	output_list(&output, "l", list, 2);
	output_list(&output, "none", list, 0);
	output_open_nested(&output, "o");
	output_integer(&output, "i", -5);
	output_real(&output, "r", 1.25, 1);
	output_close_nested(&output);
	output_integer(&output, "after", 1);
	output_close(&output);
	fclose(stream);
	cr_assert(strcmp(buffer,
	                 "{\"event\":\"e\",\"l\":[\"a\",\"b\"],\"none\":[],\"o\":{\"i\":-5,\"r\":1.2},\"after\":1}\n") == 0,
	          "%s", buffer);
	free(buffer);
}

Test(output, keeps_control_characters_from_the_terminal)
{
	char *buffer = NULL;
	size_t size = 0;
	FILE *stream = open_memstream(&buffer, &size);
	struct output output;

	output_init(&output, stream, false, false);
	output_line(&output, "%s", "a\x1b[2Jb\nc\xff\xc2\x9b\xc3\xa9");
	fclose(stream);
	cr_assert(strcmp(buffer, "a?[2Jb?c??\xc3\xa9\n") == 0);
	free(buffer);
}
