import { describe, expect, it } from 'vitest'
import type { Command } from '../src/command.ts'
import { readBash } from '../src/languages/bash.ts'
import { programName, shellOnInput, unwrap } from '../src/languages/wrapper.ts'
import { Text } from '../src/text.ts'

const commandOf = (source: string): Command => readBash(Text.file(source)).commands.at(-1)!
/** Commands as their words, scripts as `shell: text`. */
function inside(source: string): string[] {
  const { commands, nested } = unwrap(commandOf(source))
  return [
    ...commands.map(({ words }) => words.map(({ text, known }) => (known ? text.value : `⟨${text.value}⟩`)).join(' ')),
    ...nested.map(({ shell, text }) => `${shell}: ${text.value}`)
  ]
}

describe('commands in commands', () => {
  it.each([
    ['docker run a', 'docker run a'],
    ['sudo docker a', 'docker a'],
    ['sudo -E docker a', 'docker a'],
    ['sudo -u me -g us docker a', 'docker a'],
    ['sudo -ume docker a', 'docker a'],
    ['sudo --user me -n -- docker a', 'docker a'],
    ['sudo A=b C=d docker a', 'docker a'],
    ['/usr/bin/sudo /usr/bin/docker a', '/usr/bin/docker a'],
    ['doas docker a', 'docker a'],
    ['env docker a', 'docker a'],
    ['env -i A=b docker a', 'docker a'],
    ['env -u A -C /x B=c docker a', 'docker a'],
    ['env - docker a', 'docker a'],
    ['command docker a', 'docker a'],
    ['command -p -- docker a', 'docker a'],
    ['builtin command docker a', 'docker a'],
    ['exec -a x docker a', 'docker a'],
    ['nohup docker a', 'docker a'],
    ['nice docker a', 'docker a'],
    ['nice -n 5 docker a', 'docker a'],
    ['nice -10 docker a', 'docker a'],
    ['/usr/bin/time -f %e docker a', 'docker a'],
    ['timeout 5 docker a', 'docker a'],
    ['timeout -k 1 -s KILL --foreground 5m docker a', 'docker a'],
    ['stdbuf -oL docker a', 'docker a'],
    ['winpty docker a', 'docker a'],
    ['wsl docker a', 'docker a'],
    ['wsl.exe -d Ubuntu -u root -- docker a', 'docker a'],
    ['wsl -e docker a', 'docker a'],
    ['run docker a', 'docker a'],
    ['run -1 ! docker a', 'docker a'],
    ['SUDO.EXE docker a', 'docker a'],
    ['sudo env A=b nice -n 5 timeout 1 docker a', 'docker a'],
    ['xargs docker rm', 'docker rm ⟨xargs⟩'],
    ['xargs -0 -r -n 1 -P4 docker rm', 'docker rm ⟨xargs⟩'],
    ['xargs -I{} docker a {} x{}', 'docker a ⟨{}⟩ ⟨x{}⟩'],
    ['xargs -I @ docker a @', 'docker a ⟨@⟩'],
    ['xargs --replace=R docker R', 'docker ⟨R⟩'],
    ['find . -name x -exec docker rm {} \\;', 'docker rm ⟨{}⟩'],
    ['docker exec a sh -c b', 'docker exec a sh -c b'],
    ['$X docker a', '⟨$X⟩ docker a'],
    ['find . -name x', 'find . -name x'],
    ['bash script.sh', 'bash script.sh'],
    ['pwsh script.ps1 -c', 'pwsh script.ps1 -c'],
    ['powershell -File a.ps1 b', 'powershell -File a.ps1 b'],
    ['cmd', 'cmd']
  ])('%s', (source, expected) => expect(inside(source)).toEqual([expected]))

  it.each(['sudo', 'sudo -l', 'env', 'env A=b', 'command -v docker', 'xargs', 'timeout 5', 'wsl --shutdown', 'ssh host', 'powershell -EncodedCommand ZABv', 'powershell -enc ZABv', 'cmd /c'])('%s runs nothing that is known', source =>
    expect(inside(source)).toEqual([]))

  it('is on Linux behind wsl', () => {
    const [command] = unwrap(commandOf('wsl docker a')).commands
    expect(command!.guards).toMatchObject([{ os: 'linux', holds: true }])
  })

  it('marks what xargs puts in', () => {
    const [command] = unwrap(commandOf('xargs -I{} docker a x{}y{}')).commands
    const { text, holes } = command!.words.at(-1)!
    expect(holes!.map(([start, end]) => text.value.slice(start, end))).toEqual(['{}', '{}'])
  })

  it('comes to an end', () => {
    expect(unwrap(commandOf(`${'sudo '.repeat(5000)}docker a`)).commands).toHaveLength(1)
  })
})

