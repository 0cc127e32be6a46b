import type { Range, Text } from '../text.ts'
import type { CommandInstruction, Instruction } from './dockerfile-syntax.ts'

/** Something that speaks for one operating system. */
export interface Sign {
  readonly os: 'windows' | 'linux'
  /** 1: a hint; 2: rarely on the other system; 3: makes no sense there. */
  readonly weight: 1 | 2 | 3
  readonly range: Range
  readonly says: string
}

interface Pattern {
  readonly os: Sign['os']
  readonly weight: Sign['weight']
  readonly says: string
  readonly pattern: RegExp
}

const commandStart = String.raw`(?:^|&&|\|\||[;|(\n])[ \t]*(?:@|call[ \t]+|sudo[ \t]+)?`

/** @param openings beginnings of commands that go on in any way */
function command(os: Sign['os'], weight: Sign['weight'], says: string, names: string, openings: string): Pattern {
  return { os, weight, says, pattern: new RegExp(`${commandStart}(?:(?:${names})(?=[\\s;&|"']|$)|${openings})`, 'i') }
}

const pathPatterns: readonly Pattern[] = [
  { os: 'windows', weight: 3, says: 'a path with a drive letter', pattern: /(?:^|[\s'"=;,(])[a-z]:(?:\\|\/(?!\/))/i },
  { os: 'linux', weight: 3, says: 'a path of Linux', pattern: /(?:^|[\s'"=;,(:])\/(?:bin|usr|etc|var|opt|home|root|lib|dev|proc|srv|mnt|sbin|tmp)(?=[/\s'";,:)]|$)/ }
]

/** PowerShell itself runs on Linux too, as `pwsh`. */
const cmdlet: Pattern = {
  os: 'windows', weight: 3, says: 'a PowerShell cmdlet or variable',
  pattern: /(?:^|[\s;|({])(?:(?:Invoke-(?:WebRequest|Expression|RestMethod)|Expand-Archive|Start-Process|Remove-Item|New-Item|Set-ItemProperty|Add-WindowsFeature|Install-WindowsFeature|Set-Service|Write-Host|Install-PackageProvider)(?=[\s;)]|$)|\$env:\w{1,60})/im
}

const scriptPatterns: readonly Pattern[] = [
  command('windows', 3, 'a program of Windows',
    'setx|powershell(?:\\.exe)?|msiexec(?:\\.exe)?|dism(?:\\.exe)?|icacls|takeown|certutil|choco|robocopy|xcopy',
    '(?:cmd(?:\\.exe)?|dir|del|rd|rmdir)[ \\t]+/|reg(?:\\.exe)?[ \\t]+(?:add|delete|import)[ \\t]'),
  { os: 'windows', weight: 2, says: 'an installer for Windows', pattern: /\.msi(?![\w-])/i },
  { os: 'windows', weight: 1, says: 'a program for Windows', pattern: /\.(?:exe|bat|cmd)(?![\w-])/i },
  command('linux', 3, 'a program of Linux',
    'apt-get|apt|apk|yum|dnf|microdnf|tdnf|zypper|pacman|dpkg|rpm|chmod|chown|useradd|groupadd|adduser|addgroup|usermod|ldconfig|update-alternatives|update-ca-certificates|make',
    '(?:ln|test|\\[|cp|rm|tar|set|mkdir|install)[ \\t]+-\\w|export[ \\t]+\\w+=')
]

const windowsUser = /^["']?(?:ContainerAdministrator|ContainerUser|NT AUTHORITY\\|Administrator$)/i
const shellNames: Readonly<Record<string, Sign['os']>> = {
  powershell: 'windows', cmd: 'windows', sh: 'linux', bash: 'linux', ash: 'linux', dash: 'linux', zsh: 'linux'
}

/**
 * What an instruction says about the operating system of its stage.
 *
 * @param portable whether the shell is one that runs on both, `pwsh`
 */
export function signsOf(instruction: Instruction, portable: boolean): Sign[] {
  switch (instruction.name) {
    case 'RUN':
    case 'CMD':
    case 'ENTRYPOINT':
    case 'HEALTHCHECK':
      return instruction.exec ? programSigns(instruction.exec) : scriptSigns(instruction.script, portable)
    case 'SHELL':
      return shellSigns(instruction)
    case 'COPY':
    case 'ADD':
      return instruction.destination ? pathSigns(instruction.destination) : []
    case 'ENV':
      return instruction.pairs.flatMap(p => (p.value ? pathSigns(p.value) : []))
    case 'WORKDIR':
    case 'VOLUME':
      return instruction.values.flatMap(pathSigns)
    case 'USER':
      return instruction.values.flatMap(userSigns)
    default:
      return []
  }
}

function shellSigns({ exec }: CommandInstruction): Sign[] {
  const program = exec?.[0]
  const os = program && shellNames[programName(program.value)]
  return program && os ? [{ os, weight: 3, range: program.whole, says: `the shell is ${program.value}` }] : []
}

function programSigns(words: readonly Text[]): Sign[] {
  const program = words[0]
  if (!program) return []
  const os = shellNames[programName(program.value)]
  const byName: Sign[] = os ? [{ os, weight: 3, range: program.whole, says: `${program.value} is run` }] : []
  if (/\.exe$/i.test(program.value)) byName.push({ os: 'windows', weight: 2, range: program.whole, says: `${program.value} is run` })
  else if (/^\/[\w.-]/.test(program.value)) byName.push({ os: 'linux', weight: 1, range: program.whole, says: `${program.value} is run` })
  return [...byName, ...words.flatMap(pathSigns)]
}

function pathSigns(text: Text): Sign[] {
  return pathPatterns.flatMap(p => match(text, p))
}

function userSigns(user: Text): Sign[] {
  if (windowsUser.test(user.value)) return [{ os: 'windows', weight: 3, range: user.whole, says: `the user is ${user.value}` }]
  if (/^(?:root|\d+|nobody|nonroot|www-data)(?::|$)/.test(user.value)) return [{ os: 'linux', weight: 2, range: user.whole, says: `the user is ${user.value}` }]
  return []
}

/** Signs are looked for where scripts begin: a long one does not say more. */
const longestLook = 20_000

function scriptSigns(script: Text | undefined, portable: boolean): Sign[] {
  if (!script) return []
  return [...pathPatterns, ...scriptPatterns, ...(portable ? [] : [cmdlet])].flatMap(p => match(script, p))
}

function match(text: Text, { pattern, os, weight, says }: Pattern): Sign[] {
  const source = text.value.slice(0, longestLook)
  const found = pattern.exec(source)
  if (!found) return []
  const shown = found[0].replace(/^[\s'"=;,(:|&@]+/, '').trimEnd()
  const end = found.index + found[0].trimEnd().length
  let start = end - shown.length
  // Of a program the name, not only its extension.
  if (shown.startsWith('.')) while (start > 0 && end - start < 60 && /[\w-]/.test(source[start - 1]!)) start--
  return [{ os, weight, range: text.range(start, end), says: `${says}: ${source.slice(start, end)}` }]
}

/** The name of a program without its folders and `.exe`, lower case. */
export function programName(path: string): string {
  return path.replace(/^.*[\\/]/s, '').replace(/\.exe$/i, '').toLowerCase()
}
