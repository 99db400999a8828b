/* stun_message: the question "where do you see me?" to a STUN server, and its answer (RFC 8489 §2).
 *
 * Owns: the bytes of a Binding request and of a success response; anything else is no answer.
 * Does not know: sockets, time, libnice, which has STUN of its own.
 */
#ifndef TRANSPORT_STUN_MESSAGE_H
#define TRANSPORT_STUN_MESSAGE_H

#include "core/types/address.h"

#define STUN_MESSAGE_REQUEST_SIZE 20
#define STUN_MESSAGE_ID_SIZE 12

void stun_message_write_request(uint8_t out[STUN_MESSAGE_REQUEST_SIZE], const uint8_t id[STUN_MESSAGE_ID_SIZE]);
/* The address in the answer to the request with that id. False: it is no such answer, or malformed. */
bool stun_message_read_answer(const uint8_t *bytes, size_t size, const uint8_t id[STUN_MESSAGE_ID_SIZE],
                              struct address *out);

#endif
