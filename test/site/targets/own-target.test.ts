import test from 'ava';
import { memoryTarget } from '../../helpers/memory-target.ts';
import { contract } from './contract.ts';

const buckets = new WeakMap<object, Map<string, ReturnType<typeof memoryTarget>>>();

contract(test, 'a target of one’s own', (t, prefix = '') => {
  const targets = buckets.get(t) ?? new Map<string, ReturnType<typeof memoryTarget>>();
  buckets.set(t, targets);
  const target = targets.get(prefix) ?? memoryTarget();
  targets.set(prefix, target);
  return target;
});
