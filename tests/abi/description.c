#include "description.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-glib/json-glib.h>

static void fail(const char *what, const char *name)
{
	fprintf(stderr, "%s: %s\n", what, name);
	exit(2);
}

static ffi_type *ffi_of(const char *kind)
{
	static const struct {
		const char *kind;
		ffi_type *type;
	} known[] = {
		{ "void", &ffi_type_void },       { "i8", &ffi_type_sint8 },         { "u8", &ffi_type_uint8 },
		{ "i16", &ffi_type_sint16 },      { "u16", &ffi_type_uint16 },       { "i32", &ffi_type_sint32 },
		{ "u32", &ffi_type_uint32 },      { "handle", &ffi_type_uint32 },    { "i64", &ffi_type_sint64 },
		{ "u64", &ffi_type_uint64 },      { "size", &ffi_type_uint64 },      { "f64", &ffi_type_double },
		{ "pointer", &ffi_type_pointer }, { "callback", &ffi_type_pointer },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(known[i].kind, kind) == 0)
			return known[i].type;
	fail("a kind of value that cannot be passed", kind);
	return NULL;
}

static const char *member(JsonObject *object, const char *name)
{
	return json_object_has_member(object, name) && !json_object_get_null_member(object, name)
	           ? json_object_get_string_member(object, name)
	           : NULL;
}

static void read_parameter(struct parameter *out, JsonObject *object)
{
	JsonObject *type = json_object_get_object_member(object, "type");

	out->name = member(object, "name");
	out->kind = member(type, "kind");
	out->of = member(type, "of");
	out->ffi = ffi_of(out->kind);
	if (strcmp(out->kind, "pointer") == 0) {
		JsonObject *target = json_object_get_object_member(type, "to");
		out->to = strcmp(member(target, "kind"), "struct") == 0 ? member(target, "of") : NULL;
		/* The one struct whose inside nobody knows. */
		if (out->to != NULL && strcmp(out->to, "kith_message") == 0)
			out->to = NULL;
		out->is_out = !json_object_get_boolean_member(type, "const");
		out->is_plain = out->to == NULL && strcmp(member(target, "kind"), "pointer") != 0;
	}
}

static void read_function(struct function *out, JsonObject *object)
{
	JsonObject *result = json_object_get_object_member(object, "result");
	JsonArray *parameters = json_object_get_array_member(object, "parameters");
	const char *of = member(result, "of");

	out->name = member(object, "name");
	out->node = member(object, "node");
	out->is_result = of != NULL && strcmp(of, "kith_result") == 0;
	out->result_kind = member(result, "kind");
	out->result = ffi_of(out->result_kind);
	out->parameters_count = json_array_get_length(parameters);
	if (out->parameters_count > PARAMETERS_MAX)
		fail("more parameters than the rules allow", out->name);
	out->takes_null = true;
	for (unsigned i = 0; i < out->parameters_count; i++) {
		JsonObject *parameter = json_array_get_object_element(parameters, i);
		if (strcmp(member(json_object_get_object_member(parameter, "type"), "kind"), "pointer") == 0 &&
		    json_object_has_member(parameter, "null") && !json_object_get_boolean_member(parameter, "null"))
			out->takes_null = false;
		read_parameter(&out->parameters[i], json_array_get_object_element(parameters, i));
		out->types[i] = out->parameters[i].ffi;
	}
	if (ffi_prep_cif(&out->cif, FFI_DEFAULT_ABI, out->parameters_count, out->result, out->types) != FFI_OK)
		fail("libffi cannot call", out->name);
}

static struct function *read_functions(JsonArray *array, unsigned *count)
{
	struct function *out;

	*count = json_array_get_length(array);
	out = calloc(*count + 1, sizeof(*out));
	for (unsigned i = 0; i < *count; i++)
		read_function(&out[i], json_array_get_object_element(array, i));
	return out;
}

static void read_structure(struct structure *out, JsonObject *object)
{
	JsonArray *fields = json_object_get_array_member(object, "fields");

	out->name = member(object, "name");
	out->size = (size_t)json_object_get_int_member(object, "size");
	out->versioned = json_object_get_boolean_member(object, "versioned");
	out->fields_count = json_array_get_length(fields);
	out->fields = calloc(out->fields_count + 1, sizeof(*out->fields));
	for (unsigned i = 0; i < out->fields_count; i++) {
		JsonObject *field = json_array_get_object_element(fields, i);
		JsonObject *type = json_object_get_object_member(field, "type");
		out->fields[i] = (struct field){
			.name = member(field, "name"),
			.offset = (size_t)json_object_get_int_member(field, "offset"),
			.size = (size_t)json_object_get_int_member(field, "size"),
			.kind = member(type, "kind"),
			.of = member(type, "of"),
		};
	}
}

static void read_structures(struct description *description, JsonArray *array)
{
	description->structures_count = json_array_get_length(array);
	description->structures = calloc(description->structures_count + 1, sizeof(*description->structures));
	for (unsigned i = 0; i < description->structures_count; i++)
		read_structure(&description->structures[i], json_array_get_object_element(array, i));
}

static void read_constants(struct description *description, JsonArray *array)
{
	description->constants_count = json_array_get_length(array);
	description->constants = calloc(description->constants_count + 1, sizeof(*description->constants));
	for (unsigned i = 0; i < description->constants_count; i++) {
		JsonObject *object = json_array_get_object_element(array, i);
		description->constants[i].name = member(object, "name");
		description->constants[i].value = json_object_get_int_member(object, "value");
	}
}

void description_load(struct description *description, const char *path)
{
	JsonParser *parser = json_parser_new();
	GError *error = NULL;
	JsonObject *root;

	if (!json_parser_load_from_file(parser, path, &error))
		fail(path, error->message);
	root = json_node_get_object(json_parser_get_root(parser));
	memset(description, 0, sizeof(*description));
	description->functions =
		read_functions(json_object_get_array_member(root, "functions"), &description->functions_count);
	description->callbacks =
		read_functions(json_object_get_array_member(root, "callbacks"), &description->callbacks_count);
	read_structures(description, json_object_get_array_member(root, "structs"));
	read_constants(description, json_object_get_array_member(root, "constants"));
}

struct function *description_function(struct description *description, const char *name)
{
	for (unsigned i = 0; i < description->functions_count; i++)
		if (strcmp(description->functions[i].name, name) == 0)
			return &description->functions[i];
	fail("no such function", name);
	return NULL;
}

struct function *description_callback(struct description *description, const char *name)
{
	for (unsigned i = 0; i < description->callbacks_count; i++)
		if (strcmp(description->callbacks[i].name, name) == 0)
			return &description->callbacks[i];
	fail("no such callback", name);
	return NULL;
}

const struct structure *description_structure(const struct description *description, const char *name)
{
	for (unsigned i = 0; i < description->structures_count; i++)
		if (strcmp(description->structures[i].name, name) == 0)
			return &description->structures[i];
	fail("no such struct", name);
	return NULL;
}

int64_t description_constant(const struct description *description, const char *name)
{
	for (unsigned i = 0; i < description->constants_count; i++)
		if (strcmp(description->constants[i].name, name) == 0)
			return description->constants[i].value;
	fail("no such constant", name);
	return 0;
}
