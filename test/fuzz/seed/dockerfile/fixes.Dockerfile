FROM mcr.microsoft.com/windows/servercore:ltsc2022 AS base
RUN --network=none dir
RUN --network=host \
  ipconfig
RUN --security=insecure dir
COPY --chmod=755 start.cmd C:/app/
ADD --chmod=644 --chown=app a.txt C:/app/
VOLUME /data "/more"
VOLUME ["/c", "/d"]
RUN docker run --init --rm x
RUN docker run ^
  --shm-size 1g ^
  x
