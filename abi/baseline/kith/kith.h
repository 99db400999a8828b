/* kith/kith.h: everything (except <kith/glib.h>, which needs GLib). */
#ifndef KITH_KITH_H
#define KITH_KITH_H

#include <kith/address.h>
#include <kith/certificate.h>
#include <kith/config.h>
#include <kith/diagnosis.h>
#include <kith/endpoint.h>
#include <kith/errors.h>
#include <kith/events.h>
#include <kith/identity.h>
#include <kith/log.h>
#include <kith/message.h>
#include <kith/messages.h>
#include <kith/signaling.h>
#include <kith/sockets.h>
#include <kith/stats.h>
#include <kith/types.h>
#include <kith/version.h>

#endif
