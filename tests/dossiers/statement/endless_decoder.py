"""A decoder that hostile bytes have driven into an endless loop: it keeps its limit on processor time, made shorter."""

import resource

resource.setrlimit(resource.RLIMIT_CPU, (1, 2))
while True:
    pass
