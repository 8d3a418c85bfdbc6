import type { ValueCodec } from '@stowage/cache';
import type { StoredObject } from './stored-object.ts';

/** An object as it is kept in the cache: JSON, with its date made one again. */
export const objectCodec: ValueCodec<StoredObject> = {
  encode: (object) => JSON.stringify(object),
  decode: (text) => {
    const object = JSON.parse(text) as StoredObject;
    return { ...object, modifiedAt: new Date(object.modifiedAt) };
  },
};
