import type { Shell } from './command.ts'

/** What the name of an image says about the system in it. */
export interface ImagePlatform {
  readonly os: 'windows' | 'linux' | 'unknown'
  /** The build of Windows: 17763 is Windows Server 2019. */
  readonly build?: number
  /** The shell that the image is configured with. */
  readonly shell?: Shell
  readonly because: string
}

/** Windows releases, as tags name them. */
const builds: ReadonlyMap<string, number> = new Map([
  ['1607', 14393], ['2016', 14393], ['ltsc2016', 14393], ['sac2016', 14393], ['1703', 15063], ['1709', 16299], ['1803', 17134],
  ['1809', 17763], ['2019', 17763], ['ltsc2019', 17763], ['1903', 18362], ['1909', 18363], ['2004', 19041], ['20h2', 19042], ['21h1', 19043],
  ['21h2', 20348], ['2022', 20348], ['ltsc2022', 20348], ['23h2', 25398], ['2025', 26100], ['ltsc2025', 26100]
])

const release = '(?:(?:ltsc|sac)?20(?:16|19|22|25)|1607|1703|1709|1803|1809|1903|1909|2004|2[0-3]h[12])'
const windowsWord = new RegExp(`^(?:windows|windowsservercore|servercore|nanoserver|iotcore|win)(${release})?$`)
const windowsRelease = /^(?:ltsc20(?:16|19|22|25)|sac2016|2[0-3]h[12]|win10|win11|winamd64)$/
/** Bare years are left out: `2019` may be the version of what is in the image. */
const bareRelease = /^(?:ltsc20(?:16|19|22|25)|sac2016|1607|1703|1709|1803|1809|1903|1909|2004|2[0-3]h[12])$/
/** An image with these beside a Windows word makes programs for Windows, on Linux. */
const crossWord = /^(?:cross|xgo|mingw(?:32|64|w64)?|gnu|wine\d*|pc|static|shared)$/
const linuxWord = new RegExp(
  '^(?:linux|musl|glibc|slim|distroless|chiseled|wolfi|cbl|' +
  'jessie|stretch|buster|bullseye|bookworm|trixie|forky|sid|trusty|xenial|bionic|focal|jammy|noble|plucky|questing|resolute|' +
  '(?:alpine|ubuntu|debian|busybox|centos|fedora|rhel|ubi|mariner|azurelinux|amazonlinux|oraclelinux|rockylinux|almalinux|archlinux|photon|opensuse|el|ol)[\\d.]*)$'
)
/** Segments of a repository's path that name a distribution of Linux. */
const distributions = new Set([
  'alpine', 'ubuntu', 'debian', 'busybox', 'centos', 'fedora', 'rhel', 'archlinux', 'amazonlinux', 'oraclelinux', 'rockylinux', 'almalinux', 'photon',
  'opensuse', 'leap', 'tumbleweed', 'distroless', 'wolfi-base', 'cbl-mariner', 'azurelinux', 'azurelinux-beta', 'mariner',
  'ubi', 'ubi-minimal', 'ubi-micro', 'buildpack-deps', 'chainguard', 'clearlinux', 'mageia', 'gentoo', 'nixos', 'raspbian'
])
const distributionWord = /^(?:alpine|ubuntu|debian|busybox|centos|fedora|ubi\d+)$/
/** Official images that exist for Linux only. */
const linuxOnly = new Set([
  'adminer', 'amazoncorretto', 'bash', 'cassandra', 'clojure', 'composer', 'couchbase', 'couchdb', 'crate', 'drupal', 'elasticsearch', 'elixir', 'erlang',
  'flink', 'gcc', 'ghost', 'gradle', 'groovy', 'haproxy', 'haskell', 'httpd', 'ibmjava', 'jetty', 'joomla', 'kibana', 'kong', 'logstash', 'mariadb',
  'matomo', 'mediawiki', 'memcached', 'mongo-express', 'mysql', 'neo4j', 'nextcloud', 'nginx', 'node', 'odoo', 'percona', 'perl', 'php', 'postgres',
  'rabbitmq', 'redis', 'redmine', 'rethinkdb', 'ruby', 'rust', 'sapmachine', 'solr', 'sonarqube', 'spark', 'swift', 'swipl', 'tomcat', 'tomee',
  'varnish', 'wordpress', 'xwiki', 'zookeeper'
])
/** Repositories with images for both systems; the tag or the builder's platform decides. */
const both = new Set([
  'adoptopenjdk', 'caddy', 'docker', 'eclipse-temurin', 'golang', 'hello-world', 'julia', 'mongo', 'nats', 'nats-streaming', 'openjdk', 'pypy', 'python', 'traefik',
  'microsoft/dotnet', 'microsoft/aspnetcore', 'microsoft/aspnetcore-build', 'microsoft/powershell', 'microsoft/vsts-agent',
  'mcr.microsoft.com/powershell', 'jenkins/agent', 'jenkins/inbound-agent', 'jenkins/jenkins', 'jenkins/ssh-agent'
])
const linuxRepositories = new Set([
  'microsoft/mssql-server-linux', 'microsoft/azure-cli', 'mcr.microsoft.com/mssql/server', 'mcr.microsoft.com/mssql-tools', 'mcr.microsoft.com/azure-sql-edge', 'mcr.microsoft.com/azure-cli',
  'mcr.microsoft.com/devcontainers/base', 'mcr.microsoft.com/playwright'
])
const windowsRepositories = new Set([
  'microsoft/aspnet', 'microsoft/iis', 'microsoft/wcf', 'microsoft/windowsservercore', 'microsoft/nanoserver', 'microsoft/windows',
  'microsoft/windowsservercore-insider', 'microsoft/nanoserver-insider', 'microsoft/sqlite',
  'mcr.microsoft.com/businesscentral/onprem', 'mcr.microsoft.com/businesscentral/sandbox', 'mcr.microsoft.com/businesscentral',
  'mcr.microsoft.com/dynamicsnav',
  'mcr.microsoft.com/oss/kubernetes/windows-host-process-containers-base-image'
])

