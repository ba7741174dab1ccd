#!/usr/bin/env bash
# Installs the missing tools that tests need in addition to Node. It must run as root on a Debian-based system.
# Elsewhere it installs nothing, and the tests that need a missing tool are skipped and name it.
set -euo pipefail

declare -A package_of=(
  [podman]=podman [buildah]=buildah [runc]=runc [nginx]=nginx-light [iptables]=iptables [ip]=iproute2
  # podman's networks, and the names in them.
  [/usr/lib/podman/netavark]=netavark [/usr/lib/podman/aardvark-dns]=aardvark-dns
  [kubectl]=kubernetes-client
  # The browser that opens the pages, and pages of attackers.
  [chromium]=chromium
)

missing=()
for tool in "${!package_of[@]}"; do
  command -v "$tool" >/dev/null || [ -x "/usr/sbin/$tool" ] || missing+=("${package_of[$tool]}")
done
command -v promtool >/dev/null && promtool= || promtool=prometheus
[ ${#missing[@]} -gt 0 ] || [ -n "$promtool" ] || exit 0

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  echo "Not installed, because that takes root and apt-get: ${missing[*]} $promtool" >&2
  exit 0
fi
echo "Installing ${missing[*]} $promtool …" >&2
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
[ ${#missing[@]} -eq 0 ] || apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null

# Installs only promtool, which checks the files for Prometheus: the whole package would start a server as well.
if [ -n "$promtool" ]; then
  folder=$(mktemp -d)
  chmod 777 "$folder"
  trap 'rm -rf "$folder"' EXIT
  (cd "$folder" && apt-get download -qq prometheus && dpkg-deb -x prometheus_*.deb . && install -m 755 usr/bin/promtool /usr/local/bin/)
fi
