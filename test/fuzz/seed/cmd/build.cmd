@echo off
rem porthole-disable-next-line no-ipv6
setlocal enabledelayedexpansion
set NET=lab
set "ARGS=--network host --ipv6"
docker network create -d nat --subnet 10.0.0.0/16 %NET%
if "%1"=="" (
  docker run %ARGS% -p 127.0.0.1:80:80 example ^
    --flag "a b" 
) else (
  docker run --network !NET! --cap-add NET_ADMIN "%~1"
)
for %%i in (web db) do docker run --link %%i:x --name %%i example/%%i & echo %%i
for /f "tokens=*" %%c in ('docker ps -q') do docker network disconnect host %%c
powershell -NoProfile -Command "docker run --net=host x; exit 1"
:loop
docker exec a cmd /c "docker run --network=none y" 2>nul || goto loop
call :sub %NET:a=b% %PATH%
:: a comment
docker-compose -f docker-compose.yml up -d --build>log.txt
wsl docker run --privileged z
exit /b 0