const officialOwner = /^(?:library|amd64|arm32v[567]|arm64v8|i386|ppc64le|s390x|riscv64|winamd64)$/

interface Reference {
  /** Registry and path, lower case; without the registry if it is Docker Hub. */
  readonly repository: string
  readonly segments: readonly string[]
  readonly tag: string
}

/**
 * What is known about the operating system of an image by its name and tag.
 * Parts that are computed (`${TAG}`, `{{ … }}`) decide nothing; `undefined` is an image of which nothing is known.
 */
export function imagePlatform(reference: string): ImagePlatform | undefined {
  if (known.has(reference)) return known.get(reference)
  if (known.size >= 200) known.clear()
  const platform = platformOf(reference)
  known.set(reference, platform)
  return platform
}

/** Files of one project name the same images again and again. */
const known = new Map<string, ImagePlatform | undefined>()

function platformOf(reference: string): ImagePlatform | undefined {
  const image = parseReference(reference)
  if (!image) return undefined
  const words = image.tag.split(/[-_+]/)
  const found = oneSystem(image) ?? byTag(image.tag, words) ?? byName(image)
  return found?.os === 'windows' ? { ...found, ...buildOf(words), ...shellOf(image, words) } : found
}

/** The build of Windows that the name of an image tells. */
export function imageBuild(reference: string | undefined): string | undefined {
  const found = reference === undefined ? undefined : imagePlatform(reference)
  return found?.os === 'windows' && found.build !== undefined ? String(found.build) : undefined
}

/** Repositories that hold images of one system only, whatever the tag says. */
function oneSystem({ repository, segments }: Reference): ImagePlatform | undefined {
  if (/(?:^|\/)dockurr?\/windows(?:-arm)?$/.test(repository)) return { os: 'linux', because: `${repository} is a Linux image that runs Windows in a virtual machine` }
  if (linuxRepositories.has(repository)) return linux(repository)
  const words = segments.flatMap(s => s.split(/[-_.]/))
  const isWindows =
    windowsRepositories.has(repository) ||
    /^mcr\.microsoft\.com\/windows(?:-insider)?(?:\/|$)/.test(repository) ||
    words.some(w => w === 'nanoserver' || w === 'servercore' || w === 'windowsservercore') ||
    /(?:^|\/)(?:windows\/(?:server|iotcore)|dotnet\/framework)(?:\/|$)/.test(repository) ||
    /^microsoft\/(?:dotnet-framework|windows-)/.test(repository) ||
    segments.at(-1)!.startsWith('mssql-server-windows')
  return isWindows ? { os: 'windows', because: `${repository} is an image of Windows` } : undefined
}

