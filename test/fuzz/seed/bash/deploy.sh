#!/usr/bin/env bash
# porthole-disable-file no-ipv6 -- the lab has none
set -euo pipefail
NET=${NET:-shop}
driver=bridge
args=(run --rm --network host -e "TOKEN=${TOKEN:?}")
if [ "$(uname -s)" = Linux ]; then
  args+=(--privileged)
else
  args+=(--isolation=process)
fi
docker network create -d "$driver" --ipv6 --subnet 10.9.0.0/16 "$NET" || true
docker "${args[@]}" mcr.microsoft.com/windows/servercore:ltsc2022 cmd /c 'ping -n 1 db'
for name in web db; do
  docker run -d --name "$name" -p 127.0.0.1:8080:80 --dns=8.8.8.8 --cap-add NET_ADMIN "example/$name:latest" # porthole-disable-line
done
case "$1" in
  start) docker compose -f compose.yaml up -d --build ;;
  stop|down) docker-compose down ;;
esac
function cleanup() { docker network rm "$NET" 2>/dev/null; }
trap cleanup EXIT
ssh build@host 'docker service create --network ingress --publish mode=host,target=80 "x y"'
cat <<EOS | docker exec -i db sh
docker run --net=host $NET
EOS
sudo -E docker run --mac-address 02:42:ac:11:00:02 --sysctl net.ipv4.ip_forward=1 a \
  --flag $'tab\there' && echo done
