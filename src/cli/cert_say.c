#include "cli/cert_say.h"

#include <inttypes.h>
#include <string.h>

#include "cli/key.h"
#include "cli/moment.h"
#include "cli/options.h"

static const char *kind_of(const struct kith_certificate *certificate)
{
	switch (certificate->kind) {
	case KITH_CERTIFICATE_PEER:
		return "peer";
	case KITH_CERTIFICATE_AUTHORITY:
		return "authority";
	case KITH_CERTIFICATE_ROOT:
		return "root";
	case KITH_CERTIFICATE_REQUEST:
		return "request";
	default:
		return "none";
	}
}

static void title_of(const struct kith_certificate *certificate, char out[CERT_SAY_LINE_MAX])
{
	const char *what = certificate->kind == KITH_CERTIFICATE_REQUEST ? "request for a certificate" : "certificate";
	char name[KITH_IDENTITY_TEXT_MAX] = "";

	kith_identity_print(&certificate->identity, name, sizeof(name), NULL);
	if (certificate->kind == KITH_CERTIFICATE_ROOT)
		snprintf(out, CERT_SAY_LINE_MAX, "%s of a root", what);
	else if (name[0] == '\0')
		snprintf(out, CERT_SAY_LINE_MAX, "%s of an authority", what);
	else
		snprintf(out, CERT_SAY_LINE_MAX, "%s of %s", what, name);
}

void cert_say_brief(const struct kith_certificate *certificate, char out[CERT_SAY_LINE_MAX])
{
	char expires[MOMENT_TEXT_MAX];
	size_t size;

	title_of(certificate, out);
	size = strlen(out);
	snprintf(out + size, CERT_SAY_LINE_MAX - size, ", key %" PRIu64, certificate->key_id);
	if (certificate->expires_unix_us == 0)
		return;
	moment_print(certificate->expires_unix_us, expires);
	size = strlen(out);
	snprintf(out + size, CERT_SAY_LINE_MAX - size, ", expires %s", expires);
}

static void print_key(const struct kith_certificate *certificate, char out[KITH_IDENTITY_TEXT_MAX])
{
	struct kith_identity identity;

	kith_identity_from_bytes(certificate->key, sizeof(certificate->key), &identity);
	kith_identity_print(&identity, out, KITH_IDENTITY_TEXT_MAX, NULL);
}

/* --- for people */

static void say_time(struct output *output, const char *what, int64_t unix_us, bool is_end)
{
	char text[MOMENT_TEXT_MAX];
	int64_t left = (unix_us - moment_now()) / (INT64_C(86400) * 1000000);

	if (unix_us == 0)
		return;
	moment_print(unix_us, text);
	if (!is_end)
		output_line(output, "  %-9s %s%s", what, text, unix_us > moment_now() ? ", not yet" : "");
	else if (unix_us < moment_now())
		output_line(output, "  %-9s %s, expired", what, text);
	else
		output_line(output, "  %-9s %s, in %" PRId64 " days", what, text, left);
}

static void say_apps(struct output *output, const struct kith_certificate *certificate)
{
	char text[KITH_APP_IDS_MAX * 11 + 8] = "any";
	size_t size = 0;

	for (uint32_t i = 0; i < certificate->app_id_count; i++)
		size +=
			(size_t)snprintf(text + size, sizeof(text) - size, "%s%" PRIu32, i > 0 ? " " : "", certificate->app_ids[i]);
	if (certificate->app_id_count == 0 && certificate->kind == KITH_CERTIFICATE_PEER)
		snprintf(text, sizeof(text), "none");
	output_line(output, "  %-9s %s", "apps", text);
}

static void say_signer(struct output *output, const struct kith_certificate *certificate)
{
	if (certificate->kind == KITH_CERTIFICATE_REQUEST)
		output_line(output, "  %-9s %s", "proof", certificate->is_signed ? "signed by its key" : "none");
	else if (certificate->kind == KITH_CERTIFICATE_ROOT)
		output_line(output, "  %-9s itself", "issuer");
	else if (certificate->is_signed)
		output_line(output, "  %-9s %" PRIu64, "issuer", certificate->issuer);
	else
		output_line(output, "  %-9s none, it is not signed", "issuer");
}

