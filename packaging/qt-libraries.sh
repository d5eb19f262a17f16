#!/bin/sh
# The system libraries that Qt loads when the window is opened offscreen. Debian's pip packages bring Qt, not these.
set -eu
wanted="libgl1 libegl1 libglib2.0-0 libdbus-1-3 libfontconfig1 libxkbcommon0"
command -v dpkg-query >/dev/null 2>&1 || exit 0 # not Debian or a relative: its Qt needs are met elsewhere
missing=""
for package in $wanted; do
    # A 64-bit time_t transition renamed some packages: libglib2.0-0 is libglib2.0-0t64 there.
    dpkg-query -W -f='${Status}' "$package" "${package}t64" 2>/dev/null | grep -q "install ok installed" ||
        missing="$missing $package"
done
[ -n "$missing" ] || exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "installing Qt's system libraries:$missing"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq && apt-get install -y -qq --no-install-recommends $missing >/dev/null
else
    echo "Qt's system libraries are missing, the window's tests will not run:$missing" >&2
    echo "install them with: sudo apt-get install$missing" >&2
fi
