import { httpSide, type Bench, type Load } from '../bench.ts';
import { measurePair } from '../pair.ts';
import type { LoadRequest } from '../load-client.ts';
import type { Row } from '../row.ts';

/** What is said of an object and of a bucket, both cached. */
export const metadata: Load = async (bench) => {
  const { account, bucket } = bench;
  await account.putObject(bucket, 'small.bin', Buffer.alloc(10 * 1024, 'a'));
  const headers = account.authorization;
  const content = await account.get(`/v1/buckets/${bucket}`);
  return [
    ...(await compare(bench, 'metadata of an object, cached', {
      method: 'HEAD',
      path: `/v1/buckets/${bucket}/objects/small.bin`,
      headers,
    })),
    ...(await compare(bench, 'a bucket, cached', { method: 'GET', path: `/v1/buckets/${bucket}`, headers, content })),
  ];
};

function compare(bench: Bench, work: string, request: LoadRequest): Promise<readonly Row[]> {
  const { api, httpFloor, options } = bench;
  return measurePair(
    {
      work,
      floor: httpSide(httpFloor, () => ({ method: 'GET', path: '/small' })),
      subject: httpSide(api, () => request),
      unit: 'requests',
      least: 0.25,
      aim: 0.45,
    },
    options.rounds,
  );
}
