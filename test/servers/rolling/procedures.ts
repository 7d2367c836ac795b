import type { Choice, Fleet } from './fleet.ts';
import type { Deploy } from './sources.ts';

/** One step of a deploy, and the hosts whose apps run after it. */
interface Step {
  readonly title: string;
  readonly apps: readonly Choice[];
  readonly take: (fleet: Fleet) => Promise<void>;
}

/** How a deploy, or a rollback, goes over the fleet. */
export type Procedure = (deploy: Deploy) => readonly Step[];

export const HOSTS = ['a', 'b'] as const;

const release = (host: Choice, deploy: Deploy): Step => ({
  title: `releasing the ${deploy} deploy on ${host}`,
  apps: HOSTS,
  take: (fleet) => fleet[host].release(deploy),
});

const restart = (host: Choice, deploy: Deploy): readonly Step[] => [
  {
    title: `switching ${host} to the ${deploy} deploy`,
    apps: HOSTS,
    take: (fleet) => fleet[host].switchTo(deploy),
  },
  {
    title: `stopping the app of ${host}`,
    apps: HOSTS.filter((each) => each !== host),
    take: (fleet) => fleet[host].stopApp(),
  },
  {
    title: `starting the app of ${host} with the ${deploy} deploy`,
    apps: HOSTS,
    take: (fleet) => fleet[host].startApp(deploy),
  },
];

/** `release` on every host, before any app restarts. */
export const releaseEverywhereFirst: Procedure = (deploy) => [
  ...HOSTS.map((host) => release(host, deploy)),
  ...HOSTS.flatMap((host) => restart(host, deploy)),
];

/** Each host by itself, from beginning to end. */
export const oneByOne: Procedure = (deploy) =>
  HOSTS.flatMap((host) => [release(host, deploy), ...restart(host, deploy)]);
