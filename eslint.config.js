import tseslint from 'typescript-eslint'

export default tseslint.config(
  { ignores: ['**/dist', '**/node_modules', 'src/generated', '**/*.mjs', 'examples'] },
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
  }
)
