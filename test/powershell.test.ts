import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import type { Command, Script } from '../src/command.ts'
import { readPowerShell } from '../src/languages/powershell.ts'
import { splitWindowsCommandLine } from '../src/languages/windows-command-line.ts'
import { Text } from '../src/text.ts'

const read = (source: string): Script => readPowerShell(Text.file(source))
/** A word; `?` before it if it is not known. */
const spelled = (command: Command): string[] => command.words.map(({ text, known }) => (known ? '' : '?') + text.value)
const all = (source: string): string[][] => read(source).commands.map(spelled)
const docker = (source: string): string[][] => all(source).filter(([name]) => /^docker(?:\.exe)?$/.test(name ?? ''))
const guards = (source: string): string[] => read(source).commands.find(({ words }) => words[0]?.text.value === 'docker')!.guards
  .map(({ os, holds, range }) => `${holds ? '' : 'not '}${os}: ${source.slice(...range)}`)

describe('words of a command', () => {
  test.each<[string, ...string[]]>([
    ['docker ps', 'docker', 'ps'],
    ['  docker\tps\u00a0-a  ', 'docker', 'ps', '-a'],
    ['docker network create --ipv6 n', 'docker', 'network', 'create', '--ipv6', 'n'],
    ['docker run --ip6=::1 --network=host x', 'docker', 'run', '--ip6=::1', '--network=host', 'x'],
    ['docker network create --opt="encrypted" n', 'docker', 'network', 'create', '--opt=encrypted', 'n'],
    ['docker run -- x --y -p:80', 'docker', 'run', '--', 'x', '--y', '-p:', '80'],
    ['docker exec x -', 'docker', 'exec', 'x', '-'],
    ['docker run -p 80:80 x', 'docker', 'run', '-p', '80:80', 'x'],
    ['docker run -p80:80 x', 'docker', 'run', '-p80:80', 'x'],
    ['docker run -p:80 x', 'docker', 'run', '-p:80', 'x'],
    ['docker run -v: x', 'docker', 'run', '-v:', 'x'],
    ['docker run -vC:\\a:C:\\b x', 'docker', 'run', '-vC:\\a:C:\\b', 'x'],
    ['docker run -p127.0.0.1:80:80 x', 'docker', 'run', '-p127', '.0.0.1:80:80', 'x'],
    ['docker build -f.\\Dockerfile .', 'docker', 'build', '-f', '.\\Dockerfile', '.'],
    ['docker build .. ./a ../b', 'docker', 'build', '..', './a', '../b'],
    ['docker x a#b #c', 'docker', 'x', 'a#b'],
    ['docker x <# c #> y', 'docker', 'x', 'y'],
    ['docker x a<#b', 'docker', 'x', 'a<#b'],
    ["docker x 'a b'", 'docker', 'x', 'a b'],
    ["docker x 'it''s'", 'docker', 'x', "it's"],
    ['docker x "a ""b"" c"', 'docker', 'x', 'a "b" c'],
    ['docker x ‘a b’ “c d”', 'docker', 'x', 'a b', 'c d'],
    ['docker x –rm ––ipv6', 'docker', 'x', '–rm', '––ipv6'],
    ["docker x a'b c'd", 'docker', 'x', 'ab cd'],
    ["docker x 'a'b", 'docker', 'x', 'a', 'b'],
    ['docker x "a"b', 'docker', 'x', 'a', 'b'],
    ['docker x --a="b c"d', 'docker', 'x', '--a=b cd'],
    ["docker x -a='b c'", 'docker', 'x', '-a=b c'],
    ['docker x a` b `"c `#d', 'docker', 'x', 'a b', '"c', '#d'],
    ['docker x "a`tb`u{41}`q"', 'docker', 'x', 'a\tbAq'],
    ['docker x `\n  y', 'docker', 'x', 'y'],
    ['docker x `\r\n  y', 'docker', 'x', 'y'],
    ['docker x `\n  # a comment\n', 'docker', 'x'],
    ['docker x a`\nb', 'docker', 'x', 'a\nb'],
    ['docker x a,b,c', 'docker', 'x', 'a,b,c'],
    ['docker x a, b', 'docker', 'x', 'a,', 'b'],
    ['docker x "a","b c"', 'docker', 'x', 'a,b c'],
    ['docker x --mount type=bind,source=C:\\a,target=C:\\b', 'docker', 'x', '--mount', 'type=bind,source=C:\\a,target=C:\\b'],
    ['docker x @\'\na "b"\n\'@ y', 'docker', 'x', 'a "b"', 'y'],
    ['docker x @"\na `"b`"\n"@ y', 'docker', 'x', 'a "b"', 'y'],
    ['docker x @"\n"@ y', 'docker', 'x', '', 'y'],
    ["docker x '' y", 'docker', 'x', '', 'y'],
    ['docker x $y', 'docker', 'x', '?$y'],
    ['docker x "$y z"', 'docker', 'x', '?$y z'],
    ['docker x $y/z', 'docker', 'x', '?$y/z'],
    ['docker x $y.z $y[0] $y.Trim()', 'docker', 'x', '?$y.z', '?$y[0]', '?$y.Trim()'],
    ['docker x $y=z', 'docker', 'x', '?$y', '=z'],
    ['docker x ${y}z ${y z}', 'docker', 'x', '?${y}z', '?${y z}'],
    ['docker x $pwd:/app', 'docker', 'x', '?$pwd:/app'],
    ['docker x a$(b)c', 'docker', 'x', '?a$(b)c'],
    ['docker x $(b)c', 'docker', 'x', '?$(b)', 'c'],
    ['docker x (b) @(c)', 'docker', 'x', '?(b)', '?@(c)'],
    ["docker x ('a') @('b', 'c')", 'docker', 'x', 'a', 'b', 'c'],
    ["docker x ('a' + 'b')", 'docker', 'x', 'ab'],
    ['docker x "$(\'a\')b"', 'docker', 'x', 'ab'],
    ['docker x -a$b', 'docker', 'x', '-a$b'],
    ['docker x --a=$b', 'docker', 'x', '?--a=$b'],
    ['docker x "`$y" a`$y $', 'docker', 'x', '$y', 'a$y', '$'],
    ['docker x "100$" "$ y"', 'docker', 'x', '100$', '$ y'],
    ['docker x $env:X', 'docker', 'x', '?$env:X'],
    ['docker x $true', 'docker', 'x', 'True'],
    ['docker x 1.50 0x10 2>&1', 'docker', 'x', '1.50', '0x10'],
    ['docker x > a.txt y', 'docker', 'x', 'y'],
    ['docker x 2>$null *>> a', 'docker', 'x'],
    ['docker x a>b', 'docker', 'x', 'a>b'],
    ['docker x { y }', 'docker', 'x', '?{ y }'],
    ['docker x [a] ]', 'docker', 'x', '[a]', ']'],
    ['docker x %a% ^b !c', 'docker', 'x', '%a%', '^b', '!c'],
    ['docker --% x "a b" %Y% $z | c', 'docker', 'x', 'a b', '?%Y%', '$z'],
    ['docker x ${{ a.b }} y', 'docker', 'x', '?${{ a.b }}', 'y'],
    ['docker x --a=${{ b }}c', 'docker', 'x', '?--a=${{ b }}c'],
    ['docker x \'${{ a }}\'', 'docker', 'x', '?${{ a }}'],
    ['docker x {{ a }}:{{ b|c }} y', 'docker', 'x', '?{{ a }}:{{ b|c }}', 'y'],
    ['docker x "{{ a }}"', 'docker', 'x', '?{{ a }}'],
    ["docker x --format '{{.Names}}' \"{{json .}}\"", 'docker', 'x', '--format', '{{.Names}}', '{{json .}}'],
    ['& docker x', 'docker', 'x'],
    ['& "docker" x', 'docker', 'x'],
    ['. docker x', 'docker', 'x'],
    ['docker.exe x', 'docker.exe', 'x'],
    ['7z x', '7z', 'x'],
    ['docker x; ', 'docker', 'x'],
    ['docker x &', 'docker', 'x'],
    ['docker if foreach', 'docker', 'if', 'foreach'],
    ['foreach-object x', 'foreach-object', 'x'],
    ['${{ a }} b', '?${{ a }}', 'b']
  ])('%s', (source, ...expected) => {
    expect(all(source)[0]).toEqual(expected)
    expect(read(source).problems).toEqual([])
  })
})

