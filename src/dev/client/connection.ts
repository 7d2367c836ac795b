// oxlint-disable unicorn/require-post-message-target-origin -- a BroadcastChannel has none, it stays within its own

/** What the server sends (../change-log.ts), and the tab that is connected passes on to the others. */
export type Message = { readonly boot: string; readonly from: number; readonly to: number } & (
  | { readonly kind: 'ready' | 'reload' }
  | { readonly kind: 'css'; readonly assets: readonly string[] }
);

/** Hears of changes. */
export interface Listener {
  readonly receive: (message: Message) => void;
  /** A message that says up to where this page is up to date; `undefined` when it does not know. */
  readonly standing: () => Message | undefined;
}

/** Ends a connection. */
export type Disconnect = () => void;

/** A connection of this tab's own. */
interface Connection {
  /** Whether the server has said something since the connection was last lost. */
  readonly isLive: () => boolean;
  readonly disconnect: Disconnect;
}

/**
 * A URL without a name and password: a page that was opened with them hands them on to all its URLs, and no script may
 * fetch such a one (Fetch Standard §5.4). The browser knows them by then.
 */
export function withoutCredentials(href: string): string {
  return href.replace(/^(https?:\/\/)[^/?#]*@/, '$1');
}

/** Where this script comes from. */
export const scriptUrl: string = withoutCredentials(import.meta.url);

/** Where the events come from; locks and storage of this live reload are named after it. */
export const eventsUrl: string = new URL('events', scriptUrl).href;

const AGAIN_MILLISECONDS = 1_000;

/** Connects to the server, and again whenever the connection is lost. */
function connectAlone({ receive, standing }: Listener): Connection {
  let source: EventSource;
  let timer = 0;
  let live = false;
  function open(): void {
    const known = standing();
    source = new EventSource(known ? `${eventsUrl}?since=${known.boot}.${known.to}` : eventsUrl);
    source.addEventListener('message', ({ data }: MessageEvent<string>) => {
      live = true;
      const message: Message = JSON.parse(data);
      receive(message);
    });
    source.addEventListener('error', () => {
      live = false;
      // A response that is no stream, such as a proxy's 502, ends an EventSource for good.
      if (source.readyState === EventSource.CLOSED) timer = setTimeout(open, AGAIN_MILLISECONDS);
    });
  }
  open();
  return {
    isLive: () => live,
    disconnect: () => {
      clearTimeout(timer);
      source.close();
    },
  };
}

/** Connects only while the tab is visible: browsers open no more than six connections to one HTTP/1.1 server. */
export function connectWhileVisible(listener: Listener): Disconnect {
  let connection: Connection | undefined;
  function follow(): void {
    if (document.visibilityState === 'visible') connection ??= connectAlone(listener);
    else disconnect();
  }
  function disconnect(): void {
    connection?.disconnect();
    connection = undefined;
  }
  document.addEventListener('visibilitychange', follow);
  follow();
  return () => {
    document.removeEventListener('visibilitychange', follow);
    disconnect();
  };
}

/**
 * Shares one connection among all tabs. The tab that holds the lock connects and passes everything on; when it closes,
 * the next one gets the lock.
 */
export function connectTogether(listener: Listener, locks: LockManager): Disconnect {
  const channel = new BroadcastChannel(eventsUrl);
  const gone = new AbortController();
  let connection: Connection | undefined;
  channel.addEventListener('message', ({ data: message }: MessageEvent<Message | 'hello'>) => {
    if (message !== 'hello') listener.receive(message);
    // The new tab may have its script from a server that has been restarted since the last message.
    else if (connection?.isLive()) channel.postMessage(listener.standing());
  });
  channel.postMessage('hello');

  function lead(): Promise<void> {
    connection = connectAlone({
      receive: (message) => {
        channel.postMessage(message);
        listener.receive(message);
      },
      standing: listener.standing,
    });
    return new Promise((release) => gone.signal.addEventListener('abort', () => release()));
  }
  locks.request(eventsUrl, { signal: gone.signal }, lead).catch(() => {
    // Refused where the document has no storage of its own, for example in a sandboxed frame.
    if (!gone.signal.aborted) connection = connectAlone(listener);
  });
  return () => {
    gone.abort();
    connection?.disconnect();
    channel.close();
  };
}
