import { quote } from '../../../core/text.ts';
import { TargetError } from '../target-error.ts';
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

const MOST_LOCATION_BYTES = 2048;

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

/**
 * Makes sure that S3 keeps a redirect.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html, `x-amz-website-redirect-location`
 * @param object - as messages name it
 * @throws {@link TargetError}
 */
export function requireShortLocation({ location = '' }: TargetHeaders, object: string): void {
  const bytes = Buffer.byteLength(location);
  if (bytes <= MOST_LOCATION_BYTES) return;
  throw new TargetError(
    'other',
    `${quote(object)} redirects to a URL of ${bytes} bytes, and S3 keeps ${MOST_LOCATION_BYTES}. Shorten it, or give s3Target() "redirects: false": then redirects are pages that lead on.`,
  );
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
