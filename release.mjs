// Tags what pre-commit and GitHub take from git: `npm run release -- v1.2.3`.
//
// Neither can build porthole: pre-commit installs from the tag without development dependencies and trips over build
// scripts, and GitHub runs what is in the tag as it is. So the tag is a commit of its own, a child of the commit it is
// built from, that holds the package as npm publishes it, without scripts and dependencies, and the two manifests. The
// branch stays free of what is built.
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const manifests = ['.pre-commit-hooks.yaml', 'action.yml']

const isWindows = process.platform === 'win32'
const run = (program, args, options = {}) => execFileSync(program, args, { encoding: 'utf8', shell: isWindows && program === 'npm', ...options }).trim()

/** The package as npm publishes it, in a folder. */
function unpackPackage(folder) {
  const [{ filename }] = JSON.parse(run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder]))
  execFileSync('tar', ['-xzf', filename], { cwd: folder })
  rmSync(join(folder, filename))
  return join(folder, 'package')
}

/** A package.json with nothing to build and nothing to install. */
function withoutBuild(text) {
  const { scripts: _, devDependencies: __, ...rest } = JSON.parse(text)
  return `${JSON.stringify(rest, null, 2)}\n`
}

/** A commit of what is in a folder, and nothing else. */
function commitOf(folder, message) {
  const env = { ...process.env, GIT_DIR: run('git', ['rev-parse', '--absolute-git-dir']), GIT_INDEX_FILE: join(folder, '..', 'index'), GIT_WORK_TREE: folder }
  run('git', ['add', '--all', '--force', '.'], { cwd: folder, env })
  const tree = run('git', ['write-tree'], { cwd: folder, env })
  return run('git', ['commit-tree', tree, '-p', 'HEAD', '-m', message])
}

function release(tag) {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'))
  if (tag !== `v${version}`) throw new Error(`name the tag of package.json's version: npm run release -- v${version}`)
  if (run('git', ['status', '--porcelain']) !== '') throw new Error('there are changes that are not committed')
  const folder = mkdtempSync(join(tmpdir(), 'porthole-release-'))
  try {
    const content = unpackPackage(folder)
    const packageFile = join(content, 'package.json')
    writeFileSync(packageFile, withoutBuild(readFileSync(packageFile, 'utf8')))
    for (const name of manifests) copyFileSync(name, join(content, name))
    const commit = commitOf(content, `porthole ${version}, built from ${run('git', ['rev-parse', 'HEAD'])}`)
    run('git', ['tag', tag, commit])
    process.stdout.write(`${tag} is ${commit}; publish it with: git push origin ${tag}\n`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

try {
  release(process.argv[2])
} catch (error) {
  process.stderr.write(`release: ${error.stderr ?? error.message}\n`)
  process.exitCode = 1
}
