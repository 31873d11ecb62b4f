import js from '@eslint/js';
import globals from 'globals';
import tseslint from 'typescript-eslint';
import vue from 'eslint-plugin-vue';
import vueParser from 'vue-eslint-parser';

/** Refuses imports, saying what to do instead. `from` are path fragments that must not be imported. */
function mayNotImport(files, from, message) {
  const group = from.map((folder) => `**/${folder}/**`);
  return { files, rules: { 'no-restricted-imports': ['error', { patterns: [{ group, message }] }] } };
}

const stages = ['collectors', 'event-log', 'detection', 'store', 'api', 'feed', 'registry', 'access'];
const everyFolderBut = (...names) => stages.filter((name) => !names.includes(name));

export default tseslint.config(
  { ignores: ['node_modules', 'data', 'dashboards/dist', 'test/.cache', 'coverage'] },
  js.configs.recommended,
  {
    files: ['**/*.ts', '**/*.vue'],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, extraFileExtensions: ['.vue'] } },
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off', // hot loops index arrays whose length they have just read
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/no-unnecessary-condition': 'off', // disagrees with data that comes from outside
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      'no-console': 'error',
      'no-restricted-properties': [
        'error',
        {
          object: 'process',
          property: 'env',
          message: 'Only src/config.ts reads the environment; take a config value.',
        },
      ],
    },
  },
  ...vue.configs['flat/recommended'],
  {
    files: ['**/*.vue'],
    languageOptions: {
      parser: vueParser,
      parserOptions: { parser: tseslint.parser, projectService: true, extraFileExtensions: ['.vue'] },
      globals: globals.browser,
    },
    rules: {
      'vue/no-v-html': 'error',
      'vue/max-attributes-per-line': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      'vue/html-self-closing': 'off',
      'vue/html-indent': 'off',
      'vue/html-closing-bracket-newline': 'off',
      'vue/multi-word-component-names': 'off',
    },
  },
  { files: ['src/config.ts', 'test/**/*.ts'], rules: { 'no-restricted-properties': 'off' } },
  { files: ['src/main.ts', 'src/up.ts', 'src/start.mjs', 'demo/**', 'test/**'], rules: { 'no-console': 'off' } },
  { files: ['**/*.js', '**/*.mjs'], languageOptions: { globals: globals.node } },
  mayNotImport(
    ['src/event/**', 'src/finding/**'],
    stages,
    'event and finding are the vocabulary: they import nothing else of ours.',
  ),
  ...['collectors', 'event-log', 'store', 'api', 'feed'].map((stage) =>
    mayNotImport(
      [`src/${stage}/**`],
      ['collectors', 'event-log', 'store', 'api', 'feed'].filter((other) => other !== stage),
      'Stages do not import each other: take an interface in the constructor and let src/wiring.ts connect them.',
    ),
  ),
  {
    files: ['src/verifier/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '^(?!node:|\\./)',
              message: 'The verifier shares no code with what it checks: Node.js and its own files only.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['detectors/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: everyFolderBut('detection').map((folder) => `**/${folder}/**`),
              message: 'A detector imports only detection, event and finding.',
            },
            { group: ['node:*', 'fs', 'fs/*', 'net', 'http', 'crypto'], message: 'A detector does no I/O.' },
          ],
        },
      ],
      'no-restricted-globals': [
        'error',
        { name: 'process', message: 'A detector sees only the event, the registry and its settings.' },
        { name: 'fetch', message: 'A detector does no I/O.' },
        { name: 'setTimeout', message: 'A detector sees only event time.' },
        { name: 'setInterval', message: 'A detector sees only event time.' },
        { name: 'performance', message: 'A detector sees only event time.' },
        { name: 'crypto', message: 'A detector is deterministic.' },
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'A detector sees only event time.' },
        { object: 'Math', property: 'random', message: 'A detector is deterministic.' },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: 'Program > VariableDeclaration[kind="let"]', message: 'A detector keeps state only in its State.' },
        {
          selector: 'NewExpression[callee.name="Date"][arguments.length=0]',
          message: 'A detector sees only event time.',
        },
      ],
    },
  },
);
