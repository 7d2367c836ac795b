import type { ServerResponse } from 'node:http';

/** An answer of the JSON API that is an error. */
export class Refusal extends Error {
  readonly status: number;
  readonly reason: string;

  constructor(status: number, reason: string, message: string) {
    super(message);
    this.status = status;
    this.reason = reason;
  }
}

/**
 * An error as Google words it.
 *
 * @param reason - `notFound`, `conditionNotMet`, …
 */
export function refusal(status: number, reason: string, message: string): Refusal {
  return new Refusal(status, reason, message);
}

/** Sends an error in the form of the JSON API. */
export function sendRefusal(response: ServerResponse, { status, reason, message }: Refusal): void {
  sendJson(response, status, {
    error: { code: status, message, errors: [{ message, domain: 'global', reason }] },
  });
}

export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response
    .writeHead(status, { 'content-type': 'application/json; charset=UTF-8' })
    .end(JSON.stringify(value));
}
