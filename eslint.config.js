import regexp from 'eslint-plugin-regexp'
import tseslint from 'typescript-eslint'

export default tseslint.config(
  { ignores: ['**/dist', '**/node_modules', 'src/generated', '**/*.mjs', 'examples', 'test/fuzz/seed', 'fuzz-failures'] },
  ...tseslint.configs.recommended,
  {
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // Characters below the blank are what readers of text look for.
      'no-control-regex': 'off',
      eqeqeq: 'error',
      'no-console': 'error',
      'prefer-const': 'error'
    }
  },
  {
    // What we are given to read may be meant to cost much: no expression takes more than linear time.
    files: ['src/**', 'rules/**'],
    plugins: { regexp },
    rules: {
      'regexp/no-super-linear-backtracking': ['error', { report: 'potential' }],
      'regexp/no-super-linear-move': ['error', { report: 'potential', ignoreSticky: true }]
    }
  }
)
