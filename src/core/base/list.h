/* list: the one door to utlist: doubly linked lists through the members of their elements.
 *
 * Does not know: the elements. Include this instead of <utlist.h>.
 */
#ifndef BASE_LIST_H
#define BASE_LIST_H

#include <utlist.h>

#endif
