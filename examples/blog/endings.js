/**
 * Ends everything in order on the first signal, and ignores the impatient ones after it.
 *
 * @param {(() => Promise<void>)[]} endings
 */
export function endWith(endings) {
  let ending = false;
  const end = async () => {
    if (ending) return;
    ending = true;
    for (const step of endings) await step();
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void end());
}
