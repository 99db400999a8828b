#include "cli/cert_make.h"

#include <stdlib.h>
#include <string.h>

#include <kith/kith.h>

#include "cli/cert_say.h"
#include "cli/moment.h"
#include "cli/target.h"

#define DAY (INT64_C(86400) * 1000000)

enum { MADE_MAX = 4096, DAYS_OF_A_ROOT = 3650, DAYS = 365 };

/* What the options say, ready for the library. */
struct wanted {
	struct kith_certificate_options options;
	uint8_t signing_key[KITH_KEY_SIZE];
	uint8_t public_key[KITH_KEY_SIZE];
	struct kith_identity identity;
	uint32_t app_ids[KITH_APP_IDS_MAX];
};

/* --- the options */

static int read_app_ids(const struct options *options, struct wanted *wanted)
{
	const struct options_list *list = &options->app_ids;

	for (int i = 0; i < list->count; i++) {
		char *end;
		unsigned long long id = strtoull(list->values[i], &end, 10);

		if (list->values[i][0] < '0' || list->values[i][0] > '9' || *end != '\0' || id > UINT32_MAX)
			return options_complain(options->command, "option --app-id: '%s' is not a number from 0 to 4294967295",
			                        list->values[i]);
		wanted->app_ids[i] = (uint32_t)id;
	}
	wanted->options.app_ids = wanted->app_ids;
	wanted->options.app_id_count = (uint32_t)list->count;
	return -1;
}

static int read_common(const struct options *options, struct wanted *wanted)
{
	int status;

	*wanted = (struct wanted){ .options = KITH_CERTIFICATE_OPTIONS_INIT };
	if (options->key_file == NULL)
		return options_complain(options->command, "missing option --key: the private key that signs");
	if (options->authority && options->identity != NULL)
		return options_complain(options->command, "options --authority and --identity: an authority has no identity");
	if (options->binary && options->json && options->out == NULL)
		return options_complain(options->command, "options --binary and --json need --out");
	status = target_read_key(options, options->key_file, wanted->signing_key);
	if (status < 0)
		status = read_app_ids(options, wanted);
	if (status < 0 && options->identity != NULL) {
		status = target_read_identity(options, "option --identity", options->identity, &wanted->identity);
		wanted->options.identity = &wanted->identity;
	}
	wanted->options.signing_key = wanted->signing_key;
	wanted->options.form = options->binary ? KITH_FORM_BINARY : KITH_FORM_TEXT;
	wanted->options.kind = options->authority ? KITH_CERTIFICATE_AUTHORITY : KITH_CERTIFICATE_PEER;
	return status;
}

static int read_moment(const struct options *options, const char *name, const char *text, int64_t *out)
{
	if (text == NULL || moment_parse(text, out))
		return -1;
	return options_complain(options->command, "option --%s: '%s' is not a date as 2030-12-31 or 2030-12-31T23:59:59Z",
	                        name, text);
}

static int read_times(const struct options *options, struct wanted *wanted, int64_t days)
{
	struct kith_certificate_options *out = &wanted->options;
	int status;

	out->created_unix_us = moment_now();
	status = read_moment(options, "from", options->since, &out->created_unix_us);
	out->expires_unix_us = out->created_unix_us + (options->days > 0 ? options->days : days) * DAY;
	if (status < 0)
		status = read_moment(options, "until", options->until, &out->expires_unix_us);
	if (status >= 0)
		return status;
	if (options->until != NULL && options->days > 0)
		return options_complain(options->command, "options --days and --until: only one can be");
	if (out->expires_unix_us < out->created_unix_us)
		return options_complain(options->command, "option --until: '%s' is before the beginning", options->until);
	return -1;
}

/* --- making */

typedef kith_result make_fn(const struct kith_certificate_options *options, void *buffer, size_t capacity,
                            size_t *out_size);

/* Behind a certificate stand those of --chain, so that the file is all that a program needs. */
static const char *add_chain(const struct options *options, struct document *made)
{
	const char *wrong = NULL;

	for (int i = 0; i < options->chain.count && wrong == NULL; i++) {
		struct document file;

		wrong = document_read(&file, options->chain.values[i]);
		if (wrong == NULL)
			document_append(made, file.bytes, file.size);
		document_free(&file);
	}
	return wrong;
}

static int make(const struct options *options, struct output *output, struct wanted *wanted, make_fn *function)
{
	struct document made = { calloc(1, MADE_MAX + 1), 0 };
	kith_result result = KITH_E_SYSTEM;
	const char *wrong = "out of memory";
	int status;

	if (made.bytes != NULL)
		result = function(&wanted->options, made.bytes, MADE_MAX, &made.size);
	wrong = result == KITH_OK ? add_chain(options, &made) : made.bytes != NULL ? kith_last_error() : wrong;
	if (wrong != NULL)
		status = cert_say_failure(output, result == KITH_OK ? KITH_E_SYSTEM : result, "no certificate", wrong);
	else
		status = cert_say_made(output, &made, options->out);
	document_free(&made);
	return status;
}

