#!/bin/sh
# The system libraries that Qt loads: PySide6 brings Qt, not these.
# Usage: qt-libraries.sh [offscreen|window]   'offscreen' for tests, 'window' for a window on an X display too.
set -eu
wanted="libgl1 libegl1 libglib2.0-0 libdbus-1-3 libfontconfig1 libxkbcommon0"
case "${1:-offscreen}" in
offscreen) what="the window's tests will not run" ;;
window)
    what="the window will not open"
    wanted="$wanted libx11-xcb1 libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1"
    wanted="$wanted libxcb-randr0 libxcb-render-util0 libxcb-shape0 libxcb-sync1 libxcb-xfixes0 libxcb-xkb1"
    ;;
*)
    echo "usage: $0 [offscreen|window]" >&2
    exit 2
    ;;
esac
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
    # shellcheck disable=SC2086 # one word each
    apt-get update -qq && apt-get install -y -qq --no-install-recommends $missing >/dev/null
else
    echo "Qt's system libraries are missing, $what:$missing" >&2
    echo "install them with: sudo apt-get install$missing" >&2
fi
