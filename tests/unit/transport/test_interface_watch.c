#include "transport/interface_watch.h"

#include <criterion/criterion.h>

static struct ice_interfaces set_of(const char *a, const char *b)
{
	struct ice_interfaces out = { .count = b != NULL ? 2 : 1 };

	cr_assert(address_parse(&out.addresses[0], a));
	cr_assert(b == NULL || address_parse(&out.addresses[1], b));
	return out;
}

Test(interface_watch, the_order_does_not_matter)
{
	struct ice_interfaces one = set_of("10.0.0.1", "10.0.0.2"), other = set_of("10.0.0.2", "10.0.0.1");

	cr_assert(interface_watch_is_same(&one, &other));
}

Test(interface_watch, each_address_does)
{
	struct ice_interfaces one = set_of("10.0.0.1", "10.0.0.2");
	struct ice_interfaces other = set_of("10.0.0.1", "10.0.0.3");
	struct ice_interfaces less = set_of("10.0.0.1", NULL);

	cr_assert_not(interface_watch_is_same(&one, &other));
	cr_assert_not(interface_watch_is_same(&one, &less));
	cr_assert_not(interface_watch_is_same(&less, &one));
}

Test(interface_watch, nothing_changed_and_nothing_is_told)
{
	struct interface_watch *watch = interface_watch_new();
	bool usable;

	cr_assert_not_null(watch);
	cr_assert_not(interface_watch_compare(watch, &usable));
	interface_watch_free(watch);
}
