// What `--import` names so that a process of the tests finds Express 4 where it asks for "express".
import Module, { register } from 'node:module';

const resolve = Module._resolveFilename;
Module._resolveFilename = (request, ...others) =>
  resolve(request === 'express' ? 'express4' : request, ...others);

const hooks = `export const resolve = (name, context, next) => next(name === 'express' ? 'express4' : name, context);`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);
