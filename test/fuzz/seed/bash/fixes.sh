#!/bin/sh
docker network create lan
docker network create --driver bridge --subnet 10.9.0.5/16 --ipv6 --ipam-opt key=value back
docker network create -d nat --subnet=fd00:9::/64 --subnet 10.8.0.0/16 --ipv4=false front
docker network create -d overlay \
  --opt com.docker.network.windowsshim.vsid=5001 \
  --opt com.docker.network.windowsshim.macpool=00-15-5D-00-00-00,00-15-5D-00-00-FF \
  -o com.docker.network.windowsshim.disable_gatewaydns=true \
  -o "com.docker.network.windowsshim.enable_outboundnat=true" \
  -o com.docker.network.windowsshim.outboundnat_exceptions=10.244.10.0/24 \
  -o com.docker.network.windowsshim.sourcemac=00-15-5D-00-00-01 \
  -o com.docker.network.windowsshim.routingdomain=5001 \
  -o com.docker.network.windowsshim.hnsowned=true \
  -o com.docker.network.enable_ipv6=true -o com.docker.network.enable_ipv4=false lan2
docker network create --driver nat --opt com.docker.network.windowsshim.disable_dns=no -o com.docker.network.windowsshim.sourcemac=00-15-5D-00-00-01 lan3
docker network create --driver overlay --opt dsr swarm
docker network connect --driver-opt com.docker.network.windowsshim.disable_dns=true --driver-opt com.docker.network.endpoint.ifname=eth1 lan web
docker build --network bridge -t a . && docker build --network=host -t b . && docker build --network nat .
docker run -d --init --shm-size 1g --sysctl net.core.somaxconn=1024 --cgroupns host --runtime nvidia --read-only --privileged mcr.microsoft.com/windows/servercore:ltsc2022
docker run --rm --mac-address 02:42:ac:11:00:02 --link-local-ip 169.254.8.8 --network bridge -p 127.0.0.1:8080:80 image
docker container run --security-opt no-new-privileges --cap-add NET_ADMIN --cap-drop=ALL --userns host \
  --cpu-rt-period 1000 --cpu-rt-runtime=1000 --cgroup-parent apps --cpuset-mems 0 --memory-swap 1g --memory-swappiness 0 \
  --oom-kill-disable --oom-score-adj 500 --pids-limit 100 --ulimit nofile=1024 \
  --dns-option ndots:2 --tmpfs /run image # all of them
docker run -v 'data:C:\data:z' --volume data:/app/data --mount 'type=bind,source=C:\data,target=C:\data,bind-propagation=rshared' image
docker run --mount type=volume,source=data,target=/app/more image
