#include "core/crypto/certificate_text.h"

#include "core/base/alloc.h"
#include "core/base/base64.h"
#include "core/base/bytes.h"

#define LINE_LETTERS 64

static const char begin[] = "-----BEGIN ";
static const char end[] = "-----END ";
static const char dashes[] = "-----";

static const struct {
	const char *label;
	enum certificate_text_kind kind;
} labels[] = {
	{ "KITH CERTIFICATE", CERTIFICATE_TEXT_CERTIFICATE }, /* the first of a kind is the one written */
	{ "KITH CERTIFICATE REQUEST", CERTIFICATE_TEXT_REQUEST },
	{ "STEAMDATAGRAM CERT", CERTIFICATE_TEXT_CERTIFICATE }, /* of GNS's tool */
};

/* A piece of text. */
struct span {
	const char *at;
	size_t size;
};

/* The text from the first `what` in it on; empty: it is not there. */
static struct span find(struct span in, const char *what)
{
	size_t size = strlen(what);

	while (in.size >= size && !bytes_equal(in.at, what, size)) {
		in.at++;
		in.size--;
	}
	return in.size >= size ? in : (struct span){ in.at, 0 };
}

static struct span skip(struct span span, size_t size)
{
	return (struct span){ span.at + size, span.size - size };
}

static bool span_equal(struct span one, struct span other)
{
	return one.size == other.size && bytes_equal(one.at, other.at, one.size);
}

/* --- the bare bytes */

/* A certificate's envelope has the certificate in field 4, a request its in field 1. */
static bool classify(const uint8_t *bytes, size_t size, enum certificate_text_kind *out)
{
	struct msg_signed_certificate envelope;
	struct msg_certificate_request request;

	*out = CERTIFICATE_TEXT_CERTIFICATE;
	if (msg_signed_certificate_read(&envelope, bytes, size) && envelope.cert != NULL)
		return true;
	*out = CERTIFICATE_TEXT_REQUEST;
	return msg_certificate_request_read(&request, bytes, size) && request.cert != NULL;
}

static bool is_text(const void *data, size_t size)
{
	return find((struct span){ data, size }, begin).size > 0;
}

bool certificate_text_is_one(const void *data, size_t size)
{
	enum certificate_text_kind kind;

	return is_text(data, size) || classify(data, size, &kind);
}

static const char *read_binary(struct certificate_text *out, const uint8_t *data, size_t size)
{
	if (!classify(data, size, &out->kinds[0]))
		return "neither a certificate nor a request for one";
	bytes_copy(out->bytes, data, size);
	out->items[0] = (struct msg_bytes){ out->bytes, size };
	out->count = 1;
	return NULL;
}

/* --- blocks */

/* What stands between BEGIN and END. */
struct block {
	struct span label;
	struct span body;
	struct span rest; /* behind it */
};

/* `in` begins with BEGIN. False: there is no matching END. */
static bool read_block(struct span in, struct block *out)
{
	struct span label = skip(in, strlen(begin));
	struct span body = find(label, dashes);
	struct span foot, foot_end;

	if (body.size == 0)
		return false;
	out->label = (struct span){ label.at, (size_t)(body.at - label.at) };
	body = skip(body, strlen(dashes));
	foot = find(body, end);
	if (foot.size == 0)
		return false;
	out->body = (struct span){ body.at, (size_t)(foot.at - body.at) };
	foot = skip(foot, strlen(end));
	foot_end = find(foot, dashes);
	if (foot_end.size == 0 || !span_equal(out->label, (struct span){ foot.at, (size_t)(foot_end.at - foot.at) }))
		return false;
	out->rest = skip(foot_end, strlen(dashes));
	return true;
}

static bool find_label(struct span label, enum certificate_text_kind *out)
{
	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
		if (!span_equal(label, (struct span){ labels[i].label, strlen(labels[i].label) }))
			continue;
		*out = labels[i].kind;
		return true;
	}
	return false;
}

/* Text is longer than its bytes: what is decoded of a text always fits into as much memory. */
static const char *take_block(struct certificate_text *out, size_t *used, const struct block *block)
{
	enum certificate_text_kind kind, found;
	size_t size;

	if (!find_label(block->label, &kind))
		return NULL;
	if (out->count == CERTIFICATE_TEXT_ITEMS_MAX)
		return "too many certificates in one file";
	if (!base64_read(block->body.at, block->body.size, out->bytes + *used, out->capacity - *used, &size))
		return "a block is not base64";
	if (!classify(out->bytes + *used, size, &found) || found != kind)
		return "a block is not what it says it is";
	out->items[out->count] = (struct msg_bytes){ out->bytes + *used, size };
	out->kinds[out->count++] = kind;
	*used += size;
	return NULL;
}

static const char *read_blocks(struct certificate_text *out, struct span text)
{
	const char *wrong = NULL;
	size_t used = 0;
	struct block block;

	for (text = find(text, begin); text.size > 0 && wrong == NULL; text = find(block.rest, begin)) {
		if (!read_block(text, &block))
			return "a block has no end";
		wrong = take_block(out, &used, &block);
	}
	if (wrong == NULL && out->count == 0)
		wrong = "no certificate is in it";
	return wrong;
}

const char *certificate_text_read(struct certificate_text *out, const void *data, size_t size)
{
	const char *wrong;

	bytes_zero(out, sizeof(*out));
	if (size == 0)
		return "empty";
	if (size > CERTIFICATE_TEXT_SIZE_MAX)
		return "too large";
	out->bytes = alloc_zeroed(size);
	out->capacity = size;
	wrong = is_text(data, size) ? read_blocks(out, (struct span){ data, size }) : read_binary(out, data, size);
	if (wrong != NULL)
		certificate_text_free(out);
	return wrong;
}

void certificate_text_free(struct certificate_text *text)
{
	bytes_wipe(text->bytes, text->capacity);
	alloc_free(text->bytes);
	bytes_zero(text, sizeof(*text));
}

/* --- writing */

static const char *label_of(enum certificate_text_kind kind)
{
	return kind == CERTIFICATE_TEXT_REQUEST ? labels[1].label : labels[0].label;
}

void certificate_text_write(struct text *text, enum certificate_text_kind kind, const uint8_t *bytes, size_t size)
{
	const size_t step = LINE_LETTERS / 4 * 3;

	text_add(text, begin);
	text_add(text, label_of(kind));
	text_add(text, "-----\n");
	for (size_t at = 0; at < size; at += step) {
		base64_write(text, bytes + at, size - at < step ? size - at : step);
		text_add_char(text, '\n');
	}
	text_add(text, end);
	text_add(text, label_of(kind));
	text_add(text, "-----\n");
}

size_t certificate_text_size(enum certificate_text_kind kind, size_t size)
{
	size_t letters = BASE64_TEXT_SIZE(size);

	return strlen(begin) + strlen(end) + 2 * (strlen(label_of(kind)) + strlen("-----\n")) + letters +
	       (letters + LINE_LETTERS - 1) / LINE_LETTERS;
}
