// Realistic compose files from a seed, so that every run measures the same.

/** A seeded generator of whole numbers below a bound (mulberry32). */
export function randomNumbers(seed) {
  let state = seed >>> 0
  return below => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) % below
  }
}

const images = ['nginx:1.27', 'mcr.microsoft.com/windows/servercore:ltsc2022', 'redis', '${REGISTRY:-local}/api:${TAG}', 'postgres:17-alpine']
const settings = [
  random => `    ports:\n      - "${8000 + random(999)}:80"\n`,
  random => `    environment:\n      - LOG_LEVEL=debug\n      - URL=http://host${random(9)}:80\n`,
  () => '    networks: [front, back]\n',
  random => `    volumes:\n      - data${random(5)}:C:\\data\n`,
  () => '    deploy:\n      resources:\n        limits:\n          memory: 512m\n',
  () => '    restart: unless-stopped\n',
  random => `    labels:\n      traefik.enable: "true"\n      tier: "${random(3)}"\n`,
  () => '    healthcheck:\n      test: ["CMD", "powershell", "-c", "exit 0"]\n      interval: 30s\n'
]
const findings = ['    network_mode: host\n', '    read_only: true\n', '    dns_opt: [ndots:2]\n', '    privileged: true\n']

/** One compose file of three to eight services; one in five services holds something that Windows does not take. */
export function composeFile(random) {
  let text = '# Services of the application\nservices:\n'
  for (let service = 0, count = 3 + random(6); service < count; service++) {
    text += `  service${service}:\n    image: ${images[random(images.length)]}\n`
    for (const setting of settings) if (random(2)) text += setting(random)
    if (random(5) === 0) text += findings[random(findings.length)]
  }
  return `${text}\nnetworks:\n  front:\n    driver: nat\n  back:\n${random(4) ? '    driver: nat\n' : '    internal: true\n'}`
}

const bases = ['mcr.microsoft.com/windows/servercore:ltsc2022', 'mcr.microsoft.com/windows/nanoserver:ltsc2022', 'mcr.microsoft.com/dotnet/sdk:8.0', 'node:22']
const instructions = [
  () => 'ENV APP_HOME=C:\\\\app LOG_LEVEL=info\n',
  random => `RUN powershell -Command "Invoke-WebRequest https://example.com/${random(99)}.zip -OutFile a.zip; Expand-Archive a.zip"\n`,
  random => `EXPOSE ${8000 + random(99)}\n`,
  () => 'COPY . C:/app\nWORKDIR C:/app\n',
  () => 'RUN npm ci && \\\n    npm run build\n',
  () => 'LABEL org.opencontainers.image.title="app"\n'
]
const refusedInstructions = ['USER root\n', 'STOPSIGNAL SIGTERM\n', 'RUN --mount=type=cache,target=/root/.cache npm ci\n', 'HEALTHCHECK --interval=30s CMD curl -f http://localhost/ || exit 1\n']

/** A Dockerfile of one or two stages. */
export function dockerfile(random) {
  let text = '# Builds the application\n'
  for (let stage = 0, count = 1 + random(2); stage < count; stage++) {
    text += `FROM ${bases[random(bases.length)]} AS stage${stage}\n`
    for (const instruction of instructions) if (random(2)) text += instruction(random)
    if (random(4) === 0) text += refusedInstructions[random(refusedInstructions.length)]
  }
  return `${text}CMD ["powershell", "-File", "start.ps1"]\n`
}

const powershellLines = ['$ErrorActionPreference = "Stop"\n', 'if (-not (Test-Path C:\\data)) { New-Item -ItemType Directory C:\\data | Out-Null }\n', 'docker build -t app:$env:TAG .\n', 'docker run -d --name app -p 8080:80 app:latest\n', 'docker network create -d nat --subnet 10.9.0.0/16 front\n', 'docker run --network host --rm app:latest\n', 'Write-Host "done: $($args[0])"\n', 'foreach ($name in "a", "b") { docker stop $name }\n']
const bashLines = ['set -euo pipefail\n', 'TAG="${TAG:-latest}"\n', 'for name in a b c; do\n  docker rm -f "$name" || true\ndone\n', 'docker build -t "app:$TAG" .\n', 'docker run -d --name app -p 8080:80 "app:$TAG"\n', 'docker network create --ipv6 back\n', 'echo "done" | tee log.txt\n', 'if [ -f .env ]; then source .env; fi\n']

const script = (first, lines) => random => first + Array.from({ length: 6 + random(20) }, () => lines[random(lines.length)]).join('')

const javascriptLines = ['const name = process.env.APP ?? "app"\n', 'execSync(`docker build -t ${name}:latest .`)\n', "execSync('docker run -d --name app -p 8080:80 app:latest')\n", "spawnSync('docker', ['network', 'create', '--ipv6', 'back'])\n", 'for (const each of ["a", "b"]) {\n  console.log(`stopping ${each}`)\n  execSync(`docker stop ${each}`)\n}\n', 'const settings = JSON.parse(readFileSync("settings.json", "utf8"))\n', 'export const start = async ({ port = 8080 } = {}) => {\n  if (port > 65535) throw new RangeError("no such port")\n  return port\n}\n', 'if (!existsSync("data")) mkdirSync("data", { recursive: true })\n']

/** Scripts that call Docker among other things. */
export const powershellScript = script('# Starts the application\n', powershellLines)
export const bashScript = script('#!/usr/bin/env bash\n', bashLines)
/** Each line in a block of its own, for names may be declared once. */
export const javascriptScript = script("import { execSync, spawnSync } from 'node:child_process'\nimport { existsSync, mkdirSync, readFileSync } from 'node:fs'\n", javascriptLines.map(line => (line.startsWith('export') ? line.replace('export const start', 'globalThis.start') : `{\n${line}}\n`)))
