// What `--import` names so that a process of the tests runs TypeScript. tsx does it too, at four times the start of Node.
import { register } from 'node:module';

register('./hooks.js', import.meta.url);
