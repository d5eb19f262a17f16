"""Networks of tests that are about what a file gives, and not about the process that it is run in."""

from functools import partial

from fgbg_studio.core.networks.network import open_network

open_here = partial(open_network, here=True)
"""`open_network` without a process of its own, which takes a third of a second, and with TensorFlow three."""
