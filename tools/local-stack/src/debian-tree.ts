import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ServiceFailedError } from './service-failed-error.ts';

interface Architecture {
  /** Debian's name of it. */
  readonly debian: string;
  readonly triplet: string;
  readonly loader: string;
}

const ARCHITECTURES: Readonly<Record<string, Architecture>> = {
  x64: { debian: 'amd64', triplet: 'x86_64-linux-gnu', loader: 'ld-linux-x86-64.so.2' },
  arm64: { debian: 'arm64', triplet: 'aarch64-linux-gnu', loader: 'ld-linux-aarch64.so.1' },
};

/** The processor of this machine, in Debian's words. */
export function findArchitecture(): Architecture {
  const found = ARCHITECTURES[process.arch];
  if (found !== undefined) return found;
  throw new ServiceFailedError(`Debian's packages for the tests are not known for ${process.arch}.`);
}

/**
 * Debian packages unpacked into a directory. Their programs run with the C library and the loader that lie there too,
 * so they neither need root, nor a namespace, nor touch or depend on what the machine has installed.
 */
export class DebianTree {
  readonly root: string;
  /** Directory of the libraries. */
  readonly libraries: string;
  readonly #loader: string;

  constructor(root: string) {
    const { triplet, loader } = findArchitecture();
    this.root = root;
    this.libraries = join(root, 'usr/lib', triplet);
    this.#loader = join(this.libraries, loader);
  }

  /** Path of the loader, for a program that looks for its files beside the executable and must have its own copy. */
  get loader(): string {
    return this.#loader;
  }

  has(program: string): boolean {
    return existsSync(join(this.root, program));
  }

  /** The command that runs a program, such as `usr/bin/radosgw`. */
  command(program: string, options: { readonly loader?: string } = {}): string[] {
    const { loader = this.#loader } = options;
    const path = join(this.root, program);
    return [loader, '--argv0', basename(program), '--library-path', this.#libraryPath(), path];
  }

  // Some packages keep private libraries one level below and would find them by a path that starts at the real root.
  #libraryPath(): string {
    const below = readdirSync(this.libraries, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && ['ceph', 'nss', 'pulseaudio'].includes(entry.name))
      .map((entry) => join(this.libraries, entry.name));
    return [this.libraries, ...below].join(':');
  }
}