describe('ranges', () => {
  test.each([
    'docker network create ⟦--ipv6⟧ n',
    'docker x ⟦"a `"b"⟧ y',
    'docker x ⟦-p:80⟧ y',
    "docker x ⟦--a='b c'⟧ y",
    'docker x ⟦a,b⟧ y',
    'docker x ⟦$(a b)⟧',
    'docker x ⟦$y.Trim()⟧',
    'docker x ⟦@"\na\n"@⟧ y',
    "$a = @('b', ⟦'c'⟧)\ndocker $a",
    "$a = 'c'\ndocker b ⟦$a⟧",
    "Run-Program 'docker' 'b ⟦c⟧'",
    "Start-Process docker -ArgumentList 'b','⟦c⟧'"
  ])('the word in %s', marked => {
    const source = marked.replace(/[⟦⟧]/g, '')
    const words = read(source).commands.filter(({ words: [name] }) => name?.text.value === 'docker').flatMap(({ words }) => words)
    const start = marked.indexOf('⟦')
    const [word] = words.filter(({ text }) => text.whole[0] === start)
    expect(word && source.slice(...word.text.whole)).toBe(marked.slice(start + 1, marked.indexOf('⟧')))
  })

  test.each([
    ['docker x "a `"⟦b⟧"', 'b'],
    ["docker x a'⟦b c⟧'", 'b c'],
    ["iex 'docker ⟦--ipv6⟧'", '--ipv6'],
    ["iex 'docker ''⟦--ipv6⟧'''", '--ipv6'],
    ["$c = 'docker '\n$c += '⟦--ipv6⟧'\niex $c", '--ipv6'],
    ['docker x "a$(docker ""⟦--ipv6⟧"")"', '--ipv6'],
    ["Start-Process docker 'run \"⟦a b⟧\"'", 'a b']
  ])('the characters in %s', (marked, found) => {
    const source = marked.replace(/[⟦⟧]/g, '')
    const { commands, nested } = read(source)
    const texts = [...commands.flatMap(({ words }) => words.map(({ text }) => text)), ...nested.map(({ text }) => text)].reverse()
    const text = texts.find(({ value }) => value.includes(found))!
    const at = text.value.indexOf(found)
    expect(text.range(at, at + found.length)).toEqual([marked.indexOf('⟦'), marked.indexOf('⟧') - 1])
  })

  it('is that of the command, without what redirects it or continues it', () => {
    const source = 'if ($x) { & docker run x | Out-Null; }'
    const { commands: [command] } = read(source)
    expect(source.slice(...command!.range)).toBe('& docker run x')
  })
})

