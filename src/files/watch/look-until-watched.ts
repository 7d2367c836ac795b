/** While folders are being made all the time, the last look is not the last: their events come. */
const MOST_LOOKS = 10;

/**
 * Lists something until all of it is watched: what came into a folder before the watch on it began is found by the next
 * look, and what comes later is told as an event.
 *
 * @param watch - watches what was listed; returns whether any of it was not watched before
 */
export function lookUntilWatched<Listed>(list: () => Listed, watch: (listed: Listed) => boolean): Listed {
  for (let look = 1; ; look += 1) {
    const listed = list();
    if (!watch(listed) || look === MOST_LOOKS) return listed;
  }
}
