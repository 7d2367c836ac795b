// What `--import` names so that a process of the tests runs TypeScript. tsx does it too, but starts slower.
import Module from 'node:module';
import { load } from './hooks.js';

// Where Node has the newer way, it warns of the older one.
if (Module.registerHooks) Module.registerHooks({ load });
else Module.register('./hooks.js', import.meta.url);
