export {
  RENDER_FAILURES,
  RenderFailure,
  type App,
  type RenderedHead,
  type Renderer,
  type RenderFailureReason,
  type Rendering,
  type RenderOrder,
} from './rendering.ts';
