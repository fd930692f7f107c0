import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

export default defineConfig(
  globalIgnores(['dist/', 'coverage/', 'src/contract/openapi.ts', 'test/clients/*/']),
  // A rule that does not fit is changed here, with its reason, not switched off where it complains.
  { linterOptions: { noInlineConfig: true } },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // A number reads the same in a template as it does through String().
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // `(x) => next(x)` and `return reject(e)` say "and that is all" in one line.
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      // Express 5 awaits its handlers and passes on what they throw.
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false } }],
      // A handler is `async` whether or not it waits: what it throws is then a rejection.
      '@typescript-eslint/require-await': 'off',
      // Brackets say that a name comes from outside and may be missing.
      '@typescript-eslint/dot-notation': ['error', { allowIndexSignaturePropertyAccess: true }],
      // Express counts parameters, and callbacks have an order.
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      eqeqeq: 'error',
    },
  },
  {
    files: ['console/**/*.js'],
    rules: {
      // tsc knows the browser's names (tsconfig.console.json).
      'no-undef': 'off',
      eqeqeq: 'error',
    },
  },
  {
    files: ['test/**/*.ts', 'bench/**/*.ts'],
    rules: {
      // In a test, what is not there fails the test.
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    files: ['test/**/*.ts'],
    ignores: ['test/**/*.mocked.test.ts'],
    rules: {
      // Elsewhere it does nothing: see vitest.config.ts.
      'no-restricted-properties': [
        'error',
        { object: 'vi', property: 'mock', message: 'Name the file *.mocked.test.ts' },
      ],
    },
  },
);
