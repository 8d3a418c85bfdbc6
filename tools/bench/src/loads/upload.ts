import { randomBytes } from 'node:crypto';
import { httpSide, type Load } from '../bench.ts';
import { measurePair } from '../pair.ts';

/** 10 KiB of a new object, durable when it is answered. */
export const upload: Load = async ({ account, bucket, api, httpFloor, options }) => {
  const body = randomBytes(10 * 1024);
  const headers = account.authorization;
  let stored = 0;
  const rows = await measurePair(
    {
      work: '10 KiB upload',
      floor: httpSide(httpFloor, () => ({ method: 'PUT', path: `/${String(stored)}`, body, statuses: [201] })),
      subject: httpSide(api, () => {
        stored += 1;
        return { method: 'PUT', path: `/v1/buckets/${bucket}/objects/up/${stored}`, headers, body, statuses: [201] };
      }),
      unit: 'requests',
      least: 0.4,
    },
    options.rounds,
  );
  for (const key of [1, Math.ceil(stored / 2), stored]) {
    const content = await account.get(`/v1/buckets/${bucket}/objects/up/${key}`);
    if (!content.equals(body)) throw new Error(`Object ${key} is not what was uploaded`);
  }
  return rows;
};
