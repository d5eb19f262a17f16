#!/bin/sh
# Installs FGBG Studio from this folder, or takes it away again, on any Linux with a 64-bit processor.
#
#   ./install.sh                   for you alone, into ~/.local
#   sudo ./install.sh /usr/local   for everybody
#   ./install.sh --remove [PREFIX] takes it away; your projects stay
set -eu

here=$(cd "$(dirname "$0")" && pwd)
remove=no
if [ "${1:-}" = --remove ]; then
    remove=yes
    shift
fi
prefix=${1:-$HOME/.local}
case $prefix in /*) ;; *)
    echo "give the whole path, from / on: $prefix" >&2
    exit 2
    ;;
esac

# Each of these tools is there or not: without them the menu learns of the program at the next login.
tell() {
    if command -v "$1" >/dev/null 2>&1; then "$@" >/dev/null 2>&1 || true; fi
}

refresh() {
    tell update-desktop-database "$prefix/share/applications"
    tell update-mime-database "$prefix/share/mime"
    tell gtk-update-icon-cache --quiet --ignore-theme-index "$prefix/share/icons/hicolor"
}

take_away() {
    rm -rf "$prefix/lib/fgbg-studio"
    rm -f "$prefix/bin/fgbg-studio" "$prefix/share/applications/fgbg-studio.desktop" \
        "$prefix/share/mime/packages/fgbg-studio.xml" "$prefix/share/man/man1/fgbg-studio.1.gz" \
        "$prefix"/share/icons/hicolor/*/apps/fgbg-studio.png "$prefix"/share/icons/hicolor/*/apps/fgbg-studio.svg \
        "$prefix"/share/metainfo/*.FGBGStudio.metainfo.xml
    rm -rf "$prefix/share/doc/fgbg-studio" "$prefix/share/doc/fgbg-studio-full"
}

take_away
if [ "$remove" = yes ]; then
    refresh
    echo "FGBG Studio is gone from $prefix; your projects are where they were."
    exit 0
fi
mkdir -p "$prefix"
cp -R "$here/usr/." "$prefix/"
# A menu does not know ~/.local/bin on every system: say where the program is.
sed -i "s|^Exec=fgbg-studio|Exec=\"$prefix/bin/fgbg-studio\"|" "$prefix/share/applications/fgbg-studio.desktop"
refresh
if "$prefix/bin/fgbg-studio" --self-test; then
    echo "FGBG Studio is in your menu, and here: $prefix/bin/fgbg-studio"
else
    echo "Something is missing on this machine; packaging for Debian names these libraries:" >&2
    echo "  libegl1 libgl1 libxcb-cursor0 libxkbcommon-x11-0 libfontconfig1 libdbus-1-3" >&2
    exit 1
fi
