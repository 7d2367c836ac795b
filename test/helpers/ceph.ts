/** Ceph's S3 server, as the example starts it: in memory, on loopback ports of its own. */
export interface Ceph {
  readonly port: number;
  readonly endpoint: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly stop: () => Promise<void>;
}

/** Starts Ceph; the packages are `ceph-mon`, `ceph-osd` and `radosgw` of Debian. */
export async function startCeph(): Promise<Ceph> {
  // By an address that the compiler does not follow: the example is JavaScript.
  const address = new URL('../../examples/blog/ceph.js', import.meta.url).href;
  const example = (await import(address)) as { readonly startCeph: () => Promise<Ceph> };
  return example.startCeph();
}
