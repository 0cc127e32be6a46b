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