describe('where commands are', () => {
  test.each<[string, ...string[]]>([
    ['$a = docker ps', 'ps'],
    ['[string]$a = docker ps', 'ps'],
    ['$a, $b = docker ps', 'ps'],
    ['$a = $b = docker ps', 'ps'],
    ['$a.b = docker ps', 'ps'],
    ['$a["b"] += docker ps', 'ps'],
    ['$a = (docker ps)', 'ps'],
    ['$a = @(docker ps)', 'ps'],
    ['$a = @{ b = docker ps; c = 1 }', 'ps'],
    ['$a = "x $(docker ps) y"', 'ps'],
    ['$a = @"\n$(docker ps "x")\n"@', 'ps', 'x'],
    ['return $(docker ps)', 'ps'],
    ['if (docker ps) { }', 'ps'],
    ['if ($a -and (docker ps)) { }', 'ps'],
    ['if ($a) { docker ps }', 'ps'],
    ['if ($a) { } else { docker ps }', 'ps'],
    ['if ($a) { }\n# c\nelse\n{ docker ps }', 'ps'],
    ['foreach ($a in docker ps) { }', 'ps'],
    ['foreach ($a in $b) { docker ps }', 'ps'],
    ['for ($i = 0; $i -lt 3; $i++) { docker ps }', 'ps'],
    ['while ($true) { docker ps }', 'ps'],
    ['do { docker ps } until ($x)', 'ps'],
    ['switch ($a) { "b" { docker ps } }', 'ps'],
    ['switch -regex ($a) { b { docker ps } default { } }', 'ps'],
    ['try { docker ps } catch { }', 'ps'],
    ['try { } catch [System.Exception] { docker ps }', 'ps'],
    ['try { } finally { docker ps }', 'ps'],
    ['function A { docker ps }', 'ps'],
    ['function A($b, [int]$c = 1) { docker ps }', 'ps'],
    ['function A { [CmdletBinding()] param([Parameter(Mandatory=$true)] [string] $b) docker ps }', 'ps'],
    ['function A { process { docker ps } }', 'ps'],
    ['filter A { docker ps }', 'ps'],
    ['class A { [void] B([int] $c) { docker ps } }', 'ps'],
    ['trap { docker ps }', 'ps'],
    ['Invoke-Command -ScriptBlock { docker ps }', 'ps'],
    ['Invoke-Command -Session $s { docker ps } -Args 1', 'ps'],
    ['1..3 | ForEach-Object { docker ps }', 'ps'],
    ['$a | % { docker ps }', 'ps'],
    ['$a.ForEach{ docker ps }', 'ps'],
    ['& { docker ps }', 'ps'],
    ['$a = { docker ps }', 'ps'],
    ['docker ps | Out-Null', 'ps'],
    ['$a | docker ps', 'ps'],
    ['a\n | docker ps', 'ps'],
    ['a |\n docker ps', 'ps'],
    ['a && docker ps', 'ps'],
    ['a || docker ps', 'ps'],
    ['docker ps && $a', 'ps'],
    ['a; docker ps', 'ps'],
    ['$a = 1; docker ps', 'ps'],
    ['$a++; docker ps', 'ps'],
    [':b foreach ($a in $c) { docker ps }', 'ps'],
    ['using namespace System\ndocker ps', 'ps'],
    ['enum A { B; C }\ndocker ps', 'ps'],
    ['[void](docker ps)', 'ps'],
    ['$null = docker ps', 'ps'],
    ['write-host (docker ps)', 'ps'],
    ['write-host "$(docker ps)"', 'ps'],
    ['$x = if ($a) { docker ps } else { 1 }', 'ps'],
    ['{% if x %}docker ps{% endif %}', 'ps'],
    ['docker ps # docker run', 'ps'],
    ['"docker run"; docker ps', 'ps'],
    ['Write-Host "docker run"; docker ps', 'ps'],
    ['$a -match "docker run"; docker ps', 'ps'],
    ['exit 0\ndocker run `\n --ipv6'],
    ['if ($a) { exit } else { return }\ndocker run']
  ])('%s', (source, ...expected) => {
    expect(docker(source).flatMap(([, ...words]) => words)).toEqual(expected)
    expect(read(source).problems).toEqual([])
  })
})

