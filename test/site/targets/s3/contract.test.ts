import test from 'ava';
import { startStrictS3, type StrictS3 } from '../../../helpers/strict-s3/strict-s3.ts';
import { contract } from '../contract.ts';

const servers = new WeakMap<object, Promise<StrictS3>>();

contract(
  test,
  's3Target() with a strict server of our own',
  async (t, prefix = '') => {
    const starting = servers.get(t) ?? startStrictS3(t, { pageObjects: 20 });
    servers.set(t, starting);
    const server = await starting;
    // S3 tells dates by the second: here each request is in one of its own.
    let seconds = 0;
    server.now = () => Date.now() + (seconds += 1) * 1000;
    const target = server.target({ prefix });
    t.teardown(() => target.close?.());
    return target;
  },
  { pageSize: 20 },
);
