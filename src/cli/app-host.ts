import cluster from 'node:cluster';
import { syncBuiltinESMExports } from 'node:module';
import { Server } from 'node:net';
import process from 'node:process';
import { setFlagsFromString } from 'node:v8';
import { placeIn } from './stack-place.ts';

/**
 * Makes this process, which ends with its command, a host for an app: standard output is the command's alone, and the app
 * cannot listen, for visitors would come to a process that is about to end.
 *
 * @param onListen - told where the app listens all the same
 */
export function hostApp(onListen: (place: string) => void): void {
  // A command may render very many pages: what is over goes sooner than in a server, at the price of a few percent of time.
  setFlagsFromString('--heap-growing-percent=10');
  const { stdout, stderr } = process;
  // Whoever has the stream already, and whoever asks for it or for its descriptor, as loggers do.
  stdout.write = stderr.write.bind(stderr);
  Object.defineProperty(process, 'stdout', { configurable: true, enumerable: true, get: () => stderr });
  // Of node:http, https and http2 too.
  Server.prototype.listen = function listen() {
    onListen(placeIn(new Error('listen')));
    return this;
  };
  cluster.fork = () => {
    const error = new Error('A command starts no further processes of the app.');
    onListen(placeIn(error));
    throw error;
  };
  syncBuiltinESMExports();
}