function byTag(tag: string, words: readonly string[]): ImagePlatform | undefined {
  const windowsSays = words.find(w => windowsWord.test(w) || windowsRelease.test(w))
  const linuxSays = words.find(w => linuxWord.test(w))
  if (linuxSays !== undefined) return windowsSays === undefined ? { os: 'linux', because: `the tag ${tag} says ${linuxSays}` } : undefined
  if (windowsSays === undefined || words.some(w => crossWord.test(w))) return undefined
  return { os: 'windows', because: `the tag ${tag} says ${windowsSays}` }
}

function byName({ repository, segments }: Reference): ImagePlatform | undefined {
  const name = segments.at(-1)!
  if (segments.some(s => distributions.has(s)) || name.split(/[-_]/).some(w => distributionWord.test(w))) return linux(repository)
  const official = segments.length === 1 || (segments.length === 2 && officialOwner.test(segments[0]!))
  if (official && linuxOnly.has(name)) return linux(repository)
  if ((official && both.has(name)) || both.has(repository) || /^mcr\.microsoft\.com\/(?:dotnet|azure-functions)\//.test(repository)) {
    return { os: 'unknown', because: `${repository} has images for Linux and for Windows` }
  }
  return undefined
}

function linux(repository: string): ImagePlatform {
  return { os: 'linux', because: `${repository} is an image of Linux` }
}

function parseReference(written: string): Reference | undefined {
  if (written.length > 1000) return undefined
  // What is computed stands as a character that no name has.
  const masked = written.replace(/\{\{[^{}]*\}\}|\$\{[^{}]*\}|\$\([^()]*\)|\$\w+/g, '*').toLowerCase()
  const named = masked.split('@', 1)[0]!
  const colon = named.indexOf(':', named.lastIndexOf('/') + 1)
  const path = colon < 0 ? named : named.slice(0, colon)
  if (path === '' || path === 'scratch' || /\s/.test(named)) return undefined
  const parts = path.split('/')
  const host = parts.length > 1 && /[.:]|^localhost$/.test(parts[0]!) ? parts[0] : undefined
  const segments = host === undefined ? parts : parts.slice(1)
  const hub = host === undefined || /^(?:(?:index|registry-1)\.)?docker\.io$/.test(host)
  return { repository: hub ? segments.join('/') : path, segments, tag: colon < 0 ? '' : named.slice(colon + 1) }
}

function buildOf(words: readonly string[]): { build?: number } {
  for (const [i, word] of words.entries()) {
    const numbered = /^10\.0\.(\d{5})(?:\.\d+)?$/.exec(word)
    if (numbered) return { build: Number(numbered[1]) }
    const afterWindows = windowsWord.test(words[i - 1] ?? '')
    const named = windowsWord.exec(word)?.[1] ?? (bareRelease.test(word) || afterWindows ? word : undefined)
    const build = named === undefined ? undefined : builds.get(named)
    if (build !== undefined) return { build }
  }
  return {}
}

/** Base images keep cmd; some images built on them are configured with another shell, which their users inherit. */
function shellOf({ repository, segments }: Reference, words: readonly string[]): { shell?: Shell } {
  if (/^mcr\.microsoft\.com\/windows(?:\/(?:nanoserver|servercore|server|iotcore)(?:\/(?:insider|iis))?)?$/.test(repository)) return { shell: 'cmd' }
  if (/^mcr\.microsoft\.com\/dotnet\/framework\/(?:sdk|aspnet|wcf)$/.test(repository)) return { shell: 'powershell' }
  if (segments.length > 1 || !both.has(repository)) return {}
  if (words.some(w => w.startsWith('windowsservercore'))) return { shell: 'powershell' }
  return words.some(w => w.startsWith('nanoserver')) ? { shell: 'cmd' } : {}
}
