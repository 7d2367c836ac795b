import { Parser } from 'htmlparser2';

/** The value of an attribute, with its entities decoded (HTML Living Standard §13.2.5.72). */
export function attributeText(value: string): string {
  if (!value.includes('&')) return value;
  const plain = value.replaceAll('&amp;', '\0');
  // What decodes to more entities, such as `&amp;lt;`, is text.
  if (!plain.includes('&') && !value.includes('\0')) return plain.replaceAll('\0', '&');
  let text = '';
  const parser = new Parser({ onattribute: (_name, decoded) => (text = decoded) });
  parser.end(`<a b="${value.replaceAll('"', '&quot;')}">`);
  return text;
}