describe('constants', () => {
  test.each<[string, ...string[]]>([
    ["$a = 'host'; docker run $a", 'run', 'host'],
    ["$a = 'host'; docker run --network=$a \"x$a\"", 'run', '--network=host', 'xhost'],
    ["$A = 'host'; docker run \"$($a)\"", 'run', 'host'],
    ["$a = 'ho' + 'st'; docker run $a", 'run', 'host'],
    ["$a = 'host'; $b = \"--network=$a\"; docker run $b", 'run', '--network=host'],
    ["$a = '{0}-{1}' -f 'x', 'y'; docker run $a", 'run', 'x-y'],
    ["$a = 'x', 'y' -join '/'; docker run $a", 'run', 'x/y'],
    ["$d = 'docker'; & $d ps", 'ps'],
    ["$d = 'docker'; & $d 'ps'", 'ps'],
    ["[string]$a = 'x'; docker run $a", 'run', 'x'],
    ["$env:X = 'x'; docker run $env:X", 'run', 'x'],
    ["$a = 'x'; docker run $script:a $using:a", 'run', 'x', 'x'],
    ["$a = 'x'; $a = 'y'; docker run $a", 'run', 'y'],
    ["if ($b) { $a = 'x' } else { $a = 'x' }; docker run $a", 'run', 'x'],
    ["if ($b) { $a = 'x' } else { $a = 'y' }; docker run $a", 'run', '?$a'],
    ["if ($b) { $a = 'x' }; docker run $a", 'run', '?$a'],
    ["$a = 'x'; if ($b) { $a = 'y'; exit }; docker run $a", 'run', 'x'],
    ["$a = 'x'; foreach ($b in $c) { docker run $a; $a = 'y' }", 'run', '?$a'],
    ["$a = 'x'; try { $a = 'y'; z } catch { docker run $a }", 'run', '?$a'],
    ["param($a = 'x') docker run $a", 'run', '?$a'],
    ["$a = 'x'; function F { docker run $a }", 'run', 'x'],
    ["$a = 'x'; $a = 'y'; function F { docker run $a }", 'run', '?$a'],
    ["$a = 'x'; function F($a) { docker run $a }", 'run', '?$a'],
    ["$a = 'x'; function F { $script:a = 'y' }; docker run $a", 'run', '?$a'],
    ["$a = 'x'; Set-Variable a y; docker run $a", 'run', '?$a'],
    ["$a = Read-Host; docker run $a", 'run', '?$a'],
    ["$a = 1 + 1; docker run $a", 'run', '?$a'],
    ["$a = @('run', '--network', 'host'); docker $a", 'run', '--network', 'host'],
    ["$a = @('run', 'x'); docker @a", 'run', 'x'],
    ["$a = @(\n'run'\n'x'\n); docker @a y", 'run', 'x', 'y'],
    ["$a = 'run', $b; docker $a", 'run', '?$b'],
    ["[string[]]$a = 'run'; $a += 'x', 'y'; docker $a", 'run', 'x', 'y'],
    ["$args = @('run'); $args += '--ip'; $args += \"$ip\"; docker $args", 'run', '--ip', '?$ip'],
    ["$a = @('run'); if ($b) { $a += '--x' }; $a += 'y'; docker $a", 'run', '?--x', 'y'],
    ["$a = @('run') + @('x'); docker $a", 'run', 'x'],
    ["$a = @('run'); $a += F; docker $a", 'run', '?F'],
    ["$a = @('run'); $a.Add('x'); docker $a", '?$a'],
    ["$a = 'x'; $a++; docker run $a", 'run', '?$a'],
    ["$a = 'x'; $a.b = 1; docker run $a", 'run', '?$a']
  ])('%s', (source, ...expected) => {
    expect(docker(source)[0]?.slice(1) ?? all(source)[0]!.slice(1)).toEqual(expected)
  })
})

