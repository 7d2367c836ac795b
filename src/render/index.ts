export { loadApp, type AppSource } from './app-source.ts';
export { requireApp } from './apps.ts';
export { createRenderer } from './create-renderer.ts';
export {
  RENDER_FAILURES,
  RenderFailure,
  type BodyReceiver,
  type App,
  type AppFunction,
  type RenderedHead,
  type Renderer,
  type RenderFailureReason,
  type Rendering,
  type RenderOrder,
} from './rendering.ts';
export { currentSubject, isRender, subjectOf, type WithSocket } from './subjects.ts';
