// Opens blobs without reading them until no file descriptor is left; prints the name of the error that ends it.
import { FileBlobStore } from '../src/index.ts';

const [, , directory = ''] = process.argv;
const store = await FileBlobStore.open({ directory });
const streams = [];
try {
  for (let count = 0; count < 1_000; count += 1) streams.push(await store.get('blob'));
} catch (error) {
  for (const stream of streams) stream.destroy();
  process.stdout.write(`${error instanceof Error ? error.name : 'no error'}\n`);
}
