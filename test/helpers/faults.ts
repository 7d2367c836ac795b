import type { IncomingMessage } from 'node:http';

/** The first fault that a rule names for a request. */
export async function firstFault<Request, Fault>(
  rules: readonly ((request: Request) => Fault | undefined | Promise<Fault | undefined>)[],
  request: Request,
): Promise<Fault | undefined> {
  for (const rule of rules) {
    const fault = await rule(request);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** The body of a request; `undefined` once more than a limit has arrived, or when the client gave up. */
export async function bodyOf(incoming: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  const pieces: Buffer[] = [];
  let length = 0;
  try {
    for await (const piece of incoming as AsyncIterable<Buffer>) {
      pieces.push(piece);
      length += piece.length;
      if (length > limit) return undefined;
    }
  } catch {
    return undefined;
  }
  return length >= limit ? undefined : Buffer.concat(pieces);
}
