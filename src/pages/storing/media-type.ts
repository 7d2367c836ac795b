import { isUtf8 } from 'node:buffer';
import { STORED_TYPES, type StoredType } from '../rules/page-files.ts';

/** RFC 9110 §8.3.1: one parameter at most is understood, the charset. */
const CONTENT_TYPE = /^([a-z]+\/[a-z.+-]+)(?:;\s*charset="?([\w-]+)"?)?;?$/i;

/** Whether a media type is one of those that pages are stored with. */
export function isStoredType(type: string): type is StoredType {
  return Object.hasOwn(STORED_TYPES, type);
}

/**
 * The media type with which a page can be stored and served as UTF-8; `undefined` when it cannot be repeated: it is not
 * among {@link STORED_TYPES}, or has another charset, or another parameter.
 */
export function storedTypeOf(contentType: string | undefined): StoredType | undefined {
  const [, type = '', charset = 'utf-8'] = CONTENT_TYPE.exec(contentType ?? '') ?? [];
  const lowercase = type.toLowerCase();
  return isStoredType(lowercase) && /^utf-?8$/i.test(charset) ? lowercase : undefined;
}

/** Whether bytes are what a server may call UTF-8: an XML declaration could say otherwise. */
export function isUtf8Text(body: Buffer): boolean {
  const declared = /^\s*<\?xml[^>]*\sencoding=["']([^"']+)["']/.exec(body.toString('latin1', 0, 200))?.[1];
  return isUtf8(body) && (declared === undefined || /^(?:utf-?8|us-ascii)$/i.test(declared));
}
