// Other programs that read the same files: `npm run bench -- --peers`. They are installed into a folder of the bench's own, when asked for.
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const packages = ['dclint@3', 'eslint@9', 'eslint-plugin-yml@1', 'ajv-cli@5', 'prettier@3', 'dockerfilelint@1', 'dockerfile-utils@0.16', 'oxlint@1']

const run = (command, args, options) => spawnSync(command, args, { encoding: 'utf8', timeout: 300_000, ...options })

/**
 * Peers that can be had here, as `{ name, input, command }`; those that cannot are named on standard error.
 * `input` is what they read: `compose`, `docker`, `bash`, `javascript`, or `many` compose files; `folders` has a folder of each.
 */
export function installPeers(folder, folders, schema) {
  return [...npmPeers(folder, folders, schema), ...debianPeers(folder, folders)]
}

function npmPeers(folder, folders, schema) {
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }')
  const { status, stderr } = run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', ...packages], { cwd: folder })
  if (status !== 0) {
    process.stderr.write(`bench: no peers from npm: ${stderr.split('\n')[0]}\n`)
    return []
  }
  writeFileSync(join(folder, 'eslint.config.js'), "import yml from 'eslint-plugin-yml'\nexport default [...yml.configs['flat/recommended']]\n")
  // Reads each Dockerfile and has it checked, in one process: its own command takes one file at a time.
  writeFileSync(join(folder, 'validate.mjs'), "import { readdirSync, readFileSync } from 'node:fs'\nimport { join } from 'node:path'\nimport { validate } from 'dockerfile-utils'\nfor (const path of readdirSync(process.argv[2], { recursive: true }).filter(name => name.includes('Dockerfile'))) validate(readFileSync(join(process.argv[2], path), 'utf8'))\n")
  const manifest = name => JSON.parse(readFileSync(join(folder, 'node_modules', name, 'package.json'), 'utf8'))
  const peer = (name, input, args, file) => {
    const { version, bin } = manifest(name)
    const program = file ?? join('node_modules', name, typeof bin === 'string' ? bin : Object.values(bin)[0])
    return { name: `${name} ${version}`, input, command: [process.execPath, program, ...args] }
  }
  const eslint = (folder, input) => peer('eslint', input, ['--no-config-lookup', '--config', 'eslint.config.js', `${folder}/**/*.yaml`])
  const ajv = (folder, input) => peer('ajv-cli', input, ['validate', '--strict=false', '-s', schema, '-d', `${folder}/**/*.yaml`])
  return [
    eslint(folders.many, 'many'),
    ajv(folders.many, 'many'),
    peer('dclint', 'compose', ['-r', folders.compose]),
    eslint(folders.compose, 'compose'),
    ajv(folders.compose, 'compose'),
    peer('prettier', 'compose', ['--check', '--no-config', '--log-level', 'silent', folders.compose]),
    peer('dockerfilelint', 'docker', folders.dockerfiles),
    peer('dockerfile-utils', 'docker', [folders.docker], 'validate.mjs'),
    peer('oxlint', 'javascript', [folders.javascript])
  ]
}

/** Programs of Debian: unpacked beside the others, not installed. */
function debianPeers(folder, folders) {
  const python = ['env', `PYTHONPATH=${join(folder, 'usr/lib/python3/dist-packages')}`, 'python3', '-m', 'yamllint']
  return [
    ...debianPeer('yamllint', ['yamllint', 'python3-yaml', 'python3-pathspec'], python, 'compose', ['-d', 'relaxed', folders.compose], folder),
    ...debianPeer('shellcheck', ['shellcheck'], [join(folder, 'usr/bin/shellcheck')], 'bash', folders.scripts, folder)
  ]
}

function debianPeer(name, packages, program, input, args, folder) {
  run('apt-get', ['download', ...packages], { cwd: folder })
  run('bash', ['-c', 'for package in *.deb; do dpkg-deb -x "$package" . && rm "$package"; done'], { cwd: folder })
  const { status, stdout } = run(program[0], [...program.slice(1), '--version'], { cwd: folder })
  if (status === 0) return [{ name: `${name} ${/\d+\.\d+(\.\d+)?/.exec(stdout)?.[0]}`, input, command: [...program, ...args] }]
  process.stderr.write(`bench: ${name} cannot be had from Debian's packages here\n`)
  return []
}
