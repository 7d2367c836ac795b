import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Http2SecureServer, Http2Server } from 'node:http2';
import type { Server as SecureServer } from 'node:https';

/** A function that answers requests, at once or by a promise. */
export type AppFunction = (request: IncomingMessage, response: ServerResponse) => unknown;

/**
 * What can be asked for a page: an Express app, the callback of a Koa app, any request listener of `node:http`, or a
 * server, whose request listeners are asked.
 */
export type App = AppFunction | Server | SecureServer | Http2Server | Http2SecureServer;

/** A request of our own to the app: nothing of any visitor is in it. */
export interface RenderOrder {
  readonly app: App;
  /** `https://www.example.com`: the scheme and the Host that the app sees. */
  readonly origin: string;
  /** The raw path with its query: `/blog?page=2`. */
  readonly target: string;
  /** Headers in place of, or beside, those of a browser; an empty value takes one away. */
  readonly headers: Readonly<Record<string, string>>;
  /** The address that the app sees the request come from. */
  readonly address: string;
  /** The time that the whole answer may take, in milliseconds. */
  readonly deadlineMilliseconds: number;
  /** How many bytes the body may have. */
  readonly maxBodyBytes: number;
  /** What {@link subjectOf} and {@link currentSubject} give while the app answers. */
  readonly subject: object;
  /** Called with the request just before the app is. */
  readonly onRequest?: (request: IncomingMessage) => void;
  /**
   * Chooses by the head who gets the body piece by piece, in place of {@link Rendering.body}, which then is empty; `undefined`: nobody.
   * The next piece comes once the promise for the one before is fulfilled.
   */
  readonly receiverOf?: (head: RenderedHead) => BodyReceiver | undefined;
}

/** Takes a piece of a body. */
export type BodyReceiver = (piece: Buffer) => Promise<void> | undefined;

/** The status and headers of an answer, as they arrived. */
export interface RenderedHead {
  readonly status: number;
  /** By their names in lower case, each with all its values in order; without those of the connection. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
}

/** Why no whole answer came. */
export const RENDER_FAILURES = {
  TIMEOUT: 'the app took longer than the deadline',
  TRUNCATED: 'the answer ended early, or has another length than its Content-Length',
  TOO_LARGE: 'the body is larger than the limit',
  APP_FAILED: 'the app threw, broke off the connection, or sent what is no HTTP',
  ABANDONED: 'nobody wants the answer any more',
} as const;

/** One of the names of {@link RENDER_FAILURES}. */
export type RenderFailureReason = keyof typeof RENDER_FAILURES;

/** No whole answer came. */
export class RenderFailure extends Error {
  override readonly name = 'RenderFailure';
  readonly reason: RenderFailureReason;

  constructor(reason: RenderFailureReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

/** A render under way. */
export interface Rendering {
  /** Rejects with a {@link RenderFailure}, as `body` does. */
  readonly head: Promise<RenderedHead>;
  /** The whole body, of the length that was promised. */
  readonly body: Promise<Buffer>;
  /** The headers that the app has asked for by name so far, whether sent or not; in lower case. */
  readonly readHeaders: ReadonlySet<string>;
  /** Breaks the render off: `head` and `body` reject with `ABANDONED` unless they are settled. */
  abandon(): void;
}

/** Asks apps in this process. */
export interface Renderer {
  render(order: RenderOrder): Rendering;
  /** Breaks off what is under way, and takes no more. */
  close(): void;
}
