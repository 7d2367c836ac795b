import test from 'ava';
import { compareWithParser } from '../assets/references/parsed-script.ts';

test('the references, strings and regular expressions of all scripts in node_modules are those of a whole parser', async (t) => {
  const { scripts, megabytes, references, refused } = await compareWithParser(t, ['']);
  t.log(
    `${scripts} scripts of ${megabytes.toFixed(0)} MB with ${references} references; ${refused.length} are not JavaScript: ${refused.join(', ')}`,
  );
  t.true(scripts > 5_000 && references > 10_000, `${scripts} scripts, ${references} references`);
  t.true(refused.length < scripts / 500, refused.join(', '));
});
