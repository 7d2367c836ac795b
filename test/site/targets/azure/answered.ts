import type { IncomingMessage, ServerResponse } from 'node:http';
import { inspect } from 'node:util';
import type { ExecutionContext } from 'ava';
import { azureTarget } from '../../../../src/site/targets/azure/azure-target.ts';
import type { AzureTargetOptions } from '../../../../src/site/targets/azure/options.ts';
import { TargetError } from '../../../../src/site/targets/target-error.ts';
import type { Target } from '../../../../src/site/targets/target.ts';
import { listen } from '../../../helpers/listen.ts';

/** A key of which nothing must ever be shown. */
export const SECRET_KEY = Buffer.from('SECRETSECRET').toString('base64');

/** A target whose service answers all requests as a function says: what Azurite never says, Azure does. */
export async function answered(
  t: ExecutionContext,
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  options: Partial<AzureTargetOptions> = {},
): Promise<{ target: Target; requests: string[] }> {
  const requests: string[] = [];
  const { url } = await listen(t, (request, response) => {
    requests.push(`${request.method} ${request.url}`);
    request.resume().on('end', () => answer(request, response));
  });
  const target = azureTarget({ url: `${url}/account`, accountKey: SECRET_KEY, attempts: 1, ...options });
  return { target, requests };
}

/** An error as Azure answers it. */
export function refuse(response: ServerResponse, status: number, code: string, detail = ''): void {
  response
    .writeHead(status, { 'content-type': 'application/xml', 'x-ms-error-code': code })
    .end(
      `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>Told by Azure.\nRequestId:1</Message>${detail}</Error>`,
    );
}

/** What a target refused with, which shows no secret. */
export async function refused(t: ExecutionContext, asked: Promise<unknown>): Promise<TargetError> {
  const error = await t.throwsAsync(asked, { instanceOf: TargetError });
  if (error === undefined) throw new Error('It was not refused.');
  t.notRegex(inspect(error, { depth: 9, showHidden: true }), /SECRET|sig=|U0VDUkVU/);
  return error;
}
