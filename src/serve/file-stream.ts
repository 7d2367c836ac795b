import { fstatSync } from 'node:fs';
import { isSameButForStatus, isSameSignature, signatureOf } from '../files/file-signature.ts';
import type { HttpResponse } from '../http/exchange.ts';
import type { OpenedFile } from './opened-file.ts';
import { breakOff, ResponseBody } from './response-body.ts';

/**
 * Sends a part of an open file as the body of an answer whose head is written. Does not close the file.
 *
 * After each piece is read, and before it is sent, the file must still be what it was when it was opened; else the
 * answer is broken off, so that the client never takes a mixture for the whole.
 *
 * @param start - the first byte
 * @param end - the byte after the last
 */
export async function streamFile(
  opened: OpenedFile,
  start: number,
  end: number,
  response: HttpResponse,
): Promise<void> {
  if (start === end) {
    response.end();
    return;
  }
  const { handle } = opened;
  const body = new ResponseBody(response);
  let position = start;
  while (position < end) {
    const piece = body.piece();
    const { bytesRead } = await handle.read(piece, 0, Math.min(piece.length, end - position), position);
    if (body.isGone) return;
    if (bytesRead === 0 || hasChanged(opened)) {
      breakOff(response);
      return;
    }
    position += bytesRead;
    const bytes = piece.subarray(0, bytesRead);
    if (position === end) body.end(bytes);
    else if (!(await body.write(bytes))) return;
  }
}

/**
 * Whether the bytes of an open file may be others than before. A deploy that gives the file one more name, or takes one
 * from it, changes its status too, and does not end the downloads.
 */
function hasChanged({ handle, signature, links }: OpenedFile): boolean {
  // A look at an open file goes to no disk, and costs a tenth of what it does in another thread.
  const stats = fstatSync(handle.fd);
  const now = signatureOf(stats);
  if (isSameSignature(signature, now)) return false;
  return stats.nlink === links || !isSameButForStatus(signature, now);
}
