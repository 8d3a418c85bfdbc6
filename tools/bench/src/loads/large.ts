import { httpSide, type Load } from '../bench.ts';
import { measurePair } from '../pair.ts';

const RANGE_BYTES = 64 * 1024;

/** 8 MiB as a whole, and 64 KiB from its middle. */
export const large: Load = async ({ account, bucket, api, httpFloor, fileContent, options }) => {
  await account.putObject(bucket, 'large.bin', fileContent);
  const path = `/v1/buckets/${bucket}/objects/large.bin`;
  const middle = fileContent.length / 2;
  const rangeContent = fileContent.subarray(middle, middle + RANGE_BYTES);
  const range = `Range: bytes=${middle}-${middle + RANGE_BYTES - 1}\r\n`;
  const whole = await measurePair(
    {
      work: '8 MiB download',
      floor: httpSide(httpFloor, () => ({ method: 'GET', path: '/file', content: fileContent })),
      subject: httpSide(api, () => ({ method: 'GET', path, headers: account.authorization, content: fileContent })),
      unit: 'megabytes',
      least: 0.85,
    },
    options.rounds,
  );
  const part = await measurePair(
    {
      work: '64 KiB range of 8 MiB',
      floor: httpSide(httpFloor, () => ({ method: 'GET', path: '/range', content: rangeContent })),
      subject: httpSide(api, () => ({
        ...{ method: 'GET' as const, path, headers: account.authorization + range, content: rangeContent },
        statuses: [206],
      })),
      unit: 'megabytes',
      least: 0.85,
    },
    options.rounds,
  );
  return [...whole, ...part];
};
