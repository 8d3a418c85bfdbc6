import { decodeCursor, encodeCursor } from '../http/page-cursor.ts';
import { currentPrincipal } from '../http/principal.ts';
import { route, type Route } from '../http/route.ts';
import {
  bucketPageCursor,
  bucketPageResponse,
  bucketParams,
  bucketResponse,
  changeBucketRequest,
  createBucketRequest,
  deleteBucketQuery,
  grantListResponse,
  grantParams,
  listBucketsQuery,
  putGrantRequest,
  toBucketResponse,
  toGrantListResponse,
} from './bucket-schemas.ts';
import type { BucketService } from './bucket-service.ts';

const tag = 'buckets';

export function bucketRoutes(service: BucketService): readonly Route[] {
  return [
    createBucket(service),
    listBuckets(service),
    getBucket(service),
    changeBucket(service),
    deleteBucket(service),
    listGrants(service),
    putGrant(service),
    deleteGrant(service),
  ];
}

function createBucket(service: BucketService): Route {
  return route({
    method: 'post',
    path: '/v1/buckets',
    operationId: 'createBucket',
    tag,
    summary: 'Create a bucket',
    description: 'For owners and admins of the account.',
    access: 'admin',
    idempotent: true,
    request: { body: createBucketRequest },
    responses: { 201: { description: 'Created.', body: bucketResponse, headers: { Location: 'Path of the bucket.' } } },
    problems: ['bucket-name-taken', 'user-forbidden', 'bucket-not-found'],
    handle: async ({ body }, { res }) => {
      const bucket = await service.createBucket(currentPrincipal(res), body);
      res.status(201).location(`/v1/buckets/${bucket.name}`).json(toBucketResponse(bucket));
    },
  });
}

function listBuckets(service: BucketService): Route {
  return route({
    method: 'get',
    path: '/v1/buckets',
    operationId: 'listBuckets',
    tag,
    summary: 'List the buckets you may see, by name',
    access: 'read',
    request: { query: listBucketsQuery },
    responses: { 200: { description: 'A page.', body: bucketPageResponse } },
    problems: [],
    handle: async ({ query }, { res }) => {
      const { afterName } =
        query.cursor === undefined ? { afterName: '' } : decodeCursor(query.cursor, bucketPageCursor);
      const buckets = await service.listBuckets(currentPrincipal(res), { afterName, limit: query.limit + 1 });
      const items = buckets.slice(0, query.limit);
      const last = items.at(-1);
      res.json({
        items: items.map(toBucketResponse),
        ...(buckets.length > items.length && last && { nextCursor: encodeCursor({ afterName: last.name }) }),
      });
    },
  });
}

function getBucket(service: BucketService): Route {
  return route({
    method: 'get',
    path: '/v1/buckets/:bucket',
    operationId: 'getBucket',
    tag,
    summary: 'Read a bucket',
    access: 'read',
    request: { params: bucketParams },
    responses: { 200: { description: 'The bucket.', body: bucketResponse } },
    problems: ['bucket-not-found'],
    handle: async ({ params }, { res }) => {
      res.json(toBucketResponse(await service.getBucket(currentPrincipal(res), params.bucket)));
    },
  });
}

function changeBucket(service: BucketService): Route {
  return route({
    method: 'patch',
    path: '/v1/buckets/:bucket',
    operationId: 'changeBucket',
    tag,
    summary: "Change a bucket's name or limits",
    description: 'New limits hold for what is stored from now on. `null` takes a limit away.',
    access: 'admin',
    request: { params: bucketParams, body: changeBucketRequest },
    responses: { 200: { description: 'The changed bucket.', body: bucketResponse } },
    problems: ['bucket-not-found', 'bucket-forbidden', 'bucket-name-taken'],
    handle: async ({ params, body }, { res }) => {
      const { maxObjectBytes, contentTypes, ...rest } = body;
      const change = {
        ...rest,
        ...(maxObjectBytes !== undefined && { maxObjectBytes: maxObjectBytes ?? undefined }),
        ...(contentTypes !== undefined && { contentTypes: contentTypes ?? undefined }),
      };
      res.json(toBucketResponse(await service.changeBucket(currentPrincipal(res), params.bucket, change)));
    },
  });
}

function deleteBucket(service: BucketService): Route {
  return route({
    method: 'delete',
    path: '/v1/buckets/:bucket',
    operationId: 'deleteBucket',
    tag,
    summary: 'Delete a bucket',
    description: 'An empty one, or with `force=true` one with all its objects. For owners and admins of the account.',
    access: 'admin',
    request: { params: bucketParams, query: deleteBucketQuery },
    responses: { 204: { description: 'Deleted.' } },
    problems: ['bucket-not-found', 'bucket-forbidden', 'bucket-not-empty', 'user-forbidden'],
    handle: async ({ params, query }, { res }) => {
      await service.deleteBucket(currentPrincipal(res), params.bucket, query);
      res.status(204).end();
    },
  });
}

function listGrants(service: BucketService): Route {
  return route({
    method: 'get',
    path: '/v1/buckets/:bucket/grants',
    operationId: 'listGrants',
    tag,
    summary: 'List who has a grant in a bucket',
    access: 'admin',
    request: { params: bucketParams },
    responses: { 200: { description: 'All grants, at most 500.', body: grantListResponse } },
    problems: ['bucket-not-found', 'bucket-forbidden'],
    handle: async ({ params }, { res }) => {
      res.json(toGrantListResponse(await service.getBucket(currentPrincipal(res), params.bucket, 'manager')));
    },
  });
}

function putGrant(service: BucketService): Route {
  return route({
    method: 'put',
    path: '/v1/buckets/:bucket/grants/:userId',
    operationId: 'putGrant',
    tag,
    summary: 'Give a user a role in a bucket',
    access: 'admin',
    request: { params: grantParams, body: putGrantRequest },
    responses: { 204: { description: 'Given.' } },
    problems: ['bucket-not-found', 'bucket-forbidden', 'user-not-found', 'too-many-grants'],
    handle: async ({ params, body }, { res }) => {
      await service.putGrant(currentPrincipal(res), params.bucket, { userId: params.userId, role: body.role });
      res.status(204).end();
    },
  });
}

function deleteGrant(service: BucketService): Route {
  return route({
    method: 'delete',
    path: '/v1/buckets/:bucket/grants/:userId',
    operationId: 'deleteGrant',
    tag,
    summary: "Take a user's role in a bucket away",
    access: 'admin',
    request: { params: grantParams },
    responses: { 204: { description: 'Taken away.' } },
    problems: ['bucket-not-found', 'bucket-forbidden', 'grant-not-found'],
    handle: async ({ params }, { res }) => {
      await service.deleteGrant(currentPrincipal(res), params.bucket, params.userId);
      res.status(204).end();
    },
  });
}
