import { failure, type Failure } from './attempts.ts';

/** Codes of Node, of its `fetch`, and of the SDKs' own clients, for connections that break. */
const BROKEN = [
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'ESOCKETTIMEDOUT',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'EAI_AGAIN',
  'ERR_STREAM_PREMATURE_CLOSE',
  'UND_ERR_SOCKET',
  'REQUEST_SEND_ERROR',
];

const CERTIFICATES = /CERT|SELF_SIGNED|UNABLE_TO_(?:GET|VERIFY)|ERR_TLS|EPROTO/;

/**
 * Explains that a target could not be reached.
 *
 * @param host - what was to be reached
 * @returns `undefined` for an error that is none of the network
 */
export function networkFailure(error: unknown, name: string, host: string): Failure | undefined {
  const code = networkCode(error);
  if (code === undefined) return undefined;
  const unreached = (what: string, passes: boolean): Failure =>
    failure('network', `Cannot reach ${name}: ${what}`, passes);
  if (code === 'ENOTFOUND')
    return unreached(
      `there is no host "${host}". Check its name, and your connection to the network.`,
      false,
    );
  if (code === 'ECONNREFUSED')
    return unreached(`nothing listens at "${host}" (${code}). Check the address and its port.`, false);
  if (CERTIFICATES.test(code))
    return unreached(
      `the certificate of "${host}" is not trusted (${code}). Check the address; behind a proxy that reads along, name its certificate in NODE_EXTRA_CA_CERTS.`,
      false,
    );
  if (code === 'TIMEOUT')
    return unreached(`"${host}" does not answer. Check your connection to the network, and try again.`, true);
  return unreached(
    `the connection to "${host}" broke (${code}). Check your connection, and try again.`,
    true,
  );
}

/** The code of an error of the network, be it in the error or in one that caused it. */
function networkCode(error: unknown): string | undefined {
  for (
    let each: unknown = error, depth = 0;
    each instanceof Error && depth < 5;
    each = each.cause, depth += 1
  ) {
    const { code, type }: { readonly code?: unknown; readonly type?: unknown } = Object(each);
    // The SDK of AWS calls every broken connection a timeout, so its code counts more.
    const isBroken = typeof code === 'string' && BROKEN.includes(code);
    if (!isBroken && (each.name === 'TimeoutError' || each.name === 'AbortError')) return 'TIMEOUT';
    if (type === 'request-timeout' || type === 'body-timeout') return 'TIMEOUT';
    if (typeof code !== 'string') continue;
    if (code === 'ENOTFOUND' || code === 'ECONNREFUSED' || BROKEN.includes(code) || CERTIFICATES.test(code)) {
      // Told by an SDK for all of them: the reason is in the error behind it, if anywhere.
      if (code !== 'REQUEST_SEND_ERROR' || !(each.cause instanceof Error)) return code;
    }
  }
  return undefined;
}
