import { createCssVariablesTheme, createHighlighter, createJavaScriptRegexEngine } from 'shiki';

/**
 * What the page's language is called, for the highlighter and for readers.
 *
 * @type {Map<string, { grammar: import('shiki').BundledLanguage, label: string }>}
 */
const languages = new Map([
  ['js', { grammar: 'javascript', label: 'JavaScript' }],
  ['cjs', { grammar: 'javascript', label: 'CommonJS' }],
  ['sh', { grammar: 'bash', label: 'Shell' }],
  ['nginx', { grammar: 'nginx', label: 'nginx' }],
  ['dockerfile', { grammar: 'docker', label: 'Dockerfile' }],
  ['ini', { grammar: 'ini', label: 'INI' }],
  ['yaml', { grammar: 'yaml', label: 'YAML' }],
]);

const theme = createCssVariablesTheme({ name: 'classes', variablePrefix: '--' });

/**
 * Opens the highlighter. Its HTML has classes and no styles of its own, as the site's Content-Security-Policy wants it.
 *
 * @returns {Promise<(code: string, words: string) => string>} Gives the HTML of a block, by its text and the words behind its fence.
 */
export async function openHighlighter() {
  const highlighter = await createHighlighter({
    themes: [theme],
    langs: [...new Set([...languages.values()].map(({ grammar }) => grammar))],
    engine: createJavaScriptRegexEngine(),
  });
  return (code, words) => {
    const [language = '', word = ''] = words.trim().split(/\s+/);
    const known = languages.get(language);
    // Without a limit of time: past it a line would be left without colours, and a page would be another one each time.
    const lines = known
      ? highlighter
          .codeToTokensBase(code.trimEnd(), { lang: known.grammar, theme, tokenizeTimeLimit: 0 })
          .map((tokens) => tokens.map(tokenHtml).join(''))
          .join('\n')
      : escapeHtml(code.trimEnd());
    // Other words say what the tests do with the block.
    const label = word.includes('.')
      ? `<span class="code-file">${escapeHtml(word)}</span>`
      : (known?.label ?? '');
    return `<figure class="code"><figcaption>${label}</figcaption><pre><code class="language-${language || 'text'}">${lines}\n</code></pre></figure>\n`;
  };
}

/**
 * @param {{ content: string, color?: string }} token Its colour is the name of a variable.
 * @returns {string}
 */
function tokenHtml({ content, color = '' }) {
  const [, kind] = /^var\(--token-([a-z]+)/.exec(color) ?? [];
  return kind ? `<span class="t-${kind}">${escapeHtml(content)}</span>` : escapeHtml(content);
}

/** @param {string} text */
function escapeHtml(text) {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