describe('scripts in commands', () => {
  it.each([
    ["bash -c 'docker a'", 'bash: docker a'],
    ["/bin/sh -ec 'docker a' name x", 'bash: docker a'],
    ["bash -euo pipefail -c 'docker a'", 'bash: docker a'],
    ["bash --norc -lc -- 'docker a'", 'bash: docker a'],
    ["sudo sh -c 'docker a'", 'bash: docker a'],
    ["su -c 'docker a' me", 'bash: docker a'],
    ['ssh host docker a "b c"', 'bash: docker a b c'],
    ["ssh -p 22 -tt -o A=b me@host 'docker a; docker b'", 'bash: docker a; docker b'],
    ['env -S "docker a"', 'bash: docker a'],
    ['powershell -Command "docker a"', 'powershell: docker a'],
    ['powershell.exe -NoProfile -ExecutionPolicy Bypass -c docker a "b c"', 'powershell: docker a b c'],
    ['powershell -nop -ep Bypass -Com docker a', 'powershell: docker a'],
    ['powershell docker a', 'powershell: docker a'],
    ['pwsh -c docker a', 'powershell: docker a'],
    ['pwsh -NoLogo -w hidden -command docker a', 'powershell: docker a'],
    ['cmd /c docker a', 'cmd: docker a'],
    ['cmd.exe /S /C "docker a && docker b"', 'cmd: docker a && docker b'],
    ['cmd //c docker a', 'cmd: docker a'],
    ['cmd /d /s/c docker a', 'cmd: docker a'],
    ['cmd /V:ON /cdocker a', 'cmd: docker a'],
    ["cmd /c docker a 'b c'", 'docker a b c']
  ])('%s', (source, expected) => expect(inside(source)).toEqual([expected]))

  it('says where each word of a joined script is written', () => {
    const source = "ssh host docker 'a b' \"--x\"=\"$N\""
    const [script] = unwrap(commandOf(source)).nested
    const { text, holes } = script!
    expect(text.value).toBe('docker a b --x=$N')
    const placeOf = (part: string): string => source.slice(...text.range(text.value.indexOf(part), text.value.indexOf(part) + part.length))
    expect(['docker', 'a b', '--x', '='].map(placeOf)).toEqual(['docker', 'a b', '--x', '='])
    expect(holes.map(([start, end]) => source.slice(start, end))).toEqual(['$N'])
    expect(source.slice(...text.whole)).toBe("docker 'a b' \"--x\"=\"$N\"")
  })

  it('joins words that are written in another order', () => {
    const source = 'a=(b c); ssh host docker "${a[@]}" d'
    const [script] = unwrap(commandOf(source)).nested
    const { text } = script!
    expect(text.value).toBe('docker b c d')
    expect([...'bcd'].map(word => source.slice(...text.range(text.value.indexOf(word, 6), text.value.indexOf(word, 6) + 1)))).toEqual(['b', 'c', 'd'])
  })

  it('proves nothing of a remote host', () => {
    expect(unwrap(commandOf('[ "$OS" = Windows_NT ] && ssh host docker a')).nested[0]!.guards).toEqual([])
    expect(unwrap(commandOf('[ "$OS" = Windows_NT ] && bash -c "docker a"')).nested[0]!.guards).toHaveLength(1)
  })
})

describe('shells that read their input', () => {
  it.each([
    ['bash', 'bash'],
    ['sh -', 'bash'],
    ['bash -s a b', 'bash'],
    ['bash -ex', 'bash'],
    ['sudo -i bash -l', 'bash'],
    ['ssh host', 'bash'],
    ['ssh -T host sudo bash -s', 'bash'],
    ["ssh host 'bash -s'", 'bash'],
    ['powershell -NoProfile -Command -', 'powershell'],
    ['pwsh -c -', 'powershell'],
    ['cmd.exe', 'cmd']
  ])('%s', (source, shell) => expect(shellOnInput(commandOf(source))?.shell).toBe(shell))

  it.each(['cat', 'docker exec -i c bash', 'bash script.sh', 'bash -c x', 'ssh host cat', 'ssh host bash -c x', 'powershell -Command x', 'powershell -File x', 'cmd /c x', 'bash $X'])('not %s', source =>
    expect(shellOnInput(commandOf(source))).toBeUndefined())
})

it('knows a program by its name', () => {
  const [docker] = commandOf('"C:\\Program Files\\Docker\\Docker.EXE" a').words
  expect(programName(docker)).toBe('docker')
})
