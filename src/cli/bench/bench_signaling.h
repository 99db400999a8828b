/* bench_signaling: the signaling server that peers to peer meet at, in a process of its own. */
#ifndef CLI_BENCH_SIGNALING_H
#define CLI_BENCH_SIGNALING_H

/* Its URL; started with the first call. Null: it does not start. */
const char *bench_signaling_url(void);

#endif
