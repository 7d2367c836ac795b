import type { IncomingMessage } from 'node:http';

/** Notes the headers that are read of a request by name, whether they were sent or not. */
export function noteReadHeaders(request: IncomingMessage, readHeaders: Set<string>): void {
  for (const property of ['headers', 'headersDistinct'] as const) {
    Object.defineProperty(request, property, {
      value: noted(request[property], readHeaders),
      configurable: true,
      enumerable: true,
      writable: true,
    });
  }
}

function noted<Headers extends object>(headers: Headers, readHeaders: Set<string>): Headers {
  const note = (name: string | symbol): void => {
    // Node's names are in lower case: `toString` and `toJSON` ask for no header.
    if (typeof name === 'string' && name === name.toLowerCase()) readHeaders.add(name);
  };
  return new Proxy(headers, {
    get(target, name, receiver): unknown {
      note(name);
      return Reflect.get(target, name, receiver);
    },
    has(target, name) {
      note(name);
      return Reflect.has(target, name);
    },
    // `Object.hasOwn()` asks so, and so does who lists what is there.
    getOwnPropertyDescriptor(target, name) {
      note(name);
      return Reflect.getOwnPropertyDescriptor(target, name);
    },
  });
}