describe('wrappers', () => {
  test.each<[string, ...string[]]>([
    ["Run-Program 'docker' 'network create --driver nat jnlp-network'", 'network', 'create', '--driver', 'nat', 'jnlp-network'],
    ['Invoke-Executable -Executable "docker" -ArgList @("pull", "x")', 'pull', 'x'],
    ["Invoke-Native docker 'run x'", 'run', 'x'],
    ["function D($a, $b) { & $a $b }\nD 'docker' \"run --network $n x\"", 'run', '--network', '?$n', 'x'],
    ["$a = 'run x'; Run-Program docker $a", 'run', 'x'],
    ['exec docker run --network host', 'run', '--network', 'host'],
    ["Start-Process docker -ArgumentList 'network','create','--ipv6'", 'network', 'create', '--ipv6'],
    ["Start-Process -FilePath \"docker\" -Wait -ArgumentList @('run', '-e', 'A=b c')", 'run', '-e', 'A=b', 'c'],
    ["Start-Process -NoNewWindow docker 'run -e \"A=b c\" x'", 'run', '-e', 'A=b c', 'x'],
    ['Start-Process docker "run $x y"', 'run', '?$x', 'y'],
    ["Write-Host 'docker' 'run x'"],
    ["Write-Log docker 'run x'"],
    ["Stop-Service docker"],
    ["Restart-Service docker -Force"],
    ["Install-Package -Name docker -ProviderName x"],
    ["Test-Path docker 'run x'"],
    ["echo docker 'run x'"],
    ["cd docker"]
  ])('%s', (source, ...expected) => {
    expect(docker(source).at(-1)?.slice(1) ?? []).toEqual(expected)
  })

  test.each([
    ['iex "docker run x"', 'powershell', 'docker run x'],
    ["Invoke-Expression -Command 'docker run x'", 'powershell', 'docker run x'],
    ['Invoke-Expression ("docker pull{0} x" -f "")', 'powershell', 'docker pull x'],
    ['Invoke-Expression ("docker pull{0} x" -f $q)', 'powershell', 'docker pull$_ x', '{0}'],
    ['iex "docker run $x"', 'powershell', 'docker run $x', '$x'],
    ["$c = 'docker run'; $c += ' x'; iex $c", 'powershell', 'docker run x'],
    ['$c = "docker run $n"; iex "$c"', 'powershell', '', ''],
    ["'docker run x' | Invoke-Expression", 'powershell', 'docker run x'],
    ['iex $unknown', 'powershell', '', ''],
    ["@'\ndocker run x\n'@ | Out-File -Encoding ascii -FilePath C:\\a\\b.ps1", 'powershell', 'docker run x'],
    ["@'\ndocker run x\n'@ > b.cmd", 'cmd', 'docker run x'],
    ['Set-Content -Path "$dir\\b.ps1" -Value @"\ndocker run `$x $y\n"@', 'powershell', 'docker run $x $y', '$y'],
    ["'docker run x' | Out-File log.txt", 'powershell', '']
  ])('%s', (source, shell, text, ...holes) => {
    const { nested } = read(source)
    if (text === '') return expect(nested).toEqual([])
    expect(nested.map(one => [one.shell, one.text.value, ...one.holes.map(hole => source.slice(...hole))])).toEqual([[shell, text, ...holes]])
  })

  it('leaves programs that run commands to others', () => {
    expect(all('cmd /c "docker run x"')).toEqual([['cmd', '/c', 'docker run x']])
    expect(all("bash -c 'docker run x'")).toEqual([['bash', '-c', 'docker run x']])
  })
})

