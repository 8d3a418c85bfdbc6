import { httpSide, type Load } from '../bench.ts';
import { measurePair } from '../pair.ts';

/** 10 KiB of an object whose metadata is cached. */
export const download: Load = async ({ account, bucket, api, httpFloor, options }) => {
  const content = Buffer.alloc(10 * 1024, 'a');
  await account.putObject(bucket, 'small.bin', content);
  const headers = account.authorization;
  const path = `/v1/buckets/${bucket}/objects/small.bin`;
  return measurePair(
    {
      work: '10 KiB download',
      floor: httpSide(httpFloor, () => ({ method: 'GET', path: '/small', content })),
      subject: httpSide(api, () => ({ method: 'GET', path, headers, content })),
      unit: 'requests',
      least: 0.2,
      aim: 0.4,
    },
    options.rounds,
  );
};
