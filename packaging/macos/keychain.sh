#!/bin/sh
# For the release workflow's fresh machine: puts the certificate where codesign finds it, the notary's login where
# make_dmg.sh finds it. Without MACOS_CERTIFICATE it does nothing, and the program stays unsigned.
#
#   MACOS_CERTIFICATE              the certificate 'Developer ID Application' with its key: a .p12 in base64
#   MACOS_CERTIFICATE_PASSWORD     what the .p12 is locked with
#   NOTARY_PROFILE                 a name of your choice; without it nothing is notarised
#   NOTARY_APPLE_ID, NOTARY_TEAM_ID, NOTARY_PASSWORD    the login; the password is one made for this program alone
set -eu

if [ -z "${MACOS_CERTIFICATE:-}" ]; then
    echo "there is no certificate: the program will not be signed"
    exit 0
fi
folder=$(mktemp -d)
trap 'rm -f "$folder/certificate.p12"' EXIT
keychain="$folder/signing.keychain-db"
password=$(uuidgen)

printf %s "$MACOS_CERTIFICATE" | base64 --decode >"$folder/certificate.p12"
security create-keychain -p "$password" "$keychain"
security set-keychain-settings -lut 21600 "$keychain"
security unlock-keychain -p "$password" "$keychain"
security import "$folder/certificate.p12" -P "$MACOS_CERTIFICATE_PASSWORD" -t cert -f pkcs12 \
    -T /usr/bin/codesign -k "$keychain"
# Without this codesign asks a question in a window that nobody sees.
security set-key-partition-list -S apple-tool:,apple: -k "$password" "$keychain" >/dev/null
security list-keychains -d user -s "$keychain" login.keychain-db

if [ -n "${NOTARY_PROFILE:-}" ]; then
    xcrun notarytool store-credentials "$NOTARY_PROFILE" --apple-id "$NOTARY_APPLE_ID" --team-id "$NOTARY_TEAM_ID" \
        --password "$NOTARY_PASSWORD"
fi
