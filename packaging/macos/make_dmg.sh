#!/bin/sh
# Makes the disk image for macOS: make_dmg.sh "dist/light/FGBG Studio.app" OUT EDITION LICENCES
# With CODESIGN_IDENTITY ("Developer ID Application: …") it is signed, with NOTARY_PROFILE (made once by
# 'xcrun notarytool store-credentials') notarised too; without them the user must allow the program in System Settings.
set -eu

app=$1 out=$2 edition=$3 licences=$4
here=$(cd "$(dirname "$0")" && pwd)
version=$(plutil -extract CFBundleShortVersionString raw "$app/Contents/Info.plist")
image="$out/fgbg-studio-$version-$edition-macos-$(uname -m).dmg"
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT

"$app/Contents/MacOS/fgbg-studio" --self-test

if [ -n "${CODESIGN_IDENTITY:-}" ]; then
    codesign --force --deep --options runtime --timestamp --entitlements "$here/entitlements.plist" \
        --sign "$CODESIGN_IDENTITY" "$app"
    codesign --verify --deep --strict "$app"
fi

mkdir -p "$out"
rm -f "$image"
cp -R "$app" "$stage/"
cp -R "$licences" "$stage/Licences"
ln -s /Applications "$stage/Applications"
hdiutil create -volname "FGBG Studio $version" -srcfolder "$stage" -format ULMO -ov "$image"

if [ -n "${CODESIGN_IDENTITY:-}" ] && [ -n "${NOTARY_PROFILE:-}" ]; then
    codesign --sign "$CODESIGN_IDENTITY" --timestamp "$image"
    xcrun notarytool submit "$image" --keychain-profile "$NOTARY_PROFILE" --wait
    xcrun stapler staple "$image"
fi
echo "$image"
