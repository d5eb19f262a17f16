"""Pictures: read and written, mattes and regions, hashes, thumbnails, contact sheets."""
