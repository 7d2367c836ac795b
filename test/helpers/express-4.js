// What `--import` names so that a process of the tests finds Express 4 where it asks for "express".
import Module from 'node:module';

const target = (name) => (name === 'express' ? 'express4' : name);

// Where Node has the newer way, it serves require() too.
if (Module.registerHooks) {
  Module.registerHooks({ resolve: (name, context, next) => next(target(name), context) });
} else {
  const RESOLVE = '_resolveFilename';
  const resolve = Module[RESOLVE];
  Module[RESOLVE] = (name, ...others) => resolve(target(name), ...others);
  const hooks = `const target = ${String(target)};
    export const resolve = (name, context, next) => next(target(name), context);`;
  Module.register(`data:text/javascript,${encodeURIComponent(hooks)}`);
}
