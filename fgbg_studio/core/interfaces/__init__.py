"""What every exchangeable part of the road must do: one family a file; its members lie in the package it names."""
