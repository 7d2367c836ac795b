import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { S3Refusal } from './refusal.ts';

/** The only one that the server knows. */
export const CREDENTIALS = { accessKeyId: 'AKIASTRICT', secretAccessKey: 'strict/secret+key' } as const;

const SKEW_MILLISECONDS = 15 * 60 * 1000;

/**
 * Checks the signature of a request, of version 4.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 * @param now - the server's clock
 */
export function requireSignature(
  { method = 'GET', url = '/', headers }: IncomingMessage,
  body: Uint8Array,
  region: string,
  now: number,
): void {
  const [, key, date = '', signedRegion, names = '', signature = ''] =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(
      headers.authorization ?? '',
    ) ?? [];
  if (key === undefined) throw new S3Refusal(403, 'AccessDenied', 'Access Denied');
  if (key !== CREDENTIALS.accessKeyId)
    throw new S3Refusal(403, 'InvalidAccessKeyId', 'The access key does not exist in our records.');
  if (signedRegion !== region)
    throw new S3Refusal(
      400,
      'AuthorizationHeaderMalformed',
      `The authorization header is malformed; the region '${signedRegion}' is wrong; expecting '${region}'`,
      { Region: region },
    );
  const time = String(headers['x-amz-date']);
  const sent = Date.parse(time.replace(/^(....)(..)(..T..)(..)(..Z)$/, '$1-$2-$3:$4:$5'));
  if (!(Math.abs(now - sent) <= SKEW_MILLISECONDS))
    throw new S3Refusal(403, 'RequestTimeTooSkewed', 'The difference between the times is too large.', {
      ServerTime: new Date(now).toISOString(),
    });
  const payload = String(headers['x-amz-content-sha256']);
  if (payload !== 'UNSIGNED-PAYLOAD' && payload !== sha256(body))
    throw new S3Refusal(400, 'XAmzContentSHA256Mismatch', 'The hash does not match what was computed.');
  const { pathname, searchParams } = new URL(url, 'http://localhost');
  const query = [...searchParams]
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .toSorted()
    .join('&');
  const signed = names.split(';').map((name) => `${name}:${String(headers[name]).trim()}\n`);
  const request = [method, pathname, query, signed.join(''), names, payload].join('\n');
  const scope = `${date}/${region}/s3/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', time, scope, sha256(request)].join('\n');
  const signingKey = [date, region, 's3', 'aws4_request'].reduce<Buffer>(
    (each, part) => hmac(each, part),
    Buffer.from(`AWS4${CREDENTIALS.secretAccessKey}`),
  );
  if (!timingSafeEqual(hmac(signingKey, text), Buffer.from(signature, 'hex')))
    throw new S3Refusal(403, 'SignatureDoesNotMatch', 'The signature we calculated does not match.');
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
