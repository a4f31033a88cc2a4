import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import typescript from 'typescript-eslint';

const MESSAGE = 'Take the text from the message catalogue (#lib/i18n).';

export default typescript.config(
  { ignores: ['.svelte-kit/', 'src/lib/api/schema.d.ts'] },
  js.configs.recommended,
  ...typescript.configs.strict,
  ...svelte.configs.recommended,
  { languageOptions: { globals: { ...globals.browser } } },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: typescript.parser } },
  },
  {
    rules: {
      // The type checker sees undefined names, and knows the DOM's types.
      'no-undef': 'off',
      // The pages are always served from the root of their own origin.
      'svelte/no-navigation-without-resolve': 'off',
      // Every word on a page comes from the message catalogue.
      'no-restricted-syntax': [
        'error',
        { selector: 'SvelteElement > SvelteText[value=/[A-Za-z]{2}/]', message: MESSAGE },
        {
          selector:
            'SvelteAttribute[key.name=/^(aria-label|alt|title|placeholder|label)$/] > SvelteLiteral[value=/[A-Za-z]/]',
          message: MESSAGE,
        },
      ],
    },
  },
);
