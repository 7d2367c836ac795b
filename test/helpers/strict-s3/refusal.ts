import type { ServerResponse } from 'node:http';

/** An answer of S3 that is an error. */
export class S3Refusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly details: Readonly<Record<string, string>>;

  constructor(status: number, code: string, message: string, details: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = details;
  }
}

/** Sends an error as S3 words it; one to a HEAD request has no body. */
export function sendRefusal(response: ServerResponse, { status, code, message, details }: S3Refusal): void {
  sendXml(response, status, element('Error', { Code: code, Message: message, ...details }));
}

/** Sends XML. */
export function sendXml(response: ServerResponse, status: number, xml: string): void {
  const body = Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n${xml}`);
  response
    .writeHead(status, { 'content-type': 'application/xml', 'content-length': body.length })
    .end(response.req.method === 'HEAD' ? undefined : body);
}

/** An element with elements of text in it. */
export function element(name: string, parts: Readonly<Record<string, string | number | boolean>>): string {
  const inner = Object.entries(parts).map(([part, value]) => `<${part}>${escape(String(value))}</${part}>`);
  return `<${name}>${inner.join('')}</${name}>`;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
