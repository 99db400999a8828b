#include "structs.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "foreign.h"

/* "kith_event" has "kith_event_init". */
static struct function *initializer_of(struct description *description, const struct structure *structure)
{
	char name[128];

	snprintf(name, sizeof(name), "%s_init", structure->name);
	for (unsigned i = 0; i < description->functions_count; i++)
		if (strcmp(description->functions[i].name, name) == 0)
			return &description->functions[i];
	return NULL;
}

void structs_run(struct description *description, unsigned *passed, unsigned *failed)
{
	for (unsigned i = 0; i < description->structures_count; i++) {
		const struct structure *structure = &description->structures[i];
		struct function *initializer = initializer_of(description, structure);
		unsigned char *at;
		bool good;
		if (!structure->versioned)
			continue;
		at = malloc(structure->size + 16);
		memset(at, 0xee, structure->size + 16);
		if (initializer != NULL)
			foreign_call(initializer->name, at);
		/* It says the size it has, and writes no byte beyond. */
		good = initializer != NULL && foreign_get(structure->name, at, "struct_size") == (int64_t)structure->size;
		for (int after = 0; after < 16; after++)
			good = good && at[structure->size + (size_t)after] == 0xee;
		*passed += good;
		*failed += !good;
		if (!good)
			printf("FAILED: struct %s and its init function\n", structure->name);
		free(at);
	}
}

void structs_print(const struct description *description)
{
	puts("#include <stddef.h>\n#include <kith/kith.h>");
	for (unsigned i = 0; i < description->structures_count; i++) {
		const struct structure *structure = &description->structures[i];
		printf("_Static_assert(sizeof(struct %s) == %zu, \"size of %s\");\n", structure->name, structure->size,
		       structure->name);
		for (unsigned f = 0; f < structure->fields_count; f++)
			printf("_Static_assert(offsetof(struct %s, %s) == %zu, \"place of %s.%s\");\n", structure->name,
			       structure->fields[f].name, structure->fields[f].offset, structure->name, structure->fields[f].name);
	}
	for (unsigned i = 0; i < description->constants_count; i++)
		printf("_Static_assert(%s == %" PRId64 ", \"value of %s\");\n", description->constants[i].name,
		       description->constants[i].value, description->constants[i].name);
}
