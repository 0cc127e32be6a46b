docker network create lan || exit /b 1
docker network create -d "bridge" --subnet 10.9.0.5/16 back
docker run --init ^
  --shm-size 1g ^
  -v "data:/app" ^
  mcr.microsoft.com/windows/nanoserver:ltsc2022
if errorlevel 1 (docker run --privileged --cap-add=NET_ADMIN --network bridge -p 127.0.0.1:80:80 x) else docker build --network host .
