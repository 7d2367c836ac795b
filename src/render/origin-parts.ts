/** What a request has of the origin of a site. */
export interface OriginParts {
  readonly host: string;
  /** `http` or `https`. */
  readonly scheme: string;
  readonly isSecure: boolean;
  readonly port: number;
}

let last: { readonly origin: string; readonly parts: OriginParts } | undefined;

/** Takes an origin apart: mostly the same one as before. */
export function originParts(origin: string): OriginParts {
  if (last?.origin !== origin) last = { origin, parts: takeApart(origin) };
  return last.parts;
}

function takeApart(origin: string): OriginParts {
  const { host, protocol, port } = new URL(origin);
  const isSecure = protocol === 'https:';
  return {
    host,
    scheme: protocol.slice(0, -1),
    isSecure,
    port: port === '' ? (isSecure ? 443 : 80) : Number(port),
  };
}
