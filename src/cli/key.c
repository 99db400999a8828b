#include "cli/key.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <kith/kith.h>

#include "cli/document.h"
#include "cli/output.h"

/* What is known of the key of a file. */
struct key_facts {
	const char *file;
	bool is_private;
	uint8_t public_key[KITH_KEY_SIZE];
	uint64_t id;
	char identity[KITH_IDENTITY_TEXT_MAX];
	char ssh[160];
};

static int fail(struct output *output, kith_result result, const char *text)
{
	output_error(output, result, kith_result_name(result), text);
	return EXIT_FAILED;
}

static void fill(struct key_facts *facts)
{
	struct kith_identity identity;
	size_t size;

	kith_key_id(facts->public_key, &facts->id);
	kith_identity_from_bytes(facts->public_key, KITH_KEY_SIZE, &identity);
	kith_identity_print(&identity, facts->identity, sizeof(facts->identity), NULL);
	/* With the id as comment: GNS asks for it. */
	kith_key_print_public(facts->public_key, KITH_KEY_FORM_SSH, facts->ssh, sizeof(facts->ssh), NULL);
	size = strlen(facts->ssh);
	snprintf(facts->ssh + size, sizeof(facts->ssh) - size, " ID%" PRIu64, facts->id);
}

/* A file of either half. -1, or the status. */
static int read_facts(struct key_facts *facts, struct output *output, const char *path)
{
	uint8_t private_key[KITH_KEY_SIZE];
	char text[512];
	kith_result result = kith_key_load(path, private_key);

	*facts = (struct key_facts){ .file = path };
	facts->is_private = result == KITH_OK;
	if (facts->is_private)
		kith_key_public(private_key, facts->public_key);
	explicit_bzero(private_key, sizeof(private_key));
	if (result == KITH_E_INVALID && kith_key_load_public(path, facts->public_key) != KITH_OK) {
		snprintf(text, sizeof(text), "%s: neither a private nor a public key", path);
		return fail(output, result, text);
	}
	if (result != KITH_OK && result != KITH_E_INVALID)
		return fail(output, result, kith_last_error());
	fill(facts);
	return -1;
}

static void say_facts(struct output *output, const struct key_facts *facts)
{
	char id[24];

	snprintf(id, sizeof(id), "%" PRIu64, facts->id);
	if (!output->json) {
		output_line(output, "%s key in %s", facts->is_private ? "private" : "public", facts->file);
		output_line(output, "  identity  %s", facts->identity);
		output_line(output, "  id        %s", id);
		output_line(output, "  ssh       %s", facts->ssh);
		return;
	}
	output_open(output, "key");
	output_string(output, "file", facts->file);
	output_string(output, "kind", facts->is_private ? "private" : "public");
	output_string(output, "identity", facts->identity);
	output_string(output, "id", id);
	output_string(output, "ssh", facts->ssh);
	output_close(output);
}

static int run_new(const struct options *options, struct output *output)
{
	struct key_facts facts = { .file = options->arguments.values[0], .is_private = true };
	uint8_t private_key[KITH_KEY_SIZE];
	kith_result result = kith_key_generate(private_key);

	if (result == KITH_OK)
		result = kith_key_save(facts.file, private_key);
	if (result == KITH_OK)
		kith_key_public(private_key, facts.public_key);
	explicit_bzero(private_key, sizeof(private_key));
	if (result == KITH_OK && options->public_file != NULL)
		result = kith_key_save_public(options->public_file, facts.public_key);
	if (result != KITH_OK)
		return fail(output, result, kith_last_error());
	fill(&facts);
	if (output->json)
		say_facts(output, &facts);
	else
		output_line(output, "%s", facts.identity);
	return EXIT_OK;
}

static int run_public(const struct options *options, struct output *output, const struct key_facts *facts)
{
	char text[sizeof(facts->ssh)], line[sizeof(text) + 1];
	const char *wrong;

	if (output->json) {
		say_facts(output, facts);
		return EXIT_OK;
	}
	kith_key_print_public(facts->public_key, KITH_KEY_FORM_FILE, text, sizeof(text), NULL);
	snprintf(line, sizeof(line), "%s\n", options->ssh ? facts->ssh : text);
	wrong = key_write_beside(options->out, line, strlen(line));
	if (wrong == NULL)
		return EXIT_OK;
	snprintf(text, sizeof(text), "%.80s: %.70s", options->out != NULL ? options->out : "standard output", wrong);
	return fail(output, KITH_E_SYSTEM, text);
}

const char *key_write_beside(const char *path, const char *bytes, size_t size)
{
	uint8_t private_key[KITH_KEY_SIZE];
	bool is_secret = path != NULL && document_exists(path) && kith_key_load(path, private_key) == KITH_OK;

	explicit_bzero(private_key, sizeof(private_key));
	return is_secret ? "it holds a private key, and stays" : document_write(path, bytes, size);
}

int key_run(const struct options *options)
{
	struct key_facts facts;
	struct output output;
	int status;

	output_init(&output, stdout, options->json, options->verbose);
	if (options->command == COMMAND_KEY_NEW)
		return run_new(options, &output);
	status = read_facts(&facts, &output, options->arguments.values[0]);
	if (status >= 0)
		return status;
	if (options->command == COMMAND_KEY_PUBLIC)
		return run_public(options, &output, &facts);
	if (options->command == COMMAND_KEY_IDENTITY && !output.json)
		output_line(&output, "%s", facts.identity);
	else
		say_facts(&output, &facts);
	return EXIT_OK;
}
