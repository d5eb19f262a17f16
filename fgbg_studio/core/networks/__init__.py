"""Neural networks from files: what a file takes and means, and the runtimes that run it.

``network.open_network`` is the way in. A network is a file and a `description.Description`; the file's suffix
chooses the runtime (one a file in ``runtimes``), and ``catalogue`` describes the files that are well known.
Nothing here imports a network library before a network is opened.
"""
