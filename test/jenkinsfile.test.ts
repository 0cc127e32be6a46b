import { describe, expect, it } from 'vitest'
import jenkinsfile from '../src/languages/jenkinsfile.ts'
import { Embedding } from './embedding.ts'

const pipelines = new Embedding(jenkinsfile, 'ci/Jenkinsfile')
const stage = (body: string, agent = 'any'): string => `pipeline {\n  agent ${agent}\n  stages {\n    stage('a') {\n      steps {\n        ${body}\n      }\n    }\n  }\n}\n`

const nestings: (readonly [string, string])[] = [
  ['sh', stage("sh 'docker run ⟦--network host⟧ x'")],
  ['sh, called', stage('sh("docker run ⟦--network host⟧ x")')],
  ['sh with names', stage("sh(returnStdout: true, script: 'docker run ⟦--network host⟧ x').trim()")],
  ['sh with names, without brackets', stage("def a = sh script: 'docker run ⟦--network host⟧ x', returnStdout: true")],
  ['sh on lines', stage("sh '''\n          set -e\n          docker run \\\\\n            ⟦--network host⟧ x\n        '''")],
  ['sh on lines, joined', stage('sh """docker run \\\n          ⟦--network host⟧ ${IMAGE}\n          docker run ⟦--network host⟧ $image.name"""')],
  ['escapes', stage('sh "docker run ⟦--network \\"host\\"⟧ x; docker run ⟦--net\\u0077ork host⟧ \\$A"')],
  ['bat', stage("bat 'docker run -v %CD%:C:\\\\a ⟦--network host⟧ x'")],
  ['powershell', stage("powershell 'docker run `\n ⟦--network host⟧ x'".replace('`\n', "'").replace("'docker run ' ", "'docker run "))],
  ['pwsh on lines', stage("pwsh '''\n          docker run `\n            ⟦--network host⟧ x\n        '''")],
  ['joined strings', stage("sh 'docker run ' + '⟦--network host⟧ ' + env.IMAGE")],
  ['joined with what is computed', stage("sh 'docker run -e A=' + a.b + ' ⟦--network host⟧ x'")],
  ['a shell in the shell', stage(`sh "bash -c 'docker run ⟦--network host⟧ x'"`)],
  ['branches', stage("script { if (isUnix()) { sh 'docker run --network host x' } else { bat 'docker run ⟦--network host⟧ x' } }")],
  ['branches on lines', stage("script {\n if (!isUnix())\n {\n bat 'docker run ⟦--network host⟧ x'\n }\n else {\n sh 'docker run --network host x'\n }\n sh 'docker run ⟦--network host⟧ x'\n}")],
  ['branches without braces', stage("script { if (isUnix()) sh 'docker run --network host x'\n else bat 'docker run ⟦--network host⟧ x' }")],
  ['an agent', stage("bat 'docker run ⟦--network host⟧ x'", "{ label 'windows && docker' }")],
  ['a node', "node('windows') {\n  bat 'docker run ⟦--network host⟧ x'\n}\n"],
  ['after a comment', stage("// sh 'docker run --network host x'\n        /* it's */ sh 'docker run ⟦--network host⟧ x'")]
]

describe('pipelines of Jenkins', () => {
  it.each(nestings)('%s', async (_, marked) => {
    expect(await pipelines.marked(marked)).toBe(marked)
    const crlf = marked.replaceAll('\n', '\r\n')
    expect(await pipelines.marked(crlf)).toBe(crlf)
  })

  it.each([
    ['comments', stage("// sh 'docker run --network host x'\n/* sh 'docker run --network host x' */")],
    ['messages', stage("echo 'docker run --network host x'\nerror \"docker run --network host x\"")],
    ['an agent for Linux', stage("sh 'docker run --network host x'", "{ label 'linux' }")],
    ['a node for Linux', "node('linux') { sh 'docker run --network host x' }"],
    ['what is computed', stage('sh "docker run --network ${NET} x"\nsh "docker run --network " + net + " x"\nsh "docker run --name " + options')],
    ['a function', "def sh(a) { echo 'docker run --network host x' }\n"]
  ])('not %s', async (_, source) => {
    expect(await pipelines.found(source)).toEqual([])
  })

  it('knows what an agent is for', async () => {
    const step = "bat 'docker run --network host x'"
    expect((await pipelines.lint(stage(step, "{ label 'win-2022' }"), { platform: 'auto' })).diagnostics).toHaveLength(1)
    expect((await pipelines.lint(stage(step, "{ label 'windows || linux' }"), { platform: 'auto' })).diagnostics).toHaveLength(0)
    expect((await pipelines.lint(stage(step), { platform: 'auto' })).diagnostics).toHaveLength(0)
  })
})
