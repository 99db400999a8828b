/* A candidate line from a peer: what is read is in range and prints to a line that reads the same. */
#include <stdlib.h>
#include <string.h>

#include "transport/ice_candidate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct ice_candidate *candidate)
{
	char line[CANDIDATE_LINE_MAX];
	struct ice_candidate again;

	if (candidate->priority == 0 || candidate->address.port == 0 || candidate->foundation[0] == '\0')
		abort();
	if (memchr(candidate->foundation, '\0', sizeof(candidate->foundation)) == NULL)
		abort();
	if (!ice_candidate_print(candidate, line) || strstr(line, " raddr") != NULL)
		abort();
	if (!ice_candidate_parse(&again, line) || !address_equal(&again.address, &candidate->address) ||
	    again.type != candidate->type || again.priority != candidate->priority ||
	    strcmp(again.foundation, candidate->foundation) != 0)
		abort();
	if (ice_candidate_may_try(candidate, true) &&
	    (address_is_multicast(&candidate->address) || address_is_any(&candidate->address)))
		abort();
	for (uint32_t share = 0; share < 8; share++)
		(void)ice_candidate_may_share(candidate, share);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *line = malloc(size + 1);
	struct ice_candidate candidate;

	memcpy(line, data, size);
	line[size] = '\0';
	if (ice_candidate_parse(&candidate, line))
		check(&candidate);
	free(line);
	return 0;
}
