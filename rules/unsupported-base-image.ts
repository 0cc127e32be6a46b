import { defineRule } from '../src/rule.ts'

export default defineRule({
  id: 'unsupported-base-image',
  title: 'Base image of another Windows'
})
