import test from 'ava';
import { KnownViews } from '../../../src/pages/preload/known-views.ts';

test('what is found by a look that began before the view was dropped is not remembered', (t) => {
  const known = new KnownViews<string>();
  const [before, other] = [known.look('/a'), known.look('/b')];
  known.drop('/a');
  const after = known.look('/a');
  before('old');
  t.is(known.get('/a'), undefined);
  after('new');
  t.is(known.get('/a')?.found, 'new');
  other('b');
  t.is(known.get('/b')?.found, 'b');
  const late = known.look('/b');
  known.clear();
  late('b');
  t.is(known.get('/a'), undefined);
  t.is(known.get('/b'), undefined);
});

test('a look that found nothing leaves what is known', (t) => {
  const known = new KnownViews<string>();
  known.look('/a')('found');
  known.look('/a')();
  t.is(known.get('/a')?.found, 'found');
});

test('of very many views those that were known first are forgotten', (t) => {
  const known = new KnownViews<number>();
  for (let count = 0; count <= 10_000; count += 1) known.look(`/${count}`)(count);
  t.is(known.get('/0'), undefined);
  t.is(known.get('/1')?.found, 1);
  t.is(known.get('/10000')?.found, 10_000);
});
