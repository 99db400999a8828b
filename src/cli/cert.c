#include "cli/cert.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cert_make.h"
#include "cli/cert_say.h"
#include "cli/session_trust.h"
#include "cli/target.h"

enum { REVOKED_LINE_MAX = KITH_IDENTITY_TEXT_MAX + CERT_SAY_LINE_MAX + 8 };

/* --- show */

static int show_file(struct output *output, const char *path)
{
	struct kith_certificate certificate = KITH_CERTIFICATE_INIT;
	struct document file;
	const char *wrong = document_read(&file, path);
	kith_result result;
	uint32_t count = 0;

	if (wrong != NULL)
		return cert_say_failure(output, KITH_E_SYSTEM, path, wrong);
	while ((result = kith_certificate_describe(file.bytes, file.size, count, &certificate)) == KITH_OK) {
		cert_say_all(output, &certificate, path);
		count++;
	}
	document_free(&file);
	if (result == KITH_E_NOT_FOUND)
		return EXIT_OK;
	return cert_say_failure(output, result, path, kith_last_error());
}

static int run_show(const struct options *options, struct output *output)
{
	int status = EXIT_OK;

	for (int i = 0; i < options->arguments.count && status == EXIT_OK; i++)
		status = show_file(output, options->arguments.values[i]);
	return status;
}

/* --- check */

static int say_verdict(struct output *output, int32_t doubt)
{
	if (!output->json) {
		if (doubt == KITH_DOUBT_NONE)
			output_line(output, "good");
		else
			output_line(output, "refused: %s", kith_doubt_text(doubt));
		return doubt == KITH_DOUBT_NONE ? EXIT_OK : EXIT_FAILED;
	}
	output_open(output, "checked");
	output_word(output, "doubt", kith_doubt_name(doubt));
	if (doubt != KITH_DOUBT_NONE)
		output_string(output, "text", kith_doubt_text(doubt));
	output_close(output);
	return doubt == KITH_DOUBT_NONE ? EXIT_OK : EXIT_FAILED;
}

static int check_with(const struct options *options, struct output *output, kith_endpoint endpoint)
{
	const char *path = options->arguments.values[0];
	struct kith_identity identity;
	struct document file;
	int32_t doubt;
	kith_result result;
	const char *wrong;
	int status = session_trust_configure(options, endpoint);

	if (status < 0 && options->identity != NULL)
		status = target_read_identity(options, "option --identity", options->identity, &identity);
	if (status >= 0)
		return status;
	wrong = document_read(&file, path);
	if (wrong != NULL)
		return cert_say_failure(output, KITH_E_SYSTEM, path, wrong);
	result = kith_endpoint_check_certificate(endpoint, file.bytes, file.size,
	                                         options->identity != NULL ? &identity : NULL, &doubt);
	document_free(&file);
	return result == KITH_OK ? say_verdict(output, doubt) : cert_say_failure(output, result, path, kith_last_error());
}

static int run_check(const struct options *options, struct output *output)
{
	struct kith_endpoint_options wanted = KITH_ENDPOINT_OPTIONS_INIT;
	kith_endpoint endpoint;
	kith_result result;
	int status;

	wanted.app_id = (uint32_t)options->app_id;
	result = kith_endpoint_create(&wanted, &endpoint);
	if (result != KITH_OK)
		return cert_say_failure(output, result, "cannot check", kith_last_error());
	status = check_with(options, output, endpoint);
	kith_endpoint_destroy(endpoint);
	return status;
}

/* --- revoke */