describe('guards', () => {
  test.each<[string, ...string[]]>([
    ['docker x'],
    ['if ($IsWindows) { docker x }', 'windows: $IsWindows'],
    ['if ($isLinux) { docker x }', 'linux: $isLinux'],
    ['if ($IsMacOS) { docker x }', 'darwin: $IsMacOS'],
    ['if (-not $IsWindows) { docker x }', 'not windows: $IsWindows'],
    ['if (!$IsWindows) { docker x }', 'not windows: $IsWindows'],
    ['if (!(!$IsWindows)) { docker x }', 'windows: $IsWindows'],
    ['if ($IsWindows) { } else { docker x }', 'not windows: $IsWindows'],
    ['if ($IsWindows) { } elseif ($a) { docker x }', 'not windows: $IsWindows'],
    ['if ($a) { } elseif ($IsLinux) { docker x }', 'linux: $IsLinux'],
    ['if ($a) { } else { docker x }'],
    ['if ($IsWindows) { }; docker x'],
    ['if (-not $IsLinux) { return }; docker x', 'linux: $IsLinux'],
    ['if ($IsWindows) { exit 1 }\ndocker x', 'not windows: $IsWindows'],
    ['if ($IsWindows) { throw "no" }\ndocker x', 'not windows: $IsWindows'],
    ['if ($IsWindows) { if ($a) { exit } }\ndocker x'],
    ['if ($IsWindows) { if ($a) { exit } else { exit } }\ndocker x', 'not windows: $IsWindows'],
    ['if ($IsWindows) { } else { exit }\ndocker x', 'windows: $IsWindows'],
    ['if ($a) { if (!$IsLinux) { exit } }\ndocker x'],
    ['foreach ($a in $b) { if (!$IsLinux) { continue }; docker x }', 'linux: $IsLinux'],
    ['function F { if (!$IsLinux) { return }; docker x }', 'linux: $IsLinux'],
    ['function F { if (!$IsLinux) { return } }; docker x'],
    ['if ($env:OS -eq "Windows_NT") { docker x }', 'windows: $env:OS -eq "Windows_NT"'],
    ['if ($env:OS -ne "Windows_NT") { docker x }', 'not windows: $env:OS -ne "Windows_NT"'],
    ["if ('Windows_NT' -ieq $env:os) { docker x }", "windows: 'Windows_NT' -ieq $env:os"],
    ['if ($env:OS -match "Windows") { docker x }', 'windows: $env:OS -match "Windows"'],
    ['if ($env:OS -like "Windows*") { } else { docker x }', 'not windows: $env:OS -like "Windows*"'],
    ["if ($PSVersionTable.Platform -eq 'Unix') { docker x }", "unix: $PSVersionTable.Platform -eq 'Unix'"],
    ["if ($PSVersionTable.Platform -eq 'Win32NT') { docker x }", "windows: $PSVersionTable.Platform -eq 'Win32NT'"],
    ["if ($PSVersionTable.Platform -ne 'Win32NT') { docker x }"],
    ["if ($PSVersionTable.PSEdition -eq 'Desktop') { docker x }", "windows: $PSVersionTable.PSEdition -eq 'Desktop'"],
    ['if ([Environment]::OSVersion.Platform -eq "Win32NT") { docker x }', 'windows: [Environment]::OSVersion.Platform -eq "Win32NT"'],
    ['if ([System.Environment]::OSVersion.Platform -eq [System.PlatformID]::Unix) { docker x }', 'unix: [System.Environment]::OSVersion.Platform -eq [System.PlatformID]::Unix'],
    ['if ($IsWindows -eq $true) { docker x }', 'windows: $IsWindows'],
    ['if ($IsWindows -eq $false) { docker x }', 'not windows: $IsWindows'],
    ['if ($IsWindows -and $a) { docker x }', 'windows: $IsWindows'],
    ['if ($IsWindows -and $a) { } else { docker x }'],
    ['if ($IsWindows -or $a) { docker x }'],
    ['if ($IsWindows -or $a) { } else { docker x }', 'not windows: $IsWindows'],
    ['if ($IsLinux -or $IsMacOS) { docker x }'],
    ['if ($IsLinux -or $IsMacOS) { exit }; docker x', 'not linux: $IsLinux', 'not darwin: $IsMacOS'],
    ['if ($IsWindows -or $env:OS -eq "Windows_NT") { docker x }', 'windows: $IsWindows'],
    ['switch ($true) { $IsLinux { docker x } }', 'linux: $IsLinux'],
    ["switch ($PSVersionTable.Platform) { 'Unix' { docker x } }", "unix: 'Unix'"],
    ['if ($IsLinux) { function F { docker x } }', 'linux: $IsLinux'],
    ['if ($x -eq "Windows_NT") { docker x }'],
    ['if ([RuntimeInformation]::IsOSPlatform([OSPlatform]::Linux)) { docker x }', 'linux: [RuntimeInformation]::IsOSPlatform([OSPlatform]::Linux)']
  ])('%s', (source, ...expected) => expect(guards(source)).toEqual(expected))

  it('reach nested scripts', () => {
    expect(read('if ($IsLinux) { iex "docker x" }').nested[0]!.guards.map(({ os }) => os)).toEqual(['linux'])
  })
})

