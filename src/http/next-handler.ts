/** Hands a request on to the app, or an error to its error handler. */
export type NextHandler = (error?: unknown) => void;

/**
 * The same handler, called outside of any promise: what it throws is the app's, and goes to the process as from any
 * callback. Inside of one it would be taken for an error of the answer, and the handler called once more.
 */
export function outsidePromises(next: NextHandler): NextHandler {
  return (error) => process.nextTick(next, error);
}
