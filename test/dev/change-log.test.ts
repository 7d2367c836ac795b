import test from 'ava';
import { ChangeLog, mergeChanges, type Change } from '../../src/dev/change-log.ts';

const RELOAD = { kind: 'reload' } as const;
const css = (...assets: string[]) => ({ kind: 'css', assets }) as const;

test('since() merges what was missed into one message', (t) => {
  const log = new ChangeLog();
  log.append(css('a.css'));
  const { position } = log;
  log.append(css('b.css'));
  log.append(css('c.css', 'b.css'));
  const [boot] = position.split('.');
  t.deepEqual(log.since(position), { boot, from: 1, to: 3, kind: 'css', assets: ['b.css', 'c.css'] });
  t.is(log.since(log.position), undefined, 'nothing missed');
});

test('since() reloads whoever knows another start of the server, or more than it remembers', (t) => {
  const log = new ChangeLog(2);
  const { position: start } = log;
  for (let count = 0; count < 3; count += 1) log.append(css('a.css'));
  t.like(log.since(new ChangeLog().position), RELOAD, 'another start');
  t.like(log.since(start), RELOAD, 'three missed, two remembered');
  t.like(log.since(start.replace(/0$/, '1')), css('a.css'), 'two missed');
  t.like(log.since(start.replace(/0$/, '4')), RELOAD, 'a place that this log has never reached');
  t.like(log.since('nonsense'), RELOAD);
  t.like(log.since(`${start}x`), RELOAD);
});

test('append() and ready() say from where to where they lead', (t) => {
  const log = new ChangeLog();
  const boot = log.position.replace(/\.0$/, '');
  t.deepEqual(log.ready(), { boot, from: 0, to: 0, kind: 'ready' });
  t.deepEqual(log.append(RELOAD), { boot, from: 0, to: 1, kind: 'reload' });
  t.deepEqual(log.append(css('a.css')), { boot, from: 1, to: 2, kind: 'css', assets: ['a.css'] });
  t.deepEqual(log.ready(), { boot, from: 2, to: 2, kind: 'ready' });
});

test('mergeChanges() names each stylesheet once, and reloads when one of the changes does', (t) => {
  const first: Change = { kind: 'css', assets: ['a.css', 'b.css'] };
  t.deepEqual(mergeChanges([first, { kind: 'css', assets: ['b.css', 'c.css'] }]), {
    kind: 'css',
    assets: ['a.css', 'b.css', 'c.css'],
  });
  t.deepEqual(mergeChanges([first, { kind: 'reload' }, first]), RELOAD);
});
