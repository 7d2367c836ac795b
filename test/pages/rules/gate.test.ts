import test from 'ava';
import { resolveOptions } from '../../../src/core/options.ts';
import { GATE_OPTIONS, type GateOptions } from '../../../src/pages/options.ts';
import {
  decideRequest,
  GATE_REASONS,
  keyOfUrl,
  resolveGate,
  type GateDecision,
  type GateRequest,
  type GateRules,
} from '../../../src/pages/rules/index.ts';
import { GATE_CASES, GATES, type GateCase } from './gate-cases.ts';

const gate = (options: GateOptions): GateRules =>
  resolveGate(resolveOptions<GateOptions, 'bypassCookies' | 'ignoreQuery'>('test()', options, GATE_OPTIONS));

const SITE = 'http://www.example.com';

/** The headers as node:http gives them. */
function requestOf({ method, target, version, host, lines }: GateCase): GateRequest {
  const all = [...(host === undefined ? [] : [`Host: ${host}`]), ...lines];
  const headers: Record<string, string> = {};
  const rawHeaders = all.flatMap((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon), line.slice(colon + 1).trim()];
  });
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const [name, value] = [rawHeaders[index]?.toLowerCase() ?? '', rawHeaders[index + 1] ?? ''];
    const before = headers[name];
    if (before === undefined) headers[name] = value;
    else if (name !== 'host') headers[name] = `${before}${name === 'cookie' ? '; ' : ', '}${value}`;
  }
  return { method, target, headers, rawHeaders, httpVersionMajor: Number(version[0]) };
}

test('decideRequest() decides each request of the table, and names the reason', (t) => {
  t.true(GATE_CASES.length > 250);
  for (const each of GATE_CASES) {
    const decision = decideRequest(requestOf(each), gate(GATES[each.gate]));
    const { expected } = each;
    if ('reason' in expected)
      t.is(
        decision.kind === 'bypass' ? decision.reason : `page ${decision.key.target}`,
        expected.reason,
        each.title,
      );
    else
      t.deepEqual(
        decision,
        { kind: 'page', key: { site: expected.site ?? SITE, target: expected.page } },
        each.title,
      );
  }
});

test('the table has a request for each reason', (t) => {
  const named = GATE_CASES.flatMap(({ expected }) => ('reason' in expected ? [expected.reason] : []));
  t.deepEqual([...new Set(named)].toSorted(), Object.keys(GATE_REASONS).toSorted());
});