describe('comments', () => {
  it('are all returned, with their markers', () => {
    const source = '# a\ndocker x `\n  # b\n  y <# c #> z # d\nif ($a) { } # e\n# f\nelse { } "# no" \'# no\' no#no'
    expect(read(source).comments.map(({ value }) => value)).toEqual(['# a', '# b', '<# c #>', '# d', '# e', '# f'])
  })
})

describe('problems', () => {
  test.each([
    ['if ($a { }\ndocker ps'],
    ['$a = \n"x" y\ndocker ps'],
    ['docker x "\ndocker ps'],
    ["docker x @'y\ndocker ps"],
    ['<# x\ndocker ps'],
    ['foreach $a in $b { }\ndocker ps'],
    ['$a = @{ b c }\ndocker ps'],
    ['} )\ndocker ps'],
    ['[int\ndocker ps'],
    ['function { }\ndocker ps'],
    ['$x = "a\n$y = 1\ndocker ps'],
    ['$a b c\ndocker ps'],
    ['if ($a) { } else if ($b) { }\ndocker ps']
  ])('after %j the rest is read', source => {
    const { problems } = read(source)
    for (const { range: [start, end] } of problems) expect(0 <= start && start <= end && end <= source.length).toBe(true)
    expect(problems.length).toBeGreaterThan(0)
    expect(docker(source).some(words => words[1] === 'ps')).toBe(true)
  })

  it.each([['docker x ⟦"⟧y'], ['docker ⟦,⟧ x'], ['docker x ⟦$(⟧ y'], ['$a ⟦b⟧'], ['a\n⟦}⟧\nb'], ['⟦{⟧ a']])('%s', marked => {
    const source = marked.replace(/[⟦⟧]/g, '')
    const [problem] = read(source).problems
    expect(problem && source.slice(...problem.range)).toBe(marked.slice(marked.indexOf('⟦') + 1, marked.indexOf('⟧')))
  })

  it('are few for what is nested too deep', () => {
    for (const open of ['@{a=', '$(', '"$(', '(', '{', '[int]', '!', '$a.b(', 'if ($a) {', '$a = ']) {
      expect(() => read(open.repeat(50_000))).not.toThrow()
    }
  })
})

describe('a command line of Windows', () => {
  test.each<[string, ...string[]]>([
    ['a  b\tc', 'a', 'b', 'c'],
    ['"a b" c"d e"f', 'a b', 'cd ef'],
    ['a\\"b "c\\\\" d\\e', 'a"b', 'c\\', 'd\\e'],
    ['"a""b" ""', 'a"b', ''],
    ['']
  ])('%s', (source, ...expected) => expect(splitWindowsCommandLine(Text.file(source)).map(({ text }) => text.value)).toEqual(expected))
})

