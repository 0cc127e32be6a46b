import rules from '../rules/index.ts'
import rows from '../rules/matrix.json' with { type: 'json' }
import ansible from './languages/ansible.ts'
import compose from './languages/compose.ts'
import daemonJson from './languages/daemon-json.ts'
import devcontainer from './languages/devcontainer.ts'
import dockerfile from './languages/dockerfile.ts'
import javascript from './languages/javascript.ts'
import jenkinsfile from './languages/jenkinsfile.ts'
import makefile from './languages/makefile.ts'
import { markdown } from './languages/markdown.ts'
import packageJson from './languages/package-json.ts'
import { shellScript } from './languages/shell-script.ts'
import workflow from './languages/workflow.ts'
import type { Knowledge } from './linter.ts'
import { Matrix, type Row } from './matrix.ts'

/** Notations that Markdown shows in fenced blocks, beside the shells. */
const documentation = markdown([
  { names: ['yaml', 'yml'], path: 'block.yaml', language: compose },
  { names: ['dockerfile', 'docker', 'containerfile'], path: 'Dockerfile', language: dockerfile },
  { names: ['js', 'javascript', 'jsx', 'mjs', 'cjs'], path: 'block.js', language: javascript },
  { names: ['ts', 'typescript', 'tsx'], path: 'block.ts', language: javascript }
])

/** All that porthole knows: the support matrix, the rules, and the notations it reads, the more particular first. */
export const knowledge: Knowledge = {
  matrix: new Matrix(rows as unknown as readonly Row[]),
  rules,
  languages: [daemonJson, packageJson, devcontainer, workflow, compose, dockerfile, ansible, shellScript('bash'), shellScript('powershell'), shellScript('cmd'), documentation, makefile, jenkinsfile, javascript]
}
