import { once } from 'node:events';
import { statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { Command } from 'commander';
import { StaticUrlError, systemErrorCode } from '../core/errors.ts';
import { expected, STRING, type Kind } from '../core/option-kinds.ts';
import { resolveOptions, type Table } from '../core/options.ts';
import { quote } from '../core/text.ts';
import { originPath, SITE_ORIGIN, TRAILING_SLASH, type TrailingSlash } from '../site/hosting/index.ts';
import { absolutePath, createCommand } from './command.ts';
import { readConfig } from './config-values.ts';
import { sitePrefix } from './site-of-config.ts';
import type { Terminal } from './terminal.ts';

interface ServeOptions {
  readonly port?: number;
  readonly host?: string;
  readonly origin?: string;
  readonly trailingSlash?: TrailingSlash;
}

const PORT: Kind<number> = expected(
  { kind: 'number', unit: 'ports' },
  'a port from 0 to 65535',
  (value): value is number => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 65_535,
);

const SERVE_OPTIONS: Table<ServeOptions, 'origin'> = {
  port: {
    ...PORT,
    flag: '--port <port>',
    default: 4173,
    help: 'The port to listen on; 0: one that is free.',
  },
  host: {
    ...STRING,
    flag: '--host <address>',
    default: '127.0.0.1',
    help: 'The address to listen on.',
  },
  origin: {
    ...SITE_ORIGIN,
    flag: '--origin <url>',
    defaultText: 'that of the configuration',
    help: 'Where the site will be: its path counts here too.',
  },
  trailingSlash: {
    ...TRAILING_SLASH,
    flag: '--trailing-slash <rule>',
    default: 'never',
    help: 'Whether the paths of pages end in a slash.',
  },
};

/** `static-url site serve`: shows the folder of an exported site as its host will. */
export function siteServeCommand(terminal: Terminal): Command {
  return createCommand(terminal, {
    name: 'serve',
    description: 'Serve the folder of an exported site as its host will: for a look before it is published.',
    options: SERVE_OPTIONS,
    operands: { syntax: '[folder]', help: 'The folder, in place of "out" of the configuration.' },
    notes:
      '\n"_redirects" and "_headers" of the folder count, or else those of the configuration.\nExample:\n  $ static-url site serve\n  Serving "/srv/app/site" at http://127.0.0.1:4173/\n',
    fromConfig: {
      origin: ({ values }) => values.site?.origin,
      trailingSlash: ({ values }) => values.site?.trailingSlash,
    },
    async run(options, { command, operands: [operand] }) {
      const config = await readConfig(command, terminal);
      const site = config?.values.site;
      const folder = operand === undefined ? site?.out : absolutePath(terminal, operand);
      if (folder === undefined)
        throw new TypeError(
          `Which folder is the site in? Name it, or set "out" of "site" in ${config?.name ?? 'static-url.config.js'}.`,
        );
      const {
        port,
        host,
        origin = 'http://localhost',
        trailingSlash,
      } = resolveOptions('static-url site serve', options, SERVE_OPTIONS);
      requireFolder(String(folder));
      const { previewSite } = await import('../site/preview/index.ts');
      const server = createServer(
        previewSite({
          folder: String(folder),
          origin,
          trailingSlash,
          redirects: site?.redirects ?? [],
          headers: site?.headers ?? [],
          prefix: config && (await sitePrefix(config.values)),
          notFound: '404.html',
        }),
      );
      await listen(server, port, host);
      terminal.write(`Serving ${quote(String(folder))} at ${urlOf(server, host)}${originPath(origin)}\n`);
      await untilInterrupted();
      server.close();
      server.closeAllConnections();
    },
  });
}

function requireFolder(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return;
  throw new StaticUrlError(
    'ROOT_NOT_FOUND',
    `There is no folder ${quote(folder)}. Write the site with "static-url export" first.`,
  );
}

async function listen(server: Server, port: number, host: string): Promise<void> {
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    const code = systemErrorCode(error);
    const reason =
      code === 'EADDRINUSE'
        ? `The port ${port} of ${host} is taken. Choose another one with --port.`
        : `Cannot listen on the port ${port} of ${host}: ${error instanceof Error ? error.message : String(error)}.`;
    throw Object.assign(new Error(reason, { cause: error }), { code });
  }
}

function urlOf(server: Server, host: string): string {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Ctrl+C, or a supervisor, ends the preview; no failure. */
async function untilInterrupted(): Promise<void> {
  const ended = new AbortController();
  const { signal } = ended;
  await Promise.race([once(process, 'SIGINT', { signal }), once(process, 'SIGTERM', { signal })]).finally(
    () => ended.abort(),
  );
}