static void say_lines(struct output *output, const struct kith_certificate *certificate)
{
	char title[CERT_SAY_LINE_MAX], key[KITH_IDENTITY_TEXT_MAX];

	title_of(certificate, title);
	print_key(certificate, key);
	output_line(output, "%s", title);
	output_line(output, "  %-9s %s", "key", key);
	output_line(output, "  %-9s %" PRIu64, "id", certificate->key_id);
	say_signer(output, certificate);
	say_time(output, "created", certificate->created_unix_us, false);
	say_time(output, "expires", certificate->expires_unix_us, true);
	say_apps(output, certificate);
}

/* --- as JSON */

/* As text: 64 bits are too many for most readers of JSON. */
static void add_id(struct output *output, const char *name, uint64_t id)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRIu64, id);
	output_string(output, name, text);
}

static void add_time(struct output *output, const char *name, int64_t unix_us)
{
	char text[MOMENT_TEXT_MAX];

	if (unix_us == 0)
		return;
	moment_print(unix_us, text);
	output_string(output, name, text);
}

static void add_fields(struct output *output, const struct kith_certificate *certificate)
{
	char key[KITH_IDENTITY_TEXT_MAX], name[KITH_IDENTITY_TEXT_MAX] = "";

	kith_identity_print(&certificate->identity, name, sizeof(name), NULL);
	print_key(certificate, key);
	output_string(output, "kind", kind_of(certificate));
	if (name[0] != '\0')
		output_string(output, "identity", name);
	output_string(output, "key", key);
	add_id(output, "id", certificate->key_id);
	if (certificate->issuer != 0)
		add_id(output, "issuer", certificate->issuer);
	if (certificate->is_signed)
		output_true(output, "signed");
	add_time(output, "created", certificate->created_unix_us);
	add_time(output, "expires", certificate->expires_unix_us);
	if (certificate->expires_unix_us != 0 && certificate->expires_unix_us < moment_now())
		output_true(output, "expired");
	output_integers(output, "apps", certificate->app_ids, certificate->app_id_count);
}

void cert_say_all(struct output *output, const struct kith_certificate *certificate, const char *file)
{
	if (!output->json) {
		say_lines(output, certificate);
		return;
	}
	output_open(output, "certificate");
	if (file != NULL)
		output_string(output, "file", file);
	add_fields(output, certificate);
	output_close(output);
}

/* --- what was made */

static void say_with_text(struct output *output, const struct kith_certificate *certificate,
                          const struct document *made, const char *path)
{
	output_open(output, "certificate");
	add_fields(output, certificate);
	if (path != NULL)
		output_string(output, "file", path);
	else
		output_string(output, "text", made->bytes);
	output_close(output);
}

int cert_say_made(struct output *output, const struct document *made, const char *path)
{
	struct kith_certificate certificate = KITH_CERTIFICATE_INIT;
	char brief[CERT_SAY_LINE_MAX];
	const char *wrong = NULL;

	kith_certificate_describe(made->bytes, made->size, 0, &certificate);
	if (path != NULL || !output->json)
		wrong = key_write_beside(path, made->bytes, made->size);
	if (wrong != NULL)
		return cert_say_failure(output, KITH_E_SYSTEM, path != NULL ? path : "standard output", wrong);
	if (output->json) {
		say_with_text(output, &certificate, made, path);
	} else if (path != NULL) {
		cert_say_brief(&certificate, brief);
		output_line(output, "%s: %s", path, brief);
	}
	return EXIT_OK;
}

int cert_say_failure(struct output *output, kith_result result, const char *what, const char *why)
{
	char text[1024];

	snprintf(text, sizeof(text), "%s: %s", what, why);
	output_error(output, result, kith_result_name(result), text);
	return EXIT_FAILED;
}