describe('properties', () => {
  const plain = fc.stringMatching(/^[a-z/_.]{1,8}$/).filter(word => !/^\.$|^\.[.0-9]/.test(word))
  const value = fc.stringMatching(/^[ -~]{0,12}$/)
  const single = (word: string): string => `'${word.replaceAll("'", "''")}'`
  const double = (word: string): string => `"${word.replace(/[`"$]/g, '`$&').replace(/\{\{/g, '{`{')}"`
  const escaped = (word: string): string => word.replace(/[^a-z0-9]/g, '`$&')
  const written = value.filter(word => !word.includes('{{'))

  it('quoting a word in any way does not change it', () => {
    fc.assert(fc.property(written, word => {
      const ways = [single(word), double(word), ...(/^\S/.test(word) ? [escaped(word)] : [])]
      for (const way of ways) expect(all(`docker ${way} end`)).toEqual([['docker', word, 'end']])
      for (const way of ways) expect(all(`docker --x=${way} end`)).toEqual([['docker', `--x=${word}`, 'end']])
    }))
  })

  it('every character of a known word is where its range says', () => {
    fc.assert(fc.property(fc.array(fc.oneof(plain, written.map(single))), words => {
      const source = ['docker', ...words].join(' ')
      for (const { text } of read(source).commands[0]!.words) {
        for (let at = 0; at < text.value.length; at++) {
          const written = source.slice(...text.range(at, at + 1))
          expect([text.value[at], text.value[at]! + text.value[at]!]).toContain(written)
        }
      }
    }))
  })

  it('a script in another text has its ranges in the outermost file', () => {
    fc.assert(fc.property(fc.array(plain, { minLength: 1 }), words => {
      const file = `run: |\n    docker x\n    docker ${words.join(' ')}\n`
      const lines = [...file.matchAll(/ {4}(.*\n)/g)]
      const text = Text.file(file).decode(lines.map(line => [line[1]!, line.index + 4, line.index + line[0].length]), [7, file.length])
      const { commands } = readPowerShell(text)
      expect(commands[1]!.words.map(word => file.slice(...word.text.whole))).toEqual(['docker', ...words])
    }))
  })

  it('always ends, and stays within the file', () => {
    const seeds = [
      '$a = @("run", "x"); if ($b) { $a += \'y\' } else { return }; docker @a --z="$(a "b")" `\n c | % { $_ } # d',
      'function F($a = 1) { switch -regex ($a) { "x" { docker y } default { } } try { } catch [a] { } }',
      'iex ("docker {0}" -f $x); @{ a = b; c = @"\n$d\n"@ } ; [a[]]::b($c, 1)[0].d; docker ${{ x }} --% y "z',
      "class A : B { [int] $c = 1; D() { } }; for ($i = 0; $i -lt 1; $i++) { } <# e #> '' -join ''"
    ]
    const mutant = fc.tuple(fc.constantFrom(...seeds), fc.array(fc.tuple(fc.nat(), fc.nat(6), fc.constantFrom('', '"', "'", '$(', '@{', '{', '}', ')', '(', '`', '\n', '@"\n', '\n"@', '|', '[', '&', ',', '-', '{{', '#', '<#')), { maxLength: 8 }))
    fc.assert(fc.property(mutant, ([seed, changes]) => {
      const source = changes.reduce((text, [at, length, insert]) => text.slice(0, at % (text.length + 1)) + insert + text.slice(at % (text.length + 1) + length), seed)
      const { commands, nested, problems, comments } = read(source)
      const texts = [...commands.flatMap(({ words }) => words.map(({ text }) => text)), ...nested.map(({ text }) => text), ...comments]
      const ranges = [...commands.map(({ range }) => range), ...problems.map(({ range }) => range), ...texts.map(({ whole }) => whole), ...nested.flatMap(({ holes }) => holes)]
      for (const [start, end] of ranges) if (!(0 <= start && start <= end && end <= source.length)) throw new Error(`${start}..${end}`)
      for (const word of commands.flatMap(({ words }) => words)) for (const [start, end] of word.holes ?? []) if (!(start <= end && end <= word.text.value.length)) throw new Error('hole')
      for (const comment of comments) if (source.slice(...comment.whole) !== comment.value) throw new Error('comment')
    }), { numRuns: Number(process.env['FUZZ_RUNS'] ?? 1500) })
  }, 600_000)

  it('takes time in proportion to the script', () => {
    const inputs = ['docker run --network host "a $b c" `x;'.repeat(27_000), '"$("'.repeat(10_000), "$a += 'x'\n".repeat(20_000), 'if (!$IsWindows) { exit }\n'.repeat(10_000)]
    for (const source of inputs) {
      const start = performance.now()
      read(source)
      expect(performance.now() - start).toBeLessThan(10_000)
    }
  }, 60_000)
})
