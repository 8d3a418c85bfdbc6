import { decodeCursor, encodeCursor } from '../http/page-cursor.ts';
import { currentPrincipal } from '../http/principal.ts';
import { route, type Route } from '../http/route.ts';
import type { ListCursor, ListObjects } from './list-objects.ts';
import {
  listObjectsParams,
  listObjectsQuery,
  nameCursor,
  objectPageResponse,
  timeCursor,
  toObjectPageResponse,
} from './object-schemas.ts';

export function objectListRoutes(listObjects: ListObjects): readonly Route[] {
  return [
    route({
      method: 'get',
      path: '/v1/buckets/:bucket/objects',
      operationId: 'listObjects',
      tag: 'objects',
      summary: 'List objects',
      description:
        'By name, in byte order of the UTF-8 keys, or by time of change. With a delimiter, keys that share the part up to it are answered once, in `prefixes`.',
      access: 'read',
      request: { params: listObjectsParams, query: listObjectsQuery },
      responses: {
        200: { description: 'A page. Send `nextCursor` as `cursor` for the next one.', body: objectPageResponse },
      },
      problems: ['bucket-not-found'],
      handle: async ({ params, query }, { res }) => {
        const { cursor: sent, delimiter, ...rest } = query;
        const cursor = sent === undefined ? undefined : decodeListCursor(sent, query.order);
        const page = await listObjects.list(currentPrincipal(res), {
          ...rest,
          bucketName: params.bucket,
          delimiter,
          cursor,
        });
        res.json({ ...toObjectPageResponse(page), ...(page.next && { nextCursor: encodeCursor(page.next) }) });
      },
    }),
  ];
}

function decodeListCursor(sent: string, order: 'name' | 'newest' | 'oldest'): ListCursor {
  return order === 'name' ? decodeCursor(sent, nameCursor) : decodeCursor(sent, timeCursor);
}
