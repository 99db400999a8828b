#include "cli/session_trust.h"

#include <stdlib.h>
#include <string.h>

#include "cli/target.h"

/* One file into the bundle: bare bytes become text, so that several can stand in one. */
static int append_certificate(const struct options *options, const char *path, struct document *bundle)
{
	struct document file;
	char *text;
	size_t size = 0;
	const char *wrong = document_read(&file, path);
	kith_result result;

	if (wrong != NULL)
		return options_complain(options->command, "option --cert: '%s': %s", path, wrong);
	text = malloc(2 * DOCUMENT_SIZE_MAX);
	result = text == NULL
	             ? KITH_E_SYSTEM
	             : kith_certificate_convert(file.bytes, file.size, KITH_FORM_TEXT, text, 2 * DOCUMENT_SIZE_MAX, &size);
	if (result == KITH_OK)
		document_append(bundle, text, size);
	free(text);
	document_free(&file);
	if (result == KITH_OK)
		return -1;
	return options_complain(options->command, "option --cert: '%s': %s", path, kith_last_error());
}

int session_trust_read_certificate(const struct options *options, struct document *out)
{
	int status = -1;

	*out = (struct document){ NULL, 0 };
	for (int i = 0; i < options->certs.count && status < 0; i++)
		status = append_certificate(options, options->certs.values[i], out);
	if (status >= 0)
		document_free(out);
	return status;
}

static int add_trust(const struct options *options, kith_endpoint endpoint, const char *path)
{
	struct document file;
	const char *wrong = document_read(&file, path);
	kith_result result;

	if (wrong != NULL)
		return options_complain(options->command, "option --trust: '%s': %s", path, wrong);
	result = kith_endpoint_add_trust(endpoint, file.bytes, file.size);
	document_free(&file);
	if (result == KITH_OK)
		return -1;
	return options_complain(options->command, "option --trust: '%s': %s", path, kith_last_error());
}

/* Each file by itself first: a complaint names the file and its line. */
static int set_revoked(const struct options *options, kith_endpoint endpoint)
{
	struct document all = { NULL, 0 };
	int status = -1;

	for (int i = 0; i < options->revoked.count && status < 0; i++) {
		const char *path = options->revoked.values[i];
		struct document file;
		size_t count;
		const char *wrong = document_read(&file, path);

		if (wrong == NULL && kith_revoked_parse(file.bytes, file.size, NULL, 0, &count) != KITH_OK)
			wrong = kith_last_error();
		if (wrong != NULL)
			status = options_complain(options->command, "option --revoked: '%s': %s", path, wrong);
		else
			document_append(&all, file.bytes, file.size);
		document_free(&file);
	}
	if (status < 0 && options->revoked.count > 0 && kith_endpoint_set_revoked(endpoint, all.bytes, all.size) != KITH_OK)
		status = options_complain(options->command, "option --revoked: %s", kith_last_error());
	document_free(&all);
	return status;
}

static int64_t requirement(const char *word)
{
	if (strcmp(word, "certificate") == 0)
		return KITH_REQUIRE_CERTIFICATE;
	return strcmp(word, "key") == 0 ? KITH_REQUIRE_KEY : KITH_REQUIRE_PROOF;
}

static int add_all_trust(const struct options *options, kith_endpoint endpoint)
{
	int status = -1;

	for (int i = 0; i < options->trusts.count && status < 0; i++)
		status = add_trust(options, endpoint, options->trusts.values[i]);
	return status;
}

int session_trust_configure(const struct options *options, kith_endpoint endpoint)
{
	int status = add_all_trust(options, endpoint);

	if (status < 0)
		status = set_revoked(options, endpoint);
	if (status < 0 && options->require != NULL)
		kith_config_set_int(endpoint, KITH_CONFIG_REQUIRE_PROOF, requirement(options->require));
	return status;
}

bool session_trust_can_reload(const struct options *options)
{
	return options->certs.count + options->trusts.count + options->revoked.count > 0;
}

static int reload_certificate(const struct options *options, kith_endpoint endpoint)
{
	uint8_t key[KITH_KEY_SIZE];
	struct document certificate = { NULL, 0 };
	int status = options->key_file != NULL ? target_read_key(options, options->key_file, key) : -1;

	if (status < 0)
		status = session_trust_read_certificate(options, &certificate);
	if (status < 0 && kith_endpoint_set_certificate(endpoint, options->key_file != NULL ? key : NULL, certificate.bytes,
	                                                certificate.size) != KITH_OK)
		status = options_complain(options->command, "option --cert: %s", kith_last_error());
	explicit_bzero(key, sizeof(key));
	document_free(&certificate);
	return status;
}

static bool is_same(const struct kith_certificate *one, const struct kith_certificate *other)
{
	if (one->key_id != other->key_id || one->kind != other->kind || one->issuer != other->issuer ||
	    one->created_unix_us != other->created_unix_us || one->expires_unix_us != other->expires_unix_us ||
	    one->app_id_count != other->app_id_count)
		return false;
	for (uint32_t i = 0; i < one->app_id_count; i++)
		if (one->app_ids[i] != other->app_ids[i])
			return false;
	return true;
}

static bool is_trusted(kith_endpoint endpoint, const struct kith_certificate *wanted)
{
	struct kith_certificate known = KITH_CERTIFICATE_INIT;

	for (uint32_t i = 0; kith_endpoint_trust_at(endpoint, i, &known, NULL) == KITH_OK; i++)
		if (is_same(&known, wanted))
			return true;
	return false;
}

/* Whom the files no longer name is no longer believed. They are read for an endpoint that does nothing first. */
static int reload_trust(const struct options *options, kith_endpoint endpoint)
{
	struct kith_endpoint_options nothing = KITH_ENDPOINT_OPTIONS_INIT;
	struct kith_certificate known = KITH_CERTIFICATE_INIT;
	kith_endpoint fresh;
	int status;

	if (kith_endpoint_create(&nothing, &fresh) != KITH_OK)
		return EXIT_FAILED;
	status = add_all_trust(options, fresh);
	for (uint32_t i = 0; status < 0 && kith_endpoint_trust_at(endpoint, i, &known, NULL) == KITH_OK;) {
		if (is_trusted(fresh, &known))
			i++;
		else
			kith_endpoint_remove_trust(endpoint, known.key_id);
	}
	kith_endpoint_destroy(fresh);
	return status < 0 ? add_all_trust(options, endpoint) : status;
}

void session_trust_reload(struct session *session)
{
	const struct options *options = session->options;
	int status = options->certs.count > 0 ? reload_certificate(options, session->endpoint) : -1;

	/* Revocation above all: it does not wait for a certificate that is wrong. */
	if (reload_trust(options, session->endpoint) >= 0)
		status = EXIT_USAGE;
	if (set_revoked(options, session->endpoint) >= 0)
		status = EXIT_USAGE;
	if (status >= 0) {
		output_error(session->output, KITH_E_INVALID, "NOT_RELOADED", "not all of it could be read again");
	} else if (session->output->json) {
		output_open(session->output, "reloaded");
		output_close(session->output);
	} else {
		output_line(session->output, "reloaded");
	}
}
