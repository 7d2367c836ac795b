import { Server } from 'node:http';
import { Exchange } from './exchange.ts';
import type { Renderer } from './rendering.ts';
import { StartContext } from './start-context.ts';
import { noteBegun, noteEnded } from './subjects.ts';

/**
 * Makes what asks apps in this process.
 *
 * Call it when the program starts, never while it answers a request: what a render does runs in the asynchronous context
 * of this call.
 */
export function createRenderer(): Renderer {
  const context = new StartContext();
  // No set: through its former tables one of what comes and goes keeps most of what has gone, until all memory is collected.
  const underWay: Exchange[] = [];
  // What apps find at their socket. It never listens.
  const server = new Server();
  let isClosed = false;
  return {
    render(order) {
      const exchange = new Exchange(order, context, () => {
        takeOut(underWay, exchange);
        noteEnded();
      });
      underWay.push(exchange);
      noteBegun();
      if (isClosed) exchange.abandon();
      else context.run(() => exchange.begin(server));
      return exchange;
    },
    close() {
      if (isClosed) return;
      isClosed = true;
      // Whatever is abandoned leaves the list.
      while (underWay.length > 0) underWay[0]?.abandon();
      context.close();
    },
  };
}

/** Takes an item out of a list in which no order matters. */
function takeOut<Item>(items: Item[], item: Item): void {
  const place = items.indexOf(item);
  const last = items.pop();
  if (last !== undefined && place < items.length) items[place] = last;
}
