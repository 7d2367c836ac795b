import { createRequire } from 'node:module';
import type { ExecutionContext } from 'ava';
import express5 from 'express';
import { createRenderer, type App, type Renderer, type RenderOrder } from '../../src/render/index.ts';

const express4 = createRequire(import.meta.url)('express4') as typeof express5;

/** Both majors of Express, whose apps must be answered alike. */
export const EXPRESSES = [
  { name: 'Express 5', express: express5 },
  { name: 'Express 4', express: express4 },
] as const;

/** A renderer that is closed when the test ends. */
export function openRenderer(t: ExecutionContext): Renderer {
  const renderer = createRenderer();
  t.teardown(() => renderer.close());
  return renderer;
}

/** An order with what a test does not care about. */
export function orderOf(app: App, order: Partial<RenderOrder> = {}): RenderOrder {
  return {
    app,
    origin: 'https://www.example.com',
    target: '/',
    headers: {},
    address: '192.0.2.1',
    deadlineMilliseconds: 60_000,
    maxBodyBytes: 10_000_000,
    subject: {},
    ...order,
  };
}

/** The whole answer to one request. */
export async function ask(
  t: ExecutionContext,
  app: App,
  order: Partial<RenderOrder> = {},
): Promise<{ status: number; headers: Record<string, readonly string[]>; text: string }> {
  const { head, body } = openRenderer(t).render(orderOf(app, order));
  const { status, headers } = await head;
  return { status, headers: Object.fromEntries(headers), text: (await body).toString() };
}
