<# Sets up the lab.
   porthole-disable-next-line no-host-network #>
param([string]$Network = 'lab', [switch]$Force)
$ErrorActionPreference = "Stop"
$arguments = @('run', '-d', '--network', "host")
$arguments += '--privileged'
docker network create -d transparent --subnet=10.1.0.0/16 --gateway 10.1.0.1 -o com.docker.network.windowsshim.interface="Ethernet 2" $Network
if ($IsWindows -or $env:OS -eq 'Windows_NT') {
    & docker @arguments mcr.microsoft.com/windows/nanoserver:ltsc2022
} else { docker run --cap-add=NET_ADMIN "example:$($Network)" }
docker run --name "web-$Network" -p 127.0.0.1:80:80 `
    -v C:\data:/data --dns 8.8.8.8 "img" # porthole-disable-line
$options = @{ driver = 'overlay'; encrypted = $true }
Start-Process -FilePath docker.exe -ArgumentList 'network create --ipv6 six', "-d" -Wait -NoNewWindow
Invoke-Command -ComputerName srv -ScriptBlock { docker run --net=host $using:Network }
foreach ($name in 'web', 'db') { docker run --link "${name}:alias" ('{0}:{1}' -f $name, 'latest') }
$text = @"
docker run $Network
"@
docker exec web powershell -Command "docker network ls; Get-NetAdapter"
cmd /c "docker run --network none x && echo done"
switch ($Network) { 'a' { docker compose up } default { docker-compose -f x.yml up --build } }
function Stop-All([string[]]$Names) { $Names | ForEach-Object { docker stop $_ } }
try { docker swarm init --advertise-addr eth0 } catch { throw } finally { $null = 1 }
