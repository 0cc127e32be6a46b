import { defineRule } from '../src/rule.ts'

export default defineRule({
  id: 'unsupported-dockerfile-instruction',
  title: 'Dockerfile instructions that do not work on Windows'
})
