docker network create lan
docker network create -d bridge --subnet "10.9.0.5/16" back
docker run --init `
  --shm-size 1g `
  -v data:/app `
  --mount "type=bind,source=C:\data,target=C:\data,bind-propagation=rslave" `
  mcr.microsoft.com/windows/nanoserver:ltsc2022
if ($?) { docker run --privileged --cap-add=NET_ADMIN --network bridge -p 127.0.0.1:80:80 x; docker build --network host . }
docker network connect --driver-opt "com.docker.network.endpoint.ifname=eth1" lan web
