import { Server } from 'node:net';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { types } from 'node:util';
import xxhash from 'xxhash-wasm';
import { systemErrorCode } from '../../core/errors.ts';
import { createRenderer, loadApp, type AppSource } from '../../render/index.ts';
import { decodeLinks, TargetTable, type Link } from '../checks/index.ts';
import { PageRenderer, type RenderingRules } from './page-renderer.ts';
import type { FailedPage, PageOutcome, PageTask } from './page-task.ts';
import { DirectWriter } from './page-writer.ts';

/** What a worker thread is sent. */
export interface WorkerOrder {
  /** Without one the app is loaded, and no more. */
  readonly task?: PageTask;
  readonly start: WorkerStart;
}

/** What all tasks have in common. */
export interface WorkerStart {
  /** The module that exports the app, or a configuration with it: an absolute path. */
  readonly appModule: string;
  readonly rules: RenderingRules;
}

/** What a worker thread sends back. */
export type WorkerReply = WorkerOutcome | WorkerFailure;

/** No page could be rendered. As an error it would lose its code on the way. */
export interface WorkerFailure {
  readonly thrown: {
    readonly message: string;
    readonly code: string | undefined;
    readonly isUsage: boolean;
  };
}

/** What became of a page. */
export interface WorkerOutcome {
  readonly outcome: PageOutcome;
  /** The links of a page, which are numbers in a table of this thread's own. */
  readonly links: readonly (Omit<Link, 'target'> & { readonly target: string })[];
  /** The GET routes of the app, where a page has shown more of them. */
  readonly labels?: readonly string[];
}

const LOADED: PageOutcome = { kind: 'failed', status: undefined, reason: 'is none', details: undefined };

const targets = new TargetTable();
const seen = new Set<string | undefined>();
let started: Promise<PageRenderer> | undefined;
/** Settled, if ever, by what the app throws where nobody catches it: all pages that are under way fail. */
const crash: Promise<FailedPage> = new Promise((resolve) => {
  process.on('uncaughtException', (error: unknown) =>
    resolve({
      kind: 'failed',
      status: undefined,
      reason: 'cannot be rendered any more: the app threw where nobody catches it, perhaps for another page',
      details: error instanceof Error ? error.stack : String(error),
    }),
  );
});

/** Renders a page in this worker thread, whose app is loaded for the first. */
export default async function renderInWorker(order: WorkerOrder): Promise<WorkerReply> {
  try {
    return await render(order);
  } catch (error) {
    const isUsage = error instanceof TypeError || error instanceof RangeError;
    const message = error instanceof Error ? error.message : String(error);
    return { thrown: { message, code: systemErrorCode(error), isUsage } };
  }
}

async function render({ task, start }: WorkerOrder): Promise<WorkerOutcome> {
  started ??= begin(start);
  const renderer = await started;
  if (task === undefined) return { outcome: LOADED, links: [] };
  const outcome = await Promise.race([renderer.render(task), crash]);
  const sent = { outcome, links: linksOf(outcome) };
  const route = outcome.kind === 'failed' ? undefined : outcome.appRoute;
  if (seen.has(route)) return sent;
  seen.add(route);
  return { ...sent, labels: renderer.routes.labels };
}

function linksOf(outcome: PageOutcome): WorkerOutcome['links'] {
  if (outcome.kind !== 'page') return [];
  return [...decodeLinks(outcome.links)].map(({ target, ...place }) => ({
    ...place,
    target: targets.target(target),
  }));
}

async function begin({ appModule, rules }: WorkerStart): Promise<PageRenderer> {
  // A thread renders, and no more: visitors would come to a process that is about to end.
  Server.prototype.listen = () => {
    throw new Error(
      'The app listens when it is imported. Export it from one file, and call listen() in another that imports it.',
    );
  };
  // The thread would end, and nobody would hear of its pages again.
  process.exit = (code) => {
    throw new Error(`The app ended the process, with the code ${String(code ?? 0)}.`);
  };
  const app = await loadApp(await sourceOf(appModule));
  const hashes = await xxhash();
  const writer = new DirectWriter(rules.base, targets, hashes);
  return new PageRenderer(app, createRenderer(), rules, { targets, hashes, writer });
}

/** The app that a module exports by default, itself or in a configuration. */
async function sourceOf(appModule: string): Promise<AppSource> {
  const module: { readonly default?: unknown; readonly app?: unknown } = await import(
    pathToFileURL(appModule).href
  );
  const exported = module.default ?? module.app ?? module;
  const app: unknown =
    typeof exported === 'object' && exported !== null && 'site' in exported
      ? Reflect.get(exported, 'app')
      : exported;
  if (types.isModuleNamespaceObject(app))
    throw new TypeError(
      `The module ${JSON.stringify(appModule)} has no default export. Export the app by default.`,
    );
  // Whoever asks for the app checks it.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return app as AppSource;
}
