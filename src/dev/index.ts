export {
  LIVE_RELOAD_FOLDER,
  decideDevRequest,
  type DevDecision,
  type DevRequestRules,
} from './dev-request.ts';
export { LiveReload } from './live-reload.ts';
