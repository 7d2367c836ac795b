import test from 'ava';
import { gcsTarget } from '../../../../src/site/targets/gcs/gcs-target.ts';
import { startStrictGcs, type StrictGcs } from '../../../helpers/strict-gcs/strict-gcs.ts';
import { contract } from '../contract.ts';

const servers = new WeakMap<object, Promise<StrictGcs>>();

contract(
  test,
  'gcsTarget() with a strict server of our own',
  async (t, prefix = '') => {
    const starting = servers.get(t) ?? startStrictGcs(t, { pageObjects: 20 });
    servers.set(t, starting);
    const { endpoint } = await starting;
    return gcsTarget({ bucket: 'site', endpoint, prefix });
  },
  { pageSize: 20 },
);
