import { parseWriteCondition, toEtag } from '../http/conditional-request.ts';
import { currentPrincipal } from '../http/principal.ts';
import { route, type Route } from '../http/route.ts';
import { toIncomingObject } from './incoming-object.ts';
import {
  contentHeaders,
  rangeHeaders,
  readHeaders,
  redirectHeaders,
  validatorHeaders,
  writeHeaders,
} from './object-header-docs.ts';
import type { ObjectReader } from './object-reader.ts';
import {
  changeObjectRequest,
  objectParams,
  objectQuery,
  objectResponse,
  publicObjectParams,
  toObjectResponse,
} from './object-schemas.ts';
import type { ObjectService } from './object-service.ts';
import type { PutObject } from './put-object.ts';
import type { SendObject } from './send-object.ts';

const tag = 'objects';
const path = '/v1/buckets/:bucket/objects/*key';

const writeProblems = [
  'bucket-not-found',
  'bucket-forbidden',
  'precondition-failed',
  'object-too-large',
  'content-type-not-allowed',
  'unsupported-media-type',
  'digest-mismatch',
  'size-mismatch',
  'upload-too-slow',
  'upload-expired',
] as const;

export interface ObjectUseCases {
  readonly service: ObjectService;
  readonly reader: ObjectReader;
  readonly putObject: PutObject;
  readonly sendObject: SendObject;
}

export function objectRoutes(useCases: ObjectUseCases): readonly Route[] {
  return [
    putObject(useCases),
    getObject(useCases),
    changeObject(useCases),
    deleteObject(useCases),
    getPublicObject(useCases),
  ];
}

function putObject({ putObject: useCase }: ObjectUseCases): Route {
  return route({
    method: 'put',
    path,
    operationId: 'putObject',
    tag,
    summary: 'Store an object',
    description:
      "The body is the content. An existing object gets a new version; the old one is kept for the bucket's retention days.",
    access: 'write',
    request: { params: objectParams, body: 'bytes' },
    requestHeaders: writeHeaders,
    responses: {
      200: {
        description: 'A new version of an existing object.',
        body: objectResponse,
        headers: { ETag: 'The version.' },
      },
      201: {
        description: 'A new object.',
        body: objectResponse,
        headers: { ETag: 'The version.', Location: 'Path of the object.' },
      },
    },
    problems: writeProblems,
    handle: async ({ params }, exchange) => {
      const { req, res } = exchange;
      const incoming = toIncomingObject(params, exchange);
      const { object, created } = await useCase.put(currentPrincipal(res), incoming);
      res.status(created ? 201 : 200).setHeader('ETag', toEtag(object.versionId));
      if (created) res.location(req.path);
      res.json(toObjectResponse(object));
    },
  });
}

function getObject({ reader, sendObject }: ObjectUseCases): Route {
  return route({
    method: 'get',
    path,
    operationId: 'getObject',
    tag,
    summary: 'Read an object',
    description: 'HEAD answers the same headers without the content.',
    access: 'read',
    request: { params: objectParams, query: objectQuery },
    requestHeaders: readHeaders,
    responses: {
      200: { description: 'The content.', body: 'bytes', headers: contentHeaders },
      206: {
        description: 'The ranges asked for; several as multipart/byteranges.',
        body: 'bytes',
        headers: rangeHeaders,
      },
      304: { description: 'Not modified.', headers: validatorHeaders },
      307: {
        description: 'The content is elsewhere. Only where the installation is set up so.',
        headers: redirectHeaders,
      },
    },
    problems: ['bucket-not-found', 'object-not-found', 'precondition-failed', 'range-not-satisfiable'],
    handle: async ({ params, query }, exchange) => {
      const principal = currentPrincipal(exchange.res);
      const object =
        query.versionId === undefined
          ? await reader.getObject(principal, params.bucket, params.key)
          : await reader.getVersion(principal, params.bucket, { key: params.key, versionId: query.versionId });
      await sendObject.send(object, exchange, 'private');
    },
  });
}

function changeObject({ service }: ObjectUseCases): Route {
  return route({
    method: 'patch',
    path,
    operationId: 'changeObject',
    tag,
    summary: "Change an object's type, disposition, cache control or metadata",
    description:
      'Makes a new version with the same content. `null` takes an attribute away; `metadata` is replaced as a whole.',
    access: 'write',
    request: { params: objectParams, body: changeObjectRequest },
    requestHeaders: { 'If-Match': 'Change only these versions.' },
    responses: { 200: { description: 'The new version.', body: objectResponse, headers: { ETag: 'The version.' } } },
    problems: [
      'bucket-not-found',
      'bucket-forbidden',
      'object-not-found',
      'precondition-failed',
      'content-type-not-allowed',
    ],
    handle: async ({ params, body }, { req, res }) => {
      const target = { bucketName: params.bucket, key: params.key, condition: parseWriteCondition(req.headers) };
      const { object } = await service.changeAttributes(currentPrincipal(res), target, body);
      res.setHeader('ETag', toEtag(object.versionId));
      res.json(toObjectResponse(object));
    },
  });
}

function deleteObject({ service }: ObjectUseCases): Route {
  return route({
    method: 'delete',
    path,
    operationId: 'deleteObject',
    tag,
    summary: 'Delete an object',
    description: "It is kept in the trash for the bucket's retention days. Deleting what does not exist is no error.",
    access: 'write',
    request: { params: objectParams },
    requestHeaders: { 'If-Match': 'Delete only these versions.' },
    responses: { 204: { description: 'There is no such object any more.' } },
    problems: ['bucket-not-found', 'bucket-forbidden', 'precondition-failed'],
    handle: async ({ params }, { req, res }) => {
      const target = { bucketName: params.bucket, key: params.key, condition: parseWriteCondition(req.headers) };
      await service.deleteObject(currentPrincipal(res), target);
      res.status(204).end();
    },
  });
}

function getPublicObject({ reader, sendObject }: ObjectUseCases): Route {
  return route({
    method: 'get',
    path: '/v1/public/:accountId/:bucket/*key',
    operationId: 'getPublicObject',
    tag,
    summary: 'Read an object of a bucket with publicRead',
    access: 'anonymous',
    request: { params: publicObjectParams },
    requestHeaders: readHeaders,
    responses: {
      200: { description: 'The content.', body: 'bytes', headers: contentHeaders },
      206: { description: 'The ranges asked for.', body: 'bytes', headers: rangeHeaders },
      304: { description: 'Not modified.', headers: validatorHeaders },
      307: { description: 'The content is elsewhere.', headers: redirectHeaders },
    },
    problems: ['object-not-found', 'precondition-failed', 'range-not-satisfiable'],
    handle: async ({ params }, exchange) => {
      const object = await reader.getPublicObject(params.accountId, params.bucket, params.key);
      await sendObject.send(object, exchange, 'public');
    },
  });
}
