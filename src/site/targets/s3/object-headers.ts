import type { TargetHeaders } from '../target.ts';

/** Which field of the SDK is which header. */
const FIELD_OF_HEADER = {
  'content-type': 'ContentType',
  'cache-control': 'CacheControl',
  'content-encoding': 'ContentEncoding',
  'content-disposition': 'ContentDisposition',
  'content-language': 'ContentLanguage',
  // The website of a bucket answers with 301 for it.
  location: 'WebsiteRedirectLocation',
} as const;

/** The headers that S3 keeps with an object. */
export const S3_HEADERS: readonly string[] = Object.keys(FIELD_OF_HEADER);

type Field = (typeof FIELD_OF_HEADER)[keyof typeof FIELD_OF_HEADER];

/** Headers as the SDK names them. */
export type HeaderFields = { readonly [Name in Field]?: string | undefined };

/** The fields of headers. */
export function fieldsOf(headers: TargetHeaders): { [Name in Field]?: string } {
  const fields: { [Name in Field]?: string } = {};
  for (const [name, field] of Object.entries(FIELD_OF_HEADER)) {
    const value = headers[name];
    if (value !== undefined) fields[field] = value;
  }
  return fields;
}

/** The headers that fields stand for. */
export function headersOf(fields: HeaderFields): TargetHeaders {
  const headers: Record<string, string> = {};
  for (const [name, field] of Object.entries(FIELD_OF_HEADER)) {
    const value = name === 'content-encoding' ? withoutChunks(fields[field]) : fields[field];
    if (value !== undefined && value !== '') headers[name] = value;
  }
  return headers;
}

/** Some services keep what only said how an upload was sent. */
function withoutChunks(value: string | undefined): string | undefined {
  return value?.replace(/^aws-chunked(?:,\s*|$)/, '');
}
