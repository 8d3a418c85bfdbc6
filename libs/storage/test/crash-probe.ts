// Puts a blob whose body never ends; prints a line once the store has taken its first bytes. To be killed.
import { FileBlobStore } from '../src/index.ts';

const [, , directory = ''] = process.argv;
const store = await FileBlobStore.open({ directory });

async function* endlessBody(): AsyncGenerator<Uint8Array> {
  for (let written = 0; written < 4; written += 1) yield Buffer.alloc(1024 ** 2, written);
  process.stdout.write('writing\n');
  await new Promise((resolve) => setTimeout(resolve, 3_600_000));
}

await store.put('crashed', endlessBody());