/* The key of a certificate, of a file with a key, or named itself. */
static int read_revoked(struct output *output, const char *what, uint64_t *id, char line[REVOKED_LINE_MAX])
{
	struct kith_certificate certificate = KITH_CERTIFICATE_INIT;
	char brief[CERT_SAY_LINE_MAX], key[KITH_IDENTITY_TEXT_MAX];
	struct kith_identity identity;
	size_t count = 0;
	struct document file;
	const char *wrong;

	if (kith_revoked_parse(what, strlen(what), id, 1, &count) == KITH_OK && count == 1) {
		snprintf(line, REVOKED_LINE_MAX, "%s", what);
		return -1;
	}
	wrong = document_read(&file, what);
	if (wrong != NULL)
		return cert_say_failure(output, KITH_E_SYSTEM, what, wrong);
	if (kith_certificate_describe(file.bytes, file.size, 0, &certificate) == KITH_OK)
		cert_say_brief(&certificate, brief);
	else if (kith_key_parse_public(file.bytes, file.size, certificate.key) == KITH_OK)
		snprintf(brief, sizeof(brief), "%s", what);
	else
		wrong = "neither a certificate nor a public key";
	document_free(&file);
	if (wrong != NULL)
		return cert_say_failure(output, KITH_E_INVALID, what, wrong);
	/* Names are others' words: none of them begins a line of the list. */
	for (char *at = brief; *at != '\0'; at++)
		if ((unsigned char)*at < ' ')
			*at = '?';
	kith_key_id(certificate.key, id);
	kith_identity_from_bytes(certificate.key, sizeof(certificate.key), &identity);
	kith_identity_print(&identity, key, sizeof(key), NULL);
	snprintf(line, REVOKED_LINE_MAX, "%s # %s", key, brief);
	return -1;
}

static bool is_in(const struct document *list, uint64_t id)
{
	size_t count = 0;
	uint64_t *ids;
	bool found = false;

	kith_revoked_parse(list->bytes, list->size, NULL, 0, &count);
	ids = calloc(count + 1, sizeof(*ids));
	if (ids != NULL && kith_revoked_parse(list->bytes, list->size, ids, count, &count) == KITH_OK)
		for (size_t i = 0; i < count; i++)
			found = found || ids[i] == id;
	free(ids);
	return found;
}

static void say_revoked(struct output *output, const char *list, uint64_t id, bool is_new)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRIu64, id);
	if (!output->json) {
		output_line(output, "key %s is %s %s", text, is_new ? "revoked in" : "in it already:", list);
		return;
	}
	output_open(output, "revoked");
	output_string(output, "list", list);
	output_string(output, "id", text);
	if (is_new)
		output_true(output, "new");
	output_close(output);
}

static int add_revoked(struct output *output, struct document *list, const char *path, const char *what)
{
	char line[REVOKED_LINE_MAX];
	uint64_t id;
	int status = read_revoked(output, what, &id, line);
	bool is_new;

	if (status >= 0)
		return status;
	is_new = !is_in(list, id);
	if (is_new)
		document_append(list, line, strlen(line));
	say_revoked(output, path, id, is_new);
	return -1;
}

static int run_revoke(const struct options *options, struct output *output)
{
	const char *path = options->arguments.values[0];
	struct document list = { NULL, 0 };
	const char *wrong = document_exists(path) ? document_read(&list, path) : NULL; /* or it begins here */
	size_t count;
	int status = -1;

	if (wrong != NULL)
		return cert_say_failure(output, KITH_E_SYSTEM, path, wrong);
	if (kith_revoked_parse(list.bytes, list.size, NULL, 0, &count) != KITH_OK) {
		document_free(&list);
		return cert_say_failure(output, KITH_E_INVALID, path, kith_last_error());
	}
	if (list.size > 0)
		document_append(&list, "", 0);
	for (int i = 1; i < options->arguments.count && status < 0; i++)
		status = add_revoked(output, &list, path, options->arguments.values[i]);
	if (status < 0) {
		wrong = document_write(path, list.bytes, list.size);
		status = wrong == NULL ? EXIT_OK : cert_say_failure(output, KITH_E_SYSTEM, path, wrong);
	}
	document_free(&list);
	return status;
}

int cert_run(const struct options *options)
{
	struct output output;

	output_init(&output, stdout, options->json, options->verbose);
	switch (options->command) {
	case COMMAND_CERT_REQUEST:
		return cert_make_request(options, &output);
	case COMMAND_CERT_SIGN:
		return cert_make_signed(options, &output);
	case COMMAND_CERT_ROOT:
		return cert_make_root(options, &output);
	case COMMAND_CERT_CHECK:
		return run_check(options, &output);
	case COMMAND_CERT_REVOKE:
		return run_revoke(options, &output);
	default:
		return run_show(options, &output);
	}
}