int cert_make_request(const struct options *options, struct output *output)
{
	struct wanted wanted;
	int status = read_common(options, &wanted);

	if (status < 0)
		status = make(options, output, &wanted, kith_certificate_request);
	explicit_bzero(&wanted, sizeof(wanted));
	return status;
}

int cert_make_root(const struct options *options, struct output *output)
{
	struct wanted wanted;
	int status = read_common(options, &wanted);

	wanted.options.kind = KITH_CERTIFICATE_ROOT;
	if (status < 0)
		status = read_times(options, &wanted, DAYS_OF_A_ROOT);
	if (status < 0)
		status = make(options, output, &wanted, kith_certificate_sign);
	explicit_bzero(&wanted, sizeof(wanted));
	return status;
}

/* --- signing what somebody asks for */

/* Whether the key that signs has signed this already, whenever that was. */
static bool is_ours(const struct wanted *wanted, const struct document *file, const struct kith_certificate *older)
{
	struct kith_endpoint_options options = KITH_ENDPOINT_OPTIONS_INIT;
	uint8_t public_key[KITH_KEY_SIZE];
	int32_t doubt = KITH_DOUBT_UNTRUSTED;
	kith_endpoint endpoint;

	options.app_id = older->app_id_count > 0 ? older->app_ids[0] : 0;
	if (kith_key_public(wanted->signing_key, public_key) != KITH_OK ||
	    kith_endpoint_create(&options, &endpoint) != KITH_OK)
		return false;
	if (kith_endpoint_add_trust(endpoint, public_key, sizeof(public_key)) == KITH_OK)
		kith_endpoint_check_certificate(endpoint, file->bytes, file->size, NULL, &doubt);
	kith_endpoint_destroy(endpoint);
	return doubt == KITH_DOUBT_NONE || doubt == KITH_DOUBT_EXPIRED || doubt == KITH_DOUBT_NOT_YET_VALID;
}

/* Who is meant by the file: somebody's request, somebody's older certificate, or a bare public key. */
static int read_subject(const struct options *options, struct output *output, const struct wanted *wanted,
                        struct kith_certificate *out)
{
	const char *path = options->arguments.values[0];
	struct document file;
	const char *wrong = document_read(&file, path);
	kith_result result;

	if (wrong != NULL)
		return cert_say_failure(output, KITH_E_SYSTEM, path, wrong);
	result = kith_certificate_describe(file.bytes, file.size, 0, out);
	wrong = kith_last_error();
	if (result != KITH_OK && kith_key_parse_public(file.bytes, file.size, out->key) == KITH_OK)
		result = KITH_OK;
	if (result == KITH_OK && out->kind == KITH_CERTIFICATE_PEER && options->identity == NULL &&
	    !is_ours(wanted, &file, out)) {
		result = KITH_E_AUTH;
		wrong = "another key signed it, so that it proves nothing here; --identity says whom you mean";
	}
	document_free(&file);
	return result == KITH_OK ? -1 : cert_say_failure(output, result, path, wrong);
}

/* What --identity, --authority and --app-id do not say, the subject says. */
static int complete(const struct options *options, struct output *output, struct wanted *wanted,
                    const struct kith_certificate *subject)
{
	struct kith_certificate_options *out = &wanted->options;
	const char *path = options->arguments.values[0];
	bool is_of_authority = subject->kind != KITH_CERTIFICATE_NONE && subject->identity.kind == KITH_IDENTITY_NONE;

	for (int i = 0; i < KITH_KEY_SIZE; i++)
		wanted->public_key[i] = subject->key[i];
	out->public_key = wanted->public_key;
	if (out->identity == NULL && !options->authority) {
		if (is_of_authority)
			return options_complain(options->command,
			                        "missing option --authority: '%s' is for an authority, who can vouch for anybody",
			                        path);
		if (subject->kind == KITH_CERTIFICATE_NONE)
			return options_complain(options->command, "missing option --identity: '%s' is a key, and says not whose",
			                        path);
		wanted->identity = subject->identity;
		out->identity = &wanted->identity;
	}
	if (options->app_ids.count == 0) {
		for (uint32_t i = 0; i < subject->app_id_count; i++)
			wanted->app_ids[i] = subject->app_ids[i];
		out->app_id_count = subject->app_id_count;
	}
	if (subject->kind == KITH_CERTIFICATE_REQUEST && !subject->is_signed && !output->json)
		fprintf(stderr, "kith: note: nothing proves that who asks has the key\n");
	return -1;
}

int cert_make_signed(const struct options *options, struct output *output)
{
	struct kith_certificate subject = KITH_CERTIFICATE_INIT;
	struct wanted wanted;
	int status = read_common(options, &wanted);

	if (status < 0)
		status = read_times(options, &wanted, DAYS);
	if (status < 0 && options->binary && options->chain.count > 0)
		status = options_complain(options->command, "options --binary and --chain: bare bytes are of one certificate");
	if (status < 0)
		status = read_subject(options, output, &wanted, &subject);
	if (status < 0)
		status = complete(options, output, &wanted, &subject);
	if (status < 0)
		status = make(options, output, &wanted, kith_certificate_sign);
	explicit_bzero(&wanted, sizeof(wanted));
	return status;
}
