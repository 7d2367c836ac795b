import { connect } from 'node:net';

/** Asks an nginx for targets as they are, byte by byte, over one connection. @returns the bodies, `status` for others than 200 */
export async function rawGet(port: number, targets: readonly string[]): Promise<readonly string[]> {
  const socket = connect(port, '127.0.0.1');
  const bodies: string[] = [];
  let received = Buffer.alloc(0);
  const read = (): void => {
    for (;;) {
      const end = received.indexOf('\r\n\r\n');
      if (end === -1) return;
      const head = received.toString('latin1', 0, end);
      const from = end + 4;
      const to = from + Number(/content-length: (\d+)/i.exec(head)?.[1]);
      if (received.length < to) return;
      const status = head.split(' ')[1] ?? '';
      bodies.push(status === '200' ? received.toString('utf8', from, to) : status);
      received = received.subarray(to);
    }
  };
  await new Promise<void>((resolve, reject) => {
    socket.on('error', reject).on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      read();
      if (bodies.length === targets.length) resolve();
    });
    socket.on('close', () => reject(new Error(`nginx closed after ${bodies.length} answers.`)));
    socket.write(targets.map((target) => `GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`).join(''));
  });
  socket.destroy();
  return bodies;
}
