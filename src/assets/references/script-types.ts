/** What a `<style>` or `<script>` holds. */
export type InlineLanguage = 'css' | 'javascript' | 'import-map';

/** The essences of JavaScript's media types, those of old among them (WHATWG MIME Sniffing §4.6); "module" is one too. */
const JAVASCRIPT_TYPE =
  /^(?:module|(?:application|text)\/(?:x-)?(?:java|ecma)script|text\/(?:javascript1\.[0-5]|jscript|livescript))?$/i;

/** The language of what stands in an element, where a browser reads it (HTML Living Standard §4.2.6, §4.12.1). */
export function inlineLanguage(
  element: string,
  attributes: ReadonlyMap<string, string>,
): InlineLanguage | undefined {
  if (element === 'style') return isCssType(attributes.get('type')) ? 'css' : undefined;
  if (element !== 'script' || attributes.has('src')) return undefined;
  if (scriptType(attributes).toLowerCase() === 'importmap') return 'import-map';
  return isJavaScript(attributes) ? 'javascript' : undefined;
}

/** Whether a `<style>`, or a `<link>` to a stylesheet, of this type is CSS. */
export function isCssType(type = ''): boolean {
  return type === '' || type.toLowerCase() === 'text/css';
}

/** Whether a browser runs a `<script>`; all else is data. */
export function isJavaScript(attributes: ReadonlyMap<string, string>): boolean {
  return JAVASCRIPT_TYPE.test(scriptType(attributes));
}

function scriptType(attributes: ReadonlyMap<string, string>): string {
  const language = attributes.get('language') ?? '';
  const type = attributes.get('type') ?? (language === '' ? '' : `text/${language}`);
  return type.trim();
}
